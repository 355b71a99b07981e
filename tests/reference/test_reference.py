"""The engine makes the choices of the plain agents, firm by firm and year by year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from plain_model import PlainModel

from footloose.scenario import load
from footloose.simulation import begin_run
from footloose.year import live_one_year


def together(name: str, firms: int, years: int, **more: Any) -> None:
    """Live both through the same years; everything each programme is and does must agree."""
    run = begin_run(load(name, **more), firms=firms)
    plain = PlainModel(begin_run(load(name, **more), firms=firms))
    changed = 0
    for year in range(2010, 2010 + years):
        before = run.firms.main.copy()
        kept = live_one_year(run, year)
        plain.step()
        for column in ("main", "second", "target", "years_left"):
            theirs = np.array([getattr(agent, column) for agent in plain.agents])
            mine = getattr(run.firms, column)
            if column == "years_left":
                theirs = np.where(run.firms.target >= 0, theirs, 0)
            assert (mine == theirs).all(), f"{year}: {column} of firms {np.flatnonzero(mine != theirs)[:5]}"
        np.testing.assert_allclose(kept["sales"], plain.sales, rtol=1e-9, atol=1e-6, err_msg=str(year))
        for name_of, amount in plain.spent.items():
            assert run.spent[name_of] == pytest.approx(amount, rel=1e-9), name_of
        for table, values in plain.state.items():
            np.testing.assert_allclose(run.state[table], values, rtol=1e-9, atol=1e-12, err_msg=f"{year} {table}")
        changed += int((run.firms.main != before).sum())
    assert changed > 0


@pytest.mark.slow
def test_the_baseline_firm_by_firm() -> None:
    together("baseline", 400, 26)


def test_the_first_years_of_the_support_laws() -> None:
    together("baseline", 1200, 5, overrides=["decisions.review_hazard=0.6"])
