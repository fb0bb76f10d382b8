"""The Hull method: the last number of factors that still pays for its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.adequacy import compute_sampling_adequacy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SMALLEST_BOUND = 3
"""Largest number of factors that is at least looked at, so that 1 and 2 can win."""


def compute_common_parts(
    r: NDArray[np.float64], fits: Sequence[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Compute the common part accounted for (CAF) by 0, 1, 2, ... minres factors.

    ``1 - KMO`` of the residual correlations with ones on the diagonal: a measure of fit that needs
    neither a distribution nor a number of respondents, so that it suits polychoric correlations.

    Parameters
    ----------
    r : ndarray of shape (B, K, K)
    fits : sequence of ndarrays of shape (B, K, F)
        Unrotated loadings of 1, 2, ... factors.

    Returns
    -------
    ndarray of shape (B, 1 + number of fits)
        NaN where a fit, or KMO of its residuals, is not defined.
    """
    diagonal = np.arange(r.shape[1])
    found = np.full((len(r), 1 + len(fits)), np.nan)
    for column in range(1 + len(fits)):
        residual = r - (fits[column - 1] @ np.swapaxes(fits[column - 1], 1, 2) if column else 0)
        residual[:, diagonal, diagonal] = 1.0
        defined = np.asarray(np.isfinite(residual).all(axis=(1, 2)))
        defined[defined] = np.linalg.eigvalsh(residual[defined])[:, 0] > 0
        found[defined, column] = 1 - compute_sampling_adequacy(residual[defined])[0]
    return found


def compute_hull_scree(
    fit: NDArray[np.float64], n_items: int, *, bound: int
) -> NDArray[np.float64]:
    """Compute the scree test values of the numbers of factors on the upper hull.

    Of 0 ... `bound` factors, each with ``df = ((K - F)^2 - K - F) / 2``, those stay that fit better
    than all with fewer factors; then those below the line between their neighbours go, until the
    rest is convex. An inner one has
    ``st = ((f_F - f_before) / (df_before - df_F)) / ((f_after - f_F) / (df_F - df_after))``.

    Parameters
    ----------
    fit : ndarray of shape (1 + F,)
        Of 0, 1, ... factors, larger is better; undefined ones are passed over.
    n_items : int
    bound : int
        Largest number of factors looked at; at most F is.

    Returns
    -------
    ndarray of shape (1 + F,)
        NaN off the hull and at its ends.

    References
    ----------
    Lorenzo-Seva U., Timmerman M. E., Kiers H. A. L. The Hull method for selecting the number of
    common factors. Multivariate Behavioral Research, 2011, 46(2), 340-364.
    doi:10.1080/00273171.2011.564527
    """
    f = np.arange(len(fit))
    df = ((n_items - f) ** 2 - n_items - f) / 2
    hull: list[int] = []
    for place in np.flatnonzero(np.isfinite(fit) & (f <= bound)):
        if hull and fit[place] <= fit[hull[-1]]:
            continue
        while len(hull) > 1 and _lies_below(hull[-2], hull[-1], int(place), fit, df):
            hull.pop()
        hull.append(int(place))
    scree = np.full(len(fit), np.nan)
    for before, here, after in zip(hull, hull[1:], hull[2:], strict=False):
        gained = (fit[here] - fit[before]) / (df[before] - df[here])
        to_gain = (fit[after] - fit[here]) / (df[here] - df[after])
        scree[here] = gained / to_gain
    return scree


def _lies_below(
    before: int, here: int, after: int, fit: NDArray[np.float64], df: NDArray[np.float64]
) -> bool:
    """Return whether a point is on or below the line between its neighbours."""
    share = (df[before] - df[here]) / (df[before] - df[after])
    return bool(fit[here] <= fit[before] + share * (fit[after] - fit[before]))


def choose_hull(
    fit: NDArray[np.float64], n_items: int, *, parallel: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Choose the number of factors with the largest scree test value.

    Numbers up to one more than parallel analysis finds are looked at, as the authors propose.

    Parameters
    ----------
    fit : ndarray of shape (B, 1 + F)
    n_items : int
    parallel : ndarray of shape (B,)
        Votes of parallel analysis; NaN looks at all.

    Returns
    -------
    votes : ndarray of shape (B,)
        NaN where the hull has no inner point.
    scree : ndarray of shape (B, 1 + F)
    """
    bounds = np.where(np.isnan(parallel), fit.shape[1], np.maximum(parallel + 1, SMALLEST_BOUND))
    scree = np.array(
        [
            compute_hull_scree(own, n_items, bound=int(bound))
            for own, bound in zip(fit, bounds, strict=True)
        ]
    )
    defined = np.isfinite(scree)
    position = np.where(defined, scree, -np.inf).argmax(axis=1)
    return np.where(defined.any(axis=1), position.astype(np.float64), np.nan), scree
