"""Sums over respondents from pair counts, and the covariances and correlations they give.

Sums add over units like counts, so a bootstrap over centres is a weighted sum of them: a matrix
product instead of a pass over respondents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts.pair_counts import PairCounts
    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairSums:
    """Sums over the respondents who answered both indicators of a pair.

    The leading axes are free: units, bootstrap replicates or none. Entry (a, b) speaks of the
    respondents who answered a and b; the diagonal of those who answered a.

    Attributes
    ----------
    n : float64 ndarray of shape (..., K, K)
        Respondents.
    s : float64 ndarray of shape (..., K, K)
        Sum of the value of a (not symmetric).
    ss : float64 ndarray of shape (..., K, K)
        Sum of the squared value of a (not symmetric).
    q : float64 ndarray of shape (..., K, K)
        Sum of the product of a and b.
    """

    n: NDArray[np.float64]
    s: NDArray[np.float64]
    ss: NDArray[np.float64]
    q: NDArray[np.float64]

    def combine(self, weights: NDArray[np.float64]) -> PairSums:
        """Return weighted sums over the first axis.

        Parameters
        ----------
        weights : ndarray of shape (R, U) or (U,)
            Weight of each unit in each replicate.

        Returns
        -------
        PairSums
            With leading shape (R,) or ().
        """
        w = np.asarray(weights, dtype=np.float64)
        return PairSums(
            **{name: np.tensordot(w, getattr(self, name), axes=(-1, 0)) for name in _FIELDS}
        )

    def total(self) -> PairSums:
        """Return the sums over the first axis."""
        return PairSums(**{name: getattr(self, name).sum(axis=0) for name in _FIELDS})

    def subset(self, items: NDArray[np.intp]) -> PairSums:
        """Return the sums of some indicators, given by position."""
        return PairSums(
            **{name: getattr(self, name)[..., items[:, None], items] for name in _FIELDS}
        )


_FIELDS = ("n", "s", "ss", "q")


def keyed_values(methodology: Methodology) -> NDArray[np.float64]:
    """Return the answer behind each category with reverse-keyed indicators turned round.

    Returns
    -------
    ndarray of shape (K, C + 1)
        Column 0 (no answer) and categories that an indicator's scale lacks hold 0.
    """
    values = np.zeros((len(methodology.indicator_keys), methodology.n_categories + 1))
    for row, key in enumerate(methodology.indicator_keys):
        scale = methodology.scale_of(key)
        answers = np.array(scale.answers, dtype=np.float64)
        negative = methodology.indicator(key).direction == "negative"
        values[row, 1 : scale.n_categories + 1] = answers[::-1] if negative else answers
    return values


def point_values(methodology: Methodology) -> NDArray[np.float64]:
    """Return the score 0-100 of each category, shape (K, C + 1); column 0 holds 0."""
    values = np.zeros((len(methodology.indicator_keys), methodology.n_categories + 1))
    for row, key in enumerate(methodology.indicator_keys):
        points = methodology.points_of(key)
        values[row, 1 : len(points) + 1] = points
    return values


def compute_pair_sums(counts: PairCounts, values: NDArray[np.float64]) -> PairSums:
    """Compute pairwise-available sums of every unit.

    Parameters
    ----------
    counts : PairCounts
        U units, K indicators, C categories.
    values : ndarray of shape (K, C + 1)
        Value of each category; column 0 is ignored.

    Returns
    -------
    PairSums
        With leading shape (U,).
    """
    n_items = len(counts.indicators)
    first, second = np.triu_indices(n_items, 1)
    sums = {name: np.zeros((len(counts.units), n_items, n_items)) for name in _FIELDS}
    _add_pairs(counts.pairs, first, second, values, *sums.values())
    diagonal = np.arange(n_items)
    v = values[:, 1:]
    margins = counts.margins[:, :, 1:]
    sums["n"][:, diagonal, diagonal] = margins.sum(axis=2)
    sums["s"][:, diagonal, diagonal] = np.einsum("ukc,kc->uk", margins, v)
    squares = np.einsum("ukc,kc->uk", margins, v**2)
    sums["ss"][:, diagonal, diagonal] = sums["q"][:, diagonal, diagonal] = squares
    return PairSums(**sums)


@njit(nogil=True)
def _add_pairs(
    pairs: NDArray[np.int32],
    first: NDArray[np.intp],
    second: NDArray[np.intp],
    values: NDArray[np.float64],
    n: NDArray[np.float64],
    s: NDArray[np.float64],
    ss: NDArray[np.float64],
    q: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Write the sums of the two indicators of every pair over those who gave both answers."""
    for unit in range(pairs.shape[0]):
        for pair in range(pairs.shape[1]):
            i, j = first[pair], second[pair]
            count, cross = 0.0, 0.0
            sum_i, sum_j, squares_i, squares_j = 0.0, 0.0, 0.0, 0.0
            for a in range(1, pairs.shape[2]):
                x = values[i, a]
                for b in range(1, pairs.shape[3]):
                    times = float(pairs[unit, pair, a, b])
                    if times == 0:
                        continue
                    y = values[j, b]
                    count += times
                    sum_i += times * x
                    sum_j += times * y
                    squares_i += times * x * x
                    squares_j += times * y * y
                    cross += times * x * y
            n[unit, i, j] = count
            s[unit, i, j], s[unit, j, i] = sum_i, sum_j
            ss[unit, i, j], ss[unit, j, i] = squares_i, squares_j
            q[unit, i, j] = cross
            n[unit, j, i], q[unit, j, i] = n[unit, i, j], q[unit, i, j]


def compute_complete_sums(counts: PairCounts, values: NDArray[np.float64]) -> PairSums:
    """Compute sums over the respondents who answered every indicator.

    Parameters
    ----------
    counts : PairCounts
    values : ndarray of shape (K, C + 1)
        Value of each category; must be affine in the category, because only the first two moments
        of complete rows are kept.

    Returns
    -------
    PairSums
        With leading shape (U,).

    Raises
    ------
    StatisticsError
        If the values of an indicator are not affine in the category.
    """
    offset, slope = _affine(values, counts.indicators)
    n = counts.n_complete.astype(np.float64)[:, None, None]
    code_sum, cross = counts.complete_sum.astype(np.float64), counts.complete_cross
    total = n[:, 0] * offset + code_sum * slope
    linear = code_sum * slope
    q = (
        n * np.outer(offset, offset)
        + linear[:, :, None] * offset
        + offset[:, None] * linear[:, None, :]
        + cross * np.outer(slope, slope)
    )
    shape = cross.shape
    squares = np.broadcast_to(np.diagonal(q, axis1=1, axis2=2)[:, :, None], shape)
    return PairSums(
        n=np.broadcast_to(n, shape).copy(),
        s=np.broadcast_to(total[:, :, None], shape).copy(),
        ss=squares.copy(),
        q=q,
    )


def _affine(
    values: NDArray[np.float64], indicators: tuple[str, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return offset and slope of values = offset + slope * category; zero padding is ignored."""
    slope = values[:, 2] - values[:, 1]
    offset = values[:, 1] - slope
    fitted = offset[:, None] + slope[:, None] * np.arange(values.shape[1])
    padded = np.cumsum(values[:, ::-1] != 0, axis=1)[:, ::-1] == 0
    wrong = np.any((np.abs(values - fitted) > 1e-9)[:, 1:] & ~padded[:, 1:], axis=1)
    if wrong.any():
        names = ", ".join(key for key, bad in zip(indicators, wrong, strict=True) if bad)
        msg = (
            f"complete-row covariances need scores linear in the answer; not so: {names}. "
            "Use missing_answers.correlations: pairwise in the methodology"
        )
        raise StatisticsError(msg)
    return offset, slope


def compute_covariance(sums: PairSums) -> NDArray[np.float64]:
    """Compute covariances with n - 1 in the denominator.

    ``cov_ab = (q_ab - s_ab s_ba / n_ab) / (n_ab - 1)`` over respondents who answered both, as
    pandas ``DataFrame.cov`` does; NaN where fewer than two did.

    Returns
    -------
    ndarray of shape (..., K, K)
    """
    s_other = np.swapaxes(sums.s, -1, -2)
    with np.errstate(divide="ignore", invalid="ignore"):
        cov = (sums.q - sums.s * s_other / sums.n) / (sums.n - 1)
    return np.where(sums.n > 1, cov, np.nan)


def compute_correlation(sums: PairSums) -> NDArray[np.float64]:
    """Compute Pearson correlations, each over the respondents who answered both indicators.

    Means and variances are those of the pair's respondents, as in pandas ``DataFrame.corr`` and
    R ``cor(use = "pairwise")``; NaN where an indicator has no variance there.

    Returns
    -------
    ndarray of shape (..., K, K)
        With ones on the diagonal where the variance is positive.
    """
    s_other = np.swapaxes(sums.s, -1, -2)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = sums.ss - sums.s**2 / sums.n
        product = spread * np.swapaxes(spread, -1, -2)
        positive = product > 1e-12 * np.maximum(sums.ss * np.swapaxes(sums.ss, -1, -2), 1e-300)
        r = (sums.q - sums.s * s_other / sums.n) / np.sqrt(product)
    r = np.where(positive & (sums.n > 1), np.clip(r, -1.0, 1.0), np.nan)
    diagonal = np.arange(r.shape[-1])
    own = r[..., diagonal, diagonal]
    r[..., diagonal, diagonal] = np.where(np.isnan(own), np.nan, 1.0)
    return r
