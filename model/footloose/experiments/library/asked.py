"""What is measured: every shipped scenario, the world it is held against, its family, and the year that is shown.

The twin of a scenario is the one it extends, unless `families.csv` names another, with settings laid over it: where a
scenario switches mechanisms on that do something by themselves, its twin has them on too.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from footloose.errors import DataError, nearest
from footloose.experiments.sweep.keys import digest_of
from footloose.scenario import Scenario, load, shipped

TABLE = "families.csv"
COLUMNS = ("family", "scenario", "year", "twin", "settings", "twin_in_words")
NO_TWIN = "none"
WORDS = ("name", "title", "question", "evidence", "firms", "replicates", "seed", "years")
"""What of a scenario is no part of its content: words, and the size, which a measurement sets for all."""


@dataclass(frozen=True)
class World:
    """A shipped scenario with `key=value` settings laid over it."""

    name: str
    settings: tuple[str, ...] = ()

    def scenario(self) -> Scenario:
        """Return it; raises ScenarioError for a setting that cannot be."""
        return load(shipped()[self.name], overrides=list(self.settings))


@dataclass(frozen=True)
class Asked:
    """One question: a scenario, the world it is held against (None: nothing), and the single year that is shown."""

    family: str
    name: str
    year: int
    twin: World | None
    twin_in_words: str

    @property
    def world(self) -> World:
        """The scenario as it is."""
        return World(self.name)


def read_asked() -> tuple[Asked, ...]:
    """Return the questions in the order of the table.

    raises: DataError, with file and row, for an unknown scenario or a shipped one without a row
    """
    lines = files(__package__).joinpath(TABLE).read_text(encoding="utf-8").splitlines()
    return asked_of(list(csv.DictReader(lines)))


def asked_of(rows: Sequence[Mapping[str, str]]) -> tuple[Asked, ...]:
    """Return the questions of the rows of a table.

    raises: DataError, with file and row, for an unknown scenario, a year that is none, or a shipped scenario left out
    """
    known = list(shipped())
    asked = [_asked(f"{TABLE}, row {number}", row, known) for number, row in enumerate(rows, 2)]
    missing = [name for name in known if name not in {one.name for one in asked}]
    if missing:
        raise DataError(f"{TABLE}: no row for the shipped scenario {', '.join(missing)}; give it a family")
    return tuple(asked)


def _asked(place: str, row: Mapping[str, str], known: Sequence[str]) -> Asked:
    """Return the question of one row."""
    absent = [column for column in COLUMNS if row.get(column) is None]
    if absent:
        raise DataError(f"{place}: no {', '.join(absent)}; the columns are {', '.join(COLUMNS)}")
    for column in ("scenario", "twin"):
        given = row[column]
        if given not in (*known, *(("", NO_TWIN) if column == "twin" else ())):
            close = nearest(given, known)
            raise DataError(f"{place}, {column}: {given!r} is not shipped" + (f"; did you mean {close}?" * bool(close)))
    if not row["year"].isdecimal():
        raise DataError(f"{place}, year: {row['year']!r} given; write a year, such as 2030")
    twin = _twin(place, row)
    return Asked(row["family"], row["scenario"], int(row["year"]), twin, row["twin_in_words"] or _plain(twin))


def _twin(place: str, row: Mapping[str, str]) -> World | None:
    """Return the world of a row that its scenario is held against."""
    settings = tuple(setting for setting in row["settings"].split(";") if setting)
    if row["twin"] == NO_TWIN:
        return None
    if row["twin"]:
        return World(row["twin"], settings)
    extended = extends(row["scenario"])
    if extended is None:
        raise DataError(f"{place}, twin: {row['scenario']} extends nothing; name a twin, or {NO_TWIN}")
    return World(extended, settings)


def _plain(twin: World | None) -> str:
    return "" if twin is None else twin.name


@cache
def extends(name: str) -> str | None:
    """Return the shipped scenario that another one extends; None where it extends nothing."""
    below = World(name).scenario().files[:-1]
    return Path(below[-1]).stem if below else None


@cache
def content(world: World) -> str:
    """Return a hash of what decides a world's numbers: every value but words, size and mechanisms that are off.

    A mechanism that is new and off changes no number, so that it leaves the hash as it is.
    """
    data = {key: value for key, value in world.scenario().as_data().items() if key not in WORDS}
    data["mechanisms"] = {name: block for name, block in data["mechanisms"].items() if block != "off"}
    return digest_of(data)[:12]
