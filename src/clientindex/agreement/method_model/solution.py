"""The fitted model in points, with errors of whatever follows from its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from clientindex.agreement.method_model.spec import Plan

    Numbers = NDArray[Any]
    """Floats, or complex numbers that carry a derivative."""

STEP = 1e-20
"""Complex step: the derivative is exact to rounding because nothing is subtracted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """Free parameters of measures of which each is divided by its scale.

    Attributes
    ----------
    plan : Plan
    free : ndarray of shape (Q,)
        Traits and method are turned so that their loadings sum to a positive number.
    covariance : ndarray of shape (Q, Q)
    scales : ndarray of shape (2 K,)
    """

    plan: Plan
    free: NDArray[np.float64]
    covariance: NDArray[np.float64]
    scales: NDArray[np.float64]

    def propagate(
        self, compute: Callable[[Parts], Numbers]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return a function of the parameters and its standard errors, shape (q,) each.

        Delta method. NaN where the function is not defined.
        """
        count = len(self.free)
        moved = self.free + 1j * STEP * np.eye(count)
        with np.errstate(divide="ignore", invalid="ignore"):
            estimate = np.asarray(compute(self.split(self.free)))
            slopes = np.asarray(compute(self.split(moved))).imag / STEP
            variance = np.einsum("qi,qr,ri->i", slopes, self.covariance, slopes)
            error = np.sqrt(np.maximum(variance, 0.0))
        return estimate, np.where(np.isnan(estimate), np.nan, error)

    def split(self, free: Numbers) -> Parts:
        """Split parameters of shape (..., Q), measures in points again."""
        cuts = np.cumsum(self.plan.sizes)[:-1]
        survey, checklist, method, traits, *residuals = np.split(free, cuts, axis=-1)
        by_survey, by_checklist = np.split(self.scales, 2)
        both = (by_survey * by_checklist)[self.plan.paired]
        return Parts(
            survey_loading=survey * by_survey,
            checklist_loading=checklist * by_checklist,
            method_loading=method * by_checklist,
            trait_correlation=traits,
            survey_residual=residuals[0] * by_survey**2,
            checklist_residual=residuals[1] * by_checklist**2,
            residual_covariance=residuals[2] * both,
            paired=self.plan.paired,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """Parameters by kind, in points (variances in squared points), of any leading shape."""

    survey_loading: Numbers
    checklist_loading: Numbers
    method_loading: Numbers
    trait_correlation: Numbers
    survey_residual: Numbers
    checklist_residual: Numbers
    residual_covariance: Numbers
    paired: NDArray[np.intp]

    @property
    def survey_variance(self) -> Numbers:
        """Variances without sampling error."""
        return np.asarray(self.survey_loading**2 + self.survey_residual)

    @property
    def checklist_variance(self) -> Numbers:
        """Variances of the checklist's measures."""
        common = self.checklist_loading**2 + self.method_loading**2
        return np.asarray(common + self.checklist_residual)

    @property
    def residual_correlation(self) -> Numbers:
        """Of the paired indicators; NaN where a residual variance is not positive."""
        first = self.survey_residual[..., self.paired]
        second = self.checklist_residual[..., self.paired]
        return np.asarray(self.residual_covariance / (_root(first) * _root(second)))


def orient(
    plan: Plan, free: NDArray[np.float64], covariance: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn factors so that the loadings of the survey, and those on the method, sum above zero."""
    size, groups = plan.size, plan.n_groups
    total = np.bincount(plan.group_of, free[:size], minlength=groups)
    trait = np.where(total < 0, -1.0, 1.0)
    method = -1.0 if free[2 * size : 3 * size].sum() < 0 else 1.0
    first, second = np.triu_indices(groups, 1)
    own = trait[plan.group_of]
    sign = np.ones(len(free))
    sign[: 3 * size] = np.concatenate([own, own, np.full(size, method)])
    sign[3 * size : 3 * size + len(first)] = trait[first] * trait[second]
    return free * sign, covariance * sign[:, None] * sign


def _root(value: Numbers) -> Numbers:
    return np.asarray(np.sqrt(np.where(value.real > 0, value, np.nan)))
