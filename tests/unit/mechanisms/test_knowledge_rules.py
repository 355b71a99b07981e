"""Knowledge rules: research stays away where knowledge leaks and data are held; assembly hardly cares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from footloose.mechanisms import knowledge_rules as rules

View = Callable[..., Any]
Move = Callable[..., tuple[float, float]]

NEUTRAL = ["mechanisms.knowledge_rules.ip_cost=0", "mechanisms.knowledge_rules.data_cost=0"]


def at(world: Any, sector: str, origin: str, site: str) -> tuple[int, int, int, int]:
    geography = world.setting.geography
    return 0, geography.sector(sector), geography.origin(origin), geography.site(site)


def test_rules_cost_by_what_a_sector_knows(view: View) -> None:
    """China 2024: research 35 x 1 x 0.43 + 5 x 0.9 x 0.7 = 18.2 %; electronics 35 x 0.2 x 0.43 + 5 x 0.55 x 0.7."""
    params, world = view("knowledge_rules", 2024)
    line = rules.cost(params, world).now
    assert line[at(world, "research", "europe", "yangtze_delta")] == pytest.approx(np.log(1.182))
    assert line[at(world, "electronics", "europe", "yangtze_delta")] == pytest.approx(np.log(1.04935))
    assert line[at(world, "research", "china", "yangtze_delta")] == 0.0


def test_a_scenario_replaces_the_table_from_its_first_day(view: View) -> None:
    """Protection 80 and data 0.4 from 2028: research 35 x 0.2 + 5 x 0.9 x 0.4 = 8.8 %."""
    eased = {"protection": {"china": {"2028": 80.0}}, "data_rules": {"china": {"2028": 0.4}}}
    for year, percent in ((2027, 18.2), (2028, 8.8)):
        params, world = view("knowledge_rules", year, eased)
        geography = world.setting.geography
        cell = geography.sector("research"), geography.site("guangxi")
        assert rules.burden(params, world)[cell] == pytest.approx(percent)


def test_talent_draws_research_at_its_elasticity(view: View) -> None:
    """10 % more mature talent at an elasticity of 1.5 and theta 3: -1.5 x log(1.1) / 3 = -0.047655 for research."""
    talent = {"talent": {"china": {"2028": 10.0}}, "talent_elasticity": 1.5, "ip_cost": 0.0, "data_cost": 0.0}
    params, world = view("knowledge_rules", 2028, talent)
    line = rules.cost(params, world).now
    assert line[at(world, "research", "europe", "greater_bay")] == pytest.approx(-0.047655, abs=1e-6)
    # Electronics: research intensity 0.2, theta 6.5.
    assert line[at(world, "electronics", "europe", "greater_bay")] == pytest.approx(-0.0043989, abs=1e-6)
    assert line[at(world, "research", "europe", "vietnam")] == 0.0
    default, _ = view("knowledge_rules", 2028, {"talent": {"china": {"2028": 10.0}}})
    assert rules.talent_gain(default, world).max() == 0.0


def test_a_standard_sells_more_of_a_sector(view: View) -> None:
    """Two standards at 12 % each in electronics, theta 6.5: -2 log(1.12) / 6.5 = -0.03487 for every owner there."""
    led = {"standards": {"china": {"electronics": {"2028": 2.0}}}, "standard_premium": 12.0}
    params, world = view("knowledge_rules", 2028, led | {"ip_cost": 0.0, "data_cost": 0.0})
    line = rules.cost(params, world).now
    for owner in ("china", "japan"):
        assert line[at(world, "electronics", owner, "greater_bay")] == pytest.approx(-0.0348704, abs=1e-6)
    assert line[at(world, "textiles", "china", "greater_bay")] == 0.0


def test_research_against_assembly_is_reported(view: View) -> None:
    params, world = view("knowledge_rules", 2024)
    tables = rules.report(params, world)
    geography = world.setting.geography
    owner, site, research = geography.origin("europe"), geography.site("us_south"), geography.sector("research")
    made = world.activity.sales.sum(axis=0)[:, owner, site]
    expected = 100.0 * made[research] / made.sum()
    assert tables["knowledge_rules_research"][owner, site] == pytest.approx(expected)
    assert tables["knowledge_rules_abroad"].sum(axis=1) == pytest.approx(np.full(7, 100.0))


def test_base_year_is_neutral(view: View, neutral_base_year: Callable[..., None]) -> None:
    params, world = view("knowledge_rules", 2010)
    neutral_base_year(rules, params, world)


def test_rules_that_cost_nothing_change_no_byte(same_bytes: Callable[..., None]) -> None:
    same_bytes("knowledge_rules", NEUTRAL)


ON = ["mechanisms.knowledge_rules=on"]
WEST = ("united_states", "europe", "japan", "korea", "taiwan")
DATA = ("research", "semiconductors", "pharma_medical", "electronics")
ASSEMBLY = ("textiles", "consumer_goods", "plastics_rubber")


def lever(text: str) -> str:
    """Return an override of this mechanism."""
    return f"mechanisms.knowledge_rules.{text}"


STRONG = [*ON, lever("ip_cost=150")]
"""At the upper end of the range, so that few firms show it."""


@pytest.mark.parametrize("to", [100, 0], ids=["stronger", "weaker"])
def test_protection_draws_research(to: int, twin_move: Move) -> None:
    twin = [*STRONG, lever(f"protection.china={{2012: {to}}}")]
    change, chance = twin_move(twin, STRONG, "china", origins=WEST, sectors=("research",))
    assert change > chance if to > 50 else change < -chance


def test_assembly_cares_less_than_research(twin_move: Move) -> None:
    """The gain of foreign laboratories in China exceeds that of foreign assembly by more than chance can do."""
    twin = [*STRONG, lever("protection.china={2012: 100}")]
    research, chance = twin_move(twin, STRONG, "china", origins=WEST, sectors=("research",))
    assembly, other_chance = twin_move(twin, STRONG, "china", origins=WEST, sectors=ASSEMBLY)
    assert research - assembly > np.hypot(chance, other_chance)


def test_data_rules_keep_data_intensive_sectors_away(twin_move: Move) -> None:
    costly = [*ON, lever("data_cost=30")]
    closed, open_ = ([*costly, lever(f"data_rules.china={{2012: {index}}}")] for index in (1.0, 0.0))
    change, chance = twin_move(closed, open_, "china", origins=WEST, sectors=DATA)
    assert change < -chance


def test_talent_brings_research(twin_move: Move) -> None:
    """Talent thrice as mature at the ceiling of 1.5."""
    ceiling = [*ON, lever("talent_elasticity=1.5")]
    twin = [*ceiling, lever("talent.china={2012: 200}")]
    change, chance = twin_move(twin, ceiling, "china", origins=WEST, sectors=("research",))
    assert change > chance


def test_standards_bring_sales(twin_move: Move) -> None:
    """Ten standards at 12 % each in electronics."""
    ceiling = [*ON, lever("standard_premium=12")]
    twin = [*ceiling, lever("standards.china={electronics: {2012: 10}}")]
    change, chance = twin_move(twin, ceiling, "china", sectors=("electronics",))
    assert change > chance
