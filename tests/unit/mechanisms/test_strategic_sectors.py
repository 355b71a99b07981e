"""Strategic sectors and the reasons firms cite: what the laws of 2022 move, and what they are said to have moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import footloose
from footloose.mechanisms import export_controls, investment_rules
from footloose.record import Record
from footloose.simulation import simulate

OTHERS = ("textiles", "consumer_goods", "machinery", "plastics_rubber")
STRATEGIC = ("clean_energy", "semiconductors")
WITHOUT = "policy_record.without=[chips_act, ira]"


def cited(record: Record, years: slice) -> Any:
    """Return incentives among the reasons of projects for the United States in strategic sectors; (replicate,)."""
    geography = record.geography
    sectors = [geography.sector(name) for name in STRATEGIC]
    reasons = record.tables["reasons"][:, years, geography.market("united_states")][:, :, sectors].sum(axis=(1, 2))
    return reasons[:, record.lines.index("subsidies")] / reasons.sum(axis=1)


def test_incentives_become_a_reason_when_laws_offer_them(at_once: tuple[str, ...], sampling: Any) -> None:
    """After 2022 more projects cite incentives than in the six years before; every firm chooses afresh every year."""
    scenario = footloose.load("baseline", overrides=at_once)
    record = simulate(scenario, firms=1_500, replicates=10, years=(2010, 2025))
    rise = cited(record, slice(12, 16)) - cited(record, slice(6, 12))
    chance = sampling.errors(1) * rise.std(ddof=1) / rise.size**0.5
    assert rise.mean() > chance


def test_support_by_sector_moves_the_mix_of_what_comes(twin_move: Callable[..., tuple[float, float]]) -> None:
    """With the laws of 2022 strategic sectors stand more in the United States than without; others do not."""
    moved = {}
    for group, sectors in (("strategic", STRATEGIC), ("others", OTHERS)):
        moved[group] = twin_move([], [WITHOUT], "united_states", sectors=sectors, until=2025)
    change, chance = moved["strategic"]
    other, other_chance = moved["others"]
    assert change > chance
    assert change - other > np.hypot(chance, other_chance)


def test_controls_and_limits_bear_on_strategic_sectors_alone(view: Callable[..., Any]) -> None:
    """Export controls and outbound limits of the record name chips, electronics and laboratories, nothing else."""
    params, world = view("investment_rules", 2026)
    geography = world.setting.geography
    barred = investment_rules.barred(params, world).max(axis=(0, 2))
    affected = export_controls.affected_share(world)[0].max(axis=1)
    named = {name for number, name in enumerate(geography.sectors) if barred[number] > 0 or affected[number] > 0}
    assert named == {"semiconductors", "electronics", "research"}
