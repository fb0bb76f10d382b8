"""All faults at once, the error that quotes them, the table that lists them, and the pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from clientindex.edition import load_edition
from clientindex.edition.model import Edition
from clientindex.edition.simulation import Simulation
from clientindex.edition.sources import ChecklistSource, Data, RegisterSource, SurveySource
from clientindex.errors import IntakeError
from clientindex.hashing import hash_file
from clientindex.intake import CODES, DataFault, require_tables, write_fault_table

if TYPE_CHECKING:
    from clientindex.settings import Settings

ROOT = Path(__file__).parents[2]


def spoil_everything(desk: Any) -> None:
    """Put a different fault into every file and several into one."""
    desk.spoil("survey.csv", "1,001,citizens,Q1,5,4,1", "1,009,citizens,Q1,7,да,1")
    desk.spoil("survey.csv", "3,002,citizens,Q1,3,99,5", "2,002,citizen,Q1,3.5,99,5")
    desk.spoil("register.csv", ",100", ",-5")
    desk.spoil("checklist.csv", "001,a2,1", "001,b2,1")


def test_all_faults_of_all_files_at_once(desk: Any) -> None:
    spoil_everything(desk)
    desk.use({"file": "survey.csv"}, {"file": "gone.csv"})
    report = desk.run()
    assert report.has_errors
    assert report.tables is None
    errors = {(f.code, f.file, f.row, f.column) for f in report.faults if f.severity == "error"}
    assert errors == {
        ("E-VISITORS", "register.csv", 2, "visitors"),
        ("E-CENTRE-UNKNOWN", "survey.csv", 2, "centre"),
        ("E-SEGMENT", "survey.csv", 4, "segment"),
        ("E-SCALE", "survey.csv", 2, "a"),
        ("E-FRACTION", "survey.csv", 4, "a"),
        ("E-NUMBER", "survey.csv", 2, "b"),
        ("E-FILE-MISSING", "gone.csv", None, ""),
        ("E-ITEM", "checklist.csv", 3, "item"),
    }


def test_the_error_counts_codes_and_quotes_ten_faults(desk: Any) -> None:
    spoil_everything(desk)
    text = (desk.folder / "survey.csv").read_text(encoding="utf-8")
    desk.write("survey.csv", text + "".join(f"x{i},001,citizens,Q1,6,4,1\n" for i in range(9)))
    with pytest.raises(IntakeError, match="The data have 16 errors") as caught:
        require_tables(desk.run())
    message = str(caught.value)
    assert "E-SCALE: 10 - The answer is neither on the scale nor a missing code." in message
    assert "  - survey.csv, row 2, column 'a': read 7; allowed: whole numbers 1-5" in message
    assert message.count("\n  - ") == 10
    assert message.endswith("... and 6 more in the fault table")
    assert caught.value.exit_code == 1


def test_good_data_give_tables(desk: Any) -> None:
    report = desk.run()
    assert require_tables(report) is report.tables
    (survey,) = [file for file in report.tables.inputs if file.path.name == "survey.csv"]
    assert survey.sha256 == hash_file(desk.folder / "survey.csv")


def test_warnings_do_not_stop(desk: Any) -> None:
    desk.use(register=None)
    report = desk.run()
    assert [fault.severity for fault in report.faults] == ["warning"]
    assert require_tables(report) is not None


def test_the_fault_table_opens_in_a_spreadsheet(desk: Any, tmp_path: Path) -> None:
    spoil_everything(desk)
    report = desk.run()
    path = write_fault_table(report.faults, tmp_path / "new" / "intake")
    assert path.name == "faults.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(path, keep_default_na=False)
    assert list(table.columns) == [*DataFault.__slots__]
    assert len(table) == len(report.faults)
    assert table["severity"].tolist() == sorted(table["severity"])
    assert "да" in set(table["read"])
    assert [entry.name for entry in path.parent.iterdir()] == ["faults.csv"]


def test_text_that_looks_like_a_formula_is_neutralised(tmp_path: Path) -> None:
    reads = ["=HYPERLINK(1)", "+7", "-1", "@x", "6"]
    faults = [
        DataFault(
            code="E-SCALE",
            severity="error",
            file="f.csv",
            row=row,
            column="=a",
            read=read,
            allowed="1-5",
            advice="-",
        )
        for row, read in enumerate(reads, start=2)
    ]
    table = pd.read_csv(write_fault_table(faults, tmp_path))
    assert table["read"].tolist() == ["'=HYPERLINK(1)", "'+7", "'-1", "'@x", "6"]
    assert set(table["column"]) == {"'=a"}
    assert set(table["advice"]) == {"'-"}


def test_no_faults_are_an_empty_table(tmp_path: Path) -> None:
    table = pd.read_csv(write_fault_table([], tmp_path))
    assert table.empty
    assert "advice" in table


def test_a_failed_write_leaves_the_old_table(tmp_path: Path, monkeypatch: Any) -> None:
    path = write_fault_table([], tmp_path)
    before = path.read_bytes()

    def refuse(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space left"):
        write_fault_table([], tmp_path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["faults.csv"]


def test_the_readme_lists_exactly_the_codes() -> None:
    text = (ROOT / "data_raw" / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| ([EW]-[A-Z-]+) \| (.+) \|$", text, flags=re.MULTILINE))
    assert listed == dict(CODES)


def test_every_code_has_a_test_that_triggers_it() -> None:
    tests = "".join(
        path.read_text(encoding="utf-8")
        for path in Path(__file__).parent.glob("test_*.py")
        if path != Path(__file__)
    )
    asked = set(re.findall(r'"([EW]-[A-Z-]+)"', tests))
    assert asked == set(CODES)


def test_the_template_loads() -> None:
    edition = load_edition(ROOT / "editions" / "template.yml")
    assert edition.methodology == ROOT / "methodology" / "2026.yml"


@pytest.mark.parametrize(
    "model", [Edition, Data, SurveySource, ChecklistSource, RegisterSource, Simulation]
)
def test_the_template_explains_every_key(model: type[Settings]) -> None:
    text = (ROOT / "editions" / "template.yml").read_text(encoding="utf-8")
    keys = {field.alias or name for name, field in model.model_fields.items()}
    shown = set(re.findall(r"^[ #-]*([a-z_]+):", text, flags=re.MULTILINE))
    assert keys <= shown
