"""A published edition is locked: what is then refused, and what a note of revision allows."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clientindex.edition import Simulation, load_edition
from clientindex.errors import EditionError
from clientindex.hashing import hash_file
from clientindex.methodology import load_methodology
from clientindex.pipeline import lock_edition as module
from clientindex.pipeline.lock_edition import lock_edition, tell_status
from clientindex.pipeline.progress import SilentReporter
from clientindex.pipeline.run import run_edition
from clientindex.reproduction.edition_lock import load_lock, write_lock
from clientindex.reproduction.layout import lay_out_edition
from clientindex.reproduction.locked_edition import check_locked, check_notes
from clientindex.results import Revision, Stars, load_bundle
from clientindex.simulate import simulate_pilot, write_pilot
from demo_text import read_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
CITIZENS, METHODOLOGY = "survey_citizens.csv", "2026.yml"
DROPPED = ("previous:", "renamed:", "next_review:", "  experts:", "  checklist:")
NOTE = """  - date: {date}
    reason: {{ru: Ошибка, en: An error}}
    what: {{ru: Ответы, en: Answers}}
"""


def write_small(folder: Path) -> Path:
    """Write a rating of few centres that stands in a folder of its own."""
    text = read_demo().replace("../data_raw/demo", "data").replace("../methodology/", "")
    text = text.replace("../data_processed/demo", "out").replace("../reports", str(folder))
    text = text.replace(
        "stages: [rating, sensitivity, agreement, reliability, factors]", "stages: [rating]"
    )
    kept, skip = [], False
    for line in text.splitlines(keepends=True):
        skip = (skip and line.startswith("    ")) or line.startswith((*DROPPED, "  second_"))
        kept += [line] * (not skip)
    path = folder / "demo.yml"
    path.write_text("".join(kept) + "next_review: 2027-06-01\n", encoding="utf-8")
    settings = (ROOT / "methodology" / METHODOLOGY).read_text(encoding="utf-8")
    settings = settings.replace("bootstrap_replicates: 1000", "bootstrap_replicates: 100")
    (folder / METHODOLOGY).write_text(settings, encoding="utf-8")
    edition = load_edition(path)
    sizes = Simulation(centres=26, citizens=800, employers=300)
    write_pilot(simulate_pilot(load_methodology(edition.methodology), sizes, seed=1), edition)
    for place in ("documents/rating.ru.html", "tables/csv/ru/stars.csv"):
        (folder / "out" / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / "out" / place).write_text(place, encoding="utf-8")
    (folder / "out" / ".clientindex-run").touch()
    return path


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a folder with an edition that was run, its documents, and its lock."""
    folder = tmp_path_factory.mktemp("published")
    path = write_small(folder)
    with pytest.raises(EditionError, match="its results are absent"):
        lock_edition(path)
    run_edition(path)
    with pytest.raises(EditionError, match="its documents and tables are absent, or are not"):
        lock_edition(path)
    assert not (folder / "demo.lock.json").exists()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "is_published", lambda _: True)
        assert lock_edition(path).written
        yield folder


@pytest.fixture
def locked(published: Path, tmp_path: Path) -> Path:
    shutil.copytree(published, tmp_path / "copy")
    return tmp_path / "copy" / "demo.yml"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def add_notes(path: Path, *dates: str) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write("revisions:\n" + "".join(NOTE.format(date=date) for date in dates))


def drop_answers(path: Path) -> str:
    """Drop the answers of the first centre of the citizens' survey; return its code."""
    survey = path.parent / "data" / CITIZENS
    head, *rows = survey.read_text(encoding="utf-8").splitlines(keepends=True)
    place = head.rstrip().split(",").index("centre_id")
    gone = rows[0].split(",")[place]
    kept = [row for row in rows if row.split(",")[place] != gone]
    survey.write_text("".join([head, *kept]), encoding="utf-8")
    return gone


def hash_tree(folder: Path) -> dict[str, tuple[str, int]]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): (hash_file(path), path.stat().st_mtime_ns) for path in files}


def test_a_lock_holds_what_was_published(locked: Path) -> None:
    lock = load_lock(locked.with_name("demo.lock.json"), edition="demo")
    assert lock is not None
    assert (lock.revision, lock.published, lock.history) == (0, dt.date(2026, 9, 1), ())
    assert list(lock.publication) == ["documents/rating.ru.html", "tables/csv/ru/stars.csv"]
    assert {row.name: row.sha256 for row in lock.inputs}[CITIZENS] == hash_file(
        locked.parent / "data" / CITIZENS
    )
    bundle = load_bundle(load_edition(locked).results_dir)
    assert lock.bundle == bundle.manifest.files
    stars = bundle.results["stars"]
    assert isinstance(stars, Stars)
    frame = stars.frame.set_index("centre")
    assert [row.centre for row in lock.first_published.centres] == sorted(frame.index)
    for row in lock.first_published.centres:
        assert row.index == frame["estimate"].get(row.centre)
    assert not lock_edition(locked).written


def test_a_changed_input_is_refused_and_nothing_is_touched(locked: Path) -> None:
    before = hash_tree(locked.parent / "out")
    drop_answers(locked)
    with pytest.raises(EditionError, match=rf"input {CITIZENS}: locked \w+, now \w+") as told:
        run_edition(locked, force=True)
    assert "Undo the change, or write a note of revision" in str(told.value)
    (locked.parent / "data" / CITIZENS).unlink()
    with pytest.raises(EditionError, match=rf"input {CITIZENS}: locked \w+, now absent"):
        run_edition(locked)
    with pytest.raises(EditionError, match="was changed since"):
        lock_edition(locked)
    assert hash_tree(locked.parent / "out") == before


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("demo.yml", "seed: 2026", "seed: 7", "the setting seed: locked 2026, now 7"),
        (
            "demo.yml",
            "[html, pdf, docx]",
            "[html]",
            r"setting formats\[0\]: locked absent, now html",
        ),
        ("demo.yml", "segment: employers", "segment: citizens", r"data\.survey\[1\]\.segment"),
        (METHODOLOGY, "replicates: 100", "replicates: 110", "the methodology 2026.yml: locked"),
    ],
)
def test_a_changed_setting_is_refused(
    file: str, old: str, new: str, told: str, locked: Path
) -> None:
    change(locked.with_name(file), old, new)
    with pytest.raises(EditionError, match=told):
        run_edition(locked)


def test_what_is_told_later_may_change(locked: Path) -> None:
    change(locked, "next_review: 2027-06-01", "next_review: 2028-06-01")
    change(locked, "revision_policy:", "known_errors: []\nrevision_policy:")
    change(locked, "The numbers of the demo", "Numbers of the demo")
    assert check_locked(locked, load_edition(locked)) is not None


def test_a_note_allows_a_change_and_a_new_lock_keeps_the_first_numbers(locked: Path) -> None:
    gone = drop_answers(locked)
    add_notes(locked, "2026-10-20")
    assert run_edition(locked).computed
    result = load_bundle(load_edition(locked).results_dir).results["revision"]
    assert isinstance(result, Revision)
    first = load_lock(locked.with_name("demo.lock.json"), edition="demo")
    again = lock_edition(locked).lock
    assert first is not None
    known = {row.centre: row.index for row in first.first_published.centres}
    assert result.centres.set_index("centre")["before"].to_dict() == known
    assert result.centres.set_index("centre")["status"][gone] == "changed"
    assert (again.revision, again.published) == (1, dt.date(2026, 10, 20))
    assert [row.checksum for row in again.history] == [first.checksum]
    assert again.first_published == first.first_published
    assert not run_edition(locked).computed
    change(locked, "seed: 2026", "seed: 7")
    with pytest.raises(EditionError, match="revision 1 was published and locked on 2026-10-20"):
        run_edition(locked)


def test_notes_go_on_from_the_lock(locked: Path) -> None:
    text = locked.read_text(encoding="utf-8")
    add_notes(locked, "2026-10-20", "2026-10-21")
    with pytest.raises(EditionError, match="2 noted, but the last locked revision is 0"):
        run_edition(locked)
    locked.with_name("demo.lock.json").unlink()
    with pytest.raises(EditionError, match=r"not locked \(demo\.lock\.json is absent\)"):
        run_edition(locked)
    locked.write_text(text, encoding="utf-8")
    assert not run_edition(locked).computed


def test_a_note_that_was_locked_stays(locked: Path) -> None:
    lock = load_lock(locked.with_name("demo.lock.json"), edition="demo")
    assert lock is not None
    later = lock.model_copy(update={"revision": 1})
    with pytest.raises(EditionError, match="0 noted, but revision 1 is locked"):
        check_notes(locked, load_edition(locked), later)


def test_other_files_are_not_locked_under_the_same_number(locked: Path) -> None:
    (locked.parent / "out" / "documents" / "rating.ru.html").write_text("other", encoding="utf-8")
    with pytest.raises(EditionError, match=r"1 files differ .*documents/rating\.ru\.html"):
        lock_edition(locked)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"revision": 0', '"revision": 3', "its checksum is not that of its content"),
        ('"revision": 0', '"revision": -1', "damaged .revision:"),
        ('"revision": 0,', "", "damaged .revision: Field required"),
        ('"edition": "demo"', '"edition": "2025"', "the lock of the edition '2025', expected"),
        ('"schema": 1', '"schema": 2', "a lock of version 2; this program reads version 1"),
        ("{\n", "[\n", "damaged .not JSON"),
    ],
)
def test_a_lock_that_is_damaged_or_foreign_is_told(
    old: str, new: str, told: str, locked: Path
) -> None:
    path = locked.with_name("demo.lock.json")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(EditionError, match=told):
        run_edition(locked)


def test_status_names_every_file_that_differs(locked: Path) -> None:
    found = tell_status(locked)
    assert (found.changes, found.files, found.code) == ((), (), ())
    drop_answers(locked)
    (locked.parent / "out" / "tables" / "csv" / "ru" / "stars.csv").unlink()
    (locked.parent / "out" / "results" / "stars.json").write_text("{}", encoding="utf-8")
    found = tell_status(locked)
    assert [change.what for change in found.changes] == [f"the input {CITIZENS}"]
    told = [(change.what, change.found) for change in found.files]
    assert told == [
        ("the result stars.json", "44136fa355b3"),
        ("the file tables/csv/ru/stars.csv", "absent"),
    ]
    locked.with_name("demo.lock.json").unlink()
    assert tell_status(locked).lock is None


def test_another_program_is_told_and_not_refused(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = locked.with_name("demo.lock.json")
    lock = load_lock(path, edition="demo")
    assert lock is not None
    code = lock.code.model_copy(update={"python": "3.0.0", "packages": {"numpy": "0.1"}})
    write_lock(lock.model_copy(update={"code": code}), path)
    said: list[str] = []

    listener = SilentReporter()
    monkeypatch.setattr(SilentReporter, "say", lambda _, message: said.append(message))
    assert not run_edition(locked, reporter=listener).computed
    assert "Python: locked 3.0.0, now" in said[0]
    assert "package numpy: locked 0.1, now" in said[0]


def test_a_lock_is_small_and_is_json(locked: Path) -> None:
    text = locked.with_name("demo.lock.json").read_text(encoding="utf-8")
    values = json.loads(text)
    assert len(values["first_published"]["centres"]) == 26
    assert len(text) < 40_000


def test_a_revised_edition_travels_with_its_lock(locked: Path, tmp_path: Path) -> None:
    (locked.parent / "rating.ru.qmd").write_text("", encoding="utf-8")
    shutil.move(locked.parent / "out", tmp_path / "out")
    assert not list(lay_out_edition(locked, tmp_path / "1", copy=True).path.parent.glob("*.json"))
    add_notes(locked, "2026-10-20")
    path = lay_out_edition(locked, tmp_path / "2", copy=True).path
    lock = check_locked(path, load_edition(path))
    assert lock is not None
    assert lock.first_published.centres
