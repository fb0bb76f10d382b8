"""What errors of indicator means are drawn from: roots of covariances, widths of Student's t."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def find_roots(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return symmetric square roots of covariances.

    Parameters
    ----------
    covariance : ndarray of shape (U, K, K)
        What is unknown counts as 0.

    Returns
    -------
    ndarray of shape (U, K, K)
        Contiguous; its bits depend on no number of threads.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        values, vectors = np.linalg.eigh(np.nan_to_num(covariance))
        scaled: NDArray[np.float64] = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
        return np.ascontiguousarray(scaled @ vectors.transpose(0, 2, 1))


def draw_widths(
    generators: Sequence[np.random.Generator], degrees: NDArray[np.float64]
) -> NDArray[np.float64]:
    r"""Draw :math:`\sqrt{\nu / \chi^2_\nu}`, by which normal errors become those of Student's t.

    Parameters
    ----------
    generators : sequence of numpy.random.Generator of length B
        One a row of widths; the same one again goes on where it was.
    degrees : ndarray of shape (U,)
        Where 0 or infinite, the width is 1: nothing is known of the error, or everything.

    Returns
    -------
    ndarray of shape (B, U)
    """
    finite = np.isfinite(degrees) & (degrees > 0)
    half = degrees[finite] / 2
    drawn = np.empty((len(generators), len(half)))
    for rng, row in zip(generators, drawn, strict=True):
        rng.standard_gamma(half, out=row)
    widths = np.ones((len(generators), len(degrees)))
    widths[:, finite] = np.sqrt(half / drawn)
    return widths
