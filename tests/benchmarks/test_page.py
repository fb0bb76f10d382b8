"""The page on benchmarks: made of the stored results, and what its tables say of a row."""

from __future__ import annotations

from pathlib import Path

import pytest
from frame.declared import Size
from frame.page_tables import build_bounds, build_summary, build_table, tell_memory, tell_seconds
from frame.plots import list_series
from frame.rows import ABSENT, DIFFERS, FAILED, OK, AreaResults, Bounded, Measured, Row
from report import ORDER, build_files, load_areas, write_report

DOCS = Path(__file__).parents[2] / "docs"
SMALL, LARGE = Size(respondents=1_000, centres=20), Size(respondents=10_000, centres=20)


def measured(contender, size, seconds, **more):
    return Row(
        contender=contender,
        size=size,
        best=seconds,
        median=seconds,
        processor=seconds,
        held=100.0,
        peak=150.0,
        runs=3,
        **{"status": OK} | more,
    )


QUANTITY = Measured(
    key="sums",
    title="Sums",
    what="",
    unit="",
    rows=(
        measured("clientindex", SMALL, 0.01),
        measured("peer", SMALL, 0.05, difference=1e-12, tolerance=1e-9, version="2.0"),
        measured("clientindex", LARGE, 0.02),
        measured("peer", LARGE, 3.0, difference=1.0, tolerance=1e-9, status=DIFFERS),
        Row(contender="breaks", size=SMALL, status=FAILED, detail="Error | in f"),
        Row(contender="gone", size=SMALL, status=ABSENT),
    ),
    bounds=(Bounded(size=LARGE, what="reading", seconds=0.001),),
)
AREA = AreaResults(
    key="tiny",
    title="Tiny",
    note="",
    quick=True,
    minutes=1.0,
    time_limit=30.0,
    machine={},
    quantities=(QUANTITY,),
)


def test_the_page_and_its_figures_are_what_the_stored_results_give():
    files = build_files(load_areas())
    assert {path.name for path in (DOCS / "benchmarks").iterdir()} == {
        Path(name).name for name in files if name.endswith(".svg")
    }
    different = [name for name, content in files.items() if (DOCS / name).read_bytes() != content]
    assert different == []


def test_every_area_has_results():
    assert [area.key for area in load_areas()] == list(ORDER)


def test_writing_again_takes_away_figures_of_nothing(tmp_path):
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "old.svg").touch()
    areas = load_areas()[:1]
    written = write_report(areas, tmp_path)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == set(written)


def test_a_row_tells_time_memory_ratio_and_numbers():
    table = build_table(QUANTITY)
    assert table[3] == (
        "| 1,000 | 20 | peer 2.0 | 50.0 ms | 50.0 ms | 50.0 ms | 3 | 50 MB | 150 MB | 5.00 | "
        "1e-12 (within 1e-09) |"
    )
    assert table[-1].endswith("| 150 | 1 (**differs** 1e-09) |")


def test_a_failure_is_told_and_who_is_absent_has_no_row():
    table = build_table(QUANTITY)
    assert table[4].startswith("| 1,000 | 20 | breaks | failed: Error \\| in f |")
    assert len({line.count(" | ") for line in table}) == 1
    assert not [line for line in table if "gone" in line]


def test_the_summary_has_a_peer_at_the_largest_size_of_both():
    summary = build_summary([AREA])
    assert summary[2] == (
        "| Tiny | Sums | 10,000 respondents, 20 centres | 20.0 ms | peer | 3.00 s | 150 | "
        "1 (**differs** 1e-09) |"
    )
    assert summary[3] == "| Tiny | Sums |  |  | breaks | failed |  |  |"


def test_ours_is_told_in_times_the_physical_limit():
    assert build_bounds(QUANTITY)[-1] == "| 10,000 | 20 | reading | 1.00 ms | 20.0 times |"


def test_a_line_joins_sizes_that_differ_in_one_thing():
    wide = Size(respondents=1_000, centres=200)
    rows = (*QUANTITY.rows, measured("clientindex", wide, 0.03))
    series = list_series(Measured(key="", title="", what="", unit="", rows=rows))
    assert series == {"respondents": [SMALL, LARGE], "centres": [SMALL, wide]}


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (123.4, "123 s"),
        (1.234, "1.23 s"),
        (0.0123, "12.3 ms"),
        (2e-6, "2.00 µs"),
        (5e-9, "5.00 ns"),
    ],
)
def test_seconds_have_three_digits(seconds, told):
    assert tell_seconds(seconds) == told


def test_memory_is_told_in_the_unit_that_suits():
    assert [tell_memory(value) for value in (None, 12.3, 2048.0)] == ["", "12 MB", "2.00 GB"]
