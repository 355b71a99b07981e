"""Mean field: the model with infinitely many firms, solved for shares instead of drawn for programmes.

In every cell a few representative firms (`nodes`) stand for the spread of attributes. Each is not at one footprint but
at all of them, with the shares that the chances of the engine give: of those at a site a part reviews, of these a part
moves to each other site, adds or drops one, builds, is delayed, gives up. Nothing is drawn, so the same scenario
gives the same numbers and a small change of a parameter gives a small change of every share (docs/mean_field.md).

Exact: chances of reviews, changes, delays and cancellations; sunk cost by age of the plant; feedbacks, ledger, orders,
support and books, which are the engine's own. Approximated: integrals over attributes, by `nodes` points a cell; which
plants are how old among those whose owners are building elsewhere, known by the site left alone; and numbers of
programmes, output over the mean size.
"""

from footloose.mean_field.solver import NODES, live_in_shares, solve_mean_field

__all__ = ["NODES", "live_in_shares", "solve_mean_field"]
