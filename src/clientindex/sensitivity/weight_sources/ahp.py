r"""The analytic hierarchy process: weights from pairwise judgements, and how they fit together.

A judgement :math:`a_{ij}` says how many times i weighs as much as j; :math:`a_{ji} = 1 / a_{ij}`.

References
----------
Saaty T. L. The analytic hierarchy process. McGraw-Hill, 1980.
Saaty T. L. How to make a decision: the analytic hierarchy process. European Journal of Operational
Research, 1990, 48(1), 9-26. doi:10.1016/0377-2217(90)90057-I
Crawford G., Williams C. A note on the analysis of subjective judgment matrices. Journal of
Mathematical Psychology, 1985, 29(4), 387-405. doi:10.1016/0022-2496(85)90002-1
Aczel J., Saaty T. L. Procedures for synthesizing ratio judgements. Journal of Mathematical
Psychology, 1983, 27(1), 93-102. doi:10.1016/0022-2496(83)90028-7
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.intake.expert_judgements import RECIPROCAL_TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Prioritisation = Literal["eigenvector", "geometric_mean"]

RANDOM_INDICES = (
    *(0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41),
    *(1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
)
"""Mean consistency index of random judgements about 1 to 15 things (Saaty 1980)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Priorities:
    """Weights from one matrix of judgements.

    Attributes
    ----------
    weights : ndarray of shape (n,)
        Sum to 1.
    lambda_max : float
        Principal eigenvalue; n where judgements fit together.
    index : float
        Consistency index ``(lambda_max - n) / (n - 1)``.
    ratio : float
        Consistency ratio: the index over that of random judgements; 0 below three things.
    """

    weights: NDArray[np.float64]
    lambda_max: float
    index: float
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A judgement with what the other judgements say.

    Attributes
    ----------
    first, second : int
        Places, from 0.
    judgement : float
        How many times the first weighs as much as the second.
    implied : float
        The same by way of third things: geometric mean of ``a_ik a_kj``.
    ratio : float
        Consistency ratio of the matrix with the implied judgement in its place.
    """

    first: int
    second: int
    judgement: float
    implied: float
    ratio: float


def fit_priorities(judgements: ArrayLike, *, by: Prioritisation = "eigenvector") -> Priorities:
    """Find weights behind judgements.

    Parameters
    ----------
    judgements : array_like of shape (n, n)
        Positive and reciprocal. One thing has the weight 1.
    by : {"eigenvector", "geometric_mean"}
        Principal right eigenvector, or geometric means of rows (logarithmic least squares). The
        consistency is from the principal eigenvalue either way.

    Raises
    ------
    StatisticsError
        If the matrix is not square, positive and reciprocal, or has more than 15 rows.

    Examples
    --------
    >>> fit_priorities([[1, 3], [1 / 3, 1]]).weights.round(4).tolist()
    [0.75, 0.25]
    """
    matrix = check_judgements(judgements)
    values, vectors = np.linalg.eig(matrix)
    largest = int(np.argmax(values.real))
    vector = np.abs(vectors[:, largest].real)
    if by == "geometric_mean":
        vector = np.exp(np.log(matrix).mean(axis=1))
    n, lambda_max = len(matrix), float(values[largest].real)
    index = (lambda_max - n) / (n - 1) if n > 1 else 0.0
    chance = RANDOM_INDICES[n - 1]
    return Priorities(
        weights=vector / vector.sum(),
        lambda_max=lambda_max,
        index=index,
        ratio=index / chance if chance else 0.0,
    )


def combine_judgements(stack: ArrayLike) -> NDArray[np.float64]:
    """Combine experts' judgements into those of the group, by geometric means.

    Parameters
    ----------
    stack : array_like of shape (E, n, n)

    Returns
    -------
    ndarray of shape (n, n)
        Reciprocal as each of them: the only mean that is (Aczel and Saaty 1983).

    Raises
    ------
    StatisticsError
        If one of the matrices is not square, positive and reciprocal.
    """
    matrices = [check_judgements(matrix) for matrix in np.asarray(stack, dtype=np.float64)]
    if not matrices:
        msg = "no expert gives judgements"
        raise StatisticsError(msg)
    return np.asarray(np.exp(np.log(matrices).mean(axis=0)))


def find_suspects(judgements: ArrayLike) -> tuple[Suspect, ...]:
    """List judgements by what would be gained if each agreed with the others, best first.

    Parameters
    ----------
    judgements : array_like of shape (n, n)

    Returns
    -------
    tuple of Suspect
        All ``n (n - 1) / 2``; none below three things. Of three things any judgement may be the
        wrong one, and all three come with a ratio of 0.

    Raises
    ------
    StatisticsError
        As :func:`fit_priorities`.
    """
    matrix = check_judgements(judgements)
    n = len(matrix)
    if n < 3:
        return ()
    found = [
        _suspect(matrix, first, second) for first in range(n) for second in range(first + 1, n)
    ]
    return tuple(sorted(found, key=lambda pair: (round(pair.ratio, 12), pair.first, pair.second)))


def _suspect(matrix: NDArray[np.float64], first: int, second: int) -> Suspect:
    others = np.delete(np.arange(len(matrix)), [first, second])
    implied = float(np.exp(np.log(matrix[first, others] * matrix[others, second]).mean()))
    changed = matrix.copy()
    changed[first, second], changed[second, first] = implied, 1 / implied
    return Suspect(
        first=first,
        second=second,
        judgement=float(matrix[first, second]),
        implied=implied,
        ratio=max(fit_priorities(changed).ratio, 0.0),
    )


def check_judgements(judgements: ArrayLike) -> NDArray[np.float64]:
    """Return judgements as an exactly reciprocal matrix.

    Rounded reciprocals (0.33 for 1/3) are taken for what they stand for: the judgement from 1
    upwards holds.

    Raises
    ------
    StatisticsError
        If the matrix is not square, positive and reciprocal, or has more than 15 rows.
    """
    matrix = np.asarray(judgements, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        msg = f"judgements must be a square table, got shape {matrix.shape}"
        raise StatisticsError(msg)
    if len(matrix) > len(RANDOM_INDICES):
        msg = f"{len(matrix)} things are compared, and random indices are known for 15 at most"
        raise StatisticsError(msg)
    if not (np.isfinite(matrix) & (matrix > 0)).all():
        msg = "judgements must be positive numbers, without gaps"
        raise StatisticsError(msg)
    wrong = np.argwhere(find_not_reciprocal(matrix))
    if len(wrong):
        first, second = wrong[0].tolist()
        there, back = matrix[first, second], matrix[second, first]
        msg = f"judgements {first} to {second} and back are {there:g} and {back:g}, not reciprocal"
        raise StatisticsError(msg)
    upper = np.where(matrix >= matrix.T, matrix, 1 / matrix.T)
    np.fill_diagonal(upper, 1.0)
    return np.asarray(upper)


def find_not_reciprocal(matrix: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return pairs on or above the diagonal whose judgements do not answer each other."""
    off = np.abs(matrix * matrix.T - 1) > RECIPROCAL_TOLERANCE
    return np.asarray(np.triu(off))
