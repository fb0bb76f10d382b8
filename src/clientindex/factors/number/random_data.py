"""Correlation matrices of random data without any factor: what parallel analysis compares with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.factors.number.normal_data import draw_normal_correlations
from clientindex.factors.number.ordinal_data import LARGEST_DRAWN, Estimator, repair
from clientindex.factors.polychoric.two_step import BOUNDARY

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from clientindex.factors.number.margins import Margins

Reference = Literal["normal", "permuted"]
REFERENCES: tuple[Reference, ...] = ("normal", "permuted")


def draw_random_correlations(
    margins: Margins,
    estimator: Estimator,
    *,
    reference: Reference,
    n: int,
    n_replicates: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Draw correlation matrices of n respondents whose answers have nothing to do with each other.

    "normal" with Pearson correlations: of independent normal variables, exactly, through the
    Wishart distribution. "normal" with polychoric ones: independent normal variables cut at the
    thresholds of the sample, so that the data have the imprecision of categories (R
    ``psych::fa.parallel(cor = "poly")`` compares polychoric eigenvalues with Pearson correlations
    of uncut normals, which vary less). "permuted": the observed answers of every indicator in an
    order of their own (psych draws them with replacement).

    Respondents are drawn up to :data:`LARGEST_DRAWN`; for more the correlations have their law for
    large samples, see :func:`draw_independent_correlations`, and the cost does not depend on n.
    There cut normals and permuted answers have the same law.

    Parameters
    ----------
    margins : Margins
    estimator : Estimator
    reference : {"normal", "permuted"}
    n : int
        Respondents: the smallest number behind a correlation of the sample. They are drawn as
        independent, whatever the clustering of the sample, as parallel analysis is defined.
    n_replicates : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (B', K, K)
        Data sets in which an indicator does not vary are left out.
    """
    n_items = len(margins.shares)
    if estimator.basis == "pearson" and reference == "normal":
        return draw_normal_correlations(n, n_items, n_replicates, rng)
    if n > LARGEST_DRAWN:
        information = np.ones(n_items) if estimator.basis == "pearson" else margins.information
        return draw_independent_correlations(information, n, n_replicates, rng)
    cut = reference == "normal"
    draw = _cut_normals(margins, n, rng) if cut else _permute(margins, n, rng)
    return estimator.correlate(draw, n_replicates)


def draw_independent_correlations(
    information: NDArray[np.float64], n: int, n_replicates: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw correlations of many respondents to independent indicators from their limiting law.

    At independence a two-step polychoric correlation is, to first order in the answers, the Pearson
    correlation of the scores ``E(x | category)`` divided by ``sqrt(v_i v_j)``, v the variance of
    the scores: its information is ``n v_i v_j`` and thresholds tell nothing of it (Olsson 1979).
    Pearson correlations of independent scores have those of normal variables for many respondents,
    with the variance 1 / (n - 1) whatever the margins, and are drawn as such. Independent normal
    correlations with the same variances would not do: the products ``r_ij r_jk r_ik`` of a sample
    have the mean 1 / n^2 rather than 0, which lifts the largest eigenvalue, with 20 indicators and
    1,000 respondents by half its standard deviation.

    Parameters
    ----------
    information : ndarray of shape (K,)
        v; 1 for Pearson correlations.
    n : int
    n_replicates : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (B, K, K)
        Made positive definite where needed.

    References
    ----------
    Olsson U. Maximum likelihood estimation of the polychoric correlation coefficient.
    Psychometrika, 1979, 44(4), 443-460. doi:10.1007/BF02296207
    """
    n_items = len(information)
    r = draw_normal_correlations(n, n_items, n_replicates, rng)
    r /= np.sqrt(information[:, None] * information)
    r = np.clip(r, -BOUNDARY, BOUNDARY)
    r[:, np.arange(n_items), np.arange(n_items)] = 1.0
    return repair(r)


def _cut_normals(
    margins: Margins, n: int, rng: np.random.Generator
) -> Callable[[], NDArray[np.int8]]:
    """Return a function that draws independent categories; uniforms are normals by their cdf."""
    below = np.cumsum(margins.shares, axis=1)[:, :-1]

    def draw() -> NDArray[np.int8]:
        codes = np.zeros((len(below), n), dtype=np.int8)
        uniform = rng.random(codes.shape)
        for share in below.T:
            codes += uniform >= np.minimum(share, 1.0)[:, None]
        return codes

    return draw


def _permute(margins: Margins, n: int, rng: np.random.Generator) -> Callable[[], NDArray[np.int8]]:
    """Return a function that shuffles the answers of every indicator."""
    categories = np.arange(margins.shares.shape[1], dtype=np.int8)
    codes = np.array([np.repeat(categories, row) for row in margins.apportion(n)])

    def draw() -> NDArray[np.int8]:
        rng.permuted(codes, axis=1, out=codes)
        return codes

    return draw
