"""The inverse, reversal and credibility: pure parts by hand, and small runs with known answers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from footloose.errors import FootlooseError, UnknownName
from footloose.experiments.comparison.credibility import counted_on, credibility, crossing
from footloose.experiments.comparison.inverse import Target, first_crossings, runs_for_bound, solve
from footloose.experiments.comparison.levers import automation_lever, instrument_lever, key_lever
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.removal import never, ramped, removed
from footloose.experiments.comparison.reversal import loop_area, loop_of, ramp_steps, reverse, stay
from footloose.experiments.comparison.undo import losers, undo
from footloose.experiments.comparison.units import Units
from footloose.scenario import Scenario, load
from footloose.simulation import set_up

FIRMS = "firms=300"
CHINA = Outcome.read("Imports|Share,market=united_states,site=country:china,year=2020")


def tariff(*more: str, firms: int = 300) -> Scenario:
    keys = {"kind": "tariff", "market": "united_states", "sites": "china", "rate": "40", "from": "2013"}
    settings = [f"policies.duty.{key}={value}" for key, value in (keys | {"believed": "permanent"}).items()]
    return load(
        "baseline", overrides=[f"firms={firms}", "years.until=2020", "policy_record.include=none", *settings, *more]
    )


def plain() -> Scenario:
    return load("baseline", overrides=[FIRMS, "years.until=2020", "policy_record.include=none"])


def test_crossings_are_interpolated_and_missing_ones_infinite() -> None:
    turned = np.array([0.0, 10.0, 20.0])
    short = np.array([[5.0, -1.0, 4.0], [-5.0, -2.0, 3.0], [-9.0, -3.0, 1.0]])
    assert list(first_crossings(turned, short)) == [5.0, 0.0, math.inf]


def test_runs_that_bound_a_quantile() -> None:
    """0.8^13 = 0.055 and 0.8^14 = 0.044."""
    assert runs_for_bound(0.8) == 14
    assert runs_for_bound(0.5) == 5


@pytest.mark.parametrize("rising", [False, True])
def test_solving_for_what_a_level_does_finds_the_level(rising: bool) -> None:
    """The outcome that a duty of 30 % gives, asked for as a target, is reached at 30 %, to the last step tried."""
    outcome = CHINA if not rising else Outcome.read("Tariff|Revenue,market=united_states,year=2016")
    keys = {"market": "united_states", "sites": ["china"], "sectors": ["all"], "from": "2013", "believed": "permanent"}
    lever = instrument_lever("tariff", keys, "rate", 64.0)
    done = solve(lever.at(plain(), 30.0), lever, Target(outcome, 0.0, True, 1.0), Units(1), 1)
    found = solve(plain(), lever, Target(outcome, done.start, chance=1.0), Units(1), 1)
    assert found.level == pytest.approx(30.0, abs=2 * found.step)
    assert found.reason == ""
    assert found.reached_at_cap == 1.0


def test_a_target_that_is_met_already_needs_nothing() -> None:
    lever = automation_lever(50.0)
    found = solve(plain(), lever, Target(CHINA, 0.0, relative=True, chance=1.0), Units(2), 1)
    assert found.level == 0.0


def test_why_a_target_is_not_reached() -> None:
    keys = {"market": "united_states", "sites": ["china"], "sectors": ["all"], "from": "2019", "believed": "permanent"}
    lever = instrument_lever("tariff", keys, "rate", 20.0)
    far = solve(plain(), lever, Target(CHINA, 0.5, chance=1.0), Units(1), 1)
    assert far.level is None
    assert "of the way" in far.reason
    wrong = solve(plain(), lever, Target(CHINA, 2.0, relative=True, chance=1.0), Units(1), 1)
    assert "works the other way" in wrong.reason
    home = Outcome.read("Imports|Share,market=united_states,site=shore:home,year=2020")
    assert "the sites it taxes make" in solve(plain(), lever, Target(home, 30.0, True, 1.0), Units(1), 1).reason
    late = instrument_lever("tariff", {**keys, "from": "2030"}, "rate", 20.0)
    assert "the lever changes nothing" in solve(plain(), late, Target(CHINA, 2.0, chance=1.0), Units(1), 1).reason


def test_levers_that_make_no_sense() -> None:
    with pytest.raises(FootlooseError, match=r"--cap 99\.5"):
        automation_lever(99.5)
    with pytest.raises(UnknownName, match="sunk_costs"):
        key_lever(plain(), "decisions.sunk_costs=3")
    with pytest.raises(FootlooseError, match=r"--chance 1\.5"):
        Target(CHINA, 1.0, chance=1.5)
    with pytest.raises(UnknownName):
        key_lever(plain(), "tarif")


def test_a_surprise_removal_is_no_news_before_its_year_and_no_duty_after() -> None:
    kept, gone = tariff(), removed(tariff(), "duty", 2016)
    laws = [set_up(scenario).law.tariffs for scenario in (kept, gone)]
    for table in ("now", "expected", "in_force"):
        one, other = (getattr(law, table) for law in laws)
        assert one[:6].tobytes() == other[:6].tobytes()
        assert np.abs(other[6:]).max() < 1e-8
    assert laws[0].now[6:].max() == pytest.approx(40.0)


def test_a_removed_law_of_the_record_leaves_nothing_behind() -> None:
    base = load("baseline", overrides=[FIRMS])
    gone, without = removed(base, "section_301", 2022), never(base, "section_301")
    tables = [set_up(scenario).law.tariffs for scenario in (base, gone, without)]
    # Days are weighted in another order where instruments replace one another: equal but for rounding.
    np.testing.assert_allclose(tables[0].now[:12], tables[1].now[:12], rtol=1e-12)
    np.testing.assert_allclose(tables[0].expected[:12], tables[1].expected[:12], rtol=1e-12)
    np.testing.assert_allclose(tables[1].now[12:], tables[2].now[12:], atol=1e-7)
    np.testing.assert_allclose(tables[1].expected[12:], tables[2].expected[12:], atol=1e-7)
    with pytest.raises(UnknownName, match="section_302"):
        removed(base, "section_302", 2022)


def test_a_ramp_is_as_high_as_its_steps() -> None:
    years, factors = ramp_steps(2013, 2020, 3)
    assert factors == pytest.approx([1 / 3, 2 / 3, 1.0, 2 / 3, 1 / 3, 0.0])
    now = set_up(ramped(tariff(), "duty", years, factors)).law.tariffs.now
    assert now.max(axis=(1, 2, 3))[3:9] == pytest.approx([40 * factor for factor in factors], abs=1e-6)
    with pytest.raises(FootlooseError, match="--ramp 9"):
        ramp_steps(2013, 2020, 9)


def test_an_instrument_that_others_replace_is_not_taken_alone() -> None:
    both = tariff("policies.more.kind=tariff", "policies.more.market=united_states", "policies.more.sites=china",
                  "policies.more.rate=10", "policies.more.from=2014", "policies.more.stacking=max")  # fmt: skip
    with pytest.raises(FootlooseError, match="shares its authority scenario with more"):
        removed(both, "duty", 2016)


def test_loops_by_hand() -> None:
    """Effect follows the rate: no loop. Comes with the last step and stays: the box but for half a step."""
    factors = [0.25, 0.5, 0.75, 1.0, 0.75, 0.5, 0.25, 0.0]
    assert loop_area(np.array(factors) * -7.0, factors) == pytest.approx(0.0)
    stays = np.array([0.0, 0.0, 0.0, 3.0, 3.0, 3.0, 3.0, 3.0])
    assert loop_area(stays, factors) == pytest.approx(1 - 0.125)
    assert loop_area(-stays, factors) == pytest.approx(1 - 0.125)
    loop = loop_of(np.stack([stays, stays]), [2010 + n for n in range(8)], factors, tuple(range(2010, 2018)), Units(2))
    assert (loop.low, loop.area, loop.high) == pytest.approx((0.875, 0.875, 0.875))


def test_what_stays_by_hand() -> None:
    """10 on the eve of the end, then 6, 4, 3, ...: a third stays after five years, half is gone in the second."""
    effect = np.array([[0.0, 8.0, 10.0, 6.0, 4.0, 4.0, 4.0, 4.0, 3.0]] * 2)
    found = stay(effect, 2011, 2, tuple(range(2010, 2019)), Units(2))
    assert (found.removed, found.read, found.half) == (2013, 2018, 2014)
    assert found.share.value == pytest.approx(0.3)


def test_reversal_of_a_duty() -> None:
    """The effect on the eve is the same however long it will last, and some but not all of it goes with the duty."""
    outcome = Outcome.read("Imports|Share,market=united_states,site=country:china")
    found = reverse(tariff(), "duty", outcome, (2, 4), 0, Units(2), 1)
    eve = found.stays[0].eve.mean
    assert eve == pytest.approx(float(found.paths["kept"][found.years.index(2014)]))
    assert found.stays[0].share.value is not None
    assert eve < 0.0
    assert found.stays[0].share.value < 1.0
    with pytest.raises(FootlooseError, match="--after 30"):
        reverse(tariff(), "duty", outcome, (30,), 0, Units(1), 1)


def test_who_lost_is_who_is_helped_back() -> None:
    """After a duty the sites it taxed, after support all that had none, after a law of the record those it named."""
    china = set(set_up(plain()).geography.groups["china"])
    assert (set(losers(tariff(), "duty")[0]), losers(tariff(), "duty")[1]) == (china, ["all"])
    keys = ("kind=subsidy", "sites=china", "output_share=10", "from=2013", "sectors=electronics")
    helped = load("baseline", overrides=[FIRMS, *(f"policies.help.{key}" for key in keys)])
    sites, sectors = losers(helped, "help")
    assert set(sites) == set(set_up(plain()).geography.sites) - china
    assert sectors == ["electronics"]
    assert set(losers(load("baseline"), "section_301")[0]) == china


def test_undoing_finds_a_credit_or_says_why_not() -> None:
    outcome = Outcome.read("Imports|Share,market=united_states,site=country:china")
    effect = np.array([[0.0] * 3 + [-1.0] * 8])
    last = stay(effect, 2013, 2, tuple(range(2010, 2021)), Units(1))
    found = undo(tariff(), "duty", outcome, last, 3, Units(1), 1)
    assert found.target.outcome.first == 2018
    assert (found.level is not None) != bool(found.reason)
    with pytest.raises(FootlooseError, match="--undo 9"):
        undo(tariff(), "duty", outcome, last, 9, Units(1), 1)


def test_belief_that_outlasts_the_plant_is_permanent() -> None:
    """Believed to last 100 years, counted over 12: the same world as believed permanent, so the same rate."""
    found = credibility(tariff(firms=3_000), "duty", [100.0, 2.0], CHINA, Units(1), 1)
    whole, short = found.equivalents
    assert whole.rate == pytest.approx(40.0)
    assert whole.counted_on == pytest.approx(40.0)
    assert short.rate is not None
    assert 0.0 < short.rate < 40.0
    assert 0.0 < short.counted_on < 40.0


def test_what_plants_count_on_is_the_annuity_of_the_years_believed() -> None:
    """Years 0 and 1 of twelve, discounted at 8 % a year."""
    weights = 1.08 ** -np.arange(12)
    assert counted_on(tariff(), "duty", 2.0, 40.0) == pytest.approx(40.0 * weights[:2].sum() / weights.sum())


def test_an_effect_beyond_the_largest_rate_has_no_equivalent() -> None:
    levels = np.array([0.0, 10.0, 20.0])
    assert crossing(levels, np.array([0.0, -1.0, -2.0]), -1.5) == pytest.approx(15.0)
    assert crossing(levels, np.array([0.0, -1.0, -2.0]), -3.0) == math.inf
