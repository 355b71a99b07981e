"""Spin-offs: local founders add specialised suppliers, success pays for the next ones, a slump of orders kills some.

    dn/n  = rho e_j [ m^iota - (n/a)^kappa ] + starts/n - phi max(0, fall of a - cash - credit)
    line  = - x_s / (sigma - 1) log(n / n of 2010)

n suppliers of a sector at a site, e_j its entrepreneurial base, a activity over its reference, m suppliers in the whole
country (index), x_s share of specialised inputs. Spin-offs in proportion to incumbents: Klepper (2007);
love of variety in inputs: Ethier (1982). With a = m = 1 and no money the number stays as it was in 2010.
Finance loop: `success_share` of the output a region adds beyond its best year flows into its pool; what ventures
return when they are listed or sold flows back. Money finds founders as far as there are any:
    starts = D w / (D + w),  D fundable projects, w projects the money would pay for.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose import levers
from footloose.block import Block, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps
from footloose.geography.cluster_traits import load_cluster_traits
from footloose.ledger import Line
from footloose.localities import base_output, budgets, ratio, relative_activity, same_country
from footloose.variables import Reported
from footloose.world import Floats, World, by_sector_site

BASELINE = False
EVIDENCE = "suggestive"

FEWEST = 0.01
MOST_EXITS = 0.9

LISTING: JsonDict = {
    "unit": "percentage points",
    "range": [0, 60],
    "source": "none in the baseline; document 002: the STAR market as a way out for investors",
    "certainty": "C",
}
PUBLIC_VENTURE: JsonDict = {
    "unit": "USD billion of 2010 per year",
    "range": [0, 100],
    "source": "none in the baseline; scenarios set it",
    "certainty": "C",
}
CREDIT: JsonDict = {
    "unit": "percent of a year's orders",
    "range": [0, 100],
    "source": "none in the baseline; scenarios set it",
    "certainty": "C",
}


class Params(Block):
    """How suppliers are born, financed and lost."""

    rate: float = parameter(
        0.08, unit="1 per year", low=0.0, high=0.2, source="entry rates of manufacturing plants 5-12 %", certainty="C"
    )
    """Suppliers founded a year per supplier there is, in a place of entrepreneurial base 1 (rho)."""

    imitation: float = parameter(
        0.3,
        unit="1",
        low=0.0,
        high=1.0,
        source="unverified, range 0-1; document 002: one success is copied",
        certainty="C",
    )
    """Elasticity of founding with the number of such suppliers in the country (iota)."""

    congestion: float = parameter(
        1.0,
        unit="1",
        low=0.2,
        high=3.0,
        source="1 = exits in proportion to suppliers per order; range 0.5-2",
        certainty="C",
    )
    """Elasticity of exits with the number of suppliers per order (kappa)."""

    specialised_share: float = parameter(
        0.4,
        unit="1",
        low=0.0,
        high=1.0,
        source="differentiated inputs a third to a half, Rauch (1999); 0.3-0.5",
        certainty="C",
    )
    """Share of bought inputs that is specialised."""

    substitution: float = parameter(
        5.0,
        unit="1",
        low=2.0,
        high=20.0,
        source="Broda and Weinstein (2006) 3-7; set so that elasticities are 0.03-0.06, Combes and Gobillon (2015)",
        certainty="C",
    )
    """Elasticity of substitution between varieties of a specialised input (sigma)."""

    suppliers_per_billion: float = parameter(
        20.0,
        unit="firms per USD billion of output",
        low=1.0,
        high=200.0,
        source="about 50 US manufacturing establishments per USD billion, two fifths of them suppliers; range 5-80",
        certainty="C",
    )
    """Specialised suppliers per output in the base year."""

    start_cost: float = parameter(
        5.0, unit="USD million", low=0.1, high=100.0, source="first rounds of venture money; range 2-20", certainty="C"
    )
    """Money it takes to bring one supplier to the market."""

    fundable: float = parameter(0.25, unit="1", low=0.0, high=2.0, source="unverified, range 0.05-1", certainty="C")
    """Projects worth money but without it, per supplier founded anyway."""

    success_share: float = parameter(
        1.0,
        unit="percent of added output",
        low=0.0,
        high=10.0,
        source="profits near a tenth of output, a tenth of them put into ventures; range 0.2-3",
        certainty="C",
    )
    """Part of the output a region adds beyond its best year that flows into its venture pool."""

    deployed: float = parameter(
        0.25,
        unit="1 per year",
        low=0.0,
        high=1.0,
        source="funds invest over three to five years; range 0.2-0.35",
        certainty="C",
    )
    """Part of a pool offered to founders in a year."""

    holding_years: float = parameter(
        6.0, unit="years", low=1.0, high=20.0, source="venture funds hold for five to eight years", certainty="C"
    )
    """Years from the investment to the sale of a venture."""

    failure_rate: float = parameter(
        0.7,
        unit="1",
        low=0.0,
        high=1.0,
        source="two thirds to three quarters of ventures return nothing",
        certainty="C",
    )
    """Share of ventures that return nothing; their firms may live on as ordinary suppliers."""

    exit_multiple: float = parameter(4.0, unit="1", low=0.0, high=10.0, source="unverified, range 2-6", certainty="C")
    """What a venture that is listed or sold returns per dollar."""

    listed_share: float = parameter(0.4, unit="1", low=0.0, high=1.0, source="unverified, range 0.2-0.6", certainty="C")
    """Share of successful ventures that can be listed or sold."""

    fragility: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=1.0,
        source="unverified, range 0.2-1; document 002: swings of orders can kill",
        certainty="C",
    )
    """Suppliers lost per order lost beyond cash and credit (phi)."""

    cash_buffer: float = parameter(
        7.4,
        unit="percent of a year's orders",
        low=0.0,
        high=100.0,
        source="JPMorgan Chase Institute (2016): the median small US firm holds cash for 27 days",
        certainty="B",
    )
    """Fall of orders that a small supplier's cash bridges."""

    listing: Annotated[dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 60)]], Field(json_schema_extra=LISTING)] = {}
    """What easier listing rules add to the share of successful ventures that can be listed or sold, by place, dated."""

    public_venture: Annotated[
        dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 100)]], Field(json_schema_extra=PUBLIC_VENTURE)
    ] = {}
    """Public money paid into the venture pool, by place, dated; a group's money goes to its sites in equal parts."""

    credit_line: Annotated[dict[SiteOrGroup, Annotated[DatedPath, Steps(0, 100)]], Field(json_schema_extra=CREDIT)] = {}
    """Credit that bridges a slump of orders, by place, dated."""


REPORTS = {
    "spin_offs_suppliers": Reported(
        ("sector", "site"), "firms", "Specialised suppliers on 1 January.", "Suppliers|Specialised"
    ),
    "spin_offs_births": Reported(
        ("sector", "site"), "firms per year", "Specialised suppliers founded in the year before.", "Suppliers|Founded"
    ),
    "spin_offs_exits": Reported(
        ("sector", "site"), "firms per year", "Specialised suppliers lost in the year before.", "Suppliers|Lost"
    ),
    "spin_offs_pool": Reported(
        ("site",), "USD million of 2010", "Venture money beyond that of 2010, on 1 January.", "Venture|Pool"
    ),
    "spin_offs_drawn": Reported(
        ("site",), "USD million of 2010", "Credit drawn by suppliers in the year before.", "Suppliers|Credit Drawn"
    ),
    "spin_offs_outlay": Reported(
        ("site",), "USD million of 2010", "Public money paid into venture pools.", "Venture|Public Outlay"
    ),
}


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return suppliers, activity and best year as indices of 1, empty pools, and founding that equals exits."""
    _, sectors, _, sites = world.setting.shape
    turnover = params.rate * founders() * suppliers_of_base(params, world)
    return {
        "spin_offs_suppliers": np.ones((sectors, sites)),
        "spin_offs_activity": np.ones((sectors, sites)),
        "spin_offs_births": turnover,
        "spin_offs_exits": turnover.copy(),
        "spin_offs_best": np.ones(sites),
        "spin_offs_pool": np.zeros(sites),
        "spin_offs_invested": np.zeros(sites),
        "spin_offs_drawn": np.zeros(sites),
    }


def cost(params: Params, world: World) -> Line:
    """Return minus the gain from variety, log points, (1, sector, 1, site)."""
    specialised = params.specialised_share * np.asarray(world.setting.geography.traits["input_share"])
    gain = specialised / (params.substitution - 1.0)
    return Line.certain(by_sector_site(-gain[:, None] * np.log(world.state["spin_offs_suppliers"])))


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Let suppliers be founded, financed and lost over the year."""
    state, activity = world.state, relative_activity(world)
    suppliers, base = state["spin_offs_suppliers"], suppliers_of_base(params, world)
    pace = params.rate * founders()[None, :]
    founded = pace * suppliers * in_country(world, suppliers, base) ** params.imitation
    pool = venture_year(params, world, (pace * suppliers * base).sum(axis=0))
    share = suppliers * base / np.maximum((suppliers * base).sum(axis=0), 1e-12)
    founded = founded + np.where(base > 0.0, pool.pop("starts") * share / np.maximum(base, 1e-12), 0.0)
    crowding = pace * (suppliers / activity) ** params.congestion
    lost_orders, bridged = slump(params, world, activity)
    exits = np.minimum(crowding + params.fragility * lost_orders, MOST_EXITS) * suppliers
    return {
        "spin_offs_suppliers": np.maximum(suppliers + (founded - exits), FEWEST),
        "spin_offs_activity": activity,
        "spin_offs_births": founded * base,
        "spin_offs_exits": exits * base,
        "spin_offs_drawn": bridged,
        **pool,
    }


def venture_year(params: Params, world: World, founding: Floats) -> dict[str, Floats]:
    """Return starts paid for by the pool, and the pool, the money invested and the best year after it; each (site,).

    founding : (site,) suppliers founded a year without the pool
    """
    state, activity, geography = world.state, world.activity, world.setting.geography
    pool, invested, best = (state[f"spin_offs_{name}"] for name in ("pool", "invested", "best"))
    level = np.maximum(ratio(activity.jobs.sum(axis=0), activity.reference_jobs.sum(axis=0)), best)
    inflow = params.success_share / 100.0 * activity.output.sum(axis=0) * np.log(level / best)
    projects, wanted = params.fundable * founding, params.deployed * pool / params.start_cost
    starts = projects * wanted / np.maximum(projects + wanted, 1e-12)
    listed = np.minimum(params.listed_share + levers.by_site(params.listing, geography, world.year) / 100.0, 1.0)
    sold = invested / params.holding_years
    returned = sold * (1.0 - params.failure_rate) * listed * params.exit_multiple
    spent, public = starts * params.start_cost, 1000.0 * budgets(params.public_venture, geography, world.year)
    return {
        "starts": starts,
        "spin_offs_pool": pool - spent + inflow + returned + public,
        "spin_offs_invested": invested - sold + spent,
        "spin_offs_best": level,
    }


def slump(params: Params, world: World, activity: Floats) -> tuple[Floats, Floats]:
    """Return orders lost beyond cash and credit, as a share of a year's, (sector, site), and credit drawn, (site,)."""
    fall = np.maximum(1.0 - activity / world.state["spin_offs_activity"], 0.0) - params.cash_buffer / 100.0
    line = levers.by_site(params.credit_line, world.setting.geography, world.year)[None, :] / 100.0
    drawn = np.clip(fall, 0.0, line)
    traits = world.setting.geography.traits
    turnover = params.specialised_share * np.asarray(traits["input_share"])[:, None] * world.activity.output
    return np.maximum(fall - line, 0.0), (drawn * turnover).sum(axis=0)


def in_country(world: World, suppliers: Floats, base: Floats) -> Floats:
    """Return the suppliers of a sector in the site's country as an index; (sector, site)."""
    same = same_country(world.setting.geography)
    return ratio((suppliers * base) @ same, base @ same)


def suppliers_of_base(params: Params, world: World) -> Floats:
    """Return the suppliers of 2010; (sector, site)."""
    return params.suppliers_per_billion * base_output(world.setting) / 1000.0


def founders() -> Floats:
    """Return the entrepreneurial base of every site; (site,)."""
    return load_cluster_traits().entrepreneurial_base


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return suppliers, founding, exits, pools and outlay."""
    state = world.state
    kept = {name: state[f"spin_offs_{name}"] for name in ("births", "exits", "pool", "drawn")}
    return {
        "spin_offs_suppliers": state["spin_offs_suppliers"] * suppliers_of_base(params, world),
        "spin_offs_outlay": 1000.0 * budgets(params.public_venture, world.setting.geography, world.year),
        **{f"spin_offs_{name}": table for name, table in kept.items()},
    }
