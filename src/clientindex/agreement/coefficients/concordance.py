r"""Concordance correlation: how far pairs (x, y) lie from the line of equality.

:math:`\rho_c = 2 \sigma_{xy} / (\sigma_x^2 + \sigma_y^2 + (\mu_x - \mu_y)^2)`. Three estimates of
it are published under one name, so each function states which it is:

=================== ============================================================================
moment              Lin 1989: sample moments with divisor n; its interval assumes normal pairs
variance components Carrasco and Jover 2003: a mixed model of rows and fixed sources by REML
U-statistic         King and Chinchilli 2001: the moment value, its variance without normality
=================== ============================================================================

References
----------
Lin L. I. A concordance correlation coefficient to evaluate reproducibility. Biometrics, 1989,
45(1), 255-268. doi:10.2307/2532051; variance as corrected in Biometrics, 2000, 56(1), 324-325.
doi:10.1111/j.0006-341X.2000.00324.x
Carrasco J. L., Jover L. Estimating the generalized concordance correlation coefficient through
variance components. Biometrics, 2003, 59(4), 849-858. doi:10.1111/j.0006-341X.2003.00099.x
King T. S., Chinchilli V. M. A generalized concordance correlation coefficient for continuous and
categorical data. Statistics in Medicine, 2001, 20(14), 2131-2147. doi:10.1002/sim.845
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.stats import norm

from clientindex.agreement.coefficients.estimate import (
    MINIMUM_PAIRS,
    UNDEFINED_CONSTANT,
    UNDEFINED_FEW,
    Estimate,
    check_complete,
    check_pairs,
    check_share,
    has_constant,
    leave_undefined,
)
from clientindex.agreement.coefficients.mean_squares import MeanSquares

if TYPE_CHECKING:
    from numpy.typing import NDArray

Scale = Literal["fisher", "asymptotic"]
Projection = Literal["both", "cccrm"]

WORDS: dict[Scale, str] = {"fisher": "Fisher z", "asymptotic": "normal"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concordance:
    """Lin's concordance correlation with the two shifts it is made of.

    Attributes
    ----------
    ccc : Estimate
    pearson : float
        Precision r; ccc = r * accuracy.
    accuracy : float
        C_b, 1 on the line of equality: ``2 / (v + 1 / v + u²)``.
    scale_shift, location_shift : float
        ``v = sigma_y / sigma_x`` and ``u = (mu_y - mu_x) / sqrt(sigma_x sigma_y)``.
    """

    ccc: Estimate
    pearson: float
    accuracy: float
    scale_shift: float
    location_shift: float


def estimate_concordance(
    x: NDArray[np.float64], y: NDArray[np.float64], *, level: float, scale: Scale = "fisher"
) -> Concordance:
    """Estimate Lin's concordance correlation by sample moments with divisor n.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs.
    level : float
    scale : {"fisher", "asymptotic"}
        On which the interval is symmetric: that of atanh, or the coefficient's own.

    Returns
    -------
    Concordance
        Undefined (NaN) with fewer than three pairs, or when all values of one source are equal.

    Raises
    ------
    ValueError
        For arguments of wrong shape, with missing values, or a level outside 0 to 1.

    Notes
    -----
    ``var = [(1 - r²) c² (1 - c²) / r² + 2 c³ (1 - c) u² / r - c⁴ u⁴ / (2 r²)] / (n - 2)``. Agrees
    with ``DescTools::CCC`` and ``epiR::epi.ccc`` to their printed digits. At r = 0 the variance is
    its limit for fixed c / r.
    """
    check_pairs(x, y, level=level)
    reason = _find_reason(x, y)
    if reason is not None:
        nan = float("nan")
        return Concordance(
            ccc=leave_undefined(reason, level=level, n=len(x)),
            pearson=nan,
            accuracy=nan,
            scale_shift=nan,
            location_shift=nan,
        )
    sd_x, sd_y = float(x.std()), float(y.std())
    r = float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))
    v, u = sd_y / sd_x, float(y.mean() - x.mean()) / float(np.sqrt(sd_x * sd_y))
    accuracy = 2 / (v + 1 / v + u**2)
    se = float(np.sqrt(_compute_lin_variance(r, accuracy, u) / (len(x) - 2)))
    method = f"moments with divisor n (Lin 1989); {WORDS[scale]}"
    return Concordance(
        ccc=_wrap(r * accuracy, se, len(x), level, scale, method),
        pearson=r,
        accuracy=accuracy,
        scale_shift=v,
        location_shift=u,
    )


def _compute_lin_variance(r: float, accuracy: float, u: float) -> float:
    """Return n - 2 times the variance, written without division by r."""
    c, b = r * accuracy, accuracy
    value = (1 - r**2) * b**2 * (1 - c**2) + 2 * b * c**2 * (1 - c) * u**2 - b**2 * c**2 * u**4 / 2
    return max(value, 0.0)


def estimate_concordance_components(
    ratings: NDArray[np.float64], *, level: float, scale: Scale = "fisher"
) -> Estimate:
    """Estimate the concordance correlation of k sources by variance components (REML).

    ``(A) / (A + B + E)`` with variances of centres A, of source means B (fixed; not below 0) and of
    error E. In a balanced table without negative A REML is the closed form of mean squares.

    Parameters
    ----------
    ratings : ndarray of shape (n, k)
        Complete. Undefined (NaN) as for :func:`estimate_concordance`.
    level : float
    scale : {"fisher", "asymptotic"}

    Raises
    ------
    ValueError
        For another shape, missing values or a level outside 0 to 1.

    Notes
    -----
    Delta method with the REML information of A and E and the variance of B of Carrasco and Jover.
    Agrees with ``cccrm::ccc_vc(transf = "F2")`` to 1e-5, the distance at which nlme's optimiser
    stops. Where the mean square of rows is below that of error A is taken as 0.
    """
    check_share(level, "level")
    check_complete(ratings, "ratings")
    if ratings.ndim != 2 or ratings.shape[1] < 2:
        msg = (
            f"ratings must have a row a centre and at least two columns, not shape {ratings.shape}"
        )
        raise ValueError(msg)
    reason = _find_reason(*ratings.T)
    if reason is not None:
        return leave_undefined(reason, level=level, n=len(ratings))
    m = MeanSquares.of(ratings)
    rows = max((m.rows - m.error) / m.k, 0.0)
    columns = max((m.columns - m.error) / m.n, 0.0)
    total = rows + columns + m.error
    slope = np.array([total - rows, -rows, -rows]) / total**2
    se = float(np.sqrt(slope @ _compute_component_covariance(m) @ slope))
    method = f"variance components, REML (Carrasco and Jover 2003); {WORDS[scale]}"
    return _wrap(rows / total, se, m.n, level, scale, method)


def _compute_component_covariance(m: MeanSquares) -> NDArray[np.float64]:
    """Return the covariance of the variances of centres, error and source means."""
    error = 2 * m.error**2 / ((m.n - 1) * (m.k - 1))
    rows = 2 * m.rows**2 / (m.n - 1)
    own = np.array([[(rows + error) / m.k**2, -error / m.k], [-error / m.k, error]])
    noise, pairs = m.error / m.n, m.k * m.columns * (m.k - 1) / m.n
    means = (2 * noise**2 * m.k**2 * (m.k - 1) + 4 * noise * m.k * pairs) / (m.k * (m.k - 1)) ** 2
    cross = -own[1] / m.n
    return np.block([[own, cross[:, None]], [cross[None, :], np.array([[means]])]])


def estimate_concordance_u(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    level: float,
    scale: Scale = "fisher",
    projection: Projection = "both",
) -> Estimate:
    """Estimate the concordance correlation by U-statistics: the variance needs no normality.

    With ``U`` the mean of ``(x_i - y_i)²`` and ``V`` that of ``(x_i - y_j)²`` over i != j,
    ``ccc = (n - 1)(V - U) / (U + (n - 1) V)``, which is the moment value.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs. Undefined (NaN) as for :func:`estimate_concordance`.
    level : float
    scale : {"fisher", "asymptotic"}
    projection : {"both", "cccrm"}
        Both U-statistics have kernels of two pairs, so the deviations of both projections count
        twice. ``cccrm::cccUst`` doubles those of V only, and its standard error falls short of the
        jackknife's (0.042 against 0.073 on the blood pressures of Bland and Altman); ``"cccrm"``
        reproduces it.

    Raises
    ------
    ValueError
        For arguments of wrong shape, with missing values, or a level outside 0 to 1.
    """
    check_pairs(x, y, level=level)
    reason = _find_reason(x, y)
    n = len(x)
    if reason is not None:
        return leave_undefined(reason, level=level, n=n)
    same, other = _project(x, y)
    u, v = float(same.mean()), float(other.mean())
    below = u + (n - 1) * v
    slope = n * (n - 1) / below**2 * np.array([-v, u])
    times = np.array([2.0 if projection == "both" else 1.0, 2.0])
    influence = np.column_stack([same - u, other - v]) @ (times * slope)
    se = float(np.sqrt((influence**2).sum())) / n
    method = f"U-statistics (King and Chinchilli 2001); {WORDS[scale]}"
    return _wrap((n - 1) * (v - u) / below, se, n, level, scale, method)


def _project(
    x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each pair's mean kernel with all others: same pair, and across pairs."""
    n, centre = len(x), float(x.mean())
    x, y = x - centre, y - centre
    own = (x - y) ** 2
    same = (own + (own.sum() - own) / (n - 1)) / 2
    across = n * (x**2 + y**2) - 2 * x * y.sum() - 2 * y * x.sum() + (x**2 + y**2).sum()
    return same, (across - 2 * own) / (2 * (n - 1))


def _find_reason(*sources: NDArray[np.float64]) -> str | None:
    if len(sources[0]) < MINIMUM_PAIRS:
        return UNDEFINED_FEW
    return UNDEFINED_CONSTANT if has_constant(*sources) else None


def _wrap(value: float, se: float, n: int, level: float, scale: Scale, method: str) -> Estimate:
    margin = float(norm.ppf((1 + level) / 2)) * se
    low, high = value - margin, value + margin
    if scale == "fisher":
        inside = abs(value) < 1
        spread = margin / (1 - value**2) if inside else 0.0
        centre = np.arctanh(value) if inside else np.copysign(np.inf, value)
        low, high = float(np.tanh(centre - spread)), float(np.tanh(centre + spread))
    return Estimate(
        estimate=value, std_error=se, ci_low=low, ci_high=high, level=level, n=n, method=method
    )
