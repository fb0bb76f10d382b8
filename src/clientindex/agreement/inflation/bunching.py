"""Do checklists stand just above the cuts of the stars more often than just below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binomtest

from clientindex.errors import StatisticsError
from clientindex.results.base import make_tidy

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

EVEN_SHARE = 0.5
"""Share above a cut when the density is level in its window."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bunching:
    """Centres just below and just above cuts, the last row all cuts together.

    Attributes
    ----------
    cuts : ndarray of shape (K + 1,)
        NaN for all together.
    below, above : int ndarray of shape (K + 1,)
        Centres in [cut - width, cut) and in [cut, cut + width).
    share, ci_low, ci_high : ndarray of shape (K + 1,)
        Share above, with the exact interval; NaN where no centre is in the window.
    p_value : ndarray of shape (K + 1,)
        Exact binomial, one-sided: at least so many above; NaN where no centre is in the window.
    level, width, expected_share : float
    """

    cuts: NDArray[np.float64]
    below: NDArray[np.intp]
    above: NDArray[np.intp]
    share: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    p_value: NDArray[np.float64]
    level: float
    width: float
    expected_share: float

    def tidy(self) -> pd.DataFrame:
        """Return the share above each cut, and above all cuts together."""
        return make_tidy(
            {
                "subject": [*(f"{cut:g}" for cut in self.cuts[:-1]), "all"],
                "statistic": "share_above_cut",
                "estimate": self.share,
                "ci_low": self.ci_low,
                "ci_high": self.ci_high,
                "level": self.level,
                "method": "exact binomial",
                "n": self.below + self.above,
            }
        )


def count_at_cuts(
    scores: NDArray[np.float64], *, cuts: NDArray[np.float64], width: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Count scores in [cut - width, cut) and [cut, cut + width) of every cut."""
    edges = np.concatenate([cuts - width, cuts, cuts + width])
    before = np.searchsorted(np.sort(scores), edges, side="left")
    start, middle, end = before.reshape(3, -1)
    return middle - start, end - middle


def find_bunching(
    scores: NDArray[np.float64],
    *,
    cuts: NDArray[np.float64],
    width: float,
    level: float,
    expected_share: float = EVEN_SHARE,
) -> Bunching:
    """Test whether scores bunch just above cuts.

    Parameters
    ----------
    scores : ndarray of shape (C,)
        Checklist scores; missing ones are left out.
    cuts : ndarray of shape (K,)
        Where a star begins; a score on the cut has the star.
    width : float
        Half of a window, points. Where scores lie on a grid take a whole number of its steps, or
        the two halves hold different numbers of possible scores.
    level : float
    expected_share : float
        Share above without bunching: one half when the density is level in the window. On a slope
        it is not: take narrow windows, or give the share that the slope implies.

    Raises
    ------
    StatisticsError
        When the width is not positive, or windows of two cuts overlap and would count twice.

    Notes
    -----
    Shows a habit of many centres, never which ones: among centres above a cut most are where they
    should be. Bunching appears only where staff know the cuts and steer to them.

    References
    ----------
    McCrary J. Manipulation of the running variable in the regression discontinuity design. Journal
    of Econometrics, 2008, 142(2), 698-714. doi:10.1016/j.jeconom.2007.05.005
    Cattaneo M. D., Titiunik R., Vazquez-Bare G. Comparing inference approaches for RD designs.
    Journal of Policy Analysis and Management, 2017, 36(3), 643-681. doi:10.1002/pam.21985
    """
    cuts = np.sort(np.asarray(cuts, dtype=np.float64))
    _check_windows(cuts, width)
    known = scores[np.isfinite(scores)]
    below, above = count_at_cuts(known, cuts=cuts, width=width)
    below, above = np.append(below, below.sum()), np.append(above, above.sum())
    rows = [
        _test(int(a), int(b + a), expected_share, level) for b, a in zip(below, above, strict=True)
    ]
    share, p_value, low, high = np.array(rows).T
    return Bunching(
        cuts=np.append(cuts, np.nan),
        below=below,
        above=above,
        share=share,
        ci_low=low,
        ci_high=high,
        p_value=p_value,
        level=level,
        width=width,
        expected_share=expected_share,
    )


def _check_windows(cuts: NDArray[np.float64], width: float) -> None:
    if not width > 0:
        message = f"the window at a cut needs a positive width, found {width:g}"
        raise StatisticsError(message)
    if len(cuts) > 1 and np.diff(cuts).min() < 2 * width:
        message = (
            f"windows of {width:g} points at cuts {np.diff(cuts).min():g} points apart overlap: "
            "take a smaller width"
        )
        raise StatisticsError(message)


def _test(above: int, both: int, expected: float, level: float) -> tuple[float, ...]:
    """Return share, p-value and exact interval of one window; NaN when it is empty."""
    if both == 0:
        return (float("nan"),) * 4
    p_value = binomtest(above, both, expected, alternative="greater").pvalue
    ends = binomtest(above, both, expected).proportion_ci(level, method="exact")
    return above / both, float(p_value), float(ends.low), float(ends.high)
