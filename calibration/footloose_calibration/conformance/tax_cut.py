"""What a lower corporate tax does to investment from abroad: the semi-elasticity."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from footloose.history import History
from footloose.simulation import set_up
from footloose.world import BASE_YEAR, Setting
from footloose_calibration.conformance.findings import Experiment, Published, about
from footloose_calibration.conformance.worlds import Frame, Lived, until

FIRST, LAST, POINTS = 2013, 2022, 5.0
HOME = "united_states"


def lower(setting: Setting, points: float) -> Setting:
    """Return the same world with a lower corporate tax in the United States from the first year on."""
    sites = list(setting.geography.sites_in(HOME))
    rate = setting.history.series["corporate_tax"].copy()
    rate[FIRST - BASE_YEAR :, sites] -= points
    series = {**setting.history.series, "corporate_tax": rate}
    return dataclasses.replace(setting, history=History(setting.history.years, series, setting.history.provenance))


def foreign(lived: Lived) -> list[int]:
    """Return the owners at home elsewhere."""
    return [place for place, origin in enumerate(lived.run.setting.geography.origins) if origin != HOME]


def run(frame: Frame, replicate: int) -> Mapping[str, float]:
    """Return percent more per point of tax less: jobs of new plants, and output of foreign owners at the end."""
    scenario = frame.scenario("baseline", until(LAST))
    setting = set_up(scenario)
    base, cut = (frame.lived(scenario, replicate, world) for world in (setting, lower(setting, POINTS)))
    years = range(FIRST, LAST + 1)
    entries = [lived.entries(foreign(lived), HOME, years) for lived in (base, cut)]
    output = [
        lived.tables["sales"][-1][:, :, foreign(lived)][:, :, :, lived.sites(HOME)].sum() for lived in (base, cut)
    ]
    return {
        "entries": 100.0 * float(np.log(entries[1] / entries[0])) / POINTS,
        "output": 100.0 * float(np.log(output[1] / output[0])) / POINTS,
    }


SOURCE = "De Mooij and Ederveen (2003)"
EXPERIMENT = Experiment(
    "tax_cut",
    f"The corporate tax of the United States is {POINTS:g} points lower from {FIRST} on; foreign owners' plants there "
    f"by {LAST}, percent more for each point less.",
    run,
    (
        Published(
            "entries", "Tax and new plants of foreign owners", "% per point", "3.3", *about(3.3), 1, SOURCE, "V",
            "a mean of many estimates with a wide spread",
            "Jobs of projects across a border into the United States by foreign owners, ten years of them. A "
            "point of tax moves unit cost by about 0.2 % here (capital income is 0.15 of output), and that times the "
            "elasticity of location is well below one percent.",
        ),
        Published(
            "output", "Tax and output of foreign owners", "% per point", "3.3", *about(3.3), 1, SOURCE, "V",
            "a mean of many estimates with a wide spread",
            "A stock, nine years after: most of it stood there before. The estimates are of flows and of stocks.",
        ),
    ),
)  # fmt: skip
