"""Entropy weights: what tells centres apart more weighs more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import xlogy

from clientindex.errors import StatisticsError
from clientindex.sensitivity.weight_sources.values import check_values
from clientindex.sensitivity.weight_sources.weighting import share

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

ZERO = 1e-12
"""A divergence below this is that of equal values, but for rounding."""


def compute_entropy_weights(values: ArrayLike) -> NDArray[np.float64]:
    r"""Compute weights from Shannon's entropy of each column.

    Parameters
    ----------
    values : array_like of shape (C, n)
        Scores of centres, from 0, higher is better; rows with NaN are left out.

    Returns
    -------
    ndarray of shape (n,)
        Sum to 1. A column of equal values weighs 0.

    Raises
    ------
    StatisticsError
        If fewer than two rows are complete, a value is negative, a column is all 0, or all columns
        are of equal values.

    Notes
    -----
    :math:`p_{cj} = x_{cj} / \sum_c x_{cj}`, :math:`e_j = - \sum_c p_{cj} \ln p_{cj} / \ln C`,
    :math:`w_j \propto 1 - e_j`. Weights depend on where the scale has its 0: scores near 100 have
    entropies near 1, and weights go about as squared coefficients of variation.

    References
    ----------
    Shannon C. E. A mathematical theory of communication. Bell System Technical Journal, 1948,
    27(3), 379-423. doi:10.1002/j.1538-7305.1948.tb01338.x
    Zeleny M. Multiple criteria decision making. McGraw-Hill, 1982.
    """
    known = check_values(values)
    if (known < 0).any() or (known.sum(axis=0) == 0).any():
        msg = "entropy needs values from 0, and not only zeros in a column"
        raise StatisticsError(msg)
    part = known / known.sum(axis=0)
    divergence = 1 + xlogy(part, part).sum(axis=0) / np.log(len(known))
    divergence = np.where(divergence < ZERO, 0.0, divergence)
    if not divergence.any():
        msg = "all columns are of equal values: entropy tells none from another"
        raise StatisticsError(msg)
    return share(divergence)
