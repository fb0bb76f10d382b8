"""How well a factor model fits: the measures of R ``psych::fa``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import chdtrc
from scipy.stats import ncx2

from clientindex.factors.exploration.newton import LOWEST

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_implied(loadings: NDArray[np.float64], phi: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the correlations ``L Phi L' + Psi`` that a model implies.

    Uniquenesses ``Psi`` make the diagonal 1; those of Heywood cases are the lowest allowed, so the
    matrix is always positive definite.
    """
    implied: NDArray[np.float64] = loadings @ phi @ loadings.T
    np.fill_diagonal(implied, np.maximum(np.diagonal(implied) + LOWEST, 1.0))
    return implied


def compute_fit(
    r: NDArray[np.float64],
    implied: NDArray[np.float64],
    *,
    n_factors: int,
    df: int,
    n: int,
    level: float,
) -> pd.DataFrame:
    """Compute chi-square, RMSEA with its interval, TLI, BIC and RMSR.

    With ``F = tr(S^-1 R) - log det(S^-1 R) - K`` of the implied ``S`` and ``F0`` that of the
    identity: ``chi2 = F (n - 1 - (2K + 5) / 6 - 2 f / 3)`` for f factors (Bartlett's factor);
    ``rmsea = sqrt(max(chi2 / (df n) - 1 / (n - 1), 0))`` with the interval of its non-central
    chi-square; ``tli = (F0 / df0 - F / df) / (F0 / df0 - 1 / m)`` with the factor m of chi-square;
    ``bic = chi2 - df log n``; ``rmsr`` the root mean square of residual correlations. Respondents
    count as independent. Agrees with R ``psych::fa`` to 1e-4. What needs degrees of freedom is
    NaN when there are none.

    Parameters
    ----------
    r, implied : ndarray of shape (K, K)
    n_factors, df : int
    n : int
        Respondents; with pairwise correlations the smallest number behind any of them.
    level : float
        Of the interval of RMSEA.

    Returns
    -------
    DataFrame
        ``statistic``, ``estimate``, ``ci_low``, ``ci_high``.

    References
    ----------
    Bartlett M. S. A further note on the multiplying factors for various chi-square approximations
    in factor analysis. Journal of the Royal Statistical Society B, 1954, 16(2), 296-298.
    Steiger J. H. Structural model evaluation and modification: an interval estimation approach.
    Multivariate Behavioral Research, 1990, 25(2), 173-180. doi:10.1207/s15327906mbr2502_4
    """
    n_items = len(r)
    factor = n - 1 - (2 * n_items + 5) / 6 - 2 * n_factors / 3
    discrepancy = _compute_discrepancy(r, implied)
    chi2 = max(discrepancy * factor, 0.0)
    residual = (r - implied)[np.triu_indices(n_items, 1)]
    low = high = p = rmsea = tli = np.nan
    if df > 0:
        p = float(chdtrc(df, chi2))
        rmsea = float(np.sqrt(max(chi2 / (df * n) - 1 / (n - 1), 0)))
        low, high = compute_rmsea_interval(chi2, df=df, n=n, level=level)
        null = _compute_discrepancy(r, np.eye(n_items)) / (n_items * (n_items - 1) / 2)
        tli = (null - discrepancy / df) / (null - 1 / factor)
    rows = {
        "chi2": chi2,
        "df": float(df),
        "p": p,
        "rmsea": rmsea,
        "tli": tli,
        "bic": chi2 - df * np.log(n),
        "rmsr": float(np.sqrt(np.mean(residual**2))),
    }
    frame = pd.DataFrame({"statistic": list(rows), "estimate": list(rows.values())})
    is_rmsea = frame["statistic"] == "rmsea"
    return frame.assign(
        ci_low=np.where(is_rmsea, low, np.nan), ci_high=np.where(is_rmsea, high, np.nan)
    )


def _compute_discrepancy(r: NDArray[np.float64], implied: NDArray[np.float64]) -> float:
    ratio = np.linalg.solve(implied, r)
    return float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(r))


def compute_rmsea_interval(chi2: float, *, df: int, n: int, level: float) -> tuple[float, float]:
    """Compute the interval of RMSEA from the non-central chi-square distribution.

    Its ends are ``sqrt(l / ((n - 1) df))`` where chi2 is the upper and the lower quantile of the
    distribution with non-centrality l; 0 where there is no such l.

    Returns
    -------
    low, high : float
    """
    tail = (1 - level) / 2
    return (
        _solve_rmsea(chi2, df=df, n=n, probability=1 - tail),
        _solve_rmsea(chi2, df=df, n=n, probability=tail),
    )


def _solve_rmsea(chi2: float, *, df: int, n: int, probability: float) -> float:
    if 1 - chdtrc(df, chi2) <= probability:
        return 0.0
    highest = chi2 + 20 * np.sqrt(chi2) + 100
    root = brentq(lambda x: float(ncx2.cdf(chi2, df, x)) - probability, 1e-12, highest)
    return float(np.sqrt(root / ((n - 1) * df)))
