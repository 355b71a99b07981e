"""The population: what fits, who is born, and that the base year comes out exactly."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from footloose import firms as births
from footloose.anchor import Anchor, anchor_base_year
from footloose.errors import FootlooseError, TooLarge
from footloose.firms import (
    BYTES_PER_FIRM,
    BYTES_PER_REPLICATE,
    Firms,
    bear_firms,
    check_memory,
    log_normal,
    mean_size,
    owners_of_strata,
    raking_factors,
)
from footloose.placing import draw_outcome
from footloose.scenario import load
from footloose.sections import Population
from footloose.simulation import set_up
from footloose.world import Setting

PAIRS = 0.12


@pytest.fixture(scope="module")
def world() -> tuple[Setting, Anchor]:
    setting = set_up(load("baseline"))
    return setting, anchor_base_year(setting, 1e-5, PAIRS, 0.4)


def born(world: tuple[Setting, Anchor], count: int, seed: int = 1) -> Firms:
    return bear_firms(*world, Population(), PAIRS, count, seed, 0)


@pytest.mark.parametrize("count", [0, -5])
def test_no_firms_are_refused(count: int) -> None:
    with pytest.raises(FootlooseError, match=f"firms: {count} given; at least 1"):
        check_memory(count, 10**12)


def test_too_many_firms_are_refused_with_the_number_that_fits() -> None:
    available = BYTES_PER_FIRM * 2_500_000 + 7
    check_memory(2_500_000, available)
    with pytest.raises(TooLarge, match=r"3,000,000 programmes .* 2,500,000 fit"):
        check_memory(3_000_000, available)


def test_too_many_replicates_are_refused_with_the_number_that_fits() -> None:
    available = BYTES_PER_FIRM * 1000 + BYTES_PER_REPLICATE * 30
    check_memory(1000, available, 30)
    with pytest.raises(TooLarge, match=r"replicates: 31 .* 30 fit"):
        check_memory(1000, available, 31)
    check_memory(1000, BYTES_PER_FIRM * 1000, 1)


def test_base_year_output_is_exact(world: tuple[Setting, Anchor]) -> None:
    setting, people = world[0], born(world, 20_000)
    markets, sectors, origins, sites = setting.shape
    table = np.zeros((markets * sectors, sites))
    row, second = people.cell // origins, np.where(people.second < 0, people.main, people.second)
    np.add.at(table, (row, people.main), 0.5e-3 * people.value)
    np.add.at(table, (row, second), 0.5e-3 * people.value)
    wanted = setting.base.use.reshape(markets * sectors, sites)
    covered = table > 0.0
    whole = covered.all(axis=1)  # elsewhere a site without firms leaves its output to the others of its market
    programmes = np.bincount(row, minlength=markets * sectors)
    rounding = 0.5e-3 * programmes[whole, None] + 1e-9 * wanted[whole].sum(axis=1, keepdims=True)
    assert whole.sum() > 20
    assert (np.abs(table - wanted)[whole] <= rounding).all()
    assert np.allclose(table.sum(axis=1), wanted.sum(axis=1), rtol=1e-6)


def test_one_firm_more_changes_nobody(world: tuple[Setting, Anchor]) -> None:
    few, more = (born(world, count).in_order_of_slots() for count in (999, 1000))
    for column in dataclasses.fields(Firms):
        if column.name != "value":  # what a programme stands for shrinks when there are more of them
            assert (getattr(few, column.name) == getattr(more, column.name)[:999]).all(), column.name


def test_programmes_stand_cell_by_cell_and_within_a_cell_by_slot(world: tuple[Setting, Anchor]) -> None:
    people = born(world, 2000)
    place = people.cell.astype(np.int64) * 2000 + people.slot
    assert (np.diff(place) > 0).all()
    assert sorted(people.slot) == list(range(2000))


def test_chunks_do_not_matter(world: tuple[Setting, Anchor], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = born(world, 500)
    monkeypatch.setattr(births, "CHUNK", 7)
    assert [(part.start, part.stop) for part in births.chunks(16)] == [(0, 7), (7, 14), (14, 16)]
    parts = born(world, 500)
    for column in dataclasses.fields(Firms):
        assert (getattr(whole, column.name) == getattr(parts, column.name)).all(), column.name


def test_nobody_has_a_project_at_birth_or_the_same_site_twice(world: tuple[Setting, Anchor]) -> None:
    people = born(world, 5000)
    assert (people.target == -1).all()
    assert (people.main != people.second).all()
    assert (people.opened < 1950).all()
    assert (people.value >= 0).all()


def test_owners_stand_for_their_share(world: tuple[Setting, Anchor]) -> None:
    """An even grid of uniforms on one stratum: each owner's value is its share but for one firm's worth."""
    setting, count = world[0], 20_000
    market, sector, site = 0, 2, setting.geography.site("mexico")
    stratum = np.ravel_multi_index((market, sector, site), setting.base.use.shape)
    control, tempered, edges = (table[stratum] for table in owners_of_strata(setting))
    owner = np.array([draw_outcome(edges, uniform) for uniform in (np.arange(count) + 0.5) / count])
    share = np.bincount(owner, weights=(control / tempered)[owner] / count, minlength=setting.shape[2])
    np.testing.assert_array_equal(control, setting.control[market, site, sector])
    step = control / np.sqrt(control) * np.sqrt(control).sum() / count
    assert (np.abs(share - control) <= step + 1e-12).all()


def test_raking_by_hand() -> None:
    """Singles 3 and 1 against 6 and 4; no pairs: factors 2 and 4. With a pair, both sites come out all the same."""
    assert np.allclose(raking_factors(np.diag([3.0, 1.0])[None], np.array([[6.0, 4.0]])), [[2.0, 4.0]])
    table = np.array([[[3.0, 2.0], [0.0, 1.0]]])
    factor = raking_factors(table, np.array([[6.0, 4.0]]))[0]
    pair = 0.5 * 2.0 * np.sqrt(factor[0] * factor[1])
    assert np.allclose([3.0 * factor[0] + pair, factor[1] + pair], [6.0, 4.0])


def test_output_of_a_site_without_firms_goes_to_the_others() -> None:
    factor = raking_factors(np.diag([2.0, 0.0])[None], np.array([[6.0, 4.0]]))[0]
    assert 2.0 * factor[0] == pytest.approx(10.0)


def test_attributes_have_mean_one_and_sizes_the_size_biased_mean() -> None:
    grid = (np.arange(200_000) + 0.5) / 200_000
    assert log_normal(grid, 0.5).mean() == pytest.approx(1.0, rel=1e-3)
    assert (log_normal(grid, 0.0) == 1.0).all()
    assert np.median(log_normal(grid, 0.5)) == pytest.approx(np.exp(-0.125), rel=1e-3)
    population = Population(size_spread=0.8, mean_size_usd_million=40.0)
    assert 40.0 * log_normal(grid, 0.8, shift=0.64).mean() == pytest.approx(mean_size(population), rel=1e-2)
