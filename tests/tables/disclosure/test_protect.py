"""What readers of a bundle see of counts of few people."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from clientindex.methodology.disclosure_settings import DisclosureSettings
from clientindex.publishing.table_files import build_tables
from clientindex.results import Coverage, ItemAnalysis, Stars
from clientindex.tables import TABLES, to_markdown
from clientindex.tables.disclosure import build_protected, list_hidden, protect
from clientindex.tables.disclosure.declared import read_declared
from clientindex.tables.hidden import Hidden
from clientindex.wording import load_wording
from clientindex.wording.sentences import PARAGRAPHS
from presentation_bundle import make_bundle, make_results

RU = load_wording("ru")


def make_small(**changes):
    """Make a bundle of six centres whose counts of respondents are these."""
    results = make_results()
    stars = results["stars"].frame.copy()
    stars["n"] = [int(changes.get(c, n)) for c, n in zip(stars["centre"], stars["n"], strict=True)]
    results["stars"] = replace(results["stars"], frame=stars)
    return make_bundle(results=results)


def test_missing_answers_of_three_people_are_hidden_in_words():
    """The bundle has 3 of 234 employers who do not know how long they waited."""
    protected = protect(make_bundle())
    frame = protected.bundle.get("coverage", Coverage).no_answer.set_index("indicator")
    assert pd.isna(frame.loc["waiting", "n"])
    assert pd.isna(frame.loc["waiting", "share"])
    assert frame.loc["competence", "n"].tolist() == [125, 0]
    recipe = TABLES["no_answer"]
    spec = build_protected(lambda own: recipe(own, RU), protected, needs=recipe.needs)
    row = next(row for row in spec.rows if "Граждане" not in str(row[0]))
    assert [type(value) for value in row[2:]].count(Hidden) == 1
    text = to_markdown(spec, wording=RU)
    assert "| скрыто |" in text
    assert "за числом стоит меньше 5 человек" in text.replace("\u00a0", " ")


def test_hidden_cells_are_listed_without_their_values():
    protected = protect(make_bundle())
    specs = build_tables(protected.bundle, wording=RU, protected=protected)
    listed = list_hidden(specs, wording=RU)
    heads = [column.key for column in listed.columns]
    rows = [dict(zip(heads, row, strict=True)) for row in listed.rows]
    own = [row for row in rows if row["hidden_file"] == "no_answer"]
    assert [row["hidden_rule"] for row in own] == ["первичное"]
    reason = own[0]["hidden_reason"].replace("\u00a0", " ")
    assert reason == "За значением стоит меньше 5 человек"
    marked = sum(isinstance(v, Hidden) for spec in specs for row in spec.rows for v in row)
    assert len(rows) == marked > 0


def test_a_centre_of_three_people_has_no_number_in_any_table():
    """Whatever stands in a row of centre c6 is a name, a word or hidden."""
    protected = protect(make_small(c6=3))
    assert pd.isna(protected.bundle.get("stars", Stars).frame.set_index("centre").loc["c6", "n"])
    kept = {"checklist", *read_declared().kept}
    for name, result in protected.bundle.results.items():
        for attribute in getattr(result, "__dataclass_fields__", {}):
            frame = getattr(result, attribute)
            if isinstance(frame, pd.DataFrame) and "centre" in frame:
                own = frame[frame["centre"] == "c6"].drop(columns=kept, errors="ignore")
                numbers = own.select_dtypes("number")
                assert numbers.isna().all(axis=None), (name, attribute)


def test_a_second_centre_of_the_region_hides_the_first():
    """Regions: Край has c3, c4 and c5; the region's number is published, so one more is hidden."""
    bundle = make_small(c3=3, c4=60, c5=40)
    results = dict(bundle.results)
    regions = results["regions"].frame.copy()
    regions.loc[regions["region"] == "Край", "n"] = 103
    results["regions"] = replace(results["regions"], frame=regions)
    means = results["regional"].means
    results["regional"] = replace(
        results["regional"], means=means[(means["region"] != "Край") | (means["key"] != "index")]
    )
    protected = protect(replace(bundle, results=results))
    frame = protected.bundle.get("stars", Stars).frame.set_index("centre")
    assert frame["n"].isna().reindex(["c3", "c4", "c5"]).tolist() == [True, False, True]
    assert pd.notna(frame.loc["c5", "estimate"])


def test_all_options_of_a_question_are_hidden_with_what_tells_them():
    results = make_results()
    items = results["item_analysis"]
    options = items.options.copy()
    part = (options["kind"] == "all") & (options["indicator"] == options["indicator"].iloc[0])
    options.loc[options.index[part][0], "n"] = 2
    results["item_analysis"] = replace(items, options=options)
    protected = protect(make_bundle(results=results))
    shown = protected.bundle.get("item_analysis", ItemAnalysis)
    assert shown.options.loc[part, ["n", "estimate", "ci_low"]].isna().all(axis=None)
    own = shown.items[
        (shown.items["kind"] == "all") & (shown.items["indicator"] == options["indicator"].iloc[0])
    ].set_index("statistic")["estimate"]
    shape = own.index.intersection(["floor", "ceiling", "skew", "kurtosis"])
    assert len(shape)
    assert own[shape].isna().all()
    assert pd.notna(own["mean"])


def test_a_threshold_of_one_hides_nothing_and_says_so():
    bundle = make_bundle()
    loose = bundle.methodology.model_copy(update={"disclosure": DisclosureSettings(fewest=1)})
    protected = protect(replace(bundle, methodology=loose))
    assert protected.touched == frozenset()
    said = PARAGRAPHS["suppression"](protected.bundle, RU)
    assert said.startswith("Методика не скрывает малые числа")


@pytest.mark.parametrize(("language", "words"), [("ru", "ничего не пришлось"), ("en", "Nothing")])
def test_where_nothing_is_hidden_a_sentence_says_so(language, words):
    results = make_results()
    keep = ("coverage", "stars", "regions")
    results = {name: results[name] for name in keep}
    coverage = results["coverage"]
    coverage = replace(coverage, no_answer=coverage.no_answer.iloc[:2])
    protected = protect(make_bundle(results=results | {"coverage": coverage}))
    assert words in PARAGRAPHS["suppression"](protected.bundle, load_wording(language))


def test_every_declared_frame_and_column_is_in_the_results():
    results = make_results()
    for cells in read_declared().cells:
        frame = getattr(results[cells.result], cells.frame)
        named = {word[1:-1] for word in cells.key if word.startswith("{")}
        listed = {name for name in (*cells.given_away_by, *cells.rests) if name != "*"}
        wanted = named | listed | set(cells.where) | ({cells.count} if cells.count else set())
        assert wanted - {"df"} <= set(frame.columns), (cells.result, cells.frame)
