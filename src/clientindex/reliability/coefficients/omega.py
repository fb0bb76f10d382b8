"""McDonald's omega and its relatives from one common factor.

References
----------
McDonald R. P. Test Theory: A Unified Treatment. Erlbaum, 1999, chapter 6.
Hancock G. R., Mueller R. O. Rethinking construct reliability within latent variable systems. In:
Structural Equation Modeling: Present and Future, 2001, 195-216.
Fornell C., Larcker D. F. Evaluating structural equation models with unobservable variables and
measurement error. Journal of Marketing Research, 1981, 18(1), 39-50. doi:10.2307/3151312
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.exploration.newton import LOWEST

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_omega(
    loadings: NDArray[np.float64], sd: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Compute what one factor says of the sum of k indicators.

    With standardised loadings l and unstandardised ones ``l s``: omega total
    ``(sum l s)^2 / ((sum l s)^2 + sum s^2 (1 - l^2))``; composite reliability is the same of
    standardised indicators; coefficient H ``1 / (1 + 1 / sum l^2 / (1 - l^2))``, the reliability of
    the best weighted sum; average variance extracted ``mean l^2``.

    Parameters
    ----------
    loadings : ndarray of shape (..., k)
    sd : ndarray of shape (..., k)
        Standard deviations.

    Returns
    -------
    dict
        "omega_total", "composite_reliability", "coefficient_h", "ave", each of shape (...).
    """
    squares = loadings**2
    raw = (loadings * sd).sum(axis=-1) ** 2
    plain = loadings.sum(axis=-1) ** 2
    unique = (1 - squares).sum(axis=-1)
    information = (squares / np.maximum(1 - squares, LOWEST)).sum(axis=-1)
    return {
        "omega_total": np.asarray(raw / (raw + (sd**2 * (1 - squares)).sum(axis=-1))),
        "composite_reliability": np.asarray(plain / (plain + unique)),
        "coefficient_h": np.asarray(information / (1 + information)),
        "ave": np.asarray(squares.mean(axis=-1)),
    }
