"""Columns of a long table: numbers as they are, words as places in a list; as a pandas frame, or as a Parquet file.

Half a million rows hold a few hundred words, so none is ever spelt out row by row: columns go from the labels of axes
straight to what pandas calls categories and Parquet a dictionary. Neither library is loaded before it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Words:
    """A column of words: for every row its place in a sorted list."""

    places: npt.NDArray[np.signedinteger[Any]]
    known: tuple[str, ...]


Columns = Mapping[str, Words | npt.NDArray[Any]]
"""Name -> column, all with the same rows."""


def words_along(axis: int, labels: Sequence[Sequence[str]], shapes: Sequence[Shape]) -> Words:
    """Return a column of labels for the elements of several arrays, each in C order, one after another.

    labels : of each array along that axis; a single one holds for the whole array
    """
    known = tuple(sorted({label for each in labels for label in each}))
    small = np.int8 if len(known) < np.iinfo(np.int8).max else np.int16  # as pandas chooses
    place = {word: number for number, word in enumerate(known)}
    numbers = [np.array([place[label] for label in each], dtype=small) for each in labels]
    return Words(numbers_along(axis, numbers, shapes), known)


def numbers_along(axis: int, labels: Sequence[npt.NDArray[Any]], shapes: Sequence[Shape]) -> npt.NDArray[Any]:
    """Return a column of numbers for the elements of several arrays, see words_along; (row,)."""
    parts = []
    for each, shape in zip(labels, shapes, strict=True):
        standing = each.reshape(-1, *(1,) * (len(shape) - axis - 1))
        parts.append(np.broadcast_to(standing, shape).ravel())
    return np.concatenate(parts)


def frame_from(columns: Columns, attributes: Mapping[str, str]) -> pd.DataFrame:
    """Return the columns as a table of pandas, words as categories."""
    import pandas

    def shown(column: Words | npt.NDArray[Any]) -> Any:
        if not isinstance(column, Words):
            return column
        return pandas.Categorical.from_codes(column.places, categories=pandas.Index(column.known))

    frame = pandas.DataFrame({name: shown(column) for name, column in columns.items()}, copy=False)
    frame.attrs = dict(attributes.items())
    return frame


def write_parquet(columns: Columns, attributes: Mapping[str, str], path: Path) -> None:
    """Write the columns to the file that `frame_from(columns, attributes).to_parquet` writes, byte by byte."""
    from pyarrow import parquet

    parquet.write_table(_arrow(columns, attributes), path, compression="snappy")


def _arrow(columns: Columns, attributes: Mapping[str, str]) -> pa.Table:
    import pyarrow

    arrays = [_words(column) if isinstance(column, Words) else _numbers(column) for column in columns.values()]
    described = {
        "index_columns": [],
        "column_indexes": [],
        "columns": [_described(name, column) for name, column in columns.items()],
        "attributes": dict(attributes),
        "creator": {"library": "pyarrow", "version": pyarrow.__version__},
        "pandas_version": version("pandas"),
    }
    said = {"pandas": json.dumps(described), "PANDAS_ATTRS": json.dumps(dict(attributes))}
    return pyarrow.Table.from_arrays(arrays, names=list(columns), metadata=said)


def _numbers(column: npt.NDArray[Any]) -> pa.Array:
    """Return numbers where they lie as an array of Arrow; `pyarrow.array` would load pandas."""
    import pyarrow

    held = np.ascontiguousarray(column)
    kind = pyarrow.from_numpy_dtype(held.dtype)
    return pyarrow.Array.from_buffers(kind, held.size, [None, pyarrow.py_buffer(held)])


def _words(column: Words) -> pa.DictionaryArray:
    import pyarrow

    spelt = [word.encode() for word in column.known]
    ends = np.cumsum([0, *map(len, spelt)], dtype=np.int64)
    buffers = [None, pyarrow.py_buffer(ends), pyarrow.py_buffer(b"".join(spelt))]
    known = pyarrow.Array.from_buffers(pyarrow.large_string(), len(spelt), buffers)
    return pyarrow.DictionaryArray.from_arrays(_numbers(column.places), known)


def _described(name: str, column: Words | npt.NDArray[Any]) -> dict[str, Any]:
    """Return what pandas wants to know of a column to read it back as it was; see its developer guide on Parquet."""
    kind: dict[str, Any]
    if isinstance(column, Words):
        words = {"num_categories": len(column.known), "ordered": False}
        kind = {"pandas_type": "categorical", "numpy_type": str(column.places.dtype), "metadata": words}
    else:
        kind = {"pandas_type": str(column.dtype), "numpy_type": str(column.dtype), "metadata": None}
    return {"name": name, "field_name": name, **kind}
