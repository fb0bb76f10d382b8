"""A replication pack holds everything, says what it is, and has the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pandas as pd
import pytest

from clientindex.edition import load_edition
from clientindex.errors import ReproductionError
from clientindex.hashing import hash_file
from clientindex.pipeline.repro_pack import make, make_pack, twin
from clientindex.pipeline.repro_pack.state import require_current
from clientindex.reproduction.pack.citation import read_citation
from clientindex.reproduction.pack.code_files import list_code_files
from clientindex.reproduction.pack.crate import file_id
from clientindex.reproduction.unpack import unpack
from clientindex.results import load_bundle
from published_small import ROOT, copy_small_demo, make_project, publish_made_up

if TYPE_CHECKING:
    from pathlib import Path

CODE = {"CITATION.cff", "Makefile", "docs/map.md", "scripts/run.sh", "src/clientindex/__init__.py"}
INPUTS = {
    f"data_raw/{name}"
    for name in (
        "demo-2025/register.csv",
        "demo-2025/survey_citizens.csv",
        "demo-2025/survey_employers.csv",
        "demo/checklist.csv",
        "demo/experts.xlsx",
        "demo/register.csv",
        "demo/second_checklist.csv",
        "demo/survey_citizens.csv",
        "demo/survey_employers.csv",
    )
}
BEFORE = {name for name in INPUTS if name.startswith("data_raw/demo-2025/")}
REGISTER = "data_raw/demo-2025/register.csv"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = copy_small_demo(tmp_path_factory.mktemp("published"))
    publish_made_up(path)
    return path


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def pack(published: Path, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that a pack was unpacked into."""
    folder = tmp_path_factory.mktemp("pack")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "find_project", lambda: project)
        done = make_pack(published, output=folder / "demo.zip")
    unpack(done.path, folder / "out")
    return folder / "out"


def list_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def read_graph(pack: Path) -> dict[str, Any]:
    content = json.loads((pack / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert content["@context"] == "https://w3id.org/ro/crate/1.2/context"
    graph = {entity["@id"]: entity for entity in content["@graph"]}
    assert len(graph) == len(content["@graph"])
    return graph


def test_a_pack_holds_all_and_nothing_else(pack: Path, published: Path) -> None:
    results = {f"data_processed/demo/results/{name}" for name in bundle_files(published)}
    before = published.with_name("demo-2025.yml")
    results |= {f"data_processed/demo-2025/results/{name}" for name in bundle_files(before)}
    assert list_files(pack) == {
        *CODE,
        *INPUTS,
        *results,
        *("editions/demo.yml", "editions/demo-2025.yml"),
        *("methodology/2025.yml", "methodology/2026.yml"),
        *("reports/rating.ru.qmd", "reports/rating.en.qmd"),
        "data_processed/demo/documents/publication.json",
        "data_processed/demo/documents/rating.ru.html",
        "data_processed/demo/tables/csv/ru/stars.csv",
        *("README.md", "files.sha256", "inputs.sha256", "ro-crate-metadata.json"),
    }


def bundle_files(edition: Path) -> set[str]:
    return {path.name for path in load_edition(edition).results_dir.iterdir()}


def test_the_edition_in_a_pack_has_the_same_inputs_and_results(pack: Path, published: Path) -> None:
    """The fingerprint of the unpacked edition is that of the published bundle."""
    inside = pack / "editions" / "demo.yml"
    record = require_current(load_edition(inside), path=inside)
    manifest = load_bundle(load_edition(published).results_dir).manifest
    assert record.results.fingerprint == manifest.fingerprint
    assert "# The demo edition: a simulated pilot." in inside.read_text(encoding="utf-8")


def test_checksums_are_those_that_sha256sum_reads(pack: Path) -> None:
    for name, expected in (
        ("inputs.sha256", INPUTS),
        ("files.sha256", list_files(pack) - {"files.sha256", "ro-crate-metadata.json"}),
    ):
        lines = (pack / name).read_text(encoding="utf-8").splitlines()
        assert {line[66:] for line in lines} == expected
        done = subprocess.run(
            ["sha256sum", "-c", "--strict", "--quiet", name], cwd=pack, capture_output=True
        )
        assert (done.returncode, done.stdout) == (0, b"")


def test_every_file_is_described_with_its_sum(pack: Path) -> None:
    graph = read_graph(pack)
    files = {unquote(key): e for key, e in graph.items() if e["@type"] == "File"}
    assert set(files) == list_files(pack) - {"ro-crate-metadata.json"}
    for name, entity in files.items():
        content = (pack / name).read_bytes()
        assert entity["sha256"] == hashlib.sha256(content).hexdigest()
        assert entity["contentSize"] == str(len(content))
        assert re.fullmatch(r"[a-z]+/[\w.+-]+", entity["encodingFormat"])
        assert entity["description"]
    assert files["data_raw/demo/experts.xlsx"]["encodingFormat"].endswith("spreadsheetml.sheet")


def test_the_description_has_what_the_specification_asks(pack: Path) -> None:
    graph = read_graph(pack)
    assert graph["ro-crate-metadata.json"] == {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.2"},
    }
    root = graph["./"]
    assert root["@type"] == "Dataset"
    assert root["datePublished"] == "2026-09-01"
    assert root["name"].startswith("Replication pack: Rating of public employment centres")
    license_id = root["license"]["@id"]
    assert license_id == "https://spdx.org/licenses/GPL-3.0-or-later"
    assert graph[license_id]["name"] == "GPL-3.0-or-later"
    assert graph[root["author"]["@id"]]["name"] == "The clientindex developers"
    assert graph[root["publisher"]["@id"]]["name"] == "The clientindex project"


def find_references(value: Any) -> set[str]:
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            return {value["@id"]}
        return {found for part in value.values() for found in find_references(part)}
    if isinstance(value, list):
        return {found for part in value for found in find_references(part)}
    return set()


def test_no_reference_leads_nowhere_and_all_data_hang_together(pack: Path) -> None:
    graph = read_graph(pack)
    outside = {"https://w3id.org/ro/crate/1.2"}
    assert find_references(list(graph.values())) - outside <= set(graph)
    reached, pending = set(), ["./"]
    while pending:
        found = pending.pop()
        reached.add(found)
        pending += find_references(graph[found].get("hasPart", [])) - reached
    data = {key for key, entity in graph.items() if entity["@type"] in ("File", "Dataset")}
    assert reached == data


def test_the_run_is_told_with_what_it_read_and_wrote(pack: Path) -> None:
    graph = read_graph(pack)
    run = graph["#run"]
    assert run["@type"] == "CreateAction"
    assert graph[run["instrument"]["@id"]]["@type"] == "SoftwareApplication"
    assert graph[run["instrument"]["@id"]]["version"] == "0.1.0"
    assert {entity["@id"] for entity in run["object"]} == INPUTS | {
        *("editions/demo.yml", "editions/demo-2025.yml", "methodology/2026.yml")
    }
    results = {name for name in list_files(pack) if name.startswith("data_processed/demo/results/")}
    assert {entity["@id"] for entity in run["result"]} == results
    rendered = graph["#publication"]
    assert graph[rendered["instrument"]["@id"]]["name"] == "embedded"
    assert graph[rendered["instrument"]["@id"]]["version"] == "(Pandoc 3.9, typst 0.15.2)"
    packages = graph["#clientindex"]["softwareRequirements"]
    versions = {graph[p["@id"]]["name"]: graph[p["@id"]]["version"] for p in packages}
    manifest = load_bundle(pack / "data_processed" / "demo" / "results").manifest
    assert versions == {"Python": manifest.python_version, "typst": "0.15.2", **manifest.packages}


def test_the_readme_is_filled_in_both_languages(pack: Path) -> None:
    text = (pack / "README.md").read_text(encoding="utf-8")
    manifest = load_bundle(pack / "data_processed" / "demo" / "results").manifest
    russian, english = text.split("\n---\n")
    for part in (russian, english):
        assert "sha256sum -c --quiet files.sha256\nmake verify EDITION=demo\n" in part
        assert manifest.fingerprint in part
        assert f"| numpy | {manifest.packages['numpy']} |" in part
        assert hash_file(pack / "data_raw" / "demo" / "register.csv") in part
        assert "tables/rating/stars.py" in part.replace("\\", "") or "stars.py, " in part
        assert "survey\\_citizens.csv" in part
    assert "| Зерно случайных чисел | 2026 |" in russian
    assert "| Random seed | 2026 |" in english


def test_equal_publications_give_equal_bytes(
    published: Path, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "find_project", lambda: project)
    first = make_pack(published, output=tmp_path / "first.zip")
    for path in published.parents[1].rglob("*"):
        if path.is_file():
            path.touch()
            path.chmod(0o600)
    second = make_pack(published, output=tmp_path / "second.zip")
    assert first.path.read_bytes() == second.path.read_bytes()
    assert list_files(tmp_path) == {"first.zip", "second.zip"}
    with zipfile.ZipFile(first.path) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {oct(entry.external_attr >> 16) for entry in entries} == {"0o100644"}


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("data_processed/demo/documents/publication.json", "there is no whole publication"),
        ("data_processed/demo/results/manifest.json", "no complete results bundle"),
        ("data_processed/demo/documents/rating.ru.html", r"deleted: documents/rating\.ru\.html"),
        ("data_raw/demo/register.csv", "cannot be read"),
    ],
)
def test_what_is_not_whole_is_not_packed(
    published: Path, tmp_path: Path, file: str, words: str
) -> None:
    shutil.copytree(published.parents[1], tmp_path / "copy")
    (tmp_path / "copy" / file).unlink()
    edition = tmp_path / "copy" / "editions" / "demo.yml"
    with pytest.raises(ReproductionError, match=words) as caught:
        make_pack(edition, output=tmp_path / "demo.zip")
    assert f"clientindex report {edition}" in str(caught.value)
    assert not (tmp_path / "demo.zip").exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("data_raw/demo/survey_citizens.csv", r"survey_citizens\.csv changed"),
        ("reports/rating.ru.qmd", "sources of documents"),
    ],
)
def test_what_is_old_is_not_packed(published: Path, tmp_path: Path, file: str, words: str) -> None:
    shutil.copytree(published.parents[1], tmp_path / "copy")
    path = tmp_path / "copy" / file
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(ReproductionError, match=f"is not current: .*{words}"):
        make_pack(tmp_path / "copy" / "editions" / "demo.yml", output=tmp_path / "demo.zip")


def test_git_decides_where_it_is_and_the_list_where_it_is_not(project: Path) -> None:
    assert set(list_code_files(project)) == CODE
    (project / "docs" / "private.md").write_text("not tracked", encoding="utf-8")
    (project / "src" / "clientindex" / "new.py").write_text("", encoding="utf-8")
    try:
        assert set(list_code_files(project)) - CODE == {
            "docs/private.md",
            "src/clientindex/new.py",
        }
        for command in (["init", "-q"], ["add", *sorted(CODE), "secrets.txt"]):
            subprocess.run(["git", *command], cwd=project, check=True)
        assert set(list_code_files(project)) - CODE == {"src/clientindex/new.py"}
    finally:
        shutil.rmtree(project / ".git", ignore_errors=True)
        (project / "docs" / "private.md").unlink()
        (project / "src" / "clientindex" / "new.py").unlink()


def test_the_list_of_code_names_what_there_is() -> None:
    names = list_code_files(ROOT)
    assert {"Makefile", "requirements.lock", "scripts/setup_environment.sh"} <= set(names)
    assert "src/clientindex/figures/clientindex.mplstyle" in names
    assert not [name for name in names if name.startswith(("tests/", "reports/", ".git/"))]


def test_signs_that_no_address_holds_are_escaped() -> None:
    assert file_id("data_raw/a b/опрос 5%#.csv") == "data_raw/a%20b/опрос%205%25%23.csv"


def test_people_and_bodies_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "CITATION.cff"
    path.write_text(
        "title: T\nversion: 1.0\nlicense: MIT\nauthors:\n  - name: A team\n"
        "  - {given-names: Anna, family-names: Kern, orcid: 'https://orcid.org/0000-0001'}\n",
        encoding="utf-8",
    )
    body, person = read_citation(path).authors
    assert (body.name, body.is_person) == ("A team", False)
    assert (person.name, person.is_person) == ("Anna Kern", True)
    assert person.orcid == "https://orcid.org/0000-0001"
    path.write_text("title: T\nversion: 1.0\nlicense: MIT\n", encoding="utf-8")
    with pytest.raises(ReproductionError, match="'authors' is missing"):
        read_citation(path)


@pytest.fixture(scope="module")
def twin_pack(published: Path, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that a pack of the year before, with a twin, was unpacked into."""
    folder = tmp_path_factory.mktemp("twin")
    before = published.with_name("demo-2025.yml")
    publish_made_up(before)

    def rebuild(path: Path, **_: Any) -> None:
        publish_made_up(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "find_project", lambda: project)
        patch.setattr(twin, "rebuild", rebuild)
        done = make_pack(before, output=folder / "demo.zip", confidential=True)
    assert done.confidential
    unpack(done.path, folder / "out")
    return folder / "out"


def test_a_pack_with_a_twin_holds_no_answers_and_both_publications(
    twin_pack: Path, pack: Path
) -> None:
    surveys = {name for name in BEFORE if "survey" in name}
    for name in BEFORE:
        same = (twin_pack / name).read_bytes() == (pack / name).read_bytes()
        assert same == (name not in surveys), name
    real = [line.split(",")[0] for name in surveys for line in read_lines(pack / name)[1:]]
    made = [line.split(",")[0] for name in surveys for line in read_lines(twin_pack / name)[1:]]
    assert len(made) == len(real)
    assert not set(made) & set(real)
    results = "results/manifest.json"
    published_manifest = (pack / "data_processed" / "demo-2025" / results).read_bytes()
    assert (twin_pack / "published" / results).read_bytes() == published_manifest
    assert (twin_pack / "data_processed" / "demo-2025" / results).read_bytes() != published_manifest
    documents = "documents/rating.ru.html"
    assert (twin_pack / "published" / documents).is_file()
    assert (twin_pack / "data_processed" / "demo-2025" / documents).is_file()
    assert not [name for name in list_files(twin_pack) if "intake" in name and "src" not in name]


def list_crowded(pack: Path) -> set[str]:
    """Return the centres with ten respondents and more of each segment."""
    found = []
    for name in ("survey_citizens.csv", "survey_employers.csv"):
        centres = pd.read_csv(pack / "data_raw" / "demo-2025" / name)["centre_id"].value_counts()
        found.append(set(centres[centres >= 10].index))
    return found[0] & found[1]


def read_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_the_twin_of_a_pack_is_current_and_told(twin_pack: Path, pack: Path) -> None:
    inside = twin_pack / "editions" / "demo-2025.yml"
    require_current(load_edition(inside), path=inside)
    table = pd.read_csv(twin_pack / "twin_closeness.csv")
    assert set(table["measure"]) == {"count", "mean", "correlation", "index"}
    index = table[table["measure"] == "index"]
    assert set(index["centre"]) == set(pd.read_csv(twin_pack / REGISTER)["centre_id"])
    assert (index["difference"] - (index["twin"] - index["original"])).abs().max() < 2e-6
    crowded = index[index["centre"].isin(list_crowded(twin_pack))]
    assert len(crowded) > 5
    assert crowded["difference"].abs().max() < 1e-6
    text = (twin_pack / "README.md").read_text(encoding="utf-8")
    for words in ("Синтетический двойник", "Synthetic twin", "`published/`", "`duration`"):
        assert words in text
    originals = {line[66:]: line[:64] for line in read_lines(twin_pack / "inputs.original.sha256")}
    assert originals == {name: hash_file(pack / name) for name in BEFORE}
    graph = read_graph(twin_pack)
    files = {unquote(key) for key, entity in graph.items() if entity["@type"] == "File"}
    assert files == list_files(twin_pack) - {"ro-crate-metadata.json"}


def test_a_twin_is_marked_synthetic(tmp_path: Path) -> None:
    path = tmp_path / "edition.yml"
    path.write_text("id: x\nsynthetic: false # yet\nyear: 2026\n", encoding="utf-8")
    twin._mark_synthetic(path)
    assert path.read_text(encoding="utf-8") == "id: x\nsynthetic: true # yet\nyear: 2026\n"
    path.write_text("id: x\nyear: 2026\n", encoding="utf-8")
    twin._mark_synthetic(path)
    assert path.read_text(encoding="utf-8").endswith("\nsynthetic: true\n")
    assert path.read_text(encoding="utf-8").startswith("id: x\nyear: 2026\n")
