"""Rules of origin: a firm under a trade agreement complies, pays the duty instead, or moves its suppliers in.

Content of a good = own value added + parts from members + what suppliers moved in = c. Firms scatter around it, so the
mean gap to the required content R is g = s log(1 + exp((R - c) / s)), a logistic tail. Complying costs k + f g, paying
the duty d that the preference saves: the share that complies is a logit (McFadden 1978),

    sigma = 1 / (1 + exp(-(log(1 + d) - k - f g) / m))

and suppliers follow: moved' = moved + speed x sigma x g. The rates of the policy record already hold what was saved by
the share that used the preference (agreements.csv); so the duty changes by used x d of then - sigma x d, and

    Line = log((1 + rate + that) / (1 + rate)) + sigma min(k + f g, log(1 + d)) - deepening

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

    complying, gap : share that complies, mean gap of content; change: duty paid beyond the record's, 0.25 = 25 %
    cost           : compliance costs of those who comply, fraction of the value of all goods
    """

    complying: Floats
    gap: Floats
    change: Floats
    cost: Floats


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return the content whose suppliers have moved in, none in the base year; (market, sector, site)."""
    return {"rules_of_origin_moved": np.zeros(world.setting.base.use.shape)}


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Let suppliers of complying firms close part of the gap."""
    made = choice_now(params, world, terms_of(params, world))
    return {"rules_of_origin_moved": world.state["rules_of_origin_moved"] + params.speed * made.complying * made.gap}


def cost(params: Params, world: World) -> Line:
    """Return duty paid instead, compliance and deepening, log points, (market, sector, 1, site)."""
    law, terms = world.setting.law.tariffs, terms_of(params, world)
    now, lasting = law.now[world.index], law.expected[world.index]
    believed = np.where(now > 0.0, np.clip(lasting / np.where(now > 0.0, now, 1.0), 0.0, 1.0), 0.0)
    paid, counted_on = choice_now(params, world, terms), choose(params, world, terms, lasting, believed)
    nearer = deepened(params, world, terms, expected=False), deepened(params, world, terms, expected=True)
    tables = zip((paid, counted_on), (now, lasting), nearer, strict=True)
    return Line(*(added_to(charged(world, rate), made.change)[:, :, None, :]
                  + by_market_sector_site(made.cost) - eased for made, rate, eased in tables))  # fmt: skip


def duty(params: Params, world: World) -> Floats:
    """Return what is collected beyond the schedule, negative where more firms comply; (market, sector, site)."""
    return choice_now(params, world, terms_of(params, world)).change


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return shares that comply and pay, regional content, its part moved in, and parts from the market; percent."""
    terms = terms_of(params, world)
    made, under = choice_now(params, world, terms), terms.open * np.ones_like(terms.required)
    moved = world.state["rules_of_origin_moved"]
    inputs = np.asarray(world.setting.geography.traits["input_share"])
    home = behind_border(world)
    returning = np.moveaxis(world.input_origin @ home.T, 2, 0) * inputs[:, None] * (1.0 - home)[:, None, :]
    tables = {
        "complying": made.complying, "paying": under - made.complying,
        "content": np.where(under > 0.0, content(params, world, terms) + moved, 0.0),
        "moved": moved, "returning": returning,
    }  # fmt: skip
    return {f"rules_of_origin_{name}": 100.0 * table for name, table in tables.items()}


def choice_now(params: Params, world: World, terms: Terms) -> Choice:
    """Return what firms do under the law of the year."""
    return choose(params, world, terms, world.setting.law.tariffs.now[world.index], np.ones(1))


def choose(params: Params, world: World, terms: Terms, additional: Floats, believed: Floats) -> Choice:
    """Return what firms do when the law adds `additional`, of which duties without origin last with `believed`.

    additional : (market, sector, site) percentage points; believed: (market, sector, site) or (1,), 0 to 1
    """
    collection = world.series("collection_ratio")[:, None, None]
    on_top = believed * terms.on_top
    waived = terms.waived * collection * additional / 100.0
    spread = params.spread_of_content / 100.0
    have = content(params, world, terms) + world.state["rules_of_origin_moved"]
    gap = spread * np.logaddexp(0.0, (terms.required - have) / spread)
    saved = np.log1p(terms.ordinary + on_top + waived)
    effort = params.compliance_cost / 100.0 + params.content_cost * gap
    complying = terms.open / (1.0 + np.exp((effort - saved) / (params.spread_of_cost / 100.0)))
    change = terms.used * (terms.old + on_top) - complying * (terms.ordinary + on_top + waived)
    return Choice(complying, gap, change, complying * np.minimum(effort, saved))


def content(params: Params, world: World, terms: Terms) -> Floats:
    """Return own value added and parts from members over the value of goods; (market, sector, site)."""
    origin, sites = world.input_origin, np.arange(len(world.setting.geography.sites))
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
