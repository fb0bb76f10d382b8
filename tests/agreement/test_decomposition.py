"""Variance decomposition: closed forms, brute force and recovery of a simulated truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from clientindex.agreement.decomposition import (
    compute_levels,
    estimate_decomposition,
    split_covariance,
    take_measured_twice,
)
from clientindex.errors import StatisticsError

# Closed forms in double precision.
ROUNDING = 1e-10
LEVEL = 0.95

GROUPS = ("friendliness", "usefulness", "effort", "targeting", "comfort")
TRAIT_VARIANCE = np.array([30.0, 25.0, 36.0, 20.0, 28.0])
TRAIT_CORRELATION = np.full((5, 5), 0.5) + 0.5 * np.eye(5)
TRAIT_CORRELATION[0, 1] = TRAIT_CORRELATION[1, 0] = 0.7
TRAIT_CORRELATION[2, 4] = TRAIT_CORRELATION[4, 2] = 0.3
TRAIT = TRAIT_CORRELATION * np.sqrt(np.outer(TRAIT_VARIANCE, TRAIT_VARIANCE))
OFF = ~np.eye(5, dtype=bool)

HALO, LENIENCY = 16.0, 9.0
INFLATING_SHARE, INFLATION = 0.2, 15.0
METHOD = LENIENCY + INFLATING_SHARE * (1 - INFLATING_SHARE) * INFLATION**2
SURVEY_SPECIFIC, CHECKLIST_SPECIFIC = 6.0, 40.0
REGION_TRAIT, REGION_HALO, REGION_METHOD, REGION_OWN = 8.0, 4.0, 12.0, 2.0
# Respondents: a standard deviation of 22 points, a mood that goes through all five answers.
RESPONDENT = 22.0**2 * (np.full((5, 5), 0.6) + 0.4 * np.eye(5))

TRUTH = {
    "trait": TRAIT_VARIANCE.mean(),
    "trait_common": TRAIT[OFF].mean(),
    "trait_own": TRAIT_VARIANCE.mean() - TRAIT[OFF].mean(),
    "halo": HALO,
    "checklist_method": METHOD,
    "survey_specific": SURVEY_SPECIFIC,
    "checklist_specific": CHECKLIST_SPECIFIC,
}
TRUE_SURVEY = TRUTH["trait"] + HALO + SURVEY_SPECIFIC
TRUE_CHECKLIST = TRUTH["trait"] + METHOD + CHECKLIST_SPECIFIC
TRUE_SHARES = {
    "consistency_survey": TRUTH["trait"] / TRUE_SURVEY,
    "method_specificity_survey": HALO / TRUE_SURVEY,
    "consistency_checklist": TRUTH["trait"] / TRUE_CHECKLIST,
    "method_specificity_checklist": METHOD / TRUE_CHECKLIST,
}
TRUE_REGIONS = {
    "trait": REGION_TRAIT,
    "trait_common": 0.0,
    "halo": REGION_HALO,
    "checklist_method": REGION_METHOD,
    "survey_specific": REGION_OWN,
    "checklist_specific": REGION_OWN,
}


@dataclass(frozen=True)
class Simulated:
    survey: np.ndarray
    checklist: np.ndarray
    sampling: np.ndarray
    regions: np.ndarray

    def take(self, *, corrected=True):
        return take_measured_twice(
            self.survey,
            self.checklist,
            sampling=self.sampling * corrected,
            regions=self.regions,
        )


def simulate(seed, *, centres, regions):
    """Draw regions of uneven size, traits, halo, leniency, inflation and sampling error."""
    rng = np.random.default_rng(seed)

    def draw(variance, *shape):
        return rng.normal(0, np.sqrt(variance), shape)

    share = np.arange(1, regions + 1) / np.arange(1, regions + 1).sum()
    codes = np.sort(
        np.concatenate([np.arange(regions), rng.choice(regions, centres - regions, p=share)])
    )
    trait = rng.multivariate_normal(np.zeros(5), TRAIT, centres)
    trait += draw(REGION_TRAIT, regions, 5)[codes]
    halo = draw(HALO, centres, 1) + draw(REGION_HALO, regions, 1)[codes]
    inflation = INFLATION * (rng.random((centres, 1)) < INFLATING_SHARE)
    method = draw(LENIENCY, centres, 1) + inflation + draw(REGION_METHOD, regions, 1)[codes]
    answers = rng.integers(15, 120, centres)
    sampling = RESPONDENT / answers[:, None, None]
    noise = rng.multivariate_normal(np.zeros(5), RESPONDENT, centres) / np.sqrt(answers)[:, None]
    own = [draw(REGION_OWN, regions, 5)[codes] for _ in range(2)]
    survey = 70 + trait + halo + draw(SURVEY_SPECIFIC, centres, 5) + noise + own[0]
    checklist = 80 + trait + method + draw(CHECKLIST_SPECIFIC, centres, 5) + own[1]
    return Simulated(survey, checklist, sampling, codes)


def take_overall(frame, level_of="centre"):
    rows = frame[(frame["subject"] == "all") & (frame["level_of"] == level_of)]
    return rows.set_index("statistic")


@pytest.fixture(scope="module")
def large():
    return simulate(2026, centres=2_000, regions=13)


@pytest.fixture(scope="module")
def decomposition(large):
    return estimate_decomposition(large.take(), groups=GROUPS, level=LEVEL)


@pytest.mark.parametrize("statistic", [*TRUTH, *TRUE_SHARES])
def test_two_thousand_centres_give_back_the_truth(decomposition, statistic):
    row = take_overall(decomposition.frame).loc[statistic]
    truth = (TRUTH | TRUE_SHARES)[statistic]
    # Fifteen related numbers: three standard errors each, and these are small.
    assert abs(row["estimate"] - truth) < 3 * row["std_error"]
    assert row["std_error"] < 0.12 * max(truth, 10 if truth > 1 else 0.2)


def test_two_thousand_centres_give_back_each_trait(decomposition):
    frame = decomposition.frame.query("level_of == 'centre' and statistic == 'trait'")
    rows = frame.set_index("subject").loc[list(GROUPS)]
    assert (np.abs(rows["estimate"] - TRAIT_VARIANCE) < 3 * rows["std_error"]).all()
    assert (rows["std_error"] < 2.5).all()


def test_without_the_correction_sampling_error_is_called_halo_and_specific(large, decomposition):
    naive = estimate_decomposition(large.take(corrected=False), groups=GROUPS, level=LEVEL)
    naive, ours = take_overall(naive.frame), take_overall(decomposition.frame)
    error = large.sampling.mean(axis=0)
    for statistic, added in (
        ("halo", error[OFF].mean()),
        ("survey_specific", np.diag(error).mean() - error[OFF].mean()),
    ):
        assert naive.loc[statistic, "estimate"] - ours.loc[statistic, "estimate"] == pytest.approx(
            added, rel=0.02
        )
        assert naive.loc[statistic, "ci_low"] > TRUTH[statistic]
    assert naive.loc["consistency_survey", "ci_high"] < TRUE_SHARES["consistency_survey"]
    # Sampling errors of the survey do not reach the other method.
    for statistic in ("trait", "checklist_method", "checklist_specific"):
        assert naive.loc[statistic, "estimate"] == pytest.approx(ours.loc[statistic, "estimate"])


def test_correcting_only_the_diagonal_leaves_the_mood_of_respondents_in_halo(large):
    diagonal = large.sampling * np.eye(5)
    measured = take_measured_twice(
        large.survey, large.checklist, sampling=diagonal, regions=large.regions
    )
    table = take_overall(estimate_decomposition(measured, groups=GROUPS, level=LEVEL).frame)
    assert table.loc["halo", "ci_low"] > HALO
    assert table.loc["survey_specific", "ci_high"] < SURVEY_SPECIFIC


def test_components_are_unbiased_at_both_levels_in_small_studies():
    centre, region = [], []
    for seed in range(300):
        measured = simulate(seed, centres=120, regions=12).take()
        levels = compute_levels(measured, np.ones((1, measured.n)))
        for store, cov in ((centre, levels.centre), (region, levels.region)):
            parts = split_covariance(cov[0])
            store.append(
                [
                    parts.trait.mean(),
                    parts.trait_common,
                    parts.halo,
                    parts.method,
                    parts.survey_specific.mean(),
                    parts.checklist_specific.mean(),
                ]
            )
    names = list(TRUE_REGIONS)
    for found, truth in ((np.array(centre), TRUTH), (np.array(region), TRUE_REGIONS)):
        error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
        z = (found.mean(axis=0) - [truth[name] for name in names]) / error
        # Twelve numbers of one seeded run.
        assert np.abs(z).max() < 3.5
        assert (error < 0.7).all()


def test_intervals_cover():
    names = [*TRUTH, *TRUE_SHARES]
    truth = np.array([*TRUTH.values(), *TRUE_SHARES.values()])
    covered = np.zeros(len(names))
    runs = 300
    for seed in range(runs):
        measured = simulate(10_000 + seed, centres=150, regions=5).take()
        table = take_overall(estimate_decomposition(measured, groups=GROUPS, level=LEVEL).frame)
        rows = table.loc[names]
        covered += (rows["ci_low"] < truth) & (truth < rows["ci_high"])
    # Of 300 runs a share of 0.95 has a standard error of 0.013; variances skew their intervals.
    assert (covered / runs > 0.90).all()
    assert (covered / runs < 0.99).all()


def test_one_region_is_the_covariance_less_the_mean_sampling_covariance(large):
    measured = take_measured_twice(large.survey, large.checklist, sampling=large.sampling)
    levels = compute_levels(measured, np.ones((1, measured.n)))
    expected = np.cov(np.hstack([large.survey, large.checklist]).T)
    expected[:5, :5] -= large.sampling.mean(axis=0)
    assert levels.centre[0] == pytest.approx(expected, rel=ROUNDING)
    assert np.isnan(levels.region).all()
    decomposition = estimate_decomposition(measured, groups=GROUPS, level=LEVEL)
    assert set(decomposition.frame["level_of"]) == {"centre"}


def test_levels_are_the_analysis_of_variance_by_hand():
    small = simulate(1, centres=40, regions=4)
    measured = small.take(corrected=False)
    x, codes = measured.scores, measured.regions
    sizes = np.bincount(codes)
    means = np.array([x[codes == code].mean(axis=0) for code in range(4)])
    within = sum(np.cov(x[codes == code].T) * (sizes[code] - 1) for code in range(4)) / 36
    apart = means - x.mean(axis=0)
    between = (apart * sizes[:, None]).T @ apart / 3
    levels = compute_levels(measured, np.ones((1, 40)))
    assert levels.centre[0] == pytest.approx(within, rel=1e-9)
    size = (40 - (sizes**2).sum() / 40) / 3
    assert levels.region[0] == pytest.approx((between - within) / size, rel=1e-9)


def test_leaving_a_centre_out_by_weight_is_leaving_it_out():
    small = simulate(3, centres=40, regions=4)
    measured = small.take()
    weights = np.ones((2, 40))
    weights[0, 7] = weights[1, 39] = 0.0
    levels = compute_levels(measured, weights)
    for row, place in enumerate((7, 39)):
        rest = np.delete(np.arange(40), place)
        alone = take_measured_twice(
            small.survey[rest],
            small.checklist[rest],
            sampling=small.sampling[rest],
            regions=small.regions[rest],
        )
        expected = compute_levels(alone, np.ones((1, 39)))
        assert levels.centre[row] == pytest.approx(expected.centre[0], rel=1e-9)
        assert levels.region[row] == pytest.approx(expected.region[0], rel=1e-8)


def make_covariance(halo=16.0, method=9.0, shared=0.0):
    """Covariance of the model; `shared` is a covariance of halo and checklist method."""
    ones = np.ones((5, 5))
    survey = TRAIT + halo * ones + 6 * np.eye(5)
    checklist = TRAIT + method * ones + np.diag([1.0, 2.0, 3.0, 4.0, 5.0])
    cross = TRAIT + shared * ones
    return np.block([[survey, cross], [cross.T, checklist]])


def test_a_covariance_of_the_model_is_split_exactly():
    parts = split_covariance(make_covariance())
    assert parts.trait_cov == pytest.approx(TRAIT, rel=ROUNDING)
    assert [float(parts.halo), float(parts.method)] == pytest.approx([16, 9], rel=ROUNDING)
    assert parts.survey_specific == pytest.approx(np.full(5, 6.0), rel=1e-9)
    assert parts.checklist_specific == pytest.approx([1, 2, 3, 4, 5], rel=1e-9)


def test_related_methods_count_as_common_trait_and_leave_trait_own_alone():
    alone, related = (
        split_covariance(make_covariance()),
        split_covariance(make_covariance(shared=3)),
    )
    assert related.trait.mean() - alone.trait.mean() == pytest.approx(3, rel=ROUNDING)
    assert related.trait_common - alone.trait_common == pytest.approx(3, rel=ROUNDING)
    assert related.halo - alone.halo == pytest.approx(-3, rel=ROUNDING)
    own = [parts.trait.mean() - parts.trait_common for parts in (alone, related)]
    assert own[0] == pytest.approx(own[1], rel=ROUNDING)


def test_components_add_up_to_the_variances(large, decomposition):
    table = take_overall(decomposition.frame)["estimate"]
    measured = large.take()
    cov = compute_levels(measured, np.ones((1, measured.n))).centre[0]
    survey = table["trait"] + table["halo"] + table["survey_specific"]
    checklist = table["trait"] + table["checklist_method"] + table["checklist_specific"]
    assert survey == pytest.approx(np.diag(cov)[:5].mean(), rel=ROUNDING)
    assert checklist == pytest.approx(np.diag(cov)[5:].mean(), rel=ROUNDING)
    assert table["trait"] == pytest.approx(table["trait_common"] + table["trait_own"])


def test_the_order_of_centres_and_the_names_of_regions_do_not_matter():
    small = simulate(4, centres=60, regions=5)
    order = np.random.default_rng(0).permutation(60)
    mixed = Simulated(
        small.survey[order],
        small.checklist[order],
        small.sampling[order],
        100 - small.regions[order] * 7,
    )
    frames = [
        estimate_decomposition(s.take(), groups=GROUPS, level=LEVEL).frame for s in (small, mixed)
    ]
    numbers = ["estimate", "std_error", "ci_low", "ci_high"]
    assert frames[0][numbers].to_numpy() == pytest.approx(frames[1][numbers].to_numpy(), rel=1e-7)


def test_a_region_of_one_centre_counts_between_regions_only():
    small = simulate(5, centres=60, regions=5)
    regions = small.regions.copy()
    regions[0] = 99
    measured = take_measured_twice(
        small.survey, small.checklist, sampling=small.sampling, regions=regions
    )
    decomposition = estimate_decomposition(measured, groups=GROUPS, level=LEVEL)
    assert decomposition.n_regions == 6
    assert decomposition.frame["estimate"].notna().all()
    assert decomposition.frame["std_error"].notna().all()


def test_incomplete_centres_are_dropped_and_counted_and_told_tidily():
    small = simulate(6, centres=60, regions=5)
    small.survey[3, 2] = np.nan
    small.sampling[8, 0, 0] = np.nan
    small.checklist[9, 4] = np.nan
    decomposition = estimate_decomposition(small.take(), groups=GROUPS, level=LEVEL)
    assert (decomposition.n, decomposition.n_dropped) == (57, 3)
    table = decomposition.tidy()
    assert "region_trait" in set(table["statistic"])
    assert set(table.query("statistic == 'halo'")["n"]) == {57}
    assert set(table.query("statistic == 'region_halo'")["n"]) == {5}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: (s.survey[:, :1], s.checklist[:, :1], s.sampling[:, :1, :1]), "two groups"),
        (lambda s: (s.survey[:, :4], s.checklist, s.sampling), "same centres and groups"),
        (lambda s: (s.survey[:9], s.checklist[:9], s.sampling[:9]), "complete are 9 centres"),
    ],
)
def test_what_is_not_defined_is_refused_in_words(change, words):
    survey, checklist, sampling = change(simulate(0, centres=40, regions=2))
    with pytest.raises(StatisticsError, match=words):
        take_measured_twice(survey, checklist, sampling=sampling)
