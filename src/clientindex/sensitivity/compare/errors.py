"""Sampling error of the difference between two indices of the same answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.rating.degrees import combine_degrees
from clientindex.rating.scores import NO_VARIANCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.results.methodology_comparison import ErrorOfDifference
    from clientindex.sensitivity.compare.index_weights import IndexWeights


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointMeans:
    """Everything that either index is made of, with its covariance.

    Attributes
    ----------
    moments : CentreMoments
        Of all answers that one of the indices uses; its indicators are the columns below.
    factor : ndarray of shape (C,)
        Finite-population correction of the centres of `moments`.
    columns_before, columns_after : mapping of str to str
        Indicator of the methodology -> column of `moments`. Indicators of both that are scored
        alike share a column; measures are in neither.
    measure_variance : mapping of str to mapping of str to float
        Measure -> centre -> variance; measures are scored alike in both.
    """

    moments: CentreMoments
    factor: NDArray[np.float64]
    columns_before: Mapping[str, str]
    columns_after: Mapping[str, str]
    measure_variance: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DifferenceErrors:
    """Standard errors of differences by centre, and what they are.

    Attributes
    ----------
    std_error : Series
        By centre; NaN where unknown.
    df : Series
        Degrees of freedom of the standard errors, by centre.
    method : {"exact", "delta", "bound", "none"}
    reason : str
        Why it is a bound, else "".
    """

    std_error: pd.Series[float]
    df: pd.Series[float]
    method: ErrorOfDifference
    reason: str = ""


def compute_difference_errors(
    before: IndexWeights,
    after: IndexWeights,
    joint: JointMeans,
    *,
    share_before: Mapping[str, float] | None = None,
    share_after: Mapping[str, float] | None = None,
) -> DifferenceErrors:
    """Compute the standard error of the second index less the first, centre by centre.

    Parameters
    ----------
    before, after : IndexWeights
    joint : JointMeans
    share_before, share_after : mapping of str to float, optional
        Share of the scores (answers and measures) in the published index of centres where a
        checklist has the rest.

    Notes
    -----
    With the weights ``u`` and ``v`` of both indices on the same means ``m`` of a centre,
    ``var(v'm - u'm) = f (v - u)' Σ (v - u)``, summed over segments, which are different people.
    Taking both for independent would give far more: they rest on the same answers. Where only
    totals were delivered, correlations are unknown and weights ``v - u`` have both signs, so the
    largest possible value ``f (Σ_k |v_k - u_k| se_k)²`` is told.
    """
    centres = pd.Index(joint.moments.centres).union(pd.Index(before.centres))
    centres = centres.union(pd.Index(after.centres))
    before, after = _share(before, share_before or {}), _share(after, share_after or {})
    apart = _place(after, joint, joint.columns_after, centres)
    apart -= _place(before, joint, joint.columns_before, centres)
    parts, degrees = _vary(apart, joint, centres)
    measures = _vary_measures(before, after, joint, centres)
    variance = parts.sum(axis=1) + measures
    variance = np.where(np.abs(variance) <= NO_VARIANCE, 0.0, variance)
    df = combine_degrees(
        np.column_stack([parts, measures]),
        np.column_stack([degrees, np.full(len(centres), np.inf)]),
        axis=1,
    )
    is_linear = before.is_linear and after.is_linear
    bounded = joint.moments.std_error_method == "bound"
    return DifferenceErrors(
        std_error=pd.Series(np.sqrt(variance), index=centres),
        df=pd.Series(df, index=centres),
        method="bound" if bounded else "exact" if is_linear else "delta",
        reason="totals_only" if bounded else "",
    )


def bound_difference_errors(
    before: pd.DataFrame, after: pd.DataFrame, *, reason: str
) -> DifferenceErrors:
    """Bound the error of differences by the sum of both errors.

    Parameters
    ----------
    before, after : DataFrame
        ``std_error`` and ``df`` of both indices by centre.
    reason : str
        Why their covariance is unknown.

    Notes
    -----
    ``se(b - a) <= se(a) + se(b)`` whatever the correlation (Minkowski). The degrees of freedom are
    the smaller ones of both.
    """
    both = before.index.union(after.index)
    old, new = before.reindex(both), after.reindex(both)
    return DifferenceErrors(
        std_error=old["std_error"] + new["std_error"],
        df=old["df"].clip(upper=new["df"]),
        method="bound",
        reason=reason,
    )


def _share(weights: IndexWeights, shares: Mapping[str, float]) -> IndexWeights:
    """Return the weights in the published index, of which the survey may have a share only."""
    share = np.array([shares.get(centre, 1.0) for centre in weights.centres])
    return replace(weights, weight=weights.weight * share[:, None, None])


def _place(
    weights: IndexWeights,
    joint: JointMeans,
    columns: Mapping[str, str],
    centres: pd.Index[str],
) -> NDArray[np.float64]:
    """Return the weights on the joint columns, shape (centres, S, J)."""
    moments = joint.moments
    placed = np.zeros((len(centres), len(moments.segments), len(moments.indicators)))
    rows = centres.get_indexer(pd.Index(weights.centres))
    segments = [weights.segments.index(key) for key in moments.segments]
    own = [k for k, key in enumerate(weights.indicators) if key in columns]
    target = np.array(
        [moments.indicators.index(columns[weights.indicators[k]]) for k in own], dtype=np.intp
    )
    placed[np.ix_(rows, np.arange(len(segments)), target)] = weights.weight[:, segments][..., own]
    return placed


def _vary(
    apart: NDArray[np.float64], joint: JointMeans, centres: pd.Index[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what each segment adds to the variance, and its degrees of freedom, by centre."""
    moments = joint.moments
    rows = centres.get_indexer(pd.Index(moments.centres))
    d = apart[rows]
    spread = np.diagonal(moments.cov_mean, axis1=-2, axis2=-1)
    if moments.std_error_method == "bound":
        single = (np.abs(d) * np.sqrt(np.nan_to_num(spread))).sum(axis=-1) ** 2
    else:
        single = np.einsum("csj,csjk,csk->cs", d, np.nan_to_num(moments.cov_mean), d)
    unknown = ((d != 0) & np.isnan(spread)).any(axis=-1) | np.isnan(d).any(axis=-1)
    single = np.where(unknown, np.nan, single)
    variance = np.zeros((len(centres), single.shape[1]))
    degrees = np.full(variance.shape, np.inf)
    variance[rows], degrees[rows] = joint.factor[:, None] * single, moments.degrees
    return variance, degrees


def _vary_measures(
    before: IndexWeights, after: IndexWeights, joint: JointMeans, centres: pd.Index[str]
) -> NDArray[np.float64]:
    """Return what measures add: each is one number in all segments, independent of the others."""
    variance = np.zeros(len(centres))
    for key, known in joint.measure_variance.items():
        apart = _sum_measure(after, key, centres) - _sum_measure(before, key, centres)
        own = np.array([known.get(centre, np.nan) for centre in centres])
        variance += np.where(apart == 0, 0.0, apart**2 * own)
    return variance


def _sum_measure(weights: IndexWeights, key: str, centres: pd.Index[str]) -> NDArray[np.float64]:
    total = np.zeros(len(centres))
    if key in weights.indicators:
        rows = centres.get_indexer(pd.Index(weights.centres))
        total[rows] = weights.weight[..., weights.indicators.index(key)].sum(axis=1)
    return total
