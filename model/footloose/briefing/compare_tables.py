"""What figures of comparisons draw, out of their plain data, as in comparison.json: accounts and attributions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from footloose.briefing.compare_text import part_name
from footloose.briefing.text import Words

THOUSAND = 1e3
TOGETHER = " x "
"""Between the parts of an interaction in comparison.json."""


def account_table(numbers: Mapping[str, Any], lines: tuple[str, ...], measure: str) -> pd.DataFrame:
    """Return what the figure of an account draws: line, value and its intervals, in thousand jobs or USD billion."""
    columns = {"value": "mean", **{name: name for name in ENDS}}
    rows = [
        {"line": line, **{name: scaled(numbers[f"{measure}_{line}"].get(key)) for name, key in columns.items()}}
        for line in lines
    ]
    return pd.DataFrame(rows).astype(dict.fromkeys(columns, "float64"))


ENDS = ("low", "high", "parameter_low", "parameter_high")
"""Ends of the intervals of an estimate: by chance, and over the draws of an ensemble."""


def scaled(value: float | None) -> float | None:
    """Return a number in thousands; None for none."""
    return None if value is None else value / THOUSAND


def attribution_table(found: Mapping[str, Any], words: Words) -> pd.DataFrame:
    """Return what compare_waterfall draws: kind, name, mean, its intervals, shapley.

    found : an attribution of comparison.json: base, other, exact, shapley, alone, interactions
    """
    rows: list[dict[str, object]] = [{"kind": "base", "name": "base", "mean": found["base"]}]
    alone: Mapping[str, Mapping[str, Any]] = found["alone"]
    for name, shapley in dict(found["shapley"]).items():
        own = alone.get(name, shapley)
        share = shapley["mean"] if found["exact"] else None
        rows.append({"kind": "part", "name": part_name(words, name), **estimate_of(own), "shapley": share})
    for names, value in dict(found["interactions"]).items():
        label = words.say("compare.part.together").join(part_name(words, name) for name in names.split(TOGETHER))
        rows.append({"kind": "interaction", "name": label, **estimate_of(value)})
    rows.append({"kind": "other", "name": "other", "mean": found["other"]})
    return pd.DataFrame(rows, columns=["kind", "name", "mean", *ENDS, "shapley"])


def estimate_of(value: Mapping[str, Any]) -> dict[str, object]:
    """Return mean and ends of an estimate of the JSON."""
    return {"mean": value["mean"], **{name: value.get(name) for name in ENDS}}
