r"""Equipercentile linking: a checklist score becomes the survey score of the same percentile.

**Ties.** Equal scores have one percentile, that of their middle: the share below plus half the
share at the value, :math:`P(v) = F(v^-) + f(v) / 2` (the mid-distribution function).

**Interpolation.** P is linear between neighbouring distinct values of either side, and so is its
inverse.

**Ends.** There is no extrapolation: percentiles beyond the outermost of the survey give its lowest
or highest value, and checklist scores beyond the observed are treated as the nearest one.

**Ceilings.** Centres at one checklist score stay together: a share q at the ceiling becomes one
score, the survey's at percentile ``1 - q / 2``, and no linking can tell them apart.

As with mean-sigma, bias and differences of spread are gone afterwards; here those of shape as well,
and the survey's percentiles include its sampling error.

References
----------
Kolen M. J., Brennan R. L. Test Equating, Scaling, and Linking, 3rd ed. Springer, 2014, 2.5.
doi:10.1007/978-1-4939-0317-7
Ma Y., Genton M. G., Parzen E. Asymptotic properties of sample quantiles of discrete distributions.
Annals of the Institute of Statistical Mathematics, 2011, 63, 227-243.
doi:10.1007/s10463-008-0215-z
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.agreement.comparability.shares import estimate_share
from clientindex.agreement.structural.pairs import take_pairs
from clientindex.agreement.structural.resampling import (
    BOOTSTRAP,
    draw_weights,
    make_one_stratum,
)
from clientindex.results.base import make_tidy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.coefficients.estimate import Estimate
    from clientindex.agreement.structural.pairs import Pairs
    from clientindex.reliability.centres.jackknife import Strata


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EquipercentileLink:
    """A table that puts checklist scores on the survey's scale.

    Attributes
    ----------
    knots : DataFrame
        One row a distinct checklist score: ``checklist``, ``estimate`` (the survey score),
        ``ci_low``, ``ci_high``, ``count`` (centres with that checklist score).
    ceiling : Estimate
        Share of centres at the highest observed checklist score, which the link leaves together.
    level : float
    method : str
        Of the intervals of the knots.
    n, n_dropped : int
        Centres with both scores, and those without.
    """

    knots: pd.DataFrame
    ceiling: Estimate
    level: float
    method: str
    n: int
    n_dropped: int

    def apply(self, checklist: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return checklist scores on the survey's scale: linear between knots; NaN stays NaN."""
        at, to = (self.knots[name].to_numpy(float) for name in ("checklist", "estimate"))
        return np.asarray(np.interp(checklist, at, to))

    def tidy(self) -> pd.DataFrame:
        """Return the knots as a tidy table; the subject is the checklist score."""
        knots = self.knots
        return make_tidy(
            {
                "subject": [f"{value:g}" for value in knots["checklist"]],
                "statistic": "linked_score",
                **{name: knots[name].to_numpy() for name in ("estimate", "ci_low", "ci_high")},
                "level": self.level,
                "method": self.method,
                "n": self.n,
            }
        )


def link_equipercentile(
    survey: NDArray[np.float64],
    checklist: NDArray[np.float64],
    *,
    level: float,
    seed: np.random.SeedSequence,
    resamples: int,
    strata: Strata | None = None,
) -> EquipercentileLink:
    """Link the checklist to the survey by percentiles.

    Parameters
    ----------
    survey, checklist : ndarray of shape (C,)
        Scores of one group. Centres with a missing value are dropped and counted.
    level : float
    seed : SeedSequence
    resamples : int
        Of the centre bootstrap: percentiles are not smooth, and the jackknife fails for them.
    strata : Strata, optional
        Of the n complete centres.

    Returns
    -------
    EquipercentileLink

    Raises
    ------
    StatisticsError
        With fewer than three complete centres, or when one side is constant.
    """
    pairs = take_pairs(survey, checklist)
    at, counts = np.unique(pairs.y, return_counts=True)
    strata = make_one_stratum(pairs.n) if strata is None else strata
    rng = np.random.default_rng(seed)
    drawn = _link(pairs, draw_weights(rng, strata, resamples), at)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return EquipercentileLink(
        knots=pd.DataFrame(
            {
                "checklist": at,
                "estimate": _link(pairs, np.ones((1, pairs.n)), at)[0],
                "ci_low": low,
                "ci_high": high,
                "count": counts,
            }
        ),
        ceiling=estimate_share(int(counts[-1]), pairs.n, level=level),
        level=level,
        method=BOOTSTRAP,
        n=pairs.n,
        n_dropped=pairs.n_dropped,
    )


def compute_mid_distribution(
    values: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the mid-distribution function at the distinct values with a positive weight.

    Returns
    -------
    distinct, percentile : ndarray of shape (D,)
        Both strictly increasing; percentiles between 0 and 1.

    Examples
    --------
    >>> compute_mid_distribution(np.array([1.0, 1, 3, 5]), np.ones(4))
    (array([1., 3., 5.]), array([0.25 , 0.625, 0.875]))
    """
    return _list_mid_distributions(values, weights[None])[0]


def _list_mid_distributions(
    values: NDArray[np.float64], weights: NDArray[np.float64]
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return the mid-distribution under each of R weightings, shape (R, C)."""
    distinct, place = np.unique(values, return_inverse=True)
    shape = (len(weights), len(distinct))
    cell = np.arange(shape[0])[:, None] * shape[1] + place
    sums = np.bincount(cell.ravel(), weights=weights.ravel(), minlength=shape[0] * shape[1])
    share = sums.reshape(shape) / weights.sum(axis=1, keepdims=True)
    percentile = np.cumsum(share, axis=1) - share / 2
    return [(distinct[kept], row[kept]) for kept, row in zip(share > 0, percentile, strict=True)]


def _link(
    pairs: Pairs, weights: NDArray[np.float64], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the survey scores of the percentiles of checklist scores `at`, a row a weighting."""
    checklists = _list_mid_distributions(pairs.y, weights)
    surveys = _list_mid_distributions(pairs.x, weights)
    return np.array(
        [
            np.interp(np.interp(at, checklist, own), other, survey)
            for (checklist, own), (survey, other) in zip(checklists, surveys, strict=True)
        ]
    )
