"""Explain: one firm's costs site by site and line by line, what it did and why; and any parameter in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from footloose.block import Block, documented
from footloose.errors import FootlooseError, UnknownName
from footloose.firms import Firms
from footloose.ledger import Ledger, Loading
from footloose.registry import mechanism_blocks, section_blocks
from footloose.running import Run
from footloose.scenario import Scenario
from footloose.simulation import begin_run, set_up
from footloose.terrain import elasticity
from footloose.year import live_one_year, look, price

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Question:
    """Whose costs are asked for: a firm of this market, sector and, if given, owner and site, in a year."""

    market: str
    sector: str
    year: int
    origin: str | None = None
    site: str | None = None


@dataclass(frozen=True)
class Step:
    """One thing a firm did."""

    year: int
    text: str


@dataclass(frozen=True)
class Explanation:
    """One firm and its costs.

    firm  : what is known of it, in words
    lines : names of the ledger lines
    sites : names of the sites
    stack : (site, line) cost in log points x 100 against the mean of the market's base-year suppliers
    total : (site,) sum of the stack
    main, second : names of its sites in that year ("" for none)
    steps : what it did up to that year
    """

    firm: str
    lines: tuple[str, ...]
    sites: tuple[str, ...]
    stack: Floats
    total: Floats
    main: str
    second: str
    steps: tuple[Step, ...]


def explain_firm(scenario: Scenario, question: Question, firms: int | None = None) -> Explanation:
    """Run the scenario up to the year and look into the books of a typical firm.

    Typical: of all firms of that market and sector (and owner and site), the one closest to the mean attributes.
    Without a site, it starts at the site that most of the market's imports of the sector come from in the base year.

    raises: UnknownName for a name that does not exist, FootlooseError when no firm fits
    """
    geography = set_up(scenario).geography
    market, sector = geography.market(question.market), geography.sector(question.sector)
    origin = None if question.origin is None else geography.origin(question.origin)
    if not scenario.years.start <= question.year <= scenario.years.until:
        raise FootlooseError(
            f"--year {question.year}: the scenario runs from {scenario.years.start} to {scenario.years.until}"
        )
    run = begin_run(scenario, firms=firms, replicate=0)
    site = main_import_site(run, market, sector) if question.site is None else geography.site(question.site)
    firm = typical_firm(run, (market, sector, origin), site)
    watched = Watch(run, firm)
    ledger = None
    for year in range(scenario.years.start, question.year + 1):
        ledger = price(run, look(run, year))
        live_one_year(run, year)
        watched.note(year, ledger)
    assert ledger is not None
    return watched.explanation(ledger)


def main_import_site(run: Run, market: int, sector: int) -> int:
    """Return the foreign site with the largest base-year sales to the market."""
    return int(np.argmax(run.setting.base.use[market, sector] * ~run.setting.at_home[market]))


def typical_firm(run: Run, cell: tuple[int, int, int | None], site: int) -> int:
    """Return the firm of the cell and site whose attributes are closest to the mean.

    raises: FootlooseError when there is none
    """
    firms, (market, sector, origin) = run.firms, cell
    _, sectors, origins, _ = run.setting.shape
    group, owner = np.divmod(firms.cell.astype(np.int64), origins)
    fits = (group == market * sectors + sector) & (firms.main == site) & (firms.second < 0)
    if origin is not None:
        fits &= owner == origin
    candidates = np.flatnonzero(fits)
    if candidates.size == 0:
        raise FootlooseError("no firm of that market, sector, owner and site in this population; try more --firms")
    return int(candidates[np.argmin(distance_from_mean(firms, candidates))])


def distance_from_mean(firms: Firms, chosen: npt.NDArray[np.int64]) -> Floats:
    """Return the squared distance of log attributes from their mean of one; (firm,)."""
    columns = (firms.labour_intensity, firms.risk_aversion, firms.time_sensitivity, firms.sunk_cost)
    squares = [np.log(column[chosen].astype(np.float64)) ** 2 for column in columns]
    return np.asarray(np.sum(squares, axis=0), dtype=np.float64)


class Watch:
    """Notes what one firm does from year to year."""

    def __init__(self, run: Run, firm: int) -> None:
        self.run, self.firm = run, firm
        self.steps: list[Step] = []
        self.before = self._footprint()

    def note(self, year: int, ledger: Ledger) -> None:
        """Compare the firm's footprint and project with the year before."""
        now, names = self._footprint(), self.run.setting.geography.sites
        (main, second, target), (old_main, old_second, old_target) = now, self.before
        moved = (main, second) != (old_main, old_second)
        if old_target >= 0 and (target != old_target or moved):
            verb = "opened its plant in" if old_target in (main, second) else "gave up its project in"
            self.steps.append(Step(year, f"{verb} {names[old_target]}"))
        elif moved:
            self.steps.append(Step(year, f"concentrated on {names[main]}"))
        if target >= 0 and (target != old_target or moved):
            kind = "a second site" if self.run.firms.adding[self.firm] else "a move"
            reason = self._reason(ledger, main, target)
            self.steps.append(Step(year, f"announced {kind} from {names[main]} to {names[target]}; {reason}"))
        self.before = now

    def explanation(self, ledger: Ledger) -> Explanation:
        """Return the firm's books."""
        geography = self.run.setting.geography
        stack = cost_stack(self.run, ledger, int(self.run.firms.cell[self.firm]), self._loadings())
        main, second, _ = self._footprint()
        return Explanation(
            firm=self._describe(),
            lines=(*ledger.names,),
            sites=geography.sites,
            stack=stack,
            total=stack.sum(axis=1),
            main=geography.sites[main],
            second=geography.sites[second] if second >= 0 else "",
            steps=tuple(self.steps),
        )

    def _footprint(self) -> tuple[int, int, int]:
        firms = self.run.firms
        return int(firms.main[self.firm]), int(firms.second[self.firm]), int(firms.target[self.firm])

    def _loadings(self) -> Floats:
        firms, firm = self.run.firms, self.firm
        return np.array(
            [1.0, firms.labour_intensity[firm], firms.risk_aversion[firm], firms.time_sensitivity[firm]],
            dtype=np.float64,
        )

    def _reason(self, ledger: Ledger, left: int, reached: int) -> str:
        cell, factor, cells = int(self.run.firms.cell[self.firm]), self._loadings(), self.run.setting.cells
        expected = ledger.expected.reshape(len(ledger.names), cells, -1)[:, cell]
        gains = {
            name: factor[int(loading)] * (expected[n, left] - expected[n, reached])
            for n, (name, loading) in enumerate(zip(ledger.names, ledger.loadings, strict=True))
        }
        for n, name in enumerate(ledger.names):
            gains[name] -= ledger.entry[n].reshape(cells, -1)[cell, reached]
        best = max(gains, key=lambda name: gains[name])
        if gains[best] <= self.run.rules.decisions.noticeable:
            return "for reasons no line of the ledger records"
        return f"since 2010 {best} moved most in its favour, by {100 * gains[best]:.1f} % of unit cost"

    def _describe(self) -> str:
        firms, firm, geography = self.run.firms, self.firm, self.run.setting.geography
        _, sectors, origins, _ = self.run.setting.shape
        group, owner = divmod(int(firms.cell[firm]), origins)
        market, sector = divmod(group, sectors)
        worth = int(firms.value[firm]) / 1000.0
        return (
            f"programme {firms.slot[firm]}: {geography.sectors[sector]} for {geography.markets[market]}, owner from "
            f"{geography.origins[owner]}; yearly output {firms.size[firm]:.0f} USD million, "
            f"stands for {worth / firms.size[firm]:.1f} like it; labour intensity {firms.labour_intensity[firm]:.2f}, "
            f"risk aversion {firms.risk_aversion[firm]:.2f}, "
            f"time sensitivity {firms.time_sensitivity[firm]:.2f}, sunk cost {firms.sunk_cost[firm]:.2f} of the mean"
        )


def cost_stack(run: Run, ledger: Ledger, cell: int, loadings: Floats) -> Floats:
    """Return cost levels by site and line against the cell's base-year mean; (site, line), log points x 100.

    `unexplained` holds what the base-year shares say beyond the other lines at base-year costs (Berry inversion).
    """
    shape, cells = run.setting.shape, run.setting.cells
    sites = shape[3]
    shares = run.anchor.shares[cell]
    result = np.zeros((sites, len(ledger.names)))
    for n, (name, loading) in enumerate(zip(ledger.names, ledger.loadings, strict=True)):
        level = np.broadcast_to(ledger.levels[name].now, shape).reshape(cells, sites)[cell]
        result[:, n] = loadings[int(loading)] * level
    if "unexplained" in ledger.names:
        result[:, ledger.names.index("unexplained")] = residual(run, ledger, cell, loadings)
    return np.asarray(100.0 * (result - shares @ result), dtype=np.float64)


def residual(run: Run, ledger: Ledger, cell: int, loadings: Floats) -> Floats:
    """Return the base-year residual of every site, log points; (site,)."""
    shape, cells = run.setting.shape, run.setting.cells
    named = np.zeros(shape[3])
    for name, loading in zip(ledger.names, ledger.loadings, strict=True):
        base = np.broadcast_to(run.base_lines[name].now, shape).reshape(cells, shape[3])[cell]
        named += loadings[int(loading)] * base
    theta = elasticity(run.setting, run.rules.decisions)[cell]
    utility = run.rules.decisions.nest_dissimilarity * np.log(run.anchor.weight[cell])
    return np.asarray(-utility / max(theta, 1e-9) - named)


def stack_of_typical_firm(run: Run, ledger: Ledger, market: int, sector: int) -> tuple[Floats, int]:
    """Return the cost stack of a firm with mean attributes and the site it is at; for figures.

    Its owner is the one most of the site's base-year sales to the market belong to, so that no population is too small.
    """
    site = main_import_site(run, market, sector)
    _, sectors, origins, _ = run.setting.shape
    owner = int(np.argmax(run.setting.use_by_owner[market, sector, :, site]))
    cell = (market * sectors + sector) * origins + owner
    return cost_stack(run, ledger, cell, np.ones(len(Loading))), site


def explain_parameter(name: str) -> str:
    """Return meaning, unit, range, default and source of a parameter such as clusters.elasticity.

    raises: UnknownName
    """
    blocks = mechanism_blocks() | section_blocks()
    section, _, key = name.partition(".")
    if section not in blocks:
        raise UnknownName("section", section, sorted(blocks))
    fields = blocks[section].model_fields
    if key not in fields:
        raise UnknownName(f"parameter of {section}", key, fields)
    return describe_parameter(blocks[section], section, key)


def describe_parameter(block: type[Block], section: str, key: str) -> str:
    """Return one parameter in words."""
    field = documented(block)[key]
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    span = extra.get("range")
    return "\n".join(
        [
            f"{section}.{key}",
            f"  meaning    {(field.description or '').strip()}",
            f"  unit       {extra.get('unit', '')}",
            f"  default    {field.get_default(call_default_factory=True)}",
            f"  range      {span[0]} to {span[1]}" if isinstance(span, list) else "  range      see the schema",
            f"  source     {extra.get('source', '')}",
            f"  certainty  {extra.get('certainty', '')}",
        ]
    )
