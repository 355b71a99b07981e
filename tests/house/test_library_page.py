"""The page of the library speaks of every shipped scenario as it is now, and its numbers are those of the runs."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from footloose import library_commands
from footloose.errors import DataError, FootlooseError, OutputError
from footloose.experiments.comparison.intervals import half_width
from footloose.experiments.library.asked import Asked, World, asked_of, content, read_asked
from footloose.experiments.library.measuring import LEVEL, Measured, Number, Size, measure, rows_of
from footloose.experiments.library.outcomes import shown
from footloose.experiments.library.page import page, stale
from footloose.scenario import load, shipped
from footloose.simulation import simulate

SIZE = Size(firms=200, replicates=2, until=2016)
REMEASURE = "measure again: footloose scenarios --measure"
ROW = {"family": "Trade", "scenario": "trade_war", "year": "2030", "twin": "", "settings": "", "twin_in_words": ""}


@pytest.fixture(scope="module")
def asked() -> tuple[Asked, ...]:
    return read_asked()


@pytest.fixture(scope="module")
def drawn(asked: tuple[Asked, ...]) -> str:
    """Return the page of numbers that are drawn, not lived: all that it says besides is real."""
    columns, draw = shown(), np.random.default_rng(1)
    series = [draw.normal(size=(3, len(columns), 26)) for _ in asked]
    size = Size(replicates=3)
    rows = [row for one, values in zip(asked, series, strict=True) for row in rows_of(one, values, size)]
    levels = [row for row in rows if row.asked.twin is None]
    twinned = [row for row in rows if row.asked.twin is not None]
    return page(Measured(size, columns, tuple(levels), tuple(twinned), 3, 1.0), asked, ("None.",))


def test_the_page_shipped_is_of_now(asked: tuple[Asked, ...], checkout: Path) -> None:
    path = checkout / "docs" / "library.md"
    assert path.exists(), f"docs/library.md is missing; {REMEASURE}"
    text = path.read_text(encoding="utf-8")
    assert stale(text, asked) == [], REMEASURE
    size = re.search(r"\| size \| ([\d,]+) programmes, (\d+) replicates, 2010-2035 \|", text)
    assert size is not None, "the page shipped is not of the full horizon"
    assert int(size[1].replace(",", "")) >= 20_000
    assert int(size[2]) >= 20


def test_every_scenario_is_on_the_page(drawn: str, asked: tuple[Asked, ...]) -> None:
    assert stale(drawn, asked) == []
    for name in shipped():
        assert f"| `{name}` |" in drawn, name
        question = load(name).question.en
        assert question in drawn or name == "literature", name


def test_rows_fit_their_tables(drawn: str) -> None:
    cells = 0
    for line in drawn.splitlines():
        if line.startswith("|"):
            cells = cells or line.count("|")
            assert line.count("|") == cells, line
        else:
            cells = 0


def test_a_page_of_other_scenarios_is_stale(drawn: str, asked: tuple[Asked, ...]) -> None:
    without = "\n".join(line for line in drawn.splitlines() if not line.startswith("| `two_blocs` | baseline |"))
    assert [text.split(":")[0] for text in stale(without, asked)] == ["two_blocs"]
    fewer = tuple(one for one in asked if one.name != "two_blocs")
    assert stale(drawn, fewer) == ["two_blocs: on the page and no longer asked"]
    changed = drawn.replace(content(World("recession")), "0" * 12)
    assert [text.split(":")[0] for text in stale(changed, asked)] == ["recession"]
    assert stale(drawn.replace("| data tables, hash | ", "| data tables, hash | x"), asked)[0].startswith("data_digest")


def test_what_decides_numbers_decides_the_hash() -> None:
    plain = content(World("baseline"))
    assert content(World("baseline", ("decisions.sunk_cost=0.9",))) != plain
    assert content(World("chips_and_ira")) == plain
    assert content(World("baseline", ("mechanisms.land=off", "firms=10", "title=x"))) == plain


def test_numbers_are_paired_differences_of_what_is_bought(asked: tuple[Asked, ...]) -> None:
    """The page's numbers are those of two ordinary runs, summed by hand and subtracted replicate by replicate."""
    twin = World("baseline", ("mechanisms.taxes=off",))
    baseline = next(one for one in asked if one.name == "baseline")
    said: list[tuple[int, int]] = []
    measured = measure([replace(baseline, twin=twin, year=2011)], SIZE, lambda *count: said.append(count))
    assert said[-1] == (4, 4)
    shares = []
    for scenario in (load("baseline"), twin.scenario()):
        record = simulate(scenario, firms=SIZE.firms, replicates=SIZE.replicates, years=(2010, SIZE.until))
        market = record.geography.markets.index("united_states")
        bought = record.tables["sales"][:, :, market].sum(axis=(2, 3))
        near = [record.geography.sites.index(name) for name in ("mexico", "canada")]
        shares.append(100.0 * bought[:, :, near].sum(axis=2) / bought.sum(axis=2))
    apart = shares[0] - shares[1]
    (place,) = [number for number, column in enumerate(measured.columns) if "Mexico" in column.title]
    for row, values in zip(measured.rows, (apart[:, 1], apart[:, 2:].mean(axis=1)), strict=True):
        found = row.numbers[place]
        assert found.mean == pytest.approx(float(values.mean()), abs=1e-9)
        assert found.half == pytest.approx(half_width(values, LEVEL), abs=1e-9)
        assert abs(found.mean) > 1e-6


def test_bold_is_beyond_chance() -> None:
    assert Number(-2.0, 1.9).beyond_chance
    assert not Number(1.8, 1.9).beyond_chance
    assert not Number(0.0, 0.0).beyond_chance


@pytest.mark.parametrize(
    "row, message",
    [
        ({"scenario": "trade_wars"}, "did you mean trade_war"),
        ({"twin": "basline"}, "did you mean baseline"),
        ({"year": "soon"}, "'soon' given"),
        ({"scenario": "literature"}, "extends nothing"),
        ({}, "no row for the shipped scenario"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(row: dict[str, str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        asked_of([ROW | row])


@pytest.mark.parametrize(
    "key, value", [("firms", 0), ("replicates", 1), ("until", 2015), ("until", 2036), ("workers", 0)]
)
def test_a_size_that_cannot_be_is_refused(key: str, value: int) -> None:
    with pytest.raises(FootlooseError, match=f"--{key} {value}"):
        replace(SIZE, **{key: value})


def test_no_other_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="is no page of the library"):
        library_commands.prepare_page(path)
    assert path.read_text(encoding="utf-8") == "mine"


def test_the_state_of_the_calibration_is_said() -> None:
    ensemble = pytest.importorskip("footloose_calibration.fitting.ensemble")
    assert ensemble.SIDECAR == library_commands.ENSEMBLE
    assert all(sentence.endswith(".") for sentence in library_commands.calibration_in_words())
