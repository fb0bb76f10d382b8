"""Gradient projection: rotations of a stack of loading matrices.

Every matrix of the stack walks by itself: a step that does not pay is halved, one that pays is
doubled, and a matrix that has arrived leaves the stack. Oblique rotations by the common criteria
are compiled (:mod:`clientindex.factors.rotation.oblique_walk`); all others walk here, together.

References
----------
Jennrich R. I. A simple general procedure for orthogonal rotation. Psychometrika, 2001, 66(2),
289-306. doi:10.1007/BF02294840
Jennrich R. I. A simple general method for oblique rotation. Psychometrika, 2002, 67(1), 7-19.
doi:10.1007/BF02294706
Bernaards C. A., Jennrich R. I. Gradient projection algorithms and software for arbitrary rotation
criteria in factor analysis. Educational and Psychological Measurement, 2005, 65(5), 676-696.
doi:10.1177/0013164404272507
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.factors.rotation.criteria import (
    GEOMIN_DELTA,
    TargetCriterion,
    geomin,
    oblimin,
)
from clientindex.factors.rotation.oblique_walk import GEOMIN, OBLIMIN, TARGET, walk_stack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.rotation.criteria import Criterion

TOLERANCE = 1e-7
"""Length of the projected gradient at which a rotation has arrived; GPArotation stops at 1e-5."""

MAX_STEPS = 5000
SMALLEST_STEP = 1e-13
"""A step this short changes nothing in double precision."""

SLACK = 4e-15
"""Rounding error of a criterion, relative, that does not count as a rise."""

UNTURNABLE = "the loadings cannot be rotated ({reason}); look for indicators without correlations"

NEARLY = 1e-5
"""Gradient that still counts as arrived where rounding stops the walk (GPArotation's own)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RotationStack:
    """Rotations of B loading matrices.

    Attributes
    ----------
    loadings : ndarray of shape (B, K, F)
        ``A inv(T)'``, which is ``A T`` for an orthogonal rotation.
    transformations : ndarray of shape (B, F, F)
        T, with columns of length 1; factor correlations are ``T' T``.
    values : ndarray of shape (B,)
        The criterion.
    converged : bool ndarray of shape (B,)
    """

    loadings: NDArray[np.float64]
    transformations: NDArray[np.float64]
    values: NDArray[np.float64]
    converged: NDArray[np.bool_]

    @property
    def phi(self) -> NDArray[np.float64]:
        """Factor correlations, shape (B, F, F)."""
        t = self.transformations
        phi: NDArray[np.float64] = np.swapaxes(t, 1, 2) @ t
        return phi


class _Geometry(Protocol):
    """How loadings follow from T, and what keeps T admissible."""

    def load(self, a: NDArray[np.float64], t: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the rotated loadings."""
        ...

    def slope(
        self,
        a: NDArray[np.float64],
        t: NDArray[np.float64],
        loadings: NDArray[np.float64],
        gradient: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return the gradient by T, projected on the admissible directions."""
        ...

    def retract(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the admissible matrix nearest to x."""
        ...


class _Oblique:
    """Columns of T have length 1; loadings are ``A inv(T)'``."""

    def load(self, a: NDArray[np.float64], t: NDArray[np.float64]) -> NDArray[np.float64]:
        loadings: NDArray[np.float64] = a @ np.swapaxes(np.linalg.inv(t), 1, 2)
        return loadings

    def slope(
        self,
        a: NDArray[np.float64],
        t: NDArray[np.float64],
        loadings: NDArray[np.float64],
        gradient: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        del a
        inner = np.swapaxes(loadings, 1, 2) @ gradient @ np.linalg.inv(t)
        slope = -np.swapaxes(inner, 1, 2)
        projected: NDArray[np.float64] = slope - t * np.sum(t * slope, axis=1, keepdims=True)
        return projected

    def retract(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        scaled: NDArray[np.float64] = x / np.linalg.norm(x, axis=1, keepdims=True)
        return scaled


class _Orthogonal:
    """T is orthogonal; loadings are ``A T``."""

    def load(self, a: NDArray[np.float64], t: NDArray[np.float64]) -> NDArray[np.float64]:
        return a @ t

    def slope(
        self,
        a: NDArray[np.float64],
        t: NDArray[np.float64],
        loadings: NDArray[np.float64],
        gradient: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        del loadings
        slope = np.swapaxes(a, 1, 2) @ gradient
        inner = np.swapaxes(t, 1, 2) @ slope
        projected: NDArray[np.float64] = slope - t @ (inner + np.swapaxes(inner, 1, 2)) / 2
        return projected

    def retract(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return find_nearest_orthogonal(x)


def find_nearest_orthogonal(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the orthogonal matrices nearest to a stack of shape (B, F, F) (polar factors)."""
    left, _, right = np.linalg.svd(x)
    nearest: NDArray[np.float64] = left @ right
    return nearest


def project_gradient(
    a: NDArray[np.float64],
    starts: NDArray[np.float64],
    criterion: Criterion,
    *,
    oblique: bool,
    tolerance: float = TOLERANCE,
) -> RotationStack:
    """Rotate a stack of loading matrices to a local minimum of a criterion.

    Parameters
    ----------
    a : ndarray of shape (B, K, F)
        Unrotated loadings.
    starts : ndarray of shape (B, F, F)
        Where each transformation starts: columns of length 1 (oblique) or orthogonal.
    criterion : Criterion
    oblique : bool
    tolerance : float
        Length of the projected gradient at which a rotation has arrived.

    Returns
    -------
    RotationStack

    Raises
    ------
    StatisticsError
        If a transformation is singular, which it becomes where loadings are not finite.
    """
    if oblique and (plan := _plan_compiled(criterion, a.shape[1:])) is not None:
        return _walk_compiled(a, starts, plan, tolerance=tolerance)
    geometry: _Geometry = _Oblique() if oblique else _Orthogonal()
    try:
        return _walk(a, starts, criterion, geometry=geometry, tolerance=tolerance)
    except np.linalg.LinAlgError as exc:
        raise StatisticsError(UNTURNABLE.format(reason=exc)) from None


_Plan = tuple[int, "NDArray[np.float64]", "NDArray[np.bool_]"]
"""Number of the criterion, and values and specified elements of its target."""


def _plan_compiled(criterion: Criterion, shape: tuple[int, ...]) -> _Plan | None:
    """Return what the compiled walk needs to know of a criterion; None = it does not know it."""
    if isinstance(criterion, TargetCriterion):
        target = criterion.target
        return (
            TARGET,
            np.ascontiguousarray(target.values, dtype=np.float64),
            np.ascontiguousarray(target.specified),
        )
    kinds = {oblimin: OBLIMIN, geomin: GEOMIN}
    if criterion not in kinds:
        return None
    return kinds[criterion], np.zeros(shape), np.zeros(shape, dtype=bool)


def _walk_compiled(
    a: NDArray[np.float64], starts: NDArray[np.float64], plan: _Plan, *, tolerance: float
) -> RotationStack:
    t = np.array(starts, dtype=np.float64, order="C")
    found = walk_stack(
        np.ascontiguousarray(a, dtype=np.float64),
        t,
        loadings := np.empty(a.shape),
        values := np.empty(len(a)),
        lengths := np.empty(len(a)),
        *plan,
        (tolerance, MAX_STEPS, SMALLEST_STEP, SLACK, GEOMIN_DELTA),
    )
    if not found:
        raise StatisticsError(UNTURNABLE.format(reason="Singular matrix"))
    return RotationStack(
        loadings=loadings,
        transformations=t,
        values=values,
        converged=lengths <= max(tolerance, NEARLY),
    )


def _walk(
    a: NDArray[np.float64],
    starts: NDArray[np.float64],
    criterion: Criterion,
    *,
    geometry: _Geometry,
    tolerance: float,
) -> RotationStack:
    t = starts.copy()
    loadings = geometry.load(a, t)
    values, gradient = criterion(loadings)
    slopes = geometry.slope(a, t, loadings, gradient)
    steps = np.ones(len(a))
    walking = np.arange(len(a))
    for _ in range(MAX_STEPS):
        lengths = np.sqrt(np.sum(slopes[walking] ** 2, axis=(1, 2)))
        going = (lengths > tolerance) & (steps[walking] > SMALLEST_STEP)
        walking, lengths = walking[going], lengths[going]
        if not len(walking):
            break
        step, here = steps[walking], a[walking]
        trial = geometry.retract(t[walking] - step[:, None, None] * slopes[walking])
        turned = geometry.load(here, trial)
        found, gradient = criterion(turned)
        slack = SLACK * (1 + np.abs(found))
        paid = found <= values[walking] - 0.5 * lengths**2 * step + slack
        steps[walking] = np.where(paid, 2 * step, step / 2)
        winners = walking[paid]
        t[winners], loadings[winners], values[winners] = trial[paid], turned[paid], found[paid]
        slopes[winners] = geometry.slope(here[paid], trial[paid], turned[paid], gradient[paid])
    lengths = np.sqrt(np.sum(slopes**2, axis=(1, 2)))
    return RotationStack(
        loadings=loadings,
        transformations=t,
        values=values,
        converged=lengths <= max(tolerance, NEARLY),
    )
