"""Export controls: parts that a country withholds, what that costs the target, and the substitutes it learns to make.

Of the parts of sector s at site j the law affects a share a, and b = a (1 - leakage) does not arrive. Of a substitute
of quality q < 1 it takes 1 / q to do the work of one part (quality ladder, Grossman and Helpman 1991), so the parts
bill rises from 1 to 1 - b + b / q:
    line = log(1 + input share x b x (1 / q - 1))
Quality is learnt while parts are blocked (learning by doing, Arrow 1962) and stays when the control ends:
    q' = q + learning x min(1, b / full_pull) x (ceiling - q)
Afterwards buyers weigh substitute and original at equal prices, constant elasticity of substitution sigma, so that of
the largest share A ever affected the controlling country loses A q^sigma / (1 + q^sigma) for good (hysteresis); its
suppliers found no other buyers (Crosignani, Han, Macchiavelli and Silva 2024), so what is lost is all of it. Parts
newly blocked stop lines for a while: plants lose `first_year_loss` of the output that rests on them.
Guard rails: firms that took support for plants at home may not expand at the target.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict

from footloose.beliefs import Beliefs, Instrument, average_together, expected_together
from footloose.block import Block, SectorOrAll, SiteOrGroup, parameter
from footloose.dated import DatedPath, Steps, path
from footloose.ledger import Line
from footloose.variables import Reported
from footloose.world import BASE_YEAR, Floats, World, by_sector_site

BASELINE = False
EVIDENCE = "suggestive"

GUARD_RAILS = "chips_act_guard_rails"
"""Authority of the instruments that bar expansion instead of parts."""

LARGEST_SHARE = 0.95

REPORTS = {
    "export_controls_blocked": Reported(
        ("sector", "site"), "percent", "Share of parts that no longer arrives.", "Export Controls|Parts Blocked"
    ),
    "export_controls_quality": Reported(
        ("sector", "site"),
        "percent",
        "Quality of own substitutes for controlled parts, the original being 100.",
        "Export Controls|Substitute Quality",
    ),
    "export_controls_lost_sales": Reported(
        ("sector", "site"),
        "USD million of 2010",
        "Parts that the site no longer buys from the controlling countries, at last year's output.",
        "Export Controls|Lost Sales",
    ),
}

RAILS: JsonDict = {
    "unit": "percent of expansions",
    "range": [0, 100],
    "source": "none beyond the record; scenarios set it",
    "certainty": "C",
}


class Params(Block):
    """How much of what is controlled is missing, and how fast the target learns to do without."""

    leakage: Annotated[DatedPath, Steps(0, 100)] = path(
        {2010: 30.0},
        unit="percent of controlled parts",
        low=0,
        high=100,
        source="other countries' sales of chip tools to China rose when US controls came (Bonnet, Ciani, Zaurino, "
        "Joint Research Centre 2026); size unverified, range 10-60; 0 when all suppliers join",
        certainty="C",
    )
    """Controlled parts that arrive all the same, from countries that do not join the control."""

    start_quality: float = parameter(
        50.0,
        unit="percent of the original",
        low=5.0,
        high=99.0,
        source="substitutes two or three generations behind; unverified, range 30-70",
        certainty="C",
    )
    """Quality of the target's own substitutes when it begins."""

    ceiling: float = parameter(
        90.0,
        unit="percent of the original",
        low=10.0,
        high=100.0,
        source="document 001: key tools such as lithography remain foreign; unverified, range 75-100",
        certainty="C",
    )
    """Quality that substitutes come near to in the long run."""

    learning: Annotated[DatedPath, Steps(0, 1)] = path(
        {2010: 0.2},
        unit="1 per year",
        low=0,
        high=1,
        source="own share of China's chip tools 21 percent in 2021, 35 in 2025, 52 forecast for 2030 (trade press, "
        "Yole): the foreign share falls by 5-7 percent a year with a sixth of parts blocked; range 0.08-0.4",
        certainty="C",
    )
    """Share of the gap to the ceiling closed in a year at full pull; support at the target raises it."""

    full_pull: float = parameter(
        40.0,
        unit="percent of parts",
        low=1.0,
        high=100.0,
        source="share of parts blocked at which substitutes find all the buyers they need to learn; range 15-100",
        certainty="C",
    )
    """Share of parts blocked from which on learning is at its full speed."""

    substitution: float = parameter(
        4.0,
        unit="1",
        low=1.0,
        high=10.0,
        source="elasticity between suppliers of parts 3.85, Antras, Fort and Tintelnot (2017), unverified; range 2-6",
        certainty="C",
    )
    """Elasticity of substitution between the original and the substitute once both can be had (sigma)."""

    first_year_loss: float = parameter(
        0.3,
        unit="1",
        low=0.0,
        high=1.0,
        source="1 = no other part will do at once (Boehm, Flaaen and Pandalai-Nayar 2019, earthquake of 2011); stocks "
        "and tools that stand go on, range 0.1-0.6",
        certainty="C",
    )
    """Output lost in the year parts are blocked, as a share of the output that rests on them."""

    guard_rails: Annotated[
        dict[SiteOrGroup, dict[SectorOrAll, Annotated[DatedPath, Steps(0, 100)]]], Field(json_schema_extra=RAILS)
    ] = {}
    """Expansions of foreign owners barred at a target, by sector, on top of the record's and beyond the base year's."""


def initial(params: Params, world: World) -> dict[str, Floats]:
    """Return the quality of substitutes (percent), the share blocked and the largest share affected; (sector, site)."""
    _, sectors, _, sites = world.setting.shape
    return {
        "export_controls_quality": np.full((sectors, sites), min(params.start_quality, params.ceiling)),
        "export_controls_blocked": np.zeros((sectors, sites)),
        "export_controls_peak": np.zeros((sectors, sites)),
    }


def advance(params: Params, world: World) -> dict[str, Floats]:
    """Let substitutes improve where parts are blocked; remember what was blocked, and the most that ever was."""
    affected, _ = affected_share(world)
    quality, blocked = world.state["export_controls_quality"], arriving_not(params, world, affected)
    speed = params.learning.in_year(world.year) * pull(params, blocked)
    return {
        "export_controls_quality": quality + speed * np.maximum(params.ceiling - quality, 0.0),
        "export_controls_blocked": blocked,
        "export_controls_peak": np.maximum(world.state["export_controls_peak"], affected),
    }


def cost(params: Params, world: World) -> Line:
    """Return log(1 + input share x b x (1 / q - 1)), log points, (1, sector, 1, site).

    Expected: the share believed to be blocked, at the gap of quality averaged over the horizon while learning goes on.
    """
    affected, believed = (arriving_not(params, world, share) for share in affected_share(world))
    gap = 100.0 / world.state["export_controls_quality"] - 1.0
    return Line(
        now=parts_bill(world, affected, gap),
        expected=parts_bill(world, believed, expected_gap(params, world, believed)),
    )


def outage(params: Params, world: World) -> Floats:
    """Return the share of output lost to parts newly blocked since last year; (sector, site)."""
    affected, _ = affected_share(world)
    new = np.maximum(arriving_not(params, world, affected) - world.state["export_controls_blocked"], 0.0)
    return np.asarray(params.first_year_loss * new)


def permission(params: Params, world: World) -> Floats:
    """Return the share of expansions that guard rails leave to owners from elsewhere; (1, sector, origin, site)."""
    geography = world.setting.geography
    barred, _ = law_of(world, rails=True)
    for target, by_sector in params.guard_rails.items():
        sites = list(geography.sites_in(target))
        for name, share in by_sector.items():
            chosen = slice(None) if name == "all" else geography.sector(name)
            barred[chosen, sites] += max(share.in_year(world.year) - share.in_year(BASE_YEAR), 0.0) / 100.0
    foreign = ~np.asarray(geography.home_of)
    return 1.0 - np.minimum(barred, 1.0)[None, :, None, :] * foreign[None, None, :, :]


def report(params: Params, world: World) -> dict[str, Floats]:
    """Return what is blocked, how good substitutes are and what the controlling countries no longer sell."""
    affected, _ = affected_share(world)
    inputs = np.asarray(world.setting.geography.traits["input_share"])[:, None]
    return {
        "export_controls_blocked": 100.0 * arriving_not(params, world, affected),
        "export_controls_quality": world.state["export_controls_quality"].copy(),
        "export_controls_lost_sales": lost_share(params, world, affected) * inputs * world.activity.output,
    }


def affected_share(world: World) -> tuple[Floats, Floats]:
    """Return the share of parts affected this year, and as believed over a plant's horizon; each (sector, site)."""
    return law_of(world, rails=False)


def law_of(world: World, *, rails: bool) -> tuple[Floats, Floats]:
    """Return what guard rails, or all other export controls, say now and as believed, as shares; each (sector, site).

    Instruments of one authority stack by their rule; authorities add.
    """
    _, sectors, _, sites = world.setting.shape
    now, believed = np.zeros((sectors, sites)), np.zeros((sectors, sites))
    authorities: dict[str, list[Instrument]] = {}
    for instrument in world.setting.law.of_kind("export_control"):
        if (instrument.row.authority == GUARD_RAILS) == rails:
            authorities.setdefault(instrument.row.authority, []).append(instrument)
    for name in sorted(authorities):
        paid, counted_on = rates(tuple(authorities[name]), world.year, world.setting.law.beliefs)
        now += paid
        believed += counted_on
    return np.minimum(now / 100.0, LARGEST_SHARE), np.minimum(believed / 100.0, LARGEST_SHARE)


@lru_cache(maxsize=256)
def rates(authority: tuple[Instrument, ...], year: int, beliefs: Beliefs) -> tuple[Floats, Floats]:
    """Return the rates of one authority over a year and as believed in it [percent]; each (sector, site)."""
    return average_together(authority, year), expected_together(authority, year, beliefs)


def arriving_not(params: Params, world: World, affected: Floats) -> Floats:
    """Return the share of parts that does not arrive, b = a (1 - leakage); (sector, site)."""
    return np.asarray(affected * (1.0 - params.leakage.in_year(world.year) / 100.0))


def pull(params: Params, blocked: Floats) -> Floats:
    """Return how much of the demand they need to learn substitutes find, 0 to 1; (sector, site)."""
    return np.minimum(blocked / (params.full_pull / 100.0), 1.0)


def parts_bill(world: World, blocked: Floats, gap: Floats) -> Floats:
    """Return log(1 + input share x b x gap); (1, sector, 1, site)."""
    return np.log1p(world.setting.trait("input_share") * by_sector_site(blocked * gap))


def expected_gap(params: Params, world: World, blocked: Floats) -> Floats:
    """Return the discounted mean of 1 / q - 1 over the horizon, q going on to learn; (sector, site)."""
    beliefs = world.setting.law.beliefs
    ahead = np.arange(round(beliefs.horizon_years))
    weight = (1.0 + beliefs.discount_rate) ** -ahead
    quality = world.state["export_controls_quality"]
    left = (1.0 - params.learning.in_year(world.year) * pull(params, blocked)) ** ahead[:, None, None]
    later = np.maximum(params.ceiling, quality) - np.maximum(params.ceiling - quality, 0.0) * left
    return np.asarray(np.tensordot(weight / weight.sum(), 100.0 / later - 1.0, axes=1))


def lost_share(params: Params, world: World, affected: Floats) -> Floats:
    """Return the share of parts no longer bought from the controlling countries: blocked, or lost for good."""
    merit = (world.state["export_controls_quality"] / 100.0) ** params.substitution
    return np.maximum(affected, world.state["export_controls_peak"] * merit / (1.0 + merit))
