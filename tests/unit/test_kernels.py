"""Kernels made ready before a run: the choice is called as runs call it, the others without anybody deciding."""

from __future__ import annotations

import pytest

from footloose import choice, kernels
from footloose.scenario import load


def test_a_choice_of_nobody_is_of_the_types_of_a_run() -> None:
    """A second signature would be compiled again, for as long as all the rest."""
    assert kernels.let_nobody_choose() == 0
    before = list(choice.review_footprints.signatures)
    kernels.live_shortly(load("baseline"))
    assert list(choice.review_footprints.signatures) == before


def test_all_others_are_called_without_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    original = choice.review_footprints
    monkeypatch.setattr(choice, "review_footprints", original)  # put back afterwards
    kernels.compile_others()
    assert choice.review_footprints is not original
    assert choice.decisive_lines.signatures


def test_another_process_helps_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends well, and is waited for."""
    begun = []

    def begin() -> object:
        begun.append(original())
        return begun[0]

    original = kernels.begin_others
    monkeypatch.setattr(kernels, "PATIENCE", 0.0)
    monkeypatch.setattr(kernels, "begin_others", begin)
    monkeypatch.setattr(kernels, "cores", lambda: 2)
    monkeypatch.setattr(kernels, "let_nobody_choose", lambda: kernels.threading.Event().wait(1.0))
    kernels.prepare_kernels(load("baseline"))
    assert [helper.returncode for helper in begun] == [0]
