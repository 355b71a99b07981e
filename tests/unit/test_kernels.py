"""Kernels made ready before a run: the choice is called as runs call it, the others without anybody deciding."""

from __future__ import annotations

import gc
import os
import re
from pathlib import Path

import numba
import numpy as np
import pytest
from numba.core import event

from footloose import choice, compiled, kernels, reasons, reviewers
from footloose.scenario import load


def test_a_choice_of_nobody_is_of_the_types_of_a_run() -> None:
    """A second signature would be compiled again, for as long as all the rest."""
    assert kernels.let_nobody_choose() == 0
    before = list(choice.review.signatures)
    kernels.live_shortly(load("baseline"))
    assert list(choice.review.signatures) == before
    assert len(before) == 1


def test_all_others_are_called_without_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    original = choice.review_footprints
    monkeypatch.setattr(choice, "review_footprints", original)  # put back afterwards
    kernels.compile_others()
    assert choice.review_footprints is not original
    assert reasons.name_reasons.signatures


def test_another_process_helps_where_a_compilation_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is begun once, ends well, and is waited for; where nothing is compiled, none is begun."""
    begun = []

    def begin() -> object:
        begun.append(original())
        return begun[0]

    def compile_two() -> int:
        for _ in range(2):
            with event.trigger_event("numba:compile"):
                assert not gc.isenabled()
        return 0

    original = kernels.begin_others
    monkeypatch.setattr(kernels, "begin_others", begin)
    monkeypatch.setattr(kernels, "cores", lambda: 2)
    monkeypatch.setattr(kernels, "let_nobody_choose", lambda: 0)
    kernels.prepare_kernels(load("baseline"))
    assert begun == []
    monkeypatch.setattr(kernels, "let_nobody_choose", compile_two)
    kernels.prepare_kernels(load("baseline"))
    assert [helper.returncode for helper in begun] == [0]
    assert gc.isenabled()


def test_a_kernel_is_forgotten_where_a_part_is_younger(tmp_path: Path) -> None:
    """Not where its parts are older; nor is it a mistake if another process was first."""
    old, new, gone = (tmp_path / f"choice.review-{n}.nbi" for n in range(3))
    youngest = max(Path(file).stat().st_mtime for file in compiled.FILES_OF_PARTS)
    for file, moved in ((old, -1.0), (new, 1.0)):
        file.touch()
        os.utime(file, (youngest + moved, youngest + moved))
    compiled.forget_older([old, new, gone])
    assert [file.exists() for file in (old, new, gone)] == [False, True, False]
    assert Path(reviewers.__file__) in map(Path, compiled.FILES_OF_PARTS)


def test_loops_need_not_find_out_whether_arrays_overlap() -> None:
    """Otherwise every loop begins with comparing addresses; LLVM calls it diff.check, or memcheck for many."""

    def double(numbers, doubled):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        for n in range(numbers.size):
            doubled[n] = numbers[n] + numbers[n]

    for options, compares in ((compiled.OWNS_NOTHING, False), (compiled.OWNS_NOTHING | {"noalias": False}, True)):
        loop = numba.njit(**options)(double)
        loop(np.ones(3), np.empty(3))
        assert any(re.search("diff.check|memcheck", code) for code in loop.inspect_llvm().values()) == compares
