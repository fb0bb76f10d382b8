"""A tiny repository in which every item of the checklist passes, and its published edition."""

from __future__ import annotations

import datetime as dt
import json
import textwrap
from importlib.metadata import version
from typing import TYPE_CHECKING

from clientindex.edition import load_edition
from clientindex.hashing import hash_file
from clientindex.reproduction.edition_lock import EditionLock, LockedCode, PublishedNumbers
from clientindex.reproduction.record import (
    PublicationRecord,
    hash_published,
    write_record,
)
from clientindex.results.manifest import InputRecord, Manifest, write_manifest

if TYPE_CHECKING:
    from pathlib import Path

HASH = "--hash=sha256:" + "0" * 64

FILES = {
    "Makefile": """\
        report: data ## Make it
        \t@$(CLIENTINDEX) report "$(EDITION)"
        data: .venv
        \t@python scripts/ensure_data.py
        test: export OMP_NUM_THREADS = 1
        test: .venv ## Test it
        \t@python -m pytest
        check:
        \t@ruff check .
        \t@mypy
        """,
    ".ci/run": "step make setup\nstep make check\nstep make test\nstep make report EDITION=a\n",
    "pyproject.toml": """\
        [project]
        name = "clientindex"
        version = "0.1.0"
        license = "GPL-3.0-or-later"
        dependencies = ["numpy>=2", "ruamel.yaml>=0.18"]
        [project.optional-dependencies]
        dev = ["pytest[x]>=8"]
        [tool.mypy]
        strict = true
        """,
    "LICENSE": "GNU GENERAL PUBLIC LICENSE\nVersion 3\n",
    "CITATION.cff": """\
        cff-version: 1.2.0
        message: Cite it.
        title: clientindex
        authors: [{name: Somebody}]
        version: 0.1.0
        license: GPL-3.0-or-later
        """,
    "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n- Another.\n",
    "README.md": "`make report` makes it, see [changes](CHANGELOG.md#x) and [a](https://a.example).\n",
    "README.ru.md": "`make report` делает всё.\n",
    "docs/ARCHITECTURE.md": "The map.\n",
    "docs/decisions/0001-one.md": "# One\n\n## Decision\n\nYes.\n",
    "reports/methods.ru.qmd": "# Методы\n",
    "reports/methods.en.qmd": "# Methods\n",
    "src/clientindex/__init__.py": '"""The package."""\n',
    "src/clientindex/errors.py": '"""Errors."""\n\n\nclass Wrong(Exception):\n    """Wrong."""\n',
    "src/clientindex/rating/__init__.py": '''\
        """The rating."""

        import numpy as np


        def draw(
            n: int,  # how many
            seed: int,
        ) -> float:
            """Draw."""
            return np.random.default_rng(seed).normal(size=n)
        ''',
    "src/clientindex/simulate/__init__.py": '''\
        """The pilot."""


        def write(edition):
            """Write."""
            for path in edition.input_files:
                path.write_text("x")
        ''',
    "tests/helper.py": "def compare(a, b):\n    assert a == b\n",
    "tests/test_rating.py": """\
        import pytest
        from clientindex.errors import Wrong
        from clientindex.rating import draw
        from helper import compare


        def test_draw():
            compare(draw(1, 2), draw(1, 2))


        class TestRefusals:
            def test_wrong(self):
                with pytest.raises(Wrong):
                    draw(0, 0)
        """,
    "tests/test_notebooks.py": """\
        from clientindex import simulate

        BOOKS = sorted(ANALYSIS.glob("*.ipynb"))


        def test_books_run():
            assert [run_notebook(book) for book in BOOKS]
        """,
    "analysis/01_a.ipynb": json.dumps(
        {
            "cells": [
                {"cell_type": "markdown"},
                {"cell_type": "code", "outputs": [], "execution_count": None},
            ]
        }
    ),
    "data_raw/a/answers.csv": "centre,x\n1,2\n",
    "editions/a.yml": """\
        schema: 1
        id: a
        year: 2026
        title: {ru: а, en: a}
        publisher: {ru: а, en: a}
        cut_off: 2026-06-30
        published: 2026-09-01
        methodology: ../methodology/2026.yml
        documents: [rating]
        formats: [html]
        languages: [ru, en]
        seed: 5
        synthetic: true
        data: {survey: [{file: ../data_raw/a/answers.csv}]}
        reports: ../reports
        output: ../data_processed/a
        revision_policy: {ru: нет, en: none}
        errors_contact: a@b.example
        """,
}

DICTIONARY = """\
dictionary_file,dictionary_column,dictionary_meaning
stars,centre,The centre
stars,data_status,What data these are
data_dictionary,dictionary_file,A file
data_dictionary,dictionary_column,A column
data_dictionary,dictionary_meaning,A meaning
"""


def write_files(root: Path, files: dict[str, str]) -> None:
    """Write texts below a folder, without their common indentation."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")


def make_repository(root: Path) -> Path:
    """Make the repository and what its edition published."""
    write_files(root, FILES)
    locked = [
        f"{name}=={version(name)} \\\n    {HASH} \\\n    {HASH}\n    # via x\n"
        for name in ("numpy", "ruamel.yaml", "pytest")
    ]
    elsewhere = f"appnope==1.0.0 ; sys_platform == 'other' \\\n    {HASH}\n"
    text = "# made by a tool\n" + "".join(locked) + elsewhere
    (root / "requirements.lock").write_text(text, encoding="utf-8")
    publish(root)
    return root


def publish(root: Path) -> None:
    """Write results, documents and tables of the edition with their records."""
    edition = load_edition(root / "editions" / "a.yml")
    for language in edition.languages:
        folder = f"data_processed/a/tables/csv/{language}"
        write_files(
            root,
            {
                f"data_processed/a/documents/rating.{language}.html": "<p>",
                f"{folder}/stars.csv": "centre,data_status\n1,Synthetic data\n",
                f"{folder}/data_dictionary.csv": DICTIONARY,
                f"{folder}/csv-metadata.json": '{"notes": [{"rdfs:comment": "Synthetic"}]}',
            },
        )
    (file,) = edition.input_files
    manifest = Manifest(
        fingerprint="f",
        edition_id="a",
        methodology_id="2026",
        edition_sha256="",
        methodology_sha256="",
        code_sha256="",
        code_version="0.1.0",
        python_version="3.11",
        packages={},
        seed=edition.seed,
        inputs=(InputRecord(name=file.name, sha256=hash_file(file), n_rows=1),),
        files={},
    )
    edition.results_dir.mkdir(parents=True, exist_ok=True)
    write_manifest(manifest, edition.results_dir)
    record_files(root, manifest)


def make_lock(edition: str) -> EditionLock:
    """Return the lock of an edition that nothing is known of."""
    code = LockedCode(
        version="1", computing_sha256="", presenting_sha256="", python="3.11", packages={}
    )
    numbers = PublishedNumbers(published=dt.date(2026, 9, 1), level=0.95, centres=(), regions=())
    return EditionLock(
        schema=1,
        edition=edition,
        revision=0,
        published=numbers.published,
        fingerprint="f",
        edition_sha256="",
        settings={},
        methodology="2026.yml",
        methodology_sha256="",
        inputs=(),
        previous=None,
        bundle={},
        publication={},
        code=code,
        history=(),
        first_published=numbers,
    )


def record_files(root: Path, manifest: Manifest) -> None:
    """Write the record of the documents and tables that are there."""
    edition = load_edition(root / "editions" / "a.yml")
    record = PublicationRecord(
        fingerprint="g",
        renderer="embedded",
        presentation_sha256="",
        sources={},
        packages={},
        results=manifest.made_from,
        files=hash_published(edition.documents_dir, edition.tables_dir),
    )
    write_record(record, edition.documents_dir)
