"""What is kept of an interrupted counting, and what the next one takes over."""

from __future__ import annotations

import errno
import itertools
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from clientindex.errors import BundleError, CountsError
from clientindex.intake.pieces import PieceSize
from clientindex.pipeline import fingerprint
from clientindex.pipeline.counting import make_counter
from clientindex.pipeline.data_check import check_data
from clientindex.streaming import local
from clientindex.streaming.respondent_ids import RECORD, save_records
from national_survey import (
    NationalSurvey,
    draw_people,
    list_differences,
    list_faults,
    name_codes,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_mended_file_is_read_alone(
    three: NationalSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = three.count().counts
    good = (three.folder / "p1.parquet").read_bytes()
    (three.folder / "p1.parquet").write_bytes(good[:50])
    assert name_codes(three.count()) == ["E-FILE-UNREADABLE"]
    (three.folder / "p1.parquet").write_bytes(good)
    read = []
    count_piece = local.count_piece

    def note(piece: object, *others: object) -> object:
        read.append(piece.name)  # type: ignore[attr-defined]
        return count_piece(piece, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(local, "count_piece", note)
    again = three.count(anew=False)
    assert set(read) == {"p1.parquet"}
    assert again.counts is not None
    assert expected is not None
    assert list_differences(again.counts, expected) == []
    assert list_faults(again) == list_faults(three.keep())


def test_a_file_that_changes_while_it_is_counted_is_told_and_not_kept(
    three: NationalSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_piece = local.count_piece

    def change(piece: Any, *others: Any) -> object:
        part = count_piece(piece, *others)
        if piece.name == "p2.csv" and piece.start < 100:
            with piece.source.file.open("a", encoding="utf-8") as stream:
                stream.write("999,001,citizens,Q1,1,1,1,\n")
        return part

    with monkeypatch.context() as patch:
        patch.setattr(local, "count_piece", change)
        with pytest.raises(CountsError, match=r"p2\.csv: the file changed while it was counted"):
            three.count()
    assert len(list((three.folder / "out" / "counting").glob("*.counts"))) == 2
    assert three.count(anew=False).counts is not None


def test_a_kept_file_that_is_damaged_or_old_is_read_again(three: NationalSurvey) -> None:
    expected = three.count()
    folder = three.folder / "out" / "counting"
    first, second, third = sorted(folder.glob("*.counts"))
    first.write_bytes(first.read_bytes()[:-7])
    second.with_suffix(".json").write_text("{", encoding="utf-8")
    third.unlink()
    again = three.count(anew=False)
    assert again.counts is not None
    assert expected.counts is not None
    assert list_differences(again.counts, expected.counts) == []
    people = draw_people(0, 41)
    three.write_csv("p0.csv", people)
    grown = three.count(anew=False)
    assert grown.counts is not None
    assert int(grown.counts.n.sum()) == 121


@pytest.mark.parametrize("package", ["numpy", "pyarrow", "numba", "pandas"])
def test_what_another_version_of_a_package_counted_is_counted_again(
    three: NationalSurvey, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    edition = three.edition("count")
    counter = make_counter(edition, None, folder=three.folder)
    monkeypatch.setattr(fingerprint, "version", lambda name: "0" if name == package else "1")
    other = make_counter(edition, None, folder=three.folder)
    monkeypatch.setattr(fingerprint, "version", lambda _name: "1")
    same = make_counter(edition, None, folder=three.folder)
    assert counter is not None
    assert other is not None
    assert same is not None
    assert len({counter.program, other.program, same.program}) == 3


def test_data_are_checked_without_leaving_counts_behind(three: NationalSurvey) -> None:
    checked = check_data(three.edition("count"), three.methodology)
    assert checked.counts is not None
    assert sorted(path.name for path in three.folder.iterdir()) == [
        "p0.csv",
        "p1.parquet",
        "p2.csv",
    ]


def test_ids_that_were_cut_short_are_read_again_with_their_file(three: NationalSurvey) -> None:
    people = draw_people(2, 40, first_id=200)
    keys = ["respondent", "segment", "period"]
    people.loc[30, keys] = people.loc[7, keys]
    three.write_csv("p2.csv", people)
    assert name_codes(three.count()) == ["E-RESPONDENT-TWICE"]
    for path in (three.folder / "out" / "counting").glob("*.ids"):
        path.write_bytes(path.read_bytes()[: -RECORD.itemsize])
    assert name_codes(three.count(anew=False)) == ["E-RESPONDENT-TWICE"]


def test_a_full_disk_is_told_and_counted_files_are_kept(
    three: NationalSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "clientindex.streaming.count_piece.save_records",
        fail_at(3, OSError(errno.ENOSPC, "No space left on device")),
    )
    with pytest.raises(BundleError, match=r"counting: cannot be written \(No space left on device"):
        three.count(PieceSize())
    assert len(list((three.folder / "out" / "counting").glob("*.counts"))) == 2


def test_a_killed_process_is_told_in_words(
    three: NationalSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "SMALL_BYTES", 0)
    monkeypatch.setenv("CLIENTINDEX_THREADS", "2")
    monkeypatch.setattr(local, "_count_task", kill_itself)
    with pytest.raises(CountsError, match="ended without an answer"):
        three.count()


def kill_itself(*_arguments: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail_at(call: int, error: Exception) -> Callable[..., object]:
    """Return `save_records` that raises at its call with this number."""
    calls = itertools.count(1)

    def save(parts: Any, path: Path) -> object:
        if next(calls) == call:
            raise error
        return save_records(parts, path)

    return save
