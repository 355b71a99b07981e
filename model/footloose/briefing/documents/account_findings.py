"""What duties and support did to firms, what an additional job costs, and what of China comes back in others' goods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from footloose.briefing.documents.amounts import amount, span, style_of, unsigned_span
from footloose.briefing.documents.comparison_numbers import ComparisonNumbers, widest
from footloose.briefing.documents.document import Finding, Grid
from footloose.briefing.documents.wording import Voice
from footloose.experiments.comparison.outcomes import Outcome

FULL = 100.0
PARTS = ("direct", "inside", "total")


@dataclass(frozen=True)
class AccountStory:
    """The findings from the accounts of a comparison, in one language."""

    numbers: ComparisonNumbers
    voice: Voice

    @property
    def names(self) -> dict[str, object]:
        """What every sentence may name."""
        return {"the_market": self.voice.the(self.numbers.market), "last": self.numbers.years[-1]}

    def findings(self) -> Iterator[Finding]:
        """Yield every finding there is an account for."""
        yield from self.tariff()
        yield from self.subsidy()
        yield from self.content()

    def number(self, found: dict[str, float | None], kind: str, factor: float) -> str:
        """Return a number of an account with its interval."""
        low, high = self.ends(found, factor)
        return unsigned_span(kind, factor * (found["mean"] or 0.0), low, high, self.voice.language)

    def tariff(self) -> Iterator[Finding]:
        """What duties did to firms whose goods they tax: induced, diverted, deterred."""
        account, voice = self.numbers.world.get("tariff"), self.voice
        if not account:
            return
        found = account["numbers"]
        kinds = (
            "induced_home",
            "induced_elsewhere",
            "induced_other",
            "diverted",
            "redirected",
            "deterred",
            "held_other",
        )
        rows = [
            (
                voice.say(f"taxed.{kind}"),
                self.number(found[f"value_{kind}"], "usd", 1e6),
                self.number(found[f"jobs_{kind}"], "jobs", 1.0),
            )
            for kind in kinds
        ]
        means = {kind: float(found[f"value_{kind}"]["mean"] or 0.0) for kind in kinds}
        induced = means["induced_home"] + means["induced_elsewhere"] + means["induced_other"]
        diverted = means["diverted"] + means["redirected"]
        places = self.names | {
            "home": self.number(found["value_induced_home"], "usd", 1e6),
            "elsewhere": self.number(found["value_induced_elsewhere"], "usd", 1e6),
            "diverted": self.number(found["value_diverted"], "usd", 1e6),
            "redirected": self.number(found["value_redirected"], "usd", 1e6),
            "bystanders": self.number(found["value_bystanders"], "usd", 1e6),
        }  # fmt: skip
        head = tuple(voice.say(f"head.{name}") for name in ("response", "value_announced", "jobs"))
        grid = Grid(voice.say("grid.tariff"), head, tuple(rows), (1, 2), voice.say("grid_note.tariff", **places))
        key = "diverts" if diverted > induced else "induces"
        yield Finding(
            "tariff", voice.say(f"twin.tariff.{key}", **places), (voice.say("twin.tariff.path", **places),),
            "", None, "tariff", grid,
        )  # fmt: skip

    def subsidy(self) -> Iterator[Finding]:
        """Deadweight, additional jobs and what one of them costs."""
        account, voice = self.numbers.world.get("subsidy"), self.voice
        if not account:
            return
        found, ratios = account["numbers"], account["ratios"]
        kinds = ("additional", "brought_forward", "anyway", "already_there")
        rows = [
            (
                voice.say(f"supported.{kind}"),
                self.number(found[f"value_{kind}"], "usd", 1e6),
                self.number(found[f"jobs_{kind}"], "jobs", 1.0),
            )
            for kind in kinds
        ]
        places = self.names | {
            "deadweight": self.share(ratios["deadweight_share_of_jobs"]),
            "outlay": span(
                "usd",
                1e6 * found["outlay_usd_million"]["mean"],
                *self.ends(found["outlay_usd_million"], 1e6),
                voice.language,
            ),
            "jobs": span(
                "jobs",
                found["jobs_stock_last_year"]["mean"],
                *self.ends(found["jobs_stock_last_year"], 1.0),
                voice.language,
            ),
            "cost": self.cost(ratios["usd_per_additional_job_in_last_year"]),
            "cost_announced": self.cost(ratios["usd_per_additional_job_announced"]),
        }
        head = tuple(voice.say(f"head.{name}") for name in ("supported", "value_announced", "jobs"))
        grid = Grid(voice.say("grid.subsidy"), head, tuple(rows), (1, 2), voice.say("grid_note.subsidy"))
        sentences = [voice.say(f"twin.subsidy.{name}", **places) for name in ("deadweight", "jobs", "cost")]
        bounded = ratios["usd_per_additional_job_in_last_year"]["bounded"]
        yield Finding(
            "subsidy",
            voice.say(f"twin.subsidy.headline.{'known' if bounded else 'unknown'}", **places),
            tuple(sentences),
            "",
            None,
            "subsidy",
            grid,
            lead=True,
        )

    def ends(self, found: dict[str, float | None], factor: float) -> tuple[float | None, float | None]:
        """Return the ends of the interval of a number of an account."""
        names = (("low", "parameter_low"), ("high", "parameter_high"))
        low, high = widest(*([found.get(name) for name in ends] for ends in names))
        return (None if low is None else factor * low), (None if high is None else factor * high)

    def share(self, found: dict[str, float | None]) -> str:
        """Return a ratio as a share in percent with its interval."""
        value, low, high = (
            None if found[name] is None else FULL * float(found[name] or 0.0) for name in ("value", "low", "high")
        )
        if value is None:
            return self.voice.say("ratio.none")
        text = f"{value:.0f}%"
        return (
            text
            if low is None or high is None
            else self.voice.say("ratio.interval", value=text, low=f"{low:.0f}%", high=f"{high:.0f}%")
        )

    def cost(self, found: dict[str, float | None]) -> str:
        """Return a cost per job with its interval; says so where jobs cannot be told from none."""
        value, low, high, voice = found["value"], found["low"], found["high"], self.voice
        if value is None or value <= 0.0:
            return voice.say("cost.none")
        text = amount("usd", value, voice.language)
        if not found["bounded"] or low is None or high is None:
            return voice.say("cost.unbounded", value=text)
        return voice.say(
            "ratio.interval",
            value=text,
            low=amount("usd", low, voice.language),
            high=amount("usd", high, voice.language),
        )

    def content(self) -> Iterator[Finding]:
        """Relocation against rerouting: what of China's fall comes back inside goods assembled elsewhere."""
        numbers, voice = self.numbers, self.voice
        table = numbers.folder.content
        peak = numbers.peak(Outcome("Imports|Share", numbers.market, "country:china"))
        year = numbers.years[-1] if peak is None else peak
        rows = table[
            (table["scenario"] == numbers.label)
            & (table["market"] == numbers.market)
            & (table["sector"] == "all")
            & (table["year"] == year)
        ]
        if rows.empty:
            return
        sums = rows.groupby("part")[["base", "other", "difference"]].sum()
        fall, back = float(sums["difference"]["direct"]), float(sums["difference"]["inside"])
        if fall == 0.0:
            return
        style = style_of("points", voice.language, [fall, back])
        places = self.names | {
            "year": year,
            "fall": style.full(abs(fall)),
            "back": style.full(abs(back)),
            "share": f"{abs(FULL * back / fall):.0f}%",
        }
        key = "rerouted" if fall < 0.0 <= back else "both" if fall < 0.0 else "rise"
        grid_rows = tuple(
            (
                voice.say(f"twin.part.{part}"),
                *(f"{float(sums[name][part]):.2f}%" for name in ("base", "other")),
                style_of("points", voice.language, [float(sums["difference"][part])], 0.01).bare(
                    float(sums["difference"][part]), True
                ),
            )
            for part in ("direct", "inside", "total")
            if part in sums.index
        )
        head = (voice.say("head.part"), voice.say("head.base"), voice.say("head.other"), voice.say("head.points"))
        grid = Grid(voice.say("grid.content", **places), head, grid_rows, (1, 2, 3), voice.say("grid_note.content"))
        yield Finding(
            "content",
            voice.say(f"twin.content.{key}", **places),
            (voice.say(f"twin.content.{key}.path", **places),),
            "",
            None,
            "content",
            grid,
        )
