"""Two steps of a polyserial correlation: margins first, then the correlation, all items at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr

from clientindex.errors import StatisticsError
from clientindex.factors.polychoric.table_score import SMALLEST_SHARE
from clientindex.factors.polychoric.two_step import LARGEST, TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_STEPS = 200


def solve_serial(
    answered: NDArray[np.integer[Any]], z: NDArray[np.float64], cuts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Solve for the correlation of a standardised covariate with every item.

    Fisher scoring inside a shrinking bracket, as for two-way tables.

    Parameters
    ----------
    answered : int ndarray of shape (U, K, C)
        Answers in units with a known covariate.
    z : ndarray of shape (U,)
    cuts : ndarray of shape (K, C + 1)
        Cut points with infinite ends.

    Returns
    -------
    ndarray of shape (K,)

    Raises
    ------
    StatisticsError
        If an item does not converge.
    """
    low, high = np.full(len(cuts), -LARGEST), np.full(len(cuts), LARGEST)
    rho = np.zeros(len(cuts))
    for _ in range(MAX_STEPS):
        by_rho = _score(z, cuts, rho)["rho"]
        score = np.einsum("ukc,ukc->k", answered, by_rho)
        information = np.einsum("ukc,ukc,ukc->k", answered, by_rho, by_rho)
        low, high = np.where(score > 0, rho, low), np.where(score > 0, high, rho)
        moved = rho + score / np.maximum(information, SMALLEST_SHARE)
        moved = np.where((low < moved) & (moved < high), moved, 0.5 * (low + high))
        if np.abs(moved - rho).max() < TOLERANCE:
            return np.asarray(moved)
        rho = moved
    msg = "polyserial correlations did not converge; check the covariate for extreme values"
    raise StatisticsError(msg)


def compute_serial_influence(
    answered: NDArray[np.integer[Any]],
    z: NDArray[np.float64],
    cuts: NDArray[np.float64],
    rho: NDArray[np.float64],
    *,
    by_cut: NDArray[np.float64],
    by_mean: NDArray[np.float64],
    by_sd: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Compute what each unit contributes to the error of each correlation.

    Stacked equations as in :mod:`~clientindex.factors.polychoric.influence`, with the mean and
    standard deviation of the covariate among what was estimated first.

    Parameters
    ----------
    answered, z, cuts : ndarray
        As for :func:`solve_serial`.
    rho : ndarray of shape (K,)
    by_cut : ndarray of shape (U, K, C - 1)
        Influence on cut points.
    by_mean, by_sd : ndarray of shape (U,)
        Influence on the mean and standard deviation, in standard deviations.

    Returns
    -------
    ndarray of shape (U, K)
    """
    scores = _score(z, cuts, rho)
    weighted = answered * scores["rho"]
    own = weighted.sum(axis=2)
    own = own - np.einsum("ukc,ukmc,vkm->vk", weighted, scores["cut"], by_cut, optimize=True)
    # z falls by one for a mean higher by one standard deviation, and by z for a larger spread.
    own = own + np.outer(by_mean, np.einsum("ukc,ukc->k", weighted, scores["z"]))
    own = own + np.outer(by_sd, np.einsum("ukc,ukc,u->k", weighted, scores["z"], z))
    return np.asarray(own / np.einsum("ukc,ukc->k", weighted, scores["rho"]))


def _score(
    z: NDArray[np.float64], cuts: NDArray[np.float64], rho: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Return derivatives of the logarithm of each cell's probability.

    Keys "rho" and "z", shape (U, K, C), and "cut", shape (U, K, C - 1, C).
    """
    root = np.sqrt(1 - rho**2)[:, None]
    finite = np.where(np.isfinite(cuts), cuts, 0.0)
    edge = (cuts - rho[:, None] * z[:, None, None]) / root
    density = np.where(np.isfinite(cuts), np.exp(-0.5 * edge**2) / np.sqrt(2 * np.pi), 0.0)
    by_rho = density * (finite * rho[:, None] - z[:, None, None]) / root**3
    share = np.diff(ndtr(edge), axis=2)
    weight = np.where(share > SMALLEST_SHARE, 1 / np.maximum(share, SMALLEST_SHARE), 0.0)
    size = cuts.shape[1] - 1
    by_cut = np.zeros((len(z), len(cuts), size - 1, size))
    inner = np.arange(size - 1)
    by_cut[:, :, inner, inner] = density[:, :, 1:-1] / root * weight[:, :, :-1]
    by_cut[:, :, inner, inner + 1] = -density[:, :, 1:-1] / root * weight[:, :, 1:]
    return {
        "rho": np.diff(by_rho, axis=2) * weight,
        "z": np.diff(density, axis=2) * -rho[:, None] / root * weight,
        "cut": by_cut,
    }
