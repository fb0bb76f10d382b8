"""Fit measures: chi-squares, incremental and absolute indices, information criteria.

``cfi`` is naive, ``cfi_scaled`` puts scaled chi-squares into the same formula, and ``cfi_robust``
estimates the index of the population (Brosseau-Liard and Savalei 2014); TLI and RMSEA likewise. For
WLSMV they differ widely, and cut-offs were made for the naive index of continuous data. A robust
version for ordinal data needs another discrepancy function (Savalei 2021) and is not given.

References
----------
Bentler P. M. Comparative fit indexes in structural models. Psychological Bulletin, 1990, 107(2),
238-246. doi:10.1037/0033-2909.107.2.238
Browne M. W., Cudeck R. Alternative ways of assessing model fit. Sociological Methods & Research,
1992, 21(2), 230-258. doi:10.1177/0049124192021002005
Brosseau-Liard P. E., Savalei V. Adjusting incremental fit indices for nonnormality. Multivariate
Behavioral Research, 2014, 49(5), 460-470. doi:10.1080/00273171.2014.933697
Brosseau-Liard P. E., Savalei V., Li L. An investigation of the sample performance of two
nonnormality corrections for RMSEA. Multivariate Behavioral Research, 2012, 47(6), 904-930.
doi:10.1080/00273171.2012.715252
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtrc, chndtr, ndtri

from clientindex.factors.confirmatory.implied import imply_level

if TYPE_CHECKING:
    from clientindex.factors.confirmatory.problem import Problem, State
    from clientindex.factors.confirmatory.robust import ScaledTest

RMSEA_LEVEL = 0.90
"""Level of the interval of RMSEA, as everywhere since Browne and Cudeck (1992)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTest:
    """Chi-square of a model, with its scaled version where the estimator has one."""

    chi2: float
    df: int
    scaled: ScaledTest | None


def compute_measures(
    model: ModelTest, baseline: ModelTest, *, n: float, n_groups: int
) -> dict[str, float]:
    """Compute everything that follows from the chi-squares of model and independence model."""
    found = {
        "chi2": model.chi2,
        "df": float(model.df),
        "p": _tail(model.chi2, model.df),
        "baseline_chi2": baseline.chi2,
        "baseline_df": float(baseline.df),
    }
    found |= _compare(model.chi2, model.df, baseline.chi2, baseline.df, "")
    found |= _compute_rmsea(model.chi2, model.df, n, n_groups, "")
    if model.scaled is None or baseline.scaled is None:
        return found
    scaled, base = model.scaled, baseline.scaled
    found |= {
        "chi2_scaled": scaled.chi2,
        "p_scaled": _tail(scaled.chi2, model.df),
        "scaling_factor": scaled.factor,
        "shift": scaled.shift,
        "baseline_chi2_scaled": base.chi2,
    }
    found |= _compare(scaled.chi2, model.df, base.chi2, baseline.df, "_scaled")
    found |= _compute_rmsea(scaled.chi2, model.df, n, n_groups, "_scaled")
    if scaled.shift == 0:
        found |= _compute_robust(model, baseline, found, n=n, n_groups=n_groups)
    return found


def _tail(chi2: float, df: int) -> float:
    return float(chdtrc(df, max(chi2, 0.0))) if df > 0 else float("nan")


def _compare(
    chi2: float, df: float, base_chi2: float, base_df: float, suffix: str
) -> dict[str, float]:
    """Compute CFI and TLI."""
    loss, base_loss = max(chi2 - df, 0.0), max(base_chi2 - base_df, chi2 - df, 0.0)
    cfi = 1 - loss / base_loss if base_loss > 0 else 1.0
    tli = 1.0
    if df > 0 and base_chi2 != base_df:
        tli = 1 - (chi2 - df) / df * base_df / (base_chi2 - base_df)
    return {f"cfi{suffix}": cfi, f"tli{suffix}": tli}


def _compute_rmsea(
    chi2: float, df: int, n: float, n_groups: int, suffix: str, *, factor: float = 1.0
) -> dict[str, float]:
    """Compute RMSEA and its interval; `factor` stretches all of it (robust version)."""
    names = (f"rmsea{suffix}", f"rmsea_ci_low{suffix}", f"rmsea_ci_high{suffix}")
    if df == 0:
        return dict.fromkeys(names, 0.0)
    ends = [_find_noncentrality(chi2, df, tail) for tail in _TAILS]
    noncentral = [max(chi2 - df, 0.0), *ends]
    values = np.sqrt(np.array(noncentral) * factor * n_groups / (n * df))
    return dict(zip(names, map(float, values), strict=True))


_TAILS = ((1 + RMSEA_LEVEL) / 2, (1 - RMSEA_LEVEL) / 2)


def _find_noncentrality(chi2: float, df: int, tail: float) -> float:
    """Return the noncentrality at which a share `tail` of the distribution lies below `chi2`."""
    if chi2 <= 0 or chndtr(chi2, df, 0.0) < tail:
        return 0.0
    if chi2 > LARGE_CHI2:
        z = float(ndtri(tail))
        return float(max(chi2 - df - z * np.sqrt(2 * (2 * chi2 - df)), 0.0))
    high = max(4 * chi2, 100.0)
    return float(brentq(lambda nc: chndtr(chi2, df, nc) - tail, 0.0, high, xtol=1e-10))


LARGE_CHI2 = 1e5
"""From here the noncentral distribution is normal to more digits than are shown."""


def _compute_robust(
    model: ModelTest, baseline: ModelTest, found: dict[str, float], *, n: float, n_groups: int
) -> dict[str, float]:
    """Compute indices of the population: naive chi-squares less scaled degrees of freedom."""
    if model.scaled is None or baseline.scaled is None:
        return {}
    own, base = model.scaled.factor, baseline.scaled.factor
    gap = model.chi2 - own * model.df
    base_gap = baseline.chi2 - base * baseline.df
    loss = max(gap, 0.0)
    robust = {
        "cfi_robust": 1 - loss / max(base_gap, loss) if max(base_gap, loss) > 0 else 1.0,
        "tli_robust": 1 - gap / model.df * baseline.df / base_gap if base_gap > 0 else 1.0,
        "rmsea_robust": float(np.sqrt(loss * n_groups / (n * model.df))),
    }
    stretch = np.sqrt(own)
    robust |= {
        f"{name}_robust": found[f"{name}_scaled"] * stretch
        for name in ("rmsea_ci_low", "rmsea_ci_high")
    }
    return robust


def compute_srmr(problem: Problem, state: State) -> float:
    """Compute the standardised root mean square residual, groups weighted by respondents.

    Residuals of covariances by the sample's standard deviations (Bentler); with variances, and
    with means where they are modelled, as lavaan does. Of polychorics: residual correlations, with
    the zeros of the diagonal in the denominator.
    """
    total, n = 0.0, 0.0
    for own, matrices in zip(problem.moments, state.matrices, strict=True):
        sd = np.sqrt(np.diag(own.matrix))
        residual = (own.matrix - matrices.implied) / np.outer(sd, sd)
        squares = float((residual[np.triu_indices(len(sd))] ** 2).sum())
        count = len(sd) * (len(sd) + 1) / 2
        if problem.layout.has_level and own.kind == "covariance":
            squares += float((((own.means - imply_level(matrices)) / sd) ** 2).sum())
            count += len(sd)
        total += own.n * np.sqrt(squares / count)
        n += own.n
    return float(total / n)


def compute_information(problem: Problem, state: State, *, n_free: int) -> dict[str, float]:
    """Compute the log-likelihood, AIC and BIC of a model fitted by maximum likelihood."""
    n = sum(own.n for own in problem.moments)
    saturated = 0.0
    for own in problem.moments:
        size = len(own.indicators)
        log_det = np.linalg.slogdet(own.matrix)[1]
        saturated -= 0.5 * own.n * float(size * np.log(2 * np.pi) + log_det + size)
    loglik = saturated - state.value
    return {
        "loglik": loglik,
        "aic": 2 * n_free - 2 * loglik,
        "bic": float(np.log(n)) * n_free - 2 * loglik,
    }
