r"""Alignment: factor means and variances of many parts without equal loadings and intercepts.

The configural model of every part has factors with mean 0 and variance 1. Any other mean
``alpha_g`` and standard deviation ``s_g`` fit as well, with loadings ``l_gi / s_g`` and intercepts
``v_gi - alpha_g l_gi / s_g``. Alignment chooses them so that loadings and intercepts differ between
parts as little as possible, most of them hardly and a few by much:

.. math:: F = \sum_i \sum_{g<h} \sqrt{n_g n_h} [f(l^*_{gi} - l^*_{hi}) + f(v^*_{gi} - v^*_{hi})],
          \quad f(x) = (x^2 + \epsilon)^{1/4}.

Indicators load on one factor each, so every factor is aligned by itself.

References
----------
Asparouhov T., Muthén B. Multiple-group factor analysis alignment. Structural Equation Modeling,
2014, 21(4), 495-508. doi:10.1080/10705511.2014.919210
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import ndtri

from clientindex.compiled import njit

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

EPSILON = 0.01
"""Smoothing of the loss function, as in Asparouhov and Muthén (2014)."""

CONTINUATION = (1.0, 0.1, EPSILON)
"""A smooth problem first: each solution starts the next, which avoids local minima."""

DIFFERENCE_P = 0.001
"""Two-sided p below which a part differs, as in Asparouhov and Muthén (2014, p. 499)."""

DERIVATIVE_STEP = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Configural:
    """Configural estimates of one factor with I indicators in G parts.

    Attributes
    ----------
    loadings, intercepts : ndarray of shape (G, I)
    covariance : ndarray of shape (G, 2 I, 2 I)
        Sampling covariance of a part's loadings, then intercepts.
    n : ndarray of shape (G,)
        Respondents.
    """

    loadings: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    covariance: NDArray[np.float64]
    n: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Aligned:
    """One factor aligned.

    Attributes
    ----------
    mean, mean_se, sd : ndarray of shape (G,)
        Of the factor; 0, 0 and 1 in the first part.
    loadings, intercepts : ndarray of shape (G, I)
    loading_r2, intercept_r2 : ndarray of shape (I,)
        Share of the variance between parts that factor means and variances explain; 1 where there
        is none to explain.
    loading_differs, intercept_differs : bool ndarray of shape (G, I)
    value : float
        Of the loss function.
    """

    mean: NDArray[np.float64]
    mean_se: NDArray[np.float64]
    sd: NDArray[np.float64]
    loadings: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    loading_r2: NDArray[np.float64]
    intercept_r2: NDArray[np.float64]
    loading_differs: NDArray[np.bool_]
    intercept_differs: NDArray[np.bool_]
    value: float


def align(configural: Configural) -> Aligned:
    """Align one factor over all parts.

    Standard errors are by the delta method through the implicit function of the minimum. A part
    differs in a parameter when it lies off the mean of the parts that agree, with p below 0.001;
    the set of parts that agree is found by leaving out and starting anew until nothing changes.

    Parameters
    ----------
    configural : Configural
        Of at least two parts.
    """
    problem = _Problem(configural)
    solution = problem.solve()
    mean, sd = problem.unpack(solution)
    loadings, intercepts = _transform(configural.loadings, configural.intercepts, mean, sd)
    mean_se, variance = _propagate(problem, solution)
    size = loadings.size
    return Aligned(
        mean=mean,
        mean_se=mean_se,
        sd=sd,
        loadings=loadings,
        intercepts=intercepts,
        loading_r2=_explain(configural.loadings, sd[:, None] * loadings.mean(axis=0)),
        intercept_r2=_explain(configural.intercepts, np.outer(mean, loadings.mean(axis=0))),
        loading_differs=_find_differing(loadings, variance[:size].reshape(loadings.shape)),
        intercept_differs=_find_differing(intercepts, variance[size:].reshape(loadings.shape)),
        value=problem.compute(solution, EPSILON)[0],
    )


def _transform(
    loadings: NDArray[np.float64],
    intercepts: NDArray[np.float64],
    mean: NDArray[np.float64],
    sd: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    moved = loadings / sd[:, None]
    return moved, intercepts - mean[:, None] * moved


@njit(nogil=True)
def _compute_loss(
    loadings: NDArray[np.float64],
    intercepts: NDArray[np.float64],
    weights: NDArray[np.float64],
    unknowns: NDArray[np.float64],
    epsilon: float,
    gradient: NDArray[np.float64],
) -> float:
    """Return the loss at means, then log standard deviations, of parts 2 ... G."""
    n_parts, n_items = loadings.shape
    mean, sd = np.zeros(n_parts), np.ones(n_parts)
    mean[1:] = unknowns[: n_parts - 1]
    sd[1:] = np.exp(unknowns[n_parts - 1 :])
    moved, shifted = np.empty((n_parts, n_items)), np.empty((n_parts, n_items))
    for g in range(n_parts):
        for i in range(n_items):
            moved[g, i] = loadings[g, i] / sd[g]
            shifted[g, i] = intercepts[g, i] - mean[g] * moved[g, i]
    by_moved, by_shifted = np.zeros((n_parts, n_items)), np.zeros((n_parts, n_items))
    loss = _compare(moved, weights, epsilon, by_moved)
    loss += _compare(shifted, weights, epsilon, by_shifted)
    gradient[:] = 0.0
    for g in range(1, n_parts):
        for i in range(n_items):
            gradient[g - 1] -= by_shifted[g, i] * moved[g, i]
            slope = mean[g] * by_shifted[g, i] - by_moved[g, i]
            gradient[n_parts - 2 + g] += slope * moved[g, i]
    return loss


@njit(nogil=True)
def _compare(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    epsilon: float,
    slope: NDArray[np.float64],
) -> float:
    """Return the loss of one kind of parameter, and add its derivative by each to `slope`."""
    loss = 0.0
    for g in range(values.shape[0]):
        for h in range(g + 1, values.shape[0]):
            for i in range(values.shape[1]):
                gap = values[g, i] - values[h, i]
                square = gap * gap + epsilon
                root = square**0.25
                loss += weights[g, h] * root
                step = weights[g, h] * gap * root / square / 2
                slope[g, i] += step
                slope[h, i] -= step
    return loss


class _Problem:
    """The loss function of the means and log standard deviations of parts 2 ... G."""

    def __init__(self, configural: Configural) -> None:
        self.configural = configural
        share = np.sqrt(configural.n / configural.n.mean())
        self._weights = np.triu(np.outer(share, share), 1)

    def unpack(
        self, unknowns: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return means and standard deviations of all parts."""
        means, logs = np.split(unknowns, 2)
        return np.concatenate([[0.0], means]), np.exp(np.concatenate([[0.0], logs]))

    def solve(self) -> NDArray[np.float64]:
        """Minimise from two starts and keep the better minimum."""
        found = [self._descend(start) for start in self._list_starts()]
        return min(found, key=lambda x: float(self.compute(x, EPSILON)[0]))

    def compute(
        self, unknowns: NDArray[np.float64], epsilon: float
    ) -> tuple[float, NDArray[np.float64]]:
        """Compute the loss and its gradient."""
        c = self.configural
        return self.compute_of(c.loadings, c.intercepts, unknowns, epsilon)

    def compute_of(
        self,
        own_loadings: NDArray[np.float64],
        own_intercepts: NDArray[np.float64],
        unknowns: NDArray[np.float64],
        epsilon: float,
    ) -> tuple[float, NDArray[np.float64]]:
        """Compute the same of other configural estimates."""
        gradient = np.empty(len(unknowns))
        loss = _compute_loss(
            own_loadings, own_intercepts, self._weights, unknowns, epsilon, gradient
        )
        return loss, gradient

    def _list_starts(self) -> list[NDArray[np.float64]]:
        """Return no difference at all, and the least-squares differences from the first part."""
        c = self.configural
        first = c.loadings[0]
        sd = np.clip(c.loadings[1:] @ first / (first @ first), 0.1, 10.0)
        mean = (c.intercepts[1:] - c.intercepts[0]) @ first / (first @ first)
        return [np.zeros(2 * len(sd)), np.concatenate([mean, np.log(sd)])]

    def _descend(self, start: NDArray[np.float64]) -> NDArray[np.float64]:
        at = start
        for epsilon in CONTINUATION:
            found = minimize(
                self.compute,
                at,
                args=(epsilon,),
                jac=True,
                method="BFGS",
                options={"gtol": 1e-8, "maxiter": 2000},
            )
            at = np.asarray(found.x, dtype=np.float64)
        return at


def _propagate(
    problem: _Problem, solution: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return standard errors of the means, and variances of aligned loadings and intercepts."""
    c = problem.configural
    n_parts, shape = len(c.loadings), c.loadings.shape
    estimates = np.concatenate([c.loadings.ravel(), c.intercepts.ravel()])

    def slope_at(values: NDArray[np.float64]) -> NDArray[np.float64]:
        loadings, intercepts = values.reshape(2, *shape)
        return problem.compute_of(loadings, intercepts, solution, EPSILON)[1]

    hessian = _differentiate(lambda x: problem.compute(x, EPSILON)[1], solution)
    response = -np.linalg.pinv(hessian) @ _differentiate(slope_at, estimates)
    spread = _spread_covariance(c)
    unknowns = response @ spread @ response.T
    mean_se = np.zeros(n_parts)
    mean_se[1:] = np.sqrt(np.clip(np.diagonal(unknowns)[: n_parts - 1], 0, None))
    by_unknown, by_estimate = _differentiate_aligned(c, *problem.unpack(solution))
    total = by_estimate + by_unknown @ response
    return mean_se, np.sum((total @ spread) * total, axis=1)


def _differentiate_aligned(
    configural: Configural, mean: NDArray[np.float64], sd: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Differentiate aligned loadings, then intercepts.

    Returns
    -------
    ndarray of shape (2 G I, 2 (G - 1))
        By means and log standard deviations of parts 2 ... G.
    ndarray of shape (2 G I, 2 G I)
        By configural loadings, then intercepts.
    """
    moved = configural.loadings / sd[:, None]
    (n_parts, n_items), size = moved.shape, moved.size
    of_part = np.repeat(np.eye(n_parts), n_items, axis=0)[:, 1:] * moved.reshape(-1, 1)
    by_log = np.repeat(mean, n_items)[:, None] * of_part
    by_unknown = np.block([[np.zeros_like(of_part), -of_part], [-of_part, by_log]])
    by_loading = np.repeat(1 / sd, n_items)
    by_estimate = np.eye(2 * size)
    np.fill_diagonal(by_estimate[:size, :size], by_loading)
    np.fill_diagonal(by_estimate[size:, :size], -np.repeat(mean, n_items) * by_loading)
    return by_unknown, by_estimate


def _spread_covariance(configural: Configural) -> NDArray[np.float64]:
    """Return the covariance of all loadings, then all intercepts; parts are independent."""
    n_parts, n_items = configural.loadings.shape
    whole = np.zeros((2, n_parts, n_items, 2, n_parts, n_items))
    blocks = configural.covariance.reshape(n_parts, 2, n_items, 2, n_items)
    for part in range(n_parts):
        whole[:, part, :, :, part, :] = blocks[part]
    size = 2 * n_parts * n_items
    return whole.reshape(size, size)


def _differentiate(
    function: Callable[[NDArray[np.float64]], NDArray[np.float64]], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return central differences, one column an unknown."""
    columns = []
    for position in range(len(at)):
        step = np.zeros(len(at))
        step[position] = DERIVATIVE_STEP
        columns.append((function(at + step) - function(at - step)) / (2 * DERIVATIVE_STEP))
    return np.column_stack(columns)


def _explain(values: NDArray[np.float64], explained: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of the variance between parts that is explained, by indicator."""
    total = values.var(axis=0)
    left = (values - explained).var(axis=0)
    share = 1 - left / np.where(total > 0, total, 1.0)
    return np.where(total > 0, np.clip(share, 0.0, 1.0), 1.0)


def _find_differing(
    values: NDArray[np.float64], variance: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Find the parts whose value lies off the mean of those that agree, by indicator."""
    limit = float(-ndtri(DIFFERENCE_P / 2))
    error = np.sqrt(np.clip(variance, 0, None))
    centre = np.median(values, axis=0)
    differs = np.zeros(values.shape, dtype=bool)
    for _ in range(len(values)):
        found = np.abs(values - centre) > limit * error
        if (found == differs).all() or found.all(axis=0).any():
            break
        differs = found
        centre = np.where(differs, 0.0, values).sum(axis=0) / (~differs).sum(axis=0)
    return differs
