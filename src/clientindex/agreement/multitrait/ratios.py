r"""Heterotrait-monotrait ratios with the two methods in the place of indicators.

For groups g and h, with r(g, h) the correlation of the survey's g with the checklist's h:

.. math::
   \text{HTMT}_{between} &= \frac{(|r(g, h)| + |r(h, g)|) / 2}{\sqrt{r(g, g)\, r(h, h)}} \\
   \text{HTMT2}_{between} &= \sqrt{\frac{|r(g, h)|\, |r(h, g)|}{r(g, g)\, r(h, h)}}

estimate the correlation of two traits from correlations between methods alone, so that halo and
checklist method do not enter. Variances cancel in the second: it is the same with and without any
correction, as long as errors are unrelated between the methods. ``htmt_all`` is the usual ratio,
with the correlations inside either method in its numerator: the distance to the others shows what
the methods add.

References
----------
Henseler J., Ringle C. M., Sarstedt M. A new criterion for assessing discriminant validity in
variance-based structural equation modeling. Journal of the Academy of Marketing Science, 2015, 43,
115-135. doi:10.1007/s11747-014-0403-8
Roemer E., Schuberth F., Henseler J. HTMT2 - an improved criterion for assessing discriminant
validity in structural equation modeling. Industrial Management & Data Systems, 2021, 121(12),
2637-2650. doi:10.1108/IMDS-02-2021-0082
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.validity.htmt import compute_htmt

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATIOS = ("htmt_between", "htmt2_between", "htmt_all")

UNDEFINED_RATIO = "undefined: a group does not correlate positively over the two methods"


def compute_method_htmt(r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the three ratios of every pair of groups.

    Parameters
    ----------
    r : ndarray of shape (..., 2 G, 2 G)
        Survey first.

    Returns
    -------
    ndarray of shape (..., 3, G (G - 1) / 2)
        Rows as :data:`RATIOS`, pairs in the order of ``numpy.triu_indices(G, 1)``. NaN where one
        of the two groups does not correlate positively over the methods: a ratio to no agreement
        says nothing.
    """
    groups = r.shape[-1] // 2
    first, second = np.triu_indices(groups, 1)
    cross = r[..., :groups, groups:]
    same = np.diagonal(cross, axis1=-2, axis2=-1)
    own = np.where(same > 0, same, np.nan)
    inside = np.sqrt(own[..., first] * own[..., second])
    above, below = np.abs(cross[..., first, second]), np.abs(cross[..., second, first])
    usual, _ = compute_htmt(r, np.tile(np.eye(groups, dtype=bool), (1, 2)))
    usual = np.where(np.isnan(inside), np.nan, usual)
    ratios = [(above + below) / 2 / inside, np.sqrt(above * below) / inside, usual]
    return np.stack(ratios, axis=-2)
