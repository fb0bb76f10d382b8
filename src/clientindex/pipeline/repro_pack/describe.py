"""Write what a pack says of itself: README, checksums and the description as an RO-Crate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.pipeline.repro_pack.readme import write_readme
from clientindex.pipeline.repro_pack.twin import CLOSENESS_NAME, ORIGINALS_NAME
from clientindex.reproduction.pack.checksums import format_checksums, hash_files
from clientindex.reproduction.pack.citation import read_citation
from clientindex.reproduction.pack.crate import (
    CRATE_NAME,
    PROGRAM,
    RENDERER,
    CrateFacts,
    Step,
    describe_crate,
)
from clientindex.reproduction.record import PUBLISHED, RESULTS
from clientindex.results import load_bundle

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.pipeline.repro_pack.material import PackMaterial
    from clientindex.pipeline.repro_pack.twin import PackTwin

INPUTS_NAME, FILES_NAME = "inputs.sha256", "files.sha256"
README_NAME = "README.md"

FOLDERS: Final = {
    "analysis": "Notebooks that compute the statistics step by step.",
    "data_processed": "What was published: results, documents and tables of the edition.",
    "data_raw": "Input data of the edition and of those before it.",
    "docs": "How the program is built, what was decided and on what evidence.",
    "editions": "Settings of the edition and of those before it, paths relative to this folder.",
    "published": "What was published of the real answers, which are not in this pack.",
    "methodology": "Groups, indicators, scale, weights and star rule.",
    "reports": "Sources of the documents.",
    "scripts": "What the Makefile calls.",
    "src": "The program.",
}
"""Folder at the top of a pack -> what it holds."""

FOLDERS_OF_TWIN: Final = {
    "data_processed": "Results, documents and tables made from the synthetic twin.",
    "data_raw": "Input data; the answers of respondents are a synthetic twin, nobody's own.",
}
"""Where a twin stands in for the answers of respondents."""

FILES: Final = {
    ".gitignore": "Names that version control passes by.",
    "CHANGELOG.md": "What changed from version to version of the program.",
    "CITATION.cff": "How to cite the program.",
    "LICENSE": "Licence of the program.",
    "Makefile": "The commands; the first two to try stand in README.md.",
    "README.md": "What is in this pack and how to verify it, in Russian and English.",
    "README.ru.md": "Description of the program in Russian.",
    "environment.yml": "An environment with Quarto.",
    "pyproject.toml": "Metadata and dependencies of the program.",
    "requirements.lock": "Every package with its version and hash.",
    INPUTS_NAME: "SHA-256 of every input file, for sha256sum -c.",
    ORIGINALS_NAME: "SHA-256 of the real input files, of which the pack holds twins or copies.",
    CLOSENESS_NAME: "How close the synthetic twin is to the real answers.",
    FILES_NAME: "SHA-256 of every file but itself and the RO-Crate description.",
}


def write_descriptions(material: PackMaterial) -> None:
    """Write README, checksum files and the RO-Crate description into the folder of a pack."""
    folder = material.folder
    (folder / INPUTS_NAME).write_text(format_checksums(material.inputs), encoding="utf-8")
    if material.twin is not None:
        _write_twin_files(material.twin, folder)
    (folder / README_NAME).write_text(write_readme(material), encoding="utf-8")
    hashes = hash_files(folder, _list_files(folder))
    (folder / FILES_NAME).write_text(format_checksums(hashes), encoding="utf-8")
    text = describe_crate(folder, _gather_facts(material))
    (folder / CRATE_NAME).write_text(text, encoding="utf-8")


def _write_twin_files(twin: PackTwin, folder: Path) -> None:
    originals = format_checksums(twin.originals)
    (folder / ORIGINALS_NAME).write_text(originals, encoding="utf-8")
    text = twin.table.to_csv(index=False, float_format="%.6f", lineterminator="\n")
    (folder / CLOSENESS_NAME).write_text(text, encoding="utf-8")


def _list_files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def _gather_facts(material: PackMaterial) -> CrateFacts:
    edition, record = material.edition, material.record
    manifest = load_bundle(edition.results_dir).manifest
    return CrateFacts(
        name=f"Replication pack: {edition.title.en}, {edition.year}",
        description=(
            f"Everything that the edition {edition.id!r} was made from and what was published, so "
            "that it can be computed anew and compared with what was published. README.md says how."
        ),
        published=edition.published.isoformat(),
        publisher=edition.publisher.en,
        citation=read_citation(material.folder / "CITATION.cff"),
        renderer=record.renderer,
        python_version=manifest.python_version,
        packages={**manifest.packages, **record.packages},
        folders=FOLDERS if material.twin is None else {**FOLDERS, **FOLDERS_OF_TWIN},
        files=FILES,
        steps=_list_steps(material),
    )


def _list_steps(material: PackMaterial) -> tuple[Step, Step]:
    folder, edition = material.folder, material.edition
    names = _list_files(folder)
    place = edition.output.relative_to(folder.resolve()).as_posix()
    results = tuple(name for name in names if name.startswith(f"{place}/{RESULTS}/"))
    published = tuple(
        name for name in names if name.startswith(tuple(f"{place}/{part}/" for part in PUBLISHED))
    )
    settings = _list_settings(material, edition)
    return (
        Step(
            key="run",
            name="Computing the results",
            description=f"clientindex run {settings[0]}; seed {edition.seed}",
            instrument=PROGRAM,
            read=(*settings, *material.inputs),
            written=results,
        ),
        Step(
            key="publication",
            name="Rendering documents and tables",
            description=f"clientindex report {settings[0]}",
            instrument=RENDERER,
            read=(*results, *(name for name in names if name.startswith("reports/"))),
            written=published,
        ),
    )


def _list_settings(material: PackMaterial, edition: Edition) -> tuple[str, ...]:
    root = material.folder.resolve()
    paths = (*(path.resolve() for path in material.laid.editions), edition.methodology)
    return tuple(path.relative_to(root).as_posix() for path in paths)
