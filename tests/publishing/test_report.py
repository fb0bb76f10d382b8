from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from clientindex.errors import BundleError, WordingError
from clientindex.figures import FIGURES
from clientindex.publishing.front_page import describe_front_page
from clientindex.publishing.report import Report, open_document
from clientindex.publishing.source import parse_source
from clientindex.results import Unavailable
from clientindex.tables import TABLES
from clientindex.wording import load_wording
from clientindex.wording.sentences import PARAGRAPHS
from presentation_bundle import HOSTILE, make_bundle, make_results, save_bundle

REPORTS = Path(__file__).parents[2] / "reports"
DOCUMENTS = ("rating", "methods")
PART = re.compile(r'"(paragraph|table|figure)\.(\w+)"')


def make_report(language="ru", **changes):
    return Report(bundle=make_bundle(**changes), wording=load_wording(language))


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_parts_are_printed_in_order_with_their_leads_before_the_first(here, capsys):
    make_report().show("paragraph.reliability", "figure.consistency_groups", "table.alpha")
    printed = capsys.readouterr().out
    places = [
        printed.index("Альфа Кронбаха по группам составляет"),
        printed.index("показаны на рисунке [-@fig-consistency-groups]"),
        printed.index("приведены в таблице [-@tbl-alpha]"),
        printed.index("{#fig-consistency-groups"),
        printed.index("{#tbl-alpha}"),
    ]
    assert places == sorted(places)
    assert (here / "rendered-figures" / "fig-consistency-groups.png").stat().st_size > 1000


@pytest.mark.usefixtures("here")
def test_leads_stand_before_the_tables_that_follow_a_paragraph(capsys):
    make_report("en").show(
        "paragraph.star_doubt", "table.doubt_summary", "paragraph.ranks", "table.rank_top"
    )
    printed = capsys.readouterr().out
    places = [
        printed.index("Stars were given by"),
        printed.index("[-@tbl-doubt-summary]"),
        printed.index("{#tbl-doubt-summary}"),
        printed.index("The rank is the number"),
        printed.index("[-@tbl-rank-top]"),
        printed.index("{#tbl-rank-top}"),
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_figure_has_words_and_is_drawn(here, capsys, name):
    for language in ("ru", "en"):
        make_report(language).draw(name)
        printed = capsys.readouterr().out
        label = f"fig-{name.replace('_', '-')}"
        assert printed.count(f"[-@{label}]") == 1
        assert re.search(
            rf'!\[.+\]\(rendered-figures/{label}\.png\)\{{#{label} fig-alt=".+"\}}', printed
        )


def test_an_absent_result_is_explained_once_and_leaves_no_reference(here, capsys):
    results = make_results() | {
        "consistency": Unavailable(stage="reliability", reason="totals_only")
    }
    report = make_report("en", results=results)
    report.show("paragraph.reliability", "figure.consistency_groups", "table.alpha")
    printed = capsys.readouterr().out
    assert printed.strip() == (
        "Reliability: no result. It needs the answers of every respondent, "
        "and only totals by centre were delivered."
    )
    assert not list(here.iterdir())


def test_a_table_without_rows_is_told_in_words(capsys):
    results = make_results()
    coverage = results["coverage"]
    empty = dataclasses.replace(coverage, warnings=coverage.warnings.iloc[:0])
    report = make_report(results=results | {"coverage": empty})
    report.show_table("intake_warnings")
    assert "Строк для таблицы" in capsys.readouterr().out
    report.show("paragraph.warnings", "table.intake_warnings")
    assert capsys.readouterr().out.strip() == "При проверке данных замечаний не было."


def test_hostile_names_are_shown_as_they_are(capsys):
    make_report().show_centres()
    printed = capsys.readouterr().out
    assert HOSTILE not in printed
    assert printed.replace("\\", "").count(HOSTILE) == 1
    assert "## Округ" in printed
    assert "В регионе нет центров со звёздами" in printed
    assert printed.count("по неокруглённому индексу") == 1
    assert printed.index("по неокруглённому индексу") < printed.index("## ")


def test_status_says_synthetic_only_where_it_is(capsys):
    make_report().show_status()
    assert "из синтетических данных" in capsys.readouterr().out
    make_report(synthetic=False).show_status()
    printed = capsys.readouterr().out
    assert "синтетических" not in printed
    assert "0123456789ab" in printed


def test_unknown_parts_are_refused():
    for part in ("table.moon", "paragraph.moon", "moon"):
        with pytest.raises(WordingError, match=f"no part '{part}'"):
            make_report().show(part)


def test_a_damaged_bundle_is_refused(tmp_path):
    folder = save_bundle(make_bundle(), tmp_path / "results")
    assert open_document(str(folder), "en").paragraph("notes").startswith("The publisher")
    (folder / "stars.json").write_text("{}")
    with pytest.raises(BundleError, match=r"damaged bundle: stars\.json"):
        open_document(str(folder), "en")


def test_front_page():
    assert describe_front_page(make_bundle(), document="methods", language="ru") == {
        "title": "Рейтинг центров",
        "subtitle": "Методологический отчёт за 2026\u00a0год. Синтетические данные",
        "author": "Издатель",
        "date": "2026-09-01",
    }
    page = describe_front_page(make_bundle(synthetic=False), document="rating", language="en")
    assert page["subtitle"] == "Rating report for 2026"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_name_only_parts_that_exist(name):
    source = parse_source(REPORTS / f"{name}.ru.qmd")
    parts = [match for cell in source.cells for match in PART.findall(cell.code)]
    known = {"paragraph": PARAGRAPHS, "table": TABLES, "figure": FIGURES}
    assert parts
    assert [part for kind, part in parts if part not in known[kind]] == []
    assert len(parts) == len(set(parts))
