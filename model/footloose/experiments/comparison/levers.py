"""Levers: what can be turned up until a target is reached: a tariff, a subsidy, cheaper robots, any number by key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from footloose.dated import DatedPath
from footloose.errors import FootlooseError, UnknownName
from footloose.scenario import Scenario
from footloose.scenario.values import scenario_of, with_value

NAME = "lever"
"""Name of the instrument that a lever adds to a scenario."""
KINDS = ("tariff", "subsidy", "automation")
CAPS = {"tariff": 200.0, "subsidy": 60.0, "automation": 95.0}
"""How far each lever is turned when nothing is said: percent."""


@dataclass(frozen=True)
class Lever:
    """Something with a level: 0 leaves the scenario as it is, `cap` is the most that is tried.

    starts : first year in which it can matter; cells: (market, sites, sectors) of a tariff, for explanations
    """

    name: str
    unit: str
    cap: float
    turned: Callable[[Scenario, float], Scenario]
    starts: int
    low: float = 0.0
    reach: Mapping[str, Any] = field(default_factory=dict)

    def at(self, scenario: Scenario, level: float) -> Scenario:
        """Return the scenario with the lever at a level."""
        return scenario if level == self.low else self.turned(scenario, level)


def instrument_lever(kind: str, keys: Mapping[str, Any], amount: str, cap: float) -> Lever:
    """Return the lever that adds an instrument; keys: as in a scenario file, without the amount.

    raises: FootlooseError where the cap makes no sense
    """
    _check_cap(cap)
    written = {"kind": kind, **keys}

    def turned(scenario: Scenario, level: float) -> Scenario:
        data = scenario.as_data()
        name = NAME
        while name in data["policies"]:
            name += "_"
        data["policies"][name] = {**written, amount: level, "authority": name}
        return scenario_of(data, f"--lever {kind}")

    what = "on goods from" if kind == "tariff" else "of output at" if amount == "output_share" else "at"
    unit = "USD per job" if amount == "usd_per_job" else "percent"
    name = f"{kind} {what} {', '.join(keys['sites'])} from {str(keys['from'])[:10]}"
    year = int(str(keys.get("announced", keys["from"]))[:4])
    return Lever(name, unit, cap, turned, year, reach={"kind": kind, **keys})


def automation_lever(cap: float) -> Lever:
    """Return the lever that makes robots cheaper, in percent of the price series.

    raises: FootlooseError for a cap of 100 % or more
    """
    _check_cap(cap)
    if cap > 99.0:
        raise FootlooseError(f"--cap {cap:g}: robots cannot become cheaper by more than 99 percent")

    def turned(scenario: Scenario, level: float) -> Scenario:
        block = scenario.mechanisms["automation"]
        if block is None:
            raise FootlooseError("--lever automation: the scenario switches automation off")
        path: DatedPath = block.robot_cost_scale  # type: ignore[attr-defined]
        cheaper = DatedPath(path.dates, tuple(max(scale * (1.0 - level / 100.0), 0.01) for scale in path.values))
        return with_value(scenario, "mechanisms.automation.robot_cost_scale", cheaper.as_data())

    return Lever("robots cheaper, from the first year", "percent", cap, turned, 2010, reach={"kind": "automation"})


def key_lever(scenario: Scenario, text: str) -> Lever:
    """Return the lever of a number of the scenario: `KEY=CAP`, from its present value to the cap.

    raises: FootlooseError when it is not written so, UnknownName for a key that is no number
    """
    key, equals, value = text.partition("=")
    if not equals:
        raise UnknownName("lever", text, (*KINDS, "KEY=CAP"))
    try:
        cap = float(value)
    except ValueError:
        raise FootlooseError(
            f"--lever {text}: write KEY=CAP with a number, such as policies.my_tariff.rate=100"
        ) from None
    data: Any = scenario.as_data()
    for step in key.split("."):
        if not isinstance(data, dict) or step not in data:
            raise UnknownName("key", key, list(data) if isinstance(data, dict) else [])
        data = data[step]
    if not isinstance(data, int | float):
        raise FootlooseError(f"--lever {key}: {data!r} is no number that could be turned")
    start = scenario.years.start
    policy = key.split(".")[1] if key.startswith("policies.") else ""
    if policy:
        instrument = scenario.policies[policy]
        start = (instrument.announced or instrument.start).year
    return Lever(key, "", cap, lambda world, level: with_value(world, key, level), start, low=float(data))


def rate_lever(scenario: Scenario, policy: str, cap: float) -> Lever:
    """Return the lever that is the rate of an instrument of the scenario; level 0 takes the instrument away.

    raises: UnknownName, FootlooseError for an instrument with several rates
    """
    data = policy_data(scenario, policy)
    amount = amount_of(data)

    def turned(world: Scenario, level: float) -> Scenario:
        inner = world.as_data()
        inner["policies"][policy] = {**data, amount: level}
        return scenario_of(inner, f"{policy} at {level:g}")

    return Lever(policy, "percent", cap, turned, int(str(data.get("announced", data["from"]))[:4]))


def policy_data(scenario: Scenario, policy: str) -> dict[str, Any]:
    """Return an instrument of a scenario as data.

    raises: UnknownName
    """
    policies: dict[str, Any] = scenario.as_data()["policies"]
    if policy not in policies:
        raise UnknownName("policy of the scenario", policy, policies)
    return dict(policies[policy])


def amount_of(data: Mapping[str, Any]) -> str:
    """Return which key holds the amount of an instrument."""
    return next(key for key in ("rate", "capex_share", "usd_per_job", "output_share", "usd_per_unit") if key in data)


def _check_cap(cap: float) -> None:
    if not 0.0 < cap <= 1000.0:
        raise FootlooseError(f"--cap {cap:g}: more than 0 and at most 1000 is allowed")
