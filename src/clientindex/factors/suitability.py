"""Are the correlations fit for factoring: Kaiser-Meyer-Olkin and Bartlett, in closed form.

factor_analyzer's versions need complete raw answers; these need the correlation matrix alone, so
missing answers follow the methodology and every bootstrap replicate costs one small inverse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from clientindex.counts import compute_correlation
from clientindex.factors.centre_sums import compute_centre_sums, find_obstacle, resample_sums
from clientindex.factors.intervals import compute_percentile_interval, find_unstable
from clientindex.results import Suitability, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology

STAGE = "factors"

SMALLEST_EIGENVALUE = 1e-10
"""A correlation matrix with a smaller one cannot be inverted to any useful accuracy."""


def compute_sampling_adequacy(
    r: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the Kaiser-Meyer-Olkin measure, overall and per indicator.

    With partial correlations ``p_ij = -v_ij / sqrt(v_ii v_jj)``, ``V`` the inverse of ``R``,
    ``MSA_i = sum_j r_ij^2 / (sum_j r_ij^2 + sum_j p_ij^2)`` over ``j != i``; overall the same with
    sums over all pairs. Agrees with R ``psych::KMO`` to 1e-9 and with factor_analyzer's
    ``calculate_kmo`` on complete data.

    Parameters
    ----------
    r : ndarray of shape (..., K, K)
        Positive definite correlation matrices, K at least 2.

    Returns
    -------
    kmo : ndarray of shape (...)
    msa : ndarray of shape (..., K)

    References
    ----------
    Kaiser H. F., Rice J. Little Jiffy, Mark IV. Educational and Psychological Measurement, 1974,
    34(1), 111-117. doi:10.1177/001316447403400115
    """
    inverse = np.linalg.inv(r)
    scale = np.sqrt(np.diagonal(inverse, axis1=-2, axis2=-1))
    partial = inverse / (scale[..., :, None] * scale[..., None, :])
    others = ~np.eye(r.shape[-1], dtype=bool)
    r2 = np.sum(r**2, axis=-1, where=others)
    p2 = np.sum(partial**2, axis=-1, where=others)
    return r2.sum(axis=-1) / (r2.sum(axis=-1) + p2.sum(axis=-1)), r2 / (r2 + p2)


def compute_bartlett(r: NDArray[np.float64], n: int) -> tuple[float, int, float]:
    """Compute Bartlett's test of sphericity.

    ``chi2 = -(n - 1 - (2K + 5) / 6) ln det R`` with ``K (K - 1) / 2`` degrees of freedom. It
    treats respondents as independent and is reported for comparability only. Agrees with R
    ``psych::cortest.bartlett`` to 1e-9.

    Parameters
    ----------
    r : ndarray of shape (K, K)
    n : int
        Respondents; with pairwise correlations the smallest number behind any of them.

    Returns
    -------
    chi2 : float
    df : int
    p : float

    References
    ----------
    Bartlett M. S. The effect of standardization on a chi-square approximation in factor analysis.
    Biometrika, 1951, 38(3/4), 337-344. doi:10.2307/2332580
    """
    n_items = len(r)
    chi2 = -(n - 1 - (2 * n_items + 5) / 6) * float(np.linalg.slogdet(r)[1])
    df = n_items * (n_items - 1) // 2
    return chi2, df, float(chdtrc(df, chi2))


def find_indefinite(r: NDArray[np.float64]) -> Unavailable | None:
    """Say that a correlation matrix is not positive definite, if so.

    Pairwise correlations need not be consistent with each other; such a matrix is refused rather
    than smoothed.

    Returns
    -------
    Unavailable or None
        Reason ``not_positive_definite``; detail is the smallest eigenvalue.
    """
    smallest = float(np.linalg.eigvalsh(r)[0])
    if smallest > SMALLEST_EIGENVALUE:
        return None
    return Unavailable(stage=STAGE, reason="not_positive_definite", detail=f"{smallest:.2g}")


def select_definite(r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep the matrices of shape (R, K, K) that are defined and positive definite."""
    defined = r[np.isfinite(r).all(axis=(1, 2))]
    return defined[np.linalg.eigvalsh(defined)[:, 0] > SMALLEST_EIGENVALUE]


def compute_suitability(
    counts: PairCounts,
    methodology: Methodology,
    *,
    strata: Mapping[str, str],
    seed: np.random.SeedSequence,
) -> Suitability | Unavailable:
    """Compute KMO with intervals, Bartlett's test and the determinant.

    Intervals are percentiles over a bootstrap of centres stratified by region. Replicates whose
    correlation matrix is not positive definite are left out; `replicates` counts those used.

    Parameters
    ----------
    counts : PairCounts
    methodology : Methodology
        Gives the treatment of missing answers, the level and the number of replicates.
    strata : mapping
        Region of every centre.
    seed : numpy.random.SeedSequence

    Returns
    -------
    Suitability or Unavailable
        Unavailable for the reasons of :func:`~clientindex.factors.find_obstacle`, and
        ``not_positive_definite`` or ``unstable_resampling``.

    Raises
    ------
    StatisticsError
        If a centre has no region.
    """
    centre_sums = compute_centre_sums(counts, methodology)
    if (obstacle := find_obstacle(centre_sums, stage=STAGE)) is not None:
        return obstacle
    total = centre_sums.sums.total()
    r = compute_correlation(total)
    if (obstacle := find_indefinite(r)) is not None:
        return obstacle
    drawn = methodology.intervals.bootstrap_replicates
    sums = resample_sums(centre_sums, strata=strata, n_replicates=drawn, seed=seed)
    replicates = select_definite(compute_correlation(sums))
    if (obstacle := find_unstable(len(replicates), drawn, stage=STAGE)) is not None:
        return obstacle
    return _assemble(r, replicates, n=int(total.n.min()), methodology=methodology)


def _assemble(
    r: NDArray[np.float64],
    replicates: NDArray[np.float64],
    *,
    n: int,
    methodology: Methodology,
) -> Suitability:
    level = methodology.intervals.level
    kmo, msa = compute_sampling_adequacy(r)
    kmo_replicates, msa_replicates = compute_sampling_adequacy(replicates)
    kmo_low, kmo_high = compute_percentile_interval(kmo_replicates, level)
    msa_low, msa_high = compute_percentile_interval(msa_replicates, level)
    chi2, df, p = compute_bartlett(r, n)
    return Suitability(
        frame=pd.DataFrame(
            {
                "indicator": methodology.indicator_keys,
                "msa": msa,
                "ci_low": msa_low,
                "ci_high": msa_high,
            }
        ),
        kmo=float(kmo),
        kmo_ci_low=float(kmo_low),
        kmo_ci_high=float(kmo_high),
        bartlett_chi2=chi2,
        bartlett_p=p,
        bartlett_df=df,
        determinant=float(np.linalg.det(r)),
        n=n,
        level=level,
        replicates=len(replicates),
        missing=methodology.missing_answers.correlations,
    )
