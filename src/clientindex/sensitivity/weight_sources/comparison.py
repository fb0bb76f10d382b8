"""What weights would do: index, ranks and stars beside the current ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.bands import rank_scores
from clientindex.rating.score_model import needs_model
from clientindex.rating.star_rules import apply_rule
from clientindex.rating.weighting import find_present
from clientindex.sensitivity.drawn_index import LinearIndex, ModelIndex
from clientindex.sensitivity.draws import WeightDraws
from clientindex.sensitivity.tau import compute_kendall_tau

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating import MeasureScores
    from clientindex.rating.star_doubt.stated import StatedRule
    from clientindex.sensitivity.weight_sources.weighting import Weighting


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """Index, ranks and stars of C centres under one weighting.

    Attributes
    ----------
    index : ndarray of shape (C,)
    rank : int64 ndarray of shape (C,)
        1 = best; ties take the minimum.
    star : ndarray of shape (C,)
        After caps.
    """

    index: NDArray[np.float64]
    rank: NDArray[np.int64]
    star: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far one standing is from another.

    Attributes
    ----------
    kendall_tau : float
        Tau-b of ranks; NaN where all centres share one rank.
    mean_abs_rank_shift, share_changed : float
    largest_rank_shift, n_changed, n_up, n_down : int
    """

    kendall_tau: float
    mean_abs_rank_shift: float
    largest_rank_shift: int
    n_changed: int
    n_up: int
    n_down: int
    share_changed: float


def compute_distance(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return the total variation between two weightings: the share of weight that moves.

    Examples
    --------
    >>> round(compute_distance(np.array([0.5, 0.5]), np.array([0.6, 0.4])), 6)
    0.1
    """
    return float(np.abs(first - second).sum() / 2)


def give_stars(index: NDArray[np.float64], stated: StatedRule) -> Standing:
    """Rank centres, and give them stars by the methodology's rule, found anew in these scores.

    Raises
    ------
    StatisticsError
        If a score is missing, or the rule finds no cut points.
    """
    levels = np.minimum(apply_rule(stated.rule, index).stars, stated.limits)
    star = np.array(stated.labels)[levels - 1]
    return Standing(index=index, rank=rank_scores(index), star=star)


def compare_standings(current: Standing, other: Standing) -> Shift:
    """Compare two standings of the same centres."""
    moved = np.abs(other.rank - current.rank)
    change = other.star - current.star
    n_changed = int((change != 0).sum())
    return Shift(
        kendall_tau=float(compute_kendall_tau(current.rank, other.rank[None])[0]),
        mean_abs_rank_shift=float(moved.mean()),
        largest_rank_shift=int(moved.max()),
        n_changed=n_changed,
        n_up=int((change > 0).sum()),
        n_down=int((change < 0).sum()),
        share_changed=n_changed / len(change),
    )


def compute_index(
    moments: CentreMoments,
    methodology: Methodology,
    weighting: Weighting,
    *,
    centres: Sequence[str],
    regions: Mapping[str, str] | None = None,
    measures: MeasureScores | None = None,
) -> NDArray[np.float64]:
    """Compute the index of some centres as the methodology does, with other weights.

    Parameters
    ----------
    moments, methodology, regions, measures
        As for the published scores.
    weighting : Weighting
        Of all indicators of the methodology.
    centres : sequence of str

    Returns
    -------
    ndarray of shape (C,)
        NaN where the rules for missing answers leave no index: a weight of 0 asks for nothing.
    """
    draws = WeightDraws(inner=weighting.inner[None], outer=weighting.outer[None])
    if needs_model(methodology, measures):
        model = ModelIndex.of(
            moments, methodology, centres=centres, regions=regions, measures=measures
        )
        return np.asarray(model.compute(draws)[0])
    linear = LinearIndex.of(moments, methodology, centres=centres)
    plan = replace(linear.weights, inner=weighting.inner, outer=weighting.outer)
    presence = find_present(~np.isnan(linear.mean), plan)
    return np.asarray(replace(linear, presence=presence, weights=plan).compute(draws)[0])
