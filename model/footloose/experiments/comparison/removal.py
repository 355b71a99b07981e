"""Policies that go again, as a surprise or as announced: the worlds that reversal is measured in.

A surprise is a later instrument of the same authority that replaces the earlier one (stacking: exclusive) and that
nobody knows of before its day; its rate is NOTHING instead of 0, because a rate of 0 replaces nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from footloose.errors import FootlooseError, UnknownName
from footloose.experiments.comparison.hybrids import Data
from footloose.experiments.comparison.levers import amount_of, policy_data
from footloose.history import PolicyRow
from footloose.scenario import Scenario
from footloose.scenario.names import policy_record
from footloose.scenario.values import scenario_of

NOTHING = 1e-9
"""Percent (or USD a job): so small that it changes no decision, but not 0."""
PERMANENT = "permanent"


def starts(scenario: Scenario, policy: str) -> int:
    """Return the first year a policy is in force: an instrument of the scenario, or an authority of the record.

    raises: UnknownName
    """
    if policy in scenario.policies:
        return scenario.policies[policy].start.year
    return min(row.start.year for row in rows_of(scenario, policy))


def rows_of(scenario: Scenario, authority: str) -> list[PolicyRow]:
    """Return the instruments of an authority of the record that the scenario keeps.

    raises: UnknownName when there is neither such an authority nor such a policy
    """
    kept = [row for row in policy_record() if scenario.policy_record.keeps(row) and row.kind != "export_control"]
    rows = [row for row in kept if row.authority == authority]
    if not rows:
        known = [*scenario.policies, *dict.fromkeys(row.authority for row in kept)]
        raise UnknownName("policy of the scenario or authority of its record", authority, known)
    return rows


def never(scenario: Scenario, policy: str) -> Scenario:
    """Return the scenario in which the policy never happens."""
    data = scenario.as_data()
    if policy in scenario.policies:
        del data["policies"][policy]
    else:
        rows_of(scenario, policy)
        record = data["policy_record"]
        record["without"] = [*record.get("without", ()), policy]
    return scenario_of(data, f"without {policy}")


def removed(scenario: Scenario, policy: str, year: int) -> Scenario:
    """Return the scenario in which the policy goes on 1 January of a year, and nobody knew.

    raises: UnknownName, FootlooseError for an instrument that shares its authority with others it does not just add to
    """
    data = scenario.as_data()
    if policy in scenario.policies:
        for name, end in ends_of_own(scenario, data, policy, year).items():
            data["policies"][name] = end
    else:
        rows = rows_of(scenario, policy)
        later = [row.id for row in rows if row.announced.year >= year]
        data["policy_record"]["without"] = [*data["policy_record"].get("without", ()), *later]
        for place, end in enumerate(ends_of_record(rows, policy, year)):
            data["policies"][f"{policy}-removed-{place}"] = end
    return scenario_of(data, f"{policy} removed in {year}")


def ends_of_own(scenario: Scenario, data: Data, policy: str, year: int) -> dict[str, Any]:
    """Return the instruments that end a scenario's own; gives it an authority of its own where that changes nothing."""
    own = authority_alone(scenario, data, policy)
    return {f"{policy}-removed": replacement(own, 0.0, year)}


def authority_alone(scenario: Scenario, data: Data, policy: str) -> dict[str, Any]:
    """Return the instrument as it stands in `data`, with an authority that nothing else rests on.

    raises: FootlooseError when it shares its authority with instruments that replace or exceed one another
    """
    own: dict[str, Any] = data["policies"][policy]
    sharing = [
        name for name, other in scenario.policies.items() if name != policy and other.authority == own["authority"]
    ]
    recorded = any(row.authority == own["authority"] for row in policy_record() if scenario.policy_record.keeps(row))
    if not sharing and not recorded:
        return own
    if recorded or own["stacking"] != "add" or any(scenario.policies[name].stacking != "add" for name in sharing):
        others = ", ".join(sharing) or "the policy record"
        raise FootlooseError(
            f"{policy} shares its authority {own['authority']} with {others} and does not just add to them, "
            "so it cannot be taken away alone; give it an authority of its own"
        )
    own["authority"] = policy
    return own


def replacement(own: dict[str, Any], factor: float, year: int) -> dict[str, Any]:
    """Return the instrument that replaces another by a part of its largest rate, as a surprise, from a year on."""
    amount = amount_of(own)
    kept = {
        key: own[key]
        for key in ("kind", "market", "sites", "sectors", "coverage", "authority", "unit_price_usd", "new_plants_only")
        if key in own
    }
    rate = scaled(own[amount], factor)
    believed = own.get("believed", PERMANENT) if factor > 0.0 else PERMANENT
    return kept | {
        amount: rate, "announced": f"{year}-01-01", "from": f"{year}-01-01", "stacking": "exclusive",
        "believed": believed,
    }  # fmt: skip


def scaled(rate: Any, factor: float) -> Any:
    """Return a part of the largest value of a rate: a number, a dated path, or either by sector."""
    if isinstance(rate, dict):
        if all(str(key)[:1].isdigit() for key in rate):
            return max(max(rate.values()) * factor, NOTHING)
        return {sector: scaled(path, factor) for sector, path in rate.items()}
    return max(rate * factor, NOTHING)


def ends_of_record(rows: Sequence[PolicyRow], authority: str, year: int) -> list[dict[str, Any]]:
    """Return the instruments that end an authority of the record: one for each market taxed and form of support."""
    day = f"{year}-01-01"
    common = {"announced": day, "from": day, "stacking": "exclusive", "believed": PERMANENT, "authority": authority}
    taxed = dict.fromkeys(row.market for row in rows if row.kind == "tariff")
    supported = dict.fromkeys(row.form for row in rows if row.kind == "subsidy")
    every: dict[str, Any] = {"sites": ["all"], "sectors": ["all"]}
    ends = [{"kind": "tariff", "market": market, "rate": NOTHING} | every | common for market in taxed]
    ends += [{"kind": "subsidy", form: NOTHING} | every | common for form in supported]
    return ends


def ramped(scenario: Scenario, policy: str, years: Sequence[int], factors: Sequence[float]) -> Scenario:
    """Return the scenario in which the policy follows steps, each a surprise: a part of its largest rate from a year.

    raises: UnknownName, FootlooseError for a policy that is not the scenario's own
    """
    own = policy_data(scenario, policy)
    data = scenario.as_data()
    own = dict(authority_alone(scenario, data, policy))
    del data["policies"][policy]
    for place, (year, factor) in enumerate(zip(years, factors, strict=True)):
        step = replacement(own, factor, year)
        budget = own.get("budget_usd_billion")
        data["policies"][f"{policy}-step-{place:02d}"] = (
            step if budget is None else step | {"budget_usd_billion": budget}
        )
    return scenario_of(data, f"{policy} ramped")
