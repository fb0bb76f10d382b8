"""The discrepancy between sample and model, its gradient and its weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.confirmatory.adjoint import carry_back
from clientindex.factors.confirmatory.group_places import find_group_places
from clientindex.factors.confirmatory.implied import differentiate, fill_matrices, imply_level
from clientindex.factors.triangle import upper_triangle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.fit import Estimator, GroupMatrices
    from clientindex.factors.confirmatory.layout import Layout
    from clientindex.factors.moments import SampleMoments

LIKELIHOOD = ("ml", "mlr")

LOG_SINGULAR = -25.0
"""Logarithm of a determinant, for each indicator, below which covariances have no inverse."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """A model at given values of its free parameters.

    Attributes
    ----------
    value : float
        What is minimised: half the weighted discrepancy, n included.
    chi2 : float
        Twice the value; of least squares with n - 1 in place of n, as lavaan has it.
    gradient : ndarray of shape (Q,)
    information : ndarray of shape (Q, Q)
        ``D' W D``: expected information for likelihood, Gauss-Newton's approximation for least
        squares.
    jacobian : ndarray of shape (S, Q)
    weighted : ndarray of shape (S, Q)
        ``W D``.
    weights : tuple of ndarray
        Of the groups, of shape (S_g, S_g) or, where W is diagonal, (S_g,).
    matrices : tuple of GroupMatrices
    """

    value: float
    chi2: float
    gradient: NDArray[np.float64]
    information: NDArray[np.float64]
    jacobian: NDArray[np.float64]
    weighted: NDArray[np.float64]
    weights: tuple[NDArray[np.float64], ...]
    matrices: tuple[GroupMatrices, ...]

    @property
    def weight(self) -> NDArray[np.float64]:
        """W of all groups, shape (S, S)."""
        return _join([np.diag(own) if own.ndim == 1 else own for own in self.weights])


class Problem:
    """The function of the free parameters that an estimator minimises.

    Likelihood: ``n [ln|Sigma| + tr(S Sigma^-1) - ln|S| - P + (m - mu)' Sigma^-1 (m - mu)]``. Least
    squares: ``(s - sigma)' W (s - sigma)`` with ``W = n`` (uls; one half for variances, so that
    every element of the matrix counts once) or the inverse variances of the statistics (wlsmv).
    """

    def __init__(
        self, layout: Layout, moments: tuple[SampleMoments, ...], estimator: Estimator
    ) -> None:
        self.layout = layout
        self.moments = moments
        self.estimator = estimator
        self._map = np.zeros((len(layout.places), layout.n_free))
        free = np.flatnonzero(layout.position >= 0)
        self._map[free, layout.position[free]] = 1.0
        owners = range(len(moments))
        self._maps = [self._map[find_group_places(layout, group).own] for group in owners]
        self._leads = [_lead(own) for own in moments]
        self._log_samples = [np.linalg.slogdet(own.matrix) for own in moments]
        self._fixed_weights = (
            None
            if estimator in LIKELIHOOD
            else [_weigh_squares(m, estimator, layout.has_level) for m in moments]
        )

    def fill(self, free: NDArray[np.float64]) -> tuple[GroupMatrices, ...]:
        """Return the matrices of all groups."""
        values = self.layout.expand(free)
        return tuple(
            fill_matrices(self.layout, values, own, group) for group, own in enumerate(self.moments)
        )

    def evaluate(self, free: NDArray[np.float64]) -> State | None:
        """Evaluate the function and its derivatives; None where it is not defined."""
        matrices = self.fill(free)
        parts = [self._evaluate_group(m, group) for group, m in enumerate(matrices)]
        usable = [part for part in parts if part is not None]
        if len(usable) < len(parts):
            return None
        jacobian = np.concatenate([part.jacobian for part in usable])
        weighted = np.concatenate([_weigh(part.weight, part.jacobian) for part in usable])
        pull = np.concatenate([_weigh(part.weight, part.residual) for part in usable])
        return State(
            value=sum(part.value for part in usable),
            chi2=self._sum_chi2([part.value for part in usable]),
            gradient=-jacobian.T @ pull,
            information=jacobian.T @ weighted,
            jacobian=jacobian,
            weighted=weighted,
            weights=tuple(part.weight for part in usable),
            matrices=matrices,
        )

    def _sum_chi2(self, values: list[float]) -> float:
        if self.estimator in LIKELIHOOD:
            return 2 * sum(values)
        pairs = zip(values, self.moments, strict=True)
        return 2 * sum(value * (own.n - 1) / own.n for value, own in pairs)

    def compute_value(self, free: NDArray[np.float64]) -> float:
        """Return half the chi-square, infinite where it is not defined."""
        total = 0.0
        for group, matrices in enumerate(self.fill(free)):
            if self.estimator in LIKELIHOOD:
                value, _ = self._compare_likelihood(matrices, group)
                if value is None:
                    return np.inf
                total += value
            else:
                residual = self._find_residual(matrices, group)
                weight = self._get_weight(group)
                total += 0.5 * float(residual @ _weigh(weight, residual))
        return total

    def compute_gradients(self, free: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Return gradients of a likelihood, without its weight, at many points at once.

        Parameters
        ----------
        free : ndarray of shape (B, Q)

        Returns
        -------
        ndarray of shape (B, Q) or None
            None where it is undefined at some point.
        """
        slopes = np.zeros((len(free), len(self.layout.places)))
        for group, (own, matrices) in enumerate(zip(self.moments, self.fill(free), strict=True)):
            inverse = _invert(matrices.implied)
            if inverse is None:
                return None
            gap = np.zeros((len(free), len(own.matrix)))
            if self.layout.has_level:
                gap = own.means - imply_level(matrices)
            squares = own.matrix - matrices.implied + gap[:, :, None] * gap[:, None, :]
            slopes -= carry_back(
                self.layout,
                matrices,
                group,
                by_mean=own.n * (inverse @ gap[:, :, None])[:, :, 0],
                by_covariance=own.n / 2 * (inverse @ squares @ inverse),
            )
        return np.asarray(slopes @ self._map)

    def _get_weight(self, group: int) -> NDArray[np.float64]:
        return (self._fixed_weights or [])[group]

    def _evaluate_group(self, matrices: GroupMatrices, group: int) -> _Part | None:
        own = self.moments[group]
        jacobian = differentiate(self.layout, matrices, own, group) @ self._maps[group]
        residual = self._find_residual(matrices, group)
        if self.estimator not in LIKELIHOOD:
            weight = self._get_weight(group)
            value = 0.5 * float(residual @ _weigh(weight, residual))
            return _Part(value=value, residual=residual, jacobian=jacobian, weight=weight)
        found, inverse = self._compare_likelihood(matrices, group)
        if found is None:
            return None
        weight = _weigh_likelihood(own.n, inverse, self.layout.has_level)
        if self.layout.has_level:
            gap = own.means - imply_level(matrices)
            residual = residual.copy()
            residual[len(gap) :] += np.outer(gap, gap)[upper_triangle(len(gap))]
        return _Part(value=found, residual=residual, jacobian=jacobian, weight=weight)

    def _find_residual(self, matrices: GroupMatrices, group: int) -> NDArray[np.float64]:
        """Return sample less implied statistics; 0 for saturated ones."""
        own = self.moments[group]
        offset = int(own.kind == "polychoric")
        rows = upper_triangle(len(own.indicators), offset)
        pairs = (own.matrix - matrices.implied)[rows]
        if self.layout.has_level:
            level = self._leads[group] - imply_level(matrices)
        else:
            level = np.zeros(len(self._leads[group]))
        return np.concatenate([level, pairs])

    def _compare_likelihood(
        self, matrices: GroupMatrices, group: int
    ) -> tuple[float | None, NDArray[np.float64]]:
        own = self.moments[group]
        sigma = matrices.implied
        try:
            root = np.linalg.cholesky(sigma)
        except np.linalg.LinAlgError:
            return None, sigma
        inverse = np.asarray(np.linalg.inv(sigma), dtype=np.float64)
        log_det = 2 * np.log(np.diag(root)).sum()
        sign, log_sample = self._log_samples[group]
        if sign <= 0 or log_sample < LOG_SINGULAR * len(sigma):
            return None, sigma
        value = log_det - log_sample + float((own.matrix * inverse).sum()) - len(sigma)
        if self.layout.has_level:
            gap = own.means - imply_level(matrices)
            value += float(gap @ inverse @ gap)
        return 0.5 * own.n * float(value), inverse


def _invert(covariances: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Invert covariances, None unless all are positive definite."""
    try:
        np.linalg.cholesky(covariances)
    except np.linalg.LinAlgError:
        return None
    return np.asarray(np.linalg.inv(covariances), dtype=np.float64)


def _lead(own: SampleMoments) -> NDArray[np.float64]:
    """Return the statistics before covariances or correlations: means or thresholds."""
    if own.kind == "covariance":
        return own.means
    return np.concatenate(own.thresholds)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    value: float
    residual: NDArray[np.float64]
    jacobian: NDArray[np.float64]
    weight: NDArray[np.float64]


def _weigh_likelihood(
    n: float, inverse: NDArray[np.float64], has_level: bool
) -> NDArray[np.float64]:
    """Return n times normal theory's information on means and covariances."""
    size = len(inverse)
    a, b = upper_triangle(size)
    products = (
        inverse[np.ix_(a, a)] * inverse[np.ix_(b, b)]
        + inverse[np.ix_(a, b)] * inverse[np.ix_(b, a)]
    )
    share = 1.0 / (1.0 + (a == b))
    weight = np.zeros((size + len(a), size + len(a)))
    weight[size:, size:] = n * products * np.outer(share, share)
    if has_level:
        weight[:size, :size] = n * inverse
    return weight


def weigh_saturated(moments: tuple[SampleMoments, ...], *, has_level: bool) -> NDArray[np.float64]:
    """Return normal theory's information on the moments of all groups at the sample's own."""
    return _join(
        [_weigh_likelihood(m.n, np.asarray(np.linalg.inv(m.matrix)), has_level) for m in moments]
    )


def _weigh_squares(
    own: SampleMoments, estimator: Estimator, has_level: bool
) -> NDArray[np.float64]:
    """Return the diagonal weight of least squares; saturated statistics have none."""
    size = len(own.indicators)
    offset = int(own.kind == "polychoric")
    rows, columns = upper_triangle(size, offset)
    n_level = own.n_statistics - len(rows)
    if estimator == "uls":
        diagonal = np.full(own.n_statistics, float(own.n))
        diagonal[n_level:][rows == columns] /= 2
    else:
        variance = (own.influence**2).sum(axis=0)
        diagonal = 1.0 / np.maximum(variance, np.finfo(float).tiny)
    if not has_level:
        diagonal[:n_level] = 0.0
    return diagonal


def _weigh(weight: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``W x`` of a group."""
    if weight.ndim == 2:
        return np.asarray(weight @ x)
    return weight * x if x.ndim == 1 else weight[:, None] * x


def _join(blocks: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return a block-diagonal matrix."""
    if len(blocks) == 1:
        return blocks[0]
    size = sum(len(block) for block in blocks)
    joined = np.zeros((size, size))
    start = 0
    for block in blocks:
        part = slice(start, start + len(block))
        joined[part, part] = block
        start += len(block)
    return joined
