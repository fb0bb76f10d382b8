r"""Stars by hierarchical clustering: the two nearest clusters are joined until K are left.

By Ward's, average and complete linkage the nearest cluster of a cluster is always a neighbour on
the line, so only neighbours are compared: ``O(m log m)`` time and ``O(m)`` memory for m distinct
scores, where a table of all distances would take 1.6 GB at 20,000. Distances, in points:

======== ==================================================================
ward     :math:`\sqrt{2 n_a n_b / (n_a + n_b)}\,|\bar x_a - \bar x_b|`
average  :math:`|\bar x_a - \bar x_b|` (the mean over all pairs of scores)
complete the distance of the farthest two scores
======== ==================================================================

They agree with ``scipy.cluster.hierarchy.linkage``, cut to K, wherever no two distances are tied.

References
----------
Ward J. H. Hierarchical grouping to optimize an objective function. Journal of the American
Statistical Association, 1963, 58(301), 236-244. doi:10.1080/01621459.1963.10500845
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.compiled import njit
from clientindex.errors import StatisticsError
from clientindex.rating.bands import TIE_DECIMALS
from clientindex.rating.star_rules.cuts import check_number, cut_between, find_distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

Linkage = Literal["ward", "average", "complete"]
LINKAGES: tuple[Linkage, ...] = ("ward", "average", "complete")
_WARD, _COMPLETE = LINKAGES.index("ward"), LINKAGES.index("complete")
_SCALE = 10.0**TIE_DECIMALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchical:
    """Stars as clusters of scores, joined from below.

    Attributes
    ----------
    n_stars : int
    linkage : {"ward", "average", "complete"}

    Raises
    ------
    StatisticsError
        On another linkage; when cut points are found, if there are fewer distinct scores than
        stars.

    Notes
    -----
    Equal scores are joined first and never divided. Of distances equal to 9 decimals the lowest
    pair is joined first, so the result does not depend on the order of the centres; in scipy it
    does.
    """

    n_stars: int
    linkage: Linkage = "ward"

    def __post_init__(self) -> None:
        """Check the settings."""
        check_number(self.n_stars)
        if self.linkage not in LINKAGES:
            msg = f"hierarchical stars know the linkages {', '.join(LINKAGES)}, not {self.linkage}"
            raise StatisticsError(msg)

    def find_cuts(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Find the middles between the scores on both sides of each border."""
        distinct, places = find_distinct(scores, n_stars=self.n_stars)
        counts = np.bincount(places).astype(np.float64)
        shift = float(counts @ distinct / counts.sum())
        kind = LINKAGES.index(self.linkage)
        starts = _join(distinct - shift, counts, self.n_stars, kind)
        return cut_between(distinct, starts[1:])


@njit(nogil=True)
def _join(
    x: NDArray[np.float64], counts: NDArray[np.float64], k: int, kind: int
) -> NDArray[np.int64]:
    """Return the first place of each of k clusters of ascending distinct values.

    A cluster goes by the place of its lowest value. An entry of the heap holds the last place of
    both its clusters, and is out of date once either has grown.
    """
    m = len(x)
    n, total = counts.copy(), counts * x
    end = np.arange(m)
    start_of = np.arange(m)
    alive = np.ones(m, dtype=np.bool_)
    heap = [(_measure(x, n, total, end, i, i + 1, kind), i, i + 1, i + 1) for i in range(m - 1)]
    heapq.heapify(heap)
    left = m
    while left > k:
        _, a, b, b_end = heapq.heappop(heap)
        if not (alive[a] and alive[b] and end[a] == b - 1 and end[b] == b_end):
            continue
        n[a] += n[b]
        total[a] += total[b]
        alive[b] = False
        end[a] = b_end
        start_of[b_end] = a
        left -= 1
        if a > 0:
            below = start_of[a - 1]
            entry = (_measure(x, n, total, end, below, a, kind), below, a, b_end)
            heapq.heappush(heap, entry)
        if b_end < m - 1:
            above = b_end + 1
            entry = (_measure(x, n, total, end, a, above, kind), a, above, end[above])
            heapq.heappush(heap, entry)
    return np.flatnonzero(alive)


@njit(nogil=True)
def _measure(
    x: NDArray[np.float64],
    n: NDArray[np.float64],
    total: NDArray[np.float64],
    end: NDArray[np.int64],
    a: int,
    b: int,
    kind: int,
) -> float:
    """Return the distance of neighbouring clusters, to as many decimals as tell scores apart."""
    if kind == _COMPLETE:
        distance = x[end[b]] - x[a]
    else:
        distance = total[b] / n[b] - total[a] / n[a]
        if kind == _WARD:
            distance *= np.sqrt(2 * n[a] * n[b] / (n[a] + n[b]))
    rounded: float = np.rint(distance * _SCALE)
    return rounded
