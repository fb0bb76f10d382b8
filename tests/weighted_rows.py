"""Moments of rows that count more or less often, by plain sums: the brute force of a bootstrap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def cov_of_rows(frame: pd.DataFrame, weights: np.ndarray) -> np.ndarray:
    """Return covariances of pairs of columns over the rows that have both, with divisor W - 1."""
    x = frame.to_numpy(float)
    cov = np.empty((x.shape[1],) * 2)
    for i, j in np.ndindex(*cov.shape):
        both = np.isfinite(x[:, i]) & np.isfinite(x[:, j])
        w, a, b = weights[both], x[both, i], x[both, j]
        total = w.sum()
        cov[i, j] = (w * (a - w @ a / total) * (b - w @ b / total)).sum() / (total - 1)
    return cov


def alpha_of_rows(frame: pd.DataFrame, weights: np.ndarray) -> float:
    """Return Cronbach's alpha of weighted rows."""
    cov = cov_of_rows(frame, weights)
    k = len(cov)
    return float(k / (k - 1) * (1 - np.trace(cov) / cov.sum()))


def correlate_rows(frame: pd.DataFrame, weights: np.ndarray) -> np.ndarray:
    """Return Pearson's correlations of pairs of columns over the rows that have both."""
    x = frame.to_numpy(float)
    r = np.eye(x.shape[1])
    for i, j in zip(*np.triu_indices(len(r), 1), strict=True):
        both = np.isfinite(x[:, i]) & np.isfinite(x[:, j])
        cov = cov_of_rows(frame.iloc[both, [i, j]], weights[both])
        r[i, j] = r[j, i] = cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1])
    return r


def percentiles(values: Any, level: float = 0.95) -> list[Any]:
    """Return quantiles over the first axis: of R values the r-th stands for r / (R + 1)."""
    ordered = np.sort(values, axis=0)
    last = len(ordered) - 1
    ends = []
    for share in ((1 - level) / 2, (1 + level) / 2):
        place = min(max(share * (len(ordered) + 1) - 1, 0), last)
        below = int(place)
        above = min(below + 1, last)
        ends.append(ordered[below] + (place - below) * (ordered[above] - ordered[below]))
    return ends
