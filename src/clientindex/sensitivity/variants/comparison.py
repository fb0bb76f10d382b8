"""Stars and ranks of variants against the published ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

from clientindex.sensitivity.tau import compute_kendall_tau

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """One number a variant, shape (V,).

    Attributes
    ----------
    n_starred : int64 ndarray
        Of the C centres.
    share_changed : ndarray
        Centres whose star is another one or withheld.
    share_withheld, share_up, share_down : ndarray
        The three parts of it.
    mean_rank_shift : ndarray
        Mean |rank - published rank|, both among the centres that the variant ranks; NaN without.
    kendall_tau : ndarray
        Tau-b of the same ranks; NaN where there are no two different ones.
    """

    n_starred: NDArray[np.int64]
    share_changed: NDArray[np.float64]
    share_withheld: NDArray[np.float64]
    share_up: NDArray[np.float64]
    share_down: NDArray[np.float64]
    mean_rank_shift: NDArray[np.float64]
    kendall_tau: NDArray[np.float64]


def compare_variants(
    star: NDArray[np.float64],
    rank: NDArray[np.float64],
    *,
    published_star: NDArray[np.float64],
    published_rank: NDArray[np.float64],
) -> Compared:
    """Compare variants with what is published.

    Parameters
    ----------
    star, rank : ndarray of shape (V, C)
        Of the centres with a published star; NaN where the variant withholds it.
    published_star, published_rank : ndarray of shape (C,)
    """
    withheld = np.isnan(star)
    ranked = [_compare_ranks(row, published_rank) for row in rank]
    return Compared(
        n_starred=(~withheld).sum(axis=1).astype(np.int64),
        share_changed=(withheld | (star != published_star)).mean(axis=1),
        share_withheld=withheld.mean(axis=1),
        share_up=(star > published_star).mean(axis=1),
        share_down=(star < published_star).mean(axis=1),
        mean_rank_shift=np.array([shift for shift, _ in ranked], dtype=np.float64),
        kendall_tau=np.array([tau for _, tau in ranked], dtype=np.float64),
    )


def _compare_ranks(
    rank: NDArray[np.float64], published: NDArray[np.float64]
) -> tuple[float, float]:
    """Return the mean shift and tau-b among the centres that have both ranks."""
    both = ~np.isnan(rank)
    if not both.any():
        return np.nan, np.nan
    one, other = (rankdata(r[both], method="min").astype(np.int64) for r in (published, rank))
    tau = compute_kendall_tau(one, other[None])[0] if both.sum() > 1 else np.nan
    return float(np.abs(one - other).mean()), float(tau)
