"""The ledger: sums of named lines as changes since the base year."""

from __future__ import annotations

import numpy as np

from footloose.ledger import Ledger, Line, Loading, write_ledger

SHAPE = (1, 2, 1, 3)
ONES = {"energy": Loading.ONE, "labour": Loading.LABOUR_INTENSITY, "support": Loading.ONE}


def by_site(*values: float) -> np.ndarray:
    return np.array(values)[None, None, None, :]


def written() -> Ledger:
    base = {
        "labour": Line.certain(by_site(1.0, 2.0, 3.0)),
        "energy": Line.certain(by_site(0.5, 0.5, 0.5)),
        "support": Line(now=by_site(0.0, 0.0, 0.0), expected=by_site(0.0, 0.0, 0.0), entry=by_site(0.0, -0.1, 0.0)),
    }
    lines = {
        "support": Line(now=by_site(0.0, 0.0, 0.0), expected=by_site(0.0, 0.0, 0.0), entry=by_site(0.0, -0.3, 0.0)),
        "labour": Line(now=by_site(1.5, 2.0, 2.0), expected=by_site(1.25, 2.0, 3.0)),
        "energy": Line.certain(np.array([0.5, 0.75])[None, :, None, None]),
    }
    return write_ledger(lines, base, ONES, SHAPE)


def test_lines_are_changes_since_the_base_year_in_name_order() -> None:
    ledger = written()
    assert ledger.names == ("energy", "labour", "support")
    assert ledger.now[1, 0, 0, 0].tolist() == [0.5, 0.0, -1.0]
    assert ledger.expected[1, 0, 1, 0].tolist() == [0.25, 0.0, 0.0]
    assert ledger.now[0, 0, :, 0].tolist() == [[0.0] * 3, [0.25] * 3]


def test_now_and_expected_are_kept_apart() -> None:
    ledger = written()
    assert ledger.mean_now()[0, 1, 0].tolist() == [0.75, 0.25, -0.75]
    assert ledger.mean_expected()[0, 1, 0].tolist() == [0.5, 0.25, 0.25]


def test_entrants_pay_their_own_change_and_nobody_else_does() -> None:
    ledger = written()
    assert np.allclose(ledger.total_entry()[0, 0, 0], [0.0, -0.2, 0.0])
    assert ledger.expected[2].any() == np.False_


def test_sums_by_loading() -> None:
    table = written().expected_by_loading()
    assert table.shape == (len(Loading), *SHAPE)
    assert table[Loading.ONE, 0, 1, 0].tolist() == [0.25, 0.25, 0.25]
    assert table[Loading.LABOUR_INTENSITY, 0, 1, 0].tolist() == [0.25, 0.0, 0.0]
    assert not table[Loading.RISK_AVERSION].any()


def test_levels_are_the_lines_themselves() -> None:
    assert written().levels["labour"].now.ravel().tolist() == [1.5, 2.0, 2.0]


def test_order_of_lines_does_not_matter() -> None:
    rng = np.random.default_rng(1)
    lines = {name: Line.certain(rng.normal(size=SHAPE)) for name in "abcdefg"}
    base = {name: Line.certain(rng.normal(size=SHAPE)) for name in "abcdefg"}
    loadings = dict.fromkeys("abcdefg", Loading.ONE)
    one = write_ledger(lines, base, loadings, SHAPE)
    two = write_ledger(dict(reversed(list(lines.items()))), base, loadings, SHAPE)
    assert one.mean_now().tobytes() == two.mean_now().tobytes()
