"""Each fault planted in a repository without any makes exactly one item of the checklist fail."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clientindex.edition import load_edition
from clientindex.publishing.typed_digits import find_typed_digits
from clientindex.reproduction.edition_lock import write_lock
from clientindex.reproduction.rap import (
    Given,
    GivenEdition,
    Repository,
    State,
    check_reproducibility,
)
from clientindex.results.manifest import load_manifest
from made_repository import HASH, make_lock, make_repository, publish, record_files, write_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.reproduction.rap import RapItem

    Plant = Callable[[Path], None]

ROOT = Path(__file__).parents[3]
WITHOUT_GIT = {"version_control", "clean_tree"}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("sound"))


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "copy"))


def check(root: Path, *, stale: tuple[str, ...] | None = (), **changes: object) -> list[RapItem]:
    path = root / "editions" / "a.yml"
    edition = load_edition(path).model_copy(update=changes)
    typed = find_typed_digits(root / "reports")
    given = Given(typed_digits=typed, edition=GivenEdition(edition=edition, path=path, stale=stale))
    return list(check_reproducibility(Repository(root), given))


def list_failed(items: list[RapItem]) -> dict[str, str]:
    return {item.key: item.evidence for item in items if item.state is State.FAILED}


def list_skipped(items: list[RapItem]) -> set[str]:
    return {item.key for item in items if item.state is State.NOT_APPLICABLE}


def replace(name: str, old: str, new: str) -> Plant:
    def plant(root: Path) -> None:
        path = root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return plant


def add(name: str, text: str) -> Plant:
    return lambda root: write_files(root, {name: text})


def remove(name: str) -> Plant:
    return lambda root: (root / name).unlink()


def republish(*plants: Plant) -> Plant:
    """Plant faults into published files, then record the files as they are."""

    def plant(root: Path) -> None:
        for one in plants:
            one(root)
        record_files(root, load_manifest(root / "data_processed" / "a" / "results"))

    return plant


def test_a_sound_repository_fails_nothing(sound: Path) -> None:
    items = check(sound)
    assert list_failed(items) == {}
    assert list_skipped(items) == {*WITHOUT_GIT, "edition_locked"}
    assert len(items) == len({item.key for item in items}) == 38
    told = {item.key: item.evidence for item in items}
    assert told["lock_hashes"] == "4 packages, 7 hashes"
    assert told["lock_installed"] == "3 installed as locked, 1 only for other machines"
    assert told["tests_assert"] == "3 tests, each asserts something"
    assert told["rooms_tested"] == "3 rooms, 2 files of tests"
    assert told["changelog"] == "2 entries under [Unreleased]"
    assert told["data_dictionary"] == "10 columns of 4 files explained"
    assert told["synthetic_marked"] == "2 rows of 2 tables"
    assert all(item.evidence and item.source and not item.remedy for item in items)


RATING = "src/clientindex/rating/__init__.py"
DRAW = "np.random.default_rng(seed).normal(size=n)"
TABLES = "data_processed/a/tables/csv/en"
OUTPUT = json.dumps({"cells": [{"cell_type": "code", "outputs": [], "execution_count": 3}]})

FAULTS: dict[str, tuple[str, Plant, str]] = {
    "other program": (
        "one_command",
        replace("Makefile", "$(CLIENTINDEX) report", "$(CLIENTINDEX) print"),
        "does not call `clientindex report`",
    ),
    "waits": (
        "no_manual_step",
        replace("Makefile", "@python scripts", "@read -p 'copy the file'; python scripts"),
        "waits for somebody",
    ),
    "no test in CI": (
        "ci_tests",
        replace("Makefile", "@python -m pytest", "@true"),
        "make test does not call pytest",
    ),
    "no check in CI": (
        "ci_style",
        replace(".ci/run", "step make check\n", "# step make check\n"),
        "does not call `make check`",
    ),
    "lax types": ("ci_style", replace("pyproject.toml", "strict = true", ""), "strict types"),
    "no report in CI": (
        "ci_publication",
        replace(".ci/run", "step make report EDITION=a", ""),
        "does not call `make report`",
    ),
    "notebooks not run": (
        "notebooks_run",
        replace("tests/test_notebooks.py", "run_notebook(", "read_notebook("),
        "no test executes",
    ),
    "no pin": (
        "lock_hashes",
        replace("requirements.lock", "appnope==1.0.0", "appnope>=1.0.0"),
        "appnope has no version",
    ),
    "no hash": (
        "lock_hashes",
        replace("requirements.lock", f"'other' \\\n    {HASH}", "'other'"),
        "appnope has no SHA-256",
    ),
    "half a hash": (
        "lock_hashes",
        replace("requirements.lock", f"'other' \\\n    {HASH}", f"'other' \\\n    {HASH[:-1]}"),
        "appnope has no SHA-256",
    ),
    "not locked": (
        "lock_complete",
        replace("pyproject.toml", '"numpy>=2"', '"numpy>=2", "sci_py"'),
        "sci-py is not locked",
    ),
    "address": (
        "lock_addresses",
        replace("requirements.lock", "# made by a tool", "--find-links wheels.example"),
        "requirements.lock:1: --find-links",
    ),
    "file address": (
        "lock_addresses",
        replace("requirements.lock", "# via x", "# via file://wheels"),
        "file://wheels",
    ),
    "other version": (
        "lock_installed",
        replace("requirements.lock", "appnope==1.0.0 ; sys_platform == 'other'", "click==0.0.1"),
        "click: locked 0.0.1, installed",
    ),
    "not installed": (
        "lock_installed",
        replace("requirements.lock", " ; sys_platform == 'other'", ""),
        "appnope 1.0.0 is not installed",
    ),
    "no seed": (
        "random_seeded",
        replace(RATING, "default_rng(seed)", "default_rng()"),
        "np.random.default_rng",
    ),
    "global state": ("random_seeded", replace(RATING, DRAW, "np.random.normal()"), "whole process"),
    "module random": (
        "random_seeded",
        replace(RATING, "import numpy as np", "import random"),
        "imports random",
    ),
    "rows without a state": (
        "random_seeded",
        replace(RATING, DRAW, "frame.sample(n)"),
        "frame.sample() without random_state",
    ),
    "clock": (
        "no_clock_in_results",
        replace(RATING, DRAW, "np.random.default_rng(time.time_ns())"),
        "rating/__init__.py:11: time.time_ns()",
    ),
    "writes an input": (
        "inputs_read_only",
        replace(RATING, f"return {DRAW}", "for f in e.sources:\n        f.file.open('w')"),
        "f.file.open() changes an input",
    ),
    "deletes an input": (
        "inputs_read_only",
        replace(RATING, f"return {DRAW}", 'path = root / "data_raw"\n    shutil.rmtree(path)'),
        "shutil.rmtree() changes an input",
    ),
    "room without tests": (
        "rooms_tested",
        add("src/clientindex/factors/__init__.py", '"""Factors."""\n'),
        "no test imports clientindex.factors",
    ),
    "test without assertion": (
        "tests_assert",
        replace("tests/helper.py", "assert a == b", "return a == b  # assert nothing"),
        "tests/test_rating.py:7 test_draw",
    ),
    "path of a machine": (
        "no_machine_paths",
        add("docs/a.md", "first\nsee /home/" + "anna/x\n"),
        "docs/a.md:2",
    ),
    "registry": (
        "no_registry_hosts",
        add("docs/a.md", "https://" + ".".join(("pypi", "org")) + "/x\n"),
        "docs/a.md:1",
    ),
    "outputs": (
        "notebooks_without_outputs",
        add("analysis/02_b.ipynb", OUTPUT),
        "analysis/02_b.ipynb:0",
    ),
    "dead link": (
        "readme",
        replace("README.md", "CHANGELOG.md#x", "docs/gone.md#x"),
        "README.md links to docs/gone.md",
    ),
    "one language": ("readme", remove("README.ru.md"), "README.ru.md is absent"),
    "no methods": ("methods", remove("reports/methods.en.qmd"), "reports/methods.en.qmd is absent"),
    "no docstring": (
        "docstrings",
        replace(RATING, '    """Draw."""\n', ""),
        "rating/__init__.py:6 draw",
    ),
    "typed digit": (
        "numbers_in_prose",
        add("reports/methods.en.qmd", "# Methods\n\nAsked were 240 centres.\n"),
        "methods.en.qmd: 240",
    ),
    "no licence": ("licence", replace("LICENSE", "GNU GENERAL", "MY OWN"), "is not the text of"),
    "citation of another version": (
        "citation",
        replace("CITATION.cff", "version: 0.1.0", "version: 0.2.0"),
        "CITATION.cff says 0.2.0, pyproject.toml 0.1.0",
    ),
    "citation without authors": (
        "citation",
        replace("CITATION.cff", "authors: [{name: Somebody}]", ""),
        "has no 'authors'",
    ),
    "silent changelog": (
        "changelog",
        replace("CHANGELOG.md", "## [Unreleased]", "## [0.0.1]"),
        "nothing under [0.1.0] or [Unreleased]",
    ),
    "no decisions": ("decisions", remove("docs/decisions/0001-one.md"), "no numbered page"),
    "another seed": (
        "seed_stated",
        replace("editions/a.yml", "seed: 5", "seed: 6"),
        "a.yml says 6, results have 5",
    ),
    "changed input": (
        "input_checksums",
        replace("data_raw/a/answers.csv", "1,2", "1,3"),
        "answers.csv is another file",
    ),
    "absent input": (
        "input_checksums",
        remove("data_raw/a/answers.csv"),
        "answers.csv is absent",
    ),
    "no policy": (
        "revision_policy",
        replace("editions/a.yml", "revision_policy: {ru: нет, en: none}", ""),
        "no revision_policy",
    ),
    "no contact": (
        "revision_policy",
        replace("editions/a.yml", "errors_contact: a@b.example", ""),
        "no errors_contact",
    ),
    "absent document": (
        "published",
        republish(remove("data_processed/a/documents/rating.en.html")),
        "rating.en.html is absent",
    ),
    "changed document": (
        "published_files",
        add("data_processed/a/documents/rating.en.html", "<b>"),
        "documents/rating.en.html was changed",
    ),
    "another file": (
        "published_files",
        add("data_processed/a/documents/more.html", "<b>"),
        "documents/more.html is not in the record",
    ),
    "unexplained column": (
        "data_dictionary",
        republish(replace(f"{TABLES}/data_dictionary.csv", "stars,centre,The centre\n", "")),
        "en/stars.csv: column centre",
    ),
    "column without meaning": (
        "data_dictionary",
        republish(replace(f"{TABLES}/data_dictionary.csv", ",The centre", ",")),
        "en/stars.csv: column centre",
    ),
    "unmarked row": (
        "synthetic_marked",
        republish(replace(f"{TABLES}/stars.csv", "1,Synthetic data", "1,Synthetic data\n2,")),
        "en/stars.csv",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_fails_exactly_its_item(copy: Path, name: str) -> None:
    key, plant, told = FAULTS[name]
    plant(copy)
    failed = list_failed(items := check(copy))
    assert set(failed) == {key}
    assert told in failed[key]
    (item,) = [item for item in items if item.key == key]
    assert item.remedy


def test_dates_in_the_wrong_order_fail(sound: Path) -> None:
    cut_off = load_edition(sound / "editions" / "a.yml").published.replace(year=2027)
    assert list_failed(check(sound, cut_off=cut_off)) == {
        "release_date": "data end on 2027-09-01, after publication on 2026-09-01"
    }


def test_what_is_stale_and_unlocked_is_told(copy: Path) -> None:
    failed = list_failed(check(copy, stale=("answers.csv changed",), synthetic=False))
    assert failed == {
        "publication_current": "answers.csv changed",
        "edition_locked": "a.lock.json is absent",
    }
    place = copy / "editions" / "a.lock.json"
    place.write_text("{}", encoding="utf-8")
    assert "a lock of version None" in list_failed(check(copy, synthetic=False))["edition_locked"]
    write_lock(make_lock("b"), place)
    (told,) = list_failed(check(copy, synthetic=False)).values()
    assert "the lock of the edition 'b', expected that of 'a'" in told
    write_lock(make_lock("a"), place)
    items = check(copy, synthetic=False)
    assert list_failed(items) == {}
    assert "synthetic_marked" in list_skipped(items)


def test_without_a_publication_one_item_fails_and_others_do_not_apply(copy: Path) -> None:
    shutil.rmtree(copy / "data_processed")
    items = check(copy, stale=None)
    assert set(list_failed(items)) == {"published"}
    waiting = {"input_checksums", "publication_current", "published_files", "data_dictionary"}
    assert list_skipped(items) >= waiting | {"synthetic_marked"}


def test_an_unpacked_pack_needs_no_tests(copy: Path) -> None:
    for name in ("tests", ".ci"):
        shutil.rmtree(copy / name)
    assert {"ci_tests", "tests_assert", "rooms_tested"} <= list_failed(check(copy)).keys()
    write_files(copy, {"ro-crate-metadata.json": "{}", "README.md": "`make verify` compares.\n"})
    items = check(copy)
    assert list_failed(items) == {}
    of_tests = {"ci_tests", "ci_style", "ci_publication", "notebooks_run"}
    assert list_skipped(items) >= of_tests | {"tests_assert", "rooms_tested"}


def test_a_checkout_names_its_commit_and_what_is_not_committed(copy: Path) -> None:
    def git(*words: str) -> str:
        command = ["git", "-C", str(copy), "-c", "user.name=a", "-c", "user.email=a@b", *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "All")
    git("tag", "v1")
    told = {item.key: item for item in check(copy)}
    commit = git("rev-parse", "HEAD")[:12]
    assert told["version_control"].evidence.startswith(f"commit {commit}, tag v1, ")
    assert told["clean_tree"].state is State.PASSED
    (copy / "more.txt").write_text("x", encoding="utf-8")
    assert list_failed(check(copy)) == {"clean_tree": "?? more.txt"}


def test_publishing_anew_mends_what_was_changed(copy: Path) -> None:
    replace("data_raw/a/answers.csv", "1,2", "1,3")(copy)
    publish(copy)
    assert list_failed(check(copy)) == {}


def test_this_repository_passes() -> None:
    given = Given(typed_digits=find_typed_digits(ROOT / "reports"), edition=None)
    items = check_reproducibility(Repository(ROOT), given)
    failed = {item.key: item.evidence for item in items if item.state is State.FAILED}
    failed.pop("clean_tree", None)  # work that is not committed yet is no fault of the tests
    assert failed == {}
    skipped = {item.key for item in items if item.state is State.NOT_APPLICABLE}
    assert skipped <= WITHOUT_GIT
