"""Weighted means and their covariance against plain ones, and against sums row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from clientindex.counts import (
    Adjustment,
    compute_centre_moments,
    compute_weighted_moments,
    count_pairs,
    make_cells,
)
from clientindex.intake.tables import Responses, Trait

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

CLOSED_FORM = 1e-10


@pytest.fixture(scope="module")
def responses(answers: pd.DataFrame) -> Responses:
    labels = answers[["centre", "segment", "period"]]
    units = labels.drop_duplicates().sort_values(list(labels), ignore_index=True)
    unit_of = pd.MultiIndex.from_frame(units).get_indexer(pd.MultiIndex.from_frame(labels))
    sex = np.random.default_rng(3).integers(0, 3, len(answers)).astype(np.int32)
    return Responses(
        units=units,
        unit_of=unit_of.astype(np.int32),
        codes=answers[["a", "b", "c"]].fillna(0).to_numpy(np.uint8),
        traits={"sex": Trait(levels=("", "f", "m"), codes=sex)},
    )


def test_without_weights_they_are_the_plain_moments(
    responses: Responses, methodology: Methodology
) -> None:
    plain = compute_centre_moments(count_pairs(responses, methodology), methodology)
    for weight in (None, np.full(len(responses.codes), 2.5)):
        ours = compute_weighted_moments(responses, methodology, weight=weight)
        assert (ours.centres, ours.segments) == (plain.centres, plain.segments)
        for name in ("mean", "n", "cov_mean", "n_respondents"):
            np.testing.assert_allclose(getattr(ours, name), getattr(plain, name), rtol=CLOSED_FORM)


def test_weighted_means_and_covariance_row_by_row(
    responses: Responses, answers: pd.DataFrame, methodology: Methodology
) -> None:
    weight = np.random.default_rng(4).uniform(0.2, 3, len(answers))
    ours = compute_weighted_moments(responses, methodology, weight=weight)
    here = ((answers["centre"] == "k2") & (answers["segment"] == "employers")).to_numpy()
    points = ((answers[["a", "b", "c"]] - 1) * 100 / 3).to_numpy()
    points[:, 1] = 100 - points[:, 1]
    x, w = points[here], weight[here]
    known = ~np.isnan(x)
    mean = np.array([np.average(x[known[:, k], k], weights=w[known[:, k]]) for k in range(3)])
    np.testing.assert_allclose(ours.mean[1, 1], mean, rtol=CLOSED_FORM)
    total = (w[:, None] * known).sum(axis=0)
    influence = np.where(known, w[:, None] * (np.nan_to_num(x) - mean) / total, 0)
    n = known.sum(axis=0)
    factor = np.sqrt(n / (n - 1))
    expected = influence.T @ influence * np.outer(factor, factor)
    np.testing.assert_allclose(ours.cov_mean[1, 1], expected, rtol=CLOSED_FORM)


def test_a_weight_of_two_is_two_equal_answers_in_the_mean(
    responses: Responses, methodology: Methodology
) -> None:
    weight = np.random.default_rng(4).integers(1, 4, len(responses.codes))
    ours = compute_weighted_moments(responses, methodology, weight=weight.astype(float))
    repeated = Responses(
        units=responses.units,
        unit_of=np.repeat(responses.unit_of, weight),
        codes=np.repeat(responses.codes, weight, axis=0),
    )
    np.testing.assert_allclose(
        ours.mean, compute_weighted_moments(repeated, methodology).mean, rtol=CLOSED_FORM
    )


def test_an_offset_comes_off_every_answer_of_its_cell(
    responses: Responses, methodology: Methodology
) -> None:
    cells = make_cells(responses, ["sex"])
    offset = np.where(cells.frame["sex"].to_numpy()[:, None] == "f", 6.0, 0.0) * np.ones(3)
    adjusted = compute_weighted_moments(
        responses, methodology, adjustment=Adjustment(cells=cells, offset=offset)
    )
    plain = compute_weighted_moments(responses, methodology)
    group = (responses.units["centre"] + responses.units["segment"]).to_numpy()[responses.unit_of]
    frame = pd.DataFrame({"group": group, "f": responses.traits["sex"].codes == 1})
    share = frame[responses.codes[:, 2] > 0].groupby("group")["f"].mean()
    np.testing.assert_allclose(
        (plain.mean - adjusted.mean)[:, :, 2].ravel(), 6 * share.to_numpy(), rtol=1e-9
    )


def test_a_unit_without_respondents_has_no_mean(methodology: Methodology) -> None:
    units = pd.DataFrame({"centre": ["x", "y"], "segment": "citizens", "period": ""})
    responses = Responses(
        units=units, unit_of=np.zeros(2, np.int32), codes=np.ones((2, 3), np.uint8)
    )
    moments = compute_weighted_moments(responses, methodology)
    assert moments.n_respondents[:, 0].tolist() == [2, 0]
    assert np.isnan(moments.mean[1]).all()
    np.testing.assert_allclose(moments.cov_mean[0, 0], 0)


def test_a_single_answer_has_no_covariance(methodology: Methodology) -> None:
    units = pd.DataFrame({"centre": ["x"], "segment": ["citizens"], "period": [""]})
    responses = Responses(
        units=units, unit_of=np.zeros(2, np.int32), codes=np.array([[1, 2, 0], [3, 0, 0]], np.uint8)
    )
    moments = compute_weighted_moments(responses, methodology, weight=np.array([1.0, 3.0]))
    assert moments.n[0].tolist() == [[2, 1, 0], [0, 0, 0]]
    assert np.isnan(moments.mean[0, 0, 2])
    assert np.isnan(moments.cov_mean[0, 0, 1, 1])
    assert moments.mean[0, 0, 0] == pytest.approx(50)
    assert moments.cov_mean[0, 0, 0, 0] > 0
