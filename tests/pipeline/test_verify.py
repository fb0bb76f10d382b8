"""A published edition comes out again, byte for byte; what does not is named."""

from __future__ import annotations

import csv
import shutil
import subprocess
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from clientindex.cli.main import main
from clientindex.errors import ReproductionError
from clientindex.pipeline import verify as verify_module
from clientindex.pipeline.rebuild import OTHERWISE, rebuild
from clientindex.pipeline.verify import Asked, verify_edition
from clientindex.publishing.passports.compile import count_pages
from clientindex.reproduction.record import hash_published, load_record, write_record
from small_publication import place_small_edition, publish

if TYPE_CHECKING:
    from pathlib import Path

ONCE = Asked(once=True)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Publish a small edition once; tests that change something copy it."""
    folder = tmp_path_factory.mktemp("published")
    path = place_small_edition(folder)
    return SimpleNamespace(folder=folder, path=path, output=publish(path))


@pytest.fixture
def copied(published: SimpleNamespace, tmp_path: Path) -> Path:
    """Give a copy of what was published."""
    return shutil.copytree(published.output, tmp_path / "published")


@pytest.fixture
def rebuilt(published: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what was published stand for the rebuild, which costs a minute."""

    def take(path: Path, folder: Path, record: Any, circumstances: Any) -> Any:
        del path, folder, record, circumstances
        record = load_record(published.output / "documents")
        return verify_module._Rebuilt(folder=published.output, record=record)

    monkeypatch.setattr(verify_module, "_rebuild", take)


def make_locale(folder: Path) -> bool:
    """Compile the Russian locale where the machine has its sources."""
    command = ["localedef", "-i", "ru_RU", "-c", "-f", "UTF-8", "--no-archive"]
    try:
        done = subprocess.run([*command, str(folder / "ru_RU.UTF-8")], capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


@pytest.mark.slow
def test_results_and_documents_are_the_same_bytes_under_all_circumstances(
    published: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three builds: here; in another folder and the locale C; and otherwise in all respects."""
    if make_locale(tmp_path):
        monkeypatch.setenv("LOCPATH", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("TZ", "America/St_Johns")
    assert (OTHERWISE.locale, OTHERWISE.processors) == ("ru_RU.UTF-8", 1)
    found = verify_edition(published.path, against=published.output)
    assert (found.complete, found.stable, found.consistent) == ("yes", "yes", "yes")
    assert found.differences == ()
    assert [cause for cause in found.causes if cause.kind != "lock"] == []
    assert found.rebuilt_fingerprint == found.published_fingerprint
    formats = {path.suffix for path in (published.output / "documents").iterdir()}
    assert formats == {".html", ".pdf", ".docx", ".json"}
    assert found.compared.identical == found.compared.files > 100
    assert min(found.compared.cells, found.compared.marks, found.compared.numbers) > 100


def test_a_rebuild_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReproductionError, match=r"(?s)not complete: .*exit code 2.*no such file"):
        rebuild(
            tmp_path / "gone.yml", renderer="embedded", circumstances=OTHERWISE, folder=tmp_path
        )


def change_cell(folder: Path) -> tuple[str, str]:
    """Add a quarter to the mean index of the first region; return both values."""
    path = folder / "tables" / "csv" / "en" / "regions.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    at = rows[0].index("mean_index")
    before = rows[1][at]
    rows[1][at] = str(float(before) + 0.25)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    return before, rows[1][at]


def change_number(folder: Path) -> None:
    """Change the number of respondents in the summary."""
    path = folder / "documents" / "rating.en.html"
    text = path.read_text(encoding="utf-8")
    assert "answers of 3,300" in text
    path.write_text(text.replace("answers of 3,300", "answers of 3,333", 1), encoding="utf-8")


@pytest.mark.usefixtures("rebuilt")
def test_a_changed_cell_and_a_changed_number_are_named(
    published: SimpleNamespace, copied: Path
) -> None:
    before, after = change_cell(copied)
    change_number(copied)
    found = verify_edition(published.path, against=copied, asked=ONCE)
    assert (found.complete, found.stable, found.consistent) == ("yes", "not_asked", "no")
    assert found.altered == ("documents/rating.en.html", "tables/csv/en/regions.csv")
    number, cell = sorted(found.counted, key=lambda difference: difference.document)
    assert (cell.part, cell.column, cell.published, cell.rebuilt) == (
        "regions", "mean_index", after, before,
    )  # fmt: skip
    assert cell.row == "Tyumen Oblast"
    assert (number.published, number.rebuilt, number.kind) == ("3,333", "3,300", "number")


@pytest.mark.usefixtures("rebuilt")
def test_a_larger_tolerance_takes_a_cell_as_equal(published: SimpleNamespace, copied: Path) -> None:
    change_cell(copied)
    near = Asked(once=True, tolerance=replace(ONCE.tolerance, relative=0.01))
    assert verify_edition(published.path, against=copied, asked=near).counted == ()


@pytest.mark.usefixtures("rebuilt")
def test_two_rebuilds_that_differ_are_unstable(
    published: SimpleNamespace, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, others = verify_module._rebuild, [published.output, copied]
    record = load_record(copied / "documents")
    changed = replace(record, files=record.files | {"documents/rating.en.pdf": "0" * 64})

    def take_other(*args: Any) -> Any:
        built = take(*args)
        place = others.pop(0)
        return built if place is published.output else replace(built, record=changed)

    monkeypatch.setattr(verify_module, "_rebuild", take_other)
    found = verify_edition(published.path, against=published.output)
    assert (found.stable, found.unstable) == ("no", ("documents/rating.en.pdf",))
    assert not found.passed


def change_record(folder: Path, **results: Any) -> None:
    record = load_record(folder / "documents")
    changed = replace(record, results=replace(record.results, **results))
    write_record(changed, folder / "documents")
    shutil.rmtree(folder / "results")


@pytest.mark.usefixtures("rebuilt")
def test_what_cannot_be_compared_is_told_apart(published: SimpleNamespace, copied: Path) -> None:
    def refuse(told: str, **options: Any) -> None:
        with pytest.raises(ReproductionError, match=told):
            verify_edition(published.path, against=copied, asked=Asked(once=True, **options))

    inputs = load_record(copied / "documents").results.inputs
    change_record(copied, inputs=(replace(inputs[0], sha256="0" * 64), *inputs[1:]))
    refuse(rf"inputs have changed since the publication: {inputs[0].name} \(published 0{{12}}")
    change_record_again(copied, inputs=inputs[1:])
    refuse("published from other inputs. Only the publication has: none; only the edition has: ")
    change_record_again(copied, edition_id="other")
    refuse("a publication of the edition 'other', expected 'demo'")
    (copied / "documents" / "publication.json").write_text("{}", encoding="utf-8")
    refuse("of no known version")
    (copied / "documents" / "publication.json").write_text("{", encoding="utf-8")
    refuse("damaged")
    shutil.rmtree(copied / "documents")
    refuse("no such file; a publication holds")


def change_record_again(folder: Path, **results: Any) -> None:
    (folder / "results").mkdir()
    change_record(folder, **results)


@pytest.mark.usefixtures("rebuilt")
def test_results_of_another_run_beside_the_documents_are_told(
    published: SimpleNamespace, copied: Path
) -> None:
    kept = shutil.copytree(copied / "results", copied / "kept")
    change_record(copied, fingerprint="0" * 64)
    kept.rename(copied / "results")
    with pytest.raises(ReproductionError, match="results of another run than the documents"):
        verify_edition(published.path, against=copied, asked=ONCE)


@pytest.mark.usefixtures("rebuilt")
def test_other_versions_are_causes_and_changed_inputs_can_be_seen_anyway(
    published: SimpleNamespace, copied: Path
) -> None:
    results = load_record(copied / "documents").results
    first = replace(results.inputs[0], sha256="0" * 64)
    change_record(
        copied,
        code_version="0.0.9",
        code_sha256="1" * 64,
        packages=results.packages | {"numpy": "1.0"},
        inputs=(first, *results.inputs[1:]),
    )
    found = verify_edition(published.path, against=copied, asked=replace(ONCE, anyway=True))
    causes = {cause.kind: cause for cause in found.causes if cause.kind != "lock"}
    assert causes.keys() == {"code", "package", "input"}
    assert causes["code"].published == f"0.0.9 ({'1' * 12})"
    assert (causes["package"].name, causes["package"].published) == ("numpy", "1.0")
    assert causes["input"].name == first.name
    assert found.passed


@pytest.mark.usefixtures("rebuilt")
def test_the_command_tells_the_verdict_and_writes_certificates(
    published: SimpleNamespace, copied: Path, tmp_path: Path
) -> None:
    def call(*args: str) -> Any:
        arguments = ["verify", str(published.path), "--against", str(copied), "--once", *args]
        return CliRunner().invoke(main, arguments)

    output = tmp_path / "verification"
    change_cell(copied)
    result = call("--output", str(output))
    assert result.exit_code == 1, result.output
    assert "  complete:   yes" in result.output
    assert "  stable:     not asked" in result.output
    assert "  consistent: NO" in result.output
    assert "tables/csv/en/regions.csv | regions | Tyumen Oblast | mean_index: " in result.output
    for language in ("ru", "en"):
        assert count_pages((output / f"certificate.{language}.pdf").read_bytes()) == 1
        page = (output / f"certificate.{language}.html").read_text(encoding="utf-8")
        assert "Tyumen Oblast" in page
    with (output / "differences.csv").open(encoding="utf-8-sig", newline="") as stream:
        told = list(csv.DictReader(stream))
    assert [(row["row"], row["column"]) for row in told] == [("Tyumen Oblast", "mean_index")]
    shutil.rmtree(copied / "documents")
    assert call().exit_code == 2


@pytest.fixture
def later(published: SimpleNamespace, tmp_path: Path) -> Path:
    """Give the file of a later edition whose previous one was published, beside a changelog."""
    text = published.path.read_text(encoding="utf-8")
    text = text.replace("../", f"{published.folder}/").replace("id: demo", "id: later", 1)
    path = tmp_path / "later.yml"
    path.write_text(f"{text}\nprevious: {published.path}\n", encoding="utf-8")
    changes = "## [Unreleased]\n\n- Means. **numbers**: all means.\n- A page.\n\n## [0.0.9]\n"
    (tmp_path / "CHANGELOG.md").write_text(changes, encoding="utf-8")
    return path


def call_backtest(later: Path, published: Path) -> Any:
    return CliRunner().invoke(main, ["backtest", str(later), "--against", str(published)])


@pytest.mark.usefixtures("rebuilt")
def test_the_edition_before_gives_its_published_numbers(later: Path, copied: Path) -> None:
    result = call_backtest(later, copied)
    assert result.exit_code == 0, result.output
    assert "verdict: today's program gives the published numbers" in result.output


@pytest.mark.usefixtures("rebuilt")
def test_a_difference_in_the_edition_before_is_explained_or_not(later: Path, copied: Path) -> None:
    change_cell(copied)
    unexplained = call_backtest(later, copied)
    assert unexplained.exit_code == 1
    assert "nothing that could change them is otherwise" in unexplained.output
    change_record(copied, code_version="0.0.9", code_sha256="1" * 64)
    explained = call_backtest(later, copied)
    assert explained.exit_code == 0, explained.output
    assert "what can explain it: code clientindex" in explained.output
    assert "changelog: Means. **numbers**: all means." in explained.output
    assert "A page" not in explained.output


def test_a_back_test_needs_the_file_of_the_edition_before(
    published: SimpleNamespace, copied: Path
) -> None:
    result = call_backtest(published.path, copied)
    assert result.exit_code == 2
    assert "its edition file (.yml) must be named" in " ".join(result.output.split())


def test_what_was_published_is_untouched(published: SimpleNamespace) -> None:
    documents, tables = published.output / "documents", published.output / "tables"
    assert hash_published(documents, tables) == load_record(documents).files
