"""Backup, presence, sourcing and the shocks: what asks for nothing changes no byte."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import footloose
from footloose.registry import find_mechanisms
from footloose.simulation import begin_run, simulate
from footloose.year import look

NEUTRAL = {
    "backup": {"experience": {}},
    "business_cycle": {},
    "disruption": {},
    "market_presence": {"fit": 0, "access": 0, "dual_chains": 0, "commitment": 0},
    "sourcing": {"elasticity": 0, "niche_elasticity": 0, "local_learning": 0},
}
"""Parameters that do nothing; the shocks' mechanisms do nothing where a scenario has no shocks."""


def tables(mechanism: str, setting: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the tables of a short run but for those of the mechanism itself, and its lines."""
    overrides = [f"mechanisms.{mechanism}={setting}", "years.until=2021"]
    record = simulate(footloose.load("baseline", overrides=overrides), firms=2_000)
    own = find_mechanisms()[mechanism].reports
    return {name: table for name, table in record.tables.items() if name not in own}, record.lines


@pytest.mark.parametrize("mechanism", NEUTRAL)
def test_neutral_is_as_good_as_off(mechanism: str) -> None:
    given = ", ".join(f"{key}: {value}" for key, value in NEUTRAL[mechanism].items())
    (on, lines), (off, others) = tables(mechanism, f"{{{given}}}" if given else "on"), tables(mechanism, "off")
    added = set(lines) - set(others)
    assert added == ({mechanism} if "cost" in find_mechanisms()[mechanism].hooks else set())
    reasons = on.pop("reasons")
    for name in added:
        assert (reasons[..., lines.index(name)] == 0.0).all()
        reasons = np.delete(reasons, lines.index(name), axis=-1)
    assert reasons.tobytes() == off.pop("reasons").tobytes()
    assert on.keys() == off.keys()
    for name, table in off.items():
        assert on[name].tobytes() == table.tobytes(), name


@pytest.mark.parametrize("mechanism", NEUTRAL)
def test_at_its_defaults_the_base_year_is_neutral_and_tables_have_their_shapes(mechanism: str) -> None:
    run = begin_run(footloose.load("baseline", overrides=[f"mechanisms.{mechanism}=on"]), firms=200)
    found, params = run.rules.mechanisms[mechanism]
    world = look(run, 2010)
    markets, sectors, origins, sites = run.setting.shape
    for hook in {"hedge", "rootedness", "outage", "buffer"} & found.hooks.keys():
        assert not found.hooks[hook](params, world).any(), hook
    for hook in {"pace", "demand", "permission"} & found.hooks.keys():
        assert (found.hooks[hook](params, world) == 1.0).all(), hook
    for hook in {"hedge", "rootedness", "pace"} & found.hooks.keys():
        np.broadcast_to(found.hooks[hook](params, look(run, 2020)), run.setting.shape)
    lengths = {"market": markets, "sector": sectors, "origin": origins, "site": sites}
    if "report" in found.hooks:
        answered = found.hooks["report"](params, look(run, 2020))
        assert answered.keys() == found.reports.keys()
        for name, table in answered.items():
            assert table.shape == tuple(lengths[axis] for axis in found.reports[name].axes), name
            assert np.isfinite(table).all(), name
