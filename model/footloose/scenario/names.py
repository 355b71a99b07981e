"""The names a scenario may use: sites, sectors, markets and so on, and the instruments of the policy record."""

from __future__ import annotations

from functools import cache

from footloose.geography import load_geography
from footloose.history import PolicyRow, load_policy_record
from footloose.scenario.heading import RECORD
from footloose.scenario.mistakes import Names


@cache
def policy_record() -> tuple[PolicyRow, ...]:
    """Return the instruments of history."""
    geography = load_geography()
    return load_policy_record(geography.sites, geography.sectors, geography.groups)


def names(with_record: bool = True) -> Names:
    """Return the names that scenarios may use, by kind.

    with_record : read the policy record too, for the names of its instruments and authorities
    """
    geography = load_geography()
    known: dict[str, tuple[str, ...]] = {
        "market": geography.markets,
        "site": geography.sites,
        "sector": geography.sectors,
        "origin": geography.origins,
        "site or group": tuple(geography.groups),
        "market or all": (*geography.markets, "all"),
        "sector or all": (*geography.sectors, "all"),
    }
    if with_record:
        rows = policy_record()
        authorities = sorted({row.authority for row in rows})
        known[RECORD] = (*authorities, *(row.id for row in rows))
    return known
