r"""The criteria of Campbell and Fiske, as counts and as differences of means.

With r(g, h) the correlation of the survey's group g with the checklist's group h:

=========== ================================================================================
1           the same group correlates over the two methods: r(g, g) > 0
2           more than different groups over the two methods: r(g, g) > r(g, h) and r(g, g) > r(h, g)
3_survey    more than different groups inside the survey: r(g, g) > r_s(g, h)
3_checklist more than different groups inside the checklist: r(g, g) > r_k(g, h)
=========== ================================================================================

Criterion 2 fails when the methods confirm no more than "all is well here"; criterion 3 when a halo,
or a checklist's method, is stronger than the trait.

**Counts** are numbers of inequalities that hold. A count is not smooth, so neither jackknife nor
bootstrap gives it an interval; its interval follows from the differences: with Bonferroni intervals
of all of them, ``ci_low`` counts those certainly above zero and ``ci_high`` all but those certainly
below. It covers at its level at least, and is wide where differences are small.

**Differences** are means of the same quantities, with jackknife intervals.

References
----------
Campbell D. T., Fiske D. W. Convergent and discriminant validation by the multitrait-multimethod
matrix. Psychological Bulletin, 1959, 56(2), 81-105. doi:10.1037/h0046016
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.multitrait.replicates import Replicates

Criterion = Literal["1", "2", "3_survey", "3_checklist"]
CRITERIA: tuple[Criterion, ...] = ("1", "2", "3_survey", "3_checklist")

ALL_GROUPS = "all"
COUNT, DIFFERENCE = "count", "difference"
BONFERRONI = "certain signs, Bonferroni over jackknife intervals of the differences"


def compare_correlations(r: NDArray[np.float64], criterion: Criterion) -> NDArray[np.float64]:
    """Compute the differences that a criterion wants above zero.

    Parameters
    ----------
    r : ndarray of shape (..., 2 G, 2 G)
        Survey first.
    criterion : {"1", "2", "3_survey", "3_checklist"}

    Returns
    -------
    ndarray of shape (..., G, M)
        Of every group, M comparisons: 1 for criterion 1, 2 (G - 1) for 2, G - 1 for the others.
    """
    groups = r.shape[-1] // 2
    cross = r[..., :groups, groups:]
    same = np.diagonal(cross, axis1=-2, axis2=-1)[..., None]
    if criterion == "1":
        return np.asarray(same)
    if criterion == "2":
        parts = [_drop_diagonal(cross), _drop_diagonal(np.swapaxes(cross, -2, -1))]
        return np.asarray(same - np.concatenate(parts, axis=-1))
    at = slice(0, groups) if criterion == "3_survey" else slice(groups, None)
    return np.asarray(same - _drop_diagonal(r[..., at, at]))


def tabulate_criteria(
    replicates: Replicates, groups: tuple[str, ...], *, undefined: str
) -> pd.DataFrame:
    """Tabulate counts and mean differences of all criteria, over all groups and for each.

    Returns
    -------
    DataFrame
        ``criterion``, ``statistic`` ("count" or "difference"), ``group``, ``comparisons``,
        ``estimate``, ``std_error``, ``ci_low``, ``ci_high``, ``method``, ``n``.
    """
    subjects = [ALL_GROUPS, *groups]
    tables = []
    for criterion in CRITERIA:
        frames = {
            COUNT: _count(replicates, criterion, undefined=undefined),
            DIFFERENCE: replicates.tabulate(
                partial(_average_differences, criterion=criterion), undefined=undefined
            ),
        }
        shape = compare_correlations(replicates.r, criterion).shape
        comparisons = [shape[0] * shape[1], *[shape[1]] * len(groups)]
        for statistic, frame in frames.items():
            names = {"criterion": criterion, "statistic": statistic, "group": subjects}
            head = pd.DataFrame({**names, "comparisons": comparisons})
            tables.append(pd.concat([head, frame], axis=1))
    return pd.concat(tables, ignore_index=True)


def _average_differences(r: NDArray[np.float64], *, criterion: Criterion) -> NDArray[np.float64]:
    """Return the mean over all groups, then those of each, shape (..., 1 + G)."""
    by_group = compare_correlations(r, criterion).mean(axis=-1)
    return np.concatenate([by_group.mean(axis=-1, keepdims=True), by_group], axis=-1)


def _count(replicates: Replicates, criterion: Criterion, *, undefined: str) -> pd.DataFrame:
    """Return counts over all groups, then of each."""
    difference = compare_correlations(replicates.r, criterion)
    error = replicates.compute_error(lambda r: compare_correlations(r, criterion))
    parts = [(difference, error), *zip(difference, error, strict=True)]
    rows = []
    for d, e in parts:
        margin = replicates.find_quantile(comparisons=d.size) * e
        # Without an error a sign is not certain either way.
        row = [(d > 0).sum(), (d - margin > 0).sum(), d.size - (d + margin < 0).sum()]
        rows.append(row if np.isfinite(d).all() else [np.nan] * 3)
    count, low, high = np.array(rows, dtype=np.float64).T
    return pd.DataFrame(
        {
            "estimate": count,
            "std_error": np.nan,
            "ci_low": low,
            "ci_high": high,
            "method": np.where(np.isnan(count), undefined, BONFERRONI),
            "n": replicates.n,
        }
    )


def _drop_diagonal(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return rows without the diagonal, shape (..., G, G - 1)."""
    groups = matrix.shape[-1]
    off = ~np.eye(groups, dtype=bool)
    return np.asarray(matrix[..., off].reshape(*matrix.shape[:-2], groups, groups - 1))
