"""A rotated factor solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """A rotated factor solution of K indicators and F factors.

    Attributes
    ----------
    loadings : ndarray of shape (K, F)
        Pattern loadings.
    phi : ndarray of shape (F, F)
        Correlations of the factors in the order of the columns of `loadings`.
    """

    loadings: NDArray[np.float64]
    phi: NDArray[np.float64]

    def reorder(self, order: NDArray[np.intp], signs: NDArray[np.float64]) -> Solution:
        """Return the solution with its factors in another order and with other signs."""
        return Solution(
            loadings=self.loadings[:, order] * signs,
            phi=self.phi[order[:, None], order] * signs[:, None] * signs,
        )
