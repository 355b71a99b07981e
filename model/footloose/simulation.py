"""Years in sequence: a scenario in, a record out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import numpy.typing as npt

from footloose.anchor import Anchor, anchor_base_year
from footloose.beliefs import Beliefs, Instrument
from footloose.block import Block, one_of_its_content, said_in
from footloose.choice import reach_by_tie
from footloose.ensemble import DRAW_REPLICATES, Draw, Ensemble, open_ensemble
from footloose.errors import FootlooseError
from footloose.firms import Firms, bear_firms, check_memory, mean_size
from footloose.geography import load_base_year, load_geography
from footloose.history import load_history
from footloose.history.economy import load_gdp_index
from footloose.keeping import put_in_place
from footloose.law import Law
from footloose.memory import free_memory
from footloose.orders import count_output
from footloose.policies import as_shocks
from footloose.processes import AHEAD, each_apart
from footloose.projects import count_footing
from footloose.record import Record
from footloose.registry import Mechanism, find_mechanisms, reported_tables
from footloose.running import Rules, Run, Tables, base_activity
from footloose.scenario import Scenario, evidence_in_use, weakest
from footloose.scenario.names import policy_record
from footloose.sections import Decisions, Orders, Population, Projects
from footloose.stacking import Sent, Stack, alone, filled, thinned, thinned_work
from footloose.terrain import Terrain
from footloose.trading import collected_rate
from footloose.variables import TABLES
from footloose.version import versions
from footloose.world import BASE_YEAR, Ints, Setting, World
from footloose.year import cost_lines, ease_and_drop, live_one_year

if TYPE_CHECKING:
    from footloose.ensemble_record import EnsembleRecord
    from footloose.long_numbers import Numbers

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]

LARGEST_SEED = 2**53
READY = "footloose.ready"
"""What workers have at hand when they begin."""


@overload
def simulate(
    scenario: Scenario, *, firms: int | None = ..., replicates: int | None = ..., seed: int | None = ...,
    years: tuple[int, int] | None = ..., workers: int = ..., progress: Progress | None = ...,
) -> Record: ...  # fmt: skip


@overload
def simulate(
    scenario: Scenario, *, firms: int | None = ..., replicates: int | None = ..., seed: int | None = ...,
    years: tuple[int, int] | None = ..., workers: int = ..., progress: Progress | None = ...,
    ensemble: Ensemble | str | Path, members: int | None = ...,
) -> EnsembleRecord: ...  # fmt: skip


def simulate(
    scenario: Scenario,
    *,
    firms: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    years: tuple[int, int] | None = None,
    workers: int = 1,
    progress: Progress | None = None,
    ensemble: Ensemble | str | Path | None = None,
    members: int | None = None,
) -> Record | EnsembleRecord:
    """Run a scenario from the base year to its horizon.

    firms, replicates, seed, years : replace the scenario's own; years = (2010, last year)
    workers  : processes that share the replicates, or the members of an ensemble; the record does not depend on it
    progress : called with (years lived, years to live) after every year; of an ensemble, or with several workers,
               after every replicate
    ensemble : draws of parameters to run it with: `default`, a CSV file, or one that is open; `none` is none.
               replicates are then those of every draw, DRAW_REPLICATES unless given
    members  : how many draws of the ensemble, from the first
    raises   : FootlooseError for a population or horizon that cannot be, TooLarge beyond the memory
    """
    size = sized(scenario, firms, seed)
    if workers < 1:
        raise FootlooseError(f"workers: {workers} given; at least 1 is needed")
    chosen = ensemble if isinstance(ensemble, Ensemble) else open_ensemble(ensemble, [scenario], members)
    if chosen is not None:
        repeats = at_least_one(DRAW_REPLICATES if replicates is None else replicates)
        return _simulate_members(scenario, chosen, size, repeats, years, workers, progress)
    repeats = at_least_one(scenario.replicates if replicates is None else replicates)
    return _simulate_replicates(scenario, size, repeats, years, workers, progress)


@dataclass(frozen=True)
class Size:
    """How many firms, and which random numbers."""

    firms: int
    seed: int


def sized(scenario: Scenario, firms: int | None, seed: int | None) -> Size:
    """Return the firms and the seed given, else the scenario's own.

    raises: FootlooseError for a seed that cannot be
    """
    used = Size(scenario.firms if firms is None else firms, scenario.seed if seed is None else seed)
    if not 0 <= used.seed <= LARGEST_SEED:
        raise FootlooseError(f"seed: {used.seed} given; 0 to {LARGEST_SEED} are allowed")
    return used


def at_least_one(replicates: int) -> int:
    """Return the number of replicates.

    raises: FootlooseError for less than one
    """
    if replicates < 1:
        raise FootlooseError(f"replicates: {replicates} given; at least 1 is needed")
    return replicates


def _simulate_replicates(
    scenario: Scenario,
    size: Size,
    repeats: int,
    years: tuple[int, int] | None,
    workers: int,
    progress: Progress | None,
) -> Record:
    """Run every replicate of a scenario with its own parameters."""
    check_memory(size.firms * min(workers, repeats), free_memory(), repeats)
    setting, rules = set_up(scenario, years), rules_of(scenario)
    horizon = setting.law.years
    begun = time.perf_counter()
    live = partial(live_replicate, scenario, size, years)
    stack = Stack(repeats)
    if min(workers, repeats) == 1:
        for replicate in range(repeats):
            stack.add(replicate, live(replicate, partial(_report, progress, replicate, repeats)))
    else:
        for replicate, sent in enumerate(each_apart(partial(thinned_work, live), range(repeats), workers, READY)):
            stack.add(replicate, sent)
            _report(progress, replicate, repeats, len(horizon), len(horizon))
    manifest = manifest_of(scenario, size, repeats, horizon, time.perf_counter() - begun)
    return to_record(setting, rules, stack.tables, manifest)


def _simulate_members(
    scenario: Scenario,
    ensemble: Ensemble,
    size: Size,
    repeats: int,
    years: tuple[int, int] | None,
    workers: int,
    progress: Progress | None,
) -> EnsembleRecord:
    """Run a scenario with every draw of an ensemble, the tables of a few members in memory at a time."""
    from footloose.ensemble_record import Gathering

    tasks = [(draw, place * repeats + n) for place, draw in enumerate(ensemble.draws) for n in range(repeats)]
    sharing = min(workers, len(tasks))
    check_memory(size.firms * sharing, free_memory(), AHEAD * sharing)
    setting, rules = set_up(scenario, years), rules_of(scenario)
    horizon = setting.law.years
    begun, gathering = time.perf_counter(), Gathering(repeats)
    live = partial(live_member, scenario, size, years)
    for done, (sent, numbers) in enumerate(each_apart(live, tasks, workers, READY)):
        draw, replicate = tasks[done]
        gathering.add(draw.name, replicate, to_record(setting, rules, alone(filled(sent)), {}), numbers)
        _report(progress, done, len(tasks), len(horizon), len(horizon))
    manifest = manifest_of(scenario, size, repeats, horizon, time.perf_counter() - begun)
    drawn = {draw.name: draw.values for draw in ensemble.draws}
    return gathering.record(manifest | {"ensemble": ensemble.as_data()}, drawn)


def manifest_of(
    scenario: Scenario, size: Size, replicates: int, horizon: Sequence[int], seconds: float
) -> dict[str, Any]:
    """Return what a run was: scenario, size, seed, years, evidence, versions."""
    evidence = evidence_in_use(scenario)
    return {
        "scenario": scenario.name,
        "firms": size.firms,
        "replicates": replicates,
        "seed": size.seed,
        "years": [horizon[0], horizon[-1]],
        "simulation_seconds": round(seconds, 3),
        "scenario_digest": scenario.digest(),
        "resolved_scenario": scenario.as_data(),
        "evidence": evidence,
        "evidence_word": weakest(evidence.values()),
        **versions(),
    }


def live_replicate(
    scenario: Scenario,
    size: Size,
    years: tuple[int, int] | None,
    replicate: int,
    progress: Progress | None = None,
) -> Tables:
    """Return what the years of one replicate leave, (year, ...); it can be lived in any process.

    years : as for simulate
    """
    setting, floor = set_up(scenario, years), smallest_share(scenario)
    run = begin(setting, rules_of(scenario), population_of(scenario), size.firms, size.seed, replicate, floor)
    kept: Tables = {}
    for place, year in enumerate(setting.law.years):
        put_in_place(kept, place, live_one_year(run, year), len(setting.law.years))
        if progress is not None:
            progress(place + 1, len(setting.law.years))
    return kept


def live_member(
    scenario: Scenario, size: Size, years: tuple[int, int] | None, member: tuple[Draw, int]
) -> tuple[Sent, Numbers]:
    """Return what the years of one member of an ensemble leave, a draw in a replicate; in any process.

    returns : tables as they are sent, and the numbers of the long table
    """
    from footloose.long_numbers import numbers_of

    tables = live_replicate(member[0].applied(scenario), size, years, member[1])
    record = to_record(set_up(scenario, years), rules_of(scenario), alone(tables), {})
    return thinned(tables), numbers_of(record)


def _report(progress: Progress | None, replicate: int, repeats: int, lived: int, years: int) -> None:
    """Say how many years of all replicates are lived, when one replicate has lived some of its own."""
    if progress is not None:
        progress(replicate * years + lived, repeats * years)


def set_up(scenario: Scenario, years: tuple[int, int] | None = None) -> Setting:
    """Return what never changes during the run.

    raises: FootlooseError when the horizon leaves the series
    """
    geography = load_geography()
    history = load_history(geography.markets, geography.sites, geography.sectors)
    first, last = (scenario.years.start, scenario.years.until) if years is None else years
    if first != BASE_YEAR or not BASE_YEAR < last <= history.years[-1]:
        raise FootlooseError(
            f"years: {first}:{last} given; a run starts in {BASE_YEAR}, the base year, and ends between "
            f"{BASE_YEAR + 1} and {history.years[-1]}, where the series end"
        )
    return _setting(_Said.of(scenario), tuple(range(first, last + 1)))


@dataclass(frozen=True)
class _Said:
    """What a scenario says about law, shocks and owners; equal where it is the same, however it came about."""

    text: str
    scenario: Scenario = field(compare=False, repr=False)

    @classmethod
    def of(cls, scenario: Scenario) -> _Said:
        named = (*scenario.policies.items(), *scenario.shocks.items())
        blocks = (scenario.policy_record, scenario.sections["beliefs"], *(block for _, block in named))
        said = (population_of(scenario).buyer_control, *(name for name, _ in named), *(map(said_in, blocks)))
        return cls(repr(said), scenario)


@lru_cache(maxsize=4)
def _setting(said: _Said, horizon: tuple[int, ...]) -> Setting:
    """Return the same setting to all runs of the same content: replicates, twins, members of an ensemble."""
    geography, base = load_geography(), load_base_year()
    history = load_history(geography.markets, geography.sites, geography.sectors)
    law = law_of(said.scenario, geography.markets, horizon)
    shocks = as_shocks(said.scenario.shocks, geography)
    return Setting(geography, base, history, law, population_of(said.scenario).buyer_control, shocks)


def law_of(scenario: Scenario, markets: tuple[str, ...], years: tuple[int, ...]) -> Law:
    """Return the instruments of the policy record that the scenario keeps, and its own."""
    geography = load_geography()
    instruments = [
        Instrument(row, path_known=False, reversal=row.reversal, learning=True)
        for row in policy_record()
        if scenario.policy_record.keeps(row)
    ]
    for name, policy in scenario.policies.items():
        belief = policy.believed
        row = policy.as_row(name, geography)
        instruments.append(Instrument(row, True, belief.reversal, belief.learning, belief.lasts))
    beliefs = scenario.sections["beliefs"]
    assert isinstance(beliefs, Beliefs)
    return Law(tuple(instruments), beliefs, markets, years)


def rules_of(scenario: Scenario) -> Rules:
    """Return the mechanisms that are switched on with their parameters, and the sections."""
    found = find_mechanisms()
    chosen: dict[str, tuple[Mechanism, Block]] = {}
    for name, mechanism in found.items():
        params = scenario.mechanisms.get(name)
        if params is not None:
            chosen[name] = (mechanism, one_of_its_content(params))
    decisions, orders, projects = (scenario.sections[name] for name in ("decisions", "orders", "projects"))
    assert isinstance(decisions, Decisions)
    assert isinstance(orders, Orders)
    assert isinstance(projects, Projects)
    return Rules(chosen, decisions, orders, projects)


def population_of(scenario: Scenario) -> Population:
    """Return the block that says who the firms are."""
    population = scenario.sections["population"]
    assert isinstance(population, Population)
    return population


def smallest_share(scenario: Scenario) -> float:
    """Return the floor under base-year shares, which belongs to the mechanism `unexplained`."""
    params = scenario.mechanisms.get("unexplained") or find_mechanisms()["unexplained"].params()
    return float(params.smallest_share)  # type: ignore[attr-defined]


def begin_run(scenario: Scenario, *, firms: int | None = None, seed: int | None = None, replicate: int = 0) -> Run:
    """Return one replicate of a scenario on the first day of the base year, to be lived through year by year."""
    count = scenario.firms if firms is None else firms
    check_memory(count, free_memory())
    population, floor = population_of(scenario), smallest_share(scenario)
    used_seed = scenario.seed if seed is None else seed
    return begin(set_up(scenario), rules_of(scenario), population, count, used_seed, replicate, floor)


def begin(
    setting: Setting,
    rules: Rules,
    population: Population,
    count: int,
    seed: int,
    replicate: int,
    floor: float,
) -> Run:
    """Return the run on the first day of the base year."""
    ease, drop = ease_and_drop(rules.decisions)
    pairs = ease / drop
    anchor = anchor_base_year(setting, floor, pairs, rules.decisions.nest_dissimilarity)
    firms = bear_firms(setting, anchor, population, pairs, count, seed, replicate)
    footing = count_footing(firms, setting.cells, setting.shape[3])
    return first_day(setting, rules, anchor, firms, footing, mean_size(population), (seed, replicate))


def first_day(
    setting: Setting, rules: Rules, anchor: Anchor, firms: Firms, footing: Ints, size: float, draws: tuple[int, int]
) -> Run:
    """Return the run on the first day of the base year, with these firms on this footing.

    size : mean size of a programme drawn [USD million];  draws: seed and replicate
    """
    activity = base_activity(setting)
    state: Tables = {}
    empty = World(setting, BASE_YEAR, {}, activity)
    for tables in rules.ask("initial", empty):
        state |= tables
    world = World(setting, BASE_YEAR, state, activity)
    terrain = Terrain.of(setting, rules.decisions)
    return Run(
        setting=setting, rules=rules, anchor=anchor, terrain=terrain,
        reach=reach_by_tie(anchor.pull, terrain.tie, terrain.market, terrain.extra.size), firms=firms,
        seed=draws[0], replicate=draws[1], footing=footing, total=int(footing.sum()),
        building=np.zeros(footing.shape[:2], dtype=np.int64), base_lines=cost_lines(rules, world),
        base_duty=collected_rate(rules, world), state=state, activity=activity, noticed=np.zeros(footing.shape[:2]),
        mean_size=size, demand=world.series("demand"), demand_before=world.series("demand"),
        standing=count_output(footing),
    )  # fmt: skip


def to_record(setting: Setting, rules: Rules, kept: Tables, manifest: Mapping[str, Any]) -> Record:
    """Return the record of what the years left.

    kept : name -> (replicate, year, ...)
    """
    reported = reported_tables(rules.mechanisms)
    tables = {name: kept[name] for name in (*TABLES, *reported) if name in kept}
    lines = tuple(sorted(name for name, (mechanism, _) in rules.mechanisms.items() if mechanism.cost is not None))
    horizon = len(setting.law.years)
    countries = setting.geography.countries
    gdp = {name: setting.base.gdp[countries.index(name)] * path[:horizon] for name, path in load_gdp_index().items()}
    return Record(setting.geography, setting.base, setting.law.years, lines, tables, manifest, gdp, reported)
