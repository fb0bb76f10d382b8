"""A publication that is not made from what is there now says what changed since."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from clientindex.edition import Edition, load_edition
from clientindex.pipeline.currency import explain_staleness, is_run_current
from clientindex.pipeline.fingerprint import (
    PRESENTING_PACKAGES,
    RunInputs,
    collect_run_inputs,
    hash_code,
    hash_reports,
    versions_of,
)
from clientindex.pipeline.publish import fingerprint_publication
from clientindex.reproduction.record import (
    PublicationRecord,
    hash_published,
    write_record,
)
from clientindex.results.manifest import (
    InputRecord,
    Manifest,
    RunRecord,
    write_manifest,
    write_run_record,
)
from made_repository import FILES, write_files

if TYPE_CHECKING:
    from pathlib import Path


def make_edition(root: Path) -> Edition:
    names = ("editions/a.yml", "data_raw/a/answers.csv", "reports/methods.en.qmd")
    write_files(root, {name: FILES[name] for name in names})
    write_files(root, {"methodology/2026.yml": "id: '2026'\n"})
    return load_edition(root / "editions" / "a.yml")


def publish(edition: Edition, **changes: Any) -> None:
    """Write records as a run and a publication would, or as if inputs had been others."""
    inputs = replace(collect_run_inputs(edition), **changes)
    manifest = make_manifest(inputs, edition)
    edition.results_dir.mkdir(parents=True)
    write_manifest(manifest, edition.results_dir)
    write_run_record(RunRecord(seconds={}, peak_memory_mib=0.0), edition.results_dir)
    edition.documents_dir.mkdir()
    edition.tables_dir.mkdir()
    (edition.documents_dir / "rating.en.html").write_text("<p>", encoding="utf-8")
    record = PublicationRecord(
        fingerprint=fingerprint_publication(edition, renderer="embedded 1"),
        renderer="embedded 1",
        presentation_sha256=hash_code(presentation=True),
        sources=hash_reports(edition.reports),
        packages=versions_of(PRESENTING_PACKAGES),
        results=manifest.made_from,
        files=hash_published(edition.documents_dir, edition.tables_dir),
    )
    write_record(record, edition.documents_dir)


def make_manifest(inputs: RunInputs, edition: Edition) -> Manifest:
    return Manifest(
        fingerprint=inputs.fingerprint(),
        edition_id=edition.id,
        methodology_id="2026",
        seed=edition.seed,
        inputs=tuple(InputRecord(name=n, sha256=h, n_rows=1) for n, h in inputs.inputs),
        files={},
        edition_sha256=inputs.edition_sha256,
        methodology_sha256=inputs.methodology_sha256,
        code_sha256=inputs.code_sha256,
        code_version=inputs.code_version,
        python_version=inputs.python_version,
        packages=inputs.packages,
        previous_sha256=inputs.previous_sha256,
    )


def test_nothing_published_is_told_apart(tmp_path: Path) -> None:
    assert explain_staleness(make_edition(tmp_path)) is None


def test_a_publication_of_now_is_current(tmp_path: Path) -> None:
    edition = make_edition(tmp_path)
    publish(edition)
    assert explain_staleness(edition) == ()
    assert is_run_current(edition)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"code_sha256": "0"}, ("the program changed",)),
        ({"methodology_sha256": "0"}, ("the methodology changed",)),
        ({"edition_sha256": "0"}, ("the settings of the edition changed",)),
        ({"previous_sha256": "0"}, ("the results of the previous edition changed",)),
        ({"python_version": "3.1"}, ("Python 3.1 changed",)),
        ({"code_version": "0"}, ("what the results were computed from changed",)),
        ({"inputs": (("answers.csv", "0"),)}, ("answers.csv changed",)),
    ],
)
def test_what_the_numbers_come_from_and_changed_is_named(
    tmp_path: Path, changes: dict[str, Any], told: tuple[str, ...]
) -> None:
    edition = make_edition(tmp_path)
    publish(edition, **changes)
    assert explain_staleness(edition) == told
    assert not is_run_current(edition)


def test_another_version_of_a_package_is_named(tmp_path: Path) -> None:
    edition = make_edition(tmp_path)
    now = collect_run_inputs(edition).packages
    publish(edition, packages=now | {"numpy": "1.0"})
    assert explain_staleness(edition) == (f"numpy 1.0 is {now['numpy']} now",)


def test_changed_files_and_changed_sources_are_told_apart(tmp_path: Path) -> None:
    edition = make_edition(tmp_path)
    publish(edition)
    source = edition.reports / "methods.en.qmd"
    source.write_text("# Others\n", encoding="utf-8")
    assert explain_staleness(edition) == (
        "sources of documents, or the code and packages that write them, changed",
    )
    (edition.documents_dir / "rating.en.html").write_text("<b>", encoding="utf-8")
    assert explain_staleness(edition) == (
        "published files were changed, added or deleted: documents/rating.en.html",
    )


def test_a_damaged_record_says_so(tmp_path: Path) -> None:
    edition = make_edition(tmp_path)
    publish(edition)
    (edition.documents_dir / "publication.json").write_text("{", encoding="utf-8")
    (reason,) = explain_staleness(edition) or ()
    assert "publication.json: damaged" in reason
