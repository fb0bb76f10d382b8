"""A made-up verification that found everything there is to tell."""

from __future__ import annotations

import datetime as dt

from clientindex.results.verification import Cause, Compared, Difference, Verification

CELL = Difference(
    document="tables/csv/en/regions.csv",
    part="regions",
    row="Tyumen Oblast",
    column="mean_index",
    published="82.04",
    rebuilt="81.79",
    tolerance="1e-09 / 1e-12",
    kind="number",
)
FORM = Difference(
    document="documents/rating.en.pdf",
    part="",
    row="",
    column="other bytes",
    published="a" * 64,
    rebuilt="b" * 64,
    tolerance="as_written",
    kind="form",
)
COMPARED = Compared(
    files=126, identical=124, tables=118, cells=101954, figures=22, marks=4814, sentences=503,
    numbers=685,
)  # fmt: skip

PASSED = Verification(
    edition_id="demo",
    verified=dt.date(2026, 11, 28),
    published_fingerprint="f" * 64,
    rebuilt_fingerprint="f" * 64,
    complete="yes",
    stable="yes",
    consistent="yes",
    lock="yes",
    compared=COMPARED,
    relative_tolerance=1e-9,
    absolute_tolerance=1e-12,
    renderer="embedded (Pandoc 3.9, typst 0.15.2)",
    python_version="3.11.7",
    system="Linux x86_64",
    code_version="0.1.0",
    code_sha256="c" * 64,
    seconds=91.5,
)
FAILED = Verification(
    edition_id="demo",
    verified=dt.date(2026, 11, 28),
    published_fingerprint="f" * 64,
    rebuilt_fingerprint="e" * 64,
    complete="no",
    stable="no",
    consistent="no",
    lock="no",
    missing=("documents/methods.ru.pdf",),
    altered=("tables/csv/en/regions.csv",),
    unstable=("results/ranks.json", "tables/a.csv", "tables/b.csv", "tables/c.csv", "tables/d.csv"),
    differences=(CELL, FORM),
    causes=(
        Cause(kind="input", name="survey.csv", published="1" * 64, now="2" * 64),
        Cause(kind="lock", name="numpy", published="2.0.0", now=""),
    ),
    compared=COMPARED,
    relative_tolerance=1e-9,
    absolute_tolerance=1e-12,
    renderer="embedded (Pandoc 3.9, typst 0.15.2)",
    python_version="3.11.7",
    system="Linux x86_64",
    code_version="0.1.0",
    code_sha256="c" * 64,
    seconds=91.5,
)
