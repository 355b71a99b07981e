"""Planning: every cell is validated and keyed before the first run; the plan is remembered."""

from __future__ import annotations

import json
from collections.abc import Iterator

from footloose.errors import Problem, ScenarioError, UnknownName
from footloose.experiments.sweep.design import Points, draw_design
from footloose.experiments.sweep.keys import content_digest, digest_of, engine_digest, run_key
from footloose.experiments.sweep.points import Point, Recipe, checked, extremes
from footloose.experiments.sweep.reading import SweepFile
from footloose.experiments.sweep.schema import Sweep
from footloose.experiments.sweep.store import Store
from footloose.source import plain

MOST_PROBLEMS = 20
PROBE_FIRMS = 64


def plan_digest(file: SweepFile) -> str:
    """Return a hash of all that decides which runs a sweep has; the same digest, the same cells."""
    from importlib.metadata import PackageNotFoundError, version

    samplers = {}
    for library in ("scipy", "SALib"):
        try:
            samplers[library] = version(library)
        except PackageNotFoundError:
            samplers[library] = ""
    given = file.sweep.model_dump(mode="json", by_alias=True, exclude={"name", "title", "question", "outcomes"})
    return digest_of([given, plain(file.tree), selectors_of(file.sweep), engine_digest(), samplers])


def selectors_of(sweep: Sweep) -> list[tuple[str, str, str, str, str]]:
    """Return the rows of the long table that the outcomes need, each once."""
    return list(dict.fromkeys(outcome.selector for outcome in sweep.outcomes.values()))


def write_plan(file: SweepFile, store: Store) -> bool:
    """Validate and key every cell and put the plan into the store; return False when it is there already.

    raises: ScenarioError with every mistake, placed in the sweep file; the store is then as it was
    """
    digest = plan_digest(file)
    if store.meta("plan") == digest:
        return False
    recipe = Recipe.of(file)
    points = draw_design(file)
    check_ends(file, recipe)
    probe(file, recipe, points)
    store.plan(digest, cells(file, recipe, points))
    return True


def check_ends(file: SweepFile, recipe: Recipe) -> None:
    """Refuse a factor whose key does not exist or whose range leaves what the scenario allows.

    Each factor alone at its ends and at each alternative, the others as the scenario has them; this finds most
    mistakes at once, whatever the design.
    raises: ScenarioError
    """
    points: list[Point] = []
    for name, factor in file.sweep.factors.items():
        points += [{name: value} for value in extremes(factor)]
    problems = [problem for problem in checked(recipe, points) if "missing" not in problem.message]
    if problems:
        raise ScenarioError(problems)


def probe(file: SweepFile, recipe: Recipe, points: Points) -> None:
    """Refuse outcomes that no record has, and years beyond the horizon, on a very small run of the first point.

    raises: ScenarioError
    """
    from footloose.experiments.sweep.selection import Selection, record_of
    from footloose.simulation import begin, population_of, rules_of, set_up, smallest_share
    from footloose.world import BASE_YEAR
    from footloose.year import live_one_year

    scenario = recipe.scenario(points[0])
    setting = set_up(scenario, (BASE_YEAR, BASE_YEAR + 1))
    run = begin(
        setting, rules_of(scenario), population_of(scenario), PROBE_FIRMS, scenario.seed, 0, smallest_share(scenario)
    )
    record = record_of(run.setting, run.rules, [live_one_year(run, year) for year in setting.law.years])
    problems: list[Problem] = []
    for name, outcome in file.sweep.outcomes.items():
        place = file.place("outcomes", name)
        try:
            Selection([outcome.selector]).series(record)
        except UnknownName as error:
            problems.append(place.problem(f"outcomes.{name}: {error}", f"outcomes.{name}"))
        last = max([outcome.year or 0, *(outcome.years or ())])
        if last > scenario.years.until:
            message = f"outcomes.{name}: year {last} given; the runs end in {scenario.years.until}"
            problems.append(place.problem(message, f"outcomes.{name}"))
    if problems:
        raise ScenarioError(problems)


def cells(file: SweepFile, recipe: Recipe, points: Points) -> Iterator[tuple[int, str, str, int]]:
    """Yield every cell: (point, values of its factors as JSON, key, replicate).

    raises: ScenarioError with the mistakes of all points, after the last of them
    """
    engine, problems = engine_digest(), dict[Problem, None]()
    for number in range(len(points)):
        point = points[number]
        try:
            scenario = recipe.scenario(point)
        except ScenarioError as error:
            problems.update(dict.fromkeys(error.problems))
            if len(problems) >= MOST_PROBLEMS:
                break
            continue
        if problems:
            continue
        text = json.dumps(point, ensure_ascii=False)
        content = content_digest(scenario)
        for replicate in range(file.sweep.replicates):
            yield number, text, run_key(content, scenario.firms, scenario.seed, replicate, engine), replicate
    if problems:
        raise ScenarioError(list(problems)[:MOST_PROBLEMS])


def idle_factors(file: SweepFile) -> list[str]:
    """Return warnings about factors whose ends make no difference to the scenario."""
    recipe, warnings = Recipe.of(file), []
    for name, factor in file.sweep.factors.items():
        values = extremes(factor)
        try:
            scenarios = [recipe.scenario({name: value}) for value in values]
        except ScenarioError:  # in order only together with the values of others
            continue
        if len(values) > 1 and len({(content_digest(one), one.firms, one.seed) for one in scenarios}) == 1:
            warnings.append(f"{name} changes nothing: all its values make the same scenario")
    return warnings
