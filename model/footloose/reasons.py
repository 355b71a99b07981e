"""Why a firm changed: the line of its costs that decided, and the part of the change that is due to costs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from footloose.compiled import kernel
from footloose.line_sums import Laid, place_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Traits = npt.NDArray[np.float32]


def decisive_lines(
    decided: Ints,
    left: Ints,
    reached: Ints,
    place: tuple[Ints, Ints, Ints],
    cell: npt.NDArray[np.int32],
    traits: tuple[Traits, Traits, Traits],
    lines: Laid,
    entry: Laid,
    loading: Ints,
    theta: Floats,
    unexplained: int,
    noticeable: float,
) -> tuple[Ints, Floats]:
    """Return for every change its reason and the part of it that is due to costs.

    The reason is the line that, since the base year, moved most in favour of the site reached. The part due to costs is
    1 - exp(-theta x gain): the odds of this change rose by exp(theta x gain) since the base year, when as much went the
    other way; the rest is turnover that would have gone on anyway.

    left, reached : (change,) sites compared
    place         : market, sector and origin of each cell; three of (cell,)
    traits        : labour intensity, risk aversion and time sensitivity; three of (firm,)
    theta         : (cell,) elasticity of location
    lines         : expected changes of log cost, laid out (line_sums.Laid);  loading: (line,)
    entry         : what only entrants pay on each line, such as support for new plants, laid out
    unexplained   : line named when no line favours the move by `noticeable` (tastes nobody recorded)
    """
    reason, due = np.empty(decided.size, dtype=np.int64), np.zeros(decided.size)
    extra, extra_start, extra_step = entry
    told = extra_step.any(axis=1) | (extra[extra_start] != 0.0)  # of most lines an entrant pays nothing on top
    name_reasons(
        decided, left, reached, *place, cell, *traits, *lines, *entry, told, loading, theta, unexplained, noticeable,
        np.ones(4), np.empty((2, loading.size), dtype=np.uint64), reason, due,
    )  # fmt: skip
    return reason, due


@kernel
def name_reasons(  # type: ignore[no-untyped-def]
    decided, left, reached, market, sector, origin, cell, labour_intensity, risk_aversion, time_sensitivity, values,
    start, step, extra, extra_start, extra_step, told, loading, theta, unexplained, noticeable, factor,
    row, reason, due,
):  # fmt: skip
    """Write `reason` and `due` of every change, (change,); see decisive_lines.

    told : (line,) whether an entrant pays anything on top;  factor, row: (4,) ones and (2, line) working space
    """
    (at, extra_at), last = (row[0], row[1]), -1
    for n in range(decided.size):
        firm = decided[n]
        c, i, j = cell[firm], left[n], reached[n]
        if c != last:
            for line in range(loading.size):
                at[line] = place_of(start, step, line, market[c], sector[c], origin[c])
                extra_at[line] = place_of(extra_start, extra_step, line, market[c], sector[c], origin[c])
            last = c
        factor[1], factor[2], factor[3] = labour_intensity[firm], risk_aversion[firm], time_sensitivity[firm]
        best, saving, total = unexplained, noticeable, 0.0
        for line in range(loading.size):
            wide, here = step[line, 3], at[line]
            gain = factor[loading[line]] * (values[here + np.uint64(i * wide)] - values[here + np.uint64(j * wide)])
            if told[line]:
                gain -= extra[extra_at[line] + np.uint64(j * extra_step[line, 3])]
            total += gain
            if gain > saving:
                best, saving = line, gain
        if total > noticeable and best != unexplained:
            due[n] = 1.0 - np.exp(-theta[c] * total)
        reason[n] = best if due[n] > 0.0 else unexplained
