"""The record of a made-up publication."""

from __future__ import annotations

from clientindex.reproduction.record import PublicationRecord
from clientindex.results.manifest import InputRecord, MadeFrom

RESULTS = MadeFrom(
    fingerprint="f" * 64,
    edition_id="demo",
    methodology_id="2026",
    edition_sha256="e" * 64,
    methodology_sha256="m" * 64,
    code_sha256="c" * 64,
    code_version="0.1.0",
    python_version="3.11.7",
    packages={"numpy": "2.0.0"},
    seed=2026,
    inputs=(InputRecord(name="survey.csv", sha256="a" * 64, n_rows=3),),
    previous_sha256="",
)
RECORD = PublicationRecord(
    fingerprint="p" * 64,
    renderer="embedded (Pandoc 3, typst 0)",
    presentation_sha256="d" * 64,
    sources={"rating.en.qmd": "q" * 64},
    packages={"typst": "0.15"},
    results=RESULTS,
    files={"documents/a.pdf": "1" * 64},
)
