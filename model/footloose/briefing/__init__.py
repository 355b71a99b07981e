"""Tables in, figures out, in English and Chinese. The only room that imports matplotlib."""

from footloose.briefing.content import china_content
from footloose.briefing.countries import country_shares
from footloose.briefing.fan import Subject, fan_chart
from footloose.briefing.gallery import RunTables, draw_all, run_figures
from footloose.briefing.jobs import jobs_pipeline
from footloose.briefing.moves import moves_flow
from footloose.briefing.ranks import country_ranks
from footloose.briefing.reasoning import reasons
from footloose.briefing.regions import regions_map
from footloose.briefing.saving import save
from footloose.briefing.sourcing import sourcing_map
from footloose.briefing.style import Footer
from footloose.briefing.unit_cost import cost_stack
from footloose.briefing.world_map import world_map

__all__ = [
    "Footer",
    "RunTables",
    "Subject",
    "china_content",
    "cost_stack",
    "country_ranks",
    "country_shares",
    "draw_all",
    "fan_chart",
    "jobs_pipeline",
    "moves_flow",
    "reasons",
    "regions_map",
    "run_figures",
    "save",
    "sourcing_map",
    "world_map",
]
