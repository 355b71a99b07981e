"""The numbers of the long table as arrays: one block for every variable and set of axes, the same in every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from footloose.columns import frame_from, numbers_along, words_along
from footloose.long_table import pieces, unit_of
from footloose.record import Record

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]

AXES = ("market", "site", "sector", "origin")


@dataclass(frozen=True)
class Block:
    """Rows of one variable that are spread over the same axes."""

    variable: str
    labels: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]


Numbers = Mapping[Block, Floats]
"""Every variable of one replicate; Block -> (year, market, site, sector, origin)."""


def numbers_of(record: Record) -> dict[Block, Floats]:
    """Return every variable of a record with one replicate."""
    found: dict[Block, Floats] = {}
    for piece in pieces(record):
        shape = (len(record.years), *(len(axis) for axis in piece.labels))
        found[Block(piece.variable, piece.labels)] = np.asarray(piece.values[0], dtype=np.float64).reshape(shape)
    return found


def less(one: Numbers, two: Numbers) -> dict[Block, Floats]:
    """Return one less two; a block that only one of them has is all zero in the other."""
    blocks = [*one, *(block for block in two if block not in one)]
    return {block: np.asarray(one.get(block, 0.0) - two.get(block, 0.0), dtype=np.float64) for block in blocks}


def aligned(numbers: Numbers, blocks: Sequence[Block], years: int) -> Floats:
    """Return all rows of the blocks one after another; blocks of moves that never happened count as zero; (row,)."""
    shapes = [(years, *(len(axis) for axis in block.labels)) for block in blocks]
    return np.concatenate(
        [numbers.get(block, np.zeros(shape)).ravel() for block, shape in zip(blocks, shapes, strict=True)]
    )


def frame_of(blocks: Sequence[Block], years: Sequence[int], columns: Mapping[str, Floats]) -> pd.DataFrame:
    """Return rows as a table: year, variable, market, site, sector, origin, unit and the columns given; (row,) each."""
    shapes = [(len(years), *(len(axis) for axis in block.labels)) for block in blocks]
    axes = {
        name: words_along(1 + place, [block.labels[place] for block in blocks], shapes)
        for place, name in enumerate(AXES)
    }
    return frame_from(
        {
            "year": numbers_along(0, [np.array(years)] * len(blocks), shapes),
            "variable": words_along(0, [(block.variable,) for block in blocks], shapes),
            **axes,
            "unit": words_along(0, [(unit_of(block.variable),) for block in blocks], shapes),
            **columns,
        },
        {},
    )
