"""Policies of a scenario as dated instruments: tariffs, subsidies and what firms believe of them."""

from footloose.policies.believed import FIRST_BELIEF, Believed
from footloose.policies.instruments import (
    FORMS,
    INSTRUMENTS,
    SLUG,
    Instrument,
    Policy,
    Subsidy,
    Tariff,
    domestic_sites,
    subsidy_mistakes,
)

__all__ = [
    "FIRST_BELIEF",
    "FORMS",
    "INSTRUMENTS",
    "SLUG",
    "Believed",
    "Instrument",
    "Policy",
    "Subsidy",
    "Tariff",
    "domestic_sites",
    "subsidy_mistakes",
]
