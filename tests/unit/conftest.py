"""A small finished run, made once for all tests that only look at one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from footloose import registry
from footloose.block import Block, parameter
from footloose.record import Record
from footloose.registry import find_mechanisms
from footloose.scenario import load
from footloose.simulation import simulate


class BorderTax(Block):
    """A border tax."""

    price: float = parameter(50, unit="USD", low=0, high=1000, source="test", certainty="C")
    """Its price."""
    covered: float = parameter(0.5, unit="1", low=0, high=1, source="test", certainty="C")
    """Its reach."""


@pytest.fixture
def border_tax(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """Add a mechanism `border_tax`, off by default and of suggestive evidence, in a folder of its own."""
    module = ModuleType("footloose.mechanisms.border_tax", "Border tax: what the border takes.\n\nMore.")
    module.Params, module.BASELINE, module.EVIDENCE = BorderTax, False, "suggestive"  # type: ignore[attr-defined]
    (tmp_path / "mechanisms").mkdir()
    (tmp_path / "mechanisms" / "border_tax.py").write_text("", encoding="utf-8")
    paths = [*registry.mechanisms.__path__, str(tmp_path / "mechanisms")]
    monkeypatch.setattr(registry.mechanisms, "__path__", paths)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    find_mechanisms.cache_clear()
    yield module
    find_mechanisms.cache_clear()


@pytest.fixture(scope="session")
def small_record() -> Record:
    """Return the baseline to 2013 with 500 programmes and two replicates."""
    return simulate(load("baseline"), firms=500, replicates=2, years=(2010, 2013))
