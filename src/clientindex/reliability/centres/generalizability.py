r"""Generalizability of centre scores: indicators crossed with respondents nested in centres.

An answer is :math:`x_{cri} = \mu + c + i + ci + r(c) + ri(c)`. Components follow from the
covariances within centres, W, and between them, T (see :mod:`clientindex.factors.levels`):

.. math:: \sigma^2_c = \overline{T_{ij}}, \; \sigma^2_{ci} = \overline{T_{ii}} - \sigma^2_c, \;
          \sigma^2_{r:c} = \overline{W_{ij}}, \;
          \sigma^2_{ri:c} = \overline{W_{ii}} - \sigma^2_{r:c}

and that of indicators from the variance of their means. On balanced complete data these are the
estimators of the analysis of variance. They may be negative; then 0 stands for them in what follows
from them.

The decision study asks how well a centre is known from k indicators and n respondents:

.. math:: E\rho^2 = \frac{\sigma^2_c}{\sigma^2_c + \sigma^2_{ci}/k + \sigma^2_{r:c}/n +
          \sigma^2_{ri:c}/(kn)}, \quad
          \Phi = \frac{\sigma^2_c}{\ldots + \sigma^2_i / k}

where indicators are a sample of those that could be asked. Where they are all there is ("fixed"),
:math:`\sigma^2_{ci}/k` is part of what is measured and :math:`\sigma^2_i` is not an error.

References
----------
Brennan R. L. Generalizability Theory. Springer, 2001, chapters 3 and 4 and 7.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.levels import LevelCovariances

COMPONENTS = ("centre", "indicator", "centre_indicator", "respondent", "residual")

COEFFICIENTS = ("relative", "absolute", "fixed")


def compute_components(
    levels: LevelCovariances,
    means: NDArray[np.float64],
    sizes: NDArray[np.float64],
) -> dict[str, NDArray[np.float64]]:
    """Compute the components of :data:`COMPONENTS`.

    Parameters
    ----------
    levels : LevelCovariances
        Of leading shape (B,) and k >= 2 indicators in points.
    means : ndarray of shape (B, k)
        Means of the indicators over all respondents.
    sizes : ndarray of shape (2, B)
        Respondents, and the sum of squared respondents of centres.

    Returns
    -------
    dict of ndarray of shape (B,)
    """
    centre, centre_all = _average(levels.between)
    respondent, respondent_all = _average(levels.within)
    crossed, residual = centre_all - centre, respondent_all - respondent
    n, squares = sizes
    indicator = means.var(axis=1, ddof=1) - crossed * squares / n**2 - residual / n
    return {
        "centre": centre,
        "indicator": indicator,
        "centre_indicator": crossed,
        "respondent": respondent,
        "residual": residual,
    }


def _average(matrices: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean off the diagonal and on it, each of shape (B,)."""
    k = matrices.shape[-1]
    diagonal = np.trace(matrices, axis1=1, axis2=2)
    return (matrices.sum(axis=(1, 2)) - diagonal) / (k * (k - 1)), diagonal / k


def compute_decision(
    components: dict[str, NDArray[np.float64]], k: NDArray[np.float64], n: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Compute the coefficients of :data:`COEFFICIENTS`.

    Parameters
    ----------
    components : dict of ndarray of shape (B,)
    k, n : ndarray of shape (D,)
        Indicators and respondents a centre.

    Returns
    -------
    dict of ndarray of shape (B, D)
        NaN where there is no variance at all.
    """
    known = {name: np.maximum(values, 0.0)[:, None] for name, values in components.items()}
    universe = known["centre"]
    listed = known["centre_indicator"] / k
    noise = known["respondent"] / n + known["residual"] / (k * n)
    with np.errstate(invalid="ignore"):
        return {
            "relative": universe / (universe + listed + noise),
            "absolute": universe / (universe + listed + noise + known["indicator"] / k),
            "fixed": (universe + listed) / (universe + listed + noise),
        }
