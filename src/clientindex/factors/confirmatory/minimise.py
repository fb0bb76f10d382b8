"""Levenberg-Marquardt with the expected information: a damped Fisher scoring.

References
----------
Nocedal J., Wright S. J. Numerical Optimization, 2nd ed. Springer, 2006, 10.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.problem import Problem, State

MAX_STEPS = 400
GRADIENT_TOLERANCE = 1e-7
"""Largest admissible Newton decrement ``g' I^-1 g``: the square of the distance from the minimum in
standard errors."""

SMALLEST_PIVOT = 1e-3
"""Of the root of an information with a diagonal of ones, which is then far from singular."""

SMALLEST_DAMPING, LARGEST_DAMPING = 1e-12, 1e12


def minimise(
    problem: Problem, start: NDArray[np.float64]
) -> tuple[NDArray[np.float64], State, bool] | None:
    """Minimise from a start.

    Returns
    -------
    free, state, converged
        None where the function is not defined at the start.
    """
    free, state = start, problem.evaluate(start)
    if state is None:
        return None
    damping = 1e-3
    for _ in range(MAX_STEPS):
        if _is_flat(state):
            return free, state, True
        moved = None
        while damping < LARGEST_DAMPING:
            step = _solve(state, damping)
            value = problem.compute_value(free + step)
            if value <= state.value:
                moved = free + step
                break
            damping *= 4
        if moved is None:
            break
        after = problem.evaluate(moved)
        if after is None:
            damping *= 4
            continue
        stuck = state.value - after.value < 1e-14 * max(1.0, abs(state.value))
        free, state = moved, after
        damping = max(damping / 10, SMALLEST_DAMPING)
        if stuck and _is_flat(state, slack=1e3):
            return free, state, True
    return free, state, _is_flat(state, slack=1e3)


def _solve(state: State, damping: float) -> NDArray[np.float64]:
    scale = np.maximum(np.diag(state.information), 1e-12)
    damped = state.information + damping * np.diag(scale)
    return np.asarray(np.linalg.solve(damped, -state.gradient), dtype=np.float64)


def _is_flat(state: State, *, slack: float = 1.0) -> bool:
    """Return whether a full step would hardly move any parameter."""
    scale = np.sqrt(np.maximum(np.diag(state.information), 1e-12))
    scaled = state.information / np.outer(scale, scale)
    gradient = state.gradient / scale
    decrement = float(gradient @ _solve_scaled(scaled, gradient))
    return decrement < slack * GRADIENT_TOLERANCE**2


def _solve_scaled(
    scaled: NDArray[np.float64], gradient: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Solve for a full step; directions in which the information says nothing are left out.

    Most models have no such direction, as a root of the information tells for a twentieth of the
    time that its eigenvalues take.
    """
    try:
        is_regular = np.diagonal(np.linalg.cholesky(scaled)).min(initial=1.0) > SMALLEST_PIVOT
    except np.linalg.LinAlgError:
        is_regular = False
    if is_regular:
        return np.asarray(np.linalg.solve(scaled, gradient), dtype=np.float64)
    return np.asarray(np.linalg.pinv(scaled, rcond=1e-10, hermitian=True) @ gradient)
