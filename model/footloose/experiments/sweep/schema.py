"""What a sweep file says, in the words of the field: levers, uncertainties, outcomes, design (Lempert et al. 2003).

Levers are what the ministry chooses, uncertainties what it does not; outcomes are what it looks at.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from footloose.block import ONE_OR_MANY, Block, one_or_many
from footloose.policies import SLUG
from footloose.scenario.heading import FIRST_YEAR, LAST_YEAR, Wording, Words

MANY = Field(json_schema_extra=ONE_OR_MANY)
Keys = Annotated[tuple[str, ...], BeforeValidator(one_or_many), MANY]
DESIGNS = ("grid", "latin_hypercube", "sobol", "sobol_sequence", "morris", "one_at_a_time", "list", "crossed")
SAMPLED = {
    "grid": (),
    "latin_hypercube": ("points",),
    "sobol": ("points",),
    "sobol_sequence": ("points",),
    "morris": ("trajectories", "levels"),
    "one_at_a_time": (),
    "list": ("runs",),
    "crossed": ("levers", "uncertainties"),
}
"""What each kind of design takes besides its kind."""
RESERVED = frozenset({"run", "point", "replicate", "state", "cause", "outcome", "year", "value", "unit", "key"})
"""Columns of the tables of results; no factor or outcome can be called so."""


class Factor(Block):
    """One lever or uncertainty: which keys of the scenario it sets, and to what."""

    key: Keys = ()
    """Dotted key of the scenario, or several that get the same value: mechanisms.clusters.elasticity."""

    low: float | None = Field(None, alias="from")
    """Lower end of the range."""

    high: float | None = Field(None, alias="to")
    """Upper end of the range."""

    steps: int = Field(5, ge=2, le=10_000)
    """Values from end to end in a grid."""

    distribution: Literal["uniform", "log_uniform", "triangular"] = "uniform"
    """How a sample is spread over the range; triangular has its mode at `nominal`."""

    whole: bool = False
    """true: whole numbers only."""

    multiplies: bool = False
    """true: the number multiplies what the scenario says, every number of a dated path."""

    values: tuple[JsonValue, ...] = ()
    """The values it takes, instead of a range; equally likely in a sample."""

    choices: dict[str, dict[str, JsonValue]] = {}
    """Named alternatives, instead of key and range: name -> {dotted key: value}; for structure, such as off."""

    nominal: JsonValue = None
    """Value when it is not varied; that of the scenario when left out."""

    label: Words = Wording()
    """Name in figures and sentences."""

    unit: str = ""
    """Unit in figures and sentences."""

    source: str = ""
    """Where the range comes from."""

    names: dict[str, Words] = {}
    """Names of choices, or of values that are words, in figures and sentences: choice -> {en: ..., zh: ...}."""

    @model_validator(mode="after")
    def _consistent(self) -> Factor:
        ranged = self.low is not None or self.high is not None
        if ranged + bool(self.values) + bool(self.choices) != 1:
            _refuse("give exactly one of a range (from, to), values, or choices")
        if bool(self.choices) == bool(self.key):
            _refuse("give `key`, the dotted key of the scenario it sets; with `choices` the keys stand in the choices")
        strange = set(self.names) - {*self.choices, *(str(value) for value in self.values)}
        if strange:
            _refuse(f"names: {sorted(strange)[0]!r} is none of the choices or values")
        if self.choices and not all(self.choices.values()) and len(self.choices) < 2:
            _refuse("choices: give at least two")
        if ranged and (self.low is None or self.high is None):
            _refuse("a range has two ends: from and to")
        texts = [repr(value) for value in self.values]
        twice = next((text for number, text in enumerate(texts) if text in texts[:number]), None)
        if twice is not None:
            _refuse(f"values: {twice} is given twice")
        if None in self.values:
            _refuse("values: null is no value; leave it out")
        if ranged:
            self._check_range()
        elif self.multiplies and not all(is_number(value) for value in self.values):
            _refuse("multiplies: true needs numbers")
        return self

    def _check_range(self) -> None:
        assert self.low is not None
        assert self.high is not None
        if not self.low < self.high:
            _refuse(f"from {self.low:g} is not below to {self.high:g}")
        if self.whole and not (self.low.is_integer() and self.high.is_integer()):
            _refuse(f"whole: from {self.low:g} to {self.high:g} are no whole numbers")
        if self.distribution == "log_uniform" and self.low <= 0.0:
            _refuse(f"log_uniform: from {self.low:g} is not above 0")
        if self.nominal is not None and not (is_number(self.nominal) and self.low <= float(self.nominal) <= self.high):  # type: ignore[arg-type]
            _refuse(f"nominal {self.nominal} is not between from {self.low:g} and to {self.high:g}")

    @property
    def is_range(self) -> bool:
        """Whether it varies over a range of numbers."""
        return self.low is not None

    @property
    def is_numeric(self) -> bool:
        """Whether all it takes are numbers."""
        return self.is_range or (bool(self.values) and all(is_number(value) for value in self.values))


class Goal(Block):
    """What an outcome has to reach."""

    at_most: float | None = None
    """Reached at or below this value."""

    at_least: float | None = None
    """Reached at or above this value."""

    @model_validator(mode="after")
    def _one(self) -> Goal:
        if (self.at_most is None) == (self.at_least is None):
            _refuse("give exactly one of at_most and at_least")
        return self

    @property
    def threshold(self) -> float:
        """The value that is to be reached."""
        return float(self.at_most if self.at_most is not None else self.at_least)  # type: ignore[arg-type]


class Outcome(Block):
    """One number a run is judged by: a variable of the long table, and the year or years it is read in."""

    variable: str
    """Name in the long table, such as Imports|Share."""

    market: str = "all"
    """Market, or all."""

    site: str = "all"
    """Site, country:NAME, shore:NAME, or all."""

    sector: str = "all"
    """Sector, or all."""

    origin: str = "all"
    """Home of the owner, or all."""

    year: int | None = Field(None, ge=FIRST_YEAR, le=LAST_YEAR, json_schema_extra={"unit": "year"})
    """The year it is read in; the last one simulated when neither year nor years are given."""

    years: tuple[int, int] | None = None
    """First and last year, taken together as `over` says."""

    over: Literal["mean", "sum", "change"] = "mean"
    """How years are taken together: mean, sum, or the last less the first."""

    goal: Goal | None = None
    """What is to be reached: {at_most: 10} or {at_least: 60}."""

    better: Literal["higher", "lower"] | None = None
    """Which way is better, for regret; that of the goal when left out."""

    label: Words = Wording()
    """Name in figures and sentences."""

    @model_validator(mode="after")
    def _consistent(self) -> Outcome:
        if self.year is not None and self.years is not None:
            _refuse("give year or years, not both")
        if self.years is not None and not FIRST_YEAR <= self.years[0] < self.years[1] <= LAST_YEAR:
            _refuse(f"years: two rising years between {FIRST_YEAR} and {LAST_YEAR} are needed")
        return self

    @property
    def selector(self) -> tuple[str, str, str, str, str]:
        """Which rows of the long table: variable, market, site, sector, origin."""
        return self.variable, self.market, self.site, self.sector, self.origin

    @property
    def direction(self) -> Literal["higher", "lower"] | None:
        """Which way is better, if that is said."""
        if self.better is None and self.goal is not None:
            return "lower" if self.goal.at_most is not None else "higher"
        return self.better


class Design(Block):
    """Which points of the space of levers and uncertainties are run."""

    kind: Literal["grid", "latin_hypercube", "sobol", "sobol_sequence", "morris", "one_at_a_time", "list", "crossed"]
    """grid, latin_hypercube, sobol (Saltelli's scheme, for indices), sobol_sequence (to fill the space), morris,
    one_at_a_time, list, or crossed (levers and uncertainties each with a design of their own)."""

    points: int | None = Field(None, ge=1, le=10_000_000)
    """Size of the sample; sobol runs points x (factors + 2)."""

    trajectories: int | None = Field(None, ge=2, le=100_000)
    """Trajectories of morris; it runs trajectories x (factors + 1)."""

    levels: int | None = Field(None, ge=2, le=64)
    """Levels of morris; 4 when left out."""

    runs: tuple[dict[str, JsonValue], ...] | None = Field(None, min_length=1)
    """The points of a list; what is not named keeps its nominal value."""

    levers: Design | None = None
    """Design of the levers in a crossed design."""

    uncertainties: Design | None = None
    """Design of the uncertainties in a crossed design."""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Design:
        given = {name for name in type(self).model_fields if name != "kind" and getattr(self, name) is not None}
        takes = SAMPLED[self.kind]
        for name in sorted(given - set(takes)):
            _refuse(f"kind {self.kind} takes no `{name}`" + (f"; it takes {', '.join(takes)}" if takes else ""))
        for name in takes:
            if name not in given and name != "levels":
                _refuse(f"kind {self.kind} needs `{name}`")
        if self.kind in ("sobol", "sobol_sequence") and self.points is not None and self.points & (self.points - 1):
            _refuse(f"points {self.points}: a Sobol sequence is balanced for powers of 2 only (64, 128, 256, ...)")
        if self.levels is not None and self.levels % 2:
            _refuse(f"levels {self.levels}: an even number is needed")
        return self


class Sweep(Block):
    """A sweep file."""

    name: str | None = Field(None, pattern=SLUG)
    """Short name in outputs; the file's own name when left out."""

    title: Words = Wording()
    """Title for figures: a text, or {en: ..., zh: ...}."""

    question: Words = Wording()
    """What is asked."""

    scenario: str = "baseline"
    """The scenario varied: a shipped name, or a file next to the sweep file."""

    overlays: Keys = ()
    """Files laid over the scenario, shipped or next to the sweep file."""

    settings: dict[str, JsonValue] = {}
    """What all runs have in common, as in a scenario file; laid over the scenario."""

    levers: dict[Annotated[str, Field(pattern=SLUG)], Factor] = {}
    """What the ministry chooses: name -> key and range, values or choices."""

    uncertainties: dict[Annotated[str, Field(pattern=SLUG)], Factor] = {}
    """What it does not choose."""

    outcomes: dict[Annotated[str, Field(pattern=SLUG)], Outcome] = Field(min_length=1)
    """What it looks at: name -> variable, place, year, goal."""

    design: Design
    """Which points are run."""

    replicates: int = Field(1, ge=1, le=10_000)
    """Runs of every point with different random draws, the same at all points."""

    seed: int = Field(1, ge=0, le=2**53)
    """Seed of the random numbers of the runs and of the sample."""

    firms: int | None = Field(None, ge=1, le=50_000_000)
    """Production programmes simulated; those of the scenario when left out."""

    @model_validator(mode="after")
    def _names_are_clear(self) -> Sweep:
        if not self.factors:
            _refuse("nothing is varied; give `levers`, `uncertainties` or both")
        twice = set(self.levers) & set(self.uncertainties) or (set(self.factors) & set(self.outcomes))
        if twice:
            _refuse(f"the name {sorted(twice)[0]!r} is used twice; levers, uncertainties and outcomes need their own")
        reserved = RESERVED & {*self.factors, *self.outcomes}
        if reserved:
            _refuse(f"{sorted(reserved)[0]!r} is a column of the results already; take another name")
        if self.design.kind == "crossed" and not (self.levers and self.uncertainties):
            _refuse("design: crossed needs both levers and uncertainties")
        return self

    @property
    def factors(self) -> dict[str, Factor]:
        """Levers and uncertainties, in the order of the file."""
        return {**self.levers, **self.uncertainties}


def is_number(value: Any) -> bool:
    """Return whether a value is a number (true and false are none)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _refuse(message: str) -> None:
    raise PydanticCustomError("inconsistent", "{message}", {"message": message})
