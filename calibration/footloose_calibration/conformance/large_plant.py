"""What one large plant does for the firms around it: productivity through the cluster and through learning."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from footloose import projects
from footloose.choice import MOVE
from footloose.experiments.comparison.histories import place_of
from footloose.firms import VALUE_UNIT
from footloose.running import Run
from footloose.year import look, price
from footloose_calibration.conformance.findings import Experiment, Published, about
from footloose_calibration.conformance.worlds import EachYear, Frame, until

OPENED, SEEN = 2013, 2018
SITE, SECTOR = "us_south", "machinery"
SMALL, LARGE = 0.10, 1.00
GAINS = ("clusters", "productivity")

Floats = npt.NDArray[np.float64]


def arrivals(run: Run, part: float) -> npt.NDArray[np.int64]:
    """Return programmes of the sector from abroad that together make so much of what the site makes; (firm,)."""
    geography, firms = run.setting.geography, run.firms
    site, sector = geography.site(SITE), geography.sector(SECTOR)
    _, sectors = place_of(run.setting, firms.cell)
    single = (sectors == sector) & (firms.second < 0) & (firms.target < 0)
    there = sectors == sector
    made = firms.value[there & (firms.main == site)].sum()
    away = np.flatnonzero(single & ~np.isin(firms.main, list(geography.sites_in("united_states"))))
    order = away[np.argsort(firms.slot[away], kind="stable")]
    enough = int(np.searchsorted(np.cumsum(firms.value[order]), part * made)) + 1
    return order[:enough]


def place_plant(part: float, seen: dict[str, Floats]) -> EachYear:
    """Return what puts the plant there on the first day of its year, and looks at the ledger five years on.

    part : its output over what the site makes in the sector; 0 for the twin
    """

    def before(run: Run, year: int) -> None:
        if year == OPENED and part > 0.0:
            chosen = arrivals(run, part)
            firms, site = run.firms, run.setting.geography.site(SITE)
            seen["added"] = np.array(firms.value[chosen].sum() * VALUE_UNIT)
            decisions = (chosen, np.full(chosen.size, site), np.full(chosen.size, MOVE))
            at_once = np.zeros(run.setting.cells)
            projects.begin_projects(firms, decisions, np.zeros(chosen.size), at_once, run.footing, run.building)
            opens = np.full(chosen.size, projects.OPENED)
            projects.end_projects(firms, chosen, opens, run.footing, run.building, year)
            run.announced_projects += chosen.size
            run.opened_projects += chosen.size
        if year == SEEN:
            geography = run.setting.geography
            ledger = price(run, look(run, year))
            lines = ledger.now[:, 0, geography.sector(SECTOR), 0, geography.site(SITE)]
            seen.update({name: np.array(value) for name, value in zip(ledger.names, lines, strict=True)})

    return before


def run(frame: Frame, replicate: int) -> Mapping[str, float]:
    """Return what the plants already there gain, percent of their costs, and what labour costs them more."""
    scenario = frame.scenario("baseline", until(SEEN))
    looks: list[dict[str, Floats]] = []
    for part in (0.0, SMALL, LARGE):
        seen: dict[str, Floats] = {}
        frame.lived(scenario, replicate, before=place_plant(part, seen))
        looks.append(seen)

    def gain(place: int) -> float:
        fall = sum(float(looks[0][name] - looks[place][name]) for name in GAINS if name in looks[0])
        return 100.0 * float(np.expm1(fall))

    wage = 100.0 * float(looks[2]["congestion"] - looks[0]["congestion"]) if "congestion" in looks[0] else 0.0
    return {"doubled": gain(2), "tenth": gain(1), "labour": wage}


SOURCE = "Greenstone, Hornbeck and Moretti (2010)"
EXPERIMENT = Experiment(
    "large_plant",
    f"A plant opens in {SITE} in {OPENED} that makes as much machinery as all plants there together (and, apart, a "
    f"tenth of that); its programmes come from abroad. Productivity of the plants already there in {SEEN}, from the "
    "lines of clusters and of learning.",
    run,
    (
        Published(
            "doubled", "Productivity of incumbents, plant as large as the industry there", "%", "12", *about(12.0), 1,
            SOURCE, "V", "half the number either way",
            "The estimate is for counties, where the plant is large beside the industry; the model's sites are "
            "regions. So the comparable plant is one that is large beside the region's industry: here as large.",
        ),
        Published(
            "tenth", "Productivity of incumbents, plant a tenth of the industry there", "%", "above 0, below 12", 0.0,
            12.0, (0.0, 12.0), 1, SOURCE, "V", "sign and bound only",
            "A plant that is small beside the industry of its region can only do less.",
        ),
        Published(
            "labour", "Labour costs of incumbents", "% of unit cost", "above 0", 0.0, np.inf, (0.0, np.inf), 1, SOURCE,
            "V", "sign only", "Labour costs rise and take a part of the gain; line of congestion.",
        ),
    ),
)  # fmt: skip
