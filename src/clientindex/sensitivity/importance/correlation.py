"""Weighted correlations and covariances of centres' scores, many weightings of centres at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

VARIANCE_FLOOR = 1e-12
"""A variance below this share of the mean square is rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Noise:
    """Sampling variances and covariances of y and x, each broadcasting to (C, P).

    NaN is unknown.
    """

    y: NDArray[np.float64]
    x: NDArray[np.float64]
    both: NDArray[np.float64]


def correlate(
    y: NDArray[np.float64],
    x: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    noise: Noise | None = None,
) -> NDArray[np.float64]:
    r"""Correlate a variable with P others over centres under R weightings of the centres.

    Parameters
    ----------
    y : ndarray of shape (C,) or (C, P)
        NaN is missing; one column for all, or one for each.
    x : ndarray of shape (C, P)
    weights : ndarray of shape (R, C)
        How often each centre counts.
    noise : Noise, optional
        Takes sampling error out: the mean sampling covariance is subtracted.

    Returns
    -------
    ndarray of shape (R, P)
        NaN where a variance is 0, or not above 0 once sampling error is taken out. The latter kind
        may lie outside -1 and 1.

    Notes
    -----
    Each correlation is over the centres that have both scores, with `noise` those of known sampling
    error too. With :math:`\bar V` the weighted mean sampling covariance of a centre, covariances
    are :math:`\sum w (x-\bar x)(y-\bar y) / (\sum w - 1) - \bar V_{xy}`.
    """
    y = np.broadcast_to(y if y.ndim == 2 else y[:, None], x.shape)
    known = np.isfinite(x) & np.isfinite(y)
    if noise is not None:
        parts = tuple(np.broadcast_to(part, x.shape) for part in (noise.y, noise.x, noise.both))
        known &= np.isfinite(parts).all(axis=0)
    n = weights @ known.astype(np.float64)
    x, y = _centre(x, known), _centre(y, known)
    xy = _covary(x, y, weights, n)
    xx, yy = _covary(x, x, weights, n), _covary(y, y, weights, n)
    floor_x, floor_y = (VARIANCE_FLOOR * np.maximum(v[:1], 1e-300) for v in (xx, yy))
    if noise is not None:
        v_y, v_x, v_both = (
            weights @ np.where(known, part, 0.0) / np.where(n > 0, n, 1.0) for part in parts
        )
        xy, xx, yy = xy - v_both, xx - v_x, yy - v_y
    usable = (n > 2) & (xx > floor_x) & (yy > floor_y)
    root = np.sqrt(np.where(usable, xx, 1.0)) * np.sqrt(np.where(usable, yy, 1.0))
    return np.where(usable, xy / root, np.nan)


def correlate_many(y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlate B variables y of shape (B, C) with P variables x of shape (C, P), all complete.

    Returns
    -------
    ndarray of shape (B, P)
        NaN where a variance is 0.
    """
    y = y - y.mean(axis=1, keepdims=True)
    x = x - x.mean(axis=0)
    product = np.sqrt((y**2).sum(axis=1))[:, None] * np.sqrt((x**2).sum(axis=0))
    usable = product > 0
    return np.where(usable, y @ x / np.where(usable, product, 1.0), np.nan)


def compute_covariances(
    z: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute covariance matrices (n - 1) of complete scores under R weightings of centres.

    Parameters
    ----------
    z : ndarray of shape (C, P)
        Complete.
    weights : ndarray of shape (R, C)

    Returns
    -------
    ndarray of shape (R, P, P)
    """
    z = z - z.mean(axis=0)
    first, second = np.triu_indices(z.shape[1])
    n = weights.sum(axis=1)
    mean = weights @ z / n[:, None]
    flat = weights @ (z[:, first] * z[:, second]) / n[:, None] - mean[:, first] * mean[:, second]
    cov = np.empty((len(weights), z.shape[1], z.shape[1]))
    cov[:, first, second] = flat
    cov[:, second, first] = flat
    return np.asarray(cov * (n / (n - 1))[:, None, None])


def _centre(x: NDArray[np.float64], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Subtract the mean of what is known, for accuracy, and put 0 for what is not."""
    n = np.maximum(known.sum(axis=0), 1)
    kept = np.where(known, x, 0.0)
    mean = kept.sum(axis=0) / n
    largest = np.abs(kept).max(axis=0, initial=0.0)
    moved = np.where(known, x - mean, 0.0)
    return np.where(np.abs(moved) > VARIANCE_FLOOR * largest, moved, 0.0)


def _covary(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    weights: NDArray[np.float64],
    n: NDArray[np.float64],
) -> NDArray[np.float64]:
    safe = np.where(n > 1, n, 2.0)
    sums = weights @ (x * y) - (weights @ x) * (weights @ y) / safe
    return np.asarray(sums / (safe - 1))
