r"""How many stars are wrong when scores have a known reliability, in closed form.

True scores are normal, estimates are true scores plus independent normal error, and their
reliability :math:`r` is the share of the variance of estimates that is true. Then true and
estimated scores, both standardised, are bivariate normal with correlation :math:`\sqrt r`, and the
joint distribution of true star and estimated star follows from the cut points alone.

References
----------
Adams J. L. The reliability of provider profiling: a tutorial. RAND Corporation, TR-653-NCQA, 2009.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.factors.polychoric.normal import bivariate_cdf
from clientindex.rating.star_rules import check_cuts

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Basis = Literal["true_scale", "own_distribution"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Misclassification:
    """Joint distribution of true and estimated star.

    Attributes
    ----------
    table : ndarray of shape (K, K)
        Probability of true star (row) and estimated star (column); sums to 1.
    wrong : float
        Probability that they differ.
    far_wrong : float
        Probability that they differ by more than one star.
    """

    table: NDArray[np.float64]
    wrong: float
    far_wrong: float


def compute_misclassification(
    cuts: ArrayLike, *, reliability: float, basis: Basis
) -> Misclassification:
    """Compute the probability of wrong stars.

    Parameters
    ----------
    cuts : array_like of shape (K - 1,)
        Cut points in standard deviations of the true scores from their mean: for quantiles,
        ``scipy.stats.norm.ppf`` of the shares below.
    reliability : float
        Above 0, up to 1.
    basis : {"true_scale", "own_distribution"}
        Whether estimates are held against the cut points of the true scores (fixed cut points), or
        against the same quantiles of their own, wider distribution (quantiles of what was seen).

    Raises
    ------
    StatisticsError
        If cut points do not rise, or the reliability is not in its range.
    """
    limits = check_cuts(cuts)
    if not 0 < reliability <= 1:
        msg = f"reliability must be above 0 and at most 1, got {reliability}"
        raise StatisticsError(msg)
    rho = float(np.sqrt(reliability))
    seen = limits * rho if basis == "true_scale" else limits
    table = _fill_table(limits, seen, rho)
    gap = np.abs(np.subtract.outer(np.arange(len(table)), np.arange(len(table))))
    return Misclassification(
        table=table,
        wrong=float(table[gap > 0].sum()),
        far_wrong=float(table[gap > 1].sum()),
    )


def _fill_table(
    true: NDArray[np.float64], seen: NDArray[np.float64], rho: float
) -> NDArray[np.float64]:
    rows, columns = (np.concatenate([[-np.inf], cuts, [np.inf]]) for cuts in (true, seen))
    below = np.array([[bivariate_cdf(h, k, rho) for k in columns] for h in rows])
    return np.diff(np.diff(below, axis=0), axis=1)
