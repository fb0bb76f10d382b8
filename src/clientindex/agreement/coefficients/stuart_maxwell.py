r"""Whether two raters use the categories equally often: Stuart and Maxwell's test.

With d the differences of row and column totals of the square table, without the last category, and
S their covariance under equal margins (:math:`s_{ii} = n_{i\cdot} + n_{\cdot i} - 2 n_{ii}`,
:math:`s_{ij} = -(n_{ij} + n_{ji})`), :math:`d' S^{-1} d` is chi-square. For two categories it is
McNemar's test.

References
----------
Stuart A. A test for homogeneity of the marginal distributions in a two-way classification.
Biometrika, 1955, 42(3-4), 412-416. doi:10.1093/biomet/42.3-4.412
Maxwell A. E. Comparing the classification of subjects by two independent judges. British Journal of
Psychiatry, 1970, 116(535), 651-655. doi:10.1192/bjp.116.535.651
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import connected_components
from scipy.stats import chi2

from clientindex.agreement.coefficients.ratings import find_categories, mark_categories

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNDEFINED_AGREEMENT = "undefined: the raters never differ"
UNDEFINED_NO_PAIRS = "undefined: no unit has both ratings"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginalHomogeneity:
    """Stuart and Maxwell's test.

    Attributes
    ----------
    statistic, p_value : float
        NaN where undefined.
    df : int
        Categories with disagreement, less one for every group of them linked by disagreement.
    n : int
        Units with both ratings.
    dropped : tuple of float
        Categories that no disagreement involves: they say nothing of the margins.
    method : str
        Or why it is undefined.
    """

    statistic: float
    p_value: float
    df: int
    n: int
    dropped: tuple[float, ...]
    method: str


def compare_margins(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    categories: NDArray[np.float64] | None = None,
) -> MarginalHomogeneity:
    """Test that both raters use every category equally often.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Categories as numbers; units with a NaN are dropped.
    categories : ndarray of shape (q,), optional
        All possible categories; those that occur when not given.

    Returns
    -------
    MarginalHomogeneity

    Raises
    ------
    ValueError
        For arguments of unequal length, or ratings outside the categories.

    Notes
    -----
    Categories outside every disagreement, used or not, leave a row of zeros in S and are dropped;
    so is one category of every group that exchanges units within itself only, where S is singular
    and statsmodels fails or returns noise. Agrees with ``statsmodels`` ``SquareTable.homogeneity``
    on other tables to 1e-10.
    """
    if x.ndim != 1 or x.shape != y.shape:
        msg = f"x and y must be vectors of one length, not of shapes {x.shape} and {y.shape}"
        raise ValueError(msg)
    pairs = np.column_stack([x, y])
    pairs = pairs[~np.isnan(pairs).any(axis=1)]
    found = find_categories(pairs, categories)
    marks = mark_categories(pairs, found)
    table = marks[:, 0].T @ marks[:, 1]
    moved = table + table.T
    np.fill_diagonal(moved, 0)
    active = moved.any(axis=1)
    dropped = tuple(float(value) for value in found[~active])
    if not active.any():
        return MarginalHomogeneity(
            statistic=float("nan"),
            p_value=float("nan"),
            df=0,
            n=len(pairs),
            dropped=dropped,
            method=UNDEFINED_AGREEMENT if len(pairs) else UNDEFINED_NO_PAIRS,
        )
    gap = (table.sum(axis=1) - table.sum(axis=0))[active]
    statistic, df = _compute(gap, moved[np.ix_(active, active)])
    return MarginalHomogeneity(
        statistic=statistic,
        p_value=float(chi2.sf(statistic, df)),
        df=df,
        n=len(pairs),
        dropped=dropped,
        method="Stuart and Maxwell, chi-square",
    )


def _compute(gap: NDArray[np.float64], moved: NDArray[np.float64]) -> tuple[float, int]:
    """Return the statistic and its degrees of freedom."""
    groups, label = connected_components(moved > 0, directed=False)
    covariance = np.diag(moved.sum(axis=1)) - moved
    last = np.zeros(len(gap), dtype=bool)
    last[[int(np.flatnonzero(label == g)[-1]) for g in range(groups)]] = True
    kept = covariance[np.ix_(~last, ~last)]
    return float(gap[~last] @ np.linalg.solve(kept, gap[~last])), int((~last).sum())
