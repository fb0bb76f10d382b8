"""The manifest: what a bundle was made from, and the hash of everything in it.

The manifest holds nothing that changes between two equal runs; time and memory of a run stand in
``run.json`` beside it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from clientindex.errors import BundleError
from clientindex.results.origin import Origin, OriginRecord

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST_NAME = "manifest.json"
RUN_NAME = "run.json"
SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRecord:
    """One input file: its name, SHA-256 and number of rows."""

    name: str
    sha256: str
    n_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFrom:
    """What the numbers of a bundle, and of a publication, were computed from.

    Attributes
    ----------
    fingerprint : str
        SHA-256 over everything that can change a number: inputs, methodology, edition, package
        versions and source code. Equal fingerprints mean that nothing needs computing.
    edition_id, methodology_id : str
    edition_sha256, methodology_sha256, code_sha256 : str
    code_version, python_version : str
    packages : dict
        Name -> version of every package that computes.
    seed : int
    inputs : tuple of InputRecord
    previous_sha256 : str
        Of the manifest of the previous edition, "" without one.
    published_sha256 : str
        Of the first published numbers that a revised edition is compared with, "" without a note
        of revision.
    """

    fingerprint: str
    edition_id: str
    methodology_id: str
    edition_sha256: str
    methodology_sha256: str
    code_sha256: str
    code_version: str
    python_version: str
    packages: dict[str, str]
    seed: int
    inputs: tuple[InputRecord, ...]
    previous_sha256: str = ""
    published_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(MadeFrom):
    """What a bundle was made from, and what it holds.

    Attributes
    ----------
    files : dict
        File of the bundle -> SHA-256.
    origins : dict
        Result -> :class:`OriginRecord`.
    """

    files: dict[str, str]
    origins: dict[str, OriginRecord] = field(default_factory=dict)

    @property
    def made_from(self) -> MadeFrom:
        """All but what the bundle holds."""
        return MadeFrom(**{one.name: getattr(self, one.name) for one in fields(MadeFrom)})

    def trace(self, result: str) -> Origin:
        """Return what a result was computed from.

        Raises
        ------
        BundleError
            If nothing is known of such a result.
        """
        if result not in self.origins:
            msg = f"no result {result!r} whose origin is known; there are {list(self.origins)}."
            raise BundleError(msg)
        record = self.origins[result]
        after = self._list_earlier(result)
        names = {name for one in (result, *after) for name in self.origins[one].inputs}
        return Origin(
            result=result,
            stage=record.stage,
            function=record.function,
            inputs=tuple(one for one in self.inputs if one.name in names),
            settings=record.settings,
            after=after,
            files={
                file: sha256
                for file, sha256 in sorted(self.files.items())
                if file.partition(".")[0] == result
            },
            seed=self.seed,
            methodology_id=self.methodology_id,
            methodology_sha256=self.methodology_sha256,
            code_version=self.code_version,
            code_sha256=self.code_sha256,
            packages=self.packages,
        )

    def _list_earlier(self, result: str) -> tuple[str, ...]:
        """List the results before one, the nearest first and each once."""
        found: dict[str, None] = {}
        waiting = list(self.origins[result].after)
        while waiting:
            name = waiting.pop(0)
            if name not in found and name in self.origins:
                found[name] = None
                waiting += self.origins[name].after
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What one run cost: wall time in seconds by stage, and peak memory of its processes in MiB."""

    seconds: dict[str, float]
    peak_memory_mib: float


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write the manifest as ``manifest.json``, keys sorted."""
    _write_json({"schema": SCHEMA, **asdict(manifest)}, folder / MANIFEST_NAME)


def write_run_record(record: RunRecord, folder: Path) -> None:
    """Write time and memory of a run as ``run.json``."""
    _write_json(asdict(record), folder / RUN_NAME)


def load_manifest(folder: Path) -> Manifest:
    """Load the manifest of a bundle.

    Raises
    ------
    BundleError
        If it is missing, damaged or of another version.
    """
    values = _read_json(folder / MANIFEST_NAME)
    if values.pop("schema", None) != SCHEMA:
        msg = f"{folder / MANIFEST_NAME}: written by another version. Run the edition again."
        raise BundleError(msg)
    try:
        inputs = tuple(InputRecord(**record) for record in values.pop("inputs"))
        origins = {name: _read_origin(one) for name, one in values.pop("origins", {}).items()}
        files = dict(values.pop("files"))
        return Manifest(inputs=inputs, files=files, origins=origins, **values)
    except (KeyError, TypeError, ValueError) as exc:
        msg = f"{folder / MANIFEST_NAME}: damaged ({exc}). Run the edition again."
        raise BundleError(msg) from exc


def _read_origin(values: dict[str, Any]) -> OriginRecord:
    several = {name: tuple(values[name]) for name in ("inputs", "after")}
    return OriginRecord(**values | several)


def load_run_record(folder: Path) -> RunRecord:
    """Load time and memory of the run that made a bundle.

    Raises
    ------
    BundleError
        If the record is missing or damaged.
    """
    try:
        return RunRecord(**_read_json(folder / RUN_NAME))
    except TypeError as exc:
        msg = f"{folder / RUN_NAME}: damaged ({exc}). Run the edition again."
        raise BundleError(msg) from exc


def _write_json(values: dict[str, Any], path: Path) -> None:
    text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        msg = f"{path}: no such file; there is no complete results bundle. Run the edition first."
        raise BundleError(msg) from None
    except (OSError, ValueError) as exc:
        msg = f"{path}: damaged ({exc}). Run the edition again."
        raise BundleError(msg) from exc
    if not isinstance(values, dict):
        msg = f"{path}: damaged (expected keys and values). Run the edition again."
        raise BundleError(msg)
    return values
