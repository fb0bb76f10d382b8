"""Cronbach's alpha of every group with an interval that respects centres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.counts import compute_correlation, compute_covariance, read_seed
from clientindex.factors import (
    CentreSums,
    compute_centre_sums,
    compute_percentile_interval,
    find_obstacle,
    find_unstable,
    resample_sums,
)
from clientindex.reliability.coefficients import compute_cronbach
from clientindex.reliability.entering import count_entering
from clientindex.results import ALL_SEGMENTS, INDEX, AlphaTable, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import PairCounts, PairSums
    from clientindex.methodology import Methodology

STAGE = "reliability"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Scope:
    """All respondents or one segment: counts, sums and their bootstrap replicates."""

    segment: str
    counts: PairCounts
    centre_sums: CentreSums
    total: PairSums
    replicates: PairSums


def compute_alpha(
    counts: PairCounts,
    methodology: Methodology,
    *,
    strata: Mapping[str, str],
    seed: np.random.SeedSequence,
) -> AlphaTable | Unavailable:
    """Compute alpha of every group and of all indicators, for everybody and per segment.

    Intervals are percentiles over a bootstrap of centres stratified by region, `std_error` the
    standard deviation of the replicates. Every scope starts from the same seed, so scopes of the
    same centres draw the same replicates. A replicate without a positive variance of the sum is
    left out; `replicates` is the smallest number used in any row.

    Missing answers: covariances are pairwise or of complete rows, as the methodology says. Pair
    tables do not tell how many respondents answered at least one pair of a group, so with pairwise
    covariances `n` is a lower and `n_dropped` an upper bound, see
    :func:`~clientindex.reliability.entering.count_entering`.

    A group of one indicator has no alpha and no row. With one segment in the data there are only
    the rows of "all", which would be repeated. A segment has no rows when it has fewer than
    two centres, an indicator without variance or too few answers, or when a group's alpha or its
    interval is undefined there.

    Parameters
    ----------
    counts : PairCounts
    methodology : Methodology
        Gives groups, direction of indicators, treatment of missing answers, level and number of
        replicates.
    strata : mapping
        Region of every centre.
    seed : numpy.random.SeedSequence

    Returns
    -------
    AlphaTable or Unavailable
        Unavailable when the statistic is undefined for all respondents together: reasons
        ``too_few_indicators``, ``one_centre``, ``too_few_answers``, ``zero_variance``,
        ``not_positive_definite`` (a group's sum has no positive variance; detail names it) and
        ``unstable_resampling``.

    Raises
    ------
    StatisticsError
        If a centre has no region, or the seed was not made from one integer.
    """
    tables = []
    for segment in (ALL_SEGMENTS, *_list_segments(counts, methodology)):
        table = _tabulate_scope(segment, counts, methodology, strata=strata, seed=seed)
        if isinstance(table, pd.DataFrame):
            tables.append(table)
        elif segment == ALL_SEGMENTS:
            return table
    frame = pd.concat(tables, ignore_index=True)
    return AlphaTable(
        frame=frame.drop(columns="usable"),
        level=methodology.intervals.level,
        replicates=int(frame["usable"].min()),
        missing=methodology.missing_answers.correlations,
        seed=read_seed(seed),
    )


def _list_segments(counts: PairCounts, methodology: Methodology) -> tuple[str, ...]:
    """Return the segments to tell apart: those with answers, when there are several."""
    answered = set(counts.units["segment"])
    present = tuple(key for key in methodology.segment_keys if key in answered)
    return present if len(present) > 1 else ()


def _tabulate_scope(
    segment: str,
    counts: PairCounts,
    methodology: Methodology,
    *,
    strata: Mapping[str, str],
    seed: np.random.SeedSequence,
) -> pd.DataFrame | Unavailable:
    if segment != ALL_SEGMENTS:
        counts = counts.select((counts.units["segment"] == segment).to_numpy())
    centre_sums = compute_centre_sums(counts, methodology)
    if (obstacle := find_obstacle(centre_sums, stage=STAGE)) is not None:
        return obstacle
    n_replicates = methodology.intervals.bootstrap_replicates
    scope = _Scope(
        segment=segment,
        counts=counts,
        centre_sums=centre_sums,
        total=centre_sums.sums.total(),
        replicates=resample_sums(centre_sums, strata=strata, n_replicates=n_replicates, seed=seed),
    )
    rows = []
    for group, items in _list_groups(methodology).items():
        row = _describe_group(group, items, scope, methodology=methodology)
        if isinstance(row, Unavailable):
            return row
        rows.append(row)
    return pd.DataFrame(rows)


def _list_groups(methodology: Methodology) -> dict[str, NDArray[np.intp]]:
    """Return positions of the indicators of every group of two or more, and of the index."""
    owner = np.array([methodology.group_of(key) for key in methodology.indicator_keys])
    groups = {key: np.flatnonzero(owner == key) for key in methodology.group_keys}
    groups[INDEX] = np.arange(len(owner))
    return {key: items for key, items in groups.items() if len(items) > 1}


def _describe_group(
    group: str, items: NDArray[np.intp], scope: _Scope, *, methodology: Methodology
) -> dict[str, Any] | Unavailable:
    """Return one row of the table."""
    total = scope.total.subset(items)
    estimate = float(compute_cronbach(compute_covariance(total)))
    if np.isnan(estimate):
        return Unavailable(stage=STAGE, reason="not_positive_definite", detail=group)
    drawn = compute_cronbach(compute_covariance(scope.replicates.subset(items)))
    usable = drawn[np.isfinite(drawn)]
    if (obstacle := find_unstable(len(usable), len(drawn), stage=STAGE)) is not None:
        return obstacle
    low, high = compute_percentile_interval(usable, methodology.intervals.level)
    missing = methodology.missing_answers.correlations
    n, n_dropped = count_entering(scope.counts, items, missing=missing)
    return {
        "segment": scope.segment,
        "group": group,
        "estimate": estimate,
        "std_error": float(usable.std(ddof=1)),
        "ci_low": float(low),
        "ci_high": float(high),
        "n": n,
        "n_dropped": n_dropped,
        "n_centres": len(scope.centre_sums.centres),
        "n_items": len(items),
        "mean_inter_item": _mean_correlation(total),
        "usable": len(usable),
    }


def _mean_correlation(total: PairSums) -> float:
    r = compute_correlation(total)
    return float(r[np.triu_indices(len(r), 1)].mean())
