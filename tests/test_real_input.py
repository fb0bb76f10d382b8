"""The main job on real input: the NYC School Survey 2011, the bfi data and CMS hospital stars.

Expected values come from the publishers of the data (NYC group scores; hospitals' scores and
stars), from the data's README (the known correlations) and from psych and pingouin (bfi).
"""

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy.stats import t

from clientindex.methodology import load_methodology
from clientindex.pipeline.publish import publish_edition
from clientindex.pipeline.run import run_edition
from clientindex.results import (
    Agreement,
    Consistency,
    ExploratoryModel,
    MultitraitMatrix,
    RankTable,
    ScoreParts,
    Scores,
    SourceComparison,
    StarDoubt,
    Stars,
    StructuralRelation,
    Suitability,
    Unavailable,
    load_bundle,
)
from editions_at import SHARED, place_edition

PUBLISHED_ROUNDING = 0.1
"""Published group scores are rounded to 0.1, and so are the item scores they are the mean of."""

KNOWN_CORRELATION = {"saf": 0.54, "com": 0.39, "eng": 0.42, "aca": 0.48}
PSYCH_ALPHA = {
    "agreeableness": 0.70,
    "conscientiousness": 0.73,
    "extraversion": 0.76,
    "neuroticism": 0.81,
    "openness": 0.60,
}
"""psych::alpha(bfi[...])$total$raw_alpha with keys, as printed (two decimals)."""

_INDEX = ("estimate", "std_error")

PSYCH_KMO = 0.85
"""psych::KMO(bfi[1:25])$MSA as printed."""


@pytest.fixture(scope="module")
def nyc(tmp_path_factory):
    path = place_edition("nyc", tmp_path_factory.mktemp("nyc"), data="nyc_school_survey_2011")
    return run_edition(path)


@pytest.fixture(scope="module")
def nyc_students(tmp_path_factory):
    """Parents against students instead of teachers."""
    path = place_edition("nyc", tmp_path_factory.mktemp("nyc"), data="nyc_school_survey_2011")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("source: teachers", "source: students"), encoding="utf-8")
    return run_edition(path)


@pytest.fixture(scope="module")
def cms(tmp_path_factory):
    """Hospitals of April 2021: a rating of measures, every rule of it in two YAML files."""
    return run_edition(
        place_edition("cms", tmp_path_factory.mktemp("cms"), data="cms_hospital_stars_2021_04")
    )


@pytest.fixture(scope="module")
def bfi(tmp_path_factory):
    path = place_edition("bfi", tmp_path_factory.mktemp("bfi"), data="bfi")
    return run_edition(path)


def read_group_scores(source):
    frame = pd.read_csv(SHARED / "data" / "nyc_school_survey_2011" / "group_scores.csv")
    return frame[frame["source"] == source].set_index("dbn").drop(columns="source").dropna()


def test_nyc_group_scores_are_the_published_ones(nyc):
    frame = load_bundle(nyc.bundle).get("scores", Scores).frame
    groups = frame[(frame["segment"] == "all") & (frame["kind"] == "group")]
    ours = groups.pivot_table(index="centre", columns="key", values="estimate") / 10
    published = read_group_scores("parents")
    assert len(published) == 452
    difference = (ours.loc[published.index, published.columns] - published).abs()
    assert float(difference.max().max()) <= PUBLISHED_ROUNDING


def test_nyc_index_is_the_mean_of_its_groups_with_a_bounded_error(nyc):
    scores = load_bundle(nyc.bundle).get("scores", Scores)
    assert scores.std_error_method == "bound"
    frame = scores.frame[scores.frame["segment"] == "all"].dropna(subset=["estimate"])
    index = frame[frame["kind"] == "index"].set_index("centre")["estimate"]
    mean = frame[frame["kind"] == "group"].groupby("centre")["estimate"].mean()
    pd.testing.assert_series_equal(index, mean, rtol=1e-12, check_names=False)


def test_nyc_parents_and_teachers_correlate_as_known(nyc):
    result = load_bundle(nyc.bundle).get("agreement", Agreement)
    for group, known in KNOWN_CORRELATION.items():
        row = result.of(group).loc["pearson_r"]
        assert row["estimate"] == pytest.approx(known, abs=0.01)
        assert row["n"] == 452


@pytest.mark.parametrize("checked", ["nyc", "nyc_students"])
def test_nyc_limits_of_agreement_are_those_of_the_published_scores(checked, request):
    """Published scores are rounded to 0.1 of 10, so limits agree to that."""
    run = request.getfixturevalue(checked)
    result = load_bundle(run.bundle).get("agreement", Agreement)
    other = read_group_scores("students" if checked == "nyc_students" else "teachers")
    survey = read_group_scores("parents")
    both = survey.index.intersection(other.index)
    for group in KNOWN_CORRELATION:
        difference = 10 * (other.loc[both, group] - survey.loc[both, group])
        mean, spread = difference.mean(), difference.std()
        rows = result.of(group)
        assert rows.loc["bias", "n"] == len(both)
        ours = rows.loc[["loa_low", "bias", "loa_high"], "estimate"].to_numpy()
        wanted = [mean - 1.96 * spread, mean, mean + 1.96 * spread]
        assert ours == pytest.approx(wanted, abs=0.5)
        assert rows.loc["loa_low", "ci_low"] < ours[0] < rows.loc["loa_low", "ci_high"]


@pytest.mark.parametrize("checked", ["nyc", "nyc_students"])
def test_nyc_matrix_shows_the_halo(checked, request):
    """Groups of one source go together more than one group over both: 0.78-0.95 as known."""
    run = request.getfixturevalue(checked)
    matrix = load_bundle(run.bundle).get("multitrait", MultitraitMatrix)
    raw = matrix.correlations[matrix.correlations["removed"] == "none"]
    means = raw.groupby("kind")["estimate"].mean()
    assert 0.78 < means["heterotrait_monomethod"] < 0.95
    assert means["heterotrait_monomethod"] > means["monotrait_heteromethod"] + 0.1
    criteria = matrix.criteria[
        (matrix.criteria["removed"] == "none") & (matrix.criteria["group"] == "all")
    ].set_index(["criterion", "statistic"])
    assert criteria.loc[("1", "count"), "estimate"] == 4
    assert criteria.loc[("3_survey", "count"), "estimate"] == 0
    assert criteria.loc[("3_survey", "difference"), "ci_high"] < 0
    assert matrix.n == (451 if checked == "nyc" else 295)


def test_nyc_correlations_are_those_within_districts(nyc):
    """Against numpy on the same scores, each district's mean taken out.

    One of the 452 schools has an item answered once, so its sampling error is not known.
    """
    bundle = load_bundle(nyc.bundle)
    points = bundle.get("agreement", Agreement).points
    points = points[points["kind"] == "group"].dropna(subset="survey_error")
    wide = points.pivot_table(
        index=["region", "centre"], columns="subject", values=["survey", "checklist"]
    )
    wide = wide.dropna()
    centred = wide - wide.groupby(level="region").transform("mean")
    wanted = np.corrcoef(centred.T)
    names = list(centred.columns)
    rows = bundle.get("multitrait", MultitraitMatrix).correlations
    rows = rows[rows["removed"] == "none"]
    for row in rows.to_dict("records"):
        at = names.index((row["first_method"], row["first_group"]))
        to = names.index((row["second_method"], row["second_group"]))
        assert row["estimate"] == pytest.approx(wanted[at, to], abs=1e-9)


def test_nyc_slopes_lie_where_theory_puts_them(nyc):
    """OLS by numpy bounds the line; errors in variables is OLS over the reliability of parents."""
    bundle = load_bundle(nyc.bundle)
    structural = bundle.get("structural", StructuralRelation)
    lines = structural.lines[structural.lines["statistic"] == "slope"]
    points = bundle.get("agreement", Agreement).points
    reliability = structural.constants
    reliability = reliability[reliability["statistic"] == "reliability_survey"]
    reliability = reliability.set_index("subject")["estimate"]
    for group in KNOWN_CORRELATION:
        pair = points[points["subject"] == group].dropna(subset="survey_error")
        slope, _ = np.polyfit(pair["survey"], pair["checklist"], 1)
        inverse = 1 / np.polyfit(pair["checklist"], pair["survey"], 1)[0]
        ours = (
            lines[lines["subject"] == group].drop_duplicates("line").set_index("line")["estimate"]
        )
        assert ours["least_squares"] == pytest.approx(slope, rel=0.01)
        assert ours["inverse_least_squares"] == pytest.approx(inverse, rel=0.01)
        wanted = slope / reliability[group]
        assert ours["errors_in_variables"] == pytest.approx(wanted, rel=0.01)
        assert slope < ours["errors_in_variables"] < inverse
        assert ours["deming_equal"] > ours["errors_in_variables"]


def test_nyc_bounded_errors_are_named_as_such(nyc):
    comparison = load_bundle(nyc.bundle).get("comparability", SourceComparison)
    assert comparison.sampling == "bound"
    assert comparison.n_shared == 452


def test_nyc_statistics_of_single_answers_are_refused_in_words(nyc):
    bundle = load_bundle(nyc.bundle)
    assert bundle.get("consistency", Consistency) == Unavailable(
        stage="reliability", reason="totals_only"
    )
    stars = bundle.get("stars", Stars).frame
    assert stars["star"].notna().sum() == 441
    assert (stars["withheld"] == "no_answers").sum() == 2


def test_nyc_full_rating_report_is_rendered(nyc):
    publication = publish_edition(nyc.edition)
    names = {path.name for path in publication.documents}
    assert names >= {
        f"rating.{language}.{form}" for language in ("ru", "en") for form in ("html", "pdf", "docx")
    }
    html = next(p for p in publication.documents if p.name == "rating.ru.html")
    text = html.read_text(encoding="utf-8")
    assert "P.S. 015 Roberto Clemente" in text
    assert "Безопасность и уважение" in text
    assert not publish_edition(nyc.edition).rendered


def test_bfi_alpha_equals_pingouin_and_psych(bfi):
    frame = load_bundle(bfi.bundle).get("consistency", Consistency).frame
    chosen = (frame["statistic"] == "alpha") & (frame["method"] == "bootstrap")
    ours = frame[chosen & (frame["kind"] == "all")].set_index("group")
    methodology = load_methodology(bfi.edition.methodology)
    answers = pd.read_csv(SHARED / "data" / "bfi" / "bfi.csv")
    for group in methodology.groups:
        keyed = pd.DataFrame(
            {
                key: 7 - answers[key]
                if methodology.indicator(key).direction == "negative"
                else answers[key]
                for key in group.indicators
            }
        )
        peer, _ = pingouin.cronbach_alpha(keyed, nan_policy="pairwise")
        assert ours.loc[group.key, "estimate"] == pytest.approx(peer, abs=1e-12)
        assert ours.loc[group.key, "estimate"] == pytest.approx(PSYCH_ALPHA[group.key], abs=0.005)
        assert ours.loc[group.key, "ci_low"] < peer < ours.loc[group.key, "ci_high"]


def test_bfi_factors_are_the_five_groups(bfi):
    bundle = load_bundle(bfi.bundle)
    assert bundle.get("suitability", Suitability).kmo == pytest.approx(PSYCH_KMO, abs=0.005)
    model = bundle.get("exploratory", ExploratoryModel)
    table = model.loadings.pivot_table(index="indicator", columns="factor", values="estimate")
    strongest = table.abs().idxmax(axis=1)
    group = model.loadings.drop_duplicates("indicator").set_index("indicator")["group"]
    matched = model.variance.set_index("factor")["matched_group"]
    assert np.mean(matched[strongest].to_numpy() == group[strongest.index].to_numpy()) == 1.0


CMS_PRECISION = 5e-9
"""Published scores have nine decimals."""

CMS_GROUPS = {
    "mortality": "Std_Outcomes_Mortality_score",
    "safety": "Std_Outcomes_Safety_score",
    "readmission": "Std_Outcomes_Readmission_score",
    "experience": "Std_PatientExp_score",
    "process": "Std_Process_score",
}


def read_hospitals():
    path = SHARED / "data" / "cms_hospital_stars_2021_04" / "v202104_expected_sas_output.csv"
    return pd.read_csv(path, dtype={"PROVIDER_ID": "str"}).set_index("PROVIDER_ID")


def test_cms_group_and_summary_scores_are_the_published_ones(cms):
    published = read_hospitals()
    scores = load_bundle(cms.bundle).get("scores", Scores)
    wide = scores.frame[scores.frame["kind"] != "indicator"].pivot_table(
        index="centre", columns="key", values="estimate"
    )
    assert len(published) == 4536
    for key, column in {**CMS_GROUPS, "index": "summary_score"}.items():
        ours = wide[key].reindex(published.index)
        assert (ours.isna() == published[column].isna()).all()
        assert float((ours - published[column]).abs().max()) <= CMS_PRECISION
    left_out = scores.left_out[["key", "reason", "detail"]].to_numpy().tolist()
    assert left_out == [["OP_2", "few_centres", "90"]]
    assert len(scores.measures) == 48


def test_cms_stars_are_all_the_published_ones(cms):
    published = read_hospitals()
    stars = load_bundle(cms.bundle).get("stars", Stars)
    ours = stars.frame.set_index("centre").loc[published.index]
    rated = published["star"].notna()
    assert rated.sum() == 3355
    assert (ours["star"].notna() == rated).all()
    assert (ours.loc[rated, "star"] == published.loc[rated, "star"]).all()
    assert set(ours.loc[~rated, "withheld"]) == {"few_groups", "no_required_group"}
    peers = published.loc[rated, "cnt_grp"].str.extract("=([345])")[0]
    assert (ours.loc[rated, "peer_group"] == peers).all()
    assert ours["p_star"].isna().all()


def test_nyc_stars_have_the_probabilities_of_student(nyc):
    """The index errs by its bound of option counts; scipy gives the shares between the cuts."""
    bundle = load_bundle(nyc.bundle)
    stars, doubt = bundle.get("stars", Stars).frame, bundle.get("star_doubt", StarDoubt)
    starred = stars[stars["withheld"] == ""].set_index("centre")
    cuts = [band.lower for band in bundle.methodology.stars.bands[1:]]
    ends = np.array([-np.inf, *cuts, np.inf])
    z = (ends - starred[["estimate"]].to_numpy(float)) / starred[["std_error"]].to_numpy(float)
    expected = np.diff(t.cdf(z, starred[["df"]].to_numpy(float)), axis=1)
    found = doubt.probabilities.pivot_table(index="centre", columns="star", values="normal")
    np.testing.assert_allclose(found.loc[starred.index], expected, atol=1e-12)
    own = expected[np.arange(len(starred)), starred["star"].to_numpy(int) - 1]
    summary = doubt.summary.set_index(["route", "statistic"])["estimate"]
    assert summary["normal", "expected_accuracy"] == pytest.approx(own.mean(), rel=1e-12)
    # Schools with few answers keep the reason instead of a probability.
    withheld = doubt.centres[doubt.centres["withheld"] != ""]
    assert set(withheld["centre"]) == set(stars["centre"]) - set(starred.index)
    assert withheld["p_star_normal"].isna().all()


def test_nyc_rank_sets_are_those_of_all_pairs(nyc):
    """Every pair of schools is compared here by numpy, with the critical value of the last step."""
    ranks = load_bundle(nyc.bundle).get("ranks", RankTable)
    stars = load_bundle(nyc.bundle).get("stars", Stars).frame.set_index("centre")
    for scope in ranks.scopes.itertuples():
        own = ranks.frame[ranks.frame["scope"] == scope.scope].set_index("centre")
        score, error = (stars.loc[own.index, name].to_numpy(float) for name in _INDEX)
        z = np.subtract.outer(score, score) / np.hypot.outer(error, error)
        np.fill_diagonal(z, 0.0)
        better, worse = (z < -scope.critical_value), (z > scope.critical_value)
        assert (own["simultaneous_low"] == 1 + better.sum(axis=1)).all()
        assert (own["simultaneous_high"] == len(own) - worse.sum(axis=1)).all()
        assert (own["marginal_low"] >= own["simultaneous_low"]).all()
        assert (own["marginal_high"] <= own["simultaneous_high"]).all()
        rank = 1 + (np.subtract.outer(score, score) < -1e-9).sum(axis=1)
        assert (own["rank"] == rank).all()
        assert own["rank"].between(own["marginal_low"], own["marginal_high"]).all()


def test_hospitals_without_errors_say_that_nothing_is_known_of_their_doubt(cms):
    results = load_bundle(cms.bundle).results
    for name in ("star_doubt", "ranks", "error_check"):
        assert results[name] == Unavailable(
            stage="rating", reason="unknown_error", detail="3355/3355"
        )


def test_hospitals_index_is_the_sum_of_its_groups(cms):
    """Groups are z scores, so contributions of groups sum to the published summary score."""
    bundle = load_bundle(cms.bundle)
    parts, scores = bundle.get("score_parts", ScoreParts), bundle.get("scores", Scores).frame
    assert set(parts.frame["kind"]) == {"group"}
    total = parts.frame.groupby("centre")["contribution"].sum()
    whole = scores[(scores["kind"] == "index") & (scores["segment"] == "all")]
    index = whole.set_index("centre")["estimate"].reindex(total.index)
    np.testing.assert_allclose(total, index, atol=1e-9)
    assert len(total) > 3355
