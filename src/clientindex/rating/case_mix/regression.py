"""Regression within centres from sums of cells, with errors that allow for the clustering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.counts import add_by
from clientindex.rating.case_mix.design import find_independent

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellSums:
    """Sums over the respondents of H cells in C centres who answered each of K indicators.

    Attributes
    ----------
    centre : int ndarray of shape (H,)
        0..C-1.
    weight, points, squares : ndarray of shape (H, K)
        Sums of weights, of weighted points and of weighted squared points.
    n : ndarray of shape (K,)
        Respondents of all cells.
    """

    centre: NDArray[np.intp]
    weight: NDArray[np.float64]
    points: NDArray[np.float64]
    squares: NDArray[np.float64]
    n: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WithinFit:
    """Coefficients of q columns for K indicators in C centres.

    Attributes
    ----------
    estimate : ndarray of shape (K, q)
    covariance : ndarray of shape (K, q, K, q)
        Robust to clustering in centres.
    mix : ndarray of shape (C, K, q)
        Mean of the columns among those who answered, less that of all centres together; 0 where
        nobody of the centre did.
    average : ndarray of shape (K, q)
        Mean of the columns among all who answered.
    variance : ndarray of shape (K,)
        Mean squared deviation of the points from the means of their centres.
    explained : ndarray of shape (K,)
        Share of it that the columns explain; NaN without variance.
    """

    estimate: NDArray[np.float64]
    covariance: NDArray[np.float64]
    mix: NDArray[np.float64]
    average: NDArray[np.float64]
    variance: NDArray[np.float64]
    explained: NDArray[np.float64]


def find_usable(z: NDArray[np.float64], sums: CellSums) -> NDArray[np.bool_]:
    """Return which columns can be told apart within centres for every indicator, shape (q,)."""
    kept = np.ones(z.shape[1], dtype=bool)
    for item in range(sums.weight.shape[1]):
        weight = sums.weight[:, item]
        own = _demean(z, weight, sums.centre)[0]
        gram = (own * weight[:, None]).T @ own
        places = np.flatnonzero(kept)
        kept[places] = find_independent(gram[np.ix_(places, places)])
    return kept


def fit_within(z: NDArray[np.float64], sums: CellSums) -> WithinFit:
    """Regress the points of every indicator on columns and a constant of every centre.

    Ordinary (or weighted) least squares with fixed effects of centres: columns and points are taken
    from their means in the centre, which is the same regression. Respondents of one cell have equal
    columns, so sums of cells are enough. Covariances are ``A^-1 sum_c g_c g_c' A^-1`` with the
    scores ``g_c`` of centres, times ``C / (C - 1) (n - 1) / (n - q)``.

    Parameters
    ----------
    z : ndarray of shape (H, q)
        Columns that can be told apart within centres, see :func:`find_usable`.
    sums : CellSums

    Returns
    -------
    WithinFit

    References
    ----------
    Cameron A. C., Miller D. L. A practitioner's guide to cluster-robust inference. Journal of Human
    Resources, 2015, 50(2), 317-372, section III.
    """
    n_items, q = sums.weight.shape[1], z.shape[1]
    n_centres = int(sums.centre.max()) + 1
    estimate, average = np.zeros((n_items, q)), np.zeros((n_items, q))
    mix, pull = np.zeros((n_centres, n_items, q)), np.zeros((n_centres, n_items, q))
    variance, explained = np.zeros(n_items), np.zeros(n_items)
    for item in range(n_items):
        weight, points = sums.weight[:, item], sums.points[:, item]
        own, means, total = _demean(z, weight, sums.centre)
        centre_points = _add(points[:, None], sums.centre)[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            centre_mean = np.nan_to_num(centre_points / total)
        rest = points - weight * centre_mean[sums.centre]
        gram = (own * weight[:, None]).T @ own
        product = own.T @ rest
        estimate[item] = np.linalg.solve(gram, product)
        average[item] = weight @ z / weight.sum()
        mix[:, item] = np.where(total[:, None] > 0, means - average[item], 0.0)
        score = _add(own * (rest - weight * (own @ estimate[item]))[:, None], sums.centre)
        pull[:, item] = np.linalg.solve(gram, score.T).T * _correct(total, sums.n[item], q)
        spread = sums.squares[:, item].sum() - centre_points @ centre_mean
        variance[item] = spread / weight.sum()
        explained[item] = product @ estimate[item] / spread if spread > 0 else np.nan
    return WithinFit(
        estimate=estimate,
        covariance=np.einsum("caq,cbr->aqbr", pull, pull),
        mix=mix,
        average=average,
        variance=variance,
        explained=explained,
    )


def _add(values: NDArray[np.float64], centre: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return sums over the cells of every centre, shape (C, q)."""
    size = int(centre.max()) + 1
    sums = np.zeros((size, values.shape[1]))
    for column in range(values.shape[1]):
        sums[:, column] = add_by(centre, values[:, column], size)
    return sums


def _demean(
    z: NDArray[np.float64], weight: NDArray[np.float64], centre: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return columns less their means in the centre, the means, and the centres' weights."""
    total = _add(weight[:, None], centre)[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.nan_to_num(_add(z * weight[:, None], centre) / total[:, None])
    return z - means[centre], means, total


def _correct(total: NDArray[np.float64], n: float, q: int) -> float:
    """Return the square root of the correction for few centres and columns."""
    centres = int((total > 0).sum())
    if centres < 2 or n <= q:
        return float("nan")
    return float(np.sqrt(centres / (centres - 1) * (n - 1) / (n - q)))
