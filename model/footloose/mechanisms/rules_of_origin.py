"""Rules of origin: a firm under a trade agreement complies, pays the duty instead, or moves its suppliers in.

Content of a good = own value added + parts from members + what suppliers moved in = c. Firms scatter around it, so the
mean gap to the required content R is g = s log(1 + exp((R - c) / s)), a logistic tail. Complying costs k + f g, paying
the duty d that the preference saves: the share that complies is a logit (McFadden 1978),

    sigma = 1 / (1 + exp(-(log(1 + d) - k - f g) / m))

and suppliers follow: moved' = moved + speed x (sigma g - that of 2010). The rates of the policy record hold what was
saved by the share u that used the preference (that of 2010 and what agreements.csv says it rose by), so

    Line = log((1 + rate + (u - sigma) d) / (1 + rate)) + sigma min(k + f g, log(1 + d)) - deepening.

k of 2-5 %: Anson et al. (2005), Carrere and de Melo (2006). Conconi et al. (2018): origin rules cut imports of parts
from outside by some 30 points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from footloose.block import parameter
from footloose.foresight import expected_value, value_in
from footloose.ledger import Line
from footloose.origin import Terms, Treaties, names_of, terms_of
from footloose.schedule import added_to, behind_border, charged
from footloose.variables import Reported
from footloose.world import Floats, World, by_market_sector_site, by_sector_site

BASELINE = False
EVIDENCE = "suggestive"

BILATERAL = ("market", "sector", "site")
REPORTS = {
    "rules_of_origin_complying": Reported(
        BILATERAL, "percent", "Share of goods that meets the rules of an agreement.", "Origin|Complying"
    ),
    "rules_of_origin_paying": Reported(
        BILATERAL, "percent", "Share of goods under an agreement that pays the duty instead.", "Origin|Paying"
    ),
    "rules_of_origin_content": Reported(
        BILATERAL, "percent", "Value from members of the agreement in goods.", "Origin|Regional Content"
    ),
    "rules_of_origin_moved": Reported(
        BILATERAL, "percent", "Part of that value whose suppliers moved in for the rules.", "Origin|Moved Content"
    ),
    "rules_of_origin_returning": Reported(
        BILATERAL, "percent", "Parts from the market itself in goods it buys.", "Origin|Market Content"
    ),
}


class Params(Treaties):
    """Which agreements, what complying costs, how fast suppliers move."""

    barrier: float = parameter(
        5.0,
        unit="percent of value",
        low=0.0,
        high=50.0,
        source="remaining duty, standards and clearance between partners; range 2-10",
        certainty="C",
    )
    """Cost of crossing a border inside an agreement that deepening can remove."""

    compliance_cost: float = parameter(
        2.0,
        unit="percent of value",
        low=0.0,
        high=20.0,
        source="Carrere and de Melo (2006), Anson et al. (2005): 2-5; range 1-5",
        certainty="C",
    )
    """Cost of showing origin: records, certificates, audits (k)."""

    content_cost: float = parameter(
        0.5,
        unit="percent of value per point of content",
        low=0.0,
        high=5.0,
        source="regional parts that replace others are 10-100 percent dearer at first; range 0.1-1",
        certainty="C",
    )
    """Cost of a missing point of content while suppliers have not moved (f)."""

    spread_of_cost: float = parameter(
        10.0,
        unit="percent of value",
        low=0.1,
        high=100.0,
        source="use of USMCA by Mexico 50 percent at 2 percent saved (2024), 68 and more at 25 (2025); range 5-20",
        certainty="C",
    )
    """Scale of the scatter of compliance costs between firms (m)."""

    spread_of_content: float = parameter(
        10.0,
        unit="points of content",
        low=0.1,
        high=50.0,
        source="scatter of firms around the mean of their sector and site; range 5-20",
        certainty="C",
    )
    """Scale of the scatter of content between firms (s)."""

    speed: float = parameter(
        0.2,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="USMCA gave car makers three to five years; range 0.1-0.4",
        certainty="C",
    )
    """Share of the gap of complying firms that suppliers close in a year."""

    cumulation: float = parameter(
        1.0,
        unit="1",
        low=0.0,
        high=1.0,
        source="1: parts of every member count, as in all agreements of the table; 0: of the two partners only",
        certainty="B",
    )
    """Weight of parts from third members."""


@dataclass(frozen=True)
class Choice:
    """What firms do; each (market, sector, site).

    complying : share of goods that complies
    change    : duty paid beyond the record's, 0.25 = 25 %
    effort    : compliance costs over the value of all goods
    """

    complying: Floats
    change: Floats
    effort: Floats


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return the base year: content moved in, none; share that complies; pull on suppliers, to which they are used."""
    terms = terms_of(params, world)
    gap = missing(params, world, terms, np.zeros(world.setting.base.use.shape))
    complying = comply(params, terms, gap, terms.ordinary + terms.on_top)
    return {
        "rules_of_origin_moved": np.zeros_like(gap),
        "rules_of_origin_base_share": complying,
        "rules_of_origin_base_pull": complying * gap,
    }


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Let suppliers of complying firms close part of the gap that the base year did not have."""
    terms, moved = terms_of(params, world), world.state["rules_of_origin_moved"]
    gap = missing(params, world, terms, moved)
    made = choose(params, world, terms, gap, world.setting.law.tariffs.now[world.index], terms.on_top)
    pull = np.maximum(made.complying * gap - world.state["rules_of_origin_base_pull"], 0.0)
    kept = {name: world.state[f"rules_of_origin_{name}"] for name in ("base_share", "base_pull")}
    return {"rules_of_origin_moved": moved + params.speed * pull} | {
        f"rules_of_origin_{name}": table for name, table in kept.items()
    }


def cost(params: Params, world: World) -> Line:
    """Return duty paid instead, compliance and deepening, log points, (market, sector, 1, site)."""
    law, terms = world.setting.law.tariffs, terms_of(params, world)
    gap = missing(params, world, terms, world.state["rules_of_origin_moved"])
    now, lasting = law.now[world.index], law.expected[world.index]
    believed = np.clip(lasting / np.where(now > 0.0, now, np.inf), 0.0, 1.0)  # as the duties of the record
    lines = []
    for rate, on_top, expects in ((now, terms.on_top, False), (lasting, believed * terms.on_top, True)):
        made = choose(params, world, terms, gap, rate, on_top)
        paid = added_to(charged(world, rate), made.change) + made.effort
        lines.append(by_market_sector_site(paid) - deepened(params, world, terms, expected=expects))
    return Line(*lines)


def duty(params: Params, world: World) -> Floats:
    """Return what is collected beyond the schedule, negative where more firms comply; (market, sector, site)."""
    terms = terms_of(params, world)
    gap = missing(params, world, terms, world.state["rules_of_origin_moved"])
    return choose(params, world, terms, gap, world.setting.law.tariffs.now[world.index], terms.on_top).change


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return shares that comply and pay, regional content, its part moved in, and parts from the market; percent."""
    terms, moved, home = terms_of(params, world), world.state["rules_of_origin_moved"], behind_border(world)
    gap = missing(params, world, terms, moved)
    made = choose(params, world, terms, gap, world.setting.law.tariffs.now[world.index], terms.on_top)
    under = terms.open * np.ones_like(moved)
    inputs = np.asarray(world.setting.geography.traits["input_share"])
    returning = np.moveaxis(world.input_origin @ home.T, 2, 0) * inputs[:, None] * (1.0 - home)[:, None, :]
    tables = {
        "complying": made.complying,
        "paying": under - made.complying,
        "content": np.where(under > 0.0, content(params, world, terms) + moved, 0.0),
        "moved": moved,
        "returning": returning,
    }
    return {f"rules_of_origin_{name}": 100.0 * table for name, table in tables.items()}


def choose(params: Params, world: World, terms: Terms, gap: Floats, additional: Floats, on_top: Floats) -> Choice:
    """Return what firms do; on_top: duty on goods without origin beyond the record's; (market, sector, site).

    additional : (market, sector, site) the law's additional duties, percentage points
    """
    waived = terms.waived * world.series("collection_ratio")[:, None, None] * additional / 100.0
    spared = terms.ordinary + on_top + waived
    complying = comply(params, terms, gap, spared)
    embodied = world.state["rules_of_origin_base_share"] + terms.used
    change = embodied * (terms.old + on_top) - complying * spared
    return Choice(complying, change, complying * np.minimum(effort(params, gap), np.log1p(spared)))


def comply(params: Params, terms: Terms, gap: Floats, spared: Floats) -> Floats:
    """Return the share of goods that complies: logit of the duty spared against the effort; (market, sector, site)."""
    worse_off = effort(params, gap) - np.log1p(spared)
    return np.asarray(terms.open / (1.0 + np.exp(worse_off / (params.spread_of_cost / 100.0))))


def effort(params: Params, gap: Floats) -> Floats:
    """Return the cost of showing origin and of what content is missing, fraction of value."""
    return np.asarray(params.compliance_cost / 100.0 + params.content_cost * gap)


def missing(params: Params, world: World, terms: Terms, moved: Floats) -> Floats:
    """Return the mean gap between required and regional content, fraction of value; (market, sector, site)."""
    spread = params.spread_of_content / 100.0
    return np.asarray(spread * np.logaddexp(0.0, (terms.required - content(params, world, terms) - moved) / spread))


def content(params: Params, world: World, terms: Terms) -> Floats:
    """Return own value added and parts from members over the value of goods; (market, sector, site)."""
    origin, sites = world.input_origin, np.arange(len(world.setting.geography.sites))
    if not len(terms.members):
        return np.ones(world.setting.base.use.shape)
    by_agreement = origin @ (terms.members > 0.0).T.astype(np.float64)
    share = np.moveaxis(by_agreement[:, sites[None, :], np.maximum(terms.agreement, 0)], 0, 1)
    if params.cumulation < 1.0:
        country = np.asarray(world.setting.geography.country_of_site)
        own = np.einsum("sjk,jk->sj", origin, (country[:, None] == country).astype(np.float64))
        partners = own[None] + np.moveaxis(origin @ behind_border(world).T, 2, 0)
        share = partners + params.cumulation * (share - partners)
    inputs = np.asarray(world.setting.geography.traits["input_share"])[:, None]
    return np.asarray(1.0 - inputs + inputs * share)


def deepened(params: Params, world: World, terms: Terms, *, expected: bool) -> Floats:
    """Return what deepening takes off goods and parts that cross borders inside a bloc; (market, sector, 1, site)."""
    names, eased = names_of(params), np.zeros((world.setting.shape[0], 1, 1, world.setting.shape[3]))
    country = np.asarray(world.setting.geography.country_of_site)
    for name, path in params.deepening.items():
        if name not in names:
            continue
        beliefs, year, place = world.setting.law.beliefs, world.year, names.index(name)
        percent = expected_value(path, year, beliefs) if expected else value_in(path, year)
        removed = percent / 100.0 * params.barrier / 100.0
        inside = terms.members[place] > 0.0
        partners = (inside[:, None] & inside & (country[:, None] != country)).astype(np.float64)
        parts = by_sector_site(np.einsum("sjk,jk->sj", world.input_origin, partners))
        goods = (terms.agreement == place)[:, None, None, :]
        eased = eased + removed * (goods + world.setting.trait("input_share") * parts)
    return eased
