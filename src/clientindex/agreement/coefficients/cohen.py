r"""Cohen's kappa of two raters, unweighted or weighted.

:math:`\kappa = (p_o - p_e) / (1 - p_e)` with :math:`p_o = \sum w_{ij} p_{ij}` and :math:`p_e = \sum
w_{ij} p_{i \cdot} p_{\cdot j}`. The quadratic kappa is near to an intraclass correlation and falls
with unequal margins as that does with a bias.

References
----------
Cohen J. A coefficient of agreement for nominal scales. Educational and Psychological Measurement,
1960, 20(1), 37-46. doi:10.1177/001316446002000104
Fleiss J. L., Cohen J., Everitt B. S. Large sample standard errors of kappa and weighted kappa.
Psychological Bulletin, 1969, 72(5), 323-327. doi:10.1037/h0028106
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from clientindex.agreement.coefficients.estimate import Estimate, leave_undefined
from clientindex.agreement.coefficients.ratings import (
    check_ratings,
    find_categories,
    mark_categories,
)
from clientindex.agreement.coefficients.weights import compute_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.coefficients.weights import Weights

UNDEFINED_NO_PAIRS = "undefined: no unit has both ratings"
UNDEFINED_CERTAIN = "undefined: agreement by chance is certain"
CERTAIN = 1 - 1e-12


def estimate_cohen(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    level: float,
    weights: Weights = "unweighted",
    categories: NDArray[np.float64] | None = None,
) -> Estimate:
    """Estimate Cohen's kappa with its large-sample interval.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Categories as numbers; units with a NaN are dropped.
    level : float
    weights : {"unweighted", "linear", "quadratic", "ordinal"}
    categories : ndarray of shape (q,), optional
        All possible categories; those that occur when not given.

    Returns
    -------
    Estimate
        Undefined (NaN) without complete units, or where both raters used one and the same category.

    Raises
    ------
    ValueError
        For arguments of unequal length, ratings outside the categories, unknown weights or a level
        outside 0 to 1.

    Notes
    -----
    Agrees with R ``irr::kappa2``, ``vcd::Kappa`` and ``DescTools::CohenKappa`` to 1e-12; psych
    2.2.9's interval of weighted kappa is wrong.
    """
    if x.ndim != 1 or x.shape != y.shape:
        msg = f"x and y must be vectors of one length, not of shapes {x.shape} and {y.shape}"
        raise ValueError(msg)
    ratings = np.column_stack([x, y])
    check_ratings(ratings, level=level)
    ratings = ratings[~np.isnan(ratings).any(axis=1)]
    found = find_categories(ratings, categories)
    w = compute_weights(found, weights)
    n = len(ratings)
    if n == 0:
        return leave_undefined(UNDEFINED_NO_PAIRS, level=level, n=0)
    marks = mark_categories(ratings, found)
    table = marks[:, 0].T @ marks[:, 1] / n
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    chance = float(rows @ w @ columns)
    if chance >= CERTAIN:
        return leave_undefined(UNDEFINED_CERTAIN, level=level, n=n)
    kappa = (float((w * table).sum()) - chance) / (1 - chance)
    own = (w @ columns)[:, None] + (rows @ w)[None, :]
    squares = float((table * (w - own * (1 - kappa)) ** 2).sum())
    se = np.sqrt(max(squares - (kappa - chance * (1 - kappa)) ** 2, 0.0) / n) / (1 - chance)
    margin = float(norm.ppf((1 + level) / 2) * se)
    return Estimate(
        estimate=kappa,
        std_error=float(se),
        ci_low=kappa - margin,
        ci_high=kappa + margin,
        level=level,
        n=n,
        method="normal, Fleiss, Cohen and Everitt 1969",
    )
