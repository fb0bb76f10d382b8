"""What the bundle was made from: input files with hashes, and versions of packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.tables.columns import make_column
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import TableSpec

if TYPE_CHECKING:
    from clientindex.results import Bundle, Manifest
    from clientindex.wording import Wording


def build_inputs(manifest: Manifest, *, wording: Wording) -> TableSpec:
    """Build one row an input file with its rows and SHA-256."""
    return TableSpec(
        key="inputs",
        caption=wording.text("table.inputs.title"),
        columns=(
            make_column("file", wording),
            make_column("n_rows", wording, kind="integer"),
            make_column("sha256", wording, kind="hash"),
        ),
        rows=tuple((record.name, record.n_rows, record.sha256) for record in manifest.inputs),
    )


def build_packages(manifest: Manifest, *, wording: Wording) -> TableSpec:
    """Build one row a package that computes, Python first."""
    packages = sorted(manifest.packages.items(), key=lambda item: item[0].lower())
    return TableSpec(
        key="packages",
        caption=wording.text("table.packages.title"),
        columns=(make_column("package", wording), make_column("version", wording)),
        rows=(("Python", manifest.python_version), *packages),
    )


def build_fingerprints(manifest: Manifest, *, wording: Wording) -> TableSpec:
    """Build one row a fingerprint, at full length: a reader compares it with one of his own."""
    found = {
        "fingerprint": manifest.fingerprint,
        "methodology": manifest.methodology_sha256,
        "edition": manifest.edition_sha256,
        "code": manifest.code_sha256,
        "previous": manifest.previous_sha256,
    }
    return TableSpec(
        key="fingerprints",
        caption=wording.text("table.fingerprints.title"),
        columns=(make_column("fingerprint_of", wording), make_column("whole_sha256", wording)),
        rows=tuple(
            (wording.text(f"table.fingerprints.{name}"), value)
            for name, value in found.items()
            if value
        ),
    )


def _build_fingerprints(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_fingerprints(bundle.manifest, wording=wording)


def _build_inputs(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_inputs(bundle.manifest, wording=wording)


def _build_packages(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_packages(bundle.manifest, wording=wording)


FINGERPRINTS = TableRecipe(name="fingerprints", needs=(), build=_build_fingerprints)
INPUTS = TableRecipe(name="inputs", needs=(), build=_build_inputs)
PACKAGES = TableRecipe(name="packages", needs=(), build=_build_packages)
