"""Signs inside a checklist that do not need the survey: ceiling, zero spread, unverifiable items.

Each sign has an innocent reading. A very good centre is at the ceiling; an honest form may be
uniform; unverifiable indicators may be what visitors cannot see. Signs order audits, they prove
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from clientindex.agreement.inflation.outlying import adjust_p, check_rate
from clientindex.agreement.inflation.spread import Spread, SpreadMethod, estimate_spread
from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_ITEMS = 2
FEWEST_CENTRES = 30


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChecklistSigns:
    """Signs of one checklist per centre.

    Attributes
    ----------
    n_items : int ndarray of shape (C,)
        Indicators with an answer.
    ceiling_share : ndarray of shape (C,)
        Share of them at the highest value; NaN without answers.
    is_at_ceiling : bool ndarray of shape (C,)
        All answered indicators, two or more, have the highest value.
    has_no_spread : bool ndarray of shape (C,)
        All answered indicators, two or more, have one value, the highest included.
    """

    n_items: NDArray[np.intp]
    ceiling_share: NDArray[np.float64]
    is_at_ceiling: NDArray[np.bool_]
    has_no_spread: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnverifiableGap:
    """How much larger the gap is in indicators that nobody can verify.

    Attributes
    ----------
    difference : ndarray of shape (C,)
        Mean gap of unverifiable indicators less that of the others; NaN where a set has no answer.
    std_error : ndarray of shape (C,)
        Error of measurement of the difference.
    typical : float
        Median difference: what indicators differ by, not centres.
    spread : Spread
        Robust spread of true differences between centres.
    z, p_value, q_value : ndarray of shape (C,)
        One-sided, against the typical difference.
    flagged : bool ndarray of shape (C,)
    fdr : float
    """

    difference: NDArray[np.float64]
    std_error: NDArray[np.float64]
    typical: float
    spread: Spread
    z: NDArray[np.float64]
    p_value: NDArray[np.float64]
    q_value: NDArray[np.float64]
    flagged: NDArray[np.bool_]
    fdr: float


def find_checklist_signs(checklist: NDArray[np.float64], *, highest: float) -> ChecklistSigns:
    """Find checklists at the ceiling and checklists of one value.

    Parameters
    ----------
    checklist : ndarray of shape (C, I)
        Values of indicators; NaN is no answer and is left out.
    highest : float
        The best value that can be given.

    Raises
    ------
    StatisticsError
        When a value is above the highest.

    Examples
    --------
    >>> import numpy as np
    >>> signs = find_checklist_signs(np.array([[5.0, 5.0], [3.0, 3.0], [5.0, 2.0]]), highest=5.0)
    >>> signs.is_at_ceiling.tolist(), signs.has_no_spread.tolist()
    ([True, False, False], [True, True, False])
    """
    answered = np.isfinite(checklist)
    above = int((checklist[answered] > highest).sum())
    if above:
        message = f"{above} checklist values are above the highest, {highest:g}"
        raise StatisticsError(message)
    n_items = answered.sum(axis=1)
    at_ceiling = (checklist == highest).sum(axis=1)
    share = np.full(len(checklist), np.nan)
    np.divide(at_ceiling, n_items, out=share, where=n_items > 0)
    most = np.where(answered, checklist, -np.inf).max(axis=1)
    least = np.where(answered, checklist, np.inf).min(axis=1)
    enough = n_items >= FEWEST_ITEMS
    return ChecklistSigns(
        n_items=n_items,
        ceiling_share=share,
        is_at_ceiling=enough & (at_ceiling == n_items),
        has_no_spread=enough & (most == least),
    )


def compute_set_difference(
    gap: NDArray[np.float64], covariance: NDArray[np.float64], unverifiable: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Compute the difference of mean gaps of two sets of indicators, with its error.

    Parameters
    ----------
    gap : ndarray of shape (C, I)
        NaN where a side has no answer; the means are over what is there.
    covariance : ndarray of shape (C, I, I)
        Error covariance of the gaps of a centre. The whole of it: answers of one visitor go up
        and down together, and the difference is more precise than its diagonal says.
    unverifiable : bool ndarray of shape (I,)

    Returns
    -------
    difference, std_error : ndarray of shape (C,)
        NaN where one of the sets has no answer.

    Notes
    -----
    :math:`D = w'd`, :math:`se^2 = w'\Sigma w`, w = 1 / (number of unverifiable with a gap) or
    minus 1 / (number of the others).
    """
    known = np.isfinite(gap)
    weights = np.zeros(gap.shape)
    for members, sign in ((unverifiable, 1.0), (~unverifiable, -1.0)):
        inside = known & members
        count = inside.sum(axis=1, keepdims=True)
        np.divide(sign, count, out=weights, where=inside)
        weights[count[:, 0] == 0] = np.nan
    difference = (weights * np.where(known, gap, 0.0)).sum(axis=1)
    both = known[:, :, None] & known[:, None, :]
    variance = np.einsum("ci,cij,cj->c", weights, np.where(both, covariance, 0.0), weights)
    return difference, np.sqrt(np.maximum(variance, 0.0))


def compare_unverifiable(
    gap: NDArray[np.float64],
    *,
    covariance: NDArray[np.float64],
    unverifiable: NDArray[np.bool_],
    fdr: float,
    level: float,
    method: SpreadMethod = "lower_quantile",
) -> UnverifiableGap:
    """Find centres whose gap is concentrated in indicators that nobody can verify.

    Parameters
    ----------
    gap : ndarray of shape (C, I)
    covariance : ndarray of shape (C, I, I)
        See :func:`compute_set_difference`.
    unverifiable : bool ndarray of shape (I,)
    fdr, level : float
        False discovery rate of the flags; level of the interval of the spread.
    method : {"lower_quantile", "mad"}

    Raises
    ------
    StatisticsError
        When a set has no indicator, or fewer than 30 centres have gaps in both.

    Notes
    -----
    A difference of 0 is not the standard: staff and visitors may differ more on what is hard to
    verify in every centre. So each centre is compared with the median difference, in the robust
    spread of differences plus its own error. Centres with NaN are no tests.
    """
    check_rate(fdr)
    if unverifiable.all() or not unverifiable.any():
        message = "two sets of indicators are needed: one of them has no indicator"
        raise StatisticsError(message)
    difference, error = compute_set_difference(gap, covariance, unverifiable)
    known = np.isfinite(difference) & np.isfinite(error)
    if known.sum() < FEWEST_CENTRES:
        message = (
            f"{FEWEST_CENTRES} centres with gaps in both sets of indicators are needed, "
            f"found {int(known.sum())}"
        )
        raise StatisticsError(message)
    typical = float(np.median(difference[known]))
    spread = estimate_spread(
        difference[known] - typical, error[known] ** 2, level=level, method=method
    )
    total = np.sqrt(spread.tau**2 + error**2)
    z = np.full(len(gap), np.nan)
    np.divide(difference - typical, total, out=z, where=known & (total > 0))
    p = norm.sf(z)
    q = adjust_p(p)
    return UnverifiableGap(
        difference=difference,
        std_error=error,
        typical=typical,
        spread=spread,
        z=z,
        p_value=p,
        q_value=q,
        flagged=q <= fdr,
        fdr=fdr,
    )
