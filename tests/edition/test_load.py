"""An edition file: paths, refusals."""

from pathlib import Path

import pytest

from clientindex.edition import load_edition
from clientindex.errors import EditionError

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "editions" / "demo.yml"


def write_changed(folder, old, new):
    text = DEMO.read_text(encoding="utf-8")
    assert old in text
    path = folder / "changed.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_relative_paths_start_from_the_edition_file(tmp_path):
    path = tmp_path / "editions" / "mine.yml"
    path.parent.mkdir()
    path.write_text(DEMO.read_text(encoding="utf-8"), encoding="utf-8")
    edition = load_edition(path)
    assert edition.methodology == tmp_path / "methodology" / "2026.yml"
    assert edition.results_dir == tmp_path / "data_processed" / "demo" / "results"
    assert edition.input_files[0] == tmp_path / "data_raw" / "demo" / "survey_citizens.csv"


def test_absolute_path_is_kept(tmp_path):
    path = write_changed(tmp_path, "output: ../data_processed/demo", f"output: {tmp_path}/out")
    assert load_edition(path).output == tmp_path / "out"


def test_column_may_be_a_name_or_a_part_of_one(tmp_path):
    path = write_changed(
        tmp_path, "region: region", 'region: {column: code, pattern: "^([0-9]{2})"}'
    )
    register = load_edition(path).data.register_
    assert register.columns["region"].pattern == "^([0-9]{2})"
    assert register.columns["centre"].column == "centre_id"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seed: 2026", "sede: 2026", r"read the unknown key 'sede'.*did you mean 'seed'"),
        ("published: 2026-09-01", "published: 2026-01-01", "not before the data cut-off"),
        ("synthetic: true", "synthetic: false", "add 'synthetic: true'"),
        ("languages: [ru, en]", "languages: [ru, de]", r"languages\[1\]: read 'de'"),
        ("centre: centre_id, period", "center: centre_id, period", "did you mean 'centre'"),
        (
            "centre: centre_id, period",
            "segment: seg, centre: centre_id, period",
            "both a fixed segment and a segment column",
        ),
        (
            "region: region",
            'region: {column: code, pattern: "^[0-9]"}',
            "exactly one group in parentheses",
        ),
        ("region: region", 'region: {column: code, pattern: "(["}', "not a regular expression"),
        ("seed: 2026", "seed: -1", "greater than or equal to 0"),
        ("id: demo", "id: ../demo", "id: read '../demo'"),
    ],
)
def test_faults_are_told(tmp_path, old, new, message):
    with pytest.raises(EditionError, match=message):
        load_edition(write_changed(tmp_path, old, new))


def test_seed_zero_is_valid(tmp_path):
    assert load_edition(write_changed(tmp_path, "seed: 2026", "seed: 0")).seed == 0


def test_a_review_comes_after_the_publication(tmp_path):
    path = write_changed(tmp_path, "next_review: 2027-06-01", "next_review: 2026-09-01")
    with pytest.raises(EditionError, match="next_review: read 2026-09-01; a day after"):
        load_edition(path)


def test_known_errors_reach_the_card_and_are_not_corrected_before_they_are_found(tmp_path):
    error = (
        "known_errors:\n  - found: 2026-10-05\n    what: {ru: Два, en: Two}\n"
        "    effect: {ru: Нет, en: None}\n    corrected: 2026-10-DAY\nseed: 2026"
    )
    path = write_changed(tmp_path, "seed: 2026", error.replace("DAY", "20"))
    (known,) = load_edition(path).card.known_errors
    assert (known.what.en, str(known.corrected)) == ("Two", "2026-10-20")
    path = write_changed(tmp_path, "seed: 2026", error.replace("DAY", "01"))
    with pytest.raises(EditionError, match=r"known_errors\[0\]\.corrected: read 2026-10-01"):
        load_edition(path)


def test_notes_of_revision_come_after_the_publication_one_after_the_other(tmp_path):
    note = "  - date: {}\n    reason: {{ru: Да, en: Yes}}\n    what: {{ru: Два, en: Two}}\n"
    dates = ("2026-10-20", "2026-10-21")
    path = tmp_path / "demo.yml"

    def load(*days):
        text = "revisions:\n" + "".join(note.format(day) for day in days)
        path.write_text(DEMO.read_text(encoding="utf-8") + text, encoding="utf-8")
        return load_edition(path).card

    assert [str(told.date) for told in load(*dates).revisions] == list(dates)
    with pytest.raises(
        EditionError, match=r"revisions\[0\]\.date: read 2026-09-01; .*after the pub"
    ):
        load("2026-09-01")
    with pytest.raises(
        EditionError, match=r"revisions\[1\]\.date: .*after the revision on 2026-10"
    ):
        load(*reversed(dates))
