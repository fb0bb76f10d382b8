"""The lines between what survey and checklist measure, for the index and every group."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import t as student

from clientindex.agreement.left_out import (
    CONSTANT,
    NO_VARIANCE_LEFT,
    STAGE,
    TOO_FEW_CENTRES,
    UNSTABLE,
    leave_out,
    make_frame,
    tabulate_left_out,
)
from clientindex.agreement.structural.deming import estimate_deming, fit_deming
from clientindex.agreement.structural.errors_in_variables import (
    KnownErrors,
    compute_reliability,
    estimate_errors_in_variables,
    fit_errors_in_variables,
)
from clientindex.agreement.structural.known_errors import (
    NO_DECOMPOSITION,
    MethodErrors,
    read_method_errors,
)
from clientindex.agreement.structural.least_squares import (
    estimate_least_squares,
    fit_inverse_least_squares,
    fit_least_squares,
)
from clientindex.agreement.structural.pairs import FEWEST_PAIRS, Pairs
from clientindex.agreement.structural.passing_bablok import estimate_passing_bablok, take_slopes
from clientindex.agreement.structural.passing_bablok_jackknife import fit_passing_bablok_left_out
from clientindex.agreement.structural.resampling import (
    MOST_UNDEFINED,
    ROWS_AT_ONCE,
    fit_left_out,
    make_coefficient,
    make_symmetric,
)
from clientindex.counts import code_strata, draw_centre_weights
from clientindex.errors import StatisticsError
from clientindex.factors.intervals import compute_percentile_interval
from clientindex.reliability.centres.jackknife import Strata, compute_jackknife_error
from clientindex.results import INDEX, StructuralRelation, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from clientindex.agreement.sources import TwoSources
    from clientindex.agreement.structural.line import Coefficient
    from clientindex.agreement.structural.resampling import Fit
    from clientindex.methodology import Methodology
    from clientindex.results import MethodVariance

ANALYTICAL, JACKKNIFE, BOOTSTRAP, RANKS = "analytical", "jackknife", "bootstrap", "ranks"
NEGATIVE, NO_RATIO = "negative_component", "error_ratio_not_positive"
NO_COVARIANCE, NO_SLOPE, NO_LIMITS = "no_covariance", "no_slope", "no_limits"
UNSTABLE_JACKKNIFE = "unstable_jackknife"

NAMES = ("intercept", "slope", "equation_variance")
LINES = ["subject", "line", "statistic", "estimate", "std_error", "ci_low", "ci_high"]
LINES += ["method", "n"]
CONSTANTS = ["subject", "statistic", "estimate"]

NO_SPREAD = 1e-9
"""A range in points up to which values count as equal."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Subject:
    """Pairs of one subject with what every line needs, and the rows found so far.

    Attributes
    ----------
    key : str
    pairs : Pairs
        x the survey, y the checklist.
    sampling : ndarray of shape (n,)
        Sampling variance of x.
    strata : Strata
    weights : ndarray of shape (R, n)
        Resamples of the centres.
    level : float
    """

    key: str
    pairs: Pairs
    sampling: NDArray[np.float64]
    strata: Strata
    weights: NDArray[np.float64]
    level: float
    lines: list[dict[str, Any]] = field(default_factory=list)
    constants: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)

    def leave_out(self, line: str, reason: str, detail: str = "") -> None:
        self.left_out.append(leave_out(self.key, line, reason, detail))

    def add(self, line: str, method: str, coefficients: Sequence[Coefficient]) -> None:
        """Add one row a coefficient."""
        for name, found in zip(NAMES, coefficients, strict=False):
            values = (found.estimate, found.std_error, found.ci_low, found.ci_high)
            row = (self.key, line, name, *values, method, self.pairs.n)
            self.lines.append(dict(zip(LINES, row, strict=True)))

    def add_constant(self, statistic: str, value: float) -> None:
        self.constants.append(
            {"subject": self.key, "statistic": statistic, "estimate": float(value)}
        )


def assess_structural(
    sources: TwoSources,
    methodology: Methodology,
    *,
    variance: MethodVariance | Unavailable,
    seed: np.random.SeedSequence,
) -> StructuralRelation | Unavailable:
    """Fit every line between survey and checklist, for the index and every group.

    Which line answers a question depends on what is taken for error; the data do not say. Both
    regressions bound the slope. "errors_in_variables" is the relation of the checklist to what
    visitors as a whole would say; "traits" that to the trait which the decomposition finds in both.
    Lines of Deming and of Passing and Bablok take what a method adds of its own for random error.

    Parameters
    ----------
    sources : TwoSources
    methodology : Methodology
        Level, number of replicates, and weights of the groups in the index.
    variance : MethodVariance or Unavailable
        Without it there are no "traits" and no "deming".
    seed : numpy.random.SeedSequence
        Of the resamples.

    Returns
    -------
    StructuralRelation or Unavailable
        Where no subject has a line: ``too_few_centres`` or ``constant_source``.

    Notes
    -----
    Missing data: all lines of a subject are over the centres with both scores and the survey's
    sampling variance. Regions are strata of jackknife and bootstrap; the bootstrap draws m - 1 of
    the m centres of a region, see :func:`clientindex.counts.draw_centre_weights`.

    Known errors of "traits" are sampling variance + halo + the survey's specific part, those of
    "deming" stand to those of the checklist as that sum's mean to method + the checklist's specific
    part, see :func:`~clientindex.agreement.structural.known_errors.read_method_errors`. Components
    are those between centres of a region: halo that a whole region shares is not removed.
    Intervals take them for known.

    Intervals: analytical (not for "inverse_least_squares"), jackknife and bootstrap. Passing and
    Bablok's line has the ranks of 1983 and the jackknife: its resamples would weigh all pairs of
    centres, two million with 2,000 centres, and need whole weights. Ties: pairs with both
    values equal have no slope, those with equal survey count as plus or minus infinity by the sign
    of the other difference, slopes of -1 are left out.

    What is not defined stands in ``left_out``: ``too_few_centres`` and ``constant_source``
    (statistic "": all lines; the detail is a number, or the source), ``no_decomposition``,
    ``negative_component`` (halo and specific part of the survey are below zero together),
    ``no_variance_left`` (the known error is all the variance of the survey),
    ``error_ratio_not_positive``, ``no_covariance``, ``no_slope``, and of intervals only
    ``unstable_jackknife``, ``unstable_resampling``, and ``no_limits`` for limits of
    "passing_bablok" beyond all slopes.
    """
    errors = read_method_errors(
        variance, weights={group.key: group.weight for group in methodology.groups}
    )
    keys = (INDEX, *sources.keys("group"))
    lines: list[dict[str, Any]] = []
    constants: list[dict[str, Any]] = []
    left_out: list[dict[str, str]] = []
    for key, child in zip(keys, seed.spawn(len(keys)), strict=True):
        subject = _take_subject(sources, key, methodology, child)
        if isinstance(subject, dict):
            left_out.append(subject)
            continue
        _fit_all(subject, errors.get(key))
        lines += subject.lines
        constants += subject.constants
        left_out += subject.left_out
    if not lines:
        first = left_out[0]
        return Unavailable(stage=STAGE, reason=first["reason"], detail=first["detail"])
    return StructuralRelation(
        lines=make_frame(lines, LINES),
        constants=make_frame(constants, CONSTANTS),
        left_out=tabulate_left_out(left_out),
        level=methodology.intervals.level,
        replicates=methodology.intervals.bootstrap_replicates,
    )


def _take_subject(
    sources: TwoSources, key: str, methodology: Methodology, seed: np.random.SeedSequence
) -> _Subject | dict[str, str]:
    """Return the pairs of a subject with its resamples, or the row that says why not."""
    at = sources.place(key)
    sampling = sources.covariance[:, at, at]
    kept = sources.has_both(key) & np.isfinite(sampling)
    x, y = sources.survey[kept, at], sources.checklist[kept, at]
    if len(x) < FEWEST_PAIRS:
        return leave_out(key, "", TOO_FEW_CENTRES, f"{len(x)}/{FEWEST_PAIRS}")
    for name, values in (("survey", x), ("checklist", y)):
        if np.ptp(values) <= NO_SPREAD:
            return leave_out(key, "", CONSTANT, name)
    regions = list(sources.regions[kept])
    weights = draw_centre_weights(
        regions, methodology.intervals.bootstrap_replicates, np.random.default_rng(seed)
    )
    return _Subject(
        key=key,
        pairs=Pairs(x=x, y=y, kept=kept),
        sampling=sampling[kept],
        strata=Strata(codes=code_strata(regions)),
        weights=weights,
        level=methodology.intervals.level,
    )


def _fit_all(subject: _Subject, errors: MethodErrors | None) -> None:
    """Fit all lines of a subject, in the order of the result's docstring."""
    pairs, level = subject.pairs, subject.level
    x, y = pairs.x, pairs.y
    _add_line(
        subject,
        "least_squares",
        lambda w: fit_least_squares(x, y, weights=w),
        lambda: _coefficients(estimate_least_squares(pairs, level=level)),
    )
    _add_line(
        subject,
        "inverse_least_squares",
        lambda w: fit_inverse_least_squares(x, y, weights=w),
        None,
    )
    _add_equation_error(subject, "errors_in_variables", "reliability_survey", subject.sampling)
    _add_traits(subject, errors)
    _add_deming(subject, errors)
    _add_ratio(subject, "deming_equal", 1.0)
    _add_passing_bablok(subject)


def _add_equation_error(
    subject: _Subject, line: str, constant: str, var_x: NDArray[np.float64]
) -> None:
    """Add a line with known errors of the survey, and the share of variance that they leave."""
    n = subject.pairs.n
    known = KnownErrors(pairs=subject.pairs, var_x=var_x, var_y=np.zeros(n), design=np.ones(n))
    share = compute_reliability(known)
    subject.add_constant(constant, share)
    if share <= 0:
        subject.leave_out(line, NO_VARIANCE_LEFT, f"{share:.3g}")
        return
    _add_line(
        subject,
        line,
        lambda w: fit_errors_in_variables(known, weights=w),
        lambda: _coefficients(estimate_errors_in_variables(known, level=subject.level)),
    )


def _add_traits(subject: _Subject, errors: MethodErrors | None) -> None:
    if errors is None:
        subject.leave_out("traits", NO_DECOMPOSITION)
    elif errors.survey < 0:
        subject.leave_out("traits", NEGATIVE, f"{errors.survey:.3g}")
    else:
        _add_equation_error(subject, "traits", "trait_share", subject.sampling + errors.survey)


def _add_deming(subject: _Subject, errors: MethodErrors | None) -> None:
    if errors is None:
        subject.leave_out("deming", NO_DECOMPOSITION)
        return
    survey = float(subject.sampling.mean()) + errors.survey
    if survey <= 0 or errors.checklist <= 0:
        subject.leave_out("deming", NO_RATIO, f"{survey:.3g}/{errors.checklist:.3g}")
        return
    subject.add_constant("error_ratio", survey / errors.checklist)
    _add_ratio(subject, "deming", survey / errors.checklist)


def _add_ratio(subject: _Subject, line: str, ratio: float) -> None:
    pairs = subject.pairs
    _add_line(
        subject,
        line,
        lambda w: fit_deming(pairs.x, pairs.y, error_ratio=ratio, weights=w),
        lambda: _coefficients(estimate_deming(pairs, error_ratio=ratio, level=subject.level)),
    )


def _coefficients(line: Any) -> list[Coefficient]:
    """Return the coefficients of a line, the equation error variance too where it has one."""
    return [getattr(line, name) for name in NAMES if hasattr(line, name)]


def _add_line(
    subject: _Subject, line: str, fit: Fit, analytical: Callable[[], list[Coefficient]] | None
) -> None:
    """Add a line with each kind of interval, or tell what is not defined."""
    estimate = fit(np.ones((1, subject.pairs.n)))[0]
    if not np.isfinite(estimate).all():
        subject.leave_out(line, NO_COVARIANCE)
        return
    if analytical is not None:
        subject.add(line, ANALYTICAL, analytical())
    _add_jackknife(subject, line, estimate, fit_left_out(fit, subject.pairs.n))
    _add_bootstrap(subject, line, estimate, fit)


def _add_jackknife(
    subject: _Subject, line: str, estimate: NDArray[np.float64], left_out: NDArray[np.float64]
) -> None:
    undefined = int((~np.isfinite(left_out).all(axis=1)).sum())
    if undefined:
        subject.leave_out(line, UNSTABLE_JACKKNIFE, f"{undefined}/{subject.pairs.n}")
        return
    error = compute_jackknife_error(left_out, subject.strata)
    df = max(subject.strata.df - 1, 1)
    quantile = float(student.ppf((1 + subject.level) / 2, df))
    subject.add(line, JACKKNIFE, make_symmetric(estimate, error, quantile=quantile))


def _add_bootstrap(subject: _Subject, line: str, estimate: NDArray[np.float64], fit: Fit) -> None:
    drawn = np.concatenate(
        [
            fit(subject.weights[start : start + ROWS_AT_ONCE])
            for start in range(0, len(subject.weights), ROWS_AT_ONCE)
        ]
    )
    known = drawn[np.isfinite(drawn).all(axis=1)]
    if len(known) < (1 - MOST_UNDEFINED) * len(drawn):
        subject.leave_out(line, UNSTABLE, f"{len(known)}/{len(drawn)}")
        return
    low, high = compute_percentile_interval(known, subject.level)
    rows = zip(estimate, known.std(axis=0, ddof=1), low, high, strict=True)
    subject.add(line, BOOTSTRAP, [make_coefficient(*row) for row in rows])


def _add_passing_bablok(subject: _Subject) -> None:
    line = "passing_bablok"
    try:
        taken = take_slopes(subject.pairs.x, subject.pairs.y)
    except StatisticsError:
        subject.leave_out(line, NO_SLOPE)
        return
    found = estimate_passing_bablok(subject.pairs, level=subject.level, taken=taken)
    estimate = np.array([found.intercept.estimate, found.slope.estimate])
    if not np.isfinite(estimate).all():
        subject.leave_out(line, NO_SLOPE)
        return
    if np.isfinite([found.slope.ci_low, found.slope.ci_high]).all():
        subject.add(line, RANKS, _coefficients(found))
    else:
        subject.leave_out(line, NO_LIMITS)
    left_out = fit_passing_bablok_left_out(subject.pairs.x, subject.pairs.y, taken=taken)
    _add_jackknife(subject, line, estimate, left_out)
