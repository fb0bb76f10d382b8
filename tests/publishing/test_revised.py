"""A revised edition says so: banner, what changed, marks; any other says nothing of it."""

from __future__ import annotations

import csv
import re

import pytest
from openpyxl import load_workbook

from clientindex.publishing.report import Report
from clientindex.publishing.table_files import make_cover, write_tables
from clientindex.tables import TABLES, build_stars_of_region, explain_regions, to_markdown
from clientindex.tables.workbook import write_workbook
from clientindex.wording import load_wording
from presentation_bundle import HOSTILE, make_bundle
from presentation_revision import NOTE, make_revised_bundle

PARTS = ("paragraph.revision_changes", "table.revision_centres", "table.revision_regions")
RU, EN = load_wording("ru"), load_wording("en")
BANNER = {
    "ru": (
        "Пересмотренное издание",
        "20 октября 2026 г.: Ответы одного центра были чужими. Изменено: Удалены ответы.",
        "(R) — пересмотренное значение",
    ),
    "en": (
        "Revised edition",
        "20 October 2026: Answers of a centre were wrong. Changed: The answers were removed.",
        "(R): a revised value",
    ),
}


@pytest.fixture(scope="module")
def revised():
    return make_revised_bundle()


def plain(text):
    return text.replace("\u00a0", " ").replace("\\", "")


def read_cells(spec, wording):
    rows = re.findall(r"^\| (.+) \|$", plain(to_markdown(spec, wording=wording)), re.MULTILINE)
    return [[cell.strip() for cell in row.split(" | ")] for row in rows[2:]]


@pytest.mark.parametrize("wording", [RU, EN], ids=["ru", "en"])
def test_the_banner_is_the_first_box_of_a_revised_document(revised, wording, capsys):
    Report(bundle=revised, wording=wording).show_status()
    printed = plain(capsys.readouterr().out)
    title, told, mark = BANNER[wording.language]
    first = printed.split(":::")[1]
    assert f'callout-important title="{title}"' in first
    assert f"- {told}" in first
    assert mark in first


def test_notes_stand_in_their_order(capsys):
    later = {**NOTE, "date": "2026-11-02"}
    bundle = make_bundle(revisions=[NOTE, later])
    Report(bundle=bundle, wording=EN).show_status()
    printed = plain(capsys.readouterr().out)
    assert printed.index("20 October 2026:") < printed.index("2 November 2026:")


@pytest.mark.parametrize("wording", [RU, EN], ids=["ru", "en"])
def test_what_changed_is_told_in_a_section_of_its_own(revised, wording, capsys):
    Report(bundle=revised, wording=wording).show_revision(*PARTS)
    printed = capsys.readouterr().out
    heading = wording.text("revision.heading")
    assert f"## {heading} {{#sec-revision}}" in printed
    for label in ("tbl-revision-centres", "tbl-revision-regions"):
        assert printed.count(f"[-@{label}]") == 1
        assert printed.count(f"{{#{label}}}") == 1


def test_an_edition_without_revisions_says_nothing_of_them(capsys):
    report = Report(bundle=make_bundle(), wording=EN)
    report.show_revision(*PARTS)
    assert capsys.readouterr().out == ""
    report.show_status()
    report.show_centres()
    printed = capsys.readouterr().out
    assert "evised" not in printed
    assert "(R)" not in plain(printed)
    assert "revised" not in [column.key for column in TABLES["stars"](make_bundle(), EN).columns]


def test_centres_with_other_stars_come_first(revised):
    rows = read_cells(TABLES["revision_centres"](revised, EN), EN)
    assert [row[1:2] + row[2:5:2] + row[6:] for row in rows if "HYPERLINK" not in row[1]] == [
        ["ЦЗН № 5", "90.0", "90.0", "0.0", "5 → without stars"],
        ["ЦЗН № 4", "—", "71.0", "—", "not in the register → 4"],
        ["ЦЗН № 7", "70.0", "—", "—", "4 → not in the register"],
        ["ЦЗН № 1", "85.0", "85.3", "0.2", "5 → 5"],
    ]


def test_means_of_regions_stand_first_and_now(revised):
    rows = read_cells(TABLES["revision_regions"](revised, RU), RU)
    assert rows[0] == ["Край", "3", "3", "76,0", "[40,0; 77,0]", "74,5", "[39,6; 75,0]", "−1,5"]
    assert rows[1] == ["Округ", "0", "0", *["—"] * 5]
    assert rows[3][0] == "Все регионы"
    assert rows[3][-1] == "−0,5"


@pytest.mark.parametrize("wording", [RU, EN], ids=["ru", "en"])
def test_a_revised_star_and_index_are_marked_each_by_itself(revised, wording):
    def build(region):
        return build_stars_of_region(revised, region=region, number=1, wording=wording)

    comma = "," if wording.language == "ru" else "."
    (first, second) = read_cells(build("Псковская область"), wording)
    assert first[1:3] == ["5", f"85{comma}3 (R)"]
    assert second[1:3] == ["4", f"71{comma}0"]
    rows = read_cells(build("Край"), wording)
    assert rows[-1][-7:-5] == ["3 (R)", f"62{comma}5 (R)"]
    (withheld,) = build("Край").notes
    assert plain(withheld).startswith("ЦЗН № 5 (R):")
    assert list(explain_regions(revised, wording))[-1] == wording.text("revision.note")


def test_files_say_which_rows_were_revised(revised, tmp_path):
    write_tables(revised, tmp_path, languages=("en",))
    with (tmp_path / "csv" / "en" / "stars.csv").open(encoding="utf-8", newline="") as stream:
        told = {row["centre_id"]: row["revised"] for row in csv.DictReader(stream)}
    assert told == {"c1": "yes", "c2": "no", "c3": "yes", "c4": "yes"}
    for name in ("revision_centres", "revision_regions", "revision_all"):
        assert (tmp_path / "csv" / "en" / f"{name}.csv").is_file()


def test_numbers_of_a_workbook_stay_numbers_with_a_mark(revised, tmp_path):
    spec = TABLES["stars"](revised, EN)
    cover = make_cover(revised, wording=EN)
    write_workbook([spec], tmp_path / "t.xlsx", cover=cover, wording=EN)
    book = load_workbook(tmp_path / "t.xlsx")
    contents, sheet = book.worksheets
    heads = [cell.value for cell in sheet[3]]
    rows = {
        row[heads.index("Centre id")].value: row for row in sheet.iter_rows(min_row=4, max_row=7)
    }
    star, index = heads.index("Stars"), heads.index("Index, points")
    shown = {
        code: [(row[place].value, row[place].number_format) for place in (star, index)]
        for code, row in rows.items()
    }
    assert shown["c1"] == [(5, "#,##0"), (85.25, '#,##0.0" (R)"')]
    assert shown["c2"] == [(4, "#,##0"), (71, "#,##0.0")]
    assert shown["c3"] == [(3, '#,##0" (R)"'), (62.5, '#,##0.0" (R)"')]
    told = [cell.value for (cell,) in contents.iter_rows(max_row=4, max_col=1)]
    assert any(str(line).startswith("Revised edition, 20") for line in told)


def test_names_in_the_list_of_changes_are_shown_as_they_are(revised):
    shown = to_markdown(TABLES["revision_centres"](revised, EN), wording=EN)
    assert HOSTILE not in shown
    assert HOSTILE in plain(shown)
