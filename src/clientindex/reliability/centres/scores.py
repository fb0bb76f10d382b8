"""Mean scores of centres with what their reliability needs: sizes and sampling variances.

Segments are different people, so the score of a centre is the mean of its segments' scores with
their weights, and its sampling variance the sum of theirs. That is the score which stars are given
for. With one segment everything here is the ordinary one-way layout of respondents in centres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments

NO_VARIANCE = 1e-9
"""A variance of points this small comes from rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CentreScores:
    """Scores of the C centres that have one.

    Attributes
    ----------
    rows : int ndarray of shape (C,)
        Positions of the centres among those of the moments.
    mean : ndarray of shape (C,)
        Score in points 0-100.
    respondents : ndarray of shape (C,)
    n : ndarray of shape (C,)
        Effective number of answers: `within` over the sampling variance that follows from the
        pooled variances. The number of respondents when all answered everything and there is one
        segment; smaller when the smaller segment weighs more than its share.
    error : ndarray of shape (C,)
        Sampling variance of the score, from the centre's own answers where they tell it.
    own : bool ndarray of shape (C,)
        Whether `error` is from the centre's own answers. The pooled variance stands for a centre
        with a single answer in a segment, or whose answers are all alike.
    within : float
        Pooled variance of a respondent's score inside centres; of segments, their weighted mean.
    df : float
        Degrees of freedom of `within`.
    within_left_out : ndarray of shape (C,)
        `within` without each of the centres.
    """

    rows: NDArray[np.intp]
    mean: NDArray[np.float64]
    respondents: NDArray[np.float64]
    n: NDArray[np.float64]
    error: NDArray[np.float64]
    own: NDArray[np.bool_]
    within: float
    df: float
    within_left_out: NDArray[np.float64]


def score_centres(
    moments: CentreMoments, weights: NDArray[np.float64], segments: NDArray[np.float64]
) -> CentreScores | None:
    """Score centres with weights of indicators and of segments.

    Missing answers: a mean uses everybody who answered the indicator, as scores of the rating do.
    A centre has a score in a segment when every indicator with a weight has answers there; weights
    of the segments that it has are scaled to sum to 1.

    Parameters
    ----------
    moments : CentreMoments
        C centres, S segments, K indicators.
    weights : ndarray of shape (K,)
        Of indicators, summing to 1.
    segments : ndarray of shape (S,)
        Of segments.

    Returns
    -------
    CentreScores or None
        None when no centre has two answers in a segment.
    """
    used = weights > 0
    w = weights[used]
    mean = moments.mean[..., used] @ w
    with np.errstate(divide="ignore"):
        n = 1 / (w / moments.n[..., used]).sum(axis=-1)
    error = np.einsum("cskl,k,l->cs", moments.cov_mean[..., used, :][..., used], w, w)
    present = np.isfinite(mean) & (segments > 0)
    share = np.where(present, segments, 0.0)
    total = share.sum(axis=1, keepdims=True)
    kept = np.flatnonzero(total[:, 0] > 0)
    squares, df = _square(np.where(present, error, np.nan), n)
    if df.sum() < 1:
        return None
    pooled = _pool(squares.sum(axis=0), df.sum(axis=0), segments)
    left_out = _pool(squares.sum(axis=0) - squares[kept], df.sum(axis=0) - df[kept], segments)
    within = float(_average(pooled, segments))
    share = (share / np.where(total > 0, total, 1.0))[kept]
    known = np.isfinite(error[kept]) & (error[kept] > NO_VARIANCE)
    expected = np.where(share > 0, pooled / np.where(n[kept] > 0, n[kept], 1.0), 0.0)
    smooth = (share**2 * expected).sum(axis=1)
    respondents = np.where(share > 0, moments.n_respondents[kept], 0.0).sum(axis=1)
    return CentreScores(
        rows=kept,
        mean=np.where(share > 0, share * np.nan_to_num(mean[kept]), 0.0).sum(axis=1),
        respondents=respondents,
        n=within / smooth if within > 0 else respondents,
        error=(share**2 * np.where(known, np.nan_to_num(error[kept]), expected)).sum(axis=1),
        own=np.asarray((known | (share == 0)).all(axis=1)),
        within=within,
        df=float(df.sum()),
        within_left_out=np.asarray(_average(left_out, segments)),
    )


def _square(
    error: NDArray[np.float64], n: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return sums of squares inside centres and their degrees of freedom, shape (C, S)."""
    counted = np.isfinite(error) & (n > 1)
    df = np.where(counted, n - 1, 0.0)
    return np.where(counted, np.nan_to_num(error) * n * (n - 1), 0.0), df


def _pool(
    squares: NDArray[np.float64], df: NDArray[np.float64], segments: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the pooled variance of every segment, shape (..., S).

    A segment in which nobody can be compared with anybody takes the mean of the others.
    """
    known = df > 0.5
    pooled = np.where(known, squares / np.where(known, df, 1.0), 0.0)
    rest = _average(pooled, segments * known)
    pooled = np.where(known, pooled, rest[..., None])
    return np.where(pooled > NO_VARIANCE, pooled, 0.0)


def _average(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weighted means over the last axis, 0 where all weights are."""
    weights = np.broadcast_to(weights, values.shape)
    total = weights.sum(axis=-1)
    return np.asarray((weights * values).sum(axis=-1) / np.where(total > 0, total, 1.0))
