"""Years in sequence: what is refused, what is the same, and what the manifest says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from footloose import simulation
from footloose.errors import FootlooseError, TooLarge
from footloose.memory import free_in_container, free_memory
from footloose.record import Record
from footloose.scenario import load
from footloose.simulation import begin_run, simulate
from footloose.version import __version__
from footloose.year import live_one_year

BASELINE, LITERATURE = load("baseline"), load("literature")


@pytest.mark.parametrize(
    "given, message",
    [
        ({"firms": 0}, "firms: 0 given; at least 1"),
        ({"firms": -7}, "firms: -7 given"),
        ({"replicates": 0}, "replicates: 0 given; at least 1"),
        ({"workers": 0}, "workers: 0 given; at least 1"),
        ({"seed": -1}, "seed: -1 given; 0 to"),
        ({"seed": 2**53 + 1}, "seed: 9007199254740993 given"),
        ({"years": (2009, 2020)}, "2009:2020 given; a run starts in 2010"),
        ({"years": (2010, 2050)}, "2010:2050 given; .* between 2011 and 2035"),
        ({"years": (2020, 2010)}, "2020:2010 given"),
        ({"years": (2010, 2010)}, "2010:2010 given"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(FootlooseError, match=message):
        simulate(BASELINE, **({"firms": 100} | given))


def test_a_population_beyond_the_memory_is_refused_before_anything_is_allocated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("allocated")

    monkeypatch.setattr(simulation, "bear_firms", never)
    monkeypatch.setattr(simulation, "set_up", never)
    with pytest.raises(TooLarge, match=r"[\d,]+ fit"):
        simulate(BASELINE, firms=10**12)
    with pytest.raises(TooLarge, match=r"replicates: 1,000,000 .* fit"):
        simulate(BASELINE, firms=10, replicates=10**6)


def test_a_container_may_have_less_memory_than_its_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"/sys/fs/cgroup/memory.max": "3000000\n", "/sys/fs/cgroup/memory.current": "1000000\n"}

    def read_text(path: Path, encoding: str) -> str:
        if str(path) not in files:
            raise FileNotFoundError(path)
        return files[str(path)]

    monkeypatch.setattr(Path, "read_text", read_text)
    assert free_in_container() == free_memory() == 2_000_000
    files["/sys/fs/cgroup/memory.max"] = "max\n"
    assert free_in_container() > 10**15
    assert free_memory() < 10**15


def same(one: Record, two: Record) -> bool:
    return all(one.tables[name].tobytes() == two.tables[name].tobytes() for name in one.tables)


def test_the_same_question_gives_the_same_bytes() -> None:
    runs = [simulate(BASELINE, firms=400, years=(2010, 2014)) for _ in range(2)]
    assert same(*runs)


def test_replicates_differ_and_do_not_depend_on_their_number(small_record: Record) -> None:
    alone = simulate(LITERATURE, firms=500, years=(2010, 2013))
    for name, values in alone.tables.items():
        assert (values[0] == small_record.tables[name][0]).all(), name
    assert (small_record.tables["moves_value"][0] != small_record.tables["moves_value"][1]).any()


def test_a_longer_horizon_leaves_the_first_years_alone(small_record: Record) -> None:
    longer = simulate(LITERATURE, firms=500, years=(2010, 2016))
    for name, values in longer.tables.items():
        assert (values[0, :4] == small_record.tables[name][0]).all(), name


def test_seeds_differ_even_beyond_32_bits() -> None:
    runs = [simulate(BASELINE, firms=200, years=(2010, 2012), seed=seed) for seed in (1, 2, 1 + 2**32)]
    assert not same(runs[0], runs[1])
    assert not same(runs[0], runs[2])


def test_the_manifest_says_what_was_run() -> None:
    manifest = simulate(BASELINE, firms=150, replicates=2, seed=9, years=(2010, 2012)).manifest
    assert {key: manifest[key] for key in ("scenario", "firms", "replicates", "seed", "years", "version")} == {
        "scenario": "baseline", "firms": 150, "replicates": 2, "seed": 9, "years": [2010, 2012], "version": __version__,
    }  # fmt: skip
    assert manifest["scenario_digest"] == BASELINE.digest()


def test_progress_counts_every_year_of_every_replicate() -> None:
    seen: list[tuple[int, int]] = []
    simulate(BASELINE, firms=50, replicates=2, years=(2010, 2012), progress=lambda *done: seen.append(done))
    assert seen == [(number, 6) for number in range(1, 7)]


def test_a_run_lived_year_by_year_is_the_simulation() -> None:
    record = simulate(BASELINE, firms=300, seed=4)
    run = begin_run(BASELINE, firms=300, seed=4)
    for position, year in enumerate((2010, 2011, 2012)):
        tables = live_one_year(run, year)
        assert all((record.tables[name][0, position] == values).all() for name, values in tables.items())


@pytest.mark.parametrize(
    "override",
    [
        "policy_record.include=none",
        "mechanisms.unexplained=off",
        "mechanisms.tariffs=off",
        "mechanisms.automation=off",
        "mechanisms.automation.ceiling=0",
        "decisions.second_site_share=0",
        "decisions.elasticity_scale=0",
        "orders.elasticity=0",
        "population.size_spread=0",
    ],
)
def test_corners_of_the_parameters_leave_finite_numbers(override: str) -> None:
    record = simulate(load("baseline", overrides=[override]), firms=300, years=(2010, 2014))
    assert all(np.isfinite(values).all() for values in record.tables.values())


def test_the_record_does_not_depend_on_the_number_of_workers() -> None:
    reports: list[tuple[int, int]] = []
    given: dict[str, Any] = {"firms": 200, "replicates": 3, "years": (2010, 2012)}
    alone = simulate(BASELINE, **given)
    shared = simulate(
        BASELINE, **given, workers=2, progress=lambda lived, all_years: reports.append((lived, all_years))
    )
    assert reports == [(3, 9), (6, 9), (9, 9)]
    assert {name: table.tobytes() for name, table in shared.tables.items()} == {
        name: table.tobytes() for name, table in alone.tables.items()
    }
