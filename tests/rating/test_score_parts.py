"""Contributions to the index: against sums by hand, and Euler's theorem for every mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from clientindex.counts import CentreMoments
from clientindex.rating import compute_scores, split_scores
from clientindex.rating.blend import blend_checklists

MEANS = np.array(
    [
        [[80.0, 60.0, 40.0, 90.0, 70.0], [50.0, 55.0, 65.0, 45.0, 85.0]],
        [[70.0, 75.0, 60.0, 50.0, 65.0], [np.nan] * 5],
        [[30.0, np.nan, 55.0, 60.0, 20.0], [90.0, 80.0, 75.0, 60.0, 95.0]],
    ]
)
SEGMENTS = np.array([0.7, 0.3])
EFFECTIVE = np.array([0.42, 0.18, 0.20, 0.10, 0.10])
"""Group weight times weight inside the group of the five indicators."""


def make_moments(methodology: Any, means: np.ndarray = MEANS) -> CentreMoments:
    centres, _, items = means.shape
    known = ~np.isnan(means)
    covariance = np.where(known[..., None] & known[..., None, :], 4.0 * np.eye(items), np.nan)
    return CentreMoments(
        centres=tuple(f"C{place}" for place in range(centres)),
        segments=methodology.segment_keys,
        indicators=methodology.indicator_keys,
        mean=means,
        n=np.where(known, 40.0, 0.0),
        cov_mean=covariance,
        n_respondents=np.where(known.any(axis=-1), 40.0, 0.0),
        std_error_method="exact",
    )


def split(methodology: Any, means: np.ndarray = MEANS, **given: Any) -> tuple[Any, Any]:
    moments = make_moments(methodology, means)
    scores = compute_scores(moments, methodology, **given)
    return scores, split_scores(scores, moments, methodology, **given)


def take_index(scores: Any) -> pd.Series:
    frame = scores.frame
    whole = frame[(frame["segment"] == "all") & (frame["kind"] == "index")]
    return whole.set_index("centre")["estimate"]


def test_weighted_sums_are_split_by_their_effective_weights(make_methodology: Any) -> None:
    _, parts = split(make_methodology(missing_indicator="reweight"))
    frame = parts.frame.set_index(["centre", "kind", "key"])
    # Both segments answered everything: weight 0.42 on a, 0.7 and 0.3 on the segments.
    a = frame.loc[("C0", "indicator", "a")]
    assert a["weight"] == pytest.approx(0.42)
    assert a["contribution"] == pytest.approx(0.42 * (0.7 * 80 + 0.3 * 50))
    assert a["estimate"] == pytest.approx(0.7 * 80 + 0.3 * 50)
    # One segment: it counts fully.
    assert frame.loc[("C1", "group", "front"), "contribution"] == pytest.approx(
        0.6 * (0.7 * 70 + 0.3 * 75)
    )
    # b is missing among citizens: a has all of the group there.
    a = frame.loc[("C2", "indicator", "a")]
    assert a["weight"] == pytest.approx(0.7 * 0.6 + 0.3 * 0.42)
    assert a["contribution"] == pytest.approx(0.7 * 0.6 * 30 + 0.3 * 0.42 * 90)
    assert parts.left_out.empty


@pytest.mark.parametrize("mean", ["arithmetic", "geometric", "harmonic", "median"])
def test_contributions_sum_to_the_index_by_every_mean(mean: str, make_methodology: Any) -> None:
    scores, parts = split(make_methodology(aggregation=mean, missing_indicator="reweight"))
    index = take_index(scores)
    for kind in ("group", "indicator"):
        own = parts.frame[parts.frame["kind"] == kind].groupby("centre")
        np.testing.assert_allclose(own["contribution"].sum(), index, rtol=1e-9)
        np.testing.assert_allclose(own["difference"].sum(), index - index.mean(), atol=1e-9)
    assert parts.left_out.empty


def test_a_geometric_mean_is_split_in_proportion_to_its_weights(make_methodology: Any) -> None:
    # d log I / d log x = w, so the contribution of an indicator is w times the index.
    means = np.full_like(MEANS, np.nan)
    means[:, 0] = [[80, 60, 40, 90, 70], [20, 35, 60, 50, 65], [30, 45, 55, 60, 20]]
    scores, parts = split(make_methodology(aggregation="geometric"), means)
    own = parts.frame[parts.frame["kind"] == "indicator"]
    expected = np.outer(take_index(scores), EFFECTIVE)
    np.testing.assert_allclose(own["contribution"], expected.ravel(), rtol=1e-9)


def test_z_scores_of_groups_are_split_by_groups_only(make_methodology: Any) -> None:
    methodology = make_methodology(
        scale="standard", normalise_groups="z", missing_indicator="reweight"
    )
    means = np.concatenate([MEANS, MEANS[:1, :, ::-1] - 7.0])
    means[:, 1] = means[:, 0]
    scores, parts = split(methodology, means)
    assert set(parts.frame["kind"]) == {"group"}
    total = parts.frame.groupby("centre")["contribution"].sum()
    np.testing.assert_allclose(total, take_index(scores), atol=1e-9)
    left_out = parts.left_out.set_index("centre")
    assert left_out["reason"].eq("not_additive").all()
    assert left_out["kind"].eq("indicator").all()


def test_who_has_no_index_is_left_out(make_methodology: Any) -> None:
    _, parts = split(make_methodology(missing_indicator="refuse", missing_group="refuse"))
    # Citizens of C2 lack b, so their index is refused, and the other segment counts fully.
    own = parts.frame[(parts.frame["centre"] == "C2") & (parts.frame["kind"] == "indicator")]
    np.testing.assert_allclose(own["contribution"], EFFECTIVE * MEANS[2, 1])
    means = MEANS.copy()
    means[2, 1, 0] = np.nan
    _, parts = split(make_methodology(missing_indicator="refuse", missing_group="refuse"), means)
    assert parts.left_out.to_dict("records") == [
        {"centre": "C2", "kind": "", "reason": "no_score", "detail": ""}
    ]
    assert "C2" not in set(parts.frame["centre"])


def test_an_index_with_a_checklist_in_it_is_left_out(methodology: Any) -> None:
    moments = make_moments(methodology)
    plain = compute_scores(moments, methodology)
    checklist = pd.DataFrame(
        {"centre": ["C0"], "key": ["index"], "estimate": [99.0], "variance": [0.0]}
    )
    blended = blend_checklists(plain, checklist, weight=0.25)
    parts = split_scores(blended, moments, methodology)
    assert parts.left_out["centre"].tolist() == ["C0"]
    assert parts.left_out["reason"].tolist() == ["checklists_in_index"]
    assert set(parts.frame["centre"]) == {"C1", "C2"}


def test_a_mean_of_the_region_in_place_of_a_score_is_not_split(make_methodology: Any) -> None:
    methodology = make_methodology(missing_indicator="impute_region_mean")
    _, parts = split(methodology, regions=dict.fromkeys(("C0", "C1", "C2"), "north"))
    assert parts.left_out[["centre", "reason"]].to_numpy().tolist() == [["C2", "not_additive"]]
    # What is lacking is the region's mean of b among citizens, (60 + 75) / 2, with its weight.
    lacking = 0.7 * 0.18 * (60 + 75) / 2
    assert float(parts.left_out["detail"].iloc[0]) == pytest.approx(-lacking, rel=0.01)
