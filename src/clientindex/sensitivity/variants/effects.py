r"""Which choice matters most: analysis of variance of the grid.

The share of changed stars y of the variants is explained by an additive model with the choices of
every dimension. A dimension's share of variance is the sum of squares lost without it, divided by
the total (:math:`\eta^2`, type II). In a full grid dimensions are orthogonal and this is the usual
main effect, :math:`\sum_c n_c (\bar y_c - \bar y)^2`; where variants were left out it is what the
dimension adds to all others.

References
----------
Cohen J. Eta-squared and partial eta-squared in fixed factor ANOVA designs. Educational and
Psychological Measurement, 1973, 33(1), 107-112. doi:10.1177/001316447303300111
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_VARIANCE = 1e-14
"""Sums of squares of shares up to this are rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effects:
    """Main effects of D dimensions.

    Attributes
    ----------
    share : ndarray of shape (D,)
        Of the variance; NaN where nothing varies.
    additive_share : float
        Of all main effects together; the rest are interactions.
    """

    share: NDArray[np.float64]
    additive_share: float


def compute_effects(y: NDArray[np.float64], codes: NDArray[np.intp]) -> Effects:
    """Compute main effects.

    Parameters
    ----------
    y : ndarray of shape (V,)
    codes : int ndarray of shape (V, D)
        Number of the choice of every variant in every dimension.
    """
    n_dimensions = codes.shape[1]
    total = float(((y - y.mean()) ** 2).sum())
    if total <= NO_VARIANCE:
        return Effects(share=np.full(n_dimensions, np.nan), additive_share=np.nan)
    full = _leave(y, codes)
    lost = [_leave(y, np.delete(codes, d, axis=1)) - full for d in range(n_dimensions)]
    return Effects(
        share=np.maximum(np.array(lost), 0.0) / total, additive_share=max(1 - full / total, 0.0)
    )


def _leave(y: NDArray[np.float64], codes: NDArray[np.intp]) -> float:
    """Return the residual sum of squares of the additive model."""
    columns = [np.ones(len(y))]
    for choice in codes.T:
        columns += [(choice == value).astype(np.float64) for value in np.unique(choice)[1:]]
    design = np.column_stack(columns)
    fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return float(((y - fitted) ** 2).sum())
