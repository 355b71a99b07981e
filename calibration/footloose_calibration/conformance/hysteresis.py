"""What is left of a policy that has gone: a duty, a subsidy; with sunk cost and without."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from footloose_calibration.conformance.findings import Experiment, Published
from footloose_calibration.conformance.worlds import AT_ONCE, Frame, policy, until

FIRST, LAST, SEEN = 2012, 2018, 2026
STANDING = 2020
"""Year in which the plants announced under a subsidy stand."""
HOME = "united_states"
ALONE = ("mechanisms.clusters=off", "mechanisms.productivity=off", "mechanisms.congestion=off")


def traces_left(frame: Frame, replicate: int, pulse: tuple[str, ...], *overrides: str) -> tuple[float, float]:
    """Return the change against the twin in the pulse's last year and long after it: of China's share in what the
    United States buy, in points."""
    base, struck = (
        frame.lived(frame.scenario("no_trade_war", until(SEEN), *overrides, *more), replicate) for more in ((), pulse)
    )
    during, after = (
        100.0 * (struck.share(HOME, "china", year) - base.share(HOME, "china", year)) for year in (LAST - 1, SEEN)
    )
    return during, after


def support_left(frame: Frame, replicate: int) -> float:
    """Return what a subsidy that has ended leaves of what it added to a site's output, percent."""
    pulse = policy(
        "pulse", kind="subsidy", sites="us_south", start=FIRST, until=LAST, believed="permanent", capex_share=40
    )
    base, helped = (frame.lived(frame.scenario("no_trade_war", until(SEEN), *more), replicate) for more in ((), pulse))
    site = base.sites("us_south")
    made = [lived.tables["sales"][..., site].sum(axis=(1, 2, 3, 4)) for lived in (base, helped)]
    added = np.log(made[1] / made[0])
    return 100.0 * float(added[SEEN - 2010] / added[STANDING - 2010])


def run(frame: Frame, replicate: int) -> Mapping[str, float]:
    """Return what is left of a duty with and without sunk cost, and of a subsidy; percent of what it did."""
    duty = policy("pulse", kind="tariff", market=HOME, sites="china", rate=40, start=FIRST, until=LAST, believed=0.0)
    during, after = traces_left(frame, replicate, duty)
    free_during, free_after = traces_left(frame, replicate, duty, *ALONE, *AT_ONCE)
    return {
        "duty": 100.0 * after / during,
        "free": 100.0 * free_after / free_during,
        "support": support_left(frame, replicate),
    }


EXPERIMENT = Experiment(
    "hysteresis",
    f"A duty of 40 % on China from {FIRST} to the end of {LAST - 1}, believed to stay, and a "
    f"grant of 40 % of the capital of new plants in the US South over the same years, both gone by {LAST}; "
    f"what is left in {SEEN}, percent of what the duty did in its last year and the grant by {STANDING}, when its "
    "plants stand.",
    run,
    (
        Published(
            "duty", "What a duty that has gone leaves", "% of its effect", "above 0", 1.0, 100.0, (0.0, 100.0), 1,
            "Roberts and Tybout (1997)", "V", "from nothing to all of it",
            "Experience fades within years, plants stay where they stand.",
        ),
        Published(
            "free", "The same without sunk cost", "% of its effect", "0", -1.0, 1.0, (-5.0, 5.0), 0,
            "Dixit (1989)", "M", "chance", "Full attention, no sunk cost, no clusters, learning or local wages.",
        ),
        Published(
            "support", "What a subsidy that has ended leaves", "% of its effect", "above 0", 1.0, np.inf, (0.0, np.inf),
            1, "Lane (QJE 2025)", "V", "sign only",
            "Industries promoted in Korea stayed larger after the promotion ended.",
        ),
    ),
)  # fmt: skip
