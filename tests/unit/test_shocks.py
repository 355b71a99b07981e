"""Shocks: what they strike, day by day, and what several do together."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from footloose import mechanisms
from footloose.geography import load_geography
from footloose.policies import EVENTS, as_shocks
from footloose.scenario import load
from footloose.scenario.no_effect import READERS
from footloose.shocks import AXES, NO_SHOCKS, Shocks
from footloose.simulation import set_up
from footloose.world import Setting

GEOGRAPHY = load_geography()
SIZES = {"market": GEOGRAPHY.markets, "sector": GEOGRAPHY.sectors, "site": GEOGRAPHY.sites, "source": GEOGRAPHY.sites}
QUAKE: dict[str, Any] = {"kind": "disruption", "sites": "vietnam", "from": 2030, "until": 2032, "output_lost": 40}
NEUTRAL = {"freight": 1.0, "demand": 1.0, "wage": 1.0, "exchange_rate": 1.0}


def shocks(**events: dict[str, Any]) -> Shocks:
    """Return the shocks of events as written in a file."""
    read = {name: EVENTS[data["kind"]].model_validate_json(json.dumps(data)) for name, data in events.items()}
    return as_shocks(read, GEOGRAPHY)


def reached(kind: str, *places: list[str] | None) -> np.ndarray:
    """Return 1 at the named places of a kind's axes (None: everywhere)."""
    table = np.zeros(tuple(len(SIZES[axis]) for axis in AXES[kind]))
    chosen = [
        range(len(SIZES[axis])) if names is None else [SIZES[axis].index(name) for name in names]
        for axis, names in zip(AXES[kind], places, strict=True)
    ]
    table[np.ix_(*chosen)] = 1.0
    return table


def test_every_kind_has_a_table() -> None:
    assert set(EVENTS) == set(AXES)


@pytest.mark.parametrize("kind", AXES)
def test_without_shocks_nothing_changes(kind: str) -> None:
    table = getattr(NO_SHOCKS, kind)(2020)
    assert table.shape == (1,) * len(AXES[kind])
    assert (table == NEUTRAL.get(kind, 0.0)).all()


def test_disruption() -> None:
    tables = shocks(quake=QUAKE | {"sectors": ["electronics", "textiles"], "until": "2031-07-01"})
    place = reached("disruption", ["electronics", "textiles"], ["vietnam"])
    np.testing.assert_array_equal(tables.disruption(2029), 0 * place)
    np.testing.assert_array_equal(tables.disruption(2030), 0.4 * place)
    np.testing.assert_allclose(tables.disruption(2031), 0.4 * 181 / 365 * place, rtol=1e-15)
    np.testing.assert_array_equal(tables.disruption(2032), 0 * place)


def test_dated_path() -> None:
    tables = shocks(quake=QUAKE | {"from": "2030-07-01", "output_lost": {"2029": 60, "2031": 10, "2032": 5}})
    at = GEOGRAPHY.site("vietnam")
    assert tables.disruption(2029)[0, at] == 0.0, "the path has begun, the event has not"
    assert tables.disruption(2030)[0, at] == pytest.approx(0.6 * 184 / 365, rel=1e-15)
    assert tables.disruption(2031)[0, at] == pytest.approx(0.1, rel=1e-15)
    assert tables.disruption(2032)[0, at] == 0.0, "the event has ended, the path has not"


def test_leap_years_count_their_days() -> None:
    tables = shocks(w={"kind": "wage", "sites": "mexico", "from": "2028-02-29", "until": "2028-03-01", "change": 36.6})
    assert tables.wage(2028)[GEOGRAPHY.site("mexico")] == pytest.approx(1.001, rel=1e-15)


def test_losses_on_one_day_take_from_what_is_left() -> None:
    tables = shocks(one=QUAKE, two=QUAKE | {"output_lost": 50, "sites": "asia_hosts"})
    assert tables.disruption(2030)[0, GEOGRAPHY.site("vietnam")] == pytest.approx(1 - 0.6 * 0.5, rel=1e-15)
    assert tables.disruption(2030)[0, GEOGRAPHY.site("india")] == 0.5


def test_losses_on_different_days_add() -> None:
    """Half a year of 40 % and then half a year of 50 %: means of days, not products of means of years."""
    first = QUAKE | {"until": "2030-07-01"}
    tables = shocks(one=first, two=QUAKE | {"from": "2030-07-01", "output_lost": 50})
    assert tables.disruption(2030)[0, GEOGRAPHY.site("vietnam")] == pytest.approx((181 * 0.4 + 184 * 0.5) / 365)


def test_blockade_spares_the_inside() -> None:
    blockade = {"kind": "blockade", "source": "china", "sectors": "electronics", "from": 2030, "until": 2031}
    inside = list(GEOGRAPHY.groups["china"])
    outside = [site for site in GEOGRAPHY.sites if site not in inside]
    every = shocks(b=blockade | {"parts_lost": 80}).blockade(2030)
    np.testing.assert_array_equal(every, 0.8 * reached("blockade", ["electronics"], outside, inside))
    some = shocks(b=blockade | {"parts_lost": 80, "at": ["mexico", "guangxi"]}).blockade(2030)
    expected = 0.8 * reached("blockade", ["electronics"], ["mexico", "guangxi"], inside)
    expected[:, GEOGRAPHY.site("guangxi"), GEOGRAPHY.site("guangxi")] = 0.0
    np.testing.assert_array_equal(some, expected)


def test_freight_and_demand() -> None:
    tables = shocks(
        canal={
            "kind": "freight",
            "markets": "european_union",
            "sites": "asia",
            "from": 2030,
            "until": 2031,
            "rise": 150,
        },
        boom={"kind": "demand", "sectors": "textiles", "from": 2030, "change": 10},
        slump={"kind": "demand", "markets": ["china"], "from": 2030, "change": -20},
    )
    at = reached("freight", ["european_union"], list(GEOGRAPHY.groups["asia"]))
    np.testing.assert_array_equal(tables.freight(2030), 1 + 1.5 * at)
    np.testing.assert_array_equal(tables.freight(2031), 1 + 0 * at)
    grown = 1 + 0.1 * reached("demand", None, ["textiles"])
    np.testing.assert_allclose(tables.demand(2035), grown * (1 - 0.2 * reached("demand", ["china"], None)), rtol=1e-15)


def test_interest_wage_and_exchange_rate() -> None:
    tables = shocks(
        one={"kind": "interest", "from": 2030, "change": 7},
        two={"kind": "interest", "at": "europe", "from": 2030, "change": -2},
        three={"kind": "wage", "sites": "mexico", "from": 2030, "change": 25},
        four={"kind": "exchange_rate", "sites": "mexico", "from": 2030, "change": -25},
    )
    np.testing.assert_array_equal(tables.interest(2030), 7 - 2 * reached("interest", list(GEOGRAPHY.groups["europe"])))
    np.testing.assert_array_equal(tables.wage(2030), 1 + 0.25 * reached("wage", ["mexico"]))
    np.testing.assert_array_equal(tables.exchange_rate(2030), 1 - 0.25 * reached("wage", ["mexico"]))


@pytest.mark.parametrize("kind", AXES)
def test_foreseen_counts_only_what_is_foreseen(kind: str) -> None:
    where = {"disruption": "sites", "freight": "sites", "wage": "sites", "exchange_rate": "sites", "blockade": "source"}
    size = {"disruption": "output_lost", "blockade": "parts_lost", "freight": "rise"}.get(kind, "change")
    data = {"kind": kind, "from": 2030, "until": 2031, size: 10} | ({where[kind]: "vietnam"} if kind in where else {})
    both = shocks(one=data, two=data | {"foreseen": True})
    alone = shocks(two=data)
    np.testing.assert_array_equal(getattr(both, kind)(2030, foreseen=True), getattr(alone, kind)(2030))
    assert (getattr(both, kind)(2030) != getattr(alone, kind)(2030)).any()
    assert getattr(alone, kind)(2030, foreseen=True).shape == (1,) * len(AXES[kind])


LOSS = st.tuples(st.dates(date(2029, 1, 1), date(2031, 12, 30)), st.floats(0, 100), st.integers(1, 500))


@given(st.lists(LOSS, min_size=1, max_size=4))
def test_order_and_bounds(losses: list[tuple[date, float, int]]) -> None:
    """Names decide the order, not the file; the mean lies between the largest loss alone and the sum, and in 0..1."""
    events = {
        f"e{number}": QUAKE
        | {"from": first.isoformat(), "until": date.fromordinal(first.toordinal() + days).isoformat(), "output_lost": x}
        for number, (first, x, days) in enumerate(losses)
    }
    lost = shocks(**events).disruption(2030)
    np.testing.assert_array_equal(lost, shocks(**dict(reversed(list(events.items())))).disruption(2030))
    alone = np.stack([shocks(e=data).disruption(2030) for data in events.values()])
    slack = 1e-12
    assert (lost >= alone.max(axis=0) - slack).all()
    assert (lost <= np.minimum(alone.sum(axis=0), 1.0) + slack).all()


@pytest.mark.parametrize(
    "changes,words",
    [
        ({"until": None}, "until"),
        ({"until": 2030}, "is not after from"),
        ({"output_lost": 101}, "less than or equal to 100"),
        ({"output_lost": None}, "output_lost"),
        ({"sites": []}, "at least 1 item"),
        ({"foreseen": "yes"}, "valid boolean"),
        ({"size": 3}, "Extra inputs"),
    ],
)
def test_refused(changes: dict[str, Any], words: str) -> None:
    data = {key: value for key, value in (QUAKE | changes).items() if value is not None}
    with pytest.raises(ValidationError, match=words):
        shocks(quake=data)


def test_the_setting_carries_them(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(json.dumps({"extends": "baseline", "shocks": {"quake": QUAKE}}), encoding="utf-8")
    setting = set_up(load(path), (2010, 2012))
    np.testing.assert_array_equal(setting.shocks.disruption(2030), shocks(quake=QUAKE).disruption(2030))
    assert set_up(load("baseline"), (2010, 2012)).shocks == NO_SHOCKS
    assert {field.name: field.default for field in dataclasses.fields(Setting)}["shocks"] is NO_SHOCKS


def test_the_readers_of_every_kind_are_known() -> None:
    """`check` warns of a shock that nothing reads; which mechanisms read which kind is told from their sources."""
    folder = Path(mechanisms.__file__).parent
    sources = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
    for kind in AXES:
        readers = tuple(sorted(name for name, text in sources.items() if f"shocks.{kind}(" in text))
        assert READERS.get(kind, ()) == readers
