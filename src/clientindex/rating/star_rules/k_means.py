r"""One-dimensional k-means by Lloyd's steps from a stated start, run until nothing moves.

In one dimension each cluster is an interval between two middles of neighbouring centres, so a step
needs sums between places in the sorted scores only: it costs ``O(K log m)`` for m distinct scores,
and ends when no border passes a score any more, exactly.

The variant of a national hospital rating moves centres once more, from where they settled, by
scores no farther than a limit from a centre: a centre that stands far from all others then does not
draw a whole star to itself. The steps lower
:math:`\sum \min(d^2, limit^2)` and so they end too.

References
----------
Lloyd S. P. Least squares quantization in PCM. IEEE Transactions on Information Theory, 1982, 28(2),
129-137. doi:10.1109/TIT.1982.1056489
Centers for Medicare & Medicaid Services. Overall hospital quality star rating: methodology report.
2021. (The second run is the option STRICT of SAS PROC FASTCLUS.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.bands import settle
from clientindex.rating.star_rules.cuts import (
    check_cuts,
    check_number,
    find_distinct,
    find_levels,
)
from clientindex.rating.star_rules.quantiles import DEFAULT_TYPE, check_type, compute_quantiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

Start = Literal["quantile_medians", "quantiles"]
STARTS: tuple[Start, ...] = ("quantile_medians", "quantiles")

MOST_STEPS = 10_000
"""Lloyd's steps always end; data that need so many have never been met."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KMeansFit:
    """Where the centres of clusters settled.

    Attributes
    ----------
    start, centres : ndarray of shape (K,)
        Rising.
    cuts : ndarray of shape (K - 1,)
        Middles between neighbouring centres.
    n_steps : int
        Steps of the plain run and of the run with the limit, together.
    within : float
        Sum of squared distances of all scores to their nearest centre.
    n_far : int
        Scores that the limit kept from moving a centre in the last step.
    """

    start: NDArray[np.float64]
    centres: NDArray[np.float64]
    cuts: NDArray[np.float64]
    n_steps: int
    within: float
    n_far: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KMeans:
    """Stars as clusters of scores.

    Attributes
    ----------
    n_stars : int
    start : "quantile_medians", "quantiles" or tuple of float
        Where the centres start: at the medians of K bins that quantiles divide; at the quantiles
        ``(k - 1/2) / K``; or as given, rising. No start is random.
    quantile_type : int
        Type of the quantiles, 1 to 9.
    limit : float, optional
        In points of the score: after the plain run, once more to convergence with scores farther
        than this from every centre not moving a centre. They get the star of the nearest centre.

    Raises
    ------
    StatisticsError
        On a start, type or limit that cannot be; when cut points are found, also if there are
        fewer distinct scores than stars, or ties make two start centres equal.

    Notes
    -----
    A score in the middle between two centres belongs to the upper one. A cluster that loses all its
    scores keeps its centre. The result depends on the start and need not be the best partition:
    :class:`OptimalKMeans` tells how far it is from that.
    """

    n_stars: int
    start: Start | tuple[float, ...] = "quantile_medians"
    quantile_type: int = DEFAULT_TYPE
    limit: float | None = None

    def __post_init__(self) -> None:
        """Check the settings."""
        check_number(self.n_stars)
        check_type(self.quantile_type)
        if isinstance(self.start, str):
            if self.start not in STARTS:
                msg = f"k-means starts from {', '.join(STARTS)} or given centres, not {self.start}"
                raise StatisticsError(msg)
        elif len(check_cuts(self.start)) != self.n_stars:
            msg = f"{self.n_stars} stars need as many start centres, got {len(self.start)}"
            raise StatisticsError(msg)
        if self.limit is not None and not self.limit > 0:
            msg = f"the limit of k-means must be positive, got {self.limit}"
            raise StatisticsError(msg)

    def find_cuts(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Find the middles between the centres of clusters."""
        return self.fit(scores).cuts

    def fit(self, scores: NDArray[np.float64]) -> KMeansFit:
        """Find the centres of clusters, with how they were found.

        Parameters
        ----------
        scores : ndarray of shape (C,)
            Without NaN.
        """
        distinct, places = find_distinct(scores, n_stars=self.n_stars)
        sums = _Sums.of(distinct, np.bincount(places).astype(np.float64))
        start = self._find_start(scores)
        centres, n_steps = _move(start, sums, limit=np.inf)
        if self.limit is not None:
            centres, more = _move(centres, sums, limit=self.limit)
            n_steps += more
        cuts = _find_middles(centres)
        distance = np.abs(distinct - centres[find_levels(distinct, cuts) - 1])
        far = distance > (np.inf if self.limit is None else self.limit)
        return KMeansFit(
            start=start,
            centres=centres,
            cuts=cuts,
            n_steps=n_steps,
            within=float(sums.counts @ distance**2),
            n_far=int(sums.counts[far].sum()),
        )

    def _find_start(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        if not isinstance(self.start, str):
            return np.array(self.start, dtype=np.float64)
        k, kind = self.n_stars, self.quantile_type
        if self.start == "quantiles":
            shares = (np.arange(k) + 0.5) / k
            centres = compute_quantiles(scores, shares, quantile_type=kind)
        else:
            borders = compute_quantiles(scores, np.arange(1, k) / k, quantile_type=kind)
            centres = _find_medians(settle(scores), find_levels(scores, borders), k)
        if (np.diff(settle(centres)) <= 0).any():
            msg = f"ties leave start centres of k-means equal ({self.start}): give them instead"
            raise StatisticsError(msg)
        return centres


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sums:
    """Distinct scores with running sums, so that the mean of any interval takes two look-ups."""

    distinct: NDArray[np.float64]
    counts: NDArray[np.float64]
    n_below: NDArray[np.float64]
    sum_below: NDArray[np.float64]
    shift: float

    @classmethod
    def of(cls, distinct: NDArray[np.float64], counts: NDArray[np.float64]) -> _Sums:
        shift = float(counts @ distinct / counts.sum())
        return cls(
            distinct=distinct,
            counts=counts,
            n_below=np.concatenate([[0.0], np.cumsum(counts)]),
            sum_below=np.concatenate([[0.0], np.cumsum(counts * (distinct - shift))]),
            shift=shift,
        )


def _move(
    start: NDArray[np.float64], sums: _Sums, *, limit: float
) -> tuple[NDArray[np.float64], int]:
    """Move centres to the means of their scores until no border passes a score."""
    centres, borders = start, None
    for step in range(MOST_STEPS):
        new = _find_borders(centres, sums, limit=limit)
        if borders is not None and (new == borders).all():
            return centres, step
        borders = new
        n = np.diff(sums.n_below[borders], axis=0)[0]
        total = np.diff(sums.sum_below[borders], axis=0)[0]
        mean = np.divide(total, n, where=n > 0, out=np.zeros_like(total)) + sums.shift
        centres = np.where(n > 0, mean, centres)
    msg = f"k-means has not settled after {MOST_STEPS} steps"
    raise StatisticsError(msg)


def _find_borders(centres: NDArray[np.float64], sums: _Sums, *, limit: float) -> NDArray[np.intp]:
    """Return first place and the place after the last of each cluster, shape (2, K)."""
    middles = settle(_find_middles(centres))
    between = np.searchsorted(sums.distinct, middles, side="left")
    first = np.concatenate([[0], between])
    last = np.concatenate([between, [len(sums.distinct)]])
    if np.isfinite(limit):
        near = np.searchsorted(sums.distinct, settle(centres - limit), side="left")
        end = np.searchsorted(sums.distinct, settle(centres + limit), side="right")
        first = np.clip(near, first, last)
        last = np.clip(end, first, last)
    return np.stack([first, last])


def _find_middles(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    return (centres[1:] + centres[:-1]) / 2


def _find_medians(
    scores: NDArray[np.float64], levels: NDArray[np.int64], n_stars: int
) -> NDArray[np.float64]:
    """Return the median of the scores of each bin.

    Raises
    ------
    StatisticsError
        If a bin is empty.
    """
    bins = [scores[levels == level] for level in range(1, n_stars + 1)]
    empty = [str(place) for place, members in enumerate(bins, start=1) if not len(members)]
    if empty:
        msg = (
            f"ties leave bin {', '.join(empty)} of {n_stars} without a score, so k-means has no "
            "start there: give the start centres instead"
        )
        raise StatisticsError(msg)
    return np.array([np.median(members) for members in bins])
