"""Ways to spoil a small project, and the words that must follow each.

The functions work on the project that one stands in.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd

EDITION = Path("editions/demo.yml")
DATA = Path("data_raw/demo")
CITIZENS, EMPLOYERS = DATA / "survey_citizens.csv", DATA / "survey_employers.csv"
REGISTER, CHECKLIST = DATA / "register.csv", DATA / "checklist.csv"
SECOND = DATA / "second_checklist.csv"
OUTPUT = Path("data_processed/demo")
RESULTS = OUTPUT / "results"
FIRST_ANSWER = 3
"""Columns of a survey file before its answers: respondent, centre, quarter."""

Spoil = Callable[[], object]


def read_frame(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def replace_text(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if old not in text:
        msg = f"{old!r} is not in {path}"
        raise ValueError(msg)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def set_cell(path: Path, row: int, column: str, text: str) -> None:
    """Write a cell; `row` counts as a spreadsheet does, the heading being row 1."""
    frame = read_frame(path)
    frame.loc[row - 2, column] = text
    frame.to_csv(path, index=False)


def set_column(path: Path, columns: list[str], text: str) -> None:
    read_frame(path).assign(**dict.fromkeys(columns, text)).to_csv(path, index=False)


def repeat_row(path: Path, row: int) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, lines[row - 1]]), encoding="utf-8")


def keep_heading(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


def become_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def become_file(path: Path) -> None:
    shutil.rmtree(path)
    path.write_text("mine")


def cut_edition(start: str, end: str) -> None:
    text = EDITION.read_text(encoding="utf-8")
    before, rest = text.split(start, 1)
    EDITION.write_text(before + end + rest.split(end, 1)[1], encoding="utf-8")


def ask_for(*stages: str) -> None:
    replace_text(EDITION, "stages: [rating]", f"stages: [{', '.join(stages)}]")


FAULTS_OF_DATA: dict[str, tuple[Spoil, tuple[str, ...]]] = {
    "missing file": (
        CITIZENS.unlink,
        ("survey_citizens.csv", "no such file", "Did you mean 'survey_employers.csv'?"),
    ),
    "link to nowhere": (
        lambda: (CITIZENS.unlink(), CITIZENS.symlink_to("nowhere.csv")),
        ("no such file", "E-FILE-MISSING"),
    ),
    "folder in place of a file": (
        lambda: become_folder(REGISTER),
        ("register.csv: read a folder; allowed: a file",),
    ),
    "cp1251 read as UTF-8": (
        lambda: REGISTER.write_bytes(REGISTER.read_text(encoding="utf-8").encode("cp1251")),
        ("register.csv, row 2", "text in cp1251", "Write 'encoding: cp1251'"),
    ),
    "UTF-8 read as cp1251": (
        lambda: replace_text(EDITION, "  register:\n", "  register:\n    encoding: cp1251\n"),
        ("register.csv", "text in utf-8", "Write 'encoding: utf-8'"),
    ),
    "UTF-16": (
        lambda: CITIZENS.write_bytes(CITIZENS.read_text(encoding="utf-8").encode("utf-16")),
        ("UTF-16", "Save the file as CSV UTF-8"),
    ),
    "noise": (
        lambda: CITIZENS.write_bytes(bytes(range(248, 0, -1)) * 20),
        ("survey_citizens.csv, row 1", "is not UTF-8"),
    ),
    "renamed column": (
        lambda: replace_text(CITIZENS, "competence", "competense"),
        ("column 'competence'", "Did you mean 'competense'?", "Name it in the edition"),
    ),
    "renamed centre": (
        lambda: replace_text(CITIZENS, "centre_id", "center_id"),
        ("no column 'centre_id'", "Did you mean 'center_id'?"),
    ),
    "out of scale": (
        lambda: set_cell(CITIZENS, 6, "goal", "7"),
        ("row 6, column 'goal': read 7; allowed: whole numbers 1-5; missing: 98 refused",),
    ),
    "huge answer": (
        lambda: set_cell(CITIZENS, 6, "goal", "1e400"),
        ("row 6, column 'goal': read 1e400", "whole numbers 1-5"),
    ),
    "duplicate respondent": (
        lambda: repeat_row(CITIZENS, 2),
        ("row 1202", "stands already in survey_citizens.csv, row 2", "Delete the repeated row"),
    ),
    "strange centre": (
        lambda: set_cell(CITIZENS, 5, "centre_id", "R00-999"),
        ("row 5, column 'centre_id': read R00-999; allowed: a centre of the register",),
    ),
    "strange checklist item": (
        lambda: set_cell(CHECKLIST, 3, "item", "knowledge_bass"),
        ("checklist.csv, row 3, column 'item'", "Did you mean 'knowledge_base'?"),
    ),
    "indicator in place of an item": (
        lambda: set_cell(CHECKLIST, 3, "item", "competence"),
        ("'competence' is an indicator; its items are: staff_trained, knowledge_base.",),
    ),
    "zero rows": (
        lambda: keep_heading(EMPLOYERS),
        ("survey_employers.csv: read a heading without rows", "take it out of the edition"),
    ),
    "zero bytes": (lambda: CITIZENS.write_bytes(b""), ("survey_citizens.csv: read an empty file",)),
    "empty checklist": (
        lambda: keep_heading(CHECKLIST),
        ("checklist.csv: read a heading without rows", "take it out of the edition"),
    ),
    "nobody answers": (
        lambda: set_column(EMPLOYERS, [*read_frame(EMPLOYERS).columns[FIRST_ANSWER:]], "99"),
        ("survey_employers.csv: read rows without a single answer (employers)",),
    ),
    "duplicate centre": (
        lambda: repeat_row(REGISTER, 2),
        ("register.csv, row 32", "stands already in register.csv, row 2", "every centre once"),
    ),
    "huge number of visitors": (
        lambda: set_cell(REGISTER, 2, "visitors", "1e400"),
        ("register.csv, row 2, column 'visitors': read 1e400; allowed: a whole number from 0",),
    ),
    "truncated file": (
        lambda: CITIZENS.write_bytes(CITIZENS.read_bytes()[:20_003]),
        ("cells, as in the heading", "E-ROW-WIDTH"),
    ),
}

WRONG_USE: dict[str, tuple[Spoil, tuple[str, ...]]] = {
    "edition is a folder": (
        lambda: become_folder(EDITION),
        ("editions/demo.yml: cannot be read (Is a directory)",),
    ),
    "edition in cp1251": (
        lambda: EDITION.write_bytes(EDITION.read_text(encoding="utf-8").encode("cp1251")),
        ("is not UTF-8. Save the file as UTF-8",),
    ),
    "empty edition": (lambda: EDITION.write_text(""), ("read an empty file; expected keys",)),
    "edition is a list": (lambda: EDITION.write_text("- a\n"), ("read a list; expected keys",)),
    "impossible date": (
        lambda: replace_text(EDITION, "cut_off: 2026-06-30", "cut_off: 2026-02-31"),
        ("demo.yml, line 13: read '2026-02-31': no such date",),
    ),
    "number of 5,000 digits": (
        lambda: replace_text(EDITION, "year: 2026", f"year: {'9' * 5000}"),
        ("demo.yml, line 6: read '9999", "no such date or number"),
    ),
    "methodology is a folder": (
        lambda: become_folder(Path("methodology/2026.yml")),
        ("2026.yml: cannot be read (Is a directory)",),
    ),
    "one file as two segments": (
        lambda: replace_text(EDITION, "survey_employers.csv", "survey_citizens.csv"),
        ("data.survey[1].file: read survey_citizens.csv", "columns or 'where' of its own"),
    ),
    "output is a file": (
        lambda: become_file(OUTPUT),
        ("data_processed/demo: cannot be written (it is a file, not a folder)",),
    ),
    "output lies below a file": (
        lambda: become_file(OUTPUT.parent),
        ("cannot be written", "choose another 'output' in the edition"),
    ),
    "results is a file": (
        lambda: become_file(RESULTS),
        ("results: cannot be written (it is a file). Move it away; nothing was changed",),
    ),
    "output of another edition": (
        lambda: replace_text(EDITION, "id: demo", "id: next"),
        ("holds the results of the edition 'demo'", "an 'output' of its own"),
    ),
    "folder that somebody else filled": (
        lambda: (
            shutil.rmtree(OUTPUT),
            (OUTPUT / "documents").mkdir(parents=True),
            (OUTPUT / "documents" / "thesis.docx").write_text("mine"),
        ),
        ("documents: the folder would be replaced, but this program has not made it",),
    ),
}


def damage(name: str) -> None:
    path = RESULTS / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def forget_files() -> None:
    path = RESULTS / "manifest.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(values | {"files": None}), encoding="utf-8")


DAMAGED_BUNDLES: dict[str, tuple[Spoil, str]] = {
    "lost file": ((RESULTS / "scores.frame.parquet").unlink, "scores.frame.parquet"),
    "flipped bit": (lambda: damage("scores.frame.parquet"), "scores.frame.parquet"),
    "strange folder": ((RESULTS / "sub").mkdir, "damaged bundle: sub"),
    "folder in place of a file": (lambda: become_folder(RESULTS / "stars.json"), "stars.json"),
    "empty manifest": ((lambda: (RESULTS / "manifest.json").write_bytes(b"")), "manifest.json"),
    "manifest without files": (forget_files, "manifest.json"),
    "lost manifest": ((RESULTS / "manifest.json").unlink, "no complete results bundle"),
    "half a run record": (lambda: (RESULTS / "run.json").write_text("{"), "run.json"),
    "empty folder": (lambda: (shutil.rmtree(RESULTS), RESULTS.mkdir()), "manifest.json"),
}
