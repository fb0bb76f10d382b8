"""Polychoric correlations of all pairs of indicators over all centres, with centres' influence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.moments import SampleMoments
from clientindex.factors.polychoric.full_ml import solve_full
from clientindex.factors.polychoric.influence import (
    compute_correlation_influence,
    compute_threshold_influence,
)
from clientindex.factors.polychoric.smooth import Smoothed, smooth
from clientindex.factors.polychoric.tables import compute_cuts, fill_zero_cells
from clientindex.factors.polychoric.two_step import BOUNDARY, solve_two_step
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.factors.polychoric.tables import AnswerTables
    from clientindex.methodology import Methodology

STAGE = "factors"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PolychoricEstimate:
    """Polychoric correlations of K indicators in U centres.

    Attributes
    ----------
    rho : ndarray of shape (P,)
        Before smoothing.
    cuts : ndarray of shape (K, C + 1)
        Two-step cut points with infinite ends.
    total : ndarray of shape (P, C, C)
        Tables of all centres as they were read, without anything added.
    smoothed : Smoothed
    moments : SampleMoments
        With the smoothed matrix; influences are on the estimates before smoothing.
    """

    rho: NDArray[np.float64]
    cuts: NDArray[np.float64]
    total: NDArray[np.float64]
    smoothed: Smoothed
    moments: SampleMoments


def estimate_polychoric(
    tables: AnswerTables, counts: PairCounts, methodology: Methodology
) -> PolychoricEstimate | Unavailable:
    """Estimate polychoric correlations and thresholds.

    Missing answers: a threshold rests on everybody who answered the indicator, a correlation on
    everybody who answered both.

    Returns
    -------
    PolychoricEstimate or Unavailable
        Unavailable with reason ``identical_indicators`` (detail names them) where a correlation is
        perfect, and ``too_few_answers`` where a pair has no correlation.
    """
    settings = methodology.factors
    read = tables.pairs.sum(axis=0).astype(np.float64)
    total = fill_zero_cells(read, settings.zero_cells)
    cuts = compute_cuts(tables.margins.sum(axis=0).astype(np.float64))
    rho = solve_two_step(total[None], cuts[None])[0]
    if (obstacle := _find_obstacle(rho, counts.indicators)) is not None:
        return obstacle
    moved = compute_threshold_influence(tables.margins, cuts)
    if settings.polychoric == "ml":
        solution = solve_full(total, rho)
        rho = solution.rho
        influence = tables.sum_cells(solution.influence)
    else:
        influence = compute_correlation_influence(tables, total, cuts, rho, moved)
    smoothed = smooth(square_pairs(rho, len(cuts)))
    used = _find_used(cuts)
    return PolychoricEstimate(
        rho=rho,
        cuts=cuts,
        total=read,
        smoothed=smoothed,
        moments=SampleMoments(
            kind="polychoric",
            indicators=counts.indicators,
            centres=tuple(counts.units["centre"]),
            n=float(read.sum(axis=(1, 2)).min()),
            means=np.zeros(len(cuts)),
            matrix=smoothed.matrix,
            thresholds=tuple(row[1:-1][keep] for row, keep in zip(cuts, used, strict=True)),
            influence=np.concatenate([moved[:, used], influence], axis=1),
        ),
    )


def _find_used(cuts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which inner cut points divide answers: finite, and each value once."""
    inner = cuts[:, 1:-1]
    return np.asarray(np.isfinite(inner) & (inner > cuts[:, :-2]))


def _find_obstacle(rho: NDArray[np.float64], indicators: tuple[str, ...]) -> Unavailable | None:
    first, second = np.triu_indices(len(indicators), 1)
    faults = {"too_few_answers": np.isnan(rho), "identical_indicators": np.abs(rho) > BOUNDARY}
    for reason, wrong in faults.items():
        if wrong.any():
            pair = int(np.argmax(wrong))
            detail = f"{indicators[first[pair]]}, {indicators[second[pair]]}"
            return Unavailable(stage=STAGE, reason=reason, detail=detail)
    return None


def square_pairs(rho: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Return correlation matrices from rows of pairs."""
    first, second = np.triu_indices(size, 1)
    matrix = np.zeros((*rho.shape[:-1], size, size))
    matrix[..., first, second] = matrix[..., second, first] = rho
    matrix[..., np.arange(size), np.arange(size)] = 1.0
    return matrix
