from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from clientindex.counts import (
    CentreMoments,
    compute_centre_moments,
    compute_moments_from_totals,
    count_pairs,
)
from clientindex.intake.tables import IntakeTables

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

CLOSED_FORM = 1e-10
"""Closed forms on points 0-100, so squares up to 1e4 lose four digits."""

KEYS = ["a", "b", "c"]
CELL = ["centre", "segment", "period", "indicator"]

small_answers = st.integers(2, 12).flatmap(
    lambda n: hnp.arrays(np.uint8, (n, 3), elements=st.integers(0, 4))
)


def to_points(answers: pd.DataFrame) -> pd.DataFrame:
    """Points of 1-4 by hand: 0, 33.3, 66.7, 100, reversed for b."""
    points = (answers[KEYS] - 1) * 100 / 3
    return points.assign(b=100 - points["b"])


def tabulate_options(answers: pd.DataFrame) -> pd.DataFrame:
    long = answers.fillna(dict.fromkeys(KEYS, 0)).melt(
        id_vars=["centre", "segment", "period"], value_vars=KEYS, var_name="indicator"
    )
    table = long.groupby([*CELL, "value"], as_index=False).size()
    table["category"] = table["value"].astype(int)
    return table.rename(columns={"size": "n"})[[*CELL, "category", "n"]]


def tables_of(
    options: pd.DataFrame | None = None, means: pd.DataFrame | None = None
) -> IntakeTables:
    return IntakeTables(
        register=pd.DataFrame(),
        responses=None,
        option_counts=options,
        unit_means=means,
        checklist_items=None,
        checklist_scores=None,
        no_answer=pd.DataFrame(),
        inputs=(),
    )


def means_of(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*CELL, "points", "n", "sd_points"]).astype(
        {"points": float, "n": float, "sd_points": float}
    )


@pytest.fixture(scope="module")
def exact(methodology: Methodology, code_answers: Any, answers: pd.DataFrame) -> CentreMoments:
    return compute_centre_moments(
        count_pairs(code_answers(answers, methodology), methodology), methodology
    )


def test_means_and_numbers_are_those_of_the_answers(
    exact: CentreMoments, answers: pd.DataFrame
) -> None:
    points = to_points(answers)
    labels = [answers["centre"], answers["segment"]]
    mean = points.groupby(labels).mean().to_numpy().reshape(4, 2, 3)
    assert exact.mean == pytest.approx(mean, abs=CLOSED_FORM)
    assert (exact.n == points.groupby(labels).count().to_numpy().reshape(4, 2, 3)).all()
    assert (exact.n_respondents == answers.groupby(labels).size().to_numpy().reshape(4, 2)).all()
    assert exact.std_error_method == "exact"


def test_covariance_of_means_equals_the_sum_over_respondents(
    exact: CentreMoments, answers: pd.DataFrame
) -> None:
    points = to_points(answers)
    for i, centre in enumerate(exact.centres):
        for j, segment in enumerate(exact.segments):
            chosen = (answers["centre"] == centre) & (answers["segment"] == segment)
            x = points[chosen]
            influence = (x - x.mean()).fillna(0) / x.count() * np.sqrt(x.count() / (x.count() - 1))
            wanted = influence.T @ influence
            assert exact.cov_mean[i, j] == pytest.approx(wanted.to_numpy(), abs=CLOSED_FORM)
            own = x.var() / x.count()
            assert np.diag(exact.cov_mean[i, j]) == pytest.approx(own.to_numpy(), abs=CLOSED_FORM)


def test_complete_answers_give_the_covariance_over_n(
    methodology: Methodology, code_answers: Any, answers: pd.DataFrame
) -> None:
    whole = answers.dropna().assign(centre="k1", segment="citizens")
    moments = compute_centre_moments(
        count_pairs(code_answers(whole, methodology), methodology), methodology
    )
    wanted = to_points(whole).cov().to_numpy() / len(whole)
    assert moments.cov_mean[0, 0] == pytest.approx(wanted, abs=CLOSED_FORM)


@settings(deadline=None)
@given(codes=small_answers)
def test_covariance_is_positive_semi_definite_for_any_missing_answers(
    methodology: Methodology, code_answers: Any, codes: Any
) -> None:
    frame = pd.DataFrame(codes, columns=KEYS).astype(float).replace(0, np.nan)
    frame = frame.assign(centre="k1", segment="citizens")
    moments = compute_centre_moments(
        count_pairs(code_answers(frame, methodology), methodology), methodology
    )
    cov, n = moments.cov_mean[0, 0], moments.n[0, 0]
    known = n > 1
    assert np.isnan(cov[~known]).all()
    inside = cov[np.ix_(known, known)]
    assert np.linalg.eigvalsh(inside).min(initial=0.0) > -1e-9


def test_a_segment_without_respondents_has_no_means(
    methodology: Methodology, code_answers: Any, answers: pd.DataFrame
) -> None:
    part = answers[(answers["centre"] != "k2") | (answers["segment"] != "employers")]
    moments = compute_centre_moments(
        count_pairs(code_answers(part, methodology), methodology), methodology
    )
    assert np.isnan(moments.mean[1, 1]).all()
    assert (moments.n[1, 1] == 0).all()
    assert moments.n_respondents[1, 1] == 0
    assert np.isnan(moments.cov_mean[1, 1]).all()


def test_option_counts_give_the_moments_of_the_respondents_behind_them(
    exact: CentreMoments, methodology: Methodology, answers: pd.DataFrame
) -> None:
    totals = compute_moments_from_totals(tables_of(tabulate_options(answers)), methodology)
    assert totals.centres == exact.centres
    assert totals.mean == pytest.approx(exact.mean, abs=CLOSED_FORM)
    assert (totals.n == exact.n).all()
    diagonals = (np.diagonal(m.cov_mean, axis1=2, axis2=3) for m in (totals, exact))
    found, wanted = diagonals
    assert found == pytest.approx(wanted, abs=CLOSED_FORM)
    assert totals.std_error_method == "bound"


def test_assumed_correlation_one_bounds_the_error_of_any_weighting(
    exact: CentreMoments, methodology: Methodology, answers: pd.DataFrame
) -> None:
    totals = compute_moments_from_totals(tables_of(tabulate_options(answers)), methodology)
    for weights in np.random.default_rng(0).dirichlet(np.ones(3), size=50):
        wide, true = (weights @ m.cov_mean @ weights for m in (totals, exact))
        assert (wide >= true - CLOSED_FORM).all()


def test_assumed_correlation_is_that_of_the_methodology(
    make_methodology: Any, answers: pd.DataFrame
) -> None:
    weak = make_methodology(
        {"all": KEYS},
        maximum=4,
        segments=("citizens", "employers"),
        aggregates={"assumed_correlation": 0.25},
    )
    cov = compute_moments_from_totals(tables_of(tabulate_options(answers)), weak).cov_mean[0, 0]
    assert cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1]) == pytest.approx(0.25)


def test_unknown_sd_is_bounded_by_bhatia_and_davis(methodology: Methodology) -> None:
    means = means_of([("k1", "citizens", "", "a", 80, 26, np.nan)])
    moments = compute_moments_from_totals(tables_of(means=means), methodology)
    assert moments.cov_mean[0, 0, 0, 0] == pytest.approx(20 * 80 / 25)


@settings(deadline=None)
@given(codes=small_answers)
def test_the_bound_is_never_below_the_error_of_the_answers_themselves(
    methodology: Methodology, code_answers: Any, codes: Any
) -> None:
    frame = pd.DataFrame(codes, columns=KEYS).astype(float).replace(0, np.nan)
    frame = frame.assign(centre="k1", segment="citizens", period="")
    exact = compute_centre_moments(
        count_pairs(code_answers(frame, methodology), methodology), methodology
    )
    rows = [
        ("k1", "citizens", "", key, exact.mean[0, 0, i], exact.n[0, 0, i], np.nan)
        for i, key in enumerate(KEYS)
        if exact.n[0, 0, i] > 0
    ]
    if rows:
        totals = compute_moments_from_totals(tables_of(means=means_of(rows)), methodology)
        wide, true = (np.diagonal(m.cov_mean[0, 0]) for m in (totals, exact))
        known = ~np.isnan(true)
        assert (np.isnan(wide) == np.isnan(true)).all()
        assert (wide[known] >= true[known] - 1e-8).all()


def test_delivered_means_replace_counted_ones_and_borrow_their_spread(
    exact: CentreMoments, methodology: Methodology, answers: pd.DataFrame
) -> None:
    means = means_of([("k1", "citizens", "", "a", 77, np.nan, np.nan)])
    tables = tables_of(tabulate_options(answers), means)
    moments = compute_moments_from_totals(tables, methodology)
    assert moments.mean[0, 0, 0] == 77
    assert moments.n[0, 0, 0] == exact.n[0, 0, 0]
    assert moments.cov_mean[0, 0, 0, 0] == pytest.approx(exact.cov_mean[0, 0, 0, 0])
    assert moments.mean[1:] == pytest.approx(exact.mean[1:])


def test_unknown_n_is_the_largest_known_of_the_centre(methodology: Methodology) -> None:
    rows = [("k1", "citizens", "", "a", 80, 40, 10), ("k1", "citizens", "", "b", 70, np.nan, 10)]
    moments = compute_moments_from_totals(tables_of(means=means_of(rows)), methodology)
    assert moments.n[0, 0].tolist() == [40, 40, 0]
    assert moments.cov_mean[0, 0, 1, 1] == pytest.approx(100 / 40)
    assert moments.n_respondents[0, 0] == 40


def test_means_of_periods_are_pooled_as_if_the_answers_were(methodology: Methodology) -> None:
    early, late = np.array([0, 100, 100, 50.0]), np.array([50, 50, 0, 100, 100, 0.0])
    rows = [
        ("k1", "citizens", period, "a", x.mean(), len(x), x.std(ddof=1))
        for period, x in (("Q1", early), ("Q2", late))
    ]
    moments = compute_moments_from_totals(tables_of(means=means_of(rows)), methodology)
    pooled = np.concatenate([early, late])
    assert moments.mean[0, 0, 0] == pytest.approx(pooled.mean())
    assert moments.n[0, 0, 0] == 10
    assert moments.cov_mean[0, 0, 0, 0] == pytest.approx(pooled.var(ddof=1) / 10)


def test_a_single_answer_has_no_standard_error_even_with_a_delivered_sd(
    methodology: Methodology,
) -> None:
    rows = [("k1", "citizens", "", "a", 75, 1, 0), ("k1", "citizens", "", "b", 75, 2, 0)]
    moments = compute_moments_from_totals(tables_of(means=means_of(rows)), methodology)
    assert np.isnan(moments.cov_mean[0, 0, 0, 0])
    assert moments.cov_mean[0, 0, 1, 1] == 0


def test_a_period_of_a_single_answer_leaves_the_pooled_spread_known(
    methodology: Methodology,
) -> None:
    early = np.array([0, 100, 100, 50.0])
    rows = [
        ("k1", "citizens", "Q1", "a", early.mean(), 4, early.std(ddof=1)),
        ("k1", "citizens", "Q2", "a", 25, 1, np.nan),
    ]
    moments = compute_moments_from_totals(tables_of(means=means_of(rows)), methodology)
    pooled = np.append(early, 25)
    assert moments.cov_mean[0, 0, 0, 0] == pytest.approx(pooled.var(ddof=1) / 5)


def test_means_of_periods_with_an_unknown_n_count_alike(methodology: Methodology) -> None:
    rows = [
        ("k1", "citizens", "Q1", "a", 60, 10, 5),
        ("k1", "citizens", "Q2", "a", 80, np.nan, np.nan),
        ("k1", "citizens", "Q1", "b", 50, 1, 0),
    ]
    moments = compute_moments_from_totals(tables_of(means=means_of(rows)), methodology)
    assert moments.mean[0, 0, :2] == pytest.approx([70, 50])
