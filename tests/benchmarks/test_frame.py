"""The frame of the benchmarks on a tiny area: who is measured, compared, or told to have failed."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from frame.declared import Plan, Size
from frame.measure import find_difference, find_version, run_process
from frame.rows import (
    ABSENT,
    DIFFERS,
    FAILED,
    NOT_TRIED,
    OK,
    OVER,
    read_results,
    replace_quantity,
    write_results,
)
from frame.run_area import list_faults, run_area

from tiny_benchmarks import TAKEN_MIB

PATIENT = Plan(quick=True, repeats=3, budget=60.0, time_limit=300.0)
"""No limit is reached, however busy the machine is."""

MACHINE = {"speeds": {"memory": 1e9}}
SMALL, LARGE = Size(rows=10), Size(rows=100)


@pytest.fixture(scope="module")
def results():
    """Measure the tiny area once."""
    return run_area("tiny_benchmarks", plan=PATIENT, machine=MACHINE, say=lambda *_, **__: None)


def rows_of(results, name):
    (quantity,) = results.quantities
    return {row.size: row for row in quantity.rows if row.contender == name}


def test_every_contender_has_a_row_at_every_size(results):
    (quantity,) = results.quantities
    assert [(row.contender, row.size.rows) for row in quantity.rows] == [
        (name, rows)
        for rows in (10, 100)
        for name in (
            "clientindex",
            "holds memory",
            "nearly",
            "wrong",
            "fails",
            "absent",
            "small only",
        )
    ]


@pytest.mark.parametrize(
    ("name", "status", "detail"),
    [
        ("clientindex", OK, ""),
        ("nearly", OK, ""),
        ("wrong", DIFFERS, ""),
        ("fails", FAILED, "ValueError: no sum of 3 numbers"),
        ("absent", ABSENT, ""),
        ("small only", NOT_TRIED, "needs too much memory"),
    ],
)
def test_what_became_of_a_contender_is_told(results, name, status, detail):
    row = rows_of(results, name)[LARGE]
    assert (row.status, row.detail) == (status, detail)


def test_numbers_are_compared_with_those_of_the_first(results):
    found = {
        name: rows_of(results, name)[SMALL].difference
        for name in ("clientindex", "holds memory", "nearly", "wrong", "small only")
    }
    assert found == {
        "clientindex": None,
        "holds memory": 0.0,
        "nearly": 0.25,
        "wrong": 1.0,
        "small only": 0.0,
    }


def test_memory_is_what_the_run_took_beyond_what_was_held(results):
    row = rows_of(results, "holds memory")[LARGE]
    assert TAKEN_MIB - 2 < row.added < TAKEN_MIB + 16
    assert rows_of(results, "clientindex")[LARGE].added < TAKEN_MIB / 2
    assert row.held > 0


def test_runs_are_counted_and_the_best_is_no_longer_than_the_median(results):
    row = rows_of(results, "clientindex")[SMALL]
    assert row.runs == PATIENT.repeats
    assert 0 < row.best <= row.median


def test_the_limit_is_the_amount_by_the_speed_of_the_machine(results):
    (quantity,) = results.quantities
    assert [bound.seconds for bound in quantity.bounds] == [80 / 1e9, 800 / 1e9]


def test_only_wrong_numbers_and_failures_of_ours_are_faults(results):
    assert [fault.split("  ")[0] for fault in list_faults(results)] == ["Sums: wrong"] * 2
    (quantity,) = results.quantities
    first = replace(quantity.rows[0], status=FAILED, detail="no sum")
    broken = replace(quantity, rows=(first,))
    (fault,) = list_faults(replace(results, quantities=(broken,)))
    assert fault.endswith("failed, no sum")


def test_stored_results_are_read_back_with_four_digits(results, tmp_path):
    path = tmp_path / "tiny.json"
    write_results(results, path)
    back = read_results(path)
    write_results(back, tmp_path / "again.json")
    assert path.read_bytes() == (tmp_path / "again.json").read_bytes()
    first, stored = results.quantities[0].rows[1], back.quantities[0].rows[1]
    assert stored.best == pytest.approx(first.best, rel=1e-3)
    assert replace(stored, best=0, median=0, processor=0, held=0, peak=0) == replace(
        first, best=0, median=0, processor=0, held=0, peak=0
    )


def test_a_quantity_measured_again_takes_the_place_of_the_stored_one(results):
    first = results.quantities[0]
    again = replace(results, minutes=2.0, quantities=(replace(first, rows=()),))
    joined = replace_quantity(results, again)
    assert joined.minutes == results.minutes + 2.0
    assert joined.quantities == (replace(first, rows=()), *results.quantities[1:])


def test_quantities_of_another_plan_do_not_stand_beside_those_stored(results):
    with pytest.raises(ValueError, match="another plan; measure the whole area"):
        replace_quantity(results, replace(results, quick=not results.quick))


def test_a_quantity_that_an_area_has_not_is_told_with_those_it_has():
    with pytest.raises(RuntimeError, match="no quantity 'ranksets'; it has "):
        run_area("tiny_benchmarks", plan=None, machine={}, only="ranksets")


def test_a_process_that_takes_too_long_is_given_up():
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    assert run_process(command, 0.2) == (OVER, "given up after 0.2 s")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "ended by SIGSEGV"),
        ("raise KeyError('a1')", "KeyError: 'a1'"),
        (
            "import sys; sys.exit('Error in f(x) :\\n  no such thing')",
            "Error in f(x) : no such thing",
        ),
        ("raise SystemExit(3)", "exit code 3"),
    ],
)
def test_why_a_process_failed_is_told_in_one_line(code, told):
    assert run_process([sys.executable, "-c", code], 300.0) == (FAILED, told)


@pytest.mark.parametrize(
    ("wanted", "found", "difference"),
    [
        ([1.0, 2.0], [1.0, 2.5], 0.5),
        ([[1.0], [2.0]], [1.0, 2.0], 0.0),
        ([1.0, float("nan")], [1.0, float("nan")], 0.0),
        ([1.0, float("nan")], [1.0, 2.0], float("inf")),
        ([1.0], [1.0, 1.0], float("inf")),
    ],
)
def test_the_largest_difference_is_found(wanted, found, difference):
    assert find_difference(wanted, found) == difference


def test_an_absent_distribution_has_no_version():
    assert find_version("no-such-distribution") == ""
    assert find_version("numpy")[0].isdigit()
