"""How many stars are right, and which are certain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExpectedAccuracy:
    """Expected shares of right stars.

    Attributes
    ----------
    exact : float
        Expected share of centres whose star is the true one.
    within_one : float
        Of those whose star is at most one off.
    by_star : ndarray of shape (K, 2)
        Both, among centres that were given each star; NaN where nobody was.
    table : ndarray of shape (K, K)
        Expected number of centres by star given (row) and true star (column).
    n, n_unknown : int
        Centres used, and centres without probabilities: they are left out.
    """

    exact: float
    within_one: float
    by_star: NDArray[np.float64]
    table: NDArray[np.float64]
    n: int
    n_unknown: int


def compute_expected_accuracy(
    probabilities: NDArray[np.float64], stars: NDArray[np.int64]
) -> ExpectedAccuracy:
    """Compute the expected share of right stars from the probabilities of all stars.

    Parameters
    ----------
    probabilities : ndarray of shape (C, K)
        Rows with NaN are left out and counted.
    stars : int64 ndarray of shape (C,)
        Stars given.

    Raises
    ------
    StatisticsError
        If no centre has probabilities, or a star is not 1 to K.

    Notes
    -----
    The mean over centres of P(star given) and of P(true star within one of it). It is as true as
    the probabilities are calibrated.
    """
    check_stars(probabilities, stars)
    k = probabilities.shape[1]
    known: NDArray[np.bool_] = np.isfinite(probabilities.sum(axis=1))
    if not known.any():
        msg = "no centre has the probabilities of its stars, so none can be expected to be right"
        raise StatisticsError(msg)
    table = np.zeros((k, k))
    np.add.at(table, stars[known] - 1, probabilities[known])
    near = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) <= 1
    right = np.stack([np.diag(table), (table * near).sum(axis=1)], axis=1)
    given = table.sum(axis=1)
    n = int(known.sum())
    return ExpectedAccuracy(
        exact=float(right[:, 0].sum() / n),
        within_one=float(right[:, 1].sum() / n),
        by_star=np.divide(
            right, given[:, None], where=given[:, None] > 0, out=np.full((k, 2), np.nan)
        ),
        table=table,
        n=n,
        n_unknown=len(known) - n,
    )


def find_certain(
    probabilities: NDArray[np.float64], stars: NDArray[np.int64], *, level: float
) -> NDArray[np.bool_]:
    """Find the centres whose star is certain at a level: P(star given) is at least that.

    Parameters
    ----------
    probabilities : ndarray of shape (C, K)
    stars : int64 ndarray of shape (C,)
    level : float
        Above one half, so that no second star could be certain too.

    Returns
    -------
    bool ndarray of shape (C,)
        False where the probability is unknown.

    Raises
    ------
    StatisticsError
        If the level is not above one half and at most 1.
    """
    check_stars(probabilities, stars)
    if not 0.5 < level <= 1:
        msg = f"a star is certain at a level above 0.5 and up to 1, not at {level}"
        raise StatisticsError(msg)
    given = probabilities[np.arange(len(stars)), stars - 1]
    return np.asarray(given >= level)


def check_stars(probabilities: NDArray[np.float64], stars: NDArray[np.int64]) -> None:
    """Check that stars fit the probabilities.

    Raises
    ------
    StatisticsError
        If they are not as many, or a star is not 1 to K.
    """
    n, k = probabilities.shape
    if len(stars) != n:
        msg = f"{len(stars)} stars do not fit the probabilities of {n} centres"
        raise StatisticsError(msg)
    if n and (np.min(stars) < 1 or np.max(stars) > k):
        msg = f"stars must be 1 to {k}, got {int(np.min(stars))} to {int(np.max(stars))}"
        raise StatisticsError(msg)
