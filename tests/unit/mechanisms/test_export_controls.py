"""Export controls: parts missing cost more, substitutes learn, sales stay lost, guard rails bar expansion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from footloose.mechanisms import export_controls as controls
from footloose.record import Record

WITHOUT = "policy_record.without=[export_controls, chips_act_guard_rails]"

View = Callable[..., Any]


def control(parts: float, start: int, until: int | None = None) -> list[str]:
    """Return a control on parts for Chinese chip plants as overrides."""
    keys = {"kind": "export_control", "market": "united_states", "sites": "china", "sectors": "semiconductors"}
    keys |= {"parts_affected": str(parts), "from": str(start), "believed": "permanent"}
    keys |= {} if until is None else {"until": str(until)}
    return [f"policies.own.{key}={value}" for key, value in keys.items()]


def at(world: Any, sector: str, site: str) -> tuple[int, int]:
    geography = world.setting.geography
    return geography.sector(sector), geography.site(site)


def test_a_blocked_part_costs_what_a_worse_one_costs(view: View) -> None:
    """2025: 23 % affected, 30 % of it leaks, quality 50: log(1 + 0.43151 x 0.161 x (1 / 0.5 - 1)) = 0.067166."""
    params, world = view("export_controls", 2025)
    line = controls.cost(params, world)
    sector, site = at(world, "semiconductors", "yangtze_delta")
    assert line.now[0, sector, 0, site] == pytest.approx(0.067166, abs=1e-6)
    assert line.now[0, sector, 0, world.setting.geography.site("vietnam")] == 0.0
    assert line.now[0, world.setting.geography.sector("textiles")].max() == 0.0


def test_the_first_year_counts_its_days(view: View) -> None:
    """From 7 October 2022, 86 of 365 days of 15 %: 3.534 %."""
    _, world = view("export_controls", 2022)
    affected, _ = controls.affected_share(world)
    assert affected[at(world, "semiconductors", "guangxi")] == pytest.approx(0.15 * 86 / 365, rel=1e-12)


def test_firms_expect_substitutes_to_improve_and_the_control_perhaps_to_end(view: View) -> None:
    params, world = view("export_controls", 2025)
    line = controls.cost(params, world)
    cell = (0, *at(world, "semiconductors", "yangtze_delta")[:1], 0, at(world, "semiconductors", "yangtze_delta")[1])
    assert 0.0 < line.expected[cell] < line.now[cell]
    stuck, _ = view("export_controls", 2025, {"learning": 0.0})
    assert line.expected[cell] < controls.cost(stuck, world).expected[cell]


def test_the_expected_gap_is_the_discounted_mean_of_the_path_of_quality(view: View) -> None:
    """Two years ahead at 8 %: quality 50, then 58: (1 + 0.724138 / 1.08) / (1 + 1 / 1.08) = 0.867374."""
    params, world = view("export_controls", 2025, more=["beliefs.horizon_years=2"])
    gap = controls.expected_gap(params, world, np.full((13, 22), 0.5))
    assert gap == pytest.approx(np.full((13, 22), 0.867374), abs=1e-6)


def test_substitutes_learn_while_parts_are_blocked_and_no_longer(view: View) -> None:
    """Blocked 16.1 %, pull 16.1 / 40: 0.2 x 0.4025 of the gap from 50 to 90; nothing where nothing is blocked."""
    params, world = view("export_controls", 2025)
    learnt = controls.advance(params, world)
    assert learnt["export_controls_quality"][at(world, "semiconductors", "guangxi")] == pytest.approx(53.22)
    # Electronics: 5 % x 0.7 = 3.5 % blocked, pull 3.5 / 40: 50 + 0.2 x 0.0875 x 40.
    assert learnt["export_controls_quality"][at(world, "electronics", "guangxi")] == pytest.approx(50.7)
    assert learnt["export_controls_quality"][at(world, "semiconductors", "mexico")] == 50.0
    _, earlier = view("export_controls", 2015, state={"export_controls_quality": np.full((13, 22), 80.0)})
    assert (controls.advance(params, earlier)["export_controls_quality"] == 80.0).all()


def test_what_was_lost_is_lost_in_part_for_good(view: View) -> None:
    """After a control on 23 % of parts, quality 50, sigma 4: 0.23 x 0.0625 / 1.0625 = 0.0135294 stays lost."""
    state = {"export_controls_peak": np.full((13, 22), 0.23)}
    params, world = view("export_controls", 2025, state=state, more=[WITHOUT])
    lost = controls.lost_share(params, world, np.zeros((13, 22)))
    assert lost == pytest.approx(np.full((13, 22), 0.0135294), abs=1e-7)
    sales = controls.report(params, world)["export_controls_lost_sales"]
    sector, site = at(world, "semiconductors", "yangtze_delta")
    made = world.activity.output[sector, site]
    assert sales[sector, site] == pytest.approx(0.0135294 * 0.43151 * made, rel=1e-5)


def test_parts_newly_blocked_stop_lines_for_a_year(view: View) -> None:
    """16.1 % blocked after 14 %: 0.3 x 0.021 of output; nothing once plants have got used to it."""
    blocked = np.full((13, 22), 0.14)
    params, world = view("export_controls", 2025, state={"export_controls_blocked": blocked})
    assert controls.outage(params, world)[at(world, "semiconductors", "guangxi")] == pytest.approx(0.0063)
    settled = controls.advance(params, world)
    params, world = view("export_controls", 2025, state=settled)
    assert controls.outage(params, world).max() == 0.0


def test_guard_rails_bar_owners_from_elsewhere(view: View) -> None:
    """The record bars 10 % in 2024, chips alone; 25 points more from 2027 leave 65 %."""
    params, world = view("export_controls", 2024)
    allowed = controls.permission(params, world)
    geography = world.setting.geography
    sector, site = at(world, "semiconductors", "chengdu_chongqing")
    assert allowed[0, sector, geography.origin("united_states"), site] == pytest.approx(0.9)
    assert allowed[0, sector, geography.origin("china"), site] == 1.0
    assert allowed[0, geography.sector("electronics")].min() == 1.0
    more, later = view("export_controls", 2028, {"guard_rails": {"china": {"semiconductors": {"2027": 25.0}}}})
    assert controls.permission(more, later)[0, sector, geography.origin("korea"), site] == pytest.approx(0.65)


def test_a_control_of_the_scenario_adds_to_the_record(view: View) -> None:
    _, world = view("export_controls", 2028, more=control(20, 2027))
    affected, _ = controls.affected_share(world)
    assert affected[at(world, "semiconductors", "guangxi")] == pytest.approx(0.43)
    assert affected[at(world, "semiconductors", "us_south")] == 0.0


def test_base_year_is_neutral(view: View, neutral_base_year: Callable[..., None]) -> None:
    params, world = view("export_controls", 2010)
    neutral_base_year(controls, params, world)
    assert controls.cost(params, world).now.max() == 0.0


def test_without_controls_the_mechanism_changes_no_byte(same_bytes: Callable[..., None]) -> None:
    same_bytes("export_controls", [], [WITHOUT])


def share_of_chips(record: Record) -> Any:
    """Return China's share of the world's chips in the last two years; (replicate,)."""
    geography = record.geography
    made = record.tables["sales"][:, -2:, :, geography.sector("semiconductors")].sum(axis=(1, 2, 3))
    return made[:, list(geography.sites_in("china"))].sum(axis=1) / made.sum(axis=1)


ON = ["mechanisms.export_controls=on", "mechanisms.export_controls.leakage=0", WITHOUT]


def test_blocking_parts_lowers_the_targets_output(twin_gap: Callable[..., tuple[float, float]]) -> None:
    change, chance = twin_gap([*ON, *control(60, 2013)], ON, share_of_chips)
    assert change < -chance


def test_substitutes_bring_part_of_it_back(twin_gap: Callable[..., tuple[float, float]]) -> None:
    """The same control with quick learning costs the target less than with none."""
    blocked = [*ON, *control(60, 2013)]
    learning, none = (f"mechanisms.export_controls.learning={rate}" for rate in (0.4, 0))
    change, chance = twin_gap([*blocked, learning], [*blocked, none], share_of_chips)
    assert change > chance


def lost_after_the_end(record: Record) -> Any:
    """Return the sales lost in the last year, when nothing is blocked any more; (replicate,)."""
    assert (record.tables["export_controls_blocked"][:, -1] == 0.0).all()
    return record.tables["export_controls_lost_sales"][:, -1].sum(axis=(1, 2))


def test_sales_stay_lost_when_the_control_ends(twin_gap: Callable[..., tuple[float, float]]) -> None:
    """Five years on, parts arrive again, and the controlling country still sells less than had it never begun."""
    change, chance = twin_gap([*ON, *control(60, 2013, 2016)], ON, lost_after_the_end)
    assert change > chance
