"""How imports answer a permanent duty, over time.

Change of the log ratio of United States imports from China to those from other foreign sites between twins, over that
of one plus the duty collected.
"""

from __future__ import annotations

from collections.abc import Mapping

from footloose_calibration.conformance.findings import Experiment, Published
from footloose_calibration.conformance.worlds import Frame, policy, until
from footloose_calibration.fitting.elasticity import BOEHM, FIRST, LAST, RATE, by_year


def path(frame: Frame, replicate: int) -> dict[int, float]:
    """Return the elasticity by year."""
    duty = policy("duty", kind="tariff", market="united_states", sites="china", rate=RATE, start=FIRST, believed=0.0)
    twins = [frame.lived(frame.scenario("no_trade_war", until(LAST), *more), replicate) for more in ((), duty)]
    setting = twins[0].run.setting
    found = by_year(setting.geography, *(twin.tables for twin in twins))
    return {year: float(value) for year, value in zip(setting.law.years, found, strict=True)}


def run(frame: Frame, replicate: int) -> Mapping[str, float]:
    """Return the elasticity in the first year, after eight years, and the first over the last."""
    found = path(frame, replicate)
    return {"first_year": found[FIRST], "eight_years": found[LAST], "part": found[FIRST] / found[LAST]}


EXPERIMENT = Experiment(
    "trade_elasticity",
    f"A duty of {RATE} % of the United States on all goods from China from {FIRST} on, believed to stay, in a world "
    "without the trade war; imports from China against those from other foreign sites.",
    run,
    (
        Published(
            "first_year", "Trade elasticity after one year", "1", "-0.76", -0.95, -0.60, (-1.14, -0.38), -1, BOEHM, "V",
            "half the number either way",
            "Range: the 95 % interval of the estimate, about 0.6 to 0.95. A target of the fit. Set to a good part: the "
            "elasticity of orders is 0.76 in the model; plants that move within the year add to it.",
        ),
        Published(
            "eight_years", "Trade elasticity after eight years", "1", "-1.75 to -2.25", -2.25, -1.75, (-2.75, -1.25),
            -1, BOEHM, "V", "its standard error of 0.25 to 0.5",
            "A target of the fit, so a check and no prediction: orders, plants that move, and what they drag along.",
        ),
        Published(
            "part", "First year over eighth", "1", "below one third (long over short run: more than three)", 0.0, 1 / 3,
            (0.0, 0.5), 1, "Anderson and Yotov (2020); Khan and Khederlarian (2021), via VoxChina 2022", "V",
            "0.76 over 1.75 is 0.43", "How slow footprints are against orders.",
        ),
    ),
)  # fmt: skip
