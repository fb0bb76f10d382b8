"""The fingerprint of a run: equal fingerprints mean that nothing needs computing again."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import clientindex
from clientindex.edition.settings_hash import hash_settings
from clientindex.hashing import hash_file, hash_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clientindex.edition import Edition

COMPUTING_PACKAGES = (
    "factor_analyzer",
    "numba",
    "numpy",
    "openpyxl",
    "pandas",
    "pyarrow",
    "pyreadstat",
    "scikit-learn",
    "scipy",
    "statsmodels",
)
"""Packages whose version can change a number."""

COUNTING_PACKAGES = ("numba", "numpy", "openpyxl", "pandas", "pyarrow", "pyreadstat")
"""Packages that read and count answers: what another version counted is counted again."""

PRESENTING_PACKAGES = ("matplotlib", "pypandoc-binary", "typst", "XlsxWriter", "nbclient")
"""Packages whose version can change the look of a document."""

PRESENTATION_ROOMS = ("wording", "tables", "figures", "publishing", "cli")
"""Parts of the package that cannot change a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInputs:
    """Hashes of everything that can change a number."""

    edition_sha256: str
    methodology_sha256: str
    code_sha256: str
    code_version: str
    python_version: str
    packages: dict[str, str]
    inputs: tuple[tuple[str, str], ...]
    previous_sha256: str
    published_sha256: str

    def fingerprint(self) -> str:
        """Return one SHA-256 over all of them."""
        return hash_mapping(asdict(self))

    def fill(self, counted: Mapping[str, str]) -> RunInputs:
        """Return the hashes with those of inputs that have one only once they are counted.

        `counted` gives them by name; they are "" before.
        """
        filled = tuple((name, sha or counted.get(name, "")) for name, sha in self.inputs)
        return replace(self, inputs=filled)


def collect_run_inputs(
    edition: Edition, *, previous_sha256: str = "", published_sha256: str = ""
) -> RunInputs:
    """Hash the settings, the input files, the computing code and the package versions.

    `previous_sha256` is the hash of the previous edition's manifest, `published_sha256` that of the
    first published numbers of a revised edition; "" without one.

    Raises
    ------
    OSError
        If a file cannot be read.
    """
    return RunInputs(
        edition_sha256=hash_settings(edition),
        methodology_sha256=hash_file(edition.methodology),
        code_sha256=hash_code(presentation=False),
        code_version=clientindex.__version__,
        python_version=platform.python_version(),
        packages=versions_of(COMPUTING_PACKAGES),
        inputs=(
            *((path.name, hash_file(path)) for path in edition.input_files),
            *((source.file.name, "") for source in edition.spark_sources),
        ),
        previous_sha256=previous_sha256,
        published_sha256=published_sha256,
    )


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """Return the installed version of each package."""
    return {name: version(name) for name in packages}


@cache
def hash_code(*, presentation: bool) -> str:
    """Hash the package's own files: the computing rooms, or the presenting ones."""
    root = Path(clientindex.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_dir() or "__pycache__" in relative.parts:
            continue
        if (relative.parts[0].removesuffix(".py") in PRESENTATION_ROOMS) == presentation:
            digest.update(f"{relative.as_posix()}\0{hash_file(path)}\n".encode())
    return digest.hexdigest()


def hash_counting() -> str:
    """Hash what counts answers: the computing rooms and the versions of the packages they use."""
    code = hash_code(presentation=False)
    return hash_mapping({"code": code, "packages": versions_of(COUNTING_PACKAGES)})


def hash_reports(folder: Path, *, document: str = "") -> dict[str, str]:
    """Return the hash of every source of documents by its path, hidden files excepted.

    Where a document is named, sources of others are left out; what all share stays.
    """
    return {
        path.relative_to(folder).as_posix(): hash_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not _is_hidden(path.relative_to(folder))
        and not (document and path.suffix == ".qmd" and path.name.split(".")[0] != document)
    }


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
