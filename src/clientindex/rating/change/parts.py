r"""A change of a mean told in parts that sum to it, each with an interval over centres.

Every part is a sum of means with signs, over sets of centres that overlap. A mean over m centres is
moved by centre c by :math:`(y_c - \bar y) / m`; the moves of one centre in all means are summed
before they are squared, so that a centre that is in both editions counts as one:
:math:`se^2 = \sum_c (\sum_j \pm (y_{cj} - \bar y_j) / \sqrt{m_j (m_j - 1)})^2`. For two means over
the same centres it is the paired standard error, for two without common centres Welch's.

References
----------
Binder D. A. On the variances of asymptotically normal estimators from complex surveys.
International Statistical Review, 1983, 51(3), 279-292. doi:10.2307/1402588
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

if TYPE_CHECKING:
    from numpy.typing import NDArray

ONE_CENTRE, NO_CENTRES = "one_centre", "no_comparable_centres"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOfChange:
    """A part of a change; NaN where undefined.

    Attributes
    ----------
    estimate, std_error, ci_low, ci_high, p_value : float
        Points; the test is of no change, NaN where nothing varies.
    n : int
        Centres that it is computed from.
    reason : str
        Why there is no estimate or no interval, else "".
    """

    estimate: float = np.nan
    std_error: float = np.nan
    ci_low: float = np.nan
    ci_high: float = np.nan
    p_value: float = np.nan
    n: int = 0
    reason: str = ""


def sum_means(values: list[NDArray[np.float64]], signs: list[int], *, level: float) -> PartOfChange:
    """Sum signed means over centres, with an interval.

    Parameters
    ----------
    values : list of ndarray of shape (U,)
        Each over the same U centres; NaN for centres that are not in that mean.
    signs : list of {1, -1}
    level : float

    Notes
    -----
    Student's t with the centres of the smallest mean less one. A mean over one centre leaves the
    interval undefined (``one_centre``), one over none the estimate (``no_comparable_centres``).
    Centres are taken as drawn: sets are not fixed.

    Examples
    --------
    >>> import numpy as np
    >>> after, before = np.array([3.0, 5.0, 7.0]), np.array([1.0, 2.0, 3.0])
    >>> part = sum_means([after, before], [1, -1], level=0.95)
    >>> part.estimate, round(part.std_error, 6)
    (3.0, 0.57735)
    """
    known = [~np.isnan(value) for value in values]
    used = int(np.any(known, axis=0).sum())
    sizes = [int(inside.sum()) for inside in known]
    if min(sizes) == 0:
        return PartOfChange(n=used, reason=NO_CENTRES)
    means = [value[inside].mean() for value, inside in zip(values, known, strict=True)]
    estimate = float(np.dot(signs, means))
    if min(sizes) == 1:
        return PartOfChange(estimate=estimate, n=used, reason=ONE_CENTRE)
    moves = np.zeros(len(values[0]))
    for value, inside, mean, sign in zip(values, known, means, signs, strict=True):
        size = int(inside.sum())
        scale = sign / np.sqrt(size * (size - 1))
        moves += np.where(inside, scale * (np.nan_to_num(value) - mean), 0.0)
    error = float(np.sqrt(moves @ moves))
    df = min(sizes) - 1
    margin = float(student.ppf((1 + level) / 2, df)) * error
    return PartOfChange(
        estimate=estimate,
        std_error=error,
        ci_low=estimate - margin,
        ci_high=estimate + margin,
        p_value=float(2 * student.sf(abs(estimate) / error, df)) if error > 0 else np.nan,
        n=used,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoresOfCentres:
    """Scores of the U centres of both editions in one region; NaN where a centre has none.

    Attributes
    ----------
    published_before, published_after : ndarray of shape (U,)
        Of centres of the region in that edition.
    method_before, method_after : ndarray of shape (U,)
        Under one method, all segments.
    common_before, common_after : ndarray of shape (U,)
        Under one method, in the segments of both editions; comparable centres only.
    """

    published_before: NDArray[np.float64]
    published_after: NDArray[np.float64]
    method_before: NDArray[np.float64]
    method_after: NDArray[np.float64]
    common_before: NDArray[np.float64]
    common_after: NDArray[np.float64]

    @property
    def comparable(self) -> NDArray[np.bool_]:
        """Centres whose change can be told under one method."""
        return ~np.isnan(self.common_before) & ~np.isnan(self.common_after)


def split_change(scores: ScoresOfCentres, *, level: float) -> dict[str, PartOfChange]:
    """Split the change of the mean index into method, composition and service.

    Parameters
    ----------
    scores : ScoresOfCentres
    level : float

    Returns
    -------
    dict
        "total", "method", "composition", "service", then "method_before", "method_after",
        "unscored", "gone_centres", "new_centres", "segments".

    Notes
    -----
    From the published mean before to the published mean after, one step at a time:

    ============= ==================================================================
    unscored      published before: all centres -> those that have a score by the one method
    method_before those: published -> by the one method
    gone_centres  by the one method: those -> comparable centres
    segments      comparable centres: all segments -> common segments
    service       comparable centres, common segments: before -> after
    ============= ==================================================================

    and the same steps backwards to the published mean after, with new centres in place of those
    that are gone. What a step is called depends on the order where steps interact: composition is
    told by the one method, not by the published ones. Parts sum to the total exactly.
    """
    s = scores
    old, new = s.published_before, s.published_after
    comparable = s.comparable
    old_scored = np.where(np.isnan(s.method_before), np.nan, old)
    new_scored = np.where(np.isnan(s.method_after), np.nan, new)
    old_whole = np.where(comparable, s.method_before, np.nan)
    new_whole = np.where(comparable, s.method_after, np.nan)
    method_before = [(s.method_before, 1), (old_scored, -1)]
    method_after = [(new_scored, 1), (s.method_after, -1)]
    unscored = [(old_scored, 1), (old, -1), (new, 1), (new_scored, -1)]
    gone = [(old_whole, 1), (s.method_before, -1)]
    added = [(s.method_after, 1), (new_whole, -1)]
    segments = [
        (s.common_before, 1),
        (old_whole, -1),
        (new_whole, 1),
        (s.common_after, -1),
    ]
    steps = {
        "total": [(new, 1), (old, -1)],
        "method": [*method_before, *method_after],
        "composition": [*unscored, *gone, *added, *segments],
        "service": [(s.common_after, 1), (s.common_before, -1)],
        "method_before": method_before,
        "method_after": method_after,
        "unscored": unscored,
        "gone_centres": gone,
        "new_centres": added,
        "segments": segments,
    }
    return {
        name: sum_means([v for v, _ in pairs], [sign for _, sign in pairs], level=level)
        for name, pairs in steps.items()
    }
