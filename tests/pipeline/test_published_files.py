"""What leaves the house: no respondent's id or text, no small count, nothing that a sheet runs."""

from __future__ import annotations

import base64
import csv
import io
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
import typst

from clientindex.edition import load_edition
from clientindex.files import FORMULA_STARTS
from clientindex.intake import run_intake
from clientindex.methodology import load_methodology
from clientindex.pipeline.passports import make_passports
from clientindex.pipeline.publish import publish_edition
from clientindex.pipeline.regions import make_regions
from clientindex.pipeline.run import run_edition
from published_text import find_secrets
from small_publication import place_small_edition

if TYPE_CHECKING:
    from pathlib import Path

SMALL = 3
SIZES = {"centres": 30, "citizens": 1200, "employers": 400}
HOSTILE_NAMES = ("=cmd|' /C calc'!A0", "+7 495", "-1", "@SUM(A1)", "\tтаб", "=HYPERLINK()")
HOSTILE_REGION = "=DDE Край"
COMMENT, PHONE, MAIL = "Инспектор Кузякин грубил", "+7(912)555-01-77", "zhaloba.77@pochta.example"
DOCUMENT = """---
title: Проба
metadata-files: [_ru.yml]
---

```{python}
#| tags: [parameters]
bundle = "."
language = "ru"
MORE
```

```{python}
#| include: false
OPEN
```

# Данные {#sec-data}

```{python}
#| output: asis
PARTS
```
"""
PARTS = (
    "paragraph.coverage table.sample table.no_answer paragraph.warnings table.intake_warnings"
    " paragraph.suppression table.suppressed table.withheld table.inputs figure.stars_by_region"
)


def write_document(path: Path, opening: str, parts: str, *, more: str = "") -> None:
    shown = ", ".join(f'"{part}"' for part in parts.split())
    text = (
        DOCUMENT.replace("OPEN", opening)
        .replace("PARTS", f"doc.show({shown})")
        .replace("MORE", more)
    )
    path.write_text(text, encoding="utf-8")


def spoil(folder: Path) -> list[str]:
    """Give the survey ids and texts of persons, hostile names, and one centre of three people."""
    secrets = []
    for path in sorted(folder.glob("survey_*.csv")):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        tiny = frame["centre_id"] == frame["centre_id"].iloc[0]
        keep = ~tiny | (tiny.cumsum() <= (SMALL if "citizens" in path.name else 0))
        frame = frame[keep].reset_index(drop=True)
        ids = [f"РЕСП{path.stem[-3:]}-{i:06d}-Ж" for i in range(len(frame))]
        frame["respondent_id"] = ids
        frame.loc[5, "respondent_id"] = ""
        frame["comment"], frame["phone"], frame["mail"] = COMMENT, PHONE, MAIL
        frame.to_csv(path, index=False)
        secrets += [name for i, name in enumerate(ids) if i != 5]
    register = pd.read_csv(folder / "register.csv", dtype=str)
    register.loc[range(1, 1 + len(HOSTILE_NAMES)), "name"] = HOSTILE_NAMES
    first = register["region"] == register["region"].iloc[-1]
    register.loc[first, "region"] = HOSTILE_REGION
    register.to_csv(folder / "register.csv", index=False)
    return secrets


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Publish a small edition in all formats; return the edition and the ids of its survey."""
    folder = tmp_path_factory.mktemp("published")
    path = place_small_edition(
        folder, simulation=SIZES, languages=["ru"], formats=["html", "pdf", "docx"]
    )
    methodology = folder / "methodology" / "2026.yml"
    text = methodology.read_text(encoding="utf-8")
    fewer = text.replace("bootstrap_replicates: 1000", "bootstrap_replicates: 100", 1)
    methodology.write_text(fewer, encoding="utf-8")
    reports = folder / "reports"
    report = "from clientindex.publishing.report import open_document\n\n"
    region = "from clientindex.publishing.regions.document import open_region\n\n"
    write_document(
        reports / "rating.ru.qmd", f"{report}doc = open_document(bundle, language)", PARTS
    )
    write_document(
        reports / "region.ru.qmd",
        f"{region}doc = open_region(bundle, region, language)",
        "paragraph.region_coverage table.region_stars table.region_withheld",
        more='region = ""',
    )
    edition = load_edition(path)
    secrets = spoil(folder / "data_raw" / "demo")
    run_edition(path)
    publish_edition(edition, renderer="embedded")
    make_passports(edition, centres=["R32-001"], languages="ru")
    make_regions(edition, regions=[HOSTILE_REGION], languages="ru")
    return edition, secrets


def list_published(edition: Any) -> list[Path]:
    files = [p for p in edition.output.rglob("*") if p.is_file() and "intake" not in p.parts]
    return sorted(files)


def test_no_published_file_holds_an_id_or_free_text(published):
    edition, secrets = published
    files = list_published(edition)
    kinds = {path.suffix for path in files}
    assert kinds >= {".html", ".pdf", ".docx", ".xlsx", ".csv", ".json", ".parquet"}
    # Every id begins with one of two marks that stand nowhere else.
    marks = sorted({secret[:7] for secret in secrets})
    wanted = [*marks, *secrets[:3], COMMENT, "Кузякин", PHONE, "555-01-77", MAIL, "zhaloba"]
    assert len(secrets) > 1000
    assert {path.name: found for path in files if (found := find_secrets(path, wanted))} == {}


def test_the_fault_table_of_the_operator_is_the_only_one_that_quotes(published):
    edition, _ = published
    found = run_intake(edition, load_methodology(edition.methodology)).faults
    assert {"W-COLUMN-EXTRA", "W-RESPONDENT-EMPTY"} <= {fault.code for fault in found}


def plant(folder: Path, secret: str) -> dict[str, Path]:
    """Write a file of every kind with the secret in it."""
    paths = {kind: folder / f"a.{kind}" for kind in ("html", "csv", "json", "parquet", "xlsx")}
    paths["html"].write_text(f"<p>{secret[:4]}<b>{secret[4:]}</b></p>", encoding="utf-8")
    paths["csv"].write_text(f"a;b\n1;{secret}\n", encoding="utf-8-sig")
    paths["json"].write_text(f'{{"read": "{secret}"}}', encoding="utf-8")
    pd.DataFrame({"read": [secret]}).to_parquet(paths["parquet"])
    book = openpyxl.Workbook()
    book.active["B7"] = f"id {secret}"
    book.save(paths["xlsx"])
    coded = base64.b64encode(f"x,{secret}".encode()).decode()
    paths["figure"] = folder / "figure.html"
    paths["figure"].write_text(f'<a href="data:text/csv;charset=utf-8;base64,{coded}">x</a>')
    paths["docx"] = folder / "a.docx"
    with zipfile.ZipFile(paths["docx"], "w", zipfile.ZIP_DEFLATED) as archive:
        runs = f"<w:r>{secret[:6]}</w:r><w:r>{secret[6:]}</w:r>"
        archive.writestr("word/document.xml", f"<w:p>{runs}</w:p>")
    paths["pdf"] = folder / "a.pdf"
    source = folder / "a.typ"
    source.write_text(f"Отчёт {secret}", encoding="utf-8")
    typst.compile(str(source), output=str(paths["pdf"]))
    return paths


def test_the_scan_finds_what_is_planted_in_every_kind_of_file(tmp_path):
    secret = "РЕСПzen-000123-Ж"
    for kind, path in plant(tmp_path, secret).items():
        assert find_secrets(path, [secret, "другое"]) == [secret], kind


def test_no_row_of_the_results_is_of_one_respondent(published):
    """No frame has as many rows as the survey, nor a column of its ids."""
    edition, secrets = published
    for path in edition.results_dir.glob("*.parquet"):
        frame = pd.read_parquet(path)
        assert len(frame) != len(secrets) + 2, path.name
        assert not {"respondent", "respondent_id"} & set(frame.columns), path.name


def test_no_cell_of_a_workbook_is_a_formula_or_a_link_outside(published):
    edition, _ = published
    met = set()
    for path in edition.tables_dir.glob("*.xlsx"):
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            assert not [n for n in names if "externalLink" in n or "vba" in n]
            for name in names:
                text = archive.read(name).decode("utf-8", errors="replace")
                assert "<f>" not in text, name
                assert "<ddeLink" not in text
                assert 'TargetMode="External"' not in text, name
        for sheet in openpyxl.load_workbook(path, read_only=False).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (sheet.title, cell.coordinate)
                    if isinstance(cell.value, str) and cell.value.startswith(FORMULA_STARTS):
                        assert cell.quotePrefix or cell.row == 1 or cell.value == "—", cell.value
                        met.add(cell.value)
    assert any("calc" in text for text in met)
    assert any("SUM" in text for text in met)
    assert HOSTILE_REGION in met


def test_no_cell_of_a_csv_file_starts_a_formula(published):
    edition, _ = published
    met = set()
    for path in edition.tables_dir.rglob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        delimiter = ";" if "excel" in path.parent.name else ","
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            for cell in row:
                met.add(cell)
                if cell.startswith(FORMULA_STARTS):
                    float(cell.replace(",", "."))  # nothing but a negative number may begin so
    assert f"'{HOSTILE_REGION}" in met
    assert "'@SUM(A1)" in met


def test_a_centre_of_three_people_is_hidden_in_tables_and_documents(published):
    edition, _ = published
    csv_folder = edition.tables_dir / "csv" / "ru"
    withheld = pd.read_csv(csv_folder / "withheld.csv", dtype=str)
    own = withheld[withheld["n"] == "скрыто"]
    assert len(own) >= 1
    assert (own["index"].isin(["скрыто"]) | own["index"].isna()).all()
    listed = pd.read_csv(csv_folder / "suppressed_cells.csv", dtype=str)
    assert {"withheld", "group_scores"} <= set(listed["hidden_file"])
    assert set(listed["hidden_rule"]) == {"первичное", "вторичное"}
    page = (edition.documents_dir / "rating.ru.html").read_text(encoding="utf-8")
    assert "скрыто" in page
    assert "Первичное скрытие применено к" in page
