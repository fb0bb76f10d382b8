"""CRITIC weights: contrast of an indicator times its conflict with the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.sensitivity.weight_sources.values import check_values
from clientindex.sensitivity.weight_sources.weighting import share

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def compute_critic_weights(values: ArrayLike) -> NDArray[np.float64]:
    r"""Compute weights by criteria importance through intercriteria correlation.

    Parameters
    ----------
    values : array_like of shape (C, n)
        Scores of centres, higher is better; rows with NaN are left out.

    Returns
    -------
    ndarray of shape (n,)
        Sum to 1; one column has the weight 1.

    Raises
    ------
    StatisticsError
        If fewer than two rows are complete, a column is of equal values, or all columns are
        perfectly correlated, so that none conflicts with another.

    Notes
    -----
    Columns are brought to 0-1 between their worst and best value; then
    :math:`w_j \propto \sigma_j \sum_k (1 - r_{jk})`. Where all correlations are alike, an indicator
    weighs as much as it spreads between its own ends.

    References
    ----------
    Diakoulaki D., Mavrotas G., Papayannakis L. Determining objective weights in multiple criteria
    problems: the CRITIC method. Computers & Operations Research, 1995, 22(7), 763-770.
    doi:10.1016/0305-0548(94)00059-H
    """
    known = check_values(values)
    low, span = known.min(axis=0), np.ptp(known, axis=0)
    flat = np.flatnonzero(span == 0)
    if len(flat):
        msg = f"columns {flat.tolist()} (from 0) are of equal values: they have no correlation"
        raise StatisticsError(msg)
    if known.shape[1] == 1:
        return np.ones(1)
    scaled = (known - low) / span
    conflict = (1 - np.corrcoef(scaled, rowvar=False)).sum(axis=0)
    if not (conflict > len(conflict) * np.finfo(np.float64).eps * 8).any():
        msg = "all columns are perfectly correlated: none conflicts with another"
        raise StatisticsError(msg)
    return share(np.maximum(scaled.std(axis=0, ddof=1) * conflict, 0.0))
