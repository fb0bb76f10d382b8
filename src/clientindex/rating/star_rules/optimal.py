r"""The best partition of scores into K clusters, by dynamic programming.

Let :math:`D_k(j)` be the least sum of squared distances to cluster means when the j lowest distinct
scores form k clusters: :math:`D_k(j) = \min_i D_{k-1}(i) + cost(i, j)`. The best border never moves
down when j grows, so the middle j is settled first and bounds the search on both sides of it
(divide and conquer): ``O(K m log m)`` for m distinct scores, memory ``O(K m)``.

References
----------
Fisher W. D. On grouping for maximum homogeneity. Journal of the American Statistical Association,
1958, 53(284), 789-798. doi:10.1080/01621459.1958.10501479
Wang H., Song M. Ckmeans.1d.dp: optimal k-means clustering in one dimension by dynamic programming.
The R Journal, 2011, 3(2), 29-33. doi:10.32614/RJ-2011-015
Grønlund A. et al. Fast exact k-means, k-medians and Bregman divergence clustering in 1D.
arXiv:1701.07204, 2017.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.errors import StatisticsError
from clientindex.rating.star_rules.cuts import check_number, cut_between, find_distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OptimalFit:
    """The best partition.

    Attributes
    ----------
    centres : ndarray of shape (K,)
        Weighted means of the clusters.
    cuts : ndarray of shape (K - 1,)
        Middles between the scores on both sides of a border.
    within : float
        Weighted sum of squared distances to the centres.
    """

    centres: NDArray[np.float64]
    cuts: NDArray[np.float64]
    within: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OptimalKMeans:
    """Stars as the clusters with the least squared distances of all, from no start at all.

    Attributes
    ----------
    n_stars : int
    weights : ndarray of shape (C,), optional
        Weight of each centre, for example its visitors; positive. None weighs all equally.

    Raises
    ------
    StatisticsError
        If weights are not positive, or not as many as scores; if there are fewer distinct scores
        than stars.

    Notes
    -----
    Equal scores are one point with their weights together, so they are never divided. Where two
    partitions are equally good, that with the lower borders is taken, so far as rounding tells.
    """

    n_stars: int
    weights: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        """Check the settings."""
        check_number(self.n_stars)
        if self.weights is not None and not (np.asarray(self.weights) > 0).all():
            msg = "weights of k-means must be positive numbers"
            raise StatisticsError(msg)

    def find_cuts(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Find the borders of the best partition."""
        return self.fit(scores).cuts

    def fit(self, scores: NDArray[np.float64]) -> OptimalFit:
        """Find the best partition.

        Parameters
        ----------
        scores : ndarray of shape (C,)
            Without NaN.
        """
        if self.weights is not None and len(self.weights) != len(scores):
            msg = f"{len(self.weights)} weights do not fit {len(scores)} scores"
            raise StatisticsError(msg)
        distinct, places = find_distinct(scores, n_stars=self.n_stars)
        weights = np.bincount(places, weights=self.weights).astype(np.float64)
        shift = float(weights @ distinct / weights.sum())
        starts = _partition(distinct - shift, weights, self.n_stars)
        total = np.add.reduceat(weights, starts)
        centres = np.add.reduceat(weights * (distinct - shift), starts) / total + shift
        own = np.repeat(centres, np.diff(np.append(starts, len(distinct))))
        return OptimalFit(
            centres=centres,
            cuts=cut_between(distinct, starts[1:]),
            within=float(weights @ (distinct - own) ** 2),
        )


@njit(nogil=True)
def _partition(x: NDArray[np.float64], weights: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    """Return the first place of each of k clusters of ascending distinct values."""
    m = len(x)
    sums = np.zeros((3, m + 1))
    for i in range(m):
        sums[0, i + 1] = sums[0, i] + weights[i]
        sums[1, i + 1] = sums[1, i] + weights[i] * x[i]
        sums[2, i + 1] = sums[2, i] + weights[i] * x[i] * x[i]
    best = np.empty(m)
    for j in range(m):
        best[j] = _cost(sums, 0, j)
    borders = np.zeros((k, m), dtype=np.int64)
    for layer in range(1, k):
        new = np.full(m, np.inf)
        _fill(layer, best, new, borders[layer], sums)
        best = new
    starts = np.zeros(k, dtype=np.int64)
    end = m - 1
    for layer in range(k - 1, 0, -1):
        starts[layer] = borders[layer, end]
        end = starts[layer] - 1
    return starts


@njit(nogil=True)
def _fill(
    layer: int,
    before: NDArray[np.float64],
    new: NDArray[np.float64],
    border: NDArray[np.int64],
    sums: NDArray[np.float64],
) -> None:
    """Fill one layer: the best last border of every prefix, by divide and conquer."""
    m = len(before)
    stack = [(layer, m - 1, layer, m - 1)]
    while len(stack) > 0:
        j_low, j_high, i_low, i_high = stack.pop()
        j = (j_low + j_high) // 2
        for i in range(i_low, min(i_high, j) + 1):
            value = before[i - 1] + _cost(sums, i, j)
            if value < new[j]:
                new[j] = value
                border[j] = i
        if j_low < j:
            stack.append((j_low, j - 1, i_low, border[j]))
        if j < j_high:
            stack.append((j + 1, j_high, border[j], i_high))


@njit(nogil=True)
def _cost(sums: NDArray[np.float64], i: int, j: int) -> float:
    """Return the squared distances of values i to j from their mean."""
    weight = sums[0, j + 1] - sums[0, i]
    first = sums[1, j + 1] - sums[1, i]
    second = sums[2, j + 1] - sums[2, i]
    squares: float = second - first * first / weight
    return max(squares, 0.0)
