"""Firms counted and added up: loops over all of them, compiled."""

from __future__ import annotations

from footloose.compiled import kernel, kernel_part


@kernel
def add_by_footprint(row, main, second, amount, table):  # type: ignore[no-untyped-def]
    """Add what firms stand for to a table of footprints; (row, main, second), single sites on the diagonal.

    row, main, second, amount : (firm,); second is -1 for one site
    """
    for n in range(row.size):
        table[row[n], main[n], main[n] if second[n] < 0 else second[n]] += amount[n]


@kernel_part
def list_where_set(marked, found):  # type: ignore[no-untyped-def]
    """Write the places of the numbers that are not negative to `found`; return how many."""
    count = 0
    for n in range(marked.size):
        found[count] = n
        count += marked[n] >= 0
    return count


@kernel
def take_in(values, count, mean, squares):  # type: ignore[no-untyped-def]
    """Carry on means, and sums of squares about them, by the `count`-th of a series of arrays (Welford 1962).

    values, mean, squares : (place,);  the last two written
    """
    for n in range(values.size):
        apart = values[n] - mean[n]
        mean[n] += apart / count
        squares[n] += (values[n] - mean[n]) * apart
