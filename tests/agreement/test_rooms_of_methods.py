"""What the decomposition and the multitrait matrix make of both sources, and what they refuse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import method_sources
from clientindex.agreement.decomposition import estimate_decomposition, take_measured_twice
from clientindex.agreement.decomposition.room import assess_method_variance
from clientindex.agreement.multitrait import estimate_multitrait
from clientindex.agreement.multitrait.room import assess_multitrait
from clientindex.results import Unavailable
from clientindex.results.method_variance import MethodVariance
from clientindex.results.multitrait import MultitraitMatrix

MEMBERS = {"front": ("a", "b"), "middle": ("c", "d"), "back": ("e", "f")}
GROUPS = tuple(MEMBERS)
RESPONDENT = 22.0**2 * (np.full((3, 3), 0.6) + 0.4 * np.eye(3))


def make(seed=1, *, centres=120, regions=4, stretch=1.0, visits=False, kind="group", **settings):
    rng = np.random.default_rng(seed)
    methodology = method_sources.make_methodology(MEMBERS, **settings)
    size = 3 if kind == "group" else 6
    sampling = np.kron(RESPONDENT, np.ones((2, 2)) + np.eye(2)) if size == 6 else RESPONDENT
    sampling = sampling / rng.integers(20, 120, centres)[:, None, None]
    trait = rng.normal(0, 5, (centres, 1)) + rng.normal(0, 4, (centres, size))
    noise = (np.linalg.cholesky(sampling) @ rng.normal(size=(centres, size, 1)))[..., 0]
    survey = 70 + trait + rng.normal(0, 3, (centres, 1)) + rng.normal(0, 2, (centres, size)) + noise
    checklist = trait + rng.normal(0, 5, (centres, 1)) + rng.normal(0, 6, (centres, size))
    second = checklist + rng.normal(0, 3, (centres, size)) if visits else None
    if second is not None:
        second[40:] = np.nan
    sources = method_sources.make_sources(
        methodology,
        survey=survey,
        checklist=60 + stretch * checklist,
        regions=rng.integers(0, regions, centres),
        sampling=sampling,
        second=None if second is None else 60 + stretch * second,
        kind=kind,
    )
    return sources, methodology


def spoil(sources, *, key, side="checklist", value=np.nan):
    scores = getattr(sources, side).copy()
    scores[:, sources.place(key)] = value
    return replace(sources, **{side: scores})


def take(sources, keys, *, checklist=None):
    at = [sources.place(key) for key in keys]
    checklist = sources.checklist[:, at] if checklist is None else checklist
    return take_measured_twice(
        sources.survey[:, at],
        checklist,
        sampling=sources.covariance[:, at][:, :, at],
        regions=sources.region_codes,
    )


def take_overall(result):
    frame = result.frame.query("level_of == 'centre' and subject == 'all'")
    return frame.set_index("statistic")


def test_variance_is_the_decomposition_with_its_check():
    sources, methodology = make()
    sources.survey[5, sources.place("back")] = np.nan
    found = assess_method_variance(sources, methodology)
    assert isinstance(found, MethodVariance)
    expected = estimate_decomposition(take(sources, GROUPS), groups=GROUPS, level=found.level)
    pd.testing.assert_frame_equal(found.frame, expected.frame)
    assert (found.n, found.n_dropped, found.n_regions) == (119, 1, 4)
    assert found.left_out.empty
    assert list(found.left_out.columns) == ["statistic", "reason", "detail"]
    check, moments = found.check.set_index("statistic"), take_overall(found)
    for component in check.index:
        gap = check.loc[component, "estimate"] - moments.loc[component, "estimate"]
        assert abs(gap) < 2 * moments.loc[component, "std_error"], component
    assert len(found.tidy()) == len(found.frame) + len(found.check)


@pytest.mark.parametrize(
    ("side", "value", "reason"),
    [
        ("checklist", np.nan, "no_checklist_scores"),
        ("survey", np.nan, "no_survey_scores"),
        ("checklist", 100.0, "constant_checklist"),
        ("survey", 50.0, "constant_survey"),
    ],
)
def test_a_group_that_says_nothing_is_listed_and_the_others_decomposed(side, value, reason):
    sources, methodology = make()
    found = assess_method_variance(
        spoil(sources, key="middle", side=side, value=value), methodology
    )
    assert found.left_out.to_numpy().tolist() == [["group", reason, "middle"]]
    rest = ("front", "back")
    expected = estimate_decomposition(take(sources, rest), groups=rest, level=found.level)
    pd.testing.assert_frame_equal(found.frame, expected.frame)


def test_with_one_group_left_the_reason_is_that_of_the_others():
    sources, methodology = make()
    for key in ("middle", "back"):
        sources = spoil(sources, key=key, value=100.0)
    assert assess_method_variance(sources, methodology) == Unavailable(
        stage="agreement", reason="constant_checklist", detail="middle, back"
    )


def test_one_group_few_centres_and_unknown_errors_are_refused():
    methodology = method_sources.make_methodology({"front": ("a", "b")})
    x = np.random.default_rng(0).normal(size=(40, 2))
    alone = method_sources.make_sources(
        methodology,
        survey=x[:, :1],
        checklist=x[:, 1:],
        regions=np.zeros(40, dtype=np.intp),
        kind="group",
    )
    for assess in (assess_method_variance, assess_groups):
        assert assess(alone, methodology) == Unavailable(stage="agreement", reason="one_group")
        assert assess(*make(centres=11, regions=2)) == Unavailable(
            stage="agreement", reason="too_few_degrees", detail="9/10"
        )
    sources, methodology = make()
    unknown = replace(sources, covariance=np.full_like(sources.covariance, np.nan))
    assert assess_method_variance(unknown, methodology) == Unavailable(
        stage="agreement", reason="no_sampling_error"
    )


def test_one_centre_a_region_is_too_few_and_not_constant():
    sources, methodology = make(centres=13)
    apart = replace(sources, regions=np.array([f"R{at}" for at in range(13)]))
    for assess in (assess_method_variance, assess_groups):
        assert assess(apart, methodology) == Unavailable(
            stage="agreement", reason="too_few_degrees", detail="0/10"
        )


def assess_groups(sources, methodology):
    return assess_multitrait(sources, methodology, kind="group")


def test_shares_of_a_variance_that_is_not_positive_are_listed():
    sources, methodology = make()
    found = assess_method_variance(
        replace(sources, covariance=sources.covariance * 30), methodology
    )
    assert ["consistency_survey", "no_variance_left", "all"] in found.left_out.to_numpy().tolist()
    assert found.frame["estimate"].notna().all()
    assert "consistency_survey" not in set(found.frame.query("subject == 'all'")["statistic"])


@pytest.mark.parametrize("linking", ["mean_sigma", "equipercentile"])
def test_linked_scales_give_both_methods_one_unit(linking):
    common, linked = (
        assess_method_variance(*make(centres=400, stretch=2.0, **settings))
        for settings in ({}, {"scales": "linked", "linking": linking})
    )
    sums = {}
    for name, found in (("common", common), ("linked", linked)):
        table = take_overall(found)["estimate"]
        survey = table["trait"] + table["halo"] + table["survey_specific"]
        checklist = table["trait"] + table["checklist_method"] + table["checklist_specific"]
        sums[name] = checklist / survey
    assert sums["common"] > 3
    # Equipercentile links stretch to the survey's spread with its sampling error.
    assert sums["linked"] == pytest.approx(1.0 if linking == "mean_sigma" else 1.2, abs=0.15)


def test_a_group_without_a_link_is_listed():
    sources, methodology = make(scales="linked")
    covariance = sources.covariance.copy()
    at = sources.place("middle")
    covariance[:, at, at] *= 1_000
    found = assess_method_variance(replace(sources, covariance=covariance), methodology)
    assert found.left_out.to_numpy().tolist() == [["group", "not_linked", "middle"]]


def test_matrix_is_the_estimate_with_second_checklists():
    sources, methodology = make(visits=True)
    found = assess_groups(sources, methodology)
    assert isinstance(found, MultitraitMatrix)
    at = sources.places("group")
    expected = estimate_multitrait(
        take(sources, GROUPS), groups=GROUPS, level=found.level, second=sources.second[:, at]
    )
    pd.testing.assert_frame_equal(found.correlations, expected.correlations)
    pd.testing.assert_frame_equal(found.criteria, expected.criteria)
    assert found.n_visits == 40
    assert set(found.correlations["removed"]) == {
        "none",
        "survey_sampling",
        "survey_sampling_and_visits",
    }


def test_too_few_second_checklists_are_not_used():
    sources, methodology = make(visits=True)
    sources.second[9:] = np.nan
    found = assess_groups(sources, methodology)
    assert found.n_visits == 0
    assert set(found.correlations["removed"]) == {"none", "survey_sampling"}


def test_without_known_errors_there_is_the_plain_matrix():
    sources, methodology = make(visits=True)
    plain = assess_groups(sources, methodology).take_matrix("none")
    unknown = replace(sources, covariance=np.full_like(sources.covariance, np.nan))
    found = assess_groups(unknown, methodology)
    assert set(found.correlations["removed"]) == {"none"}
    assert set(found.criteria["removed"]) == set(found.htmt["removed"]) == {"none"}
    pd.testing.assert_frame_equal(found.take_matrix("none"), plain)


def test_a_subject_that_says_nothing_stays_in_the_matrix_with_the_cause():
    sources, methodology = make(visits=True)
    whole = assess_groups(sources, methodology)
    for value, words in ((np.nan, "no score"), (100.0, "equal scores")):
        found = assess_groups(spoil(sources, key="middle", value=value), methodology)
        assert len(found.correlations) == len(whole.correlations)
        names = ["first_group", "second_group"]
        lost = (found.correlations[names] == "middle").any(axis=1)
        assert found.correlations.loc[lost, "estimate"].isna().all()
        assert found.correlations.loc[lost, "method"].str.contains(words).all()
        pd.testing.assert_frame_equal(
            found.correlations[~lost], whole.correlations[~lost], check_dtype=False
        )
        matrix = found.take_matrix("survey_sampling_and_visits")
        assert matrix.loc[("survey", "front"), ("checklist", "back")] == pytest.approx(
            whole.take_matrix("survey_sampling_and_visits").loc[
                ("survey", "front"), ("checklist", "back")
            ]
        )
        assert "middle" not in set(found.criteria["group"])


def test_indicators_have_a_matrix_of_their_own():
    sources, methodology = make(kind="indicator")
    found = assess_multitrait(sources, methodology, kind="indicator")
    assert set(found.criteria["group"]) == {"all", *"abcdef"}
    ready = replace(sources, checklist=np.full_like(sources.checklist, np.nan))
    assert assess_multitrait(ready, methodology, kind="indicator") == Unavailable(
        stage="agreement", reason="no_items"
    )
