"""Views by country: what the policy means for one host, its jobs, capacity, wages and dependence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from footloose.errors import UnknownName
from footloose.experiments.comparison.histories import Events
from footloose.experiments.comparison.intervals import Estimate, estimate
from footloose.experiments.comparison.pairs import Lived, Pair
from footloose.firms import VALUE_UNIT
from footloose.geography import Geography
from footloose.long_numbers import Numbers

Floats = npt.NDArray[np.float64]

REMAINDER = "rest_of_world"
"""The country of all that is no country of its own."""
TOPICS = ("jobs", "capacity", "wages", "dependence")
FULL = 100.0
REST = "other"
"""The origin of owners whose home is none of the named ones."""


@dataclass(frozen=True)
class Line:
    """One number of a view, in both worlds; paths: (year,) means of base and other, None for a number without years."""

    topic: str
    name: str
    unit: str
    base: Estimate
    other: Estimate
    difference: Estimate
    paths: tuple[Floats, Floats]

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "topic": self.topic,
            "name": self.name,
            "unit": self.unit,
            "base": self.base.as_data(),
            "other": self.other.as_data(),
            "difference": self.difference.as_data(),
        }


@dataclass(frozen=True)
class View:
    """What the policy means for a country, in the last year of the run unless a line says otherwise."""

    country: str
    year: int
    lines: tuple[Line, ...]

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"country": self.country, "year": self.year, "lines": [line.as_data() for line in self.lines]}


def host_view(lived: Lived, other: int, country: str, geography: Geography) -> View:
    """Return the view of a country.

    raises: UnknownName
    """
    if country not in geography.countries:
        raise UnknownName("country", country, geography.countries)
    central, drawn = lived.central(other), lived.drawn(other)
    sides = [[host_paths(pair, side, country, geography) for pair in central] for side in ("base", "other")]
    shifts = [[difference_paths(pair, country, geography) for pair in draw] for draw in drawn]
    lines = []
    for place, (topic, name, unit, _) in enumerate(sides[0][0]):
        base, changed = (np.array([rows[place][3] for rows in side]) for side in sides)
        draws = None
        if shifts and name in shifts[0][0]:
            draws = np.array([[rows[name][-1] for rows in draw] for draw in shifts])
        lines.append(
            Line(
                topic,
                name,
                unit,
                estimate(base[:, -1]),
                estimate(changed[:, -1]),
                estimate(changed[:, -1] - base[:, -1], draws),
                (base.mean(axis=0), changed.mean(axis=0)),
            )
        )
    return View(country, lived.years[-1], tuple(lines))


Path = tuple[str, str, str, Floats]


def host_paths(pair: Pair, side: str, country: str, geography: Geography) -> list[Path]:
    """Return topic, name, unit and path of every number of a view in one world; paths are (year,)."""
    numbers: Numbers = getattr(pair, side)
    place = f"country:{country}"
    output = cell(numbers, "Output|Value", site=place)
    sales = sales_by_market(numbers, country, geography)
    whole = np.maximum(sales.sum(axis=1), 1e-9)
    largest = int(np.argmax(np.where(markets_abroad(country, geography), sales[-1], -1.0)))
    foreign = foreign_output(numbers, country, geography)
    opened = plants(pair, side, country, geography)
    wage = mean_wage(numbers, country, geography)
    announced = cell(numbers, "Jobs|Announced|Reshoring", site=place) + cell(numbers, "Jobs|Announced|FDI", site=place)
    return [
        ("jobs", "People employed", "persons", cell(numbers, "Jobs|Stock", site=place)),
        ("jobs", "Jobs announced since 2010", "persons", np.cumsum(announced)),
        ("jobs", "Jobs filled since 2010", "persons", np.cumsum(cell(numbers, "Jobs|Filled", site=place))),
        ("capacity", "Output", "USD million of 2010", output),
        ("capacity", "Plants from abroad, sum", "USD million of 2010", opened[0]),
        ("capacity", "Plants gone abroad, sum", "USD million of 2010", opened[1]),
        ("wages", "Wage in USD", "index 2010 = 1", wage),
        ("dependence", f"Sold to {geography.markets[largest]}", "percent of output", FULL * sales[:, largest] / whole),
        ("dependence", "For owners from abroad", "percent of output", FULL * foreign / np.maximum(output, 1e-9)),
        (
            "dependence",
            "Sector concentration",
            "1, 1 = one sector",
            sector_concentration(numbers, country, geography),
        ),
    ]


def plants(pair: Pair, side: str, country: str, geography: Geography) -> tuple[Floats, Floats]:
    """Return the output of plants opened from abroad and gone abroad, cumulated; (year,) USD million of 2010 each."""
    events: Events = getattr(pair.traces, side)["opened"]
    sites = np.asarray(geography.sites_in(country))
    here, left = np.isin(events.reached, sites), np.isin(events.left, sites)
    value = pair.traces.birth.value[events.firm] * VALUE_UNIT * events.part
    years = pair.traces.setting.law.years
    when = events.year - years[0]
    come, gone = (np.bincount(when[m], weights=value[m], minlength=len(years)) for m in (here & ~left, left & ~here))
    return np.cumsum(come), np.cumsum(gone)


def mean_wage(numbers: Numbers, country: str, geography: Geography) -> Floats:
    """Return the wage index, mean over a country's sites; (year,)."""
    names = [geography.sites[site] for site in geography.sites_in(country)]
    return np.asarray(np.mean([cell(numbers, "Wage|Index", site=name) for name in names], axis=0))


def difference_paths(pair: Pair, country: str, geography: Geography) -> dict[str, Floats]:
    """Return what an ensemble says of a view: all but dependence, whose shares are no differences of variables."""
    place, numbers = f"country:{country}", pair.difference
    announced = cell(numbers, "Jobs|Announced|Reshoring", site=place) + cell(numbers, "Jobs|Announced|FDI", site=place)
    base, other = (plants(pair, side, country, geography) for side in ("base", "other"))
    return {
        "People employed": cell(numbers, "Jobs|Stock", site=place),
        "Jobs announced since 2010": np.cumsum(announced),
        "Jobs filled since 2010": np.cumsum(cell(numbers, "Jobs|Filled", site=place)),
        "Output": cell(numbers, "Output|Value", site=place),
        "Plants from abroad, sum": other[0] - base[0],
        "Plants gone abroad, sum": other[1] - base[1],
        "Wage in USD": mean_wage(numbers, country, geography),
    }


def cell(numbers: Numbers, variable: str, market: str = "all", site: str = "all", sector: str = "all") -> Floats:
    """Return the path of one row, zero where the run has none; (year,)."""
    for block, values in numbers.items():
        labels = block.labels
        named = market in labels[0] and site in labels[1] and sector in labels[2] and labels[3] == ("all",)
        if block.variable == variable and named:
            place = (labels[0].index(market), labels[1].index(site), labels[2].index(sector))
            return np.asarray(values[:, place[0], place[1], place[2], 0])
    years = next(iter(numbers.values())).shape[0]
    return np.zeros(years)


def markets_abroad(country: str, geography: Geography) -> npt.NDArray[np.bool_]:
    """Return which markets are another country's; the rest of the world is nobody's, and in part its own; (market,)."""
    owners = [geography.countries[owner] for owner in geography.country_of_market]
    return np.array([owner not in (country, REMAINDER) for owner in owners])


def sales_by_market(numbers: Numbers, country: str, geography: Geography) -> Floats:
    """Return what a country sells to each market; (year, market) USD million."""
    for block, values in numbers.items():
        if block.variable == "Sales|Value":
            chosen = [block.labels[1].index(geography.sites[site]) for site in geography.sites_in(country)]
            return np.asarray(values[:, :, chosen].sum(axis=(2, 3, 4)))
    return np.zeros((1, len(geography.markets)))


def foreign_output(numbers: Numbers, country: str, geography: Geography) -> Floats:
    """Return the output of a country's plants whose owner is at home elsewhere; (year,) USD million.

    A country that no origin is at home in has its own owners among the others.
    """
    sites = list(geography.sites_in(country))
    at_home = np.asarray(geography.home_of)[:, sites].any(axis=1)
    abroad = ~at_home & np.array([at_home.any() or origin != REST for origin in geography.origins])
    for block, values in numbers.items():
        if block.variable == "Output|Value" and len(block.labels[3]) > 1:
            row = block.labels[1].index(f"country:{country}")
            return np.asarray(values[:, 0, row, 0, :][:, abroad].sum(axis=1))
    return np.zeros(1)


def sector_concentration(numbers: Numbers, country: str, geography: Geography) -> Floats:
    """Return the Herfindahl-Hirschman index of a country's output over sectors; (year,)."""
    for block, values in numbers.items():
        if block.variable == "Output|Value" and len(block.labels[2]) > 1:
            chosen = [block.labels[1].index(geography.sites[site]) for site in geography.sites_in(country)]
            output = values[:, 0][:, chosen][..., 0].sum(axis=1)
            share = output / np.maximum(output.sum(axis=1, keepdims=True), 1e-9)
            return np.asarray((share**2).sum(axis=1))
    return np.zeros(1)
