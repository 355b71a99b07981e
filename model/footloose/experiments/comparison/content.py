"""Gross and value-added shares of China: made there, inside goods assembled elsewhere, and through whom.

Where parts come from is that of the base year (docs/model.md, section 9): a supplier that gains orders brings its own
mix of Chinese parts along. So `rerouted` is the fall of the direct share that comes back inside goods assembled
elsewhere, and `relocated` the rest: value that is no longer made in China. First round only: parts of parts are not
followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from footloose.geography import Geography
from footloose.record import Record

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]

CHINA = "china"
FULL = 100.0


@dataclass(frozen=True)
class Content:
    """China in what each market buys, in percent of its purchases, of all sectors or of one.

    direct : (year, market, sector + 1) made at Chinese sites; the last sector is all together
    inside : (year, market, sector + 1, country) Chinese parts in goods assembled in a country, China itself left out
    """

    direct: Floats
    inside: Floats

    @property
    def total(self) -> Floats:
        """Direct and inside; (year, market, sector + 1)."""
        return np.asarray(self.direct + self.inside.sum(axis=-1))


def content_of(record: Record) -> Content:
    """Return China's content in what is bought, of a record with one replicate."""
    geography = record.geography
    china = np.zeros(len(geography.sites))
    china[list(geography.sites_in(CHINA))] = 1.0
    parts = np.asarray(geography.traits["input_share"])[:, None] * (record.base.input_origin @ china) * (1.0 - china)
    sales = record.tables["sales"][0].sum(axis=3)  # year, market, sector, site
    bought = np.maximum(sales.sum(axis=3), 1e-9)
    country = np.equal.outer(np.asarray(geography.country_of_site), np.arange(len(geography.countries))).astype(float)
    direct, inside = sales @ china, np.einsum("ymsj,sj,jc->ymsc", sales, parts, country)
    whole = bought.sum(axis=2, keepdims=True)
    shares = [
        np.concatenate([part / by_sector, part.sum(axis=2, keepdims=True) / by_all], axis=2)
        for part, by_sector, by_all in ((direct, bought, whole), (inside, bought[..., None], whole[..., None]))
    ]
    return Content(FULL * shares[0], FULL * shares[1])


@dataclass(frozen=True)
class Shift:
    """What the policy does to China's share, in points of a market's purchases; (year, market, sector + 1) each.

    direct    : change of the direct share; total: change of direct and inside together
    rerouted  : change of what is inside goods assembled elsewhere; direct + rerouted = total
    """

    direct: Floats
    rerouted: Floats
    total: Floats


def shift(base: Content, other: Content) -> Shift:
    """Return the change of China's content from one world to the other."""
    direct, total = other.direct - base.direct, other.total - base.total
    return Shift(direct, total - direct, total)


def content_frame(geography: Geography, years: Sequence[int], pairs: Sequence[tuple[Content, Content]]) -> pd.DataFrame:
    """Return the mean over replicates as rows: year, market, sector, part, country, base, other, difference [percent].

    part : direct, inside (with the country of assembly) or total
    """
    import pandas

    sectors = [*geography.sectors, "all"]
    sides = [
        Content(
            np.mean([pair[side].direct for pair in pairs], axis=0),
            np.mean([pair[side].inside for pair in pairs], axis=0),
        )
        for side in (0, 1)
    ]
    frames: list[pd.DataFrame] = []
    assembled: dict[str, list[str]] = {"direct": [CHINA], "total": ["all"], "inside": list(geography.countries)}
    for part, countries in assembled.items():
        labels: list[list[Any]] = [list(years), list(geography.markets), sectors, countries]
        index: pd.MultiIndex = pandas.MultiIndex.from_product(labels, names=["year", "market", "sector", "country"])
        values = [np.asarray(getattr(side, part)).ravel() for side in sides]
        frame = index.to_frame(index=False).assign(part=part, base=values[0], other=values[1])
        frames.append(frame[frame["country"] != CHINA] if part == "inside" else frame)
    table = pandas.concat(frames, ignore_index=True)
    return table.assign(difference=table["other"] - table["base"])
