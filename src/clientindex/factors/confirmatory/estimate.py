"""Fit a confirmatory model to moments of one or several groups of respondents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.factors.confirmatory.admissible import find_heywood, find_unidentified
from clientindex.factors.confirmatory.baseline import build_baseline
from clientindex.factors.confirmatory.fit import ConfirmatoryFit, Estimator
from clientindex.factors.confirmatory.layout import lay_out
from clientindex.factors.confirmatory.measures import (
    ModelTest,
    compute_information,
    compute_measures,
    compute_srmr,
)
from clientindex.factors.confirmatory.minimise import minimise
from clientindex.factors.confirmatory.problem import LIKELIHOOD, Problem, weigh_saturated
from clientindex.factors.confirmatory.robust import (
    compute_hessian,
    compute_sandwich,
    join_influences,
    join_sample_influences,
    scale_and_shift,
    scale_yuan_bentler,
)
from clientindex.factors.confirmatory.starts import start_parameters
from clientindex.factors.confirmatory.subset import select_indicators
from clientindex.factors.moments import SampleMoments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.problem import State
    from clientindex.factors.confirmatory.robust import ScaledTest
    from clientindex.factors.confirmatory.spec import ModelSpec

KIND_OF = {"ml": "covariance", "mlr": "covariance", "wlsmv": "polychoric"}
"""Moments that an estimator needs; uls takes both."""

START_SCALES = (1.0, 0.5)
"""Loadings of the first and of a second attempt, as shares of the usual start."""


def fit_model(
    spec: ModelSpec,
    moments: SampleMoments | Sequence[SampleMoments],
    *,
    estimator: Estimator,
    measured: bool = True,
) -> ConfirmatoryFit:
    """Fit a model.

    ``ml``: maximum likelihood with n in the denominator, errors from the expected information.
    ``mlr``: the same estimates, sandwich errors with the observed information, Yuan-Bentler test.
    ``uls``, ``wlsmv``: (diagonally weighted) least squares, sandwich errors, mean-and-variance
    adjusted test. Robust versions are robust to clustering by centre; with one respondent a centre
    all equal lavaan's (``MLR``, ``ULSMV``, ``WLSMV``; estimates and errors to 1e-4, tests to 1e-3).
    With fewer centres than parameters a sandwich is singular: estimates stand, its errors do not.

    Missing answers: as the moments were made.

    Parameters
    ----------
    spec : ModelSpec
    moments : SampleMoments or sequence of SampleMoments
        One a group; indicators that the model does not name are left out.
    estimator : {"ml", "mlr", "uls", "wlsmv"}
    measured : bool
        Whether to compute measures of fit, which take as long as the errors.

    Returns
    -------
    ConfirmatoryFit
        Never raises for a model that does not fit: see its `status`.

    Raises
    ------
    StatisticsError
        If the moments are not those of the model or the estimator.
    """
    groups = (moments,) if isinstance(moments, SampleMoments) else tuple(moments)
    _check(spec, groups, estimator)
    own = tuple(select_indicators(group, spec.indicators) for group in groups)
    problem = Problem(lay_out(spec), own, estimator)
    found = _search(problem)
    if found is None:
        msg = (
            "the covariance matrix of the answers is not positive definite; leave out indicators "
            "that follow from others"
        )
        raise StatisticsError(msg)
    free, state, converged = found
    status, detail = _judge(problem, free, state, converged=converged)
    robust = _Inference(problem, free, state)
    covariance = robust.compute_covariance()
    is_measured = measured and status != "unidentified"
    return ConfirmatoryFit(
        spec=spec,
        estimator=estimator,
        moments=own,
        status=status,
        detail=detail,
        free=free,
        position=problem.layout.position,
        estimates=problem.layout.expand(free),
        covariance=covariance,
        std_errors=_spread(covariance, problem.layout.position),
        matrices=state.matrices,
        jacobian=state.jacobian,
        weight=state.weight,
        gradient_tolerance=float(np.abs(state.gradient).max(initial=0.0)),
        measures=_measure(problem, state, robust) if is_measured else {},
    )


def _check(spec: ModelSpec, groups: tuple[SampleMoments, ...], estimator: Estimator) -> None:
    if len(groups) != spec.n_groups:
        msg = f"a model of {spec.n_groups} groups was given the moments of {len(groups)}"
        raise StatisticsError(msg)
    wanted = KIND_OF.get(estimator)
    wrong = [group.kind for group in groups if wanted is not None and group.kind != wanted]
    if wrong:
        msg = f"the estimator {estimator} needs moments of kind {wanted!r}, not {wrong[0]!r}"
        raise StatisticsError(msg)


def _search(problem: Problem) -> tuple[NDArray[np.float64], State, bool] | None:
    """Minimise from the usual start, and from a second one where that does not converge."""
    best = None
    for scale in START_SCALES:
        start = start_parameters(problem.layout, problem.moments, scale=scale)
        found = minimise(problem, start)
        if found is None:
            continue
        if found[2]:
            return found
        if best is None or found[1].value < best[1].value:
            best = found
    return best


def _judge(
    problem: Problem, free: NDArray[np.float64], state: State, *, converged: bool
) -> tuple[str, str]:
    unidentified = find_unidentified(problem, state)
    if unidentified:
        return "unidentified", ", ".join(unidentified)
    if not converged:
        worst = np.argsort(-np.abs(state.gradient))[:3]
        return "not_converged", ", ".join(problem.layout.name_free(int(at)) for at in worst)
    heywood = find_heywood(problem.layout, state.matrices)
    return ("heywood", ", ".join(heywood)) if heywood else ("ok", "")


def _spread(covariance: NDArray[np.float64], position: NDArray[np.intp]) -> NDArray[np.float64]:
    errors = np.zeros(len(position))
    is_free = position >= 0
    errors[is_free] = np.sqrt(np.clip(np.diag(covariance), 0, None))[position[is_free]]
    return errors


class _Inference:
    """What standard errors and scaled tests share."""

    def __init__(self, problem: Problem, free: NDArray[np.float64], state: State) -> None:
        self._problem, self._state = problem, state
        self._influences = join_influences(problem, state)
        self._bread = self._invert(free)

    def _invert(self, free: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the inverse of the observed information for mlr, of the expected for others."""
        information = self._state.information
        if self._problem.estimator == "mlr" and len(free):
            hessian = compute_hessian(self._problem, free)
            information = information if hessian is None else hessian
        return np.asarray(np.linalg.pinv(information, hermitian=True))

    def compute_covariance(self) -> NDArray[np.float64]:
        """Return the covariance of the free parameters."""
        if self._problem.estimator == "ml":
            return self._bread
        return compute_sandwich(self._state, self._influences, self._bread)

    def test(self) -> ModelTest:
        """Return the chi-square with its scaled version."""
        chi2, df = self._state.chi2, count_df(self._problem)
        return ModelTest(chi2=chi2, df=df, scaled=self._scale(chi2, df))

    def _scale(self, chi2: float, df: int) -> ScaledTest | None:
        estimator = self._problem.estimator
        if estimator == "ml" or df == 0:
            return None
        if estimator != "mlr":
            return scale_and_shift(chi2, df, self._state, self._influences)
        has_level = self._problem.layout.has_level
        weight = weigh_saturated(self._problem.moments, has_level=has_level)
        saturated = join_sample_influences(self._problem.moments)
        return scale_yuan_bentler(
            chi2, df, self._state, self._influences, (saturated, weight), self._bread
        )


def count_df(problem: Problem) -> int:
    """Count statistics that are modelled, less free parameters."""
    total = 0
    for own in problem.moments:
        size = len(own.indicators)
        offset = int(own.kind == "polychoric")
        pairs = size * (size + 1) // 2 - offset * size
        total += len(own.statistics) if problem.layout.has_level else pairs
    return total - problem.layout.n_free


def _measure(problem: Problem, state: State, robust: _Inference) -> dict[str, float]:
    n = sum(own.n for own in problem.moments)
    baseline_spec = build_baseline(problem.layout.spec, problem.moments)
    baseline = Problem(lay_out(baseline_spec), problem.moments, problem.estimator)
    free = start_parameters(baseline.layout, problem.moments)
    base_state = baseline.evaluate(free)
    if base_state is None:
        msg = "an indicator has no variance; leave it out of the model"
        raise StatisticsError(msg)
    base_test = _Inference(baseline, free, base_state).test()
    n_free = problem.layout.n_free
    measures = compute_measures(robust.test(), base_test, n=n, n_groups=len(problem.moments))
    measures |= {"srmr": compute_srmr(problem, state), "n_parameters": float(n_free)}
    if problem.estimator in LIKELIHOOD:
        measures |= compute_information(problem, state, n_free=n_free)
    return measures
