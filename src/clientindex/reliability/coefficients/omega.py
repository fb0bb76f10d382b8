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

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.exploration.newton import LOWEST, minimise, start_uniquenesses

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST = 3
"""Two indicators have one correlation, which does not tell two loadings apart."""

SMALLEST_EIGENVALUE = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneFactor:
    """Minres solutions with one factor of B correlation matrices.

    Attributes
    ----------
    loadings : ndarray of shape (B, k)
        Signed so that their sum is not negative; NaN where there is no solution.
    heywood : bool ndarray of shape (B, k)
        Whose uniqueness is on its lower bound.
    """

    loadings: NDArray[np.float64]
    heywood: NDArray[np.bool_]


def fit_one_factor(r: NDArray[np.float64]) -> OneFactor:
    """Fit one minres factor to every matrix of a stack (B, k, k); NaN for k < 3.

    Replicates resemble their sample, so all walks start where the first matrix has its minimum.
    """
    size, k = r.shape[:2]
    loadings = np.full((size, k), np.nan)
    heywood = np.zeros((size, k), dtype=bool)
    if k < FEWEST:
        return OneFactor(loadings=loadings, heywood=heywood)
    usable = np.asarray(np.isfinite(r).all(axis=(1, 2)))
    usable[usable] = np.linalg.eigvalsh(r[usable])[:, 0] > SMALLEST_EIGENVALUE
    if usable.any():
        own = r[usable]
        first = minimise(own[:1], n_factors=1, method="minres", start=start_uniquenesses(own[:1]))
        start = first.uniquenesses if first.converged[0] else start_uniquenesses(own)
        found = minimise(own, n_factors=1, method="minres", start=start)
        signed = found.loadings[:, :, 0]
        signed = signed * np.where(signed.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
        loadings[usable] = np.where(found.converged[:, None], signed, np.nan)
        heywood[usable] = found.uniquenesses <= LOWEST * (1 + 1e-6)
    return OneFactor(loadings=loadings, heywood=heywood)


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
