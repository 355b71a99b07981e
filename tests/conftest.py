"""What every test has: no display, reproducible property tests, the root of the checkout; worlds and tolerances."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import settings

from footloose.beliefs import Beliefs, Instrument
from footloose.firms import Firms
from footloose.geography import BaseYear, Geography
from footloose.history import History, PolicyRow
from footloose.law import Law
from footloose.registry import find_mechanisms
from footloose.running import Rules, Run
from footloose.scenario import Scenario
from footloose.sections import Decisions, Orders, Population, Projects
from footloose.simulation import begin, population_of, rules_of, set_up, smallest_share
from footloose.world import BASE_YEAR, Setting
from footloose.year import live_one_year

Floats = npt.NDArray[np.float64]

os.environ.setdefault("MPLBACKEND", "Agg")

# Compiled kernels make the first example slow, so no deadline. In CI the examples are the same in every run.
settings.register_profile("developer", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "developer")


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root of the checkout under test."""
    return Path(__file__).resolve().parent.parent


class Sampling:
    """How far a sum over firms may lie from its mean in a model that is right, as formulas.

    Seeds are fixed, so a test that passes once passes always; CHANCE says how surprising a failure would be.
    """

    CHANCE = 1e-4

    @classmethod
    def bound(cls, variance: Floats, largest: Floats | float, comparisons: int) -> Floats:
        """Return what none of the sums exceeds but with probability CHANCE, whatever the weights (Bernstein 1946).

        P(|S| >= t) <= 2 exp(-t^2 / (2 V + 2 b t / 3)) for independent terms of mean 0, none beyond b.

        variance : V = sum over firms of weight^2 p (1 - p);  largest: b, the greatest weight
        """
        log_odds = np.log(2.0 * comparisons / cls.CHANCE)
        part = np.asarray(largest) * log_odds / 3.0
        return np.asarray(part + np.sqrt(part**2 + 2.0 * variance * log_odds))

    @classmethod
    def errors(cls, comparisons: int) -> float:
        """Return how many standard errors none of several sums exceeds but with probability CHANCE.

        P(|S| >= x sqrt(sum of squared terms)) <= 2 exp(-x^2 / 2) for symmetric terms (Efron 1969).
        """
        return float(np.sqrt(2.0 * np.log(2.0 * comparisons / cls.CHANCE)))

    @staticmethod
    def effective(weights: Floats) -> float:
        """Return the number of equal firms whose mean errs as much (Kish 1965)."""
        return float(weights.sum() ** 2 / (weights**2).sum())


@pytest.fixture(scope="session")
def sampling() -> type[Sampling]:
    """Return the tolerances."""
    return Sampling


QUIET = (
    "policy_record.include=none",
    "mechanisms.risk=off",
    "mechanisms.labour.convergence=0",
    "mechanisms.automation.diffusion=0",
)
"""With the series frozen, a world in which nothing changes by itself."""

ALONE = ("mechanisms.clusters=off", "mechanisms.productivity=off", "mechanisms.congestion=off")
"""No firm matters to another."""

AT_ONCE = (
    "decisions.sunk_cost=0",
    "decisions.region_border=0",
    "decisions.rooted=0",
    "decisions.young_plant=0",
    "decisions.second_site_ease=0",
    "decisions.review_hazard=1",
    "decisions.attention=0",
    "decisions.expansion=0",
    "projects.delay_hazard=0",
    "projects.cancel_hazard=0",
)
"""Full attention and no sunk cost: every year every firm chooses its one site afresh."""


@pytest.fixture(scope="session")
def quiet() -> tuple[str, ...]:
    """Return the overrides under which, with constant series, nothing changes by itself."""
    return QUIET


@pytest.fixture(scope="session")
def alone() -> tuple[str, ...]:
    """Return the overrides under which no firm matters to another."""
    return ALONE


@pytest.fixture(scope="session")
def at_once() -> tuple[str, ...]:
    """Return the overrides of the logit limit."""
    return AT_ONCE


@pytest.fixture(scope="session")
def policy() -> Callable[..., tuple[str, ...]]:
    """Return a function that writes an instrument as overrides; `start` stands for the key `from`."""

    def written(name: str, **keys: object) -> tuple[str, ...]:
        spelt = {"from" if key == "start" else key: value for key, value in keys.items()}
        return tuple(f"policies.{name}.{key}={value}" for key, value in spelt.items())

    return written


@dataclass(frozen=True)
class Lived:
    """A run lived through: how it ended, how it began, and what each year left.

    tables : name -> (year, ...)
    """

    run: Run
    born: Firms
    tables: Mapping[str, Floats]

    @property
    def value(self) -> Floats:
        """What each programme makes; (firm,) USD thousand."""
        return self.run.firms.value.astype(np.float64)

    @property
    def market(self) -> npt.NDArray[np.int64]:
        """The market of each programme; (firm,)."""
        _, sectors, origins, _ = self.run.setting.shape
        return np.asarray(self.run.firms.cell // (sectors * origins), dtype=np.int64)

    def places(self, firms: Firms | None = None) -> Floats:
        """Return how much of each programme stands at each site, at its end or among `firms`; (firm, site)."""
        firms = self.run.firms if firms is None else firms
        table = np.zeros((firms.count, self.run.setting.shape[3]))
        every = np.arange(firms.count)
        np.add.at(table, (every, firms.main), 0.5)
        np.add.at(table, (every, np.where(firms.second < 0, firms.main, firms.second)), 0.5)
        return table

    def change(self, since: Floats, market: int) -> tuple[Floats, Floats]:
        """Return the change of a market's shares of output since other places, and its standard error; each (site,).

        A programme that moves carries its whole weight along: error = sqrt(sum of (weight x moved part)^2).
        """
        here = self.market == market
        moved = self.value[here, None] * (self.places() - since)[here]
        whole = self.value[here].sum()
        return moved.sum(axis=0) / whole, np.sqrt((moved**2).sum(axis=0)) / whole


def live_through(
    setting: Setting,
    rules: Rules,
    population: Population,
    firms: int,
    *,
    seed: int = 1,
    replicate: int = 0,
    floor: float = 1e-5,
    prepare: Callable[[Run], None] | None = None,
) -> Lived:
    """Live through all years of the setting's law."""
    run = begin(setting, rules, population, firms, seed, replicate, floor)
    columns = {field.name: getattr(run.firms, field.name).copy() for field in dataclasses.fields(Firms)}
    if prepare is not None:
        prepare(run)
    rows = [live_one_year(run, year) for year in setting.law.years]
    tables = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return Lived(run, Firms(**columns), tables)


@pytest.fixture(scope="session")
def live() -> Callable[..., Lived]:
    """Return a function that lives a scenario through, in its own world or in another setting."""

    def lived(scenario: Scenario, setting: Setting | None = None, *, firms: int = 20_000, **more: Any) -> Lived:
        world = set_up(scenario) if setting is None else setting
        floor = smallest_share(scenario)
        return live_through(world, rules_of(scenario), population_of(scenario), firms, floor=floor, **more)

    return lived


@pytest.fixture(scope="session")
def constant_world() -> Callable[..., Setting]:
    """Return a function that makes a scenario's world with every exogenous series as in 2010."""

    def frozen(scenario: Scenario, until: int = 2035, build_years: float | None = None) -> Setting:
        setting = set_up(scenario, (BASE_YEAR, until))
        history, geography = setting.history, setting.geography
        tiled = {name: np.broadcast_to(values[:1], values.shape) for name, values in history.series.items()}
        if build_years is not None:
            traits = {**geography.traits, "build_years": np.full(len(geography.sectors), build_years)}
            geography = dataclasses.replace(geography, traits=traits)
        constant = History(history.years, tiled, history.provenance)
        return dataclasses.replace(setting, geography=geography, history=constant)

    return frozen


def symmetric_geography(sites: int, nests: Sequence[int], traits: Mapping[str, float]) -> Geography:
    """Return one market, one sector, one origin; the first site is at home, the others lie elsewhere."""
    names = tuple(f"site_{number}" for number in range(sites))
    everywhere = {name: (name,) for name in names} | {"all": names}
    filled = dict.fromkeys(("labour_share", "input_share", "energy_share", "robot_feasibility"), 0.2)
    filled |= {"capital_per_output": 1.0, "build_years": 1.0, "trade_elasticity": 5.0, **traits}
    return Geography(
        markets=("market",),
        sites=names,
        sectors=("sector",),
        origins=("owner",),
        shores=("home", "other"),
        nests=tuple(f"nest_{number}" for number in range(max(nests) + 1)),
        countries=names,
        country_of_site=np.arange(sites),
        nest_of_site=np.asarray(nests, dtype=np.int64),
        country_of_market=np.zeros(1, dtype=np.int64),
        shore_of=np.minimum(np.arange(sites), 1)[None, :],
        home_of=np.arange(sites)[None, :] == 0,
        groups=everywhere,
        labels={"en": {}, "zh": {}},
        coordinates=np.zeros((sites, 2)),
        traits={name: np.array([value]) for name, value in filled.items()},
    )


def constant_history(sites: int, years: int, wages: Sequence[float]) -> History:
    """Return series that never change: wages by site, everything else 1, no duties."""
    shapes: dict[str, tuple[int, ...]] = {
        **dict.fromkeys(
            ("wage", "productivity", "output_per_value_added", "electricity", "robot_density", "corporate_tax"),
            (sites,),
        ),
        **dict.fromkeys(("freight", "transit_days"), (1, sites)),
        "demand": (1, 1),
        "collection_ratio": (1,),
        "robot_price": (),
    }
    series = {name: np.ones((years, *shape)) for name, shape in shapes.items()}
    series["wage"] = np.tile(np.asarray(wages, dtype=np.float64), (years, 1))
    series["mfn_tariff"] = np.zeros((years, 1, sites, 1))
    return History(tuple(range(BASE_YEAR, BASE_YEAR + years)), series, ())


def duty(rates: Sequence[float], start: int, until: int | None) -> Instrument:
    """Return a duty that is believed to last for ever until it ends; rates by site [percent], until: its last year."""
    row = PolicyRow(
        id="duty", kind="tariff", authority="test", market="market", announced=date(start, 1, 1),
        start=date(start, 1, 1), until=None if until is None else date(until, 12, 31), stacking="add",
        dates=(date(start, 1, 1),), rates=np.asarray(rates, dtype=np.float64)[None, None, :], form="",
        budget_usd_billion=None, new_plants_only=False, reversal=0.0, reversal_source="", title="", source="",
        certainty="C",
    )  # fmt: skip
    return Instrument(row, path_known=False, reversal=0.0, learning=False)


@dataclass(frozen=True)
class SmallWorld:
    """One market, one sector, one owner and a few equal sites; full attention, no sunk cost, plants built in a year."""

    setting: Setting
    rules: Rules

    def live(self, firms: int = 20_000, *, prepare: Callable[[Run], None] | None = None, **more: Any) -> Lived:
        """Live through its years; `prepare` may disturb the run on the first day."""
        return live_through(self.setting, self.rules, Population(), firms, prepare=prepare, **more)


@pytest.fixture(scope="session")
def small_world() -> Callable[..., SmallWorld]:
    """Return a function that makes a small symmetric world.

    sites, nests : how many sites, and the nest of each (default: one nest)
    years        : how many years, from 2010
    wages        : by site, 1; every site is a country of its own
    traits       : sector traits by name, such as trade_elasticity (theta, 5)
    mechanisms   : parameters by mechanism, such as {"clusters": {"elasticity": 0.1}}; tariffs are always there
    decisions    : parameters other than those of the logit limit
    duties       : {"rates": percent by site, "start": year, "until": last year or None}
    """

    def made(
        sites: int = 2,
        nests: Sequence[int] | None = None,
        years: int = 30,
        wages: Sequence[float] | None = None,
        traits: Mapping[str, float] | None = None,
        mechanisms: Mapping[str, Mapping[str, float]] | None = None,
        decisions: Mapping[str, float] | None = None,
        duties: Mapping[str, Any] | None = None,
    ) -> SmallWorld:
        geography = symmetric_geography(sites, [0] * sites if nests is None else nests, traits or {})
        history = constant_history(sites, years, [1.0] * sites if wages is None else wages)
        base = BaseYear(
            use=np.full((1, 1, sites), 1e6 / sites),
            ownership=np.ones((sites, 1, 1)),
            input_origin=np.full((1, sites, sites), 1.0 / sites),
            jobs_per_output=np.full((1, sites), 3.0),
            value_added_share=np.array([0.3]),
            gdp=np.full(sites, 1e7),
            misfit=(),
        )
        instruments = () if duties is None else (duty(duties["rates"], duties["start"], duties.get("until")),)
        law = Law(instruments, Beliefs(), geography.markets, history.years)
        found = find_mechanisms()
        chosen = {"tariffs": {}, **(mechanisms or {})}
        limit = {key.removeprefix("decisions."): float(value) for key, value in _pairs(AT_ONCE, "decisions")}
        rules = Rules(
            {name: (found[name], found[name].params(**values)) for name, values in chosen.items()},
            Decisions(
                **{
                    **limit,
                    "elasticity_scale": 1.0,
                    "sunk_cost_capital": 0.0,
                    "nest_dissimilarity": 1.0,
                    **(decisions or {}),
                }
            ),
            Orders(elasticity=0.0, total_elasticity=0.0),
            Projects(delay_hazard=0.0, cancel_hazard=0.0),
        )
        return SmallWorld(Setting(geography, base, history, law), rules)

    return made


def _pairs(overrides: Sequence[str], section: str) -> list[tuple[str, str]]:
    split = (override.split("=") for override in overrides)
    return [(key, value) for key, value in split if key.startswith(f"{section}.")]
