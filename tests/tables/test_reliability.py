"""Tables of reliability: cells as a document shows them."""

from __future__ import annotations

import math

import pytest

from clientindex.tables import TABLES
from clientindex.wording import load_wording
from presentation_bundle import make_bundle, make_results
from presentation_revision import make_revised_bundle
from table_shown import EN, RU, change, heads, show


@pytest.fixture(scope="module")
def bundle():
    return make_bundle()


@pytest.fixture(scope="module")
def revised():
    """Make a bundle with every result, that of a revision too."""
    return make_revised_bundle()


def test_alpha_has_rows_of_everybody_and_of_segments(bundle):
    rows = show(TABLES["alpha"](bundle, EN))
    assert rows[0] == [
        "Friendliness and partnership",
        "All respondents",
        *("4", "0.80", "[0.77, 0.81]", "0.49", "1,230", "acceptable"),
    ]
    assert rows[3][1:5] == ["Employers", "4", "0.70", "[0.64, 0.76]"]


def test_coefficients_stand_side_by_side_by_group(bundle):
    spec = TABLES["coefficient_overview"](bundle, EN)
    assert heads(spec) == [
        "Coefficient",
        "Friendliness and partnership",
        "Comfort and convenience",
        "All indicators",
    ]
    rows = {row[0]: row[1:] for row in show(spec)}
    assert rows["Cronbach's alpha"] == ["0.80", "0.66", "0.92"]
    assert rows["Green and Yang's categorical omega"] == ["0.79", "0.65", "0.91"]
    assert rows["Ordinal alpha (latent responses)"] == ["0.83", "0.69", "0.95"]
    assert "a sample of the splits" in spec.notes[0]


def test_omega_of_one_factor_has_its_interval(bundle):
    rows = show(TABLES["omega_one_factor"](bundle, RU), RU)
    assert rows[1] == [
        "Внешний комфорт и удобство",
        *("0,67", "[0,65; 0,69]", "0,65", "[0,63; 0,67]", "0,68", "[0,66; 0,70]"),
    ]


def test_omegas_are_named_by_their_solution_and_gaps_are_signs(bundle):
    rows = show(TABLES["omega_solutions"](bundle, EN))
    assert rows[0] == [
        "Comfort and convenience",
        "Exploratory (Schmid and Leiman)",
        *("0.82", "[0.79, 0.85]", "0.25", "[0.22, 0.28]"),
    ]
    assert rows[1][1:] == ["Confirmatory, correlated factors", "0.81", "[0.78, 0.84]", "—", "—"]
    assert len(rows) == 4, "the bifactor model was refused"


def test_answers_and_relations_of_every_indicator(bundle):
    rows = {row[0]: row[1:] for row in show(TABLES["item_distribution"](bundle, EN))}
    assert rows["No waiting"] == ["1,170", "5.0", "3.88", "[3.86, 3.90]", "1.00", "4.0", "60.0"]
    rows = {row[0]: row[1:] for row in show(TABLES["item_relations"](bundle, EN))}
    assert rows["No waiting"][:2] == ["0.15", "[0.11, 0.19]"]
    assert rows["No waiting"][4:] == ["0.74", "[0.70, 0.78]"]


def test_words_of_the_reliability_of_centres_follow_the_methodology(bundle):
    rows = show(TABLES["centre_icc"](bundle, EN))
    assert rows[1] == [
        "All indicators",
        *("0.06", "[0.04, 0.08]", "0.80", "[0.70, 0.90]", "0.75", "[0.67, 0.83]"),
        "sufficient for comparisons",
    ]
    frame = make_results()["centre_reliability"].coefficients
    mean = frame["statistic"] == "mean_reliability"
    low = frame.assign(estimate=frame["estimate"].mask(mean, 0.699))
    rows = show(TABLES["centre_icc"](change("centre_reliability", coefficients=low), EN))
    assert rows[1][-1] == "not sufficient"


def test_answers_needed_are_rounded_up_and_an_open_interval_is_not_invented(bundle):
    rows = show(TABLES["centre_answers"](bundle, EN))
    index = [row[1:] for row in rows if row[0] == "All indicators"]
    assert index[0] == ["0.6", "80", "[60, 100]", "23", "[15, 33]"]
    assert index[1] == ["0.7", "80", "[60, 100]", "35", "[28, 46]"]
    comfort = [row[1:] for row in rows if row[0] == "Comfort and convenience"]
    assert comfort[0][3:] == ["23", "—"]
    frame = make_results()["centre_reliability"].answers
    none = change("centre_reliability", answers=frame.assign(estimate=math.inf))
    assert {row[4] for row in show(TABLES["centre_answers"](none, EN))} == {"—"}


def test_regions_have_a_component_where_they_are_told_apart(bundle):
    rows = show(TABLES["variance_components"](bundle, EN))
    index = [row[1:] for row in rows if row[0] == "All indicators"]
    assert index[1] == ["Centres", "15.0", "[10.0, 20.0]", "6.0", "[4.0, 8.0]"]
    assert index[2] == ["Regions", "15.0", "—", "6.0", "[1.0, 20.0]"]
    comfort = [row[1] for row in rows if row[0] == "Comfort and convenience"]
    assert comfort == ["Respondents within centres", "Centres"]


def test_levels_of_the_data_stand_below_each_other(bundle):
    rows = show(TABLES["level_coefficients"](bundle, EN))
    assert rows == [
        ["All indicators", "within centres", "0.91", "[0.89, 0.93]", "0.92", "[0.90, 0.94]"],
        ["All indicators", "between centres", "0.97", "[0.95, 0.99]", "—", "—"],
    ]


def test_rules_have_their_limits_and_shares(bundle):
    spec = TABLES["answer_quality"](bundle, EN)
    rows = show(spec)
    assert rows[0][1:] == ["10", "1,234", "37", "3.00", "[2.50, 3.50]"]
    assert rows[-1][:2] == ["Any of the rules", "—"]
    assert "within centre and day" in spec.notes[0]
    assert "229–248 (the number is a working threshold); Blasius J." in spec.notes[0]
    russian = TABLES["answer_quality"](bundle, RU).notes[0]
    assert "229–248 (число — рабочий порог); Blasius J." in russian
    assert "threshold" not in russian


def test_effects_and_centres_that_stand_out(bundle):
    assert show(TABLES["quality_effects"](bundle, EN))[1] == [
        "any rule",
        *("41", "−0.013", "[−0.015, −0.011]", "0.25", "[0.10, 0.40]"),
    ]
    rows = show(TABLES["quality_flagged"](bundle, EN))
    assert [row[2] for row in rows] == ["c3", "c3"], "c4 is like the others"
    assert rows[0][-1] == "< 0.001"


def test_changes_of_a_group_are_told_as_changes(bundle):
    spec = TABLES["indicator_drops"](bundle, EN)
    assert heads(spec)[1::2] == ["Change of alpha", "Change of reliability"]
    rows = {row[0]: row[1:] for row in show(spec)}
    assert rows["No waiting"] == ["0.050", "[0.040, 0.060]", "0.020", "[0.010, 0.030]"]
    assert rows["Accessibility"][0] == "−0.050"
    subsets = show(TABLES["best_subsets"](bundle, EN))
    assert subsets[0][:3] == [
        "Friendliness and partnership",
        "2",
        "Professional competence of staff; Communication by staff",
    ]


def test_everything_that_is_not_defined_is_listed_with_its_reason(bundle):
    rows = show(TABLES["reliability_gaps"](bundle, EN))
    assert rows[0] == [
        *("Region", "Край", "Personal relevance", "—"),
        "All answers are equal.",
        "Personal circumstances considered",
    ]
    reasons = [row[4] for row in rows]
    assert "There are fewer centres than parameters (centres/parameters)." in reasons
    assert "The duration of interviews is unknown." in reasons


LONG = [
    *("coefficients", "omega_parts", "item_parts", "item_relation_parts", "option_shares"),
    *("missing_reasons", "component_parts", "centre_coefficients", "centre_reliabilities"),
    *("answer_parts", "generalizability", "decision_curves", "quality_shares", "quality_centres"),
    *("quality_effect_parts", "index_changes", "indicator_changes", "subset_parts"),
]


@pytest.mark.parametrize("name", LONG)
def test_long_tables_have_every_row_of_their_frame(bundle, name):
    spec = TABLES[name](bundle, EN)
    frames = {
        "coefficients": ("consistency", "frame"),
        "omega_parts": ("omegas", "frame"),
        "item_parts": ("item_analysis", "items"),
        "item_relation_parts": ("item_analysis", "relations"),
        "option_shares": ("item_analysis", "options"),
        "missing_reasons": ("item_analysis", "reasons"),
        "component_parts": ("centre_reliability", "components"),
        "centre_coefficients": ("centre_reliability", "coefficients"),
        "centre_reliabilities": ("centre_reliability", "centres"),
        "answer_parts": ("centre_reliability", "answers"),
        "generalizability": ("centre_reliability", "generalizability"),
        "decision_curves": ("centre_reliability", "curves"),
        "quality_shares": ("answer_quality", "shares"),
        "quality_centres": ("answer_quality", "centres"),
        "quality_effect_parts": ("answer_quality", "effects"),
        "index_changes": ("answer_quality", "changes"),
        "indicator_changes": ("indicator_sets", "changes"),
        "subset_parts": ("indicator_sets", "subsets"),
    }
    result, frame = frames[name]
    source = getattr(make_results()[result], frame)
    assert len(spec.rows) == len(source)
    place = [column.key for column in spec.columns].index("estimate")
    shown = [row[place] for row in spec.rows]
    assert shown == pytest.approx(source["estimate"].tolist())


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", sorted(TABLES))
def test_headings_in_files_of_data_differ(revised, name, language):
    """A spreadsheet program refuses a table with two columns of one name."""
    from clientindex.tables.flat import list_headers

    spec = TABLES[name](revised, load_wording(language))
    headers = [head for column in spec.columns for head in list_headers(column)]
    assert len(set(headers)) == len(headers)
