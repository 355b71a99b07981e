"""The catalogue of words: whole in every language, no key without use, no use without key; the typeface can set it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import footloose
from footloose.briefing.catalogue import LANGUAGES, phrases, places, read_catalogue, say
from footloose.briefing.text import Words
from footloose.briefing.typeface import FILES, FOLDER
from footloose.errors import DataError, UnknownName
from footloose.geography import load_geography
from footloose.registry import find_mechanisms
from footloose.variables import VARIABLES, Variable

PACKAGE = Path(footloose.__file__).parent
SPEAKERS = {"say"}
"""Functions and methods whose first argument is a key of the catalogue."""
OWN_WORDS = ("experiments/sweep/",)
"""Files that speak from a list of their own."""


def keys_in(node: ast.expr) -> Iterator[str]:
    """The keys an expression can stand for, as regular expressions; none for a bare variable."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    elif isinstance(node, ast.IfExp):
        yield from keys_in(node.body)
        yield from keys_in(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values]
        yield "".join(parts)


@cache
def spoken() -> tuple[tuple[str, str], ...]:
    """Where a key is spoken, and the key as a regular expression."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if any(own in place for own in OWN_WORDS):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if name in SPEAKERS:
                    found += [(f"{place}:{node.lineno}", key) for key in keys_in(node.args[0])]
    return tuple(found)


@cache
def written() -> tuple[str, ...]:
    """Every string of the code that might be a key, as a regular expression."""
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant | ast.JoinedStr):
                found |= {key for key in keys_in(node) if re.match(r"\w+\\?\.", key)}
    return tuple(found)


def test_every_key_spoken_is_in_the_catalogue() -> None:
    known = phrases()
    assert len(spoken()) > 30
    missing = [(place, key) for place, key in spoken() if not any(re.fullmatch(key, each) for each in known)]
    assert missing == []


def test_every_key_of_the_catalogue_is_used() -> None:
    known = re.compile("|".join(f"(?:{pattern})" for pattern in written()))
    unused = [key for key in phrases() if not known.fullmatch(key)]
    assert unused == []


def test_every_mechanism_has_a_name() -> None:
    assert {key.removeprefix("name.line:") for key in phrases() if key.startswith("name.line:")} == set(
        find_mechanisms()
    )


def test_every_variable_and_unit_has_a_name() -> None:
    reported = [*VARIABLES, *(each for found in find_mechanisms().values() for each in found.reports.values())]
    names = {each.name if isinstance(each, Variable) else each.variable for each in reported}
    wanted = {f"variable.{name.split('|<')[0]}" for name in names} | {f"unit.{each.unit}" for each in reported}
    assert wanted - phrases().keys() == set()
    words = Words("zh", {"shore:china": "中国"})
    assert words.variable("Moves|Value|china|near") == "已决定迁移的产出：中国 → 近岸"
    assert words.variable("Reasons|Share|tariffs") == "迁移的决定因素：关税"
    assert words.variable("A User's|Own") == "A User's, Own"


def test_every_label_and_phrase_can_be_set_in_the_typeface() -> None:
    labels = load_geography().labels
    texts = {text for entry in phrases().values() for text in entry.values()}
    texts |= {label for language in LANGUAGES for label in labels[language].values()}
    wanted = {ord(character) for text in texts for character in text}
    for path in FILES.values():
        with TTFont(path, lazy=True) as font:
            lacking = {chr(code) for code in wanted - set(font.getBestCmap())}
        assert lacking == set(), path.name
    assert "SIL OPEN FONT LICENSE" in (FOLDER / "OFL.txt").read_text(encoding="utf-8")


def test_chinese_is_chinese() -> None:
    plain = {"footer.version", "mark.change", "mark.only", "unit.percent", "unit.1", "map.amounts", "regions.share"}
    plain |= {"compare.percent", "compare.unit.percent", "compare.part.together", "compare.amount"}
    plain |= {"sweep.number", "sweep.with_value", "sweep.unit.%"}
    latin = [
        key for key, entry in phrases().items() if key not in plain and not re.search(r"[\u3000-\uffff]", entry["zh"])
    ]
    assert latin == []
    half_width = [key for key, entry in phrases().items() if re.search(r"[\u4e00-\u9fff][,;:!?()]", entry["zh"])]
    assert half_width == [], "Chinese has full-width punctuation"


def test_english_has_no_signs_of_chinese_width() -> None:
    """Curly quotes, the ellipsis and the long dash have the width of a Chinese character in the typeface."""
    assert [key for key, entry in phrases().items() if re.search("[‘’“”…—]", entry["en"])] == []


def test_say_fills_places_and_refuses_what_it_does_not_know() -> None:
    assert say("sourcing.title", "zh", the_market="美国") == "美国的制成品从哪里来"
    with pytest.raises(UnknownName, match=r"sourcing\.titel.*sourcing\.title"):
        say("sourcing.titel", "en")
    with pytest.raises(UnknownName, match="klingon"):
        say("sourcing.title", "klingon")
    with pytest.raises(KeyError, match="the_market"):
        say("sourcing.title", "en")
    assert places("{a} of {b:.1f}, {{c}}") == {"a", "b"}


@pytest.mark.parametrize(
    "lines, complaint",
    [
        ("key,en\na,b\n", "line 1: columns key, en; needed: key, en, zh"),
        ("key,en,zh\na.b,x\n", "line 2: 2 cells"),
        ("key,en,zh\na.b,x,\n", "'a.b': empty: zh"),
        ("key,en,zh\na.b,x,甲\na.b,y,乙\n", "line 3: the key 'a.b' stands twice"),
        ("key,en,zh\na.b,{x} {y},{x}\n", r"places differ between languages \(en: x, y; zh: x\)"),
        ("key,en,zh\na.b,{},{}\n", "plain name"),
        ("key,en,zh\na.b,{x,{x}\n", "a.b"),
    ],
)
def test_a_faulty_catalogue_is_refused(lines: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_text(lines, encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        read_catalogue(tmp_path)


def test_a_key_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text("key,en,zh\na.b,x,甲\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"two\.csv, line 2"):
        read_catalogue(tmp_path)


def test_names_are_looked_up_in_the_language() -> None:
    words = Words("zh", {"mexico": "墨西哥"})
    assert words.name("country:mexico") == "墨西哥"
    assert words.name("shore:near", "united_states") == "近岸"
    assert words.name("line:lead_time") == "交货期"
    assert words.the("united_states") == "美国"
    assert words.sentences("甲。", "", "乙。") == "甲。乙。"
    assert Words().sentences("One.", "Two.") == "One. Two."
