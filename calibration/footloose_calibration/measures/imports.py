"""Import shares and growth: what the United States buy abroad, and from whom.

Imports are of the twelve goods sectors of the model, without services, oil, food, wood, paper and printing.
"""

from __future__ import annotations

import numpy as np

from footloose_calibration.measures.reading import Floats, Reading, ratio, yearly_growth

BASKET = "china+vietnam+india+indonesia+malaysia+thailand+advanced_asia+european_union"
"""Partners that sell the United States next to nothing but manufactures: shares among them do not swing with oil."""


def import_share(reading: Reading, partner: str, year: int) -> float:
    """Return the share of a partner in United States imports of goods, percent."""
    bought = _bought(reading)[reading.year(year)]
    return 100.0 * ratio(bought[reading.sites(partner)].sum(), bought.sum())


def import_share_change(reading: Reading, partner: str, first: int, last: int) -> float:
    """Return the change of that share, points."""
    return import_share(reading, partner, last) - import_share(reading, partner, first)


def import_share_ratio(reading: Reading, partner: str, first: int, last: int) -> float:
    """Return that share over the share of an earlier year."""
    return ratio(import_share(reading, partner, last), import_share(reading, partner, first))


def basket_share_change(reading: Reading, partner: str, first: int, last: int) -> float:
    """Return the change of a partner's share in United States imports from the basket of partners, points."""
    bought = _bought(reading)
    before, after = (
        100.0 * ratio(bought[place, reading.sites(partner)].sum(), bought[place, reading.sites(BASKET)].sum())
        for place in (reading.year(first), reading.year(last))
    )
    return after - before


def import_growth(reading: Reading, partner: str, first: int, last: int) -> float:
    """Return growth of United States imports from a partner in current dollars, percent a year."""
    bought = _bought(reading)[:, reading.sites(partner)].sum(axis=1)
    before, after = (float(bought[reading.year(year)]) * reading.price(year) for year in (first, last))
    return yearly_growth(before, after, last - first)


def textile_export_share(reading: Reading, site: str, year: int) -> float:
    """Return the share of a site in textiles that the three markets that are one country import, percent.

    The fourth market, the rest of the world, is left out: what a site sells there is partly its own use.
    """
    geography, place = reading.geography, reading.year(year)
    part = whole = 0.0
    for number, market in enumerate(geography.markets):
        if market != "rest_of_world":
            bought = reading.bought[place, number][reading.sectors("textiles")].sum(axis=0)
            abroad = [j for j in range(bought.size) if j not in reading.sites(market)]
            whole += float(bought[abroad].sum())
            part += float(bought[reading.sites(site)].sum())
    return 100.0 * ratio(part, whole)


def textile_export_share_ratio(reading: Reading, site: str, first: int, last: int) -> float:
    """Return that share over the share of an earlier year."""
    return ratio(textile_export_share(reading, site, last), textile_export_share(reading, site, first))


def parts_trade_growth(reading: Reading, buyers: str, first: int, last: int) -> float:
    """Return growth of parts that sites of a group buy across a border, in current dollars, percent a year.

    Parts = output x share of manufactured inputs x share of them from abroad; where from is not told apart.
    """
    abroad = 1.0 - reading.table("parts_from_home")
    inputs = np.asarray(reading.geography.traits["input_share"])[None, :, None]
    bought = (reading.output * inputs * abroad)[:, :, reading.sites(buyers)].sum(axis=(1, 2))
    before, after = (float(bought[reading.year(year)]) * reading.price(year) for year in (first, last))
    return yearly_growth(before, after, last - first)


def _bought(reading: Reading) -> Floats:
    """Return United States imports of goods; (year, site)."""
    return np.asarray(reading.imports[:, reading.sectors("goods")].sum(axis=1))


MEASURES = (
    import_share,
    import_share_change,
    import_share_ratio,
    basket_share_change,
    import_growth,
    textile_export_share,
    textile_export_share_ratio,
    parts_trade_growth,
)
