"""Inheritance, overlays and `--set`: who wins, what clashes, and where a value comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from footloose.merging import Stack, merge
from footloose.source import Branch, parse, plain


def tree(text: str) -> Branch:
    root = parse(text, "x.yaml").root
    assert root is not None
    return root


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def stack_of(folder: Path, main: str = "main", *, overlays: tuple[str, ...] = (), sets: tuple[str, ...] = ()) -> Stack:
    stack = Stack(library={})
    stack.add_file(folder / f"{main}.yaml", described=True)
    below = frozenset(layer.name for layer in stack.layers.values())
    for overlay in overlays:
        stack.add_file(folder / f"{overlay}.yaml", described=False, over=below)
    for pair in sets:
        stack.add_setting(pair)
    return stack


def messages(stack: Stack) -> list[str]:
    return [problem.message for problem in (*stack.problems, *stack.clashes())]


@pytest.mark.parametrize(
    "below,above,result",
    [
        ("a: 1", "b: 2", {"a": 1, "b": 2}),
        ("a: 1", "a: 2", {"a": 2}),
        ("a: {b: 1, c: 2}", "a: {b: 3}", {"a": {"b": 3, "c": 2}}),
        ("a: [1, 2]", "a: [3]", {"a": [3]}),
        ("a: {b: 1}", "a: null", {}),
        ("a: {b: 1, c: 2}", "a: {b: null}", {"a": {"c": 2}}),
        ("a: {b: 1}", "a: off", {"a": "off"}),
        ("a: off", "a: {b: 1}", {"a": {"b": 1}}),
        ("rate: {2025: 10, 2027: 20}", "rate: {2026: 5}", {"rate": {"2026": 5}}),
        ("rate: {2025: 10}", "rate: {textiles: 5}", {"rate": {"textiles": 5}}),
        ("rate: {textiles: 5}", "rate: {2025: 10}", {"rate": {"2025": 10}}),
        ("rate: {textiles: 5}", "rate: {chemicals: 1}", {"rate": {"textiles": 5, "chemicals": 1}}),
    ],
)
def test_merge(below: str, above: str, result: dict[str, Any]) -> None:
    assert plain(merge(tree(below), tree(above))) == result


def test_file_overrides_its_bases(tmp_path: Path) -> None:
    write(tmp_path, base="firms: 1\nseed: 2\n", main="extends: base.yaml\nfirms: 5\n")
    stack = stack_of(tmp_path)
    assert plain(stack.combined()) == {"firms": 5, "seed": 2}
    assert plain(stack.combined(without_own=True)) == {"firms": 1, "seed": 2}
    assert messages(stack) == []


def test_descriptions_are_not_inherited(tmp_path: Path) -> None:
    write(tmp_path, base="name: base\ntitle: Base\nseed: 2\n", main="$schema: x\nextends: base\nquestion: Why?\n")
    assert plain(stack_of(tmp_path).combined()) == {"seed": 2, "question": "Why?"}


def test_two_bases_that_differ_clash(tmp_path: Path) -> None:
    write(tmp_path, one="firms: 1\nseed: 3", two="seed: 3\nfirms: 2\n", main="extends: [one, two]\n")
    stack = stack_of(tmp_path)
    (clash,) = stack.clashes()
    assert "one.yaml:1 says 1, here it is 2" in clash.message
    assert (Path(clash.file).name, clash.line, clash.key) == ("two.yaml", 2, "firms")


def test_the_file_itself_settles_a_clash(tmp_path: Path) -> None:
    write(tmp_path, one="firms: 1", two="firms: 2\n", main="extends: [one, two]\nfirms: 3\n")
    assert messages(stack_of(tmp_path)) == []


def test_off_against_parameters_clash(tmp_path: Path) -> None:
    write(tmp_path, one="m: {clusters: off}", two="m: {clusters: {a: 1}}", main="extends: [one, two]")
    assert [problem.key for problem in stack_of(tmp_path).clashes()] == ["m.clusters"]


def test_diamond(tmp_path: Path) -> None:
    """Both arms build on one base; the arm that changes it wins over the arm that only inherits it."""
    write(
        tmp_path,
        base="firms: 1\nseed: 1",
        left="extends: base\nfirms: 2",
        right="extends: base\nseed: 7",
        main="extends: [left, right]",
        mirrored="extends: [right, left]",
    )
    for main in ("main", "mirrored"):
        stack = stack_of(tmp_path, main)
        assert plain(stack.combined()) == {"firms": 2, "seed": 7}
        assert messages(stack) == []


def test_overlays_override_the_scenario_but_not_one_another(tmp_path: Path) -> None:
    write(tmp_path, main="firms: 1\nseed: 1", one="firms: 2", two="firms: 3", three="seed: 4")
    stack = stack_of(tmp_path, overlays=("one", "three"))
    assert plain(stack.combined()) == {"firms": 2, "seed": 4}
    assert messages(stack) == []
    assert "firms is set differently" in messages(stack_of(tmp_path, overlays=("one", "two")))[0]
    assert messages(stack_of(tmp_path, overlays=("one", "two"), sets=("firms=9",))) == []


def test_settings_come_last(tmp_path: Path) -> None:
    write(tmp_path, main="policies: {a: {rate: 1, kind: tariff}, b: {rate: 2}}", one="policies: {a: {rate: 3}}")
    sets = ("policies.a.rate={2027: 5}", "policies.b=null", "years.until=2030", "word= off ")
    stack = stack_of(tmp_path, overlays=("one",), sets=sets)
    assert plain(stack.combined()) == {
        "policies": {"a": {"rate": {"2027": 5}, "kind": "tariff"}},
        "years": {"until": 2030},
        "word": "off",
    }
    assert messages(stack) == []


@pytest.mark.parametrize(
    "pair", ["firms", "=3", "firms=", "a..b=1", ".a=1", "a=[", "a=*x", "a=1\nb: 2", ".".join("a" * 50) + "=1"]
)
def test_bad_settings(tmp_path: Path, pair: str) -> None:
    write(tmp_path, main="firms: 1")
    stack = stack_of(tmp_path, sets=(pair,))
    assert stack.problems[0].file == f"--set {pair}"
    assert stack.settings == []


def test_settings_that_differ_clash(tmp_path: Path) -> None:
    write(tmp_path, main="firms: 1")
    assert "--set firms=2 says 2, here it is 3" in messages(stack_of(tmp_path, sets=("firms=2", "firms=3")))[0]


@pytest.mark.parametrize(
    "main,words",
    [
        ("extends: main\n", "circle: main.yaml -> main.yaml"),
        ("extends: other\n", "circle: main.yaml -> other.yaml -> main.yaml"),
        ("extends: bas\n", "did you mean 'base'?"),
        ("extends: 5\n", "wanted a file or a list of files"),
        ("extends: [base, {a: b}]\n", "wanted a file or a list of files"),
        ("extends: broken\n", "duplicate key"),
        ("extends: .\n", "no such file"),
    ],
)
def test_bad_extends(tmp_path: Path, main: str, words: str) -> None:
    write(tmp_path, main=main, other="extends: main\n", base="firms: 1\n", broken="a: 1\na: 2\n")
    assert words in messages(stack_of(tmp_path))[0]


def test_long_chain(tmp_path: Path) -> None:
    write(tmp_path, **{f"f{step}": f"extends: f{step + 1}\n" for step in range(12)}, main="extends: f0")
    assert "deeper than 8 files" in messages(stack_of(tmp_path))[0]


def test_shipped_names_are_found(tmp_path: Path) -> None:
    write(tmp_path, main="extends: baseline\n", library="seed: 4")
    stack = Stack(library={"baseline": tmp_path / "library.yaml"})
    stack.add_file(tmp_path / "main.yaml", described=True)
    assert plain(stack.combined()) == {"seed": 4}
