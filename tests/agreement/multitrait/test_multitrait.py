"""The multitrait-multimethod matrix: closed forms, brute force, a simulated truth, real schools."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from clientindex.agreement.decomposition import take_measured_twice
from clientindex.agreement.multitrait import (
    Replicates,
    compare_correlations,
    compute_covariances,
    compute_method_htmt,
    correlate,
    estimate_multitrait,
)
from clientindex.agreement.multitrait.criteria import tabulate_criteria
from clientindex.agreement.multitrait.errors import name_error
from clientindex.errors import StatisticsError
from clientindex.reliability.centres.jackknife import Strata
from clientindex.results.base import TIDY_COLUMNS

# Closed forms and brute force in double precision.
ROUNDING = 1e-10
# Published correlations have two decimals.
PUBLISHED = 0.01
LEVEL = 0.95

GROUPS = ("friendliness", "usefulness", "effort", "targeting", "comfort")
TRAIT_VARIANCE = np.array([30.0, 25.0, 36.0, 20.0, 28.0])
TRAIT_CORRELATION = np.full((5, 5), 0.5) + 0.5 * np.eye(5)
TRAIT_CORRELATION[0, 1] = TRAIT_CORRELATION[1, 0] = 0.7
TRAIT_CORRELATION[2, 4] = TRAIT_CORRELATION[4, 2] = 0.3
TRAIT = TRAIT_CORRELATION * np.sqrt(np.outer(TRAIT_VARIANCE, TRAIT_VARIANCE))
HALO, METHOD, SURVEY_OWN, CHECKLIST_OWN, VISIT_ERROR = 16.0, 45.0, 6.0, 25.0, 15.0
RESPONDENT = 22.0**2 * (np.full((5, 5), 0.6) + 0.4 * np.eye(5))
OFF = ~np.eye(5, dtype=bool)

# What the correlations of error-free centres are; `TRUE_FIRST` keeps the error of one visit.
TRUE_COV = np.block(
    [
        [TRAIT + HALO + SURVEY_OWN * np.eye(5), TRAIT],
        [TRAIT, TRAIT + METHOD + CHECKLIST_OWN * np.eye(5)],
    ]
)
FIRST_COV = TRUE_COV + VISIT_ERROR * np.diag(np.repeat([0.0, 1.0], 5))


def simulate(seed, *, centres, regions=1, visited=0):
    """Draw traits, halo, method, sampling error and two visits; return the arrays of a study."""
    rng = np.random.default_rng(seed)

    def draw(variance, *shape):
        return rng.normal(0, np.sqrt(variance), shape)

    codes = rng.permutation(np.arange(centres) % regions)
    apart = [draw(30.0, regions, 5)[codes] for _ in range(2)]
    trait = rng.multivariate_normal(np.zeros(5), TRAIT, centres)
    answers = rng.integers(10, 60, centres)
    noise = rng.multivariate_normal(np.zeros(5), RESPONDENT, centres) / np.sqrt(answers)[:, None]
    survey = 70 + trait + draw(HALO, centres, 1) + draw(SURVEY_OWN, centres, 5) + noise + apart[0]
    steady = 80 + trait + draw(METHOD, centres, 1) + draw(CHECKLIST_OWN, centres, 5) + apart[1]
    second = steady + 2 + draw(VISIT_ERROR, centres, 5)
    second[visited:] = np.nan
    return {
        "survey": survey,
        "checklist": steady + draw(VISIT_ERROR, centres, 5),
        "sampling": RESPONDENT / answers[:, None, None],
        "regions": codes,
        "second": second,
    }


def take(study):
    arrays = {name: study[name] for name in ("sampling", "regions")}
    return take_measured_twice(study["survey"], study["checklist"], **arrays)


def find_correlations(result, removed):
    return result.correlations[result.correlations["removed"] == removed].reset_index(drop=True)


def find_criterion(result, criterion, statistic, removed="survey_sampling", group="all"):
    frame = result.criteria
    rows = (frame["criterion"] == criterion) & (frame["statistic"] == statistic)
    chosen = frame[rows & (frame["removed"] == removed) & (frame["group"] == group)]
    assert len(chosen) == 1
    return chosen.iloc[0]


@pytest.fixture(scope="module")
def study():
    return simulate(2026, centres=2_000, regions=8, visited=600)


@pytest.fixture(scope="module")
def result(study):
    return estimate_multitrait(take(study), groups=GROUPS, level=LEVEL, second=study["second"])


@pytest.mark.parametrize(
    ("removed", "cov"), [("survey_sampling", FIRST_COV), ("survey_sampling_and_visits", TRUE_COV)]
)
def test_two_thousand_centres_give_back_the_true_correlations(result, removed, cov):
    rows = find_correlations(result, removed)
    truth = correlate(cov)[np.triu_indices(10, 1)]
    # 45 related numbers of one seeded run.
    assert (np.abs(rows["estimate"] - truth) < 3.3 * rows["std_error"]).all()
    assert (rows["std_error"] < 0.05).all()


def test_without_the_correction_the_truth_is_missed(result):
    rows = find_correlations(result, "none")
    truth = correlate(FIRST_COV)[np.triu_indices(10, 1)]
    cross = (rows["first_method"] != rows["second_method"]).to_numpy()
    same = (rows["kind"] == "monotrait_heteromethod").to_numpy()
    # Between methods they are too low; inside the checklist there is nothing to correct.
    assert (rows["estimate"] < truth)[same].all()
    assert (rows["ci_high"] < truth)[same].sum() >= 4
    assert find_criterion(result, "1", "difference", removed="none")["ci_high"] < truth[same].mean()
    assert (rows["estimate"] < truth)[cross].mean() > 0.9
    checklists = (rows["first_method"] == "checklist").to_numpy()
    corrected = find_correlations(result, "survey_sampling")
    values = [frame["estimate"].to_numpy()[checklists] for frame in (rows, corrected)]
    assert values[0] == pytest.approx(values[1], rel=ROUNDING)


def test_correcting_only_the_diagonal_misses_the_truth_inside_the_survey(study):
    diagonal = study | {"sampling": study["sampling"] * np.eye(5)}
    rows = find_correlations(
        estimate_multitrait(take(diagonal), groups=GROUPS, level=LEVEL), "survey_sampling"
    )
    truth = correlate(FIRST_COV)[np.triu_indices(10, 1)]
    inside = (rows["second_method"] == "survey").to_numpy()
    assert (rows["ci_low"] > truth)[inside].all()


@pytest.mark.parametrize("criterion", ["1", "2", "3_survey", "3_checklist"])
def test_two_thousand_centres_give_back_the_criteria(result, criterion):
    truth = compare_correlations(correlate(FIRST_COV), criterion)
    difference = find_criterion(result, criterion, "difference")
    assert abs(difference["estimate"] - truth.mean()) < 3 * difference["std_error"]
    assert difference["std_error"] < 0.03
    count = find_criterion(result, criterion, "count")
    assert count["ci_low"] <= (truth > 0).sum() <= count["ci_high"]
    assert count["comparisons"] == truth.size == {"1": 5, "2": 40}.get(criterion, 20)
    assert count["n"] == 2_000


def test_ratios_between_methods_are_the_correlations_of_traits(result):
    frame = result.htmt[result.htmt["removed"] == "survey_sampling"]
    truth = TRAIT_CORRELATION[np.triu_indices(5, 1)]
    for statistic in ("htmt_between", "htmt2_between"):
        rows = frame[frame["statistic"] == statistic]
        # The plain ratio is that of the traits only when variances of the groups are alike.
        slack = 0.0 if statistic == "htmt2_between" else 0.01
        assert (np.abs(rows["estimate"] - truth) < 3 * rows["std_error"] + slack).all()
    usual = frame[frame["statistic"] == "htmt_all"]
    assert (usual["estimate"] > truth + 0.2).all()


def test_the_geometric_ratio_needs_no_correction(result):
    rows = result.htmt[result.htmt["statistic"] == "htmt2_between"]
    found = {removed: part["estimate"].to_numpy() for removed, part in rows.groupby("removed")}
    for removed in ("survey_sampling", "survey_sampling_and_visits"):
        assert found[removed] == pytest.approx(found["none"], rel=1e-9)


@pytest.mark.slow
def test_intervals_cover_in_small_studies():
    criteria = ("1", "2", "3_survey", "3_checklist")
    true = {key: compare_correlations(correlate(FIRST_COV), key) for key in criteria}
    covered, counted, runs = np.zeros(4), np.zeros(4), 120
    for seed in range(runs):
        small = simulate(seed, centres=150, regions=5)
        result = estimate_multitrait(take(small), groups=GROUPS, level=LEVEL)
        for place, key in enumerate(criteria):
            row = find_criterion(result, key, "difference")
            covered[place] += row["ci_low"] < true[key].mean() < row["ci_high"]
            row = find_criterion(result, key, "count")
            counted[place] += row["ci_low"] <= (true[key] > 0).sum() <= row["ci_high"]
    # Of 120 runs a share of 0.95 has a standard error of 0.02.
    assert (covered / runs > 0.90).all()
    # Bonferroni: at least the level.
    assert (counted / runs > 0.95).all()


def test_uncorrected_correlations_are_those_of_pandas():
    study = simulate(1, centres=60, regions=3)
    frame = pd.DataFrame(np.hstack([study["survey"], study["checklist"]]))
    expected = (frame - frame.groupby(study["regions"]).transform("mean")).corr().to_numpy()
    result = estimate_multitrait(take(study), groups=GROUPS, level=LEVEL)
    matrix = result.take_matrix("none")
    assert matrix.to_numpy() == pytest.approx(expected, rel=ROUNDING)
    assert list(matrix.index[:2]) == [("survey", "friendliness"), ("survey", "usefulness")]
    assert matrix.loc[("checklist", "comfort"), ("survey", "effort")] == matrix.iloc[9, 2]


def test_one_region_is_the_covariance_less_the_mean_sampling_matrix():
    study = simulate(2, centres=50)
    cov = pd.DataFrame(np.hstack([study["survey"], study["checklist"]])).cov().to_numpy(copy=True)
    cov[:5, :5] -= study["sampling"].mean(axis=0)
    expected = cov / np.sqrt(np.outer(np.diag(cov), np.diag(cov)))
    result = estimate_multitrait(take(study), groups=GROUPS, level=LEVEL)
    off = ~np.eye(10, dtype=bool)
    found = result.take_matrix("survey_sampling").to_numpy()
    assert found[off] == pytest.approx(expected[off], rel=ROUNDING)


def test_second_visits_take_out_half_the_covariance_of_differences():
    study = simulate(3, centres=40, visited=25)
    measured = take(study)
    visits = study["second"] - study["checklist"]
    weights = np.ones((2, 40))
    weights[1, 4] = 0
    found = compute_covariances(measured, weights, visits=visits)
    for row, kept in enumerate((np.arange(25), np.delete(np.arange(25), 4))):
        taken = found["survey_sampling"][row] - found["survey_sampling_and_visits"][row]
        expected = pd.DataFrame(visits[kept]).cov().to_numpy() / 2
        assert taken[5:, 5:] == pytest.approx(expected, rel=1e-9)
        assert np.abs(taken[:5]).max() == 0


def test_the_interval_of_a_difference_is_the_jackknife_by_hand():
    study = simulate(4, centres=36, regions=3)
    result = estimate_multitrait(take(study), groups=GROUPS, level=LEVEL)

    def compute(kept):
        x = pd.DataFrame(np.hstack([study["survey"], study["checklist"]])[kept])
        r = (x - x.groupby(study["regions"][kept]).transform("mean")).corr().to_numpy()
        cross, inside = r[:5, 5:], r[:5, :5]
        return np.trace(cross) / 5 - cross[OFF].mean(), np.trace(cross) / 5 - inside[OFF].mean()

    left_out = np.array([compute(np.delete(np.arange(36), place)) for place in range(36)])
    variance = np.zeros(2)
    for code in range(3):
        part = left_out[study["regions"] == code]
        variance += len(part) / (len(part) - 1) * ((part - part.mean(axis=0)) ** 2).sum(axis=0)
    margin = student.ppf(0.975, 33) * 35 / 36 * np.sqrt(variance)
    for place, key in enumerate(("2", "3_survey")):
        row = find_criterion(result, key, "difference", removed="none")
        estimate = compute(np.arange(36))[place]
        assert row["estimate"] == pytest.approx(estimate, rel=ROUNDING)
        assert row["ci_low"] == pytest.approx(estimate - margin[place], rel=1e-8)
        assert row["ci_high"] == pytest.approx(estimate + margin[place], rel=1e-8)


# Groups a and b: r(a, a) = 0.5, r(b, b) = 0.3, r(a, b) = 0.4, r(b, a) = 0.2.
SMALL = np.array([[1, 0.6, 0.5, 0.4], [0.6, 1, 0.2, 0.3], [0.5, 0.2, 1, 0.1], [0.4, 0.3, 0.1, 1]])


def test_criteria_of_two_groups_by_hand():
    found = {key: compare_correlations(SMALL, key) for key in ("1", "2", "3_survey", "3_checklist")}
    assert found["1"] == pytest.approx(np.array([[0.5], [0.3]]))
    assert found["2"] == pytest.approx(np.array([[0.1, 0.3], [0.1, -0.1]]))
    assert found["3_survey"] == pytest.approx(np.array([[-0.1], [-0.3]]))
    assert found["3_checklist"] == pytest.approx(np.array([[0.4], [0.2]]))


def test_a_count_lies_between_certain_signs():
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 0.005, (30, 4, 4))
    codes = np.zeros(30, dtype=np.intp)
    replicates = Replicates(
        r=SMALL, left_out=SMALL + noise, strata=Strata(codes=codes), level=LEVEL
    )
    table = tabulate_criteria(replicates, ("a", "b"), undefined="undefined")
    row = table.query("criterion == '2' and statistic == 'count' and group == 'all'").iloc[0]
    difference = compare_correlations(SMALL, "2")
    left = compare_correlations(replicates.left_out, "2")
    error = np.sqrt(29 / 30 * ((left - left.mean(axis=0)) ** 2).sum(axis=0))
    margin = student.ppf(1 - 0.025 / 4, 29) * error
    assert row["estimate"] == 3
    assert row["ci_low"] == (difference > margin).sum() < 3
    assert row["ci_high"] == 4 - (difference < -margin).sum()


def test_ratios_of_two_groups_by_hand():
    found = compute_method_htmt(SMALL)[:, 0]
    own = np.sqrt(0.5 * 0.3)
    expected = [0.3 / own, np.sqrt(0.08) / own, (0.6 + 0.4 + 0.2 + 0.1) / 4 / own]
    assert found == pytest.approx(expected, rel=ROUNDING)
    opposed = SMALL.copy()
    opposed[0, 2] = opposed[2, 0] = -0.5
    assert np.isnan(compute_method_htmt(opposed)).all()


def test_every_correlation_names_the_error_that_was_removed():
    both = "survey_sampling_and_visits"
    assert name_error("none", "survey", "survey") == "none"
    assert name_error("survey_sampling", "survey", "survey") == "survey_sampling"
    assert name_error("survey_sampling", "checklist", "checklist") == "none"
    assert name_error(both, "survey", "survey") == "survey_sampling"
    assert name_error(both, "survey", "checklist") == both
    assert name_error(both, "checklist", "checklist") == "visits"


def test_the_order_of_centres_and_linear_linking_do_not_matter():
    study = simulate(5, centres=40, regions=4)
    order = np.random.default_rng(0).permutation(40)
    other = {name: values[order] for name, values in study.items()}
    other["checklist"] = 3 + 0.5 * other["checklist"]
    first, second = (
        estimate_multitrait(take(s), groups=GROUPS, level=LEVEL) for s in (study, other)
    )
    for name in ("correlations", "criteria", "htmt"):
        numbers = [
            getattr(r, name)[["estimate", "std_error", "ci_low"]].to_numpy()
            for r in (first, second)
        ]
        assert numbers[0] == pytest.approx(numbers[1], rel=1e-7, nan_ok=True)


def test_a_constant_checklist_group_is_undefined_with_a_reason():
    study = simulate(6, centres=40, regions=4)
    study["checklist"][:, 2] = 100.0 + study["regions"]
    result = estimate_multitrait(take(study), groups=GROUPS, level=LEVEL)
    rows = find_correlations(result, "none")
    touched = (rows["second_method"] == "checklist") & (rows["second_group"] == "effort")
    touched |= (rows["first_method"] == "checklist") & (rows["first_group"] == "effort")
    assert touched.sum() == 9
    assert rows["estimate"].isna().equals(touched)
    assert set(rows["method"][touched]) == {
        "undefined: all centres of every region have equal scores"
    }
    assert rows["std_error"][~touched].notna().all()
    for statistic in ("count", "difference"):
        row = find_criterion(result, "2", statistic, removed="none")
        assert np.isnan(row["estimate"])
        assert row["method"].startswith("undefined")
    row = find_criterion(result, "3_survey", "count", removed="none", group="comfort")
    assert np.isfinite(row["estimate"])
    htmt = result.htmt.query("first_group == 'effort' and removed == 'none'")
    assert htmt["estimate"].isna().all()


def test_sampling_error_larger_than_the_spread_is_undefined_with_a_reason():
    study = simulate(7, centres=40)
    study["sampling"][:, 1, 1] += 1_000
    result = estimate_multitrait(take(study), groups=GROUPS, level=LEVEL)
    row = find_criterion(result, "1", "difference", group="usefulness")
    assert np.isnan(row["estimate"])
    assert "once the error is removed" in row["method"]
    assert np.isfinite(find_criterion(result, "1", "difference", group="effort")["estimate"])
    assert np.isfinite(find_criterion(result, "1", "difference", removed="none")["estimate"])


def test_incomplete_centres_are_counted_and_told_tidily():
    study = simulate(8, centres=40, regions=2, visited=20)
    study["survey"][3, 1] = np.nan
    study["second"][5, 1] = np.nan
    result = estimate_multitrait(take(study), groups=GROUPS, level=LEVEL, second=study["second"])
    assert (result.n, result.n_dropped, result.n_regions, result.n_visits) == (39, 1, 2, 18)
    tidy = result.tidy()
    assert list(tidy.columns) == list(TIDY_COLUMNS)
    assert len(tidy) == len(result.correlations) + len(result.criteria) + len(result.htmt)
    assert {
        "correlation_less_none",
        "criterion_2_count_less_survey_sampling",
        "htmt2_between_less_survey_sampling_and_visits",
    } <= set(tidy["statistic"])
    assert not tidy.duplicated(["subject", "statistic"]).any()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"groups": GROUPS[:4]}, "5 groups were measured, but 4 are named"),
        ({"second": np.zeros((39, 5))}, "same centres and groups as the first"),
        ({"second": np.full((40, 5), np.nan)}, "there are 0"),
    ],
)
def test_what_is_not_defined_is_refused_in_words(change, words):
    asked = {"groups": GROUPS, "level": LEVEL} | change
    with pytest.raises(StatisticsError, match=words):
        estimate_multitrait(take(simulate(9, centres=40)), **asked)


SHARED = Path(__file__).parents[4] / "shared"
KNOWN_CORRELATION = {"saf": 0.54, "com": 0.39, "eng": 0.42, "aca": 0.48}


@pytest.fixture(scope="module")
def schools():
    path = SHARED / "data" / "nyc_school_survey_2011" / "group_scores.csv"
    if not path.is_file():
        pytest.skip("real data absent: ../shared/data/nyc_school_survey_2011 is not there")
    frame = pd.read_csv(path)
    keys = list(KNOWN_CORRELATION)
    sides = {name: part.set_index("dbn")[keys] for name, part in frame.groupby("source")}
    parents, teachers = sides["parents"].align(sides["teachers"], join="outer", axis=0)
    # Group scores are published without their covariances: nothing can be corrected.
    measured = take_measured_twice(
        parents.to_numpy(), teachers.to_numpy(), sampling=np.zeros((len(parents), 4, 4))
    )
    return estimate_multitrait(measured, groups=tuple(keys), level=LEVEL)


def test_parents_and_teachers_correlate_as_known(schools):
    rows = find_correlations(schools, "none").query("kind == 'monotrait_heteromethod'")
    found = rows.set_index("first_group")["estimate"]
    for group, known in KNOWN_CORRELATION.items():
        assert found[group] == pytest.approx(known, abs=PUBLISHED)
    assert schools.n == 452


def test_a_strong_halo_of_schools_fails_the_third_criterion(schools):
    rows = find_correlations(schools, "none").query("kind == 'heterotrait_monomethod'")
    assert rows["estimate"].min() == pytest.approx(0.78, abs=PUBLISHED)
    assert rows["estimate"].max() == pytest.approx(0.95, abs=PUBLISHED)
    for criterion in ("3_survey", "3_checklist"):
        assert find_criterion(schools, criterion, "count", removed="none")["ci_high"] == 0
        assert find_criterion(schools, criterion, "difference", removed="none")["ci_high"] < -0.3
    assert find_criterion(schools, "1", "count", removed="none")["ci_low"] == 4
