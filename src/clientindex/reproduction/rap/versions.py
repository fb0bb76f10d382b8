"""Version control, licence, citation, changelog and decisions."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from clientindex.reproduction.rap.item import Ask
from clientindex.reproduction.rap.sources import AEA, MATURITY, RAP, TIER

if TYPE_CHECKING:
    from clientindex.reproduction.rap.item import RapItem
    from clientindex.reproduction.rap.repository import Repository

VERSION_CONTROL = Ask(
    "version_control",
    "Is the code under version control?",
    RAP,
    "Commit the repository: an audit trail is what others can follow.",
)
CLEAN_TREE = Ask(
    "clean_tree",
    "Is everything committed, so that the commit names what was run?",
    RAP,
    "Commit or discard the changes named, then publish again.",
)
LICENCE = Ask(
    "licence",
    "Does a licence say what others may do with the code?",
    AEA,
    "Put the text of the licence that pyproject.toml names into LICENSE.",
)
CITATION = Ask(
    "citation",
    "Does CITATION.cff say how to cite, for the version of the package?",
    AEA,
    "Mend CITATION.cff: fields of the Citation File Format 1.2.0, version as in pyproject.toml.",
)
CHANGELOG = Ask(
    "changelog",
    "Does the changelog tell what the version has changed?",
    MATURITY,
    "Write what changed into CHANGELOG.md under the version or under [Unreleased].",
)
DECISIONS = Ask(
    "decisions",
    "Are decisions recorded with their reasons?",
    TIER,
    "Write decisions into docs/decisions/, one page each, with its number first.",
)

NO_GIT: Final = "no git checkout (an unpacked replication pack has none)"
_CFF_NEEDED: Final = ("authors", "cff-version", "message", "title", "version", "license")
_ENTRY: Final = re.compile(r"^## \[([^\]]+)\]", re.MULTILINE)
_LICENCE_LINES: Final = 20


def check_versions(repository: Repository) -> list[RapItem]:
    """Check what identifies the code and its history."""
    project = _read_project(repository)
    return [
        *_check_git(repository),
        _check_licence(repository, project),
        _check_citation(repository, project),
        _check_changelog(repository, project),
        _check_decisions(repository),
    ]


def _read_project(repository: Repository) -> dict[str, Any]:
    try:
        return dict(tomllib.loads(repository.read("pyproject.toml")).get("project", {}))
    except tomllib.TOMLDecodeError:
        return {}


def _check_git(repository: Repository) -> list[RapItem]:
    if not (repository.root / ".git").exists():
        return [VERSION_CONTROL.skip(NO_GIT), CLEAN_TREE.skip(NO_GIT)]
    commit = (repository.git("rev-parse", "HEAD") or "").strip()
    tag = (repository.git("describe", "--tags", "--exact-match") or "").strip()
    changed = (repository.git("status", "--porcelain") or "").splitlines()
    named = f"commit {commit[:12]}, {f'tag {tag}' if tag else 'no tag'}"
    absent = [] if commit else ["there is no commit yet"]
    return [
        VERSION_CONTROL.judge(absent, found=f"{named}, {len(repository.tracked)} files"),
        CLEAN_TREE.judge(absent + [line.strip() for line in changed], found=f"clean at {named}"),
    ]


def _check_licence(repository: Repository, project: dict[str, Any]) -> RapItem:
    text, named = repository.read("LICENSE"), str(project.get("license", ""))
    head = " ".join(text.split()[: 10 * _LICENCE_LINES])
    faults = [] if text else ["LICENSE is absent or empty"]
    faults += [] if named else ["pyproject.toml names no licence"]
    family = re.match(r"[A-Za-z]+", named)
    words = {"GPL": "GENERAL PUBLIC LICENSE", "MIT": "MIT License", "Apache": "Apache License"}
    expected = words.get(family[0], "") if family else ""
    if text and expected and expected not in head:
        faults.append(f"LICENSE is not the text of {named}")
    return LICENCE.judge(faults, found=f"{named}, {len(text.splitlines())} lines in LICENSE")


def _check_citation(repository: Repository, project: dict[str, Any]) -> RapItem:
    try:
        content = YAML(typ="safe", pure=True).load(repository.read("CITATION.cff"))
    except YAMLError as exc:
        return CITATION.judge([f"CITATION.cff cannot be read ({type(exc).__name__})"], found="")
    if not isinstance(content, dict):
        return CITATION.judge(["CITATION.cff is absent or empty"], found="")
    faults = [f"CITATION.cff has no '{key}'" for key in _CFF_NEEDED if not content.get(key)]
    for key in ("version", "license"):
        if content.get(key) and str(content[key]) != str(project.get(key)):
            told = f"CITATION.cff says {content[key]}, pyproject.toml {project.get(key)}"
            faults.append(f"{key}: {told}")
    found = f"version {content.get('version')} in both, {len(content)} fields"
    return CITATION.judge(faults, found=found)


def _check_changelog(repository: Repository, project: dict[str, Any]) -> RapItem:
    text, version = repository.read("CHANGELOG.md"), str(project.get("version"))
    parts = _ENTRY.split(text)[1:]
    entries = dict(zip(parts[::2], parts[1::2], strict=True))
    counted = {name: len(re.findall(r"(?m)^- ", body)) for name, body in entries.items()}
    told = {name: n for name, n in counted.items() if name in {version, "Unreleased"} and n}
    faults = [] if told else [f"CHANGELOG.md tells nothing under [{version}] or [Unreleased]"]
    found = ", ".join(f"{n} entries under [{name}]" for name, n in told.items())
    return CHANGELOG.judge(faults, found=found)


def _check_decisions(repository: Repository) -> RapItem:
    pages = repository.list_files("docs/decisions", "*.md")
    numbered = [path for path in pages if re.match(r"\d{4}-", path.name)]
    faults = [] if numbered else ["docs/decisions holds no numbered page"]
    empty = [path for path in numbered if "## Decision" not in repository.read_path(path)]
    faults += [f"{repository.name(path)} states no decision" for path in empty]
    return DECISIONS.judge(faults, found=f"{len(numbered)} pages in docs/decisions")
