"""Layers of a scenario: inherited files, overlays and `--set` over one another, every value with its place.

Mappings are merged key by key; lists, scalars and dated paths replace what they inherit; null deletes it. `on` for a
mechanism is a mapping that sets nothing: it keeps inherited parameters, and after an `off` below it restores defaults.
Files that do not inherit from one another may not set the same key differently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from footloose.errors import Problem, nearest
from footloose.source import (
    MAX_BYTES,
    MAX_DEPTH,
    Branch,
    Entry,
    Listing,
    Mark,
    Node,
    Scalar,
    child,
    full_width_hint,
    is_dated,
    is_null,
    kind_of,
    parse,
    parse_bytes,
    plain,
)

MAX_CHAIN = 8
OWN_WORDS = ("name", "title", "question", "evidence")
"""Keys that describe one file and are not inherited."""
FILE_KEYS = ("$schema", "extends")
"""Keys about the file itself; they are no part of the scenario."""

SWITCHED = "mechanisms"
"""The section whose entries may be `on`."""

Find = Callable[[str], Path | None]


@dataclass(frozen=True)
class Layer:
    """One file, overlay or `--set`: its tree and the files it builds on (which it may override)."""

    name: str
    root: Branch
    below: frozenset[str] = frozenset()


@dataclass
class Stack:
    """The layers of a scenario from the lowest to the highest, and the mistakes met while collecting them."""

    library: Mapping[str, Path]
    layers: dict[Path, Layer] = field(default_factory=dict)
    settings: list[Layer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    own: Path | None = None
    incomplete: bool = False
    """A file that belongs to the scenario could not be read."""

    def all_layers(self) -> list[Layer]:
        """Return files, overlays and settings, lowest first."""
        return [*self.layers.values(), *self.settings]

    def own_layers(self) -> list[Layer]:
        """Return what the user wrote: the scenario's own file if it is none that is shipped, overlays and settings."""
        files = list(self.layers)
        first = files.index(self.own) if self.own in files else 0
        return self.all_layers()[first + (self.own in self.library.values()) :]

    def add_file(self, path: Path, described: bool, over: frozenset[str] = frozenset()) -> None:
        """Read a file and all it extends.

        described : keep the name, title, question and evidence of this file
        over      : names of layers below that this file overrides (for overlays)
        """
        if described:
            self.own = path.resolve()
        self._add(path, (), over, None, described)

    def add_setting(self, pair: str) -> None:
        """Read one `key=value` of the command line; the value is YAML."""
        place = Mark(f"--set {pair}")
        key, equals, text = pair.partition("=")
        steps = key.strip().split(".")
        if not equals or not all(steps) or not text.strip() or len(steps) > MAX_DEPTH:
            self.problems.append(place.problem("write KEY=VALUE, such as policies.my_tariff.rate=25"))
            return
        document = parse(f"value: {text.strip()}", place.file)
        if document.root is None or document.problems or len(document.root.entries) > 1:
            messages = [problem.message for problem in document.problems] or ["more than one value"]
            self.problems.extend(place.problem(f"{message} (in the value)", key) for message in messages)
            return
        node: Node = relocate(document.root.entries["value"].node, place)
        for step in reversed(steps):
            node = Branch({step: Entry(place, node)}, place)
        assert isinstance(node, Branch)
        below = frozenset(layer.name for layer in self.layers.values())
        self.settings.append(Layer(place.file, switched_on(node), below))

    def combined(self, without_own: bool = False) -> Branch:
        """Return all layers merged; `without_own` leaves out the scenario's own file and all above it."""
        merged: Node = Branch({}, Mark(""))
        for path, layer in self.layers.items():
            if without_own and path == self.own:
                break
            merged = merge(merged, layer.root)
        for layer in [] if without_own else self.settings:
            merged = merge(merged, layer.root)
        assert isinstance(merged, Branch)
        return merged

    def clashes(self) -> list[Problem]:
        """Return every key that two layers set differently although neither builds on the other."""
        layers = self.all_layers()
        found: list[Problem] = []
        for first, second in combinations(layers, 2):
            if first.name in second.below or second.name in first.below:
                continue
            for path, one, other in differences(first.root, second.root):
                if not _settled(path, first, second, layers):
                    found.append(_clash(path, one, other))
        return found

    def _add(
        self, path: Path, chain: tuple[Path, ...], over: frozenset[str], asked: Mark | None, described: bool
    ) -> frozenset[str]:
        """Add a file above all it extends; return the names of its layer and of all below it."""
        real, shown = path.resolve(), _shown(path)
        where = asked or Mark(shown)
        if real in chain:
            circle = " -> ".join(step.name for step in (*chain[chain.index(real) :], real))
            return self._give_up(where.problem(f"extends goes in a circle: {circle}", "extends"))
        if len(chain) >= MAX_CHAIN:
            return self._give_up(where.problem(f"extends goes deeper than {MAX_CHAIN} files", "extends"))
        if real in self.layers:
            return self.layers[real].below | {self.layers[real].name}
        root = self._read(path, shown, where)
        if root is None:
            return frozenset()
        below = over
        for text, mark in self._parents(root):
            parent = self._locate(text, path.parent, mark)
            if parent is not None:
                below |= self._add(parent, (*chain, real), over, mark, False)
        hidden = FILE_KEYS if described else FILE_KEYS + OWN_WORDS
        kept = {key: entry for key, entry in root.entries.items() if key not in hidden}
        self.layers[real] = Layer(shown, switched_on(replace(root, entries=kept)), below)
        return below | {shown}

    def _give_up(self, problem: Problem) -> frozenset[str]:
        self.problems.append(problem)
        self.incomplete = True
        return frozenset()

    def _read(self, path: Path, shown: str, where: Mark) -> Branch | None:
        try:
            with path.open("rb") as file:
                document = parse_bytes(file.read(MAX_BYTES + 1), shown)
        except OSError as error:
            self._give_up(where.problem(f"cannot read {shown}: {error.strerror or error}"))
            return None
        self.problems.extend(document.problems)
        self.incomplete |= document.root is None
        return document.root

    def _parents(self, root: Branch) -> list[tuple[str, Mark]]:
        entry = root.entries.get("extends")
        if entry is None or is_null(entry.node):
            return []
        items = entry.node.items if isinstance(entry.node, Listing) else (entry.node,)
        found: list[tuple[str, Mark]] = []
        for item in items:
            if isinstance(item, Scalar) and isinstance(item.value, str):
                found.append((item.value, item.mark))
            else:
                message = f"extends: given {kind_of(plain(item))}; wanted a file or a list of files"
                self.problems.append(item.mark.problem(message, "extends"))
        return found

    def _locate(self, text: str, folder: Path, mark: Mark) -> Path | None:
        """Return the file meant by `extends`: next to the file first, then among the shipped scenarios."""
        for candidate in (folder / text, folder / f"{text}.yaml"):
            if is_file(candidate):
                return candidate
        shipped = self.library.get(text.removesuffix(".yaml"))
        if shipped is not None:
            return shipped
        here = [file.stem for file in folder.glob("*.yaml")] if folder.is_dir() else []
        close = nearest(text, [*self.library, *here])
        hint = f"; did you mean {close!r}?" if close else f"; shipped: {', '.join(self.library)}"
        message = f"extends: no such file or shipped scenario {text!r}{hint}{full_width_hint(text)}"
        self._give_up(mark.problem(message, "extends"))
        return None


def merge(below: Node, above: Node) -> Node:
    """Return `above` laid over `below`. Associative: merge(merge(a, b), c) equals merge(a, merge(b, c)).

    A null stays in the result, so that it still deletes when the result is laid over something; `plain`
    leaves it out.
    """
    if not isinstance(above, Branch) or above.whole:
        return above
    if not isinstance(below, Branch) or is_dated(below):
        return replace(above, whole=True)
    entries = dict(below.entries)
    for name, entry in above.entries.items():
        old = entries.get(name)
        entries[name] = entry if old is None else Entry(entry.key, merge(old.node, entry.node))
    return Branch(entries, above.mark, below.whole)


def switched_on(root: Branch) -> Branch:
    """Return the tree with every `on` of a mechanism as the mapping that sets nothing."""
    section = root.entries.get(SWITCHED)
    if section is None or not isinstance(section.node, Branch):
        return root
    entries = {
        name: replace(entry, node=Branch({}, entry.node.mark))
        if isinstance(entry.node, Scalar) and entry.node.value == "on"
        else entry
        for name, entry in section.node.entries.items()
    }
    return replace(
        root, entries={**root.entries, SWITCHED: replace(section, node=replace(section.node, entries=entries))}
    )


def differences(one: Node, other: Node, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Entry, Entry]]:
    """Return the keys that both trees set and set differently."""
    found: list[tuple[tuple[str, ...], Entry, Entry]] = []
    if not isinstance(one, Branch) or not isinstance(other, Branch):
        return found
    for name, entry in one.entries.items():
        twin = other.entries.get(name)
        if twin is None:
            continue
        both = isinstance(entry.node, Branch) and isinstance(twin.node, Branch)
        if both and not is_dated(entry.node) and not is_dated(twin.node):
            found.extend(differences(entry.node, twin.node, (*path, name)))
        elif plain(entry.node) != plain(twin.node):
            found.append(((*path, name), entry, twin))
    return found


def relocate(node: Node, mark: Mark) -> Node:
    """Return the same tree with every place replaced by one."""
    if isinstance(node, Scalar):
        return replace(node, mark=mark)
    if isinstance(node, Listing):
        return Listing(tuple(relocate(item, mark) for item in node.items), mark)
    entries = {name: Entry(mark, relocate(entry.node, mark)) for name, entry in node.entries.items()}
    return replace(node, entries=entries, mark=mark)


def _settled(path: tuple[str, ...], first: Layer, second: Layer, layers: Sequence[Layer]) -> bool:
    """Return True when a layer above one of the two sets the key itself: the older claim no longer counts."""
    for layer in layers:
        if first.name in layer.below or second.name in layer.below:
            node: Node = layer.root
            for step in path:
                entry = child(node, step)
                if entry is None:
                    break
                node = entry.node
            else:
                return True
    return False


def _clash(path: tuple[str, ...], one: Entry, other: Entry) -> Problem:
    first = one.key
    place = f"{first.file}:{first.line}" if first.line else first.file
    message = (
        f"{'.'.join(path)} is set differently by two files that do not build on one another: "
        f"{place} says {_short(one.node)}, here it is {_short(other.node)}; "
        "remove one, or set it in the file that extends both"
    )
    return other.key.problem(message, ".".join(path))


def is_file(path: Path) -> bool:
    """Return whether there is such a file; names that no file can have are none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _short(node: Node) -> str:
    text = str(plain(node))
    return text if len(text) <= 60 else text[:57] + "..."


def _shown(path: Path) -> str:
    """Return the path as shown in messages: relative to the working folder where it lies inside."""
    try:
        return str(path.resolve().relative_to(Path.cwd())) if path.is_absolute() else str(path)
    except ValueError:
        return str(path)
