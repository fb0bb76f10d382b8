"""Jackknife and bootstrap over centres, shared by all lines.

A fit is a function of weights of shape (R, n) that returns coefficients of shape (R, q), the first
two of them intercept and slope.

References
----------
Linnet K. Evaluation of regression procedures for methods comparison studies. Clinical Chemistry,
1993, 39(3), 424-432. doi:10.1093/clinchem/39.3.424
Efron B., Tibshirani R. An Introduction to the Bootstrap. Chapman & Hall, 1993.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from clientindex.agreement.structural.line import Coefficient, Line
from clientindex.errors import StatisticsError
from clientindex.reliability.centres.jackknife import Strata, compute_jackknife_error

if TYPE_CHECKING:
    from clientindex.agreement.structural.pairs import Pairs

Fit = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Weights of shape (R, n) to coefficients of shape (R, q)."""

JACKKNIFE = "jackknife over centres, Student t"
BOOTSTRAP = "bootstrap over centres, percentiles"

ROWS_AT_ONCE = 256
"""Rows of weights fitted together: bounds memory, changes no number."""

MOST_UNDEFINED = 0.05
"""Share of resamples without a line above which percentiles of the others mean nothing."""


def make_one_stratum(n: int) -> Strata:
    """Return n centres as one stratum."""
    return Strata(codes=np.zeros(n, dtype=np.intp))


def fit_left_out(fit: Fit, n: int) -> NDArray[np.float64]:
    """Fit without each centre in turn.

    Returns
    -------
    ndarray of shape (n, q)
    """
    parts = []
    for start in range(0, n, ROWS_AT_ONCE):
        rows = np.arange(start, min(start + ROWS_AT_ONCE, n))
        weights = np.ones((len(rows), n))
        weights[np.arange(len(rows)), rows] = 0.0
        parts.append(fit(weights))
    return np.concatenate(parts)


def fit_drawn(
    fit: Fit, strata: Strata, *, seed: np.random.SeedSequence, resamples: int
) -> NDArray[np.float64]:
    """Fit centres drawn with replacement inside strata.

    Returns
    -------
    ndarray of shape (resamples, q)
        NaN where a draw leaves the line undefined.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for start in range(0, resamples, ROWS_AT_ONCE):
        rows = min(ROWS_AT_ONCE, resamples - start)
        parts.append(fit(draw_weights(rng, strata, rows)))
    return np.concatenate(parts)


def draw_weights(rng: np.random.Generator, strata: Strata, rows: int) -> NDArray[np.float64]:
    """Draw how often each centre enters a resample, shape (rows, n)."""
    weights = np.empty((rows, len(strata.codes)))
    for code in np.unique(strata.codes):
        members = strata.codes == code
        size = int(members.sum())
        weights[:, members] = rng.multinomial(size, np.full(size, 1 / size), size=rows)
    return weights


def jackknife_coefficients(
    fit: Fit, n: int, *, level: float, strata: Strata | None = None
) -> list[Coefficient]:
    """Estimate coefficients with jackknife intervals.

    The interval is ``estimate -/+ t error`` with ``n - H - 1`` degrees of freedom for H strata,
    which is n - 2 for one; the error is then that of the pseudo-values.

    Parameters
    ----------
    fit : callable
    n : int
    level : float
    strata : Strata, optional
        None takes all centres for one stratum.
    """
    strata = make_one_stratum(n) if strata is None else strata
    estimate = fit(np.ones((1, n)))[0]
    error = compute_jackknife_error(fit_left_out(fit, n), strata)
    df = max(n - len(np.unique(strata.codes)) - 1, 1)
    return make_symmetric(estimate, error, quantile=float(student.ppf((1 + level) / 2, df)))


def bootstrap_coefficients(
    fit: Fit,
    n: int,
    *,
    level: float,
    seed: np.random.SeedSequence,
    resamples: int,
    strata: Strata | None = None,
) -> list[Coefficient]:
    """Estimate coefficients with percentile intervals of the bootstrap over centres.

    Resamples without a line are left out. Percentiles interpolate linearly (R's type 7).

    Raises
    ------
    StatisticsError
        When more than :data:`MOST_UNDEFINED` of the resamples have no line.
    """
    strata = make_one_stratum(n) if strata is None else strata
    estimate = fit(np.ones((1, n)))[0]
    drawn = fit_drawn(fit, strata, seed=seed, resamples=resamples)
    defined = np.isfinite(drawn).all(axis=1)
    if defined.mean() < 1 - MOST_UNDEFINED:
        message = f"no line in {(~defined).sum()} of {resamples} resamples: no bootstrap interval"
        raise StatisticsError(message)
    drawn = drawn[defined]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    error = drawn.std(axis=0, ddof=1)
    return [make_coefficient(*row) for row in zip(estimate, error, low, high, strict=True)]


def jackknife_line(fit: Fit, pairs: Pairs, *, level: float, strata: Strata | None = None) -> Line:
    """Estimate a line with jackknife intervals; see :func:`jackknife_coefficients`."""
    intercept, slope = jackknife_coefficients(fit, pairs.n, level=level, strata=strata)[:2]
    return make_line(intercept, slope, pairs=pairs, level=level, method=JACKKNIFE)


def bootstrap_line(
    fit: Fit,
    pairs: Pairs,
    *,
    level: float,
    seed: np.random.SeedSequence,
    resamples: int,
    strata: Strata | None = None,
) -> Line:
    """Estimate a line with bootstrap intervals; see :func:`bootstrap_coefficients`."""
    intercept, slope = bootstrap_coefficients(
        fit, pairs.n, level=level, seed=seed, resamples=resamples, strata=strata
    )[:2]
    return make_line(intercept, slope, pairs=pairs, level=level, method=BOOTSTRAP)


def make_symmetric(
    estimate: NDArray[np.float64], error: NDArray[np.float64], *, quantile: float
) -> list[Coefficient]:
    """Return coefficients with the intervals ``estimate -/+ quantile error``."""
    margin = quantile * error
    rows = zip(estimate, error, estimate - margin, estimate + margin, strict=True)
    return [make_coefficient(*row) for row in rows]


def make_coefficient(estimate: float, error: float, low: float, high: float) -> Coefficient:
    """Return a coefficient of plain floats."""
    return Coefficient(
        estimate=float(estimate), std_error=float(error), ci_low=float(low), ci_high=float(high)
    )


def make_line(
    intercept: Coefficient, slope: Coefficient, *, pairs: Pairs, level: float, method: str
) -> Line:
    """Assemble a line."""
    return Line(
        intercept=intercept,
        slope=slope,
        method=method,
        level=level,
        n=pairs.n,
        n_dropped=pairs.n_dropped,
    )
