"""A few numbers of a short run, for fits of the tests; a module of its own, so that worker processes find it."""

from __future__ import annotations

import numpy as np

from footloose.record import Record


def measure(record: Record) -> dict[str, float]:
    """Return what a few parameters show in: delays and cancellations, projects, China's share, second sites."""
    tables, geography = record.tables, record.geography
    sales = tables["sales"][0, :, geography.market("united_states")].sum(axis=(1, 2))
    china = sales[:, list(geography.sites_in("china"))].sum(axis=1) / sales.sum(axis=1)
    announced = float(tables["projects_announced"].sum())
    return {
        "delays": float(tables["projects_delayed"].sum()) / max(announced, 1.0),
        "cancellations": float(tables["projects_cancelled"].sum()) / max(announced, 1.0),
        "projects": announced / 1000.0,
        "china_change": 100.0 * float(china[-1] - china[0]),
        "second_sites": 100.0 * float(np.mean(tables["second_site_share"][0, -1])),
    }
