"""The results bundle: everything that a document may read, checked against its hashes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from clientindex.edition import EditionCard
from clientindex.errors import BundleError
from clientindex.hashing import hash_file
from clientindex.methodology import Methodology, load_methodology
from clientindex.results.base import Unavailable
from clientindex.results.manifest import (
    MANIFEST_NAME,
    RUN_NAME,
    Manifest,
    RunRecord,
    load_manifest,
    load_run_record,
)
from clientindex.results.storage import load_result, save_result

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from clientindex.results.base import Result

NOT_A_FILE = "not a file"
"""Stands for the hash of a folder, which no bundle has."""

METHODOLOGY_NAME = "methodology.yml"
EDITION_NAME = "edition.json"

RESULT_NAMES = (
    "coverage",
    "scores",
    "stars",
    "regions",
    "group_means",
    "score_parts",
    "star_doubt",
    "ranks",
    "error_check",
    "shrinkage",
    "regional",
    "change",
    "methodology_effects",
    "answer_weights",
    "case_mix",
    "weight_stability",
    "weight_importance",
    "optimised_weights",
    "weight_sources",
    "weight_bounds",
    "multiverse",
    "sobol_indices",
    "joint_doubt",
    "leave_out",
    "rank_reversals",
    "comparability",
    "side_reliability",
    "multitrait",
    "multitrait_indicators",
    "method_variance",
    "method_model",
    "agreement",
    "category_agreement",
    "structural",
    "inflation",
    "audit",
    "consistency",
    "item_analysis",
    "omegas",
    "centre_reliability",
    "answer_quality",
    "indicator_sets",
    "polychoric",
    "suitability",
    "factor_number",
    "exploratory",
    "region_congruence",
    "confirmatory",
    "validity",
    "invariance",
    "levels",
    "revision",
)
"""Results of a full run, by name; a stage that is not asked for leaves its names out, and only an
edition with notes of revisions has ``revision``."""

ATTEMPTS = 5
"""So often a bundle is read anew that is replaced while it is read."""

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bundle:
    """A loaded bundle: what it was made from, its settings and its results by name."""

    folder: Path
    manifest: Manifest
    run: RunRecord
    edition: EditionCard
    methodology: Methodology
    results: Mapping[str, Result]

    def get(self, name: str, kind: type[Kind]) -> Kind | Unavailable:
        """Return a result, or the reason why it is not defined for these data.

        Parameters
        ----------
        name : str
            One of :data:`RESULT_NAMES`.
        kind : type
            The type the caller expects.

        Raises
        ------
        BundleError
            If the bundle lacks the result or holds another type under its name.
        """
        if name not in self.results:
            msg = f"{self.folder}: no result {name!r} in the bundle; it has {list(self.results)}."
            raise BundleError(msg)
        result = self.results[name]
        if not isinstance(result, (kind, Unavailable)):
            msg = f"{self.folder}: {name!r} is {type(result).__name__}, expected {kind.__name__}."
            raise BundleError(msg)
        return result


def write_bundle_content(
    results: Mapping[str, Result], folder: Path, *, edition: EditionCard, methodology_text: bytes
) -> dict[str, str]:
    """Write results and settings into an empty folder.

    Returns
    -------
    dict
        File name -> SHA-256, for the manifest.
    """
    for name, result in results.items():
        save_result(result, folder, name=name)
    (folder / METHODOLOGY_NAME).write_bytes(methodology_text)
    card = json.dumps(edition.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / EDITION_NAME).write_text(card + "\n", encoding="utf-8")
    return hash_folder(folder)


def hash_folder(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a bundle but the manifest and the run record."""
    files = sorted(p for p in folder.iterdir() if p.name not in (MANIFEST_NAME, RUN_NAME))
    return {path.name: hash_file(path) if path.is_file() else NOT_A_FILE for path in files}


def check_bundle(folder: Path) -> Manifest:
    """Compare a bundle with its manifest.

    Raises
    ------
    BundleError
        Naming the files that are missing, damaged or foreign.
    """
    manifest = load_manifest(folder)
    load_run_record(folder)
    found = hash_folder(folder)
    differing = sorted(
        name for name in {*manifest.files, *found} if manifest.files.get(name) != found.get(name)
    )
    if differing:
        names = ", ".join(differing)
        msg = f"{folder}: incomplete or damaged bundle: {names}. Run the edition again."
        raise BundleError(msg)
    return manifest


def load_bundle(folder: Path) -> Bundle:
    """Load a bundle after checking every file against the manifest.

    Where a run puts new results in place meanwhile, they are loaded instead: no bundle holds
    results of two runs.

    Raises
    ------
    BundleError
        If the bundle is absent, incomplete or damaged.
    """
    for _ in range(ATTEMPTS):
        before = _identify(folder)
        try:
            bundle = _load_once(folder)
        except (BundleError, OSError):
            if _identify(folder) == before:
                raise
        else:
            if _identify(folder) == before:
                return bundle
    msg = f"{folder}: a run replaces the results again and again. Wait until it ends and try again."
    raise BundleError(msg)


def _identify(folder: Path) -> tuple[int, ...]:
    """Return what differs between a folder and another one in its place; empty where none is."""
    try:
        found = folder.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_ctime_ns


def _load_once(folder: Path) -> Bundle:
    manifest = check_bundle(folder)
    names = [path.stem for path in folder.glob("*.json") if path.name not in _NOT_RESULTS]
    return Bundle(
        folder=folder,
        manifest=manifest,
        run=load_run_record(folder),
        edition=EditionCard.model_validate_json((folder / EDITION_NAME).read_text("utf-8")),
        methodology=load_methodology(folder / METHODOLOGY_NAME),
        results={name: load_result(folder, name=name) for name in sorted(names)},
    )


_NOT_RESULTS = (MANIFEST_NAME, RUN_NAME, EDITION_NAME)
