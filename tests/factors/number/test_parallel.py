"""Random data of parallel analysis: against numpy, psych and the law of large samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from clientindex.factors.number.margins import Margins
from clientindex.factors.number.normal_data import draw_normal_correlations
from clientindex.factors.number.ordinal_data import LARGEST_DRAWN, Estimator
from clientindex.factors.number.parallel import (
    KINDS,
    compute_band,
    compute_eigenvalues,
    count_leading,
)
from clientindex.factors.number.random_data import (
    REFERENCES,
    draw_independent_correlations,
    draw_random_correlations,
)
from clientindex.methodology.factor_settings import ZeroCells

if TYPE_CHECKING:
    from numpy.typing import NDArray

QUANTILE = 0.95

SIGMAS = 4.5
"""Monte Carlo standard errors that two simulations of the same law may lie apart.

Of the some thousand comparisons here one in 150,000 would be further out by chance.
"""

HIGH_ERROR = 2.2
"""Standard error of a 95% quantile, as a multiple of that of the mean of normal data (2.11)."""


def make_estimator(margins: Margins, basis: Any) -> Estimator:
    return Estimator(basis=basis, values=margins.values, zero_cells=ZeroCells())


def draw_many(margins: Margins, basis: Any, reference: Any, n: int, n_replicates: int) -> Any:
    return draw_random_correlations(
        margins,
        make_estimator(margins, basis),
        reference=reference,
        n=n,
        n_replicates=n_replicates,
        rng=np.random.default_rng(7),
    )


def assert_same_law(found: NDArray[np.float64], wanted: NDArray[np.float64]) -> None:
    """Assert that two samples of eigenvalues, shape (B, K), have the same means and quantiles."""
    error = np.sqrt(found.var(axis=0) / len(found) + wanted.var(axis=0) / len(wanted))
    assert np.abs((found.mean(axis=0) - wanted.mean(axis=0)) / error).max() < SIGMAS
    high = np.quantile(found, QUANTILE, axis=0) - np.quantile(wanted, QUANTILE, axis=0)
    assert np.abs(high / (HIGH_ERROR * error)).max() < SIGMAS


@pytest.mark.parametrize(
    ("n", "n_items", "kind"),
    [
        (100, 8, "components"),
        (100, 8, "axis"),
        (301, 9, "components"),
        (301, 9, "axis"),
        (6, 8, "components"),
    ],
)
def test_normal_band_equals_a_simulation_of_all_answers(n: int, n_items: int, kind: Any) -> None:
    rng = np.random.default_rng(3)
    drawn = np.array([np.corrcoef(rng.standard_normal((n_items, n))) for _ in range(1500)])
    found = draw_normal_correlations(n, n_items, 4000, np.random.default_rng(4))
    rank = slice(min(n - 1, n_items))  # fewer respondents leave the last eigenvalues at 0
    assert_same_law(
        compute_eigenvalues(found, kind)[:, rank], compute_eigenvalues(drawn, kind)[:, rank]
    )


def test_permuted_pearson_band_equals_a_simulation_by_numpy(answers: Any, margins: Margins) -> None:
    rng = np.random.default_rng(3)
    x = answers[[f"{group}{number}" for group in "abcde" for number in range(1, 5)]].to_numpy().T
    drawn = np.array([np.corrcoef(rng.permuted(x, axis=1)) for _ in range(400)])
    found = draw_many(margins, "pearson", "permuted", 800, 800)
    for kind in KINDS:
        assert_same_law(compute_eigenvalues(found, kind), compute_eigenvalues(drawn, kind))


def test_permuting_keeps_the_observed_answers(answers: Any, margins: Margins) -> None:
    counts = margins.apportion(800)
    for row, key in enumerate(f"{group}{number}" for group in "abcde" for number in range(1, 5)):
        assert counts[row].tolist() == [int((answers[key] == a).sum()) for a in range(1, 6)]


def test_answers_are_apportioned_by_largest_remainders() -> None:
    margins = Margins(shares=np.array([[0.5, 0.3, 0.2], [1 / 3] * 3]), values=np.ones((2, 3)))
    assert margins.apportion(7).tolist() == [[4, 2, 1], [3, 2, 2]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("basis", "reference", "n_replicates"),
    [("pearson", "normal", 2000), ("pearson", "permuted", 500), ("polychoric", "permuted", 200)],
)
def test_band_equals_the_one_of_psych(
    basis: Any, reference: Any, kind: Any, n_replicates: int, margins: Margins, read_reference: Any
) -> None:
    """Psych permutes with replacement; only the margins then vary, which shows nowhere."""
    table = read_reference("parallel").query(
        "basis == @basis and reference == @reference and kind == @kind"
    )
    drawn = draw_many(margins, basis, reference, 800, n_replicates)
    band = compute_band(compute_eigenvalues(drawn, kind), QUANTILE)
    error = table["sd"].to_numpy() * np.sqrt(1 / n_replicates + 1 / table["replicates"].to_numpy())
    assert np.abs((band.mean - table["mean"].to_numpy()) / error).max() < SIGMAS
    assert np.abs((band.high - table["high"].to_numpy()) / error / HIGH_ERROR).max() < SIGMAS


def test_cut_normals_vary_more_than_the_uncut_ones_of_psych(
    margins: Margins, read_reference: Any
) -> None:
    """Polychoric eigenvalues of a sample must be compared with polychoric ones of random data."""
    table = read_reference("parallel").query(
        "basis == 'polychoric' and reference == 'normal' and kind == 'components'"
    )
    drawn = compute_eigenvalues(draw_many(margins, "polychoric", "normal", 800, 100), "components")
    assert drawn[:, 0].mean() > table["mean"].iloc[0] + table["sd"].iloc[0]
    permuted = draw_many(margins, "polychoric", "permuted", 800, 200)
    assert_same_law(drawn, compute_eigenvalues(permuted, "components"))


@pytest.mark.parametrize(
    ("basis", "reference"),
    [("pearson", "permuted"), ("polychoric", "normal"), ("polychoric", "permuted")],
)
def test_the_law_of_many_respondents_agrees_with_drawing_at_the_border(
    basis: Any, reference: Any, margins: Margins
) -> None:
    drawn = draw_many(margins, basis, reference, LARGEST_DRAWN, 300)
    information = np.ones(20) if basis == "pearson" else margins.information
    law = draw_independent_correlations(information, LARGEST_DRAWN, 2000, np.random.default_rng(8))
    for kind in KINDS:
        assert_same_law(compute_eigenvalues(drawn, kind), compute_eigenvalues(law, kind))


def test_the_law_agrees_with_drawing_where_answers_pile_up() -> None:
    """It is of the first order: a fifth of a standard deviation is what it may lose here."""
    shares = np.tile([0.02, 0.03, 0.05, 0.1, 0.8], (12, 1))
    margins = Margins(shares=shares, values=np.tile(np.arange(1.0, 6), (12, 1)))
    drawn = draw_many(margins, "polychoric", "permuted", LARGEST_DRAWN, 300)
    law = draw_independent_correlations(
        margins.information, LARGEST_DRAWN, 2000, np.random.default_rng(8)
    )
    apart = compute_eigenvalues(drawn, "components") - 1, compute_eigenvalues(law, "components") - 1
    difference = np.abs(apart[0].mean(axis=0) - apart[1].mean(axis=0))
    spread = apart[0].std(axis=0)
    assert (difference < (0.2 + SIGMAS / np.sqrt(300)) * spread).all()


def test_more_respondents_than_are_drawn_narrow_the_band_as_the_root_of_their_number(
    margins: Margins,
) -> None:
    for basis in ("pearson", "polychoric"):
        for reference in REFERENCES:
            few, many = (
                draw_many(margins, basis, reference, n, 400)[:, 0, 1:].std()
                for n in (4_000, 400_000)
            )
            assert few / many == pytest.approx(10, rel=0.1)


def test_information_is_the_variance_that_categories_tell() -> None:
    """A normal variable cut in halves tells 2 / pi of its variance."""
    margins = Margins(
        shares=np.array([[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]]), values=np.zeros((2, 3))
    )
    rng = np.random.default_rng(0)
    x = rng.standard_normal(400_000)
    bins = np.digitize(x, margins.cuts[1, 1:-1])
    means = np.array([x[bins == category].mean() for category in range(3)])
    assert margins.information[0] == pytest.approx(2 / np.pi, abs=1e-12)
    assert margins.information[1] == pytest.approx(means[bins].var(), abs=0.005)


def test_the_band_is_the_mean_and_the_quantile_of_r() -> None:
    values = np.array([[3.0, 1], [1, 0], [2, 5], [10, 2]])
    band = compute_band(values, 0.95)
    assert band.mean.tolist() == [4, 2]
    assert band.high == pytest.approx([8.95, 4.55])  # quantile(x, 0.95) in R


def test_counting_stops_at_the_first_eigenvalue_that_is_not_above() -> None:
    eigenvalues = np.array([[3, 2, 0.5, 0.6], [0.9, 0.8, 0.7, 0.6], [3, 1, 0.9, 0.1]])
    limits = np.array([1.5, 1.0, 0.8, 0.5])
    assert count_leading(eigenvalues, limits).tolist() == [2, 0, 1]
    assert np.isnan(count_leading(eigenvalues, np.array([1.5, np.nan, 1, 1]))).all()
