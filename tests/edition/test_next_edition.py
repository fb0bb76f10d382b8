"""Next year's edition from this year's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clientindex.edition import load_edition, next_edition
from clientindex.edition.next_edition import make_next_edition
from clientindex.errors import EditionError
from clientindex.methodology import load_methodology

ROOT = Path(__file__).parents[2]
LATER = """
known_errors:  # kept comment
  - found: 2026-10-05
    what: {ru: Два, en: Two}
    effect: {ru: Да, en: Yes}

# Notes.
revisions:
  - date: 2026-10-20
    reason: {ru: Ошибка, en: An error}
    what: {ru: Ответы, en: Answers}
# The end.
"""


@pytest.fixture
def former(tmp_path: Path) -> Path:
    for name in ("editions", "methodology"):
        shutil.copytree(ROOT / name, tmp_path / name)
    path = tmp_path / "editions" / "demo.yml"
    path.write_text(path.read_text(encoding="utf-8") + LATER, encoding="utf-8")
    return path


def list_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_the_new_edition_loads_and_is_a_year_later(former: Path) -> None:
    made = make_next_edition(former, new_id="2027")
    old, new = load_edition(former), load_edition(made.path)
    folder = former.parent.parent
    moved = {
        "id": "2027",
        "year": 2027,
        "seed": 2027,
        "previous": former,
        "renamed": {},
        "known_errors": (),
        "revisions": (),
        "output": folder / "data_processed" / "2027",
    }
    assert {name: getattr(new, name) for name in moved} == moved
    dates = [str(day) for day in (new.cut_off, new.published, new.next_review)]
    assert dates == ["2027-06-30", "2027-09-01", "2028-06-01"]
    assert [path.parent for path in new.input_files] == [folder / "data_raw" / "2027"] * 6
    kept = set(type(new).model_fields) - {*moved, "cut_off", "published", "next_review", "data"}
    assert [name for name in kept if getattr(new, name) != getattr(old, name)] == []
    readme = (folder / "data_raw" / "2027" / "README.md").read_text(encoding="utf-8")
    for source in new.input_files:
        assert f"| {source.name} |" in readme


def test_comments_and_order_stay(former: Path) -> None:
    made = make_next_edition(former, new_id="2027")
    old, new = (path.read_text(encoding="utf-8") for path in (former, made.path))
    comments = [line for line in old.splitlines() if line.startswith("#")]
    assert comments
    assert [line for line in new.splitlines() if line.startswith("#")] == comments
    assert "known_errors: []\n\n# Notes.\nrevisions: []\n# The end.\n" in new

    def list_keys(text: str) -> list[str]:
        return [line.split(":")[0] for line in text.splitlines() if line[:1].isalpha()]

    assert list_keys(new) == list_keys(old)


def test_a_year_earlier_is_no_longer_simulated_so_and_names_the_edition_before(
    former: Path,
) -> None:
    earlier = former.with_name("demo-2025.yml")
    text = earlier.read_text(encoding="utf-8").replace("seed: 2025", "seed: 7  # lucky")
    earlier.write_text(text, encoding="utf-8")
    made = make_next_edition(earlier, new_id="demo-2030", year=2030)
    new = load_edition(made.path)
    assert new.simulation is not None
    assert new.simulation.earlier_than is None
    assert new.previous == earlier
    assert (new.year, new.seed, str(new.cut_off)) == (2030, 7, "2030-06-30")
    line = "seed: 7  # kept from demo-2025, where it was not the year  # lucky"
    assert line in made.path.read_text(encoding="utf-8")


def test_a_methodology_of_its_own_has_an_empty_change_log(former: Path) -> None:
    made = make_next_edition(former, new_id="2027", copy_methodology=True)
    new = load_edition(made.path)
    assert new.methodology == former.parent.parent / "methodology" / "2027.yml"
    copied, old = (
        load_methodology(new.methodology),
        load_methodology(load_edition(former).methodology),
    )
    assert copied.id == "2027"
    assert (old.changes != (), copied.changes) == (True, ())
    assert copied.model_copy(update={"id": old.id, "changes": old.changes}) == old
    assert "# changes:\n#   - key:" in new.methodology.read_text(encoding="utf-8")


def test_the_29th_of_february_becomes_the_28th(former: Path) -> None:
    text = former.read_text(encoding="utf-8").replace("2026-06-30", "2024-02-29")
    former.write_text(text, encoding="utf-8")
    assert str(load_edition(make_next_edition(former, new_id="2027").path).cut_off) == "2025-02-28"


@pytest.mark.parametrize(
    ("new_id", "year", "told"),
    [
        ("../2027", 2027, "the id '../2027' cannot be"),
        ("pilot", None, "the id 'pilot' is no year: say which it is with --year"),
        ("2026", None, "the year 2026 does not come after 2026"),
        ("again", 2025, "the year 2025 does not come after 2026"),
        ("demo-2025", 2027, r"demo-2025\.yml: is there already, and nothing is overwritten"),
    ],
)
def test_what_cannot_be_is_refused(new_id: str, year: int | None, told: str, former: Path) -> None:
    before = list_files(former.parent.parent)
    with pytest.raises(EditionError, match=told):
        make_next_edition(former, new_id=new_id, year=year)
    assert list_files(former.parent.parent) == before


def test_files_that_are_there_are_not_overwritten(former: Path) -> None:
    folder = former.parent.parent
    for place in ("data_raw/2027/README.md", "methodology/2027.yml"):
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("mine", encoding="utf-8")
        before = list_files(folder)
        with pytest.raises(EditionError, match="is there already"):
            make_next_edition(former, new_id="2027", copy_methodology=True)
        assert list_files(folder) == before
        assert target.read_text(encoding="utf-8") == "mine"
        target.unlink()


@pytest.mark.parametrize("failing", ["load_edition", "load_methodology"])
def test_nothing_is_left_half_made(
    failing: str, former: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real = list_files(former.parent.parent), getattr(next_edition, failing)

    def fail(path: Path) -> object:
        if path.name.startswith(".new-") or failing == "load_methodology":
            msg = "the disk is full"
            raise EditionError(msg)
        return real(path)

    monkeypatch.setattr(next_edition, failing, fail)
    with pytest.raises(EditionError, match=r"cannot be made \(the disk is full\)\. Nothing"):
        make_next_edition(former, new_id="2027")
    assert list_files(former.parent.parent) == before
