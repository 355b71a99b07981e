"""Small sweeps that take a moment: few programmes, three years."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = """\
scenario: baseline
settings:
  years: {until: 2012}
  policies:
    duty: {kind: tariff, market: united_states, sites: china, rate: 10, from: 2011}
levers:
  tariff: {key: policies.duty.rate, from: 0, to: 60, steps: 3}
uncertainties:
  elasticity: {key: mechanisms.clusters.elasticity, values: [0.04, 0.1]}
outcomes:
  china_share: {variable: Imports|Share, market: united_states, site: country:china, goal: {at_most: 8}}
  jobs: {variable: Jobs|Stock, site: country:united_states, years: [2011, 2012]}
design: {kind: grid}
replicates: 2
firms: 100
"""


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the small sweep, with texts replaced, into the test's own folder."""

    def write(*replaced: tuple[str, str], name: str = "small") -> Path:
        text = SMALL
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
