"""Correlation matrices of random data without any factor: what parallel analysis compares with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.factors.number.normal_data import draw_normal_correlations
from clientindex.factors.number.ordinal_data import LARGEST_DRAWN, Estimator, repair
from clientindex.factors.polychoric.estimate import square_pairs

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

    They are uncorrelated normal. A Pearson correlation has the variance 1 / (n - 1), for permuted
    answers exactly and whatever the margins (v = 1); a two-step polychoric one 1 / (n v_i v_j), as
    its information at 0 is ``n v_i v_j`` and thresholds tell nothing of it there (Olsson 1979). The
    normal is drawn on Fisher's z with n - 3 for n, which gives those variances to order 1/n^2 and
    no correlation beyond 1.

    Parameters
    ----------
    information : ndarray of shape (K,)
        v.
    n : int
    n_replicates : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (B, K, K)
        Made positive definite where needed.
    """
    first, second = np.triu_indices(len(information), 1)
    spread = 1 / np.sqrt((n - 3) * information[first] * information[second])
    z = rng.standard_normal((n_replicates, len(first))) * spread
    return repair(square_pairs(np.tanh(z), len(information)))


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
