"""The scenarios that come with footloose: from the installed package, or from a checkout."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

from footloose.errors import Problem, ScenarioError, nearest
from footloose.merging import is_file


def shipped() -> dict[str, Path]:
    """Return the shipped scenarios by name, baseline first."""
    names = {path.stem: path for path in _yaml_files(_folder())}
    return {name: names[name] for name in sorted(names, key=lambda name: (name != "baseline", name))}


def overlays() -> dict[str, Path]:
    """Return the shipped overlays by name: fragments to lay over a scenario, named overlays/..."""
    return {f"overlays/{path.stem}": path for path in _yaml_files(_folder() / "overlays")}


def find_scenario(path_or_name: str | Path) -> Path:
    """Return the file of a path or of a shipped scenario's name; raises ScenarioError when there is none."""
    text = str(path_or_name)
    path = Path(path_or_name)
    for candidate in (path, path.with_name(f"{path.name}.yaml") if path.name else path):
        if is_file(candidate):
            return candidate
    library = shipped() | overlays()
    if text.removesuffix(".yaml") in library:
        return library[text.removesuffix(".yaml")]
    close = nearest(text, library)
    hint = f"did you mean {close!r}?" if close else f"shipped: {', '.join(library)}"
    raise ScenarioError([Problem(f"no such file or shipped scenario; {hint}", file=text)])


def _folder() -> Path:
    packaged = files("footloose") / "_scenarios"
    if packaged.is_dir():
        with as_file(packaged) as folder:
            return folder
    return Path(__file__).resolve().parents[3] / "scenarios"


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml")) if folder.is_dir() else []
