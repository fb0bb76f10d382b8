"""How far two categories agree: 1 on the diagonal, less the further they are apart.

References
----------
Gwet K. L. Handbook of Inter-Rater Reliability. Advanced Analytics, 4th edition, 2014.
Cohen J. Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial
credit. Psychological Bulletin, 1968, 70(4), 213-220. doi:10.1037/h0026256
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Weights = Literal["unweighted", "linear", "quadratic", "ordinal"]
KINDS: tuple[Weights, ...] = ("unweighted", "linear", "quadratic", "ordinal")


def compute_weights(categories: NDArray[np.float64], kind: Weights) -> NDArray[np.float64]:
    """Compute agreement weights.

    ``linear`` is ``1 - |a - b| / (max - min)`` and ``quadratic`` its square's; both use the values
    of categories. ``ordinal`` uses their places only: ``1 - m (m - 1) / M``, with m the number of
    categories from one to the other and M the largest ``m (m - 1)``. Equal to those of R irrCAC.

    Parameters
    ----------
    categories : ndarray of shape (q,)
        Distinct values in ascending order.
    kind : {"unweighted", "linear", "quadratic", "ordinal"}

    Returns
    -------
    ndarray of shape (q, q)

    Raises
    ------
    ValueError
        For an unknown kind.
    """
    if kind not in KINDS:
        msg = f"weights must be one of {', '.join(KINDS)}, not {kind!r}"
        raise ValueError(msg)
    q = len(categories)
    if kind == "unweighted" or q == 1:
        return np.eye(q)
    place = np.arange(q) if kind == "ordinal" else categories
    apart = np.abs(place[:, None] - place[None, :]).astype(np.float64)
    if kind == "quadratic":
        apart = apart**2
    elif kind == "ordinal":
        apart = apart * (apart + 1)
    return np.asarray(1 - apart / apart.max())
