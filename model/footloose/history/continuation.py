"""Growth rules: how a series goes on after its last year in the table. The rules are lines of continuation.csv."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from footloose.errors import DataError
from footloose.history.tables import Floats, read_table

COLUMNS = ("variable", "market", "site", "sector", "first_year", "rule", "value", "source", "certainty")
KINDS = ("growth", "approach_mean")
MEAN_YEARS = range(2010, 2020)
"""Years whose mean a series under `approach_mean` goes back to."""


@dataclass(frozen=True)
class Rule:
    """One rule: `growth` by `value` percent a year, or `approach_mean`, closing `value` percent of the gap a year.

    It holds from `first_year`. An empty market, site or sector means all; the rule that names most of them wins, and
    among equals the latest.
    """

    variable: str
    market: str
    site: str
    sector: str
    first_year: int
    kind: str
    value: float
    source: str

    def fits(self, variable: str, market: str, site: str, sector: str, year: int) -> bool:
        """Say whether the rule speaks of this member in this year."""
        return (
            self.variable == variable
            and self.first_year <= year
            and self.market in ("", market)
            and self.site in ("", site)
            and self.sector in ("", sector)
        )

    @property
    def rank(self) -> tuple[int, int]:
        """More names first, then the later start."""
        return sum(1 for name in (self.market, self.site, self.sector) if name), self.first_year


def read_rules() -> tuple[Rule, ...]:
    """Return every growth rule."""
    return tuple(
        Rule(
            line["variable"],
            line["market"],
            line["site"],
            line["sector"],
            line.year("first_year"),
            line.member("rule", KINDS),
            line.number("value"),
            line["source"],
        )
        for line in read_table("continuation.csv", COLUMNS)
    )


def carry(
    variable: str,
    market: str,
    site: str,
    sector: str,
    given: Mapping[int, float],
    rules: Sequence[Rule],
    years: Sequence[int],
) -> Floats:
    """Return the given values, each missing year grown from the year before; (year,).

    Raises DataError when the first year is missing or no rule covers a missing year.
    """
    member = ", ".join(name for name in (variable, market, site, sector) if name)
    if years[0] not in given:
        raise DataError(f"series.csv: {member} has no value for {years[0]}")
    own = [rule for rule in rules if rule.fits(variable, market, site, sector, years[-1])]
    mean = float(np.mean([given[year] for year in MEAN_YEARS if year in given] or [given[years[0]]]))
    values: list[float] = []
    for year in years:
        if year in given:
            values.append(given[year])
            continue
        rule = max((rule for rule in own if rule.first_year <= year), key=lambda rule: rule.rank, default=None)
        if rule is None:
            raise DataError(f"continuation.csv: no rule carries {member} to {year}")
        values.append(step(values[-1], rule, mean))
    return np.array(values)


def step(previous: float, rule: Rule, mean: float) -> float:
    """Return next year's value under a rule; `mean` is the level a returning series goes back to."""
    if rule.kind == "growth":
        return previous * (1.0 + rule.value / 100.0)
    return previous + (mean - previous) * rule.value / 100.0


def rule_texts(variable: str, rules: Sequence[Rule]) -> str:
    """Return the rules of a variable in words, for the record of where numbers come from."""
    texts = []
    for rule in rules:
        if rule.variable != variable:
            continue
        who = " ".join(name for name in (rule.market, rule.site, rule.sector) if name) or "all"
        how = (
            f"{rule.value:g} % a year" if rule.kind == "growth" else f"{rule.value:g} % of the gap to the 2010-19 mean"
        )
        texts.append(f"{who} from {rule.first_year}: {how}")
    return "; ".join(texts)
