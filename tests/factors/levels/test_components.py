"""Covariances within and between centres against MANOVA, lme4 and lavaan, and recovery."""

import numpy as np
import pandas as pd
import pytest

from clientindex.counts import PairSums, count_pairs
from clientindex.factors.centre_sums import compute_centre_sums
from clientindex.factors.levels import combine_terms, leave_one_out, read_terms
from clientindex.factors.levels.components import to_correlations

CLOSED_FORM = 1e-9
REML = 1e-6
"""lme4's criterion is minimised in one dimension to about 1e-7."""


@pytest.fixture(scope="module")
def split(make_two_groups, code_answers):
    """Return a function from answers to terms and to covariances of both levels."""
    methodology = make_two_groups()

    def split(answers):
        counts = count_pairs(code_answers(answers, methodology), methodology)
        terms = read_terms(compute_centre_sums(counts, methodology).sums)
        return terms, combine_terms(terms, np.ones(terms.parts.shape[1]))

    return split


def place(frame, keys):
    """Return the rows of `frame` as places in a matrix."""
    return tuple(frame[column].map(keys.index).to_numpy() for column in ("indicator", "other"))


@pytest.mark.parametrize("name", ["balanced", "gaps"])
def test_covariances_are_those_of_manova_pair_by_pair(split, levels_folder, request, name):
    """With gaps a pair rests on those who answered both."""
    answers = request.getfixturevalue(name)
    _, found = split(answers)
    reference = pd.read_csv(levels_folder / f"{name}_levels.csv")
    at = place(reference, list(answers.columns[1:]))
    assert found.within[at] == pytest.approx(reference["within"].to_numpy(), abs=CLOSED_FORM)
    assert found.between[at] == pytest.approx(reference["between"].to_numpy(), abs=CLOSED_FORM)
    assert found.size[at] == pytest.approx(reference["size"].to_numpy(), abs=CLOSED_FORM)
    assert found.between == pytest.approx(found.between.T, abs=1e-12)


def test_on_balanced_data_they_are_reml(split, balanced, levels_folder):
    _, found = split(balanced)
    reference = pd.read_csv(levels_folder / "reml.csv")
    at = place(reference, list(balanced.columns[1:]))
    assert found.within[at] == pytest.approx(reference["within"].to_numpy(), abs=REML)
    assert found.between[at] == pytest.approx(reference["between"].to_numpy(), abs=REML)


def test_on_balanced_data_they_are_the_maximum_likelihood_of_lavaan_but_for_one_centre(
    split, balanced, levels_folder
):
    """Maximum likelihood divides squares between centres by C, not C - 1.

    lavaan stops its two-level iterations about 1e-4 from the maximum.
    """
    _, found = split(balanced)
    reference = pd.read_csv(levels_folder / "two_level.csv").rename(
        columns={"lhs": "indicator", "rhs": "other"}
    )
    keys = list(balanced.columns[1:])
    for level, matrix in ((1, found.within), (2, found.between)):
        rows = reference[reference["level"] == level]
        expected = matrix
        if level == 2:
            expected = (found.between * 12 + found.within) * 49 / 50 / 12 - found.within / 12
        assert rows["est"].to_numpy() == pytest.approx(expected[place(rows, keys)], abs=2e-4)


def test_icc_is_the_share_of_analysis_of_variance(split, gaps):
    """ICC(1) of Shrout and Fleiss with the effective size of unbalanced centres."""
    _, found = split(gaps)
    both = gaps[["centre", "a1"]].dropna()
    groups = both.groupby("centre")["a1"]
    n, mean = groups.size(), groups.mean()
    between = (n * (mean - both["a1"].mean()) ** 2).sum() / (len(n) - 1)
    within = ((both["a1"] - both["centre"].map(mean)) ** 2).sum() / (n.sum() - len(n))
    size = (n.sum() - (n**2).sum() / n.sum()) / (len(n) - 1)
    assert found.icc[0] == pytest.approx((between - within) / (between + (size - 1) * within))


def test_without_each_centre_in_turn(split, gaps):
    terms, _ = split(gaps)
    left_out = leave_one_out(terms)
    for position, centre in enumerate(sorted(gaps["centre"].unique())[:5]):
        _, without = split(gaps[gaps["centre"] != centre])
        assert left_out.within[position] == pytest.approx(without.within, abs=1e-10)
        assert left_out.between[position] == pytest.approx(without.between, abs=1e-10)


def test_a_centre_drawn_twice_stands_as_two_centres(split, gaps):
    terms, _ = split(gaps)
    names = sorted(gaps["centre"].unique())
    weights = np.random.default_rng(2).multinomial(90, np.full(90, 1 / 90), size=3).astype(float)
    together = combine_terms(terms, weights)
    for row, weight in enumerate(weights):
        drawn = [
            gaps[gaps["centre"] == name].assign(centre=f"{name}_{copy}")
            for name, times in zip(names, weight, strict=True)
            for copy in range(int(times))
        ]
        _, alone = split(pd.concat(drawn, ignore_index=True))
        assert together.within[row] == pytest.approx(alone.within, abs=1e-10)
        assert together.between[row] == pytest.approx(alone.between, abs=1e-10)


def sum_centres(values):
    """Return the sums of complete data of shape (centres, respondents, questions)."""
    _, n, size = values.shape
    ones = np.ones((len(values), size, size))
    return PairSums(
        n=n * ones,
        s=values.sum(axis=1)[:, :, None] * np.ones(size),
        ss=(values**2).sum(axis=1)[:, :, None] * np.ones(size),
        q=np.einsum("cri,crj->cij", values, values),
    )


def test_the_covariance_of_centre_means_is_biased_and_this_is_not():
    """A thousand surveys of 30 centres with 8 respondents each, and the truth of their design."""
    rng = np.random.default_rng(9)
    between = np.array([[0.3, 0.2, 0.1], [0.2, 0.4, 0.05], [0.1, 0.05, 0.2]])
    within = np.array([[1.0, 0.5, -0.2], [0.5, 1.5, 0.3], [-0.2, 0.3, 0.8]])
    roots = np.linalg.cholesky(between), np.linalg.cholesky(within)
    shape = (1000 * 30, 8, 3)
    values = rng.standard_normal(shape) @ roots[1].T
    values = values + (rng.standard_normal((shape[0], 1, 3)) @ roots[0].T)
    terms = read_terms(sum_centres(values))
    surveys = np.kron(np.eye(1000), np.ones(30))
    found = combine_terms(terms, surveys)
    error = found.between.std(axis=0) / np.sqrt(1000)
    assert (np.abs(found.between.mean(axis=0) - between) < 4 * error).all()
    assert found.within.mean(axis=0) == pytest.approx(within, abs=0.02)
    means = values.mean(axis=1).reshape(1000, 30, 3)
    naive = np.array([np.cov(one.T) for one in means]).mean(axis=0)
    assert naive == pytest.approx(between + within / 8, abs=0.02)
    assert naive[0, 0] > between[0, 0] + 10 * error[0, 0]


def test_correlations_of_a_level_without_variance_are_missing():
    found = to_correlations(np.array([[4.0, 1.0, 0.0], [1.0, 1.0, 0.2], [0.0, 0.2, -0.1]]))
    assert found[0, 1] == pytest.approx(0.5)
    assert np.isnan(found[2]).all()
    assert np.isnan(found[:, 2]).all()
