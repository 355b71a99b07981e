"""What has to have a sign whatever its size: duties, support, robots, freight."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from footloose.history import History
from footloose.simulation import set_up
from footloose.world import BASE_YEAR, Setting
from footloose_calibration.conformance.findings import Experiment, Published
from footloose_calibration.conformance.worlds import Frame, Lived, policy, until

FIRST, LAST, RATE = 2013, 2025, 30
HOME = "united_states"
SPIKE, DEARER, SPIKE_SEEN = 2013, 3.0, 2025


def dear_freight(setting: Setting, years: range) -> Setting:
    """Return the same world with dearer freight in some years."""
    freight = setting.history.series["freight"].copy()
    freight[[year - BASE_YEAR for year in years]] *= DEARER
    series = {**setting.history.series, "freight": freight}
    return dataclasses.replace(setting, history=History(setting.history.years, series, setting.history.provenance))


def moved(one: Lived, other: Lived) -> float:
    """Return the share of output whose footprint differs between two worlds, percent."""
    firms, twin = one.run.firms, other.run.firms
    apart = (firms.main != twin.main) | (firms.second != twin.second)
    return 100.0 * float(firms.value[apart].sum() / firms.value.sum())


def duties(frame: Frame, replicate: int) -> dict[str, float]:
    """Return what a duty on China does to shares of what the United States and others buy."""
    duty = policy("duty", kind="tariff", market=HOME, sites="china", rate=RATE, start=FIRST, believed=0.0)
    base, taxed = (frame.lived(frame.scenario("no_trade_war", until(LAST), *more), replicate) for more in ((), duty))
    geography = base.run.setting.geography
    china, home = set(base.sites("china")), set(base.sites(HOME))
    third = sorted(set(range(len(geography.sites))) - china - home)

    def share(lived: Lived, sites: list[int], year: int) -> float:
        bought = lived.bought(HOME, year)
        return float(bought[sites].sum() / bought.sum())

    def gain(sites: list[int]) -> float:
        return 100.0 * (share(taxed, sites, LAST) / share(base, sites, LAST) - 1.0)

    shift = []
    for market in geography.markets:
        one, other = (lived.bought(market, LAST) / lived.bought(market, LAST).sum() for lived in (base, taxed))
        shift.append(0.5 * float(np.abs(other - one).sum()))
    here = geography.market(HOME)
    others = [value for place, value in enumerate(shift) if place != here]
    return {
        "china": 100.0 * (share(taxed, sorted(china), LAST) - share(base, sorted(china), LAST)),
        "third_over_home": gain(third) - gain(sorted(home)),
        "other_markets": max(others) / shift[here],
    }


def run(frame: Frame, replicate: int) -> Mapping[str, float]:
    """Return the numbers whose signs are known."""
    support = policy("support", kind="subsidy", sites="us_south", start=FIRST, believed="permanent", output_share=8)
    plain, helped = (
        frame.lived(frame.scenario("no_trade_war", until(LAST), *more), replicate) for more in ((), support)
    )
    site = plain.sites("us_south")
    made = [lived.tables["sales"][-1][..., site].sum() for lived in (plain, helped)]
    cheap = frame.lived(
        frame.scenario("no_trade_war", until(LAST), "mechanisms.automation.robot_cost_scale=0.3"), replicate
    )
    wage = plain.run.setting.history.series["wage"][0]
    dear = np.flatnonzero(wage > wage.mean())
    rich = [lived.tables["sales"][-1][..., dear].sum() / lived.tables["sales"][-1].sum() for lived in (plain, cheap)]
    return {
        **duties(frame, replicate),
        "support": 100.0 * float(made[1] / made[0] - 1.0),
        "robots": 100.0 * float(rich[1] - rich[0]),
        **freight(frame, replicate),
        **jobs_of_2019(frame, replicate),
    }


def freight(frame: Frame, replicate: int) -> dict[str, float]:
    """Return what a year of dear freight moves, over what lasting dear freight does."""
    scenario = frame.scenario("no_trade_war", until(SPIKE_SEEN))
    world = set_up(scenario)
    calm, spike, lasting = (
        frame.lived(scenario, replicate, setting)
        for setting in (
            world, dear_freight(world, range(SPIKE, SPIKE + 1)), dear_freight(world, range(SPIKE, SPIKE_SEEN + 1)),
        )
    )  # fmt: skip
    return {"freight": moved(calm, spike) / moved(calm, lasting)}


def jobs_of_2019(frame: Frame, replicate: int) -> dict[str, float]:
    """Return what the trade war did to manufacturing jobs of the United States by 2019, percent."""
    war, peace = (frame.lived(frame.scenario(name, until(2019)), replicate) for name in ("baseline", "no_trade_war"))
    goods = [place for place, name in enumerate(war.run.setting.geography.sectors) if name != "research"]
    jobs = [lived.tables["jobs"][-1][goods][:, lived.sites(HOME)].sum() for lived in (war, peace)]
    return {"jobs_2019": 100.0 * float(jobs[0] / jobs[1] - 1.0)}


BELOW, ABOVE = (-np.inf, 0.0, (-np.inf, 0.0), -1), (0.0, np.inf, (0.0, np.inf), 1)
DUTY = f"Duty of {RATE} % of the United States on all goods from China from {FIRST} on, believed to stay; {LAST}."
EXPERIMENT = Experiment(
    "signs",
    "Signs that must come out, each with its twin: a duty on China, support for the US South (8 % of output), robots "
    "at 0.3 of their price, a year of freight at three times its price, the trade war of 2018-19.",
    run,
    (
        Published(
            "china", "A duty on China lowers its share", "points", "below 0", *BELOW, "Freund et al. (World Bank 2023)",
            "V", "sign only", DUTY,
        ),
        Published(
            "third_over_home", "Third countries gain more than home, in relation to what they had", "points of growth",
            "above 0", *ABOVE,
            "CEPR DP17409: home is a 43 % weaker substitute; Freund et al. 2023: no consistent reshoring", "V",
            "sign only", DUTY,
        ),
        Published(
            "other_markets", "Shift of the other market that is moved most, over that of the United States", "1",
            "near 0", 0.0, 0.1, (0.0, 0.2), 1, "specification of the model, section 11", "V", "twice the bound",
            "Clusters, learning, wages and parts are all that reaches other markets. A bound the model sets itself.",
        ),
        Published(
            "support", "Support raises output of the supported site", "%", "above 0", *ABOVE,
            "Juhasz, Lane and Rodrik (2023)", "V", "sign only", "8 % of the output of plants in the US South.",
        ),
        Published(
            "robots", "Cheaper robots raise the share of high-wage sites", "points", "above 0", *ABOVE,
            "Krenz, Prettner and Strulik (2021)", "V", "sign only",
            "Share of world output of sites with a wage above the mean.",
        ),
        Published(
            "freight", "What a year of dear freight moves, over what lasting dear freight does", "1", "near 0", 0.0,
            0.2, (0.0, 0.4), 1, "specification of the model, section 11", "V", "twice the bound",
            "Plants follow what is believed to last. A bound the model sets itself.",
        ),
        Published(
            "jobs_2019", "The trade war and manufacturing jobs by 2019", "%", "below 0, near 0", -np.inf, 0.0,
            (-np.inf, 1.0), -1, "Flaaen and Pierce (REStat)", "V", "near zero is in doubt",
            "Protection gained little, dearer inputs and retaliation lost more. Retaliation acts on sales abroad and "
            "inputs on costs here; exchange rates and spending do not answer.",
        ),
    ),
)  # fmt: skip
