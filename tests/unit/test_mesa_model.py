"""The model in Mesa's hands: the same years, agents that are views."""

from __future__ import annotations

import re
from pathlib import Path

import mesa
import numpy as np
import pytest

from footloose.errors import FootlooseError
from footloose.mesa_model import REPORTERS, ProgrammeView, RelocationModel
from footloose.scenario import load
from footloose.simulation import simulate

FIRMS = 300


@pytest.fixture(scope="module")
def lived() -> RelocationModel:
    model = RelocationModel("baseline", firms=FIRMS, until=2014)
    while model.running:
        model.step()
    return model


def test_it_is_a_mesa_model_that_stops_by_itself(lived: RelocationModel) -> None:
    assert isinstance(lived, mesa.Model)
    assert (lived.year, lived.steps, lived.running) == (2014, 5, False)
    with pytest.raises(FootlooseError, match="2014 was the last year"):
        lived.step()


def test_its_years_are_the_engines(lived: RelocationModel) -> None:
    record = simulate(load("baseline"), firms=FIRMS, years=(2010, 2014))
    for name, values in lived.kept.items():
        assert values.tobytes() == record.tables[name][0, -1].tobytes(), name
    frame = lived.datacollector.get_model_vars_dataframe()
    assert frame["Year"].tolist() == [2010, 2011, 2012, 2013, 2014]
    geography = record.geography
    sales = record.tables["sales"][0, :, geography.markets.index("united_states")]
    china = sales[..., list(geography.sites_in("china"))].sum(axis=(1, 2, 3)) / sales.sum(axis=(1, 2, 3))
    assert frame["China's share of US purchases"].to_numpy() == pytest.approx(100.0 * china)
    jobs = record.tables["jobs"][0, :, :, list(geography.sites_in("united_states"))].sum(axis=(0, 2))
    assert frame["US jobs"].to_numpy() == pytest.approx(jobs)


def test_agents_are_views_on_the_columns(lived: RelocationModel) -> None:
    firms = lived.run.firms
    assert len(lived.agents) == FIRMS
    assert sum(lived.agents.get("value")) == pytest.approx(firms.value.sum() / 1000.0)
    mexico = lived.names("sites").index("mexico")
    chosen = lived.agents.select(lambda agent: agent.site == "mexico")
    assert len(chosen) == int((firms.main == mexico).sum()) > 0
    assert chosen.agg("value", sum) == pytest.approx(firms.value[firms.main == mexico].sum() / 1000.0)
    agent = next(iter(chosen))
    firms.main[agent.row] = lived.names("sites").index("canada")
    assert agent.site == "canada"
    firms.main[agent.row] = mexico


def test_an_agent_says_who_it_is(lived: RelocationModel) -> None:
    firms, geography = lived.run.firms, lived.run.setting.geography
    _, sectors, origins, _ = lived.run.setting.shape
    for agent in lived.agents:
        cell = geography.markets.index(agent.market) * sectors + geography.sectors.index(agent.sector)
        assert cell * origins + geography.origins.index(agent.origin) == firms.cell[agent.row]
        assert (agent.second_site is None) == (firms.second[agent.row] < 0)
        assert (agent.target is None) == (firms.target[agent.row] < 0)
        assert agent.opened is None or 2010 <= agent.opened <= 2014
    one = next(iter(lived.agents))
    assert one.size == float(firms.size[one.row])
    loadings = (one.labour_intensity, one.risk_aversion, one.time_sensitivity, one.sunk_cost)
    columns = (firms.labour_intensity, firms.risk_aversion, firms.time_sensitivity, firms.sunk_cost)
    assert loadings == tuple(float(column[one.row]) for column in columns)
    assert isinstance(one, ProgrammeView)


def test_mesas_generator_changes_nothing() -> None:
    models = [RelocationModel("baseline", firms=100, until=2012, rng=rng) for rng in (1, 2)]
    for model in models:
        while model.running:
            model.rng.random()
            model.step()
    assert models[0].kept["sales"].tobytes() == models[1].kept["sales"].tobytes()
    other = RelocationModel("baseline", firms=100, until=2012, replicate=1)
    while other.running:
        other.step()
    assert not np.array_equal(other.kept["sales"], models[0].kept["sales"])


def test_own_reporters_and_a_horizon_that_cannot_be() -> None:
    model = RelocationModel(
        "baseline", firms=50, until=2010, reporters={"Pairs": lambda m: int((m.run.firms.second >= 0).sum())}
    )
    model.step()
    assert model.datacollector.get_model_vars_dataframe()["Pairs"].tolist() == [
        int((model.run.firms.second >= 0).sum())
    ]
    with pytest.raises(FootlooseError, match="until: 2050"):
        RelocationModel("baseline", firms=50, until=2050)


def test_what_the_page_for_users_of_mesa_shows_works(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first program runs; the plots of the second are of what the DataCollector has."""
    page = (checkout / "docs" / "mesa.md").read_text(encoding="utf-8")
    program, viewer = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    exec(program, {})
    shown = capsys.readouterr().out
    assert "2013" in shown
    assert "China's share of US purchases" in shown
    plotted = re.findall(r'make_plot_component\("([^"]+)"\)', viewer)
    assert plotted
    assert set(plotted) <= set(REPORTERS)
