"""What happened: exogenous series 2010-2035, the dated policy record, what was observed; all from sourced tables."""

from footloose.history.observed import Observation, load_observed
from footloose.history.policy import (
    PolicyRow,
    average_rate,
    rate_on,
    year_end_rate,
)
from footloose.history.policy_record import load_policy_record
from footloose.history.series import History, Provenance, load_history

__all__ = [
    "History",
    "Observation",
    "PolicyRow",
    "Provenance",
    "average_rate",
    "load_history",
    "load_observed",
    "load_policy_record",
    "rate_on",
    "year_end_rate",
]
