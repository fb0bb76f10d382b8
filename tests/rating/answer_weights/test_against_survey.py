"""Raked weights, weighted means and their covariance against R's survey package."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from clientindex.methodology.answer_weights_settings import AnswerWeightsSettings
from clientindex.rating import compute_scores
from clientindex.rating.answer_weights import weigh_answers
from weighted_people import KEYS, read_reference

POINTS = 25.0
"""A step on the scale 1-5 in points."""

FITTED = 1e-7
"""Iterative fits on both sides, each to 1e-9 or better in shares."""

CLOSED_FORM = 1e-10

WEIGHTED = {
    "design": {"design": True},
    "centre": {"design": True, "margins": "centre", "linearisation": "residual"},
    "equal": {"margins": "centre", "linearisation": "residual"},
    "region": {"design": True, "margins": "region", "linearisation": "residual"},
}


def make_settings(**given: Any) -> AnswerWeightsSettings:
    return AnswerWeightsSettings(**{"traits": ("sex", "age"), "tolerance": 1e-13, **given})


@pytest.mark.parametrize("level", ["centre", "region"])
@pytest.mark.parametrize("base", ["design", "equal"])
def test_raked_weights(people: Any, three: Any, base: str, level: str) -> None:
    settings = make_settings(design=base == "design", margins=level)
    ours = weigh_answers(people.tables(), three, settings=settings)
    theirs = read_reference("raked")[f"{base}_{level}"].to_numpy()
    scope = people.frame[level]
    ours_shared = ours.weight / people.frame.assign(w=ours.weight).groupby(scope)["w"].transform(
        "sum"
    )
    theirs_shared = theirs / people.frame.assign(w=theirs).groupby(scope)["w"].transform("sum")
    np.testing.assert_allclose(ours_shared, theirs_shared, rtol=FITTED)
    assert ours.result.scopes["converged"].all()


@pytest.mark.parametrize("kind", list(WEIGHTED))
def test_means_and_covariances(people: Any, three: Any, kind: str) -> None:
    ours = weigh_answers(people.tables(), three, settings=make_settings(**WEIGHTED[kind])).moments
    theirs = read_reference("moments").query("kind == @kind")
    tolerance = CLOSED_FORM if kind == "design" else FITTED
    for row in theirs.itertuples():
        at, a, b = ours.centres.index(row.centre), KEYS.index(row.first), KEYS.index(row.second)
        assert ours.mean[at, 0, a] == pytest.approx((row.mean - 1) * POINTS, rel=tolerance)
        assert ours.cov_mean[at, 0, a, b] == pytest.approx(row.cov * POINTS**2, rel=tolerance)


def test_finite_population_correction(people: Any, three: Any) -> None:
    ours = weigh_answers(people.tables(), three, settings=make_settings(design=True)).moments
    visitors = dict(zip(people.frame["centre"], people.frame["visitors"], strict=True))
    frame = compute_scores(ours, three, visitors=visitors).frame
    theirs = read_reference("moments").query("kind == 'fpc' and first == second")
    single = frame[frame["segment"] == "citizens"].set_index(["centre", "key"])
    for row in theirs.itertuples():
        error = single.loc[(row.centre, row.first), "std_error"]
        assert error**2 == pytest.approx(row.cov * POINTS**2, rel=CLOSED_FORM)


def test_plain_linearisation_takes_raked_weights_as_fixed(people: Any, three: Any) -> None:
    """The raked means are the same; their variance is no smaller than that of residuals here."""
    plain = weigh_answers(people.tables(), three, settings=make_settings(margins="centre")).moments
    settings = make_settings(**WEIGHTED["equal"])
    residual = weigh_answers(people.tables(), three, settings=settings).moments
    np.testing.assert_allclose(plain.mean, residual.mean, rtol=1e-12)
    both = [np.diagonal(m.cov_mean, axis1=-2, axis2=-1).sum() for m in (plain, residual)]
    assert both[1] < both[0]
