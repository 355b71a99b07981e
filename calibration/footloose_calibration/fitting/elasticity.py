"""The trade elasticity as two more targets of the fit: how imports answer a permanent duty after one and eight years.

The documents say nothing about it, but it is the best-known number of the field, and what moves firms must not be
fitted against it. Every point of a fit is therefore also lived through twice in a world without the trade war, once
with a duty of 10 % on all goods from China (Boehm, Levchenko and Pandalai-Nayar, AER 2023: -0.76 and -1.75 to -2.25).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from footloose.experiments.comparison.hybrids import sized
from footloose.geography import Geography
from footloose.record import Record
from footloose.scenario import Scenario, load
from footloose_calibration.targets import Target

Floats = npt.NDArray[np.float64]
TABLES = ("sales", "collected_rate")
FIRST, LAST, RATE = 2013, 2021, 10
DUTY = (
    "policies.duty.kind=tariff",
    "policies.duty.market=united_states",
    "policies.duty.sites=china",
    f"policies.duty.rate={RATE}",
    f"policies.duty.from={FIRST}",
    "policies.duty.believed=0.0",
)
BOEHM = "Boehm, Levchenko and Pandalai-Nayar (AER 2023)"


def _target(name: str, central: float, width: float, year: int, reason: str) -> Target:
    return Target(
        id=name, group="conformance", use="fitted", central=central, low=central - width, high=central + width,
        unit="1", quantity=f"trade_elasticity {year}", figures=(), reason=reason, family=name,
        period=f"{year - FIRST + 1} years after the duty", last=LAST, firmness="high", source=BOEHM, neutral=0.0,
    )  # fmt: skip


TARGETS = (
    _target("trade_elasticity_first_year", -0.76, 0.19, FIRST, "their 95 % interval is about 0.6 to 0.95"),
    _target("trade_elasticity_eight_years", -2.0, 0.5, LAST, "-1.75 to -2.25, give or take a standard error of 0.25"),
)


def twins(like: Scenario) -> tuple[Scenario, Scenario]:
    """Return the world without the trade war and the same with the duty, of the size and seed of a scenario."""
    worlds = (load("no_trade_war"), load("no_trade_war", overrides=list(DUTY)))
    plain, taxed = (sized(world, firms=like.firms, seed=like.seed, years=(2010, LAST)) for world in worlds)
    return plain, taxed


def trade_elasticity(plain: Record, taxed: Record) -> dict[str, float]:
    """Return the targets' numbers from the records of one replicate of both twins."""
    tables = ({name: record.tables[name][0] for name in TABLES} for record in (plain, taxed))
    found = by_year(plain.geography, *tables)
    years = plain.years
    return {target.id: float(found[years.index(year)]) for target, year in zip(TARGETS, (FIRST, LAST), strict=True)}


def by_year(geography: Geography, plain: Mapping[str, Floats], taxed: Mapping[str, Floats]) -> Floats:
    """Return the trade elasticity of every year; (year,). Before there is a duty, the change itself: 0 for twins.

    Change of the log ratio of United States imports from China to those from other foreign sites between the twins,
    over that of one plus the duty collected.

    plain, taxed : sales, (year, market, sector, origin, site), and collected_rate, (year, market, sector, site)
    """
    market, china = geography.market("united_states"), list(geography.sites_in("china"))
    foreign = sorted(set(range(len(geography.sites))) - set(china) - set(geography.sites_in("united_states")))

    def ratio(tables: Mapping[str, Floats]) -> Floats:
        sales = tables["sales"][:, market].sum(axis=(1, 2))
        return np.asarray(np.log(sales[:, china].sum(axis=1) / sales[:, foreign].sum(axis=1)))

    def duty(tables: Mapping[str, Floats]) -> Floats:
        return np.asarray(np.log1p(tables["collected_rate"][:, market][:, :, china].mean(axis=(1, 2))))

    more = duty(taxed) - duty(plain)
    levied = more != 0.0
    answer = ratio(taxed) - ratio(plain)
    return np.asarray(np.divide(answer, more, out=answer.copy(), where=levied))
