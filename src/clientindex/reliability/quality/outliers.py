"""Mahalanobis distances of respondents, whatever they left unanswered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_EIGENVALUE = 1e-8


def compute_outlyingness(
    codes: NDArray[np.uint8],
    values: NDArray[np.float64],
    mean: NDArray[np.float64],
    cov: NDArray[np.float64],
) -> NDArray[np.float64] | None:
    """Compute where the squared distance of each respondent lies in the chi-square distribution.

    ``D^2 = (x - m)' S^-1 (x - m)`` over the indicators that the respondent answered, with as many
    degrees of freedom.

    Parameters
    ----------
    codes : uint8 ndarray of shape (N, K)
        0 = no answer.
    values : ndarray of shape (K, C + 1)
        Keyed answer behind each category.
    mean : ndarray of shape (K,)
    cov : ndarray of shape (K, K)

    Returns
    -------
    ndarray of shape (N,) or None
        Probability of a smaller distance, NaN for a respondent without answers; None where
        correlations are not positive definite.

    References
    ----------
    Mahalanobis P. C. On the generalised distance in statistics. Proceedings of the National
    Institute of Sciences of India, 1936, 2(1), 49-55.
    """
    sd = np.sqrt(np.diag(cov))
    if not (sd > 0).all() or np.linalg.eigvalsh(cov / np.outer(sd, sd))[0] < SMALLEST_EIGENVALUE:
        return None
    answered = codes > 0
    packed = np.ascontiguousarray(np.packbits(answered, axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1])))[:, 0]
    _, first, pattern = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(pattern, kind="stable")
    ends = np.cumsum(np.bincount(pattern))
    found = np.full(len(codes), np.nan)
    for number, rows in enumerate(np.split(order, ends[:-1])):
        items = np.flatnonzero(answered[first[number]])
        if len(items):
            x = values[items, codes[rows][:, items]] - mean[items]
            squares = (x * np.linalg.solve(cov[np.ix_(items, items)], x.T).T).sum(axis=1)
            found[rows] = chi2.cdf(squares, len(items))
    return found
