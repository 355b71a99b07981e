"""Scenario files: what they may say, and every mistake with its place, what is allowed and the nearest name."""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from footloose.errors import Problem, ScenarioError, UnknownName
from footloose.policies import Tariff
from footloose.registry import mechanism_blocks, section_blocks
from footloose.scenario import Scenario, check, load, no_effect, overlays, schema, shipped

TEN_LINES = """\
# yaml-language-server: $schema=scenario.schema.json
extends: baseline
question: What if Mexico paid 25 %?
policies:
  tariff_on_mexico:
    kind: tariff
    market: united_states
    sites: mexico
    rate: 25
    from: 2027
"""
HEAD = "policies:\n  t:\n    kind: tariff\n    market: united_states\n    sites: china\n"
QUAKE = (
    "shocks:\n  q:\n    kind: disruption\n    sites: vietnam\n    from: 2030\n    until: 2031\n    output_lost: 50\n"
)
CONTROL = HEAD.replace("tariff", "export_control") + "    parts_affected: {2027: 10, 2029: 20}\n    from: 2027\n"
GRANT = "policies:\n  s:\n    kind: subsidy\n    sites: us_south\n    from: 2027\n"


def write(folder: Path, text: str, name: str = "x") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path, text: str, **options: Any) -> list[Problem]:
    path = write(folder, text)
    with pytest.raises(ScenarioError) as caught:
        load(path, **options)
    return list(caught.value.problems)


def warnings(folder: Path, text: str, **options: Any) -> list[str]:
    found = check(write(folder, text), **options)
    assert all(problem.warning for problem in found), found
    return [problem.message for problem in found]


def test_ten_lines_are_a_scenario(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, TEN_LINES))
    policy = scenario.policies["tariff_on_mexico"]
    assert isinstance(policy, Tariff)
    assert (scenario.name, scenario.question.en) == ("x", "What if Mexico paid 25 %?")
    assert set(scenario.mechanisms) == set(mechanism_blocks())
    assert set(scenario.sections) == set(section_blocks())
    assert check(tmp_path / "x.yaml") == []


def test_empty_policies_and_defaults(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, "seed: 3\n"))
    assert (scenario.years.start, scenario.years.until, scenario.firms, scenario.seed) == (2010, 2035, 20_000, 3)
    assert scenario.mechanisms["clusters"] == mechanism_blocks()["clusters"]()
    assert dict(scenario.policies) == {}


def test_mechanisms_and_sections(tmp_path: Path) -> None:
    text = "mechanisms: {clusters: off, congestion: {wage_elasticity: 1}}\norders: {elasticity: 0.5}\n"
    scenario = load(write(tmp_path, text))
    assert scenario.mechanisms["clusters"] is None
    assert scenario.as_data()["mechanisms"]["clusters"] == "off"
    assert scenario.as_data()["mechanisms"]["congestion"]["wage_elasticity"] == 1
    assert scenario.as_data()["orders"]["elasticity"] == 0.5


# text, line, column, words of the message; the first mistake of the report
BAD = [
    ("seeed: 4\n", 1, 1, "unknown key 'seeed'; did you mean 'seed'?"),
    ("beliefs: {<number>: 1}\n", 1, 11, "unknown key '<number>'"),
    ("beliefs: {'[key]': 1}\n", 1, 11, "unknown key '[key]'"),
    ("firms: -3\n", 1, 8, "given the number -3; allowed: 1 to 50,000,000 [programmes]"),
    ("firms: 0\n", 1, 8, "1 to 50,000,000"),
    ("firms: 50000001\n", 1, 8, "1 to 50,000,000"),
    (
        "firms: 1,000\n",
        1,
        8,
        'given the text "1,000"; wanted a whole number, 1 to 50,000,000 [programmes] (write 1000)',
    ),
    ("firms: 1_000\n", 1, 8, "(write 1000)"),
    ('firms: "500"\n', 1, 8, "(without quotes: 500)"),
    ("firms: 2.5\n", 1, 8, "wanted a whole number"),
    ("firms: １００\n", 1, 8, "write '1' instead"),
    ("firms: true\n", 1, 8, "given true; wanted a whole number"),
    ("seed: [1]\n", 1, 7, "given a list; wanted a whole number"),
    ("years: {from: 2009}\n", 1, 15, "every scenario starts in 2010"),
    ("years: {until: 2036}\n", 1, 16, "allowed: 2011 to 2035 [year]"),
    ("years: {until: 2010}\n", 1, 16, "allowed: 2011 to 2035 [year]"),
    ("years: 2010-2035\n", 1, 8, "wanted a mapping"),
    ("years: {to: 2030}\n", 1, 9, "unknown key 'to'; allowed: from, until"),
    ("name: My Scenario\n", 1, 7, "a name takes a-z"),
    ("name: 5\n", 1, 7, "put it in quotes"),
    ("title: {de: x}\n", 1, 9, "unknown key 'de'"),
    ("title: [x]\n", 1, 8, "given a list"),
    ("policies: [a]\n", 1, 11, "wanted a mapping"),
    ("policies:\n  Tariff 1: {kind: tariff}\n", 2, 3, "policy name 'Tariff 1'"),
    ("policies:\n  t: 25\n", 2, 6, "given the number 25; wanted a mapping"),
    ("policies:\n  t: {kind: tarif}\n", 2, 13, "did you mean 'tariff'?"),
    ("policies:\n  t: {rate: 5}\n", 2, 3, "'kind' is missing"),
    (HEAD + "    from: 2027\n", 2, 3, "'rate' is missing"),
    (HEAD + "    from: 2027\n", 2, 3, "(0 to 1,000 [percent])"),
    (HEAD + "    rate: 25%\n    from: 2027\n", 6, 11, "(write 25)"),
    (HEAD + "    rate: 25％\n    from: 2027\n", 6, 11, "write '%' instead"),
    (HEAD + "    rate: 1001\n    from: 2027\n", 6, 11, "given the number 1001; allowed: 0 to 1,000 [percent]"),
    (HEAD + "    rate: {2027: 5, 2028-13: 6}\n    from: 2027\n", 6, 21, "month must be in 1..12"),
    (HEAD + "    rate: {2027: 5, 2028: -6}\n    from: 2027\n", 6, 27, "0 to 1,000 [percent]"),
    (HEAD + "    rate: {textile: 5}\n    from: 2027\n", 6, 12, "did you mean 'textiles'?"),
    (HEAD + "    rate: {2027: 5, textiles: 6}\n    from: 2027\n", 6, 21, "a date is YYYY"),
    (HEAD + "    rate: 5\n    from: soon\n", 7, 11, 'given the text "soon"; a date is YYYY'),
    (HEAD + "    rate: 5\n    from: 2027-02-30\n", 7, 11, "day is out of range"),
    (HEAD + "    rate: 5\n    from: 2027\n    until: 2026\n", 8, 12, "until 2026-01-01 is not after from 2027-01-01"),
    (HEAD + "    rate: 5\n    from: 2027\n    announced: 2028\n", 7, 11, "before announced 2028-01-01"),
    (HEAD + "    rate: 5\n    from: 2027\n    coverage: 25\n", 8, 15, "allowed: 0 to 1 [share]"),
    (HEAD + "    rate: 5\n    from: 2027\n    stacking: sum\n", 8, 15, "allowed: add, max, exclusive"),
    (HEAD + "    rate: 5\n    from: 2027\n    believed: forever\n", 8, 15, "allowed: learned, permanent"),
    (HEAD + "    rate: 5\n    from: 2027\n    believed: {last: 2}\n", 8, 5, "'lasts' is missing"),
    (HEAD + "    rate: 5\n    from: 2027\n    sector: [textiles]\n", 8, 5, "did you mean 'sectors'?"),
    (HEAD + "    rate: 5\n    from: 2027\n    sectors:\n      - textiles\n      - chips\n", 10, 9, "unknown sector"),
    (HEAD + "    rate: 5\n    from: 2027\n    sectors: [textiles，chemicals]\n", 8, 15, "write ',' instead"),
    (HEAD.replace("china", "[vietnam, indai]") + "    rate: 5\n    from: 2027\n", 5, 22, "did you mean 'india'?"),
    (HEAD.replace("china", "[]") + "    rate: 5\n    from: 2027\n", 5, 12, "given a list of 0; allowed: at least 1"),
    (
        HEAD.replace("united_states", "usa") + "    rate: 5\n    from: 2027\n",
        4,
        13,
        "allowed: united_states, european_union",
    ),
    (HEAD.replace("united_states", "NO") + "    rate: 5\n    from: 2027\n", 4, 13, "unknown market 'NO'"),
    (GRANT, 2, 3, "exactly one of capex_share"),
    (GRANT + "    capex_share: 20\n    usd_per_job: 5\n", 2, 3, "given: capex_share, usd_per_job"),
    (GRANT + "    usd_per_unit: 20\n", 2, 3, "go together"),
    (GRANT + "    capex_share: 20\n    new_plants_only: yes\n", 7, 22, "wanted true or false (write true)"),
    (GRANT + "    capex_share: 20\n    new_plants_only: NO\n", 7, 22, "(write false)"),
    (GRANT + "    capex_share: 20\n    budget_usd_billion: 0\n", 7, 25, "[USD billion]"),
    ("shocks: [a]\n", 1, 9, "wanted a mapping"),
    ("shocks: {Quake 1: {kind: disruption}}\n", 1, 10, "shock name 'Quake 1': use a-z, 0-9, _ and -, such as"),
    ("shocks:\n  q: 3\n", 2, 6, "wanted a mapping (kind: disruption, ...)"),
    ("shocks:\n  q: {kind: earthquake}\n", 2, 13, "allowed: disruption, blockade, freight, demand, interest, wage"),
    ("shocks:\n  q: {kind: disrupton}\n", 2, 13, "did you mean 'disruption'?"),
    ("shocks:\n  q: {from: 2030}\n", 2, 3, "'kind' is missing"),
    (QUAKE.replace("    until: 2031\n", ""), 2, 3, "'until' is missing: First day no longer in force"),
    (QUAKE.replace("2031", "2029"), 6, 12, "until 2029-01-01 is not after from 2030-01-01"),
    (QUAKE.replace("50", "101"), 7, 18, "allowed: 0 to 100 [percent of output]"),
    (QUAKE.replace("50", "50%"), 7, 18, "(write 50)"),
    (QUAKE.replace("50", "{2030: 50, 2030-13: 1}"), 7, 29, "month must be in 1..12"),
    (QUAKE.replace("vietnam", "vietnm"), 4, 12, "did you mean 'vietnam'?"),
    (QUAKE + "    foreseen: yes\n", 8, 15, "(write true)"),
    (QUAKE + "    site: china\n", 8, 5, "did you mean 'sites'?"),
    ("shocks: {s: {kind: demand, from: 2030, change: -99}}\n", 1, 48, "allowed: -95 to 300 [percent of demand]"),
    (
        "shocks: {s: {kind: demand, from: 2030, markets: usa, change: 1}}\n",
        1,
        49,
        "unknown market or all 'usa'; allowed: united_states",
    ),
    (HEAD.replace("tariff", "export_control") + "    from: 2027\n    parts_affected: 101\n", 7, 21, "sector's parts]"),
    (HEAD.replace("tariff", "export_control") + "    from: 2027\n    rate: 10\n", 2, 3, "unknown key 'rate'"),
    ("mechanisms:\n  cluster: off\n", 2, 3, "did you mean 'clusters'?"),
    ("mechanisms:\n  clusters: On\n", 2, 13, "wanted a mapping, on or off (write on)"),
    ("mechanisms:\n  clusters: true\n", 2, 13, "given true; wanted a mapping, on or off (write on)"),
    ("mechanisms:\n  clusters: false\n", 2, 13, "wanted a mapping, on or off (write off)"),
    ("mechanisms:\n  clusters: 1\n", 2, 13, "given the number 1; wanted a mapping, on or off"),
    ("mechanisms: on\n", 1, 13, "wanted a mapping"),
    ("mechanisms:\n  congestion: {wage_elasticty: 1}\n", 2, 16, "did you mean 'wage_elasticity'?"),
    ("orders: {elasticity: 99}\n", 1, 22, "allowed: 0"),
    ("orders: off\n", 1, 9, "wanted a mapping"),
    ("policy_record: {include: all}\n", 1, 26, "allowed: current_law, none"),
    ("policy_record: {without: [section_302]}\n", 1, 27, "did you mean 'section_301'?"),
    ("extends: basline\n", 1, 10, "did you mean 'baseline'?"),
]


@pytest.mark.parametrize("text,line,column,words", BAD)
def test_bad_files(tmp_path: Path, text: str, line: int, column: int, words: str) -> None:
    found = mistakes(tmp_path, text)
    assert words in " | ".join(problem.message for problem in found)
    assert (found[0].line, found[0].column) == (line, column)
    assert Path(found[0].file).name == "x.yaml"


def test_every_mistake_in_one_report(tmp_path: Path) -> None:
    text = (
        "seeed: 4\nfirms: -3\nfirms: 5\nyears: {until: 2050}\n"
        + GRANT
        + "    until: 2026\n    sites: us_south\n    new_plants_only: no\n    budgt: 3\n"
        + "mechanisms: {cluster: off, congestion: {wage_elasticity: x}}\nanchor: &a 1\n"
    )
    found = mistakes(tmp_path, text)
    assert [problem.line for problem in found] == [1, 2, 3, 4, 6, 10, 11, 12, 13, 14, 14, 15, 15]
    keys = {problem.key for problem in found}
    assert {"policies.s.until", "policies.s.budgt", "mechanisms.congestion.wage_elasticity", "years.until"} <= keys
    assert str(ScenarioError(found)).count("x.yaml:") == len(found)


def test_a_long_report_is_cut(tmp_path: Path) -> None:
    found = mistakes(tmp_path, "".join(f"wrong_{number}: 1\n" for number in range(150)))
    assert len(found) == 101
    assert found[-1].message == "and 50 more mistakes"


def test_an_inherited_mistake_points_into_the_base(tmp_path: Path) -> None:
    write(tmp_path, "seed: 1\nfirms: -1\n", "base")
    (problem,) = mistakes(tmp_path, "extends: base\nseed: 2\n")
    assert (Path(problem.file).name, problem.line) == ("base.yaml", 2)


def test_mistakes_of_settings_and_overlays(tmp_path: Path) -> None:
    overlay = write(tmp_path, "\nreplicates: 0\n", "over")
    found = mistakes(tmp_path, "seed: 1\n", overrides=["firms=many", "policies.t.rate=3"], overlays=[overlay])
    places = {(Path(problem.file).name, problem.line) for problem in found}
    assert places == {("over.yaml", 2), ("--set firms=many", 0), ("--set policies.t.rate=3", 0)}


@pytest.mark.parametrize("name", ["basline", "no/such/file.yaml", "", ".", "\0", "x" * 5000])
def test_no_such_scenario(name: str) -> None:
    with pytest.raises(ScenarioError):
        load(name)
    assert len(check(name)) == 1


def test_file_name_that_is_no_name(tmp_path: Path) -> None:
    path = write(tmp_path, "seed: 1\n", "My Scenario 关税")
    with pytest.raises(ScenarioError, match="add `name:`"):
        load(path)
    assert load(path, overrides=["name=mine"]).name == "mine"


def test_null_deletes_what_is_inherited(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, "extends: tariff_60_on_china\npolicies: {tariff_60_on_china: null}\nyears: null\n"))
    assert scenario.as_data() | {"name": ""} == load("baseline").as_data() | {
        "name": "",
        "title": {},
        "question": {},
        "evidence": [],
    }


def test_provenance(tmp_path: Path) -> None:
    path = write(tmp_path, "extends: tariff_60_on_china\nfirms: 70\npolicies: {tariff_60_on_china: {rate: 30}}\n")
    scenario = load(path, overrides=["seed=5"])
    assert scenario.provenance("firms") == (str(path), 2)
    assert scenario.provenance("policies.tariff_60_on_china.rate") == (str(path), 3)
    file, line = scenario.provenance("policies.tariff_60_on_china.market")
    assert Path(file).name == "tariff_60_on_china.yaml"
    assert line > 1
    assert scenario.provenance("seed") == ("--set seed=5", 0)
    assert scenario.provenance("mechanisms.congestion.wage_elasticity") == ("default", 0)
    with pytest.raises(UnknownName, match=r"did you mean 'mechanisms\.congestion'"):
        scenario.provenance("mechanisms.congestin.wage_elasticity")
    assert [Path(name).name for name in scenario.files] == [
        "literature.yaml",
        "baseline.yaml",
        "tariff_60_on_china.yaml",
        "x.yaml",
        "--set seed=5",
    ]


def test_digest_depends_on_content_alone(tmp_path: Path) -> None:
    one = load(write(tmp_path, "firms: 70\nmechanisms: {congestion: {wage_elasticity: 1.0}}\nseed: 2\n"))
    other = load(write(tmp_path, "# same\nseed: 2\nmechanisms:\n  congestion:\n    wage_elasticity: 1\nfirms: 70\n"))
    assert one.digest() == other.digest()
    assert re.fullmatch("[0-9a-f]{64}", one.digest())
    assert one.digest() != load(tmp_path / "x.yaml", overrides=["seed=3"]).digest()


def test_frozen_and_sent_to_other_processes(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, TEN_LINES))
    with pytest.raises(AttributeError):
        scenario.firms = 3  # type: ignore[misc]
    with pytest.raises(TypeError):
        scenario.policies["x"] = None  # type: ignore[index]
    assert pickle.loads(pickle.dumps(scenario)) == scenario


@pytest.mark.parametrize("name", shipped())
def test_shipped_scenarios_have_no_mistake_and_ask_something(name: str) -> None:
    assert check(name) == []
    scenario = load(name)
    assert scenario.title.en
    assert scenario.title.zh
    assert scenario.question.en
    assert scenario.evidence


def test_shipped() -> None:
    assert next(iter(shipped())) == "baseline"
    expected = {"baseline", "no_trade_war", "tariff_60_on_china", "chips_and_ira", "no_chips_and_ira"}
    assert expected <= set(shipped())


@pytest.mark.parametrize("name", overlays())
def test_overlays_combine_with_every_scenario(name: str) -> None:
    for scenario in shipped():
        assert load(scenario, overlays=[name]) != load(scenario)
        assert check(scenario, overlays=[name]) == []


@pytest.mark.parametrize(
    "text,words",
    [
        ("firms: 20000\n", "firms: changes nothing: 20000 is the value without it"),
        (
            "extends: no_trade_war\nmechanisms: {congestion: {wage_elasticity: 0.4}}\n",
            "wage_elasticity: changes nothing",
        ),
        ("extends: tariff_60_on_china\npolicies: {tariff_60_on_china: {rate: 60}}\n", "rate: changes nothing: 60"),
        ("extends: tariff_60_on_china\npolicies: {tariff_60: null}\n", "null deletes nothing"),
        (HEAD + "    rate: 0\n    from: 2027\n", "its rate is 0"),
        (HEAD + "    rate: 5\n    from: 2040\n", "after the last year 2035: never seen"),
        (HEAD + "    rate: 5\n    from: 2036\n    announced: 2030\n", "only its announcement counts"),
        (HEAD + "    rate: 5\n    from: 2000\n    until: 2010\n", "before the first year"),
        (HEAD.replace("sites: china", "sites: us_south") + "    rate: 5\n    from: 2027\n", "inside it"),
        (QUAKE.replace("2031", "2045").replace("2030", "2040"), "begins 2040-01-01, after the last year 2035"),
        (QUAKE.replace("2031", "2010").replace("2030", "2009"), "ends 2010-01-01, before the first year 2010"),
        (QUAKE.replace("50", "0"), "shocks.q: its size is 0 on every day"),
        (QUAKE + "mechanisms: {disruption: off}\n", "acts only where one of the mechanisms backup, disruption is on"),
        (
            "shocks: {s: {kind: demand, from: 2030, change: -9}}\nmechanisms: {business_cycle: off}\n",
            "shocks.s: changes nothing: a shock of kind demand acts only where the mechanism business_cycle is on",
        ),
        (QUAKE.replace("50", "{2031: 50}"), "shocks.q: its size is 0 on every day"),
        (
            "shocks: {b: {kind: blockade, source: all, from: 2030, until: 2031, parts_lost: 9}}\n",
            "a site always gets its own parts",
        ),
        ("extends: baseline\nshocks: {q: null}\n", "shocks.q: null deletes nothing"),
        (CONTROL, "policies.t: changes nothing: export controls act only where the mechanism export_controls is on"),
        (CONTROL.replace("china", "us_south"), "no goods to these sites cross the border of united_states"),
        (
            "policy_record: {without: [chip_export_controls]}\n",
            "export controls act only where the mechanism export_controls is on",
        ),
        ("policy_record: {without: []}\n", "names nothing"),
        ("policy_record: {include: none, without: [ira]}\n", "include is none"),
        ("policy_record: {without: [ira, ira_45x]}\n", "ira_45x changes nothing"),
        ("policy_record: {until: 2034}\n", "no instrument was announced later"),
    ],
)
def test_what_has_no_effect(tmp_path: Path, text: str, words: str) -> None:
    load(write(tmp_path, text))
    assert any(words in message for message in warnings(tmp_path, text))


def test_export_controls_have_an_effect_where_the_mechanism_is_on(tmp_path: Path) -> None:
    text = CONTROL + "policy_record: {without: [chip_export_controls]}\n"
    scenario = load(write(tmp_path, text))
    reader = mechanism_blocks()["risk"]()
    off = dataclasses.replace(scenario, mechanisms={**scenario.mechanisms, "export_controls": None})
    assert [problem.key for problem in no_effect(off, None)] == ["policies.t", "policy_record.without.0"]
    on = dataclasses.replace(scenario, mechanisms={**scenario.mechanisms, "export_controls": reader})
    assert no_effect(on, None) == []


def test_shocks_are_inherited_changed_and_deleted(tmp_path: Path) -> None:
    write(tmp_path, QUAKE + "  slump: {kind: demand, from: 2030, change: -5}\n", "base")
    scenario = load(write(tmp_path, "extends: base\nshocks: {q: {output_lost: 70, foreseen: true}, slump: null}\n"))
    (shock,) = scenario.shocks.values()
    assert scenario.as_data()["shocks"] == {
        "q": {
            "kind": "disruption",
            "from": "2030-01-01",
            "until": "2031-01-01",
            "foreseen": True,
            "sites": ["vietnam"],
            "sectors": ["all"],
            "output_lost": 70,
        }
    }
    assert scenario.provenance("shocks.q.output_lost") == (str(tmp_path / "x.yaml"), 2)
    assert check(tmp_path / "x.yaml") == []
    same = write(tmp_path, "extends: base\nshocks: {q: {output_lost: 50}}\n", "same")
    assert [problem.message for problem in check(same)] == [
        "shocks.q.output_lost: changes nothing: 50 is the value without it"
    ]
    assert load("baseline", overlays=[tmp_path / "base.yaml"], overrides=["shocks.q.until=2032"]).shocks["q"].until
    with pytest.raises(TypeError):
        scenario.shocks["q"] = shock  # type: ignore[index]
    assert load(write(tmp_path, json.dumps(scenario.as_data()), "again")).shocks == scenario.shocks
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_what_has_an_effect_is_not_reported(tmp_path: Path) -> None:
    text = TEN_LINES + "firms: 30000\npolicy_record: {without: [ira, chips_grants]}\nmechanisms: {clusters: off}\n"
    assert warnings(tmp_path, text) == []


def test_policy_record_keeps(tmp_path: Path) -> None:
    from footloose.scenario.names import policy_record

    def kept(text: str) -> set[str]:
        record = load(write(tmp_path, text)).policy_record
        return {row.id for row in policy_record() if record.keeps(row)}

    everything = {row.id for row in policy_record()}
    assert kept("seed: 1\n") == everything
    assert kept("policy_record: {include: none}\n") == set()
    assert everything - kept("policy_record: {without: [ira]}\n") == {"ira_30d", "ira_45x", "ira_48c"}
    assert everything - kept("policy_record: {without: chips_grants}\n") == {"chips_grants"}
    before = kept("policy_record: {until: 2018}\n")
    assert "section_301_list_1" not in before
    assert "antidumping_solar_us" in before


def test_resolved_data_loads_as_the_same_scenario(tmp_path: Path) -> None:
    for name in shipped():
        scenario = load(name)
        again = load(write(tmp_path, json.dumps(scenario.as_data(), ensure_ascii=False, indent=1)))
        assert again == scenario
        assert again.digest() == scenario.digest()


def test_schema_describes_every_key() -> None:
    described = schema()
    assert described["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "$ref" not in json.dumps(described)
    assert "x-names" not in json.dumps(described)
    properties = described["properties"]
    assert set(section_blocks()) < set(properties)
    mechanisms = properties["mechanisms"]["anyOf"][0]["properties"]
    assert set(mechanisms) == set(mechanism_blocks())
    congestion = mechanisms["congestion"]["anyOf"][0]["properties"]["wage_elasticity"]
    assert "Range" in congestion["description"]
    assert "Source" in congestion["description"]
    tariff = properties["policies"]["anyOf"][0]["additionalProperties"]["allOf"][0]["then"]["properties"]
    assert "united_states" in json.dumps(tariff["market"])
    assert "[percent]" in tariff["rate"]["description"]
    assert "asia_hosts" in json.dumps(tariff["sites"])
    assert '{"type": "string"}]' in json.dumps(properties["evidence"]), "one text stands for a list of one"
    quake, blockade = (
        part["then"]["properties"] for part in properties["shocks"]["anyOf"][0]["additionalProperties"]["allOf"][:2]
    )
    assert "[percent of output] Range 0 to 100." in quake["output_lost"]["description"]
    assert "asia_hosts" in json.dumps(blockade["source"])
    kinds = properties["policies"]["anyOf"][0]["additionalProperties"]["properties"]["kind"]["enum"]
    assert kinds == ["tariff", "subsidy", "export_control", None]
    assert "section_301" in json.dumps(properties["policy_record"])


def test_loading_is_light() -> None:
    """No library that takes long to import, and no YAML outside footloose.source."""
    heavy = ("pandas", "xarray", "numba", "scipy", "matplotlib", "mesa")
    code = f"import sys, footloose.scenario as s; s.load('baseline'); print([n for n in {heavy} if n in sys.modules])"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[]"


def test_scenarios_compare_by_content(tmp_path: Path) -> None:
    one: Scenario = load(write(tmp_path, TEN_LINES))
    assert one == load(write(tmp_path, "# another comment\n" + TEN_LINES))
