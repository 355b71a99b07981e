"""China's composition: manufacturing in its economy, foreign plants in it, its plants abroad, its parts elsewhere."""

from __future__ import annotations

import numpy as np

from footloose_calibration.measures.announcements import investment_jobs
from footloose_calibration.measures.reading import Floats, Reading, ratio

DEVELOPING = "china+asia_hosts+mexico+rest_of_world"
"""Sites in developing countries; the remainder holds some that are not."""
RCEP_SITES = "china+vietnam+indonesia+malaysia+thailand+advanced_asia"
RCEP_OWNERS = "china+japan+korea"
"""Members that the model can tell apart; Taiwan is inside the site of Japan and Korea."""
BILLION = 1000.0
"""USD million in a billion."""


def manufacturing_share(reading: Reading, country: str, year: int) -> float:
    """Return value added of the modelled sectors over gross domestic product at constant prices, percent.

    raises: Absent for a country whose gross domestic product the record has not got
    """
    place = reading.year(year)
    sales = reading.output[place][:, reading.sites(country)].sum(axis=1)
    gdp = reading.record.gdp.get(country)
    product = 0.0 if gdp is None else float(gdp[place])
    return 100.0 * ratio(float(sales @ reading.record.base.value_added_share), product)


def manufacturing_share_ratio(reading: Reading, country: str, first: int, last: int) -> float:
    """Return that share over the share of an earlier year."""
    before, after = (manufacturing_share(reading, country, year) for year in (first, last))
    return ratio(after, before)


def manufacturing_share_change(reading: Reading, country: str, first: int, last: int) -> float:
    """Return the mean yearly change of that share, points a year."""
    before, after = (manufacturing_share(reading, country, year) for year in (first, last))
    return (after - before) / (last - first)


def foreign_capital(reading: Reading, country: str, year: int) -> float:
    """Return the capital cost of what foreign owners announce in a country, USD billion of the year."""
    return float(_capital(reading, _foreigners(reading, country), country)[reading.year(year)].sum()) * _price(
        reading, year
    )


def foreign_capital_share(reading: Reading, country: str, year: int) -> float:
    """Return the share of a country in what foreign owners announce in developing countries, percent."""
    place = reading.year(year)
    part = _capital(reading, _foreigners(reading, country), country)[place].sum()
    rest = [name for name in ("china", "asia_hosts", "mexico", "rest_of_world") if name != country]
    others = sum(_capital(reading, _foreigners(reading, name), name)[place].sum() for name in rest)
    return 100.0 * ratio(part, part + others)


def outward_capital(reading: Reading, owners: str, year: int) -> float:
    """Return the capital cost of what these owners announce outside their home, USD billion of the year."""
    return float(_abroad(reading, owners)[reading.year(year)].sum()) * _price(reading, year)


def outward_share(reading: Reading, owners: str, places: str, year: int) -> float:
    """Return the share of some places in it, percent."""
    spent = _abroad(reading, owners)[reading.year(year)]
    return 100.0 * ratio(spent[:, reading.sites(places)].sum(), spent.sum())


def rcep_investment_growth(reading: Reading, first: int, last: int, later_first: int, later_last: int) -> float:
    """Return growth of what members' owners announce at other members' sites, later years over earlier, percent."""
    spent = _abroad(reading, RCEP_OWNERS)[:, :, reading.sites(RCEP_SITES)].sum(axis=(1, 2))
    before, after = (
        spent[reading.span(start, end)].mean() for start, end in ((first, last), (later_first, later_last))
    )
    return 100.0 * (ratio(after, before) - 1.0)


def high_tech_share(reading: Reading, country: str, year: int) -> float:
    """Return the share of sectors of high technology in what foreign owners announce in a country, percent.

    Capital cost, mean of three years around the year (as far as the run goes), because a year is few projects.
    """
    years = slice(max(reading.year(year) - 1, 0), reading.year(year) + 2)
    spent = _capital(reading, _foreigners(reading, country), country)[years].sum(axis=(0, 2))
    advanced = np.asarray(reading.geography.traits["high_tech"]) > 0.0
    return 100.0 * ratio(spent[advanced].sum(), spent.sum())


def high_tech_share_rise(reading: Reading, country: str, first: int, last: int) -> float:
    """Return the mean yearly rise of that share, points a year."""
    before, after = (high_tech_share(reading, country, year) for year in (first, last))
    return (after - before) / (last - first)


def high_tech_growth(reading: Reading, country: str, year: int) -> float:
    """Return growth over a year of what foreign owners announce in a country in high technology, percent."""
    spent = _capital(reading, _foreigners(reading, country), country)
    advanced = np.asarray(reading.geography.traits["high_tech"]) > 0.0
    before, after = (spent[reading.year(one)][advanced].sum() for one in (year - 1, year))
    return 100.0 * (ratio(after, before) - 1.0)


def owner_growth(reading: Reading, owners: str, country: str, year: int) -> float:
    """Return growth over a year of what these owners announce in a country, percent."""
    spent = _capital(reading, owners, country)
    before, after = (spent[reading.year(one)].sum() for one in (year - 1, year))
    return 100.0 * (ratio(after, before) - 1.0)


def parts_export_share(reading: Reading, year: int) -> float:
    """Return China's share of manufactured parts that sites buy from other countries, percent."""
    place, geography = reading.year(year), reading.geography
    inputs = reading.output[place] * np.asarray(geography.traits["input_share"])[:, None]
    outside = [site for site in range(len(geography.sites)) if site not in reading.sites("china")]
    chinese = (inputs * reading.table("parts_from_china")[place])[:, outside].sum()
    return 100.0 * ratio(chinese, (inputs * (1.0 - reading.table("parts_from_home")[place])).sum())


def parts_from_china(reading: Reading, site: str, industry: str, year: int) -> float:
    """Return China's share of all manufactured parts of an industry at a site, percent, weighted with output."""
    place, rows, columns = reading.year(year), reading.sectors(industry), reading.sites(site)
    weight = reading.output[place][np.ix_(rows, columns)]
    share = reading.table("parts_from_china")[place][np.ix_(rows, columns)]
    return 100.0 * ratio((weight * share).sum(), weight.sum())


def _capital(reading: Reading, owners: str, places: str) -> Floats:
    """Return the capital cost of what owners announce, new plants and larger ones; (year, sector, site) USD million.

    Jobs over jobs per output of the sector and site, times capital per output.
    """
    jobs = investment_jobs(reading, owners, places).sum(axis=1)
    columns = reading.sites(places)
    employed, made = reading.table("jobs")[:, :, columns], reading.output[:, :, columns]
    output = jobs * np.where(employed > 0.0, made / np.where(employed > 0.0, employed, 1.0), 0.0)
    return np.asarray(output * np.asarray(reading.geography.traits["capital_per_output"])[None, :, None])


def _abroad(reading: Reading, owners: str) -> Floats:
    """Return the capital cost of what owners announce outside their home; (year, sector, site) USD million."""
    everywhere = "+".join(reading.geography.sites)
    home = np.asarray(reading.geography.home_of)
    spent = np.zeros_like(reading.output)
    for owner in owners.split("+"):
        spent += _capital(reading, owner, everywhere) * ~home[reading.geography.origin(owner)]
    return spent


def _foreigners(reading: Reading, country: str) -> str:
    """Return the owners who are not at home anywhere in a country or group."""
    home = np.asarray(reading.geography.home_of)[:, reading.sites(country)]
    return "+".join(name for number, name in enumerate(reading.geography.origins) if not home[number].any())


def _price(reading: Reading, year: int) -> float:
    return reading.price(year) / BILLION


MEASURES = (
    manufacturing_share,
    manufacturing_share_ratio,
    manufacturing_share_change,
    foreign_capital,
    foreign_capital_share,
    outward_capital,
    outward_share,
    rcep_investment_growth,
    high_tech_share,
    high_tech_share_rise,
    high_tech_growth,
    owner_growth,
    parts_export_share,
    parts_from_china,
)
