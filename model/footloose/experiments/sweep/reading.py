"""From a sweep file to a sweep and the scenario it varies, or to every mistake in them with line numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from footloose.errors import Problem, ScenarioError, nearest
from footloose.experiments.sweep.clashes import clashes
from footloose.experiments.sweep.schema import Sweep
from footloose.merging import Layer, Stack, is_file
from footloose.scenario import Scenario, find_scenario, overlays, shipped
from footloose.scenario.mistakes import Names, read_block
from footloose.scenario.names import names
from footloose.scenario.reading import build
from footloose.source import MAX_BYTES, Branch, Entry, Listing, Mark, Scalar, child, is_null, parse_bytes


@dataclass(frozen=True)
class SweepFile:
    """A sweep as read, with the scenario it varies.

    name  : short name in outputs
    root  : the file's tree: where every key and value stands
    tree  : the merged tree of the scenario, overlays and settings; points are laid over it
    base  : the scenario before anything is varied
    names : names by kind that a scenario may use
    """

    sweep: Sweep
    name: str
    file: str
    root: Branch
    tree: Branch
    base: Scenario
    names: Names

    def place(self, *steps: str | int) -> Mark:
        """Return where a key of the sweep file stands."""
        entry: Entry | None = Entry(self.root.mark, self.root)
        place = self.root.mark
        for step in steps:
            entry = child(entry.node, step) if entry is not None else None
            if entry is None:
                break
            place = entry.key
        return place


def shipped_sweeps() -> dict[str, Path]:
    """Return the sweeps that come with footloose, by name."""
    folder = shipped()["baseline"].parent / "sweeps"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def find_sweep(path_or_name: str | Path) -> Path:
    """Return the file of a path or of a shipped sweep's name; raises ScenarioError when there is none."""
    text, path = str(path_or_name), Path(path_or_name)
    for candidate in (path, path.with_name(f"{path.name}.yaml") if path.name else path):
        if is_file(candidate):
            return candidate
    library = shipped_sweeps()
    name = text.removesuffix(".yaml").removeprefix("sweeps/")
    if name in library:
        return library[name]
    close = nearest(name, library)
    hint = f"did you mean {close!r}?" if close else f"shipped: {', '.join(library)}"
    raise ScenarioError([Problem(f"no such file or shipped sweep; {hint}", file=text)])


def read_sweep(
    path_or_name: str | Path, *, firms: int | None = None, replicates: int | None = None, settings: Sequence[str] = ()
) -> SweepFile:
    """Return the sweep of a file or of a shipped name.

    firms, replicates : replace the file's own
    settings          : `key=value` laid over the scenario of all runs, as in `--set`
    raises            : ScenarioError with every mistake of the sweep file, or of the scenario with its settings
    """
    path = find_sweep(path_or_name)
    try:
        with path.open("rb") as file:
            document = parse_bytes(file.read(MAX_BYTES + 1), str(path))
    except OSError as error:
        raise ScenarioError([Problem(f"cannot be read: {error.strerror or error}", file=str(path))]) from error
    if document.root is None or document.problems:
        raise ScenarioError(document.problems)
    known = names()
    sweep, problems = read_block(Sweep, Entry(document.root.mark, document.root), (), known)
    if sweep is None:
        raise ScenarioError(problems)
    given = {"firms": firms, "replicates": replicates}
    sweep = with_options(sweep, {key: value for key, value in given.items() if value is not None})
    stack = collect(sweep, document.root, path, settings)
    tree = stack.combined()
    base, found = build(tree, "sweep" if stack.own is None else stack.own.stem, known)
    mistakes = [*stack.problems, *stack.clashes(), *([] if stack.incomplete else found)]
    if base is None or mistakes:
        raise ScenarioError(list(dict.fromkeys(mistakes)))
    read = SweepFile(sweep, sweep.name or path.stem, str(path), document.root, tree, base, known)
    clashing = clashes(sweep, read.place)
    if clashing:
        raise ScenarioError(clashing)
    return read


def with_options(sweep: Sweep, given: Mapping[str, int]) -> Sweep:
    """Return the sweep with options of the command line in place of its own; raises ScenarioError out of range."""
    if not given:
        return sweep
    for key, value in given.items():
        most = 50_000_000 if key == "firms" else 10_000
        if not 1 <= value <= most:
            raise ScenarioError([Problem(f"{key}: {value} given; 1 to {most:,} are allowed", file=f"--{key}")])
    return sweep.model_copy(update=dict(given))


def collect(sweep: Sweep, root: Branch, path: Path, settings: Sequence[str]) -> Stack:
    """Return the layers all runs have in common: scenario, overlays, the file's settings, those of the command line."""
    stack = Stack(library=shipped() | overlays())
    scenario = _locate(sweep.scenario, path, _mark(root, "scenario"), stack.problems)
    if scenario is None:
        stack.incomplete = True
        return stack
    stack.add_file(scenario, described=True)
    below = frozenset(layer.name for layer in stack.layers.values())
    for position, text in enumerate(sweep.overlays):
        overlay = _locate(text, path, _mark(root, "overlays", position), stack.problems)
        if overlay is None:
            stack.incomplete = True
        else:
            stack.add_file(overlay, described=False, over=below)
    own = root.entries.get("settings")
    if own is not None and isinstance(own.node, Branch) and not is_null(own.node):
        stack.settings.append(Layer(f"{path}: settings", own.node))
    for key, value in (("firms", sweep.firms), ("seed", sweep.seed)):
        if value is not None:
            place = _mark(root, key)
            stack.settings.append(Layer(f"{path}: {key}", Branch({key: Entry(place, Scalar(value, place))}, place)))
    for pair in settings:
        stack.add_setting(pair)
    names_of = [layer.name for layer in stack.all_layers()]
    first = len(stack.layers)
    stack.settings = [
        Layer(layer.name, layer.root, frozenset(names_of[: first + position]))
        for position, layer in enumerate(stack.settings)
    ]
    return stack


def _locate(text: str, path: Path, mark: Mark, problems: list[Problem]) -> Path | None:
    for candidate in (path.parent / text, path.parent / f"{text}.yaml"):
        if is_file(candidate) and candidate.resolve() != path.resolve():
            return candidate
    try:
        return find_scenario(text)
    except ScenarioError as error:
        problems.append(mark.problem(f"{text}: {error.problems[0].message}", "scenario"))
        return None


def _mark(root: Branch, key: str, position: int | None = None) -> Mark:
    entry = root.entries.get(key)
    if entry is None:
        return root.mark
    if position is not None and isinstance(entry.node, Listing):
        return entry.node.items[position].mark
    return entry.node.mark
