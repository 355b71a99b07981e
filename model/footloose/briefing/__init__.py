"""Tables in, figures out: the six figures of a run. The only room that imports matplotlib."""

from footloose.briefing.countries import country_shares
from footloose.briefing.gallery import draw_all
from footloose.briefing.jobs import jobs_pipeline
from footloose.briefing.moves import moves_flow
from footloose.briefing.reasoning import reasons
from footloose.briefing.saving import save
from footloose.briefing.sourcing import sourcing_map
from footloose.briefing.style import Footer
from footloose.briefing.unit_cost import cost_stack

__all__ = [
    "Footer",
    "cost_stack",
    "country_shares",
    "draw_all",
    "jobs_pipeline",
    "moves_flow",
    "reasons",
    "save",
    "sourcing_map",
]
