"""The mechanism that CONTRIBUTING adds in one file and one YAML block works as it says there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path

import numpy as np

import footloose
from footloose import mechanisms
from footloose.explain import explain_parameter

mechanisms.__path__.append(sys.argv[1])
plain = footloose.load("baseline")
assert plain.mechanisms["border_queues"] is None
queues = footloose.load(Path(sys.argv[1], "queues.yaml"))
none = footloose.load(Path(sys.argv[1], "queues.yaml"), overrides=["mechanisms.border_queues=off"])
idle = footloose.load(Path(sys.argv[1], "queues.yaml"), overrides=["mechanisms.border_queues.days=0"])
assert "days" in explain_parameter("border_queues.days")
records = [footloose.simulate(scenario, firms=4000) for scenario in (queues, none, idle, plain)]
queued, off, zero, base = records
assert set(queued.lines) - set(off.lines) == {"border_queues"} and off.lines == base.lines
assert queued.manifest["evidence"]["border_queues"] == "suggestive" and "border_queues" not in off.manifest["evidence"]
for name, values in base.tables.items():
    assert off.tables[name].tobytes() == values.tobytes(), name
    if name != "reasons":
        assert zero.tables[name].tobytes() == values.tobytes(), name
mexico = base.geography.site("mexico")
years = [base.years.index(year) for year in range(2027, 2036)]
sold = [record.tables["sales"][0, years, 0, :, :, mexico].sum() for record in (queued, base)]
assert sold[0] < 0.99 * sold[1], sold
before = base.years.index(2026)
assert queued.tables["sales"][0, :before].tobytes() == base.tables["sales"][0, :before].tobytes()
print("as it says")
"""


@pytest.mark.slow
def test_the_worked_example_works(checkout: Path, tmp_path: Path) -> None:
    text = (checkout / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.split("## A mechanism in one file")[1].split("\n## ")[0]
    code = re.search(r"```python not-run\n(\"\"\"Border queues.*?)```", section, re.DOTALL)
    block = re.search(r"```yaml\n(.*?)```", section, re.DOTALL)
    assert code is not None
    assert block is not None
    (tmp_path / "border_queues.py").write_text(code[1], encoding="utf-8")
    (tmp_path / "queues.yaml").write_text(block[1], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        capture_output=True, text=True, check=False, cwd=checkout / "model", stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "as it says"
