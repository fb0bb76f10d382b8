"""Faults of what is no file stand where its rows do."""

from __future__ import annotations

import pytest

from clientindex.intake.leave_out import FILE_FAULTS
from clientindex.intake.log import FaultLog, Place, Trouble
from clientindex.intake.row_layout import RowLayout, RowRun

LAYOUT = RowLayout(
    runs=(
        RowRun(start=2, label="partition 0", first=1),
        RowRun(start=10, label="b.parquet", first=2),
        RowRun(start=15, label="c.parquet", first=100),
    )
)
TROUBLE = Trouble(read="x", allowed="y", advice="z")


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (2, ("partition 0", 1)),
        (9, ("partition 0", 8)),
        (10, ("b.parquet", 2)),
        (14, ("b.parquet", 6)),
        (15, ("c.parquet", 100)),
        (999, ("c.parquet", 1084)),
    ],
)
def test_rows_are_found(row: int, place: tuple[str, int]) -> None:
    assert LAYOUT.find(row) == place


def test_rows_are_told_there_and_headings_and_files_are_not() -> None:
    log = FaultLog()
    log.add_listed(
        "E-NUMBER", Place(file="t", column="a"), rows=[9, 12], describe=lambda _: TROUBLE
    )
    log.add("E-COLUMN", Place(file="t", row=1), TROUBLE)
    log.add("W-OPTION", Place(file="t"), TROUBLE)
    log.add("E-NUMBER", Place(file="other", row=9), TROUBLE)
    log.place_rows("t", LAYOUT)
    merged = FaultLog()
    merged.merge(log)
    assert [(fault.file, fault.row) for fault in merged.faults] == [
        ("t, partition 0", 8),
        ("t, b.parquet", 4),
        ("t", 1),
        ("t", None),
        ("other", 9),
    ]


def test_rules_about_the_whole_still_know_its_name() -> None:
    log = FaultLog()
    log.add("E-FILE-UNREADABLE", Place(file="t", row=9), TROUBLE)
    log.add_listed("E-NUMBER", Place(file="t", column="a"), rows=[9], describe=lambda _: TROUBLE)
    log.place_rows("t", LAYOUT)
    assert log.is_broken(["t"])
    assert log.count_rows("E-NUMBER", "t") == 1
    log.forgive_file("t", FILE_FAULTS)
    assert {fault.severity for fault in log.faults} == {"warning"}
