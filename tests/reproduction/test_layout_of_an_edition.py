"""An edition laid out below one folder says the same and finds the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clientindex.edition import load_edition
from clientindex.errors import ReproductionError
from clientindex.hashing import hash_file
from clientindex.reproduction.layout import lay_out_edition
from clientindex.reproduction.named_paths import list_paths
from clientindex.settings.yaml_edit import replace_values

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[2]
INPUTS = {
    "demo": (
        "checklist.csv",
        "experts.xlsx",
        "register.csv",
        "second_checklist.csv",
        "survey_citizens.csv",
        "survey_employers.csv",
    ),
    "demo-2025": ("register.csv", "survey_citizens.csv", "survey_employers.csv"),
}
EDITION = """\
# A comment at the top
schema: 1
id: odd
year: 2026
title: {ru: Название, en: Title}  # beside it
publisher: {ru: Издатель, en: Publisher}
cut_off: 2026-06-30
published: 2026-09-01

methodology: >-
  METHODOLOGY
seed: 0
data:
  survey:
  -   &first
      file: 'one/answers.csv'   # the first
      segment: citizens
  - file: two/Answers.csv
    segment: employers
  - <<: *first
    segment: others
    where: {quarter: "1"}
  register: {file: "three/регистр центров.csv"}
reports: REPORTS
output: out
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo edition beside made-up inputs, in folders of the usual names."""
    folder = tmp_path_factory.mktemp("original")
    for name in ("editions", "methodology", "reports"):
        shutil.copytree(ROOT / name, folder / name)
    for edition, names in INPUTS.items():
        (folder / "data_raw" / edition).mkdir(parents=True)
        for name in names:
            (folder / "data_raw" / edition / name).write_text(f"{edition} {name}", encoding="utf-8")
    (folder / "reports" / ".quarto").mkdir()
    (folder / "reports" / ".quarto" / "cache").write_text("hidden", encoding="utf-8")
    return folder / "editions" / "demo.yml"


def make_odd(folder: Path) -> Path:
    """Write an edition that names files in many ways, two of one name among them."""
    for name in ("one/answers.csv", "two/Answers.csv", "three/регистр центров.csv"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    (folder / "sources").mkdir()
    (folder / "sources" / "_quarto.yml").write_text("project:\n", encoding="utf-8")
    text = EDITION.replace("METHODOLOGY", str(ROOT / "methodology" / "2026.yml"))
    path = folder / "somewhere.yml"
    path.write_text(text.replace("REPORTS", "sources"), encoding="utf-8")
    return path


def list_files(folder: Path) -> set[str]:
    found: Iterable[Path] = folder.rglob("*")
    return {path.relative_to(folder).as_posix() for path in found if path.is_file()}


def test_the_demo_keeps_its_shape(demo: Path, tmp_path: Path) -> None:
    """Its files lie in these folders already, so nothing changes but what is hidden."""
    laid = lay_out_edition(demo, tmp_path / "out", copy=True)

    original = demo.parents[1]
    expected = list_files(original) - {"reports/.quarto/cache", "editions/template.yml"}
    assert list_files(tmp_path / "out") == expected
    assert {path.as_posix() for path in laid.files.values()} == expected
    for name in expected:
        assert (tmp_path / "out" / name).read_bytes() == (original / name).read_bytes(), name
    assert laid.path == tmp_path / "out" / "editions" / "demo.yml"
    assert [path.name for path in laid.editions] == ["demo.yml", "demo-2025.yml"]
    assert {path.as_posix() for path in laid.inputs.values()} == {
        f"data_raw/{edition}/{name}" for edition, names in INPUTS.items() for name in names
    }


def test_a_year_before_alone_brings_no_data_of_the_year_after(demo: Path, tmp_path: Path) -> None:
    laid = lay_out_edition(demo.with_name("demo-2025.yml"), tmp_path / "out", copy=True)

    files = list_files(tmp_path / "out")
    assert {name for name in files if name.startswith("data_raw")} == {
        f"data_raw/demo-2025/{name}" for name in INPUTS["demo-2025"]
    }
    assert load_edition(laid.path).simulation is not None
    assert laid.editions[1].name == "demo.yml"


def test_an_odd_edition_is_rewritten_in_its_paths_only(tmp_path: Path) -> None:
    path = make_odd(tmp_path)
    out = tmp_path / "out"

    laid = lay_out_edition(path, out, copy=True)

    assert laid.path.read_text(encoding="utf-8") == (
        EDITION.replace(">-\n  METHODOLOGY", "../methodology/2026.yml")
        .replace("'one/answers.csv'", "../data_raw/odd/answers.csv")
        .replace("two/Answers.csv", "../data_raw/odd/2/Answers.csv")
        .replace('"three/регистр центров.csv"', '"../data_raw/odd/регистр центров.csv"')
        .replace("REPORTS", "../reports")
        .replace("output: out", "output: ../data_processed/odd")
    )
    assert (out / "data_raw/odd/answers.csv").read_text(encoding="utf-8") == "one/answers.csv"
    assert (out / "data_raw/odd/2/Answers.csv").read_text(encoding="utf-8") == "two/Answers.csv"
    assert laid.files[tmp_path / "two" / "Answers.csv"] == Path("data_raw/odd/2/Answers.csv")
    assert load_edition(laid.path).card == load_edition(path).card


def test_linked_data_are_links_and_settings_are_not(tmp_path: Path) -> None:
    laid = lay_out_edition(make_odd(tmp_path), tmp_path / "out", copy=False)

    place = tmp_path / "out" / "data_raw" / "odd" / "answers.csv"
    assert place.is_symlink()
    assert place.resolve() == tmp_path / "one" / "answers.csv"
    links = {path for path in (tmp_path / "out").rglob("*") if path.is_symlink()}
    assert links == {tmp_path / "out" / name for name in laid.inputs.values()}


def test_a_link_whose_target_has_another_name_is_copied(tmp_path: Path) -> None:
    path = make_odd(tmp_path)
    (tmp_path / "one" / "answers.csv").rename(tmp_path / "one" / "a1b2")
    (tmp_path / "one" / "answers.csv").symlink_to(tmp_path / "one" / "a1b2")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("'one/", f"'{tmp_path}/one/"), encoding="utf-8")

    laid = lay_out_edition(path, tmp_path / "out", copy=False)

    assert load_edition(laid.path).data.survey[0].file.name == "answers.csv"
    assert (tmp_path / "out/data_raw/odd/answers.csv").read_bytes() == b"one/answers.csv"


def test_the_results_of_a_previous_edition_come_along(tmp_path: Path) -> None:
    path = make_odd(tmp_path)
    results = tmp_path / "elsewhere" / "results"
    results.mkdir(parents=True)
    (results / "manifest.json").write_text("{}", encoding="utf-8")
    with path.open("a", encoding="utf-8") as stream:
        stream.write("previous: elsewhere/results\n")

    laid = lay_out_edition(path, tmp_path / "out", copy=True)

    place = Path("data_processed/previous-of-odd/results")
    assert load_edition(laid.path).previous == (tmp_path / "out" / place).resolve()
    assert laid.files[results / "manifest.json"] == place / "manifest.json"


def test_an_edition_before_of_the_same_id_gets_a_place_of_its_own(tmp_path: Path) -> None:
    path = make_odd(tmp_path)
    other = path.with_name("before.yml")
    shutil.copy(path, other)
    path.write_text(path.read_text("utf-8") + "previous: before.yml\n", encoding="utf-8")

    laid = lay_out_edition(path, tmp_path / "out", copy=True)

    before = load_edition(laid.editions[1])
    assert laid.editions[1].name == "odd-2.yml"
    assert before.output == (tmp_path / "out/data_processed/odd-2").resolve()
    assert before.input_files == load_edition(laid.path).input_files


def test_what_cannot_be_laid_out_is_told(tmp_path: Path) -> None:
    path = make_odd(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(ReproductionError, match="is not empty"):
        lay_out_edition(path, tmp_path / "full", copy=True)

    (tmp_path / "two" / "Answers.csv").unlink()
    with pytest.raises(ReproductionError, match=r"two/Answers\.csv: cannot be laid out.*no such"):
        lay_out_edition(path, tmp_path / "out", copy=True)


def test_one_value_for_two_keys_is_refused(tmp_path: Path) -> None:
    path = make_odd(tmp_path)
    text = path.read_text(encoding="utf-8")
    shared = text.replace("reports: sources", "reports: &same sources").replace("out\n", "*same\n")
    path.write_text(shared, encoding="utf-8")
    with pytest.raises(ReproductionError, match="one value stands"):
        lay_out_edition(path, tmp_path / "out", copy=True)


def test_one_value_for_two_equal_files_stays_one(tmp_path: Path) -> None:
    path = make_odd(tmp_path)
    text = path.read_text(encoding="utf-8").replace("'one/answers.csv'", "&one 'one/answers.csv'")
    path.write_text(
        text.replace("two/Answers.csv", '*one\n    where: {quarter: "2"}'), encoding="utf-8"
    )

    laid = lay_out_edition(path, tmp_path / "out", copy=True)

    assert "file: &one ../data_raw/odd/answers.csv" in laid.path.read_text(encoding="utf-8")
    assert [source.file.name for source in load_edition(laid.path).data.survey] == (
        ["answers.csv"] * 3
    )


def test_every_path_of_an_edition_is_listed_by_its_place(demo: Path) -> None:
    assert list(list_paths(load_edition(demo))) == [
        ("methodology",),
        ("data", "survey", 0, "file"),
        ("data", "survey", 1, "file"),
        ("data", "register", "file"),
        ("data", "checklist", "file"),
        ("data", "second_checklist", "file"),
        ("data", "experts", "file"),
        ("previous",),
        ("reports",),
        ("output",),
    ]


def test_windows_line_ends_stay() -> None:
    text = "# one\r\noutput: a\r\nreports: b # c\r\n"
    assert replace_values(text, {("output",): "x", ("reports",): '"y z"'}) == (
        '# one\r\noutput: x\r\nreports: "y z" # c\r\n'
    )


def test_files_are_the_same_wherever_they_are_laid_out(tmp_path: Path) -> None:
    path = make_odd(tmp_path)
    hashes = []
    for name in ("first", "second"):
        lay_out_edition(path, tmp_path / name, copy=True)
        hashes.append(
            {file: hash_file(tmp_path / name / file) for file in list_files(tmp_path / name)}
        )
    assert hashes[0] == hashes[1]
