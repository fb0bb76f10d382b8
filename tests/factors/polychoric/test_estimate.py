"""Polychoric correlations and their errors against lavaan, psych, polycor and an exact root."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import multivariate_normal, norm

from clientindex.counts import PairCounts
from clientindex.factors.polychoric import (
    AnswerTables,
    compute_cuts,
    estimate_polychoric,
    read_tables,
    solve_two_step,
)
from clientindex.factors.polychoric.cells import score_cells
from clientindex.factors.polychoric.full_ml import solve_full
from clientindex.factors.polychoric.influence import (
    compute_correlation_influence,
    compute_threshold_influence,
)
from clientindex.results import Unavailable

EXACT = 1e-7
LAVAAN = 5e-8
"""How far lavaan's optimiser stops from the root; it is 3e-8 away at most."""

PSYCH = 2e-5
"""psych integrates the bivariate normal to about 1e-5, its own tolerance."""


def estimate(counts, methodology):
    return estimate_polychoric(read_tables(counts, methodology), counts, methodology)


@pytest.fixture(scope="module")
def pairs(polychoric_folder):
    return pd.read_csv(polychoric_folder / "pairs.csv")


@pytest.fixture(scope="module")
def found(mixed_answers, make_mixed, count_answers):
    methodology = make_mixed()
    return estimate(count_answers(mixed_answers, methodology), methodology)


def find_root(answers, first, second):
    """Return the two-step correlation by scipy: quadrature for cells, Brent for the maximum."""
    cuts = []
    for item in (first, second):
        shares = answers[item].dropna().value_counts(normalize=True).sort_index().cumsum()
        cuts.append(np.concatenate([[-9.0], norm.ppf(shares.to_numpy()[:-1]), [9.0]]))
    table = pd.crosstab(answers[first], answers[second]).to_numpy()

    def score(rho):
        normal = multivariate_normal([0, 0], [[1, rho], [rho, 1]], abseps=1e-14, releps=1e-14)
        grid = np.array([[[h, k] for k in cuts[1]] for h in cuts[0]])
        below, density = (
            np.diff(np.diff(function(grid), axis=0), axis=1)
            for function in (normal.cdf, normal.pdf)
        )
        return float((table * density / below).sum())

    return brentq(score, 0.05, 0.9, xtol=1e-12)


def test_two_steps_find_the_root_that_scipy_finds(found, mixed_answers, pairs):
    answers = mixed_answers.assign(f4=6 - mixed_answers["f4"])
    roots = [find_root(answers, *pair) for pair in pairs[["indicator", "other"]].to_numpy()]
    assert found.rho == pytest.approx(roots, abs=EXACT)


def test_two_steps_agree_with_lavaan(found, pairs):
    assert found.rho == pytest.approx(pairs["lavaan"].to_numpy(), abs=LAVAAN)


def test_two_steps_agree_with_psych_where_it_is_exact(found, pairs):
    """psych::polychoric takes thresholds from all who answered, too; tetrachoric is the same."""
    told = pairs["psych"].notna().to_numpy()
    assert told.sum() == 9
    assert found.rho[told] == pytest.approx(pairs["psych"][told].to_numpy(), abs=PSYCH)


@pytest.fixture(scope="module")
def full(mixed_answers, make_mixed, count_answers):
    """Full maximum likelihood with every respondent a centre of his own."""
    methodology = make_mixed(polychoric="ml")
    return estimate(count_answers(mixed_answers, methodology, alone=True), methodology)


def test_full_maximum_likelihood_agrees_with_the_likelihood_of_polycor(full, pairs):
    """With polycor's cell probabilities, climbed by gradients; its own simplex stops before."""
    assert full.rho == pytest.approx(pairs["full_ml"].to_numpy(), abs=1e-5)
    assert full.rho == pytest.approx(pairs["polycor"].to_numpy(), abs=2e-3)


def test_errors_of_full_maximum_likelihood_agree_with_products_of_scores(full, pairs):
    """The Hessian, which polycor inverts, differs by sampling."""
    errors = np.sqrt((full.moments.influence**2).sum(axis=0))[-21:]
    assert errors == pytest.approx(pairs["outer"].to_numpy(), rel=1e-4)
    assert errors == pytest.approx(pairs["hessian"].to_numpy(), rel=0.12)


def test_full_maximum_likelihood_is_a_maximum(found):
    """No other correlation and cut points near by make the answers to a pair more likely."""
    solution = solve_full(found.total, found.rho)
    rng = np.random.default_rng(2)
    for pair in (0, 5, 20):
        table = found.total[pair]

        def evaluate(rows, columns, rho, table=table):
            grid = np.array([[[h, k] for k in columns] for h in rows]).clip(-9, 9)
            normal = multivariate_normal([0, 0], [[1, rho], [rho, 1]], abseps=1e-14, releps=1e-14)
            below = normal.cdf(grid)
            shares = np.diff(np.diff(below, axis=0), axis=1)
            return float((table * np.log(np.where(table > 0, shares, 1.0))).sum())

        here = (solution.row_cuts[pair], solution.column_cuts[pair], solution.rho[pair])
        best = evaluate(*here)
        for _ in range(40):
            moved = [value + 0.01 * rng.standard_normal(np.shape(value)) for value in here]
            assert evaluate(*moved) < best


def test_errors_of_mixed_scales_are_those_of_lavaan(
    polychoric_folder, mixed_answers, make_mixed, count_answers
):
    """Two and five categories together, from those who answered everything."""
    reference = pd.read_csv(polychoric_folder / "variances.csv").set_index("statistic")["variance"]
    methodology = make_mixed()
    answers = mixed_answers.dropna()
    counts = count_answers(answers, methodology, alone=True)
    found = estimate(counts, methodology)
    errors = (found.moments.influence**2).sum(axis=0)
    keys = counts.indicators
    told = [f"{a}~~{b}" for i, a in enumerate(keys) for b in keys[i + 1 :]]
    assert errors[-21:] == pytest.approx(reference[told].to_numpy(), rel=1e-6)
    thresholds = [
        f"{key}|t{position + 1}"
        for key, cuts in zip(keys, found.moments.thresholds, strict=True)
        for position in range(len(cuts))
    ]
    assert errors[:-21] == pytest.approx(reference[thresholds].to_numpy(), rel=1e-6)


@pytest.mark.parametrize("estimator", ["two_step", "ml"])
def test_influence_of_a_centre_is_the_slope_by_its_weight(
    mixed_answers, make_mixed, count_answers, estimator
):
    """Finite differences: the estimate when the respondents of one centre count a little more.

    The outer-product information stands for the Hessian, so the slope differs by sampling error
    for one centre; with expected cells in place of observed ones they are equal (next test).
    """
    methodology = make_mixed(polychoric=estimator)
    counts = count_answers(mixed_answers, methodology)
    found = estimate(counts, methodology)
    step = 50
    heavier = multiply(counts, np.where(np.arange(25) == 7, 2 * step + 1, 2 * step))
    lighter = multiply(counts, np.where(np.arange(25) == 7, 2 * step - 1, 2 * step))
    moved = [estimate(part, methodology).moments.statistics for part in (heavier, lighter)]
    slope = (moved[0] - moved[1]) * step
    thresholds = len(slope) - 21
    assert found.moments.influence[7, :thresholds] == pytest.approx(slope[:thresholds], abs=1e-6)
    assert found.moments.influence[7, thresholds:] == pytest.approx(
        slope[thresholds:], rel=0.25, abs=3e-3
    )


def test_influence_is_exact_where_the_model_holds():
    """With expected answers the outer product and the Hessian are the same matrix.

    One huge centre answers exactly as expected; the slope is by the weight of a small odd one.
    """
    cuts = np.array([[-np.inf, -0.8, 0.1, 1.2, np.inf], [-np.inf, -0.3, 0.4, 1.0, np.inf]])
    share = score_cells(cuts[:1], cuts[1:], np.array([0.55])).share
    odd = np.random.default_rng(4).multinomial(1000, share[0].ravel()).reshape(1, 4, 4)

    def solve(weight):
        pairs = np.stack([1e9 * share, weight * odd])
        margins = np.stack([pairs.sum(axis=3)[:, 0], pairs.sum(axis=2)[:, 0]], axis=1)
        tables = AnswerTables(margins=margins, pairs=pairs)
        at = compute_cuts(margins.sum(axis=0))
        return tables, at, solve_two_step(pairs.sum(axis=0)[None], at[None])[0]

    tables, at, rho = solve(1)
    moved = compute_threshold_influence(tables.margins, at)
    influence = compute_correlation_influence(tables, tables.pairs.sum(axis=0), at, rho, moved)
    slope = (solve(11)[2] - solve(-9)[2]) / 20
    assert rho == pytest.approx([0.55], abs=1e-6)
    assert influence[1] == pytest.approx(slope, rel=1e-4)


def multiply(counts, weights):
    """Return counts with the respondents of every unit taken `weights` times."""
    by_unit = {
        name: getattr(counts, name) * weights.reshape(-1, *[1] * (getattr(counts, name).ndim - 1))
        for name in ("n", "margins", "pairs", "n_complete", "complete_sum", "complete_cross")
    }
    return PairCounts(
        indicators=counts.indicators,
        n_categories=counts.n_categories,
        units=counts.units,
        **by_unit,
    )


def test_replicates_at_once_are_the_replicates_one_by_one(mixed_answers, make_mixed, count_answers):
    methodology = make_mixed()
    tables = read_tables(count_answers(mixed_answers, methodology), methodology)
    weights = np.random.default_rng(3).multinomial(25, np.full(25, 1 / 25), size=12).astype(float)
    margins, pairs = tables.combine(weights)
    together = solve_two_step(pairs, compute_cuts(margins))
    for row, weight in enumerate(weights):
        alone = np.tensordot(weight, tables.pairs, axes=1)
        cuts = compute_cuts(np.tensordot(weight, tables.margins, axes=1))
        first, second = np.triu_indices(7, 1)
        for pair in (0, 3, 11, 20):
            one = solve_two_step(alone[None, [pair]], cuts[None, [first[pair], second[pair]]])
            assert together[row, pair] == pytest.approx(one[0, 0], abs=1e-11)


def test_turning_a_question_round_turns_its_correlations_round(
    mixed_answers, make_mixed, count_answers, found
):
    methodology = make_mixed(reversed_keys=())
    straight = estimate(count_answers(mixed_answers, methodology), methodology)
    first, second = np.triu_indices(7, 1)
    sign = np.where((first == 3) | (second == 3), -1, 1)
    assert straight.rho == pytest.approx(found.rho * sign, abs=1e-11)
    assert straight.cuts[3, 1:5] == pytest.approx(-found.cuts[3, 4:0:-1], abs=1e-12)


def test_identical_indicators_are_refused_with_their_names(
    mixed_answers, make_mixed, count_answers
):
    methodology = make_mixed()
    same = mixed_answers.assign(f2=mixed_answers["f1"])
    assert estimate(count_answers(same, methodology), methodology) == Unavailable(
        stage="factors", reason="identical_indicators", detail="f1, f2"
    )


def test_indicators_without_common_answers_are_refused_with_their_names(
    mixed_answers, make_mixed, count_answers
):
    methodology = make_mixed()
    apart = mixed_answers.copy()
    half = np.arange(len(apart)) % 2 == 0
    apart.loc[half, "f2"] = np.nan
    apart.loc[~half, "y1"] = np.nan
    assert estimate(count_answers(apart, methodology), methodology) == Unavailable(
        stage="factors", reason="too_few_answers", detail="f2, y1"
    )


@pytest.mark.parametrize("estimator", ["two_step", "ml"])
@pytest.mark.parametrize("unused", [1, 3, 5])
def test_a_category_that_nobody_chose_takes_no_part(
    mixed_answers, make_mixed, count_answers, unused, estimator
):
    """As if the scale had one category less."""
    methodology = make_mixed(polychoric=estimator)
    without = mixed_answers.assign(f1=mixed_answers["f1"].replace(unused, np.nan))
    squeezed = without.assign(f1=without["f1"].where(without["f1"] < unused, without["f1"] - 1))
    results = [
        estimate(count_answers(answers, methodology), methodology)
        for answers in (without, squeezed)
    ]
    assert results[0].rho == pytest.approx(results[1].rho, abs=1e-10)
    assert results[0].moments.influence == pytest.approx(results[1].moments.influence, abs=1e-10)
    assert [len(cuts) for cuts in results[0].moments.thresholds] == [3, 4, 4, 4, 1, 1, 1]


def test_a_row_that_is_empty_only_among_those_who_answered_both_takes_no_part(
    mixed_answers, make_mixed, count_answers
):
    """Nobody who gave f1 the lowest mark answered f2; full maximum likelihood still converges."""
    methodology = make_mixed(polychoric="ml")
    holed = mixed_answers.assign(f2=mixed_answers["f2"].where(mixed_answers["f1"] != 1))
    found = estimate(count_answers(holed, methodology), methodology)
    without = holed.assign(f1=holed["f1"].where(holed["f1"] != 1))
    narrower = estimate(count_answers(without, methodology), methodology)
    assert found.rho[0] == pytest.approx(narrower.rho[0], abs=1e-10)


@settings(max_examples=40, deadline=None)
@given(
    table=st.lists(st.integers(0, 30), min_size=9, max_size=9).filter(
        lambda cells: (
            (np.reshape(cells, (3, 3)).sum(axis=0) > 0).all()
            and (np.reshape(cells, (3, 3)).sum(axis=1) > 0).all()
        )
    ),
    times=st.integers(2, 9),
)
def test_correlation_is_symmetric_and_does_not_depend_on_the_number_of_copies(table, times):
    pairs = np.reshape(table, (1, 1, 3, 3)).astype(float)
    margins = np.stack([pairs[0, 0].sum(axis=1), pairs[0, 0].sum(axis=0)])
    cuts = compute_cuts(margins)[None]
    rho = solve_two_step(pairs, cuts)[0, 0]
    assert -1 < rho < 1
    turned = solve_two_step(pairs.transpose(0, 1, 3, 2), cuts[:, ::-1])[0, 0]
    copies = solve_two_step(times * pairs, cuts)[0, 0]
    assert turned == pytest.approx(rho, abs=1e-9)
    assert copies == pytest.approx(rho, abs=1e-9)
