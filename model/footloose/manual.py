"""The pages of the manual that are made from the code and the tables: parameters, variables, data.

They are functions of nothing but the package, so that a page cannot say something else than the model does; a test
compares the pages in `docs/` with what these functions return.
"""

from __future__ import annotations

import typing
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from pydantic.fields import FieldInfo

from footloose.block import Block, documented
from footloose.dated import DatedPath
from footloose.geography import BaseYear, Geography, Misfit, load_base_year, load_geography
from footloose.history import PolicyRow, Provenance, load_history, load_policy_record
from footloose.ledger import Loading
from footloose.policies import EVENTS, INSTRUMENTS
from footloose.registry import find_mechanisms, section_blocks
from footloose.variables import TABLES, VARIABLES

LETTERS: Mapping[str, str] = {
    "A": "loaded from an official data file",
    "B": "read in a publication",
    "C": "unverified estimate; its range is part of its source",
    "D": "derived from others; a result that rests on any C is C",
}
"""What the certainty letters mean."""

LOADINGS: Mapping[Loading, str] = {
    Loading.ONE: "none: the same for every firm",
    Loading.LABOUR_INTENSITY: "the firm's labour intensity",
    Loading.RISK_AVERSION: "the firm's risk aversion",
    Loading.TIME_SENSITIVITY: "the firm's sensitivity to time in transit",
}
"""What of a firm multiplies a line of the ledger."""

RATE_UNITS: Mapping[str, str] = {
    "": "points",
    "capex_share": "% of capital cost",
    "usd_per_job": "USD per job",
    "output_share": "% of output",
}
"""Unit of an instrument's rates by its form; tariffs and export controls have no form."""

WORST_SHOWN = 8
"""Misfits listed one by one."""


def write_pages(folder: Path) -> tuple[Path, ...]:
    """Write every generated page into a folder; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")
    return tuple(folder / name for name in PAGES)


def parameters_page() -> str:
    """Return every parameter of every mechanism and section in Markdown."""
    blocks = {name: mechanism.params for name, mechanism in find_mechanisms().items()} | section_blocks()
    letters = [_extra(field).get("certainty", "") for block in blocks.values() for field in block.model_fields.values()]
    lines = [
        *_opening("Parameters"),
        f"{len(letters)} numbers: {', '.join(f'{letters.count(letter)} {letter}' for letter in LETTERS)}. "
        "`footloose explain --parameter clusters.elasticity` prints one of them; a scenario sets a mechanism's under "
        "`mechanisms:` and a section's at the top level.",
        "",
        *_letters(),
        "",
        "## Mechanisms",
        "",
        "Under `mechanisms:`, `clusters: off` switches one off; `on`, or a mapping of parameters, switches one on.",
        "",
    ]
    for name, mechanism in find_mechanisms().items():
        words = [f"Multiplied by: {LOADINGS[mechanism.loading]}."]
        words += [] if mechanism.baseline else [f"Off unless a scenario names it (`{name}: on`)."]
        words += [] if mechanism.evidence == "firm" else [f"Evidence: {mechanism.evidence}."]
        lines += [f"### {name}", "", mechanism.summary, "", " ".join(words), ""]
        lines += [*_parameters(mechanism.params), ""]
    lines += ["## Sections", ""]
    for name, block in section_blocks().items():
        lines += [f"### {name}", "", _first_line(block.__doc__), "", *_parameters(block), ""]
    return _page(lines)


def scenarios_page() -> str:
    """Return the kinds of policy and shock with their keys in Markdown."""
    lines = [
        *_opening("Policies and shocks of a scenario"),
        "Each has a name of its own and says its kind; `null` deletes an inherited one. A date is a year (its 1 "
        "January), a month or a day. Sizes are numbers or dated paths such as `{2027: 10, 2029-07-01: 25}`; those of "
        "policies may also be given by sector. `footloose schema` says the same to an editor.",
        "",
    ]
    for section, kinds in (("policies", INSTRUMENTS), ("shocks", EVENTS)):
        lines += [f"## {section}", ""]
        for kind, block in kinds.items():
            lines += [f"### {kind}", "", _first_line(block.__doc__), "", *_keys(block), ""]
    return _page(lines)


def variables_page() -> str:
    """Return every variable of the long table and every array of the record in Markdown."""
    lines = [
        *_opening("Variables"),
        "## The long table",
        "",
        "`table.parquet`; columns scenario, replicate, year, variable, market, site, sector, origin, unit, value. "
        "`all` stands where an axis is summed. The column `site` also holds groups: `shore:china`, `country:mexico`. "
        "`origin` is the home of whoever decides about a programme: the owner, or the brand that buys from it.",
        "",
        *_table(("variable", "unit", "meaning"), ((f"`{v.name}`", v.unit, v.meaning) for v in VARIABLES)),
        "",
        "## The record",
        "",
        "`record.nc`; every array has `replicate` and `year` as its first axes.",
        "",
        *_table(
            ("array", "further axes", "unit", "meaning"),
            ((f"`{name}`", ", ".join(table.axes), table.unit, table.meaning) for name, table in TABLES.items()),
        ),
    ]
    return _page(lines)


def data_page() -> str:
    """Return axes, sector traits, series, policy record and base-year misfits in Markdown."""
    geography = load_geography()
    history = load_history(geography.markets, geography.sites, geography.sectors)
    record = load_policy_record(geography.sites, geography.sectors, geography.groups)
    lines = [
        *_opening("Data"),
        "The tables lie beside the code, in `model/footloose/geography` and `model/footloose/history`; every number "
        "has a unit, a source and a certainty letter there.",
        "",
        *_letters(),
        "",
        *_places(geography),
        *_sectors(geography),
        *_base_year(load_base_year()),
        *_series(history.provenance),
        *_policy_record(record, geography),
    ]
    return _page(lines)


PAGES: Mapping[str, Callable[[], str]] = {
    "parameters.md": parameters_page,
    "scenarios.md": scenarios_page,
    "variables.md": variables_page,
    "data.md": data_page,
}
"""File name in `docs/` and what it is made by."""


def _parameters(block: type[Block]) -> list[str]:
    rows = [_parameter(name, field) for name, field in _fields(block)]
    return _table(("name", "meaning", "unit", "default", "range", "source", "certainty"), rows)


def _fields(block: type[Block], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Yield the fields of a block, and after a mapping of blocks those of one entry as `pacts.NAME.margin`."""
    for name, field in documented(block).items():
        yield f"{prefix}{field.alias or name}", field
        for inner in typing.get_args(field.annotation):
            if isinstance(inner, type) and issubclass(inner, Block):
                yield from _fields(inner, f"{prefix}{name}.NAME.")


def _parameter(name: str, field: FieldInfo) -> tuple[str, ...]:
    extra = _extra(field)
    limits = " to ".join(_number(limit) for limit in extra.get("range", ()))
    words = (str(extra.get(key, "")) for key in ("source", "certainty"))
    return (f"`{name}`", _sentence(field.description), str(extra.get("unit", "")), _default(field), limits, *words)


def _default(field: FieldInfo) -> str:
    value = "required" if field.is_required() else _in_words(field.get_default(call_default_factory=True))
    return value or "none"


def _in_words(value: object) -> str:
    if isinstance(value, DatedPath):
        data = value.as_data()
        return _number(data) if not isinstance(data, dict) else ", ".join(f"{d[:4]}: {v:g}" for d, v in data.items())
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_in_words(inner)}" for name, inner in value.items())
    if isinstance(value, tuple):
        return ", ".join(_in_words(inner) for inner in value)
    return value.isoformat() if isinstance(value, date) else _number(value)


def _places(geography: Geography) -> list[str]:
    sites = (
        (
            f"`{site}`",
            geography.labels["en"][site],
            geography.countries[geography.country_of_site[place]],
            geography.nests[geography.nest_of_site[place]],
            ", ".join(geography.origins[o] for o in np.flatnonzero(geography.home_of[:, place])) or "none",
            *(geography.shores[shore] for shore in geography.shore_of[:, place]),
        )
        for place, site in enumerate(geography.sites)
    )
    markets = [f"shore: {market}" for market in geography.markets]
    return [
        "## Places",
        "",
        "Nests are the supply regions of the choice; shores are for reporting, and a market's `home` has a border.",
        "",
        *_table(("site", "name", "country", "nest", "home of", *markets), sites),
        "",
    ]


def _sectors(geography: Geography) -> list[str]:
    names = tuple(geography.traits)
    rows = (
        (f"`{sector}`", *(_short(float(geography.traits[name][place]), 3) for name in names))
        for place, sector in enumerate(geography.sectors)
    )
    return [
        "## Sectors and their traits",
        "",
        "Units, sources and certainty of each number: `sector_traits.csv`; classification: `sectors.csv`.",
        "",
        *_table(("sector", *names), rows),
        "",
    ]


def _base_year(base: BaseYear) -> list[str]:
    by_margin: dict[str, list[Misfit]] = defaultdict(list)
    for misfit in base.misfit:
        by_margin[misfit.marginal].append(misfit)
    rows = []
    for margin, members in by_margin.items():
        gap, total = sum(abs(m.fitted - m.target) for m in members), sum(m.target for m in members)
        worst = max(members, key=lambda m: abs(m.fitted - m.target))
        rows.append(
            (margin, str(len(members)), _percent(gap / total), worst.member, _percent(worst.relative, sign=True))
        )
    largest = sorted(base.misfit, key=lambda m: -abs(m.fitted - m.target))[:WORST_SHOWN]
    listed = (
        (m.marginal, m.member, f"{m.target:,.0f}", f"{m.fitted:,.0f}", _percent(m.relative, sign=True)) for m in largest
    )
    return [
        "## The base year 2010 and its misfits",
        "",
        "The sources disagree with one another; iterative proportional fitting meets some margins exactly and "
        "leaves the rest to the others. Misfit = sum of absolute differences over the sum of targets.",
        "",
        *_table(("margin", "members", "misfit", "largest difference at", "there"), rows),
        "",
        "The largest differences, USD million:",
        "",
        *_table(("margin", "member", "source says", "base year has", "difference"), listed),
        "",
    ]


def _series(provenance: Sequence[Provenance]) -> list[str]:
    lines = [
        "## Exogenous series",
        "",
        "`Table ends` is the last year with a line of its own in the table, measured or estimated; after it a growth "
        "rule holds.",
        "",
        *_table(
            ("series", "unit", "certainty", "table begins", "table ends"),
            (
                (f"`{p.variable}`", p.unit, ", ".join(p.certainty), str(p.first_year), str(p.last_year))
                for p in provenance
            ),
        ),
        "",
    ]
    for p in provenance:
        lines += [f"### {p.variable}", "", "Sources:", "", *(f"- {source}" for source in p.source.split(" | ")), ""]
        if p.growth_rule:
            lines += [f"Afterwards: {p.growth_rule}.", ""]
    return lines


def _policy_record(record: Sequence[PolicyRow], geography: Geography) -> list[str]:
    rows = [
        (
            f"`{row.id}`",
            row.title,
            row.authority,
            row.market or ", ".join(_countries(row, geography)),
            row.announced.isoformat(),
            f"{row.start.isoformat()} to {_last_day(row.until)}",
            _largest_rate(row, geography),
            "" if row.budget_usd_billion is None else f"{row.budget_usd_billion:g}",
            f"{row.reversal:g}",
            f"{row.source} ({row.certainty})",
        )
        for row in record
    ]
    titles = ("instrument", "what it is", "authority", "market or place", "announced", "in force", "largest rate")
    return [
        "## Policy record",
        "",
        "Rates of tariffs are percentage points on all trade of a sector from a site: the statutory rate times the "
        "share of that trade it covers. The largest of all dates, sectors and sites is shown, and where. Reversal is "
        "the yearly chance, as believed at announcement, that the instrument is taken back. All dated rates: "
        "`policy_rates.csv`.",
        "",
        "Export controls act where the mechanism `export_controls` is on.",
        "",
        *_table((*titles, "budget, USD billion", "reversal", "source (certainty)"), rows),
        "",
    ]


def _countries(row: PolicyRow, geography: Geography) -> list[str]:
    places = np.flatnonzero(row.rates.any(axis=(0, 1)))
    return list(dict.fromkeys(geography.countries[geography.country_of_site[place]] for place in places))


def _largest_rate(row: PolicyRow, geography: Geography) -> str:
    when, sector, site = (int(place) for place in np.unravel_index(int(np.argmax(row.rates)), row.rates.shape))
    unit = "% of parts" if row.kind == "export_control" else RATE_UNITS[row.form]
    where = f"{geography.sectors[sector]}, {geography.sites[site]}"
    return f"{_short(float(row.rates[when, sector, site]), 4)} {unit} ({where}, from {row.dates[when].isoformat()})"


def _last_day(until: date | None) -> str:
    return "open end" if until is None else until.isoformat()


def _opening(title: str) -> list[str]:
    return [f"# {title}", "", "*Made from the code and the tables by `footloose.manual`; edits here are lost.*", ""]


def _letters() -> list[str]:
    return [f"- {letter}: {meaning}" for letter, meaning in LETTERS.items()]


def _keys(block: type[Block]) -> list[str]:
    rows = []
    for name, field in documented(block).items():
        if name == "kind":
            continue
        limits = _extra(field).get("range")
        span = f"{limits[0]:,} to {limits[1]:,}" if isinstance(limits, list) else ""
        key = f"`{field.alias or name}`{' (required)' if field.is_required() else ''}"
        rows.append((key, _sentence(field.description), str(_extra(field).get("unit", "")), span))
    return _table(("key", "meaning", "unit", "range"), rows)


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    body = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles), *body]


def _cell(text: str) -> str:
    """Return a text that keeps to its cell; a vertical bar would end it."""
    return " ".join(text.split()).replace("|", "\\|")


def _extra(field: FieldInfo) -> Mapping[str, Any]:
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split())


def _first_line(text: str | None) -> str:
    return (text or "").strip().splitlines()[0]


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _short(value: float, digits: int) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.{digits}g}"


def _percent(fraction: float, sign: bool = False) -> str:
    rounded = round(100.0 * fraction, 1) + 0.0
    return f"{rounded:+.1f} %" if sign and rounded else f"{abs(rounded):.1f} %"


def _page(lines: Sequence[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"
