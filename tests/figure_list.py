"""The figures a briefing promises, by name: the function that draws each, and the test that checks its texts.

Every one is drawn in both languages by the test of that module, from the entry of its FIGURES.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from footloose.briefing import (
    china_content,
    cost_stack,
    country_ranks,
    fan_chart,
    jobs_pipeline,
    moves_flow,
    reasons,
    regions_map,
    sourcing_map,
    world_map,
)
from footloose.briefing.compare_content import compare_content
from footloose.briefing.compare_ledger import compare_ledger
from footloose.briefing.compare_reversal import compare_reversal
from footloose.briefing.compare_waterfall import compare_waterfall
from footloose.briefing.report_card import report_card
from footloose.briefing.sweep_maps import heat_map, tipping_map
from footloose.briefing.sweep_tornado import tornado

RUN, COMPARISON, SWEEP, CARD = "test_figures (unit)", "test_compare_figures", "test_figures (sweep)", "test_report_card"

LISTED: dict[str, tuple[tuple[Callable[..., Any], str, str], ...]] = {
    "fan charts with the split of uncertainty": ((fan_chart, RUN, "fan"),),
    "stacked shares": ((sourcing_map, RUN, "sourcing_united_states"),),
    "country ranks over time": ((country_ranks, RUN, "ranks"),),
    "alluvial flow of moves": ((moves_flow, RUN, "moves"),),
    "schematic world map of sites with flows": ((world_map, RUN, "world"),),
    "reasons": ((reasons, RUN, "reasons"),),
    "jobs pipeline": ((jobs_pipeline, RUN, "jobs"),),
    "cost stacks": ((cost_stack, RUN, "cost"),),
    "waterfall": ((compare_waterfall, COMPARISON, "waterfall"),),
    "tornado": ((tornado, SWEEP, "tornado"),),
    "heat map with contour and tipping line": ((heat_map, SWEEP, "map"), (tipping_map, SWEEP, "tipping")),
    "ratchet loop": ((compare_reversal, COMPARISON, "reversal"),),
    "twin ledger": ((compare_ledger, COMPARISON, "ledger"),),
    "China content gross and value added": ((china_content, RUN, "content"), (compare_content, COMPARISON, "content")),
    "cluster map of China's regions": ((regions_map, RUN, "regions"),),
    "report card": ((report_card, CARD, "card"),),
}


def keys_of(module: str) -> dict[str, Callable[..., Any]]:
    """Return the keys of FIGURES that a module has to draw, with the function behind each."""
    return {key: drawing for entries in LISTED.values() for drawing, place, key in entries if place == module}
