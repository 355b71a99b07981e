"""How many of the projects that support pays for would not have come without it: the twin ledger of comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import cast

from footloose.experiments.comparison.accounts import SUPPORTED, more_support, twin_of_supported
from footloose.experiments.comparison.histories import first_difference, follow
from footloose.experiments.comparison.pairs import Pair
from footloose.experiments.comparison.twin_ledger import traces
from footloose.scenario import Scenario
from footloose.simulation import begin_run
from footloose_calibration.conformance.findings import Experiment, Published
from footloose_calibration.conformance.worlds import Frame, policy, until

FIRST, LAST, PER_JOB, HORIZON = 2013, 2020, 52_000, 2024
SITE = "us_south"
LAWS_UNTIL = 2035


def tipped(frame: Frame, base: Scenario, supported: Scenario, replicate: int) -> float:
    """Return the share of supported projects' jobs, percent, that the twin without the support never begins there."""
    runs = [begin_run(world, firms=frame.firms, seed=frame.seed, replicate=replicate) for world in (base, supported)]
    laws = [run.setting.law for run in runs]
    trails = [follow(run)[0] for run in runs]
    since = first_difference(*trails)
    if since is None:
        return 0.0
    mask, _ = more_support(laws[0], laws[1])
    pair = cast(Pair, SimpleNamespace(traces=traces(trails[0], trails[1], since)))
    events, kind = twin_of_supported(pair, mask, since, trails[0].years)
    jobs = events.jobs.astype(float)
    return 100.0 * float(jobs[kind == SUPPORTED.index("additional")].sum() / jobs.sum())


def run(frame: Frame, replicate: int) -> Mapping[str, float]:
    """Return the share tipped by a grant of a state's usual size, and by the two laws of 2022."""
    grant = policy(
        "grant", kind="subsidy", sites=SITE, start=FIRST, until=LAST, believed="permanent", usd_per_job=PER_JOB
    )
    plain, granted = (frame.scenario("baseline", until(HORIZON), *more) for more in ((), grant))
    without, laws = (frame.scenario(name, until(LAWS_UNTIL)) for name in ("no_chips_and_ira", "baseline"))
    return {"state": tipped(frame, plain, granted, replicate), "laws": tipped(frame, without, laws, replicate)}


BARTIK = "Bartik (2018)"
RANGE = "Bartik: 2-25 % of incented decisions tipped, 10-15 % on average"
STRUCTURAL = "up to the structural estimate of Slattery: without subsidies about 68 % would be in another state"
EXPERIMENT = Experiment(
    "subsidy_tipping",
    f"A grant of {PER_JOB:,} USD a job for new plants in the US South, {FIRST} to {LAST}, the average of 2015; and the "
    "CHIPS Act and the Inflation Reduction Act, twin without them. Share of the supported projects' jobs that the twin "
    f"never begins there, by {HORIZON} and by {LAWS_UNTIL}.",
    run,
    (
        Published(
            "state", "Projects tipped by a state's grant", "% of jobs", "2 to 25", 2.0, 25.0, (2.0, 68.0), 1, BARTIK,
            "V", STRUCTURAL,
            f"{RANGE}. The area is a region of sixteen states here, so a move between its states does not count.",
        ),
        Published(
            "laws", "Projects tipped by the two laws of 2022", "% of jobs", "2 to 25", 2.0, 25.0, (2.0, 68.0), 1,
            BARTIK, "V", STRUCTURAL,
            f"{RANGE}. Those are incentives of states; the laws pay a quarter of the capital and, for "
            "batteries, two to seven million USD a job, so more is to be expected.",
        ),
    ),
)  # fmt: skip
