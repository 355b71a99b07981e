"""Robustness of policies over what the ministry does not choose: regret and satisficing.

Regret: Savage (1951); satisficing: Simon (1956); for policy Lempert et al. (2003), Herman et al. (2015).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from footloose.experiments.sweep.analysis.discovery import wilson
from footloose.experiments.sweep.analysis.response import by_point, reached
from footloose.experiments.sweep.schema import Sweep


def policies_by_state(runs: pd.DataFrame, sweep: Sweep, outcome: str) -> pd.DataFrame:
    """Return an outcome by policy and state of the world: rows are policies, columns are states.

    Only states in which no policy's run failed are kept, so that policies are compared in the same states.
    """
    table = by_point(runs, sweep)
    levers, uncertainties = list(sweep.levers), list(sweep.uncertainties)
    state = table.groupby(uncertainties, sort=False).ngroup()
    wide = table.assign(state=state).pivot_table(index=levers, columns="state", values=outcome, aggfunc="mean")
    return wide.dropna(axis=1)


def robustness(runs: pd.DataFrame, sweep: Sweep, outcome: str) -> pd.DataFrame:
    """Return how every policy does over the states of the world.

    columns : levers, mean, worst, best (5 and 95 % of states, worst as said by the outcome's direction), and where
              the outcome has a direction: regret_mean, regret_90, regret_most (what the best policy of each state is
              better by); where it has a goal: satisficing (share of states that reach it), its 95 % interval
    """
    asked = sweep.outcomes[outcome]
    wide = policies_by_state(runs, sweep, outcome)
    values = wide.to_numpy(dtype=np.float64)
    table = wide.index.to_frame(index=False).assign(states=values.shape[1], mean=values.mean(axis=1))
    low, high = np.quantile(values, (0.05, 0.95), axis=1)
    table["worst"], table["best"] = (high, low) if asked.direction == "lower" else (low, high)
    if asked.direction is not None:
        best = values.min(axis=0) if asked.direction == "lower" else values.max(axis=0)
        regret = np.abs(values - best)
        table["regret_mean"] = regret.mean(axis=1)
        table["regret_90"] = np.quantile(regret, 0.9, axis=1)
        table["regret_most"] = regret.max(axis=1)
    if asked.goal is not None:
        hits = reached(values, asked.goal).sum(axis=1)
        table["satisficing"] = hits / values.shape[1]
        intervals = np.array([wilson(int(count), values.shape[1]) for count in hits])
        table["satisficing_low"], table["satisficing_high"] = intervals[:, 0], intervals[:, 1]
    return table
