"""A scenario: one frozen question to the model, read from YAML, or every mistake in it at once.

scenario = load("baseline")                       a shipped scenario
scenario = load("mine.yaml", overrides=["firms=5000"])
"""

from footloose.policies import Subsidy, Tariff
from footloose.scenario.heading import PolicyRecord, Wording, Years
from footloose.scenario.library import find_scenario, overlays, shipped
from footloose.scenario.loading import check, load, schema
from footloose.scenario.no_effect import no_effect
from footloose.scenario.resolved import Scenario
from footloose.scenario.strength import by_word, evidence_in_use, in_words, weakest

__all__ = [
    "PolicyRecord",
    "Scenario",
    "Subsidy",
    "Tariff",
    "Wording",
    "Years",
    "by_word",
    "check",
    "evidence_in_use",
    "find_scenario",
    "in_words",
    "load",
    "no_effect",
    "overlays",
    "schema",
    "shipped",
    "weakest",
]
