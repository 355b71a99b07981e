"""Loads the policy record: policies.csv has a line for every instrument, policy_rates.csv its dated rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from footloose.errors import DataError, nearest
from footloose.history.policy import PolicyRow
from footloose.history.tables import Floats, Line, frozen, names_of, read_table

KINDS = ("tariff", "subsidy", "export_control")
STACKINGS = ("add", "max", "exclusive")
FORMS = ("", "capex_share", "usd_per_job", "output_share")
EVERY = "all"
POLICY_COLUMNS = (
    "id",
    "kind",
    "authority",
    "market",
    "announced",
    "start",
    "until",
    "stacking",
    "form",
    "budget_usd_billion",
    "new_plants_only",
    "reversal",
    "reversal_source",
    "title",
    "source",
    "certainty",
)
RATE_COLUMNS = ("instrument", "date", "site", "sector", "value", "source", "certainty")


def load_policy_record(
    sites: Sequence[str], sectors: Sequence[str], groups: Mapping[str, Sequence[str]]
) -> tuple[PolicyRow, ...]:
    """Return every instrument of history, in order of start.

    groups : names under which rates may speak of several sites (nations, regions of the world)
    Raises DataError for an unknown name, a bad date, or an instrument without rates.
    """
    policies = read_table("policies.csv", POLICY_COLUMNS)
    rates: dict[str, list[Line]] = {line["id"]: [] for line in policies}
    for line in read_table("policy_rates.csv", RATE_COLUMNS):
        rates[line.member("instrument", tuple(rates))].append(line)
    reach = {EVERY: tuple(sites), **{name: tuple(names) for name, names in groups.items()}}
    reach.update({site: (site,) for site in sites})
    rows = [instrument(line, rates[line["id"]], sites, sectors, reach) for line in policies]
    if len(rates) != len(policies):
        raise DataError("policies.csv: an instrument is given twice")
    return tuple(sorted(rows, key=lambda row: (row.start, row.id)))


def instrument(
    line: Line,
    rate_lines: Sequence[Line],
    sites: Sequence[str],
    sectors: Sequence[str],
    reach: Mapping[str, Sequence[str]],
) -> PolicyRow:
    """Return one instrument from its line and the lines of its rates."""
    if not rate_lines:
        raise DataError(f"{line.place}: {line['id']} has no rates")
    kind = line.member("kind", KINDS)
    dates = tuple(sorted({day(rate, "date") for rate in rate_lines}))
    rates = rate_table(rate_lines, dates, sites, sectors, reach)
    if kind == "tariff":
        home = [j for j, site in enumerate(sites) if line["market"] in names_of(site)]
        rates[:, :, home] = 0.0
    start, until = day(line, "start"), day(line, "until") if line["until"] else None
    if not day(line, "announced") <= start == dates[0] or (until is not None and until < dates[-1]):
        raise DataError(f"{line.place}: announced <= start = first rate <= last rate <= until does not hold")
    return PolicyRow(
        id=line["id"],
        kind=kind,
        authority=line["authority"],
        market=line["market"],
        announced=day(line, "announced"),
        start=start,
        until=until,
        stacking=line.member("stacking", STACKINGS),
        dates=dates,
        rates=frozen(rates),
        form=line.member("form", FORMS),
        budget_usd_billion=line.number("budget_usd_billion") if line["budget_usd_billion"] else None,
        new_plants_only=line.member("new_plants_only", ("0", "1")) == "1",
        reversal=line.number("reversal"),
        reversal_source=line["reversal_source"],
        title=line["title"],
        source=line["source"],
        certainty=line["certainty"],
    )


def rate_table(
    lines: Sequence[Line],
    dates: Sequence[date],
    sites: Sequence[str],
    sectors: Sequence[str],
    reach: Mapping[str, Sequence[str]],
) -> Floats:
    """Return the rates (date, sector, site): a cell keeps its rate until a line changes it, zero before the first.

    Where several lines of one date speak of a cell, the one that names the fewest sites, then the sector, holds.
    """
    place = {name: j for j, name in enumerate(sites)}
    columns = {group: [place[name] for name in names if name in place] for group, names in reach.items()}
    by_date: dict[date, list[Line]] = {when: [] for when in dates}
    for line in lines:
        by_date[day(line, "date")].append(line)
    table = np.zeros((len(dates), len(sectors), len(sites)))
    for index, when in enumerate(dates):
        if index:
            table[index] = table[index - 1]
        seen: set[tuple[str, str]] = set()
        for line in sorted(by_date[when], key=lambda line: breadth(line, reach)):
            if (line["site"], line["sector"]) in seen:
                raise DataError(f"{line.place}: given twice for {when}")
            seen.add((line["site"], line["sector"]))
            row = slice(None) if line["sector"] == EVERY else sectors.index(line.member("sector", sectors))
            table[index, row, columns[line["site"]]] = line.number("value")
    return table


def breadth(line: Line, reach: Mapping[str, Sequence[str]]) -> tuple[int, int]:
    """Order lines from the widest to the narrowest, so that the narrower overwrite the wider."""
    if line["site"] not in reach:
        close = nearest(line["site"], reach)
        raise DataError(f"{line.place}, column site: {line['site']!r} is no site or group; nearest: {close}")
    return -len(reach[line["site"]]), 0 if line["sector"] == EVERY else 1


def day(line: Line, column: str) -> date:
    """Return the date in a cell, written 2018-07-06."""
    try:
        return date.fromisoformat(line[column])
    except ValueError:
        raise DataError(f"{line.place}, column {column}: {line[column]!r} is not a date like 2018-07-06") from None
