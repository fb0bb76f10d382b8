"""Simulated experts: what they answer, and that intake and the statistics read it as meant."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import openpyxl
import pytest
from numpy.random import default_rng

from clientindex.edition.sources import TableFile
from clientindex.errors import EditionError
from clientindex.intake.experts import read_experts
from clientindex.intake.log import FaultLog
from clientindex.sensitivity.weight_sources.contradictions import warn_inconsistent
from clientindex.simulate import SimulatedPilot, write_pilot
from clientindex.simulate.experts import ExpertSheets, simulate_experts
from clientindex.simulate.workbook import write_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.methodology import Methodology

GROUPS = ["friendliness", "usefulness", "effort", "targeting", "comfort"]


def write(folder: Path, sheets: dict[str, Any]) -> TableFile:
    path = folder / "experts.xlsx"
    path.write_bytes(write_sheets(sheets))
    return TableFile(file=path)


def test_the_demo_has_these_experts(demo_years: tuple[SimulatedPilot, SimulatedPilot]) -> None:
    sheets = demo_years[1].experts.sheets
    assert list(sheets) == ["Баллы", "Сравнения"]
    heading, *points = sheets["Баллы"]
    assert heading[:3] == ["Эксперт", "Дружелюбие и партнерство", "Полезность"]
    assert points[0][:10] == ["Эксперт 1", 20, 15, 15, 30, 20, 20, 25, 35, 20]
    assert len(points) == 8
    numbers = np.array([row[1:] for row in points], dtype=float)
    assert (numbers[:, :5].sum(axis=1) == 100).all()
    assert (numbers[:, 5:].reshape(8, 5, 4).sum(axis=2) == 100).all()
    assert [row[2:] for row in sheets["Сравнения"][-5:]] == [
        [1, "1/2", "1/3", "1/2", 1],
        [None, 1, "1/2", 1, 2],
        [None, None, 1, 2, "1/9"],
        [None, None, None, 1, 2],
        [None, None, None, None, 1],
    ]


def test_intake_reads_them_and_warns_of_the_one_who_contradicts_himself(
    demo_years: tuple[SimulatedPilot, SimulatedPilot], methodology: Methodology, tmp_path: Path
) -> None:
    log = FaultLog()
    source = write(tmp_path, demo_years[1].experts.sheets)
    answers = read_experts(source, methodology, log, file="experts.xlsx")
    assert not log.faults
    assert list(answers.points) == ["index", *GROUPS]
    assert answers.points["index"].values[0].tolist() == [20, 15, 15, 30, 20]
    judged = answers.judgements["index"]
    assert judged.values[4][2].tolist() == [3, 2, 1, 2, pytest.approx(1 / 9)]
    warn_inconsistent(answers, log, limit=0.1)
    (fault,) = log.faults
    assert (fault.code, fault.row) == ("W-EXPERT-INCONSISTENT", 22)
    assert "Эксперт 5 about 'index' with a consistency ratio of 0.43" in fault.read
    assert "effort to comfort is 0.111, by the others 3.63 (ratio then 0.00)" in fault.advice


def test_a_workbook_has_the_same_bytes_again_and_the_cells_that_were_given(
    demo_years: tuple[SimulatedPilot, SimulatedPilot], tmp_path: Path
) -> None:
    sheets = demo_years[1].experts.sheets
    first, second = write_sheets(sheets), write_sheets(sheets)
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    book = openpyxl.load_workbook(write(tmp_path, sheets).file)
    for name, rows in sheets.items():
        assert [[cell.value for cell in row] for row in book[name].iter_rows()] == rows


def test_names_that_two_share_give_way_to_keys(methodology: Methodology) -> None:
    name = methodology.group("usefulness").name
    groups = tuple(
        group.model_copy(update={"name": name}) if group.key == "effort" else group
        for group in methodology.groups
    )
    changed = methodology.model_copy(update={"groups": groups})
    heading = simulate_experts(changed, rng=default_rng(1)).sheets["Баллы"][0]
    assert heading[1:6] == [
        "Дружелюбие и партнерство",
        *("usefulness", "effort"),
        *("Адресность", "Внешний комфорт и удобство"),
    ]


def test_of_what_weighs_nothing_nobody_is_asked(methodology: Methodology) -> None:
    weights = dict(zip(GROUPS, (0.0, 0.4, 0.6, 0.0, 0.0), strict=True))
    groups = tuple(g.model_copy(update={"weight": weights[g.key]}) for g in methodology.groups)
    changed = methodology.model_copy(update={"groups": groups})
    sheets = simulate_experts(changed, rng=default_rng(1)).sheets
    # Of two groups one judgement tells all, and nothing can contradict it.
    assert list(sheets) == ["Баллы"]
    assert len(sheets["Баллы"][0]) == 1 + 2 + 8


def test_nothing_to_weigh_is_refused(pilot: SimulatedPilot, edition: Edition) -> None:
    nobody = replace(pilot, experts=ExpertSheets(sheets={}))
    with pytest.raises(EditionError, match="no two weights"):
        write_pilot(nobody, edition)
