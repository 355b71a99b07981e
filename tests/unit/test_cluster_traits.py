"""The tables of cluster traits and input links: what they hold, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from footloose.errors import DataError
from footloose.geography import cluster_traits, input_links, load_geography, tables

Lines = list[list[str]]


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[Lines], Lines]], None]:
    """Return a function that makes one table of the package read differently."""
    read = tables.read_lines

    def changed(name: str, by: Callable[[Lines], Lines]) -> None:
        def lines(table: str, columns: tuple[str, ...]) -> Lines:
            found = read(table, columns)
            return by(found) if table == name else found

        monkeypatch.setattr(tables, "read_lines", lines)

    return changed


def test_every_place_and_sector_has_its_traits() -> None:
    traits, geography = cluster_traits.load_cluster_traits(), load_geography()
    assert traits.entrepreneurial_base.shape == traits.skills.shape == traits.tier.shape == (len(geography.sites),)
    assert traits.hard_to_replace.shape == (len(geography.sectors),)
    assert (traits.entrepreneurial_base > 0.0).all()
    assert ((traits.skills > 0.0) & (traits.skills <= 1.0)).all()
    assert ((traits.hard_to_replace >= 0.0) & (traits.hard_to_replace <= 1.0)).all()
    assert traits.tier_spillover.max() == 1.0
    delta, guangxi = geography.site("yangtze_delta"), geography.site("guangxi")
    for name in ("entrepreneurial_base", "skills", "research"):
        table = getattr(traits, name)
        assert table[delta] > table[guangxi]
        assert not table.flags.writeable


def test_tiers_are_those_of_the_document() -> None:
    """Document 001: Beijing, Shanghai and the Greater Bay Area are the core; three national centres in document 002."""
    geography, tier = load_geography(), cluster_traits.load_cluster_traits().tier
    core = [geography.sites[site] for site in np.flatnonzero(tier == 0)]
    assert core == ["yangtze_delta", "greater_bay", "capital_region"]
    assert tier[geography.site("guangxi")] == -1


@pytest.mark.parametrize(
    "spoil, message",
    [
        (
            lambda lines: [["yangtze_delt", *line[1:]] if line[0] == "yangtze_delta" else line for line in lines],
            "yangtze_delta",
        ),
        (lambda lines: [[line[0], "cores", *line[2:]] if line[1] == "core" else line for line in lines], "'core'"),
        (lambda lines: lines[:-1], "no row for site rest_of_world"),
        (lambda lines: [[*line[:3], "E"] for line in lines], "certainty"),
        (lambda lines: [[*line[:2], "", line[3]] for line in lines], "source"),
    ],
    ids=["site", "tier", "gap", "certainty", "source"],
)
def test_a_spoilt_row_of_tiers_is_refused(
    spoil: Callable[[Lines], Lines], message: str, change: Callable[[str, Callable[[Lines], Lines]], None]
) -> None:
    change("cluster_tiers.csv", spoil)
    with pytest.raises(DataError, match=r"cluster_tiers\.csv") as refused:
        cluster_traits.read_tiers(load_geography().sites)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "spoil, message",
    [
        (lambda lines: lines[1:], "no row from core to core"),
        (lambda lines: [[*line[:3], "much", *line[4:]] for line in lines], "not a number"),
        (lambda lines: [[line[0], "oversea", *line[2:]] for line in lines], "'overseas'"),
    ],
    ids=["gap", "number", "tier"],
)
def test_a_spoilt_row_of_spillovers_is_refused(
    spoil: Callable[[Lines], Lines], message: str, change: Callable[[str, Callable[[Lines], Lines]], None]
) -> None:
    change("tier_spillovers.csv", spoil)
    with pytest.raises(DataError, match=r"tier_spillovers\.csv") as refused:
        cluster_traits.read_tier_spillovers()
    assert message in str(refused.value)


def test_links_of_a_class_are_divided_among_its_sectors() -> None:
    """What cars buy of the electrical class in the world table of 2011 is the sum over its four sectors."""
    geography, links = load_geography(), input_links.load_input_links()
    classes = ("electronics", "semiconductors", "electrical_equipment", "clean_energy")
    rows = [geography.sector(name) for name in classes]
    bought = links[geography.site("mexico"), rows, geography.sector("transport_equipment")].sum()
    table = tables.read_long("input_links.csv")
    written = [
        row.value
        for row in table
        if (row.site, row.partner, row.sector) == ("mexico", "electrical_optical_composite", "transport_equipment")
    ]
    assert bought == pytest.approx(written[0])
    rest = links[geography.site("rest_of_world")]
    for area in ("vietnam", "malaysia", "thailand"):
        np.testing.assert_allclose(links[geography.site(area)].sum(axis=1) > 0.0, rest.sum(axis=1) > 0.0)


def test_a_gap_in_the_links_is_refused(change: Callable[[str, Callable[[Lines], Lines]], None]) -> None:
    change("input_links.csv", lambda lines: lines[1:])
    with pytest.raises(DataError, match="no value of input_coefficient"):
        input_links.load_input_links.__wrapped__()
