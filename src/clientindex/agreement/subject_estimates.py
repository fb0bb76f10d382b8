"""What is estimated of one subject from the pairs of its scores, survey ``x`` and checklist ``y``.

Arrays hold one value a centre, none of them missing; the functions of
:mod:`clientindex.agreement.coefficients` give formulas and sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.agreement.coefficients import (
    Estimate,
    compare_variances,
    compute_krippendorff,
    estimate_bias,
    estimate_concordance,
    estimate_concordance_components,
    estimate_concordance_u,
    estimate_coverage_probability,
    estimate_icc,
    estimate_limits,
    estimate_pearson,
    estimate_sd_difference,
    estimate_tolerance_interval,
    estimate_total_deviation,
    fit_proportional_bias,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology

ONE_METHOD = "closed form; interval by the bootstrap"


def describe_differences(
    x: NDArray[np.float64], y: NDArray[np.float64], methodology: Methodology
) -> dict[str, Estimate]:
    """Return bias, SD, limits, tolerance and whether differences go with the level of scores."""
    level, settings = methodology.intervals.level, methodology.agreement
    limits = estimate_limits(
        x,
        y,
        level=level,
        coverage=settings.limits.coverage,
        interval=settings.limits.interval,
    )
    estimates = {
        "bias": estimate_bias(x, y, level=level),
        "sd_difference": estimate_sd_difference(x, y, level=level),
        "loa_low": limits.low,
        "loa_high": limits.high,
        "pearson_r": estimate_pearson(x, y, level=level),
        "tdi": estimate_total_deviation(x, y, content=settings.content, level=level),
        "coverage_probability": estimate_coverage_probability(
            x, y, bound=settings.acceptable_difference, level=level
        ),
    }
    tolerance = estimate_tolerance_interval(x, y, content=settings.content, confidence=level)
    for name, value in (("tolerance_low", tolerance.low), ("tolerance_high", tolerance.high)):
        estimates[name] = Estimate(
            estimate=value, level=level, n=tolerance.n, method=tolerance.method
        )
    bias = fit_proportional_bias(x, y, level=level)
    return estimates | {
        "proportional_slope": bias.slope,
        "proportional_intercept": bias.intercept,
        "variance_ratio_r": compare_variances(x, y, level=level).correlation,
    }


def describe_concordance(
    x: NDArray[np.float64], y: NDArray[np.float64], level: float
) -> dict[str, Estimate]:
    """Return intraclass and concordance correlations, and alpha unless all scores are equal."""
    table = np.column_stack([x, y])
    icc = estimate_icc(table, level=level)
    estimates = {
        "icc_1": icc.one_way,
        "icc_1_k": icc.one_way_average,
        "icc_a1": icc.absolute,
        "icc_ak": icc.absolute_average,
        "icc_c1": icc.consistency,
        "icc_ck": icc.consistency_average,
        "ccc": estimate_concordance(x, y, level=level).ccc,
        "ccc_components": estimate_concordance_components(table, level=level),
        "ccc_u": estimate_concordance_u(x, y, level=level),
    }
    if np.ptp(table) > 0:
        alpha = compute_krippendorff(table, metric="interval")
        estimates["alpha_interval"] = Estimate(
            estimate=alpha, level=level, n=len(x), method=ONE_METHOD
        )
    return estimates


def describe_regression(
    x: NDArray[np.float64], y: NDArray[np.float64], subject: str, methodology: Methodology
) -> list[dict[str, Any]]:
    """Return the row of differences on means; none where it is not defined."""
    bias = fit_proportional_bias(x, y, level=methodology.intervals.level)
    if np.isnan(bias.slope.estimate):
        return []
    mean = (x + y) / 2
    return [
        {
            "subject": subject,
            "intercept": bias.intercept.estimate,
            "slope": bias.slope.estimate,
            "spread_intercept": bias.spread_intercept,
            "spread_slope": bias.spread_slope,
            "p_value": bias.p_value,
            "mean_low": float(mean.min()),
            "mean_high": float(mean.max()),
        }
    ]
