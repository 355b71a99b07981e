"""A whole small comparison: what it says fits together, and its files are whole."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from footloose.briefing import compare_gallery, save
from footloose.briefing.compare_gallery import draw_comparison
from footloose.cli import app
from footloose.comparison_job import footer_of
from footloose.errors import FootlooseError, OutputError, TooLarge, UnknownName
from footloose.experiments.comparison import folder as files
from footloose.experiments.comparison.accounts import SUPPORTED, more_support, supported_numbers
from footloose.experiments.comparison.content import shift
from footloose.experiments.comparison.differences import difference_table
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.pairs import Lived, check_room, live_pairs
from footloose.experiments.comparison.replication import Precision, live_enough, next_count, widest
from footloose.experiments.comparison.report import Comparison
from footloose.experiments.comparison.screen import comparison_text
from footloose.experiments.comparison.summaries import classes
from footloose.experiments.comparison.twin_ledger import CLASSES
from footloose.experiments.comparison.units import Unit, Units
from footloose.experiments.comparison.views import TOPICS
from footloose.experiments.comparison.worlds import World, twins
from footloose.scenario import load
from footloose.simulation import set_up

Small = tuple[Comparison, Lived]
CHINA = Outcome.read("Imports|Share,market=united_states,site=country:china")


def test_differences_are_other_less_base(small_comparison: Small) -> None:
    _, lived = small_comparison
    table = difference_table(lived, 0)
    np.testing.assert_allclose(table["other"] - table["base"], table["difference"], rtol=1e-6, atol=1e-6)
    before = table[table["year"] < 2014]
    assert (before["difference"] == 0.0).all()
    assert (before[["parameter_low", "parameter_high"]] == 0.0).all().all()
    rows = table[
        (table["variable"] == "Imports|Share") & (table["year"] == 2020) & (table["market"] == "united_states")
    ]
    china = rows[(rows["site"] == "country:china") & (rows["sector"] == "all")].iloc[0]
    assert china["difference"] < 0.0
    assert china["chance_low"] < china["difference"] < china["chance_high"]
    assert china["parameter_low"] < china["parameter_high"] < 0.0


def test_the_ledger_of_every_run_holds_every_firm(small_comparison: Small) -> None:
    comparison, lived = small_comparison
    ledger = comparison.answers[0].ledger
    counts = ledger.groupby(["stage", "draw", "replicate"])["firms"].sum()
    assert len(counts) == 2 * len(lived.pairs[0])
    assert set(counts) == {800.0}
    assert comparison.answers[0].first_firm == 2014
    summary = comparison.answers[0].summary
    for by in ("sector", "origin", "shore", "market"):
        parts = summary[(summary["stage"] == "opened") & (summary["by"] == by) & (summary["measure"] == "value_other")]
        whole = classes(summary, "opened", "value_other")
        for name in CLASSES:
            assert parts.loc[parts["class"] == name, "mean"].sum() == pytest.approx(whole[name].mean)


def test_the_tariff_account_is_made_of_ledger_classes(small_comparison: Small) -> None:
    """Induced, diverted and redirected, deterred and held of taxed cells: no more than the classes of all firms."""
    answer = small_comparison[0].answers[0]
    assert answer.tariff is not None
    assert answer.subsidy is None
    value = {name: found.mean for name, found in answer.tariff.numbers.items()}
    whole = classes(answer.summary, "announced", "value_other")
    assert value["value_induced_home"] + value["value_induced_elsewhere"] + value["value_induced_other"] <= whole[
        "induced"
    ].mean * (1 + 1e-9)
    assert value["value_diverted"] + value["value_redirected"] <= whole["elsewhere"].mean * (1 + 1e-9)
    held = classes(answer.summary, "announced", "value_base")["held"].mean
    assert value["value_deterred"] + value["value_held_other"] <= held * (1 + 1e-9)
    assert value["value_induced_elsewhere"] > 0.0


def test_attribution_of_one_instrument_is_the_whole_difference(small_comparison: Small) -> None:
    found = small_comparison[0].answers[0].attributions[0]
    assert found.parts == ("policies.duty",)
    assert found.shapley["policies.duty"].mean == pytest.approx(found.other - found.base)


def test_rerouting_and_relocation_add_up(small_comparison: Small) -> None:
    """Direct and inside make the total of the record; the direct share falls by what moved and what comes back."""
    _, lived = small_comparison
    pair = lived.central(0)[0]
    total = Outcome.read("China Content|Total,market=united_states")
    for side, content in zip((pair.base, pair.other), pair.content, strict=True):
        market = pair.traces.setting.geography.market("united_states")
        np.testing.assert_allclose(content.total[:, market, -1], total.path(side), rtol=1e-9)
    moved = shift(*pair.content)
    np.testing.assert_allclose(moved.direct + moved.rerouted, moved.total, atol=1e-12)
    last = moved.direct[-1, 0, -1]
    assert last < 0.0
    assert moved.rerouted[-1, 0, -1] > 0.0


def test_a_view_of_a_host(small_comparison: Small) -> None:
    view = small_comparison[0].answers[0].views[0]
    assert list(dict.fromkeys(line.topic for line in view.lines)) == list(TOPICS)
    for line in view.lines:
        change = line.other.mean - line.base.mean
        assert change == pytest.approx(line.difference.mean, abs=1e-6 * abs(line.base.mean) + 1e-9)
    jobs = next(line for line in view.lines if line.name == "People employed")
    assert jobs.difference.parameter_low is not None


def test_the_summary_names_everything(small_comparison: Small) -> None:
    text = comparison_text(small_comparison[0])
    for words in (
        "new tariff duty: 80 % on goods from china", "moved because of the policy", "would have moved anyway",
        "stayed because of the policy", "the first firm does something else in 2014", "diverted", "mexico",
        "Shapley value", "ensemble of 3 draws", "country:china",
    ):  # fmt: skip
        assert words in text, words


def test_answers_do_not_depend_on_processes(small_comparison: Small) -> None:
    comparison, lived = small_comparison
    again = live_pairs(comparison.twins, [Unit(number) for number in range(2)], 2)
    for one, two in zip(lived.central(0), again.central(0), strict=False):
        for block, values in one.difference.items():
            assert values.tobytes() == two.difference[block].tobytes()


def test_replication_goes_on_until_the_interval_is_narrow(small_comparison: Small) -> None:
    paired = small_comparison[0].twins
    six, _ = live_enough(paired, Units(6), None, 1)
    width = widest(six, CHINA)
    _, easy = live_enough(paired, Units(2), Precision(CHINA, 1.01 * width, 8), 1)
    assert (easy.replicates, easy.reached, easy.runs) == (6, True, 12)
    _, hard = live_enough(paired, Units(2), Precision(CHINA, width / 1000, 8), 1)
    assert (hard.replicates, hard.reached) == (8, False)
    assert hard.half_width is not None
    assert next_count(10, 2.0, 1.9) == 12
    assert next_count(10, 9.0, 1.0) == 20
    with pytest.raises(FootlooseError, match="--half-width 0"):
        Precision(CHINA, 0.0, 8)


def test_a_subsidy_that_nobody_gets_buys_nothing() -> None:
    """Support for what would have come anyway is deadweight; the account is made of its four lines."""
    keys = ("kind=subsidy", "sites=mexico", "output_share=30", "from=2012")
    base, other = (
        load("baseline", overrides=["firms=800", "years.until=2018", *more])
        for more in ((), tuple(f"policies.help.{key}" for key in keys))
    )
    paired = twins(World("none", base), [World("help", other)])
    lived = live_pairs(paired, [Unit(0)], 1)
    mask, names = more_support(*(set_up(scenario).law for scenario in paired.scenarios))
    assert names == ("help",)
    geography = lived.pairs[0][0].traces.setting.geography
    assert set(np.flatnonzero(mask.any(axis=(0, 1)))) == set(geography.sites_in("mexico"))
    assert not mask[: 2012 - 2010].any()
    numbers = supported_numbers(lived.pairs[0][0], mask, 2012, lived.years)
    for what in ("jobs", "value", "projects"):
        assert sum(numbers[f"{what}_{line}"] for line in SUPPORTED) == pytest.approx(numbers[f"{what}_supported"])
    assert numbers["jobs_additional"] > 0.0
    assert numbers["outlay_usd_million"] > 0.0


@pytest.mark.parametrize(
    "text, message",
    [
        ("Import|Share", "unknown variable 'Import|Share'; did you mean 'Imports|Share'?"),
        ("Imports|Share,market=united_states,site=country:chin", "did you mean 'country:china'?"),
        ("Imports|Share,places=china", "axis of an outcome"),
        ("Imports|Share,market", "write axis=name"),
        ("Jobs|Stock,site=country:mexico,year=1999", "the run has the years 2010 to 2020"),
        ("Jobs|Stock,site=country:mexico,year=soon", "write a year"),
    ],
)
def test_outcomes_that_do_not_exist(small_comparison: Small, text: str, message: str) -> None:
    numbers, years = small_comparison[1].central(0)[0].base, small_comparison[1].years
    with pytest.raises(FootlooseError) as caught:
        Outcome.read(text).value(numbers, years)
    assert message in str(caught.value)


def test_outcomes_are_written_as_they_are_read() -> None:
    for text in (
        "Imports|Share,market=united_states,site=country:china,year=2030",
        "Jobs|Stock,site=country:mexico,year=2026:2030",
    ):
        assert str(Outcome.read(text)) == text


def test_too_many_pairs_are_refused_before_they_are_run() -> None:
    with pytest.raises(TooLarge, match="fit: fewer firms"):
        check_room(10_000, 1_000_000, 8 * 10**9)


def test_figures_are_drawn(small_comparison: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    comparison, lived = small_comparison
    monkeypatch.setattr(compare_gallery, "save", partial(save, dpi=40))
    draw_comparison(comparison, lived, footer_of(comparison.twins.base.scenario, comparison), tmp_path)
    drawn = {path.stem for path in tmp_path.glob("*.png")}
    assert drawn == {
        "content", "differences", "ledger_announced", "ledger_members", "ledger_opened", "tariff", "view_mexico",
        "waterfall",
    }  # fmt: skip


def test_the_command_leaves_a_whole_folder(tmp_path: Path) -> None:
    out = tmp_path / "answer"
    words = [
        "compare",
        "baseline",
        "no_trade_war",
        "--firms",
        "1000",
        "--replicates",
        "2",
        "--years",
        "2010:2020",
        "--out",
        str(out),
        "--no-figures",
        "--workers",
        "1",
        "--lang",
        "zh",
    ]
    first = CliRunner().invoke(app, words)
    assert first.exit_code == 0, first.output
    assert sorted(path.name for path in out.iterdir()) == [
        "comparison.json", "content.parquet", "differences.parquet", "ledger_summary.csv", "members.parquet",
        "summary.txt", "twin_ledger.parquet",
    ]  # fmt: skip
    answer = json.loads((out / "comparison.json").read_text())
    assert answer["replication"] == {
        "replicates": 2,
        "runs": 4,
        "half_width": None,
        "half_width_asked": None,
        "reached": True,
    }
    assert answer["others"][0]["first_year_any_firm_differs"] >= 2018
    assert answer["evidence"]["risk"] == "suggestive"
    assert "rests on suggestive (" in (out / "summary.txt").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]
    second = CliRunner().invoke(app, words)
    assert second.exit_code == 2
    assert "--overwrite" in second.output


@pytest.mark.parametrize(
    "words, message",
    [
        (["compare", "baseline", "tariff_60_on_chin"], "did you mean 'tariff_60_on_china'"),
        (["compare", "baseline", "no_trade_war", "--outcome", "Import|Share"], "did you mean 'Imports|Share'"),
        (["compare", "baseline", "no_trade_war", "--view", "mexiko"], "did you mean 'mexico'"),
        (["compare", "baseline", "no_trade_war", "--border", "town"], "border 'town'"),
        (["compare", "baseline", "no_trade_war", "--lang", "fr"], "'fr' is not one of"),
        (["compare", "baseline", "no_trade_war", "--replicates", "0"], "replicates: 0 given"),
        (["solve", "baseline", "--lever", "tariff", "--outcome", "Jobs|Stock"], "either --target"),
        (["solve", "baseline", "--lever", "tarif", "--outcome", "Jobs|Stock", "--gain", "1"], "did you mean 'tariff'"),
        (["reverse", "baseline", "--policy", "section_31"], "did you mean 'section_301'"),
        (
            ["credibility", "tariff_60_on_china", "--policy", "tariff_60", "--lasts", "2"],
            "did you mean 'tariff_60_on_china'",
        ),
        (
            ["credibility", "tariff_60_on_china", "--policy", "tariff_60_on_china", "--lasts", "two"],
            "--lasts two: write numbers",
        ),
    ],
)
def test_mistakes_end_with_2_and_leave_nothing(tmp_path: Path, words: list[str], message: str) -> None:
    done = CliRunner().invoke(
        app, [*words, "--firms", "60", "--years", "2010:2030", "--no-figures", "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 2, done.output
    assert message in done.output
    assert "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="does not delete what it has not made"):
        files.prepare(tmp_path, overwrite=True)
    with pytest.raises(OutputError, match="is a file"):
        files.prepare(tmp_path / "notes.txt" / "below", overwrite=False)


def test_a_failure_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def broken(_: Path) -> None:
        raise UnknownName("figure", "x", ["y"])

    with pytest.raises(UnknownName):
        files.write(tmp_path / "out", False, files.COMPARISON, {"a": float("nan")}, {}, "text", broken)
    assert list(tmp_path.iterdir()) == []
    files.write(tmp_path / "out", False, files.COMPARISON, {"a": np.float64("nan")}, {}, "text")
    assert json.loads((tmp_path / "out" / "comparison.json").read_text()) == {"a": None}
