"""Every number of the model has one home, is documented there, and does something."""

from __future__ import annotations

import ast
import inspect
import types
import typing
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic.fields import FieldInfo

from footloose.block import Block, documented
from footloose.registry import mechanism_blocks, section_blocks

CERTAINTIES = {"A", "B", "C", "D"}


def parts_of(annotation: Any) -> Iterator[Any]:
    """Yield the classes an annotation is made of, through unions, containers, aliases and Annotated."""
    value = getattr(annotation, "__value__", annotation)
    arguments = typing.get_args(value)
    if typing.get_origin(value) is typing.Literal:
        yield from (type(choice) for choice in arguments)
    elif typing.get_origin(value) is typing.Annotated:
        yield from parts_of(arguments[0])
    elif arguments:
        for argument in arguments:
            yield from parts_of(argument)
    else:
        yield value


def block_types(block: type[Block]) -> Iterator[type[Block]]:
    """Yield a block and every block inside it."""
    yield block
    for field in block.model_fields.values():
        for part in parts_of(field.annotation):
            if isinstance(part, type) and issubclass(part, Block) and part is not block:
                yield from block_types(part)


def is_number(field: FieldInfo) -> bool:
    """Say whether a field is a number, or holds numbers, of the model."""
    return any(part in (int, float) for part in parts_of(field.annotation))


def shortcomings(block: type[Block]) -> Iterator[str]:
    """Yield what the declarations of one block leave out."""
    if not (block.__doc__ or "").strip():
        yield f"{block.__qualname__}: no docstring"
    for name, field in documented(block).items():
        where = f"{block.__module__}.{block.__qualname__}.{name}"
        if not (field.description or "").strip():
            yield f"{where}: no docstring under it"
        if not is_number(field):
            continue
        extra = field.json_schema_extra
        declared: Mapping[str, Any] = extra if isinstance(extra, Mapping) else {}
        for key in ("unit", "source"):
            if not str(declared.get(key, "")).strip():
                yield f"{where}: no {key}"
        if declared.get("certainty") not in CERTAINTIES:
            yield f"{where}: certainty is {declared.get('certainty')!r}, not one of A, B, C, D"
        yield from (f"{where}: {fault}" for fault in range_faults(field, declared.get("range")))


def range_faults(field: FieldInfo, limits: Any) -> Iterator[str]:
    """Yield what is wrong with the range of one number."""
    if not (isinstance(limits, (list, tuple)) and len(limits) == 2 and limits[0] < limits[1]):
        yield f"range is {limits!r}, not [low, high] with low < high"
        return
    default = field.default
    for value in default.values() if isinstance(default, Mapping) else (default,):
        if isinstance(value, (int, float)) and not limits[0] <= value <= limits[1]:
            yield f"default {value} outside its range {limits}"


def sections() -> dict[str, type[Block]]:
    return {**section_blocks(), **mechanism_blocks()}


def test_there_are_parameters() -> None:
    """Guard of the tests below: an empty registry would satisfy them all."""
    assert mechanism_blocks()
    assert section_blocks()
    assert not set(mechanism_blocks()) & set(section_blocks())


def test_every_mechanism_module_is_found(checkout: Path) -> None:
    folder = checkout / "model" / "footloose" / "mechanisms"
    modules = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    assert modules - {"__init__"} == set(mechanism_blocks())


@pytest.mark.parametrize("name", sorted(sections()))
def test_every_parameter_is_documented(name: str) -> None:
    assert [fault for block in block_types(sections()[name]) for fault in shortcomings(block)] == []


def attributes_read(path: Path) -> set[str]:
    """Return the names a file reads as attributes, or mentions as text outside docstrings (`getattr`)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    }
    return names | texts


def home_of(block: type[Block]) -> tuple[Path, ...]:
    """Return the file a block is declared in, or all files of its package."""
    home = Path(inspect.getfile(block))
    return tuple(home.parent.rglob("*.py")) if home.name == "__init__.py" else (home,)


@pytest.mark.parametrize("name", sorted(sections()))
def test_every_parameter_is_read(name: str, modules: tuple[Path, ...]) -> None:
    """A mechanism's parameter is read at home, or elsewhere if its name cannot be mistaken for another's."""
    declared = Counter(field for block in sections().values() for field in block.model_fields)
    anywhere = set().union(*(attributes_read(path) for path in modules))
    at_home = set().union(*(attributes_read(path) for path in home_of(sections()[name])))
    unread = [
        f"{part.__qualname__}.{field}"
        for part in block_types(sections()[name])
        for field in part.model_fields
        if field not in (at_home if name in mechanism_blocks() and declared[field] > 1 else anywhere)
    ]
    assert unread == []


def test_types_are_seen_through() -> None:
    """The walk above finds numbers and blocks inside unions, containers and aliases."""
    assert set(parts_of(dict[str, float | None])) == {str, float, types.NoneType}
    assert set(parts_of(typing.Annotated[tuple[int, ...], "years"])) == {int, ...}
