"""Sums of keyed answers by centre: the common start of reliability and factor analysis.

Keyed answers and bootstrap weights are integers, so every sum is exact in double precision: the
same numbers come out for any order of respondents and any number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.counts import (
    PairSums,
    compute_complete_sums,
    compute_pair_sums,
    draw_centre_weights,
    keyed_values,
)
from clientindex.errors import StatisticsError
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology


VARIANCE_FLOOR = 1e-6
"""Smallest variance, as a share of the mean square, that counts as variance.

Below it a million respondents differ in a single answer and a correlation says nothing.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CentreSums:
    """Sums of keyed answers in C centres, segments and periods together.

    Attributes
    ----------
    indicators : tuple of str
        K keys in the order of the methodology.
    centres : tuple of str
        Sorted.
    sums : PairSums
        With leading shape (C,). Reverse-keyed indicators are turned round.
    """

    indicators: tuple[str, ...]
    centres: tuple[str, ...]
    sums: PairSums


def compute_centre_sums(counts: PairCounts, methodology: Methodology) -> CentreSums:
    """Compute sums of keyed answers by centre.

    Missing answers: every pair of indicators uses the respondents who answered both, or, where
    the methodology says ``complete``, everything uses those who answered all indicators.
    """
    summed = counts.sum_over("segment", "period", "channel")
    complete = methodology.missing_answers.correlations == "complete"
    compute = compute_complete_sums if complete else compute_pair_sums
    return CentreSums(
        indicators=counts.indicators,
        centres=tuple(summed.units["centre"]),
        sums=compute(summed, keyed_values(methodology)),
    )


def find_obstacle(centre_sums: CentreSums, *, stage: str) -> Unavailable | None:
    """Say why correlations or their bootstrap over centres are not defined, if they are not.

    Returns
    -------
    Unavailable or None
        Reason ``too_few_indicators`` (fewer than two), ``one_centre`` (fewer than two centres),
        ``too_few_answers`` (fewer than two respondents behind a pair; detail names the
        indicators) or ``zero_variance`` (all answers equal; detail names the indicators).
    """
    if len(centre_sums.indicators) < 2:
        return Unavailable(stage=stage, reason="too_few_indicators")
    if len(centre_sums.centres) < 2:
        return Unavailable(stage=stage, reason="one_centre")
    total = centre_sums.sums.total()
    spread = total.n * total.ss - total.s**2
    faults = {
        "too_few_answers": total.n < 2,
        "zero_variance": spread <= VARIANCE_FLOOR * total.n * total.ss,
    }
    for reason, wrong in faults.items():
        if wrong.any():
            named = [centre_sums.indicators[position] for position in _find_culprits(wrong)]
            return Unavailable(stage=stage, reason=reason, detail=", ".join(named))
    return None


def _find_culprits(wrong: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the indicators that are faulty by themselves, or else those of a faulty pair.

    An indicator without answers spoils its pair with every other one; only it is to blame.
    """
    alone = np.diagonal(wrong)
    return np.flatnonzero(alone if alone.any() else wrong.any(axis=1))


def resample_sums(
    centre_sums: CentreSums,
    *,
    strata: Mapping[str, str],
    n_replicates: int,
    seed: np.random.SeedSequence,
) -> PairSums:
    """Draw bootstrap replicates of the sums over all centres, stratified by region.

    Parameters
    ----------
    centre_sums : CentreSums
        Of at least two centres.
    strata : mapping
        Region of every centre.
    n_replicates : int
    seed : numpy.random.SeedSequence
        Not consumed: the same seed gives the same replicates in every call.

    Returns
    -------
    PairSums
        With leading shape (n_replicates,).

    Raises
    ------
    StatisticsError
        If a centre has no region.
    """
    homeless = [centre for centre in centre_sums.centres if centre not in strata]
    if homeless:
        msg = f"no region is known for centres {', '.join(homeless[:5])}; add them to the register"
        raise StatisticsError(msg)
    regions = [strata[centre] for centre in centre_sums.centres]
    weights = draw_centre_weights(regions, n_replicates, np.random.default_rng(seed))
    return centre_sums.sums.combine(weights)
