"""Policies of a scenario as dated instruments and what firms believe of them; shocks as dated events."""

from footloose.policies.believed import FIRST_BELIEF, Believed
from footloose.policies.instruments import (
    FORMS,
    INSTRUMENTS,
    SLUG,
    ExportControl,
    Instrument,
    Policy,
    Subsidy,
    Tariff,
    domestic_sites,
    subsidy_mistakes,
)
from footloose.policies.shocks import EVENTS, Event, as_shocks

__all__ = [
    "EVENTS",
    "FIRST_BELIEF",
    "FORMS",
    "INSTRUMENTS",
    "SLUG",
    "Believed",
    "Event",
    "ExportControl",
    "Instrument",
    "Policy",
    "Subsidy",
    "Tariff",
    "as_shocks",
    "domestic_sites",
    "subsidy_mistakes",
]
