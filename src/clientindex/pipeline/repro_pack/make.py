"""Put a replication pack together in a folder of its own, then make it one ZIP file."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clientindex.edition import load_edition
from clientindex.errors import ReproductionError
from clientindex.pipeline.only_files import require_files
from clientindex.pipeline.progress import Reporter, SilentReporter
from clientindex.pipeline.repro_pack.describe import write_descriptions
from clientindex.pipeline.repro_pack.material import PackMaterial
from clientindex.pipeline.repro_pack.state import require_current
from clientindex.pipeline.repro_pack.twin import PUBLISHED_FOLDER, compare_indices, put_twin
from clientindex.reproduction.layout import lay_out_edition
from clientindex.reproduction.pack.archive import write_archive
from clientindex.reproduction.pack.checksums import hash_files
from clientindex.reproduction.pack.code_files import find_project, list_code_files
from clientindex.reproduction.record import PUBLISHED, RESULTS, load_record

if TYPE_CHECKING:
    from clientindex.edition import Edition
    from clientindex.reproduction.layout import LaidOut
    from clientindex.reproduction.record import PublicationRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class PackOutcome:
    """A pack that was written: the file, its size, how many files it holds, whether of a twin."""

    path: Path
    n_bytes: int
    n_files: int
    confidential: bool


def make_pack(
    path: Path,
    *,
    output: Path | None = None,
    confidential: bool = False,
    reporter: Reporter | None = None,
) -> PackOutcome:
    """Write the replication pack of an edition.

    Parameters
    ----------
    path : Path
        The edition file; its publication must be whole and current.
    output : Path, optional
        The ZIP file; ``<id>-repro-pack.zip`` in the edition's output unless given.
    confidential : bool
        Put a synthetic twin in place of respondents' answers, also when the edition does not ask.
    reporter : Reporter, optional

    Returns
    -------
    PackOutcome

    Raises
    ------
    ReproductionError
        If the publication is absent or old, a file cannot be read, or the pack not be written. A
        former pack stays.
    ClientIndexError
        If settings are wrong.
    """
    listener = reporter or SilentReporter()
    edition = load_edition(path)
    require_files(edition, doing="packed", error=ReproductionError)
    with listener.step("comparing the publication with its inputs"):
        record = require_current(edition, path=path)
    target = output or edition.output / f"{edition.id}-repro-pack.zip"
    with tempfile.TemporaryDirectory(prefix="clientindex-pack-") as aside:
        folder = Path(aside) / "pack"
        material = _gather(
            path,
            record=record,
            folder=folder,
            confidential=confidential or edition.confidential,
            reporter=listener,
        )
        with listener.step("describing the files"):
            write_descriptions(material)
        with listener.step("writing the archive"):
            size = write_archive(folder, target)
        n_files = sum(item.is_file() for item in folder.rglob("*"))
    hidden = material.twin is not None
    return PackOutcome(path=target, n_bytes=size, n_files=n_files, confidential=hidden)


def _gather(
    path: Path, *, record: PublicationRecord, folder: Path, confidential: bool, reporter: Reporter
) -> PackMaterial:
    with reporter.step("copying program, settings and inputs"):
        laid = lay_out_edition(path, folder, copy=True)
        _copy_code(folder)
    twin = None
    target = load_edition(laid.path).output
    if confidential:
        twin = put_twin(laid, renderer=record.renderer, reporter=reporter)
        record = load_record(load_edition(laid.path).documents_dir)
        target = folder / PUBLISHED_FOLDER
    with reporter.step("copying results, documents and tables"):
        _copy_published(load_edition(path), target)
        if twin is None:
            _copy_earlier_results(laid)
    return PackMaterial(
        folder=folder,
        edition=load_edition(laid.path),
        laid=laid,
        record=record,
        inputs=hash_files(folder, (place.as_posix() for place in laid.inputs.values())),
        twin=None if twin is None else compare_indices(twin, folder, load_edition(laid.path)),
    )


def _copy_code(folder: Path) -> None:
    root = find_project()
    for name in list_code_files(root):
        _copy(root / name, folder / name)


def _copy(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    except OSError as exc:
        msg = f"{source}: cannot be copied into the pack ({exc.strerror or exc})."
        raise ReproductionError(msg) from exc


def _copy_published(edition: Edition, target: Path) -> None:
    """Copy results, documents and tables of an edition, hidden files left out."""
    for name in (RESULTS, *PUBLISHED):
        source = edition.output / name
        for file in sorted(source.rglob("*")):
            inner = file.relative_to(source)
            if file.is_file() and not any(part.startswith(".") for part in inner.parts):
                _copy(file, target / name / inner)


def _copy_earlier_results(laid: LaidOut) -> None:
    """Copy the results of editions before, whose files are in the pack and were run too."""
    originals = {laid.path.parents[1] / place: original for original, place in laid.files.items()}
    for place in laid.editions[1:]:
        source = load_edition(originals[place]).results_dir
        if _has_inputs(place) and source.is_dir():
            target = load_edition(place).results_dir
            for file in sorted(source.iterdir()):
                if file.is_file():
                    _copy(file, target / file.name)


def _has_inputs(place: Path) -> bool:
    """Return whether the data of an edition are in the pack."""
    return all(file.is_file() for file in load_edition(place).input_files)
