"""The index without suspicious answers: of all centres together, and of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtri
from scipy.stats import t as student

from clientindex.results import INDEX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.reliability.quality.measured import Comparison

Rows = list[dict[str, Any]]


def compare_index(pair: Comparison, methodology: Methodology) -> tuple[Rows, Rows]:
    """Return the mean index of centres before and after.

    Intervals are ``mean -/+ t s / sqrt(C)`` over the centres that keep an index.

    Returns
    -------
    rows, left_out : list of dict
    """
    label = {"statistic": "index", "group": INDEX}
    before, after = pair.before.index, pair.after.index
    both = np.isfinite(before) & np.isfinite(after)
    if both.sum() < 2:
        return [], [{**label, "reason": "one_centre", "detail": ""}]
    level = methodology.intervals.level
    means = [_average(values[both], level) for values in (before, after, after - before)]
    row = {
        **label,
        "before": means[0][0],
        "after": means[1][0],
        "estimate": means[2][0],
        "ci_low": means[2][1],
        "ci_high": means[2][2],
        "n_removed": pair.n_removed,
        "n_centres": int(both.sum()),
        "before_low": means[0][1],
        "before_high": means[0][2],
        "after_low": means[1][1],
        "after_high": means[1][2],
    }
    return [row], []


def _average(values: NDArray[np.float64], level: float) -> tuple[float, float, float]:
    """Return the mean of two or more centres and its interval."""
    size, mean = len(values), float(values.mean())
    quantile = student.ppf((1 + level) / 2, size - 1)
    margin = float(quantile * values.std(ddof=1) / np.sqrt(size))
    return mean, mean - margin, mean + margin


def list_changes(pair: Comparison, methodology: Methodology) -> Rows:
    """Return the index of every centre before and after, NaN where it keeps none."""
    before, after = pair.before.index, pair.after.index
    n = [pair.before.n, pair.after.n]
    error = _compute_error(pair.before.moments, pair.after.moments, methodology)
    margin = np.where(n[0] == n[1], 0.0, ndtri((1 + methodology.intervals.level) / 2) * error)
    change = after - before
    scope = pair.before.scope
    return [
        {
            "centre": str(centre),
            "region": region,
            "n": int(n[0][at]),
            "n_removed": int(n[0][at] - n[1][at]),
            "before": float(before[at]),
            "after": float(after[at]),
            "estimate": float(change[at]),
            "ci_low": float(change[at] - margin[at]),
            "ci_high": float(change[at] + margin[at]),
        }
        for at, (centre, region) in enumerate(
            zip(scope.counts.units["centre"], scope.regions, strict=True)
        )
        if np.isfinite(before[at])
    ]


def _compute_error(
    before: CentreMoments, after: CentreMoments, methodology: Methodology
) -> NDArray[np.float64]:
    """Compute the standard error of the change of the index of every centre, shape (C,).

    The n' respondents who stay are n' of the n, so the mean of all covaries with theirs by
    ``V' n' / n``, V' the sampling variance of theirs, and the change has the variance
    ``V + V' (1 - 2 n' / n)``. Whom a rule flags is taken as known. NaN where a segment is lost or
    has one respondent left.
    """
    used = methodology.effective_weights > 0
    w = methodology.effective_weights[used]
    weights = np.array([segment.weight for segment in methodology.segments])

    def spread(cov: NDArray[np.float64], ratio: NDArray[np.float64]) -> NDArray[np.float64]:
        block = cov[..., used, :][..., used]
        return np.asarray(np.einsum("cskl,k,csl->cs", block, w, w * ratio))

    n = [moments.n[..., used] for moments in (before, after)]
    kept = n[1] / np.where(n[0] > 0, n[0], 1.0)
    variance = spread(before.cov_mean, np.ones_like(kept)) + spread(after.cov_mean, 1 - 2 * kept)
    present = (n[0] > 0).all(axis=2) & (weights > 0)
    share = np.where(present, weights, 0.0)
    total = share.sum(axis=1, keepdims=True)
    share = share / np.where(total > 0, total, 1.0)
    inside = np.where(share > 0, share**2 * variance, 0.0).sum(axis=1)
    return np.asarray(np.sqrt(np.maximum(inside, 0.0)))
