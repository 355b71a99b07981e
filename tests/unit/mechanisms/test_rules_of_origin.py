"""Rules of origin: who complies and what it costs against sums done by hand; levers; the table and its mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from footloose.errors import DataError, ScenarioError
from footloose.geography import load_geography
from footloose.history import agreements as table
from footloose.history.tables import parse_table
from footloose.mechanisms import rules_of_origin
from footloose.origin import terms_of
from footloose.scenario import load

CARS = "transport_equipment"
ALONE = {"agreements": ["usmca"]}


def parts_from(world: Any, group: str) -> Any:
    """Return sources of parts in which every site takes all it needs, evenly, from one group of sites."""
    sites = len(world.setting.geography.sites)
    origin = np.zeros((len(world.setting.geography.sectors), sites, sites))
    members = list(world.setting.geography.sites_in(group))
    origin[:, :, members] = 1.0 / len(members)
    return origin


@pytest.fixture(scope="module")
def cars(world_of: Callable[..., Any]) -> Callable[..., Any]:
    """Return what is reported of Mexican cars in the United States, all their parts from one group of sites."""

    def made(year: int, group: str, **params: Any) -> dict[str, float]:
        given, world = world_of("rules_of_origin", year)
        state = {"input_origin": parts_from(world, group)}
        given, world = world_of("rules_of_origin", year, params={**ALONE, **params}, state=state)
        geography = world.setting.geography
        place = geography.market("united_states"), geography.sector(CARS), geography.site("mexico")
        reported = {name.split("_")[-1]: values[place] for name, values in rules_of_origin.report(given, world).items()}
        terms = terms_of(given, world)
        reported["gap"] = rules_of_origin.missing(given, world, terms, np.zeros(world.setting.base.use.shape))[place]
        return reported

    return made


def test_who_complies_by_hand(cars: Callable[..., Any]) -> None:
    """Parts are 59.4 % of a car. From China: content 40.6 %, 75 % are asked. Gap 0.1 ln(1 + exp(3.44)) = 34.72 points,
    effort 2 % + 0.5 x 34.72 % = 19.36 %, spared ln 1.029 = 2.86 %: a share 1 / (1 + exp(1.650)) = 16.1 % complies."""
    seen = cars(2024, "china")
    assert seen["content"] == pytest.approx(40.6, abs=0.1)
    assert seen["gap"] == pytest.approx(0.3472, abs=2e-3)
    assert seen["complying"] == pytest.approx(16.1, abs=0.2)
    assert seen["complying"] + seen["paying"] == pytest.approx(100.0)
    assert seen["returning"] == 0.0


def test_who_complies_when_all_parts_are_regional(cars: Callable[..., Any]) -> None:
    """Content 100 %: gap 0.1 ln(1 + exp(-2.5)) = 0.789 points, effort 2.39 %, spared 2.86 %: 1 / (1 + exp(-0.0464))."""
    seen = cars(2024, "united_states")
    assert seen["content"] == pytest.approx(100.0)
    assert seen["complying"] == pytest.approx(51.2, abs=0.1)
    assert seen["returning"] == pytest.approx(59.4, abs=0.1)


def test_the_new_agreement_asks_for_more(cars: Callable[..., Any]) -> None:
    """62.5 % under NAFTA, 75 % from July 2023: fewer comply; a duty without origin of 25 points in 2025: more do."""
    shares = {year: cars(year, "united_states")["complying"] for year in (2019, 2021, 2024, 2025)}
    assert shares[2019] > shares[2021] > shares[2024]
    assert shares[2025] > 80.0


def test_cumulation_counts_third_members(cars: Callable[..., Any]) -> None:
    """Canadian parts count in a Mexican car; without cumulation only Mexico's and the United States' do."""
    assert cars(2024, "canada")["content"] == pytest.approx(100.0)
    assert cars(2024, "canada", cumulation=0.0)["content"] == pytest.approx(40.6, abs=0.1)
    assert cars(2024, "united_states", cumulation=0.0)["content"] == pytest.approx(100.0)


def test_line_and_duty_of_an_ended_agreement(world_of: Callable[..., Any]) -> None:
    """Whoever complied in 2010 pays the ordinary rate now, 2.9 % on cars: the duty rises by that share of it."""
    given, world = world_of("rules_of_origin", 2019, params={**ALONE, "ended": {"usmca": 2015}})
    geography = world.setting.geography
    place = geography.market("united_states"), geography.sector(CARS), geography.site("mexico")
    used = world.state["rules_of_origin_base_share"][place]
    assert 0.3 < used < 0.7
    assert rules_of_origin.duty(given, world)[place] == pytest.approx(0.029 * used, rel=1e-12)
    schedule = float(world.series("mfn_tariff")[place[0], place[2], place[1]])
    extra = float(world.setting.law.tariffs.now[world.index][place] * world.series("collection_ratio")[place[0]])
    rate = (schedule + extra) / 100.0
    line = rules_of_origin.cost(given, world).now[place[0], place[1], 0, place[2]]
    assert line == pytest.approx(np.log1p(0.029 * used / (1.0 + rate)), rel=1e-9)


def test_suppliers_follow_the_rule_and_stay_when_it_goes(world_of: Callable[..., Any]) -> None:
    """moved' = moved + 0.2 x (sigma g - that of 2010); a rule that asks for nothing moves nobody back."""
    strict = {**ALONE, "required": {"usmca": {CARS: 95.0}}}
    given, world = world_of("rules_of_origin", 2022, params=strict)
    geography = world.setting.geography
    place = geography.market("united_states"), geography.sector(CARS), geography.site("mexico")
    moved = rules_of_origin.advance(given, world)["rules_of_origin_moved"]
    seen = rules_of_origin.report(given, world)["rules_of_origin_complying"][place] / 100.0
    gap = rules_of_origin.missing(given, world, terms_of(given, world), np.zeros_like(moved))[place]
    base = world.state["rules_of_origin_base_pull"][place]
    assert moved[place] == pytest.approx(0.2 * (seen * gap - base), rel=1e-12)
    assert moved[place] > 0.0
    loose, later = world_of("rules_of_origin", 2022, params={**ALONE, "required": {"usmca": {"all": 0.0}}})
    state = {**later.state, "rules_of_origin_moved": moved}
    after = world_of("rules_of_origin", 2022, params=loose.model_dump(), state=state)
    np.testing.assert_array_equal(rules_of_origin.advance(*after)["rules_of_origin_moved"], moved)


def test_deepening_by_hand(world_of: Callable[..., Any]) -> None:
    """Half of 5 % removed: 2.5 % off a Vietnamese good in China, and 2.5 % off its parts from other members."""
    given, world = world_of("rules_of_origin", 2031)
    state = {"input_origin": parts_from(world, "china")}
    given, world = world_of("rules_of_origin", 2031, params={"deepening": {"rcep": 50.0}}, state=state)
    geography = world.setting.geography
    eased = rules_of_origin.deepened(given, world, terms_of(given, world), expected=False)
    sector, site = geography.sector("electronics"), geography.site("vietnam")
    parts = 0.025 * 0.43151
    row = eased[:, sector, 0, site]
    expected = [0.025 + parts if market == "china" else parts for market in geography.markets]
    np.testing.assert_allclose(row, expected, atol=1e-6)
    assert (eased[:, :, 0, list(geography.sites_in("mexico"))] == 0.0).all()
    # Chinese plants take no parts across a border here, and pay none in China; they gain nothing.
    assert (eased[:, :, 0, geography.site("greater_bay")] == 0.0).all()


def test_a_pact_replaces_what_was_between_its_members(world_of: Callable[..., Any]) -> None:
    pact = {"friends": {"members": ["united_states", "mexico", "vietnam"], "from": 2028, "required_content": 70.0}}
    for year, holds in ((2027, False), (2028, True)):
        given, world = world_of("rules_of_origin", year, params={"pacts": pact, "waived": {"friends": 100.0}})
        geography = world.setting.geography
        market, terms = geography.market("united_states"), terms_of(given, world)
        vietnam, mexico = geography.site("vietnam"), geography.site("mexico")
        assert terms.agreement[market, vietnam] == (5 if holds else -1)
        assert terms.required[market, 0, mexico] == pytest.approx(0.7 if holds else 0.6)
        relieved = rules_of_origin.duty(given, world)[market, :12, vietnam]
        assert (relieved < 0.0).all() if holds else (relieved == 0.0).all()


def test_base_year_and_shapes(world_of: Callable[..., Any]) -> None:
    given, world = world_of("rules_of_origin", 2010)
    assert rules_of_origin.duty(given, world) == pytest.approx(0.0, abs=1e-15)
    sizes = dict(zip(("market", "sector", "origin", "site"), world.setting.shape, strict=True))
    for name, reported in rules_of_origin.report(given, world).items():
        assert reported.shape == tuple(sizes[axis] for axis in rules_of_origin.REPORTS[name].axes)
        assert (reported >= 0.0).all()
        assert (reported <= 100.0 + 1e-9).all()


def test_with_no_agreement_it_is_as_good_as_off(assert_idle: Callable[..., None]) -> None:
    assert_idle("rules_of_origin", "mechanisms.rules_of_origin.agreements=[]")


ENDED = ("mechanisms.rules_of_origin.ended.usmca=2012",)
ON = ("mechanisms.rules_of_origin=on",)
PLACE = ("united_states", CARS, "mexico")


def test_the_end_of_an_agreement_costs_its_members_orders(ordered: Callable[..., Any]) -> None:
    """Documents 001 and 004: Mexico lives on its access; a laxer rule or a duty spared works the other way."""
    duty = (
        "policies.d.kind=tariff",
        "policies.d.market=united_states",
        "policies.d.sites=mexico",
        "policies.d.rate=25",
    )
    taxed = (*duty, "policies.d.from=2011", "policies.d.believed=permanent")
    assert ordered(*ENDED)(*PLACE) < ordered(*ON)(*PLACE)
    spared = ordered(*taxed, "mechanisms.rules_of_origin.waived.usmca=100")(*PLACE)
    assert spared > ordered(*taxed, *ON)(*PLACE)


def test_a_stricter_rule_moves_suppliers_in_and_costs_orders(live: Callable[..., Any]) -> None:
    """Document 001: more regional content asked for, deeper regional chains."""
    content, sold = [], []
    for asked in (50, 90):
        rule = f"mechanisms.rules_of_origin.required.usmca.transport_equipment={{2012: {asked}}}"
        lived = live(load("baseline", overrides=["years.until=2018", rule]), firms=1_000)
        geography = lived.run.setting.geography
        place = geography.market("united_states"), geography.sector(CARS), geography.site("mexico")
        content.append(lived.tables["rules_of_origin_content"][-1][place])
        sold.append(lived.tables["rules_of_origin_complying"][-1][place])
    assert content[1] > content[0]
    assert sold[1] < sold[0]


def test_deeper_integration_takes_orders_into_the_bloc(ordered: Callable[..., Any]) -> None:
    """Documents 001 and 002: lower barriers inside, more trade inside."""
    deeper = ("mechanisms.rules_of_origin.deepening.rcep={2011: 100}",)
    base, deep = ordered(*ON), ordered(*deeper)
    for market in ("china", "european_union"):  # goods and parts; parts alone
        assert deep(market, "electronics", "asia_hosts") > base(market, "electronics", "asia_hosts")


def test_a_pact_of_friends_takes_orders_from_the_others(ordered: Callable[..., Any]) -> None:
    """Document 004: friend-shoring; a rule no good can meet takes the pact's effect away."""
    pact = "mechanisms.rules_of_origin.pacts.friends"
    friends = (f"{pact}.members=[united_states, vietnam, india]", f"{pact}.from=2011", f"{pact}.margin=100")
    place = ("united_states", "textiles")
    free, strict, none = (
        ordered(*more)
        for more in (
            (*friends, f"{pact}.required_content=30"),
            (*friends, f"{pact}.required_content=100", "mechanisms.rules_of_origin.content_cost=5"),
            ON,
        )
    )
    gain, left = (world(*place, "asia_hosts") - none(*place, "asia_hosts") for world in (free, strict))
    assert gain > 0.0
    assert abs(left) < 0.01 * gain
    assert free(*place, "china") < none(*place, "china")


@pytest.mark.parametrize(
    "override, says",
    [
        ("mechanisms.rules_of_origin.ended.usmka=2027", "did you mean 'usmca'"),
        ("mechanisms.rules_of_origin.agreements=[rcpe]", "did you mean 'rcep'"),
        ("mechanisms.rules_of_origin.required.usmca.transport=80", "did you mean 'transport_equipment'"),
        ("mechanisms.rules_of_origin.deepening.rcep=120", "0 to 100"),
    ],
)
def test_mistakes_are_refused_with_the_nearest_name(override: str, says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        load("baseline", overrides=[override])


def test_the_table_says_what_the_law_says() -> None:
    geography = load_geography()
    loaded = table.load_agreements((2010, 2019, 2024), geography.markets, geography.sites, geography.sectors)
    cars, mexico = geography.sector(CARS), geography.site("mexico")
    usmca, rcep = (loaded.names.index(name) for name in ("usmca", "rcep"))
    np.testing.assert_allclose(loaded.required[:, usmca, cars], [0.625, 0.625, 0.75])
    np.testing.assert_array_equal(loaded.member[:, usmca, mexico], [1, 1, 1])
    np.testing.assert_array_equal(loaded.member[:, rcep, geography.site("advanced_asia")], [0, 0, 1])
    np.testing.assert_allclose(loaded.applied[:, 0, cars], 0.029)


@pytest.mark.parametrize(
    "row, says",
    [
        ("usmca,member,1,mexiko,,1994-01-01,1,x,B", "mexiko.*mexico"),
        ("usmca,member,1,mexico,,1994,1,x,B", "not a date"),
        ("usmca,membership,1,mexico,,1994-01-01,1,x,B", "membership.*member"),
        ("usmca,member,1,mexico,,1994-01-01,1,x,B", "required_content"),
    ],
)
def test_a_bad_table_is_refused(row: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = table.read_table
    lines = parse_table("agreements.csv", ",".join(table.COLUMNS) + "\n" + row, table.COLUMNS)
    monkeypatch.setattr(
        table, "read_table", lambda name, *rest: lines if name == "agreements.csv" else real(name, *rest)
    )
    table.agreement_names.cache_clear()
    try:
        with pytest.raises(DataError, match=says):
            table.load_agreements((2010, 2011), ("united_states",), ("mexico", "us_south"), ("textiles",))
    finally:
        monkeypatch.undo()
        table.agreement_names.cache_clear()
