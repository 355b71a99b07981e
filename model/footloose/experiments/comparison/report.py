"""A comparison as one answer: everything that was asked for, as plain data, as tables, and for the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from footloose.ensemble import Ensemble
from footloose.experiments.comparison.accounts import Account, subsidy_account, tariff_account
from footloose.experiments.comparison.attribution import Attribution
from footloose.experiments.comparison.content import content_frame
from footloose.experiments.comparison.differences import OutcomeDifference, difference_table, fan, outcome_difference
from footloose.experiments.comparison.members import draw_table, member_table
from footloose.experiments.comparison.outcomes import Outcome
from footloose.experiments.comparison.pairs import Lived
from footloose.experiments.comparison.replication import Replication
from footloose.experiments.comparison.summaries import ledger_summary, ledger_table
from footloose.experiments.comparison.twin_ledger import CLASSES, further_moves
from footloose.experiments.comparison.views import View, host_view
from footloose.experiments.comparison.wording import Effects, Sentence, effects, in_words
from footloose.experiments.comparison.worlds import Twins
from footloose.geography import load_geography
from footloose.scenario import evidence_in_use
from footloose.simulation import set_up
from footloose.version import versions

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Question:
    """What is asked of a comparison.

    outcomes : shown with intervals; the first is the one of attribution and of the fan
    market   : whose content of China is shown; border: what a move must cross; views: countries
    """

    outcomes: tuple[Outcome, ...]
    market: str = "united_states"
    border: str = "country"
    views: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """One other world against the base.

    first_firm : first year in which any firm differs in any run
    further    : value of second and further moves by stage and world, outside the classes
    """

    label: str
    sentences: tuple[Sentence, ...]
    effects: Effects
    first_firm: int | None
    outcomes: tuple[OutcomeDifference, ...]
    fans: tuple[pd.DataFrame, ...]
    ledger: pd.DataFrame
    summary: pd.DataFrame
    further: dict[str, dict[str, float]]
    subsidy: Account | None
    tariff: Account | None
    content: pd.DataFrame
    views: tuple[View, ...]
    attributions: tuple[Attribution, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data; the ledger as means by class."""
        summary = self.summary
        classes: list[dict[str, Any]] = []
        if not summary.empty:
            whole = summary[summary["by"] == "all"].drop(columns=["by", "member"])
            classes = [{str(key): value for key, value in row.items()} for row in whole.to_dict("records")]
        return {
            "label": self.label,
            "differs_in": [{"part": sentence.part, "text": sentence.text} for sentence in self.sentences],
            "first_year_any_cost_differs": self.effects.first,
            "first_year_any_firm_differs": self.first_firm,
            "without_effect": list(self.effects.idle),
            "outcomes": [difference.as_data() for difference in self.outcomes],
            "twin_ledger": classes,
            "value_of_further_moves": self.further,
            "subsidy": None if self.subsidy is None else self.subsidy.as_data(),
            "tariff": None if self.tariff is None else self.tariff.as_data(),
            "views": [view.as_data() for view in self.views],
            "attribution": [attribution.as_data() for attribution in self.attributions],
        }


@dataclass(frozen=True)
class Comparison:
    """Base and others, all answers, and what it took."""

    twins: Twins
    question: Question
    answers: tuple[Answer, ...]
    replication: Replication
    ensemble: Ensemble | None
    notes: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the machine-readable answer: comparison.json."""
        scenario = self.twins.base.scenario
        return {
            "base": {"label": self.twins.base.label, "digest": scenario.digest()},
            "firms": scenario.firms,
            "seed": scenario.seed,
            "years": [scenario.years.start, scenario.years.until],
            "border_of_a_move": self.question.border,
            "classes": list(CLASSES),
            "replication": self.replication.as_data(),
            "ensemble": None if self.ensemble is None else self.ensemble.as_data(),
            "notes": list(self.notes),
            "others": [
                {"digest": world.scenario.digest(), "resolved_scenario": world.scenario.as_data(), **answer.as_data()}
                for world, answer in zip(self.twins.others, self.answers, strict=True)
            ],
            "resolved_base": scenario.as_data(),
            "evidence": evidence_in_use(scenario, *(world.scenario for world in self.twins.others)),
            **versions(),
        }

    def tables(self, lived: Lived) -> dict[str, pd.DataFrame]:
        """Return the tables by file name: differences, twin ledger, its summary, content, outcomes in every member."""
        import pandas

        frames: dict[str, list[pd.DataFrame]] = {}
        for place, answer in enumerate(self.answers):
            parts = {
                "differences.parquet": difference_table(lived, place),
                "twin_ledger.parquet": answer.ledger,
                "ledger_summary.csv": answer.summary,
                "content.parquet": answer.content,
                "members.parquet": member_table(lived, place, self.question.outcomes),
            }
            for name, frame in parts.items():
                frames.setdefault(name, []).append(frame.assign(scenario=answer.label))
        tables = {name: pandas.concat(found, ignore_index=True) for name, found in frames.items()}
        if self.ensemble is not None:
            tables["draws.csv"] = draw_table(self.ensemble.draws)
        return tables


def answer(twins: Twins, lived: Lived, place: int, question: Question) -> Answer:
    """Return everything but the attribution of one other world.

    raises: UnknownName, FootlooseError for outcomes, views or borders that do not exist
    """
    base, world = twins.base, twins.others[place]
    laws = (set_up(base.scenario).law, set_up(world.scenario).law)
    ledger = ledger_table(lived, place, question.border)
    geography = load_geography()
    since = lived.first(place)
    further = {}
    if since is not None:
        central = lived.central(place)[0].traces
        further = {stage: further_moves(central, stage, question.border, since) for stage in ("announced", "opened")}
    return Answer(
        world.label,
        tuple(in_words(base.scenario, world.scenario)),
        effects(twins, place),
        since,
        tuple(outcome_difference(lived, place, outcome) for outcome in question.outcomes),
        tuple(fan(lived, place, outcome) for outcome in question.outcomes),
        ledger,
        ledger_summary(ledger, lived, place),
        further,
        subsidy_account(lived, place, laws),
        tariff_account(lived, place, laws, "announced", question.border),
        content_frame(geography, lived.years, [pair.content for pair in lived.central(place)]),
        tuple(host_view(lived, place, country, geography) for country in question.views),
    )


def check_question(lived: Lived, outcomes: Sequence[Outcome]) -> None:
    """Refuse outcomes that the runs do not have, as soon as one pair has been lived.

    raises: UnknownName, FootlooseError
    """
    for outcome in outcomes:
        outcome.value(lived.pairs[0][0].base, lived.years)
