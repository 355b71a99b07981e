"""What is compared: scenario files, or finished runs that are lived again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from footloose.errors import FootlooseError
from footloose.experiments.comparison.hybrids import changes, same_size, sized
from footloose.record import Record, read_manifest
from footloose.scenario import Scenario, check, load
from footloose.scenario.values import scenario_of
from footloose.version import versions

MANIFEST = "run.json"


@dataclass(frozen=True)
class World:
    """One of the worlds compared.

    label  : its name in tables and figures, different from those of the other worlds
    folder : the finished run it comes from, None for a scenario file
    notes  : what the user should know before reading on
    """

    label: str
    scenario: Scenario
    folder: Path | None = None
    notes: tuple[str, ...] = ()


def read_world(name: str, settings: Sequence[str] = ()) -> World:
    """Return the world of a scenario file, of a shipped scenario, or of the folder of a finished run.

    settings : `key=value` pairs laid over a scenario file
    raises   : FootlooseError for a folder without a run, ScenarioError for mistakes in a scenario
    """
    path = Path(name)
    if path.is_dir() or path.name == MANIFEST:
        if settings:
            raise FootlooseError(f"--set does not apply to {name}: a finished run is lived again as it was")
        return finished_run(path.parent if path.name == MANIFEST else path)
    scenario = load(name, overrides=list(settings))
    warnings = tuple(str(problem) for problem in check(name, overrides=list(settings)) if problem.warning)
    return World(scenario.name, scenario, None, warnings)


def finished_run(folder: Path) -> World:
    """Return the world of a finished run: its resolved scenario with the firms, seed and years it was run with.

    raises: FootlooseError when the folder holds no run, or its scenario cannot be read by this version
    """
    try:
        manifest = read_manifest(folder)
    except (OSError, ValueError) as problem:
        raise FootlooseError(f"{folder}: no finished run ({MANIFEST} is missing or cannot be read)") from problem
    data = manifest.get("resolved_scenario")
    if not isinstance(data, dict):
        raise FootlooseError(f"{folder / MANIFEST}: no resolved scenario in it; run the scenario again")
    scenario = scenario_of(data, str(folder / MANIFEST))
    first, last = (int(year) for year in manifest["years"])
    scenario = sized(scenario, int(manifest["firms"]), int(manifest["seed"]), (first, last))
    scenario = replace(scenario, replicates=int(manifest["replicates"]))
    return World(scenario.name, scenario, folder, tuple(version_notes(folder, manifest, scenario)))


def version_notes(folder: Path, manifest: dict[str, Any], scenario: Scenario) -> list[str]:
    """Return how the versions of a finished run differ from those at work now."""
    now = versions()
    apart = [
        f"{name} {manifest.get(name, 'unknown')} then, {now[name]} now"
        for name in ("version", "data_digest", "python", "numpy", "numba")
        if str(manifest.get(name)) != now[name]
    ]
    notes = [f"{folder} was made with other versions ({'; '.join(apart)}); it is lived again with those of now"] * bool(
        apart
    )
    if manifest.get("scenario_digest") not in (None, _recorded_digest(manifest, scenario)):
        notes.append(f"{folder}: its scenario resolves differently in this version; compare its parameters before use")
    return notes


def _recorded_digest(manifest: dict[str, Any], scenario: Scenario) -> str:
    """Return the digest of the scenario with the size it had in its file, which is what the manifest holds."""
    data = manifest["resolved_scenario"]
    given = replace(scenario, firms=data["firms"], replicates=data["replicates"], seed=data["seed"])
    years = data["years"]
    return sized(given, years=(int(years["from"]), int(years["until"]))).digest()


def reproduces(world: World, record: Record, replicate: int) -> str | None:
    """Return a note when a finished run's record is not what living it again gives; None when it is, bit by bit."""
    if world.folder is None:
        return None
    import h5py

    try:
        with h5py.File(world.folder / "record.nc") as kept:
            if "replicate" not in kept:
                return f"{world.folder} is a run of an ensemble; its scenario's own parameters are lived here"
            if replicate >= kept["replicate"].size:
                return None
            sales = np.asarray(kept["sales"][replicate])
    except (OSError, KeyError, ValueError):
        return f"{world.folder}: record.nc cannot be read; whether the run is the same could not be checked"
    mine = record.tables["sales"][0]
    if sales.shape != mine.shape:
        return f"{world.folder}: its record has other axes than this version's; it is lived again with those of now"
    if sales.tobytes() == np.ascontiguousarray(mine).tobytes():
        return None
    apart = float(np.abs(sales - mine).max())
    return f"{world.folder}: lived again it is not the same (sales differ by up to USD {apart:.3g} million)"


@dataclass(frozen=True)
class Twins:
    """The worlds of one comparison: the same firms, seed and years; the base and what is held against it."""

    base: World
    others: tuple[World, ...]

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The base's scenario and the others'."""
        return (self.base.scenario, *(world.scenario for world in self.others))


def twins(
    base: World,
    others: Sequence[World],
    *,
    firms: int | None = None,
    seed: int | None = None,
    years: tuple[int, int] | None = None,
) -> Twins:
    """Return worlds that share firms, seed and years: those given, else those of the base.

    raises: FootlooseError when there is nothing to compare, or when the firms of two worlds are not the same firms
    """
    if not others:
        raise FootlooseError("give at least one scenario to compare with the base")
    root = replace(base, scenario=sized(base.scenario, firms, seed, years))
    paired = [_like(root, world, base.scenario) for world in others]
    labels = [root.label, *(world.label for world in paired)]
    if len(set(labels)) < len(labels):
        paired = [replace(world, label=f"{world.label}_{place}") for place, world in enumerate(paired, 2)]
    return Twins(root, tuple(paired))


def _like(base: World, world: World, original: Scenario) -> World:
    """Return a world with the size of the base; says so where the files themselves ask for other sizes.

    original : the base's scenario as it was in its file
    """
    mine, theirs = world.scenario, base.scenario
    apart = [
        f"{name} {shown(getattr(mine, name))} instead of {shown(getattr(original, name))}"
        for name in ("firms", "seed", "years")
        if getattr(mine, name) != getattr(original, name)
    ]
    born = [change.key for change in changes(theirs, mine) if change.key.startswith("population.")]
    if born:
        raise FootlooseError(
            f"{world.label} differs from {base.label} in {', '.join(born)}: its firms are born "
            "differently, so that they have no twins. "
            "Compare worlds with the same population, or vary it with --ensemble in both"
        )
    note = (f"{world.label} asks for {', '.join(apart)}; twins share what the base has",) if apart else ()
    return replace(world, scenario=same_size(mine, theirs), notes=world.notes + note)


def shown(value: Any) -> str:
    """Return a value of a scenario as text."""
    if hasattr(value, "until") and hasattr(value, "start"):
        return f"{value.start}:{value.until}"
    return f"{value:,}" if isinstance(value, int) else json.dumps(value, default=str)
