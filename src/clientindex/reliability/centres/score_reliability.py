"""Reliability of the score of every centre, from means and sampling covariances alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.reliability.centres.one_way import fit_reml
from clientindex.reliability.centres.scores import score_centres
from clientindex.reliability.scopes import list_groups
from clientindex.results import INDEX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.reliability.centres.one_way import OneWay
    from clientindex.reliability.centres.scores import CentreScores


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreReliability:
    """Reliability of one score in the centres that have it.

    Attributes
    ----------
    rows : int ndarray of shape (n,)
        Positions of the centres among those of the moments.
    respondents : ndarray of shape (n,)
    estimate, low, high : ndarray of shape (n,)
        R_c, and R_c at the ends of the interval of the ratio of variances.
    """

    rows: NDArray[np.intp]
    respondents: NDArray[np.float64]
    estimate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def list_weights(
    methodology: Methodology,
) -> dict[str, tuple[NDArray[np.intp], NDArray[np.float64]]]:
    """Return positions and weights (of all K indicators) of every group and of the index."""
    found = {}
    for key, items in list_groups(methodology).items():
        weights = np.zeros(len(methodology.indicator_keys))
        weights[items] = list(methodology.group(key).indicators.values())
        found[key] = (items, weights)
    found[INDEX] = (np.arange(len(methodology.indicator_keys)), methodology.effective_weights)
    return found


def saturate(ratios: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``x / (1 + x)``, 1 at infinity."""
    return np.asarray(1 - 1 / (1 + ratios))


def reach_reliability(scores: CentreScores, reml: OneWay, ratio: float) -> NDArray[np.float64]:
    """Return the reliability of every centre at a ratio of variances."""
    return saturate(ratio * reml.within / scores.error)


def estimate_score_reliability(
    moments: CentreMoments, methodology: Methodology
) -> dict[str, ScoreReliability]:
    """Estimate ``R_c = tau² / (tau² + e²_c)`` of the index and every group, everybody together.

    The numbers are those of :func:`clientindex.reliability.centres.assess_centres`.

    Parameters
    ----------
    moments : CentreMoments
    methodology : Methodology

    Returns
    -------
    dict
        By group key and "index"; without the scores whose sampling variance is not known, that
        fewer than two centres have, or in which answers inside centres do not differ.
    """
    segments = np.array([segment.weight for segment in methodology.segments])
    found = {}
    for key, (_, weights) in list_weights(methodology).items():
        scores = score_centres(moments, weights, segments)
        if scores is None or len(scores.rows) < 2 or scores.within <= 0:
            continue
        reml = fit_reml(scores, methodology.intervals.level)
        estimate, low, high = (
            reach_reliability(scores, reml, ratio) for ratio in (reml.ratio, reml.low, reml.high)
        )
        found[key] = ScoreReliability(
            rows=scores.rows,
            respondents=scores.respondents,
            estimate=estimate,
            low=low,
            high=high,
        )
    return found
