r"""Restricted likelihood of 2 G scores a centre with known sampling errors.

.. math::
   y_c \sim N(\mu_h, \Sigma_c), \quad \Sigma_c = \sum_k \theta_k A_k + V_c, \quad \theta_k \ge 0

with free means of every region h, group and method, and V_c the sampling covariance of centre c,
zero in rows and columns of the checklist. With

.. math::
   M_h = \sum_{c \in h} \Sigma_c^{-1}, \quad
   \hat\mu_h = M_h^{-1} \sum_{c \in h} \Sigma_c^{-1} y_c, \quad
   u_c = \Sigma_c^{-1} (y_c - \hat\mu_h),

minus twice the restricted log-likelihood, but for a constant, and its derivatives are

.. math::
   d(\theta) &= \sum_c \ln|\Sigma_c| + \sum_h \ln|M_h| + \sum_c (y_c - \hat\mu_h)' u_c \\
   \partial d / \partial \theta_k &= tr(W A_k), \quad
   W = \sum_c \left(\Sigma_c^{-1} - \Sigma_c^{-1} M_h^{-1} \Sigma_c^{-1} - u_c u_c'\right).

Means and likelihood come apart by region, so nothing larger than 2 G by 2 G is ever inverted;
memory is that of a few arrays of shape (n, 2 G, 2 G).

References
----------
Patterson H. D., Thompson R. Recovery of inter-block information when block sizes are unequal.
Biometrika, 1971, 58(3), 545-554. doi:10.1093/biomet/58.3.545
Harville D. A. Maximum likelihood approaches to variance component estimation and to related
problems. Journal of the American Statistical Association, 1977, 72(358), 320-338.
doi:10.1080/01621459.1977.10480998
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.decomposition.levels import MeasuredTwice

COMPONENTS = (
    "trait_common",
    "trait_own",
    "halo",
    "checklist_method",
    "survey_specific",
    "checklist_specific",
)
"""Names of the variances theta, in their order."""


def build_structure(groups: int) -> NDArray[np.float64]:
    """Build the matrices A_k of the components, shape (6, 2 G, 2 G), survey first."""
    one, own = np.ones((groups, groups)), np.eye(groups)
    survey, checklist = np.diag([1.0, 0.0]), np.diag([0.0, 1.0])
    both = np.ones((2, 2))
    parts = [
        (both, one),
        (both, own),
        (survey, one),
        (checklist, one),
        (survey, own),
        (checklist, own),
    ]
    return np.array([np.kron(method, shape) for method, shape in parts])


class RestrictedLikelihood:
    """Minus twice the restricted log-likelihood of the variance components.

    Parameters
    ----------
    measured : MeasuredTwice
    """

    def __init__(self, measured: MeasuredTwice) -> None:
        groups = measured.groups
        self._structure = build_structure(groups)
        self._known = np.pad(measured.sampling, ((0, 0), (0, groups), (0, groups)))
        self._regions = measured.regions
        self._member = (measured.regions == np.arange(measured.n_regions)[:, None]).astype(float)
        means = self._member @ measured.scores / self._member.sum(axis=1, keepdims=True)
        # Means are free, so taking these away changes digits lost only.
        self._scores = measured.scores - means[measured.regions]

    def compute_deviance(self, theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Compute minus twice the restricted log-likelihood, and its gradient.

        Infinite, with a gradient of zeros, where a covariance matrix is singular.
        """
        state = self._evaluate(theta)
        if state is None:
            return np.inf, np.zeros(len(COMPONENTS))
        return state.deviance, np.einsum("kij,ij->k", self._structure, state.pull)

    def compute_information(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        r"""Compute the expected information of theta, shape (6, 6); NaN where singular.

        ``tr(P A_k P A_l) / 2`` over all centres, with ``P = S - S X (X' S X)^-1 X' S`` and S the
        inverse covariances.
        """
        state = self._evaluate(theta)
        if state is None:
            return np.full((len(COMPONENTS),) * 2, np.nan)
        inverse, spread = state.inverse, state.spread
        after = spread[self._regions] @ inverse
        moved = [inverse @ a @ inverse for a in self._structure]
        bread = np.array([spread @ self._sum(m) for m in moved])
        total = np.einsum("khij,lhji->kl", bread, bread)
        for k, one in enumerate(moved):
            cross = (one @ after).sum(axis=0)
            pull = one.sum(axis=0) - cross - cross.T
            total[k] += np.einsum("lij,ij->l", self._structure, pull)
        return np.asarray(total / 2)

    def _evaluate(self, theta: NDArray[np.float64]) -> _State | None:
        covariance = np.einsum("k,kij->ij", theta, self._structure) + self._known
        sign, log_det = np.linalg.slogdet(covariance)
        if (sign <= 0).any():
            return None
        inverse = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
        precision = self._sum(inverse)
        spread = np.asarray(np.linalg.inv(precision), dtype=np.float64)
        weighted = np.einsum("nij,nj->ni", inverse, self._scores)
        means = np.einsum("hij,hj->hi", spread, self._member @ weighted)
        residual = self._scores - means[self._regions]
        u = np.einsum("nij,nj->ni", inverse, residual)
        deviance = log_det.sum() + np.linalg.slogdet(precision)[1].sum() + (residual * u).sum()
        fitted = (inverse @ spread[self._regions] @ inverse).sum(axis=0)
        return _State(
            deviance=float(deviance),
            pull=inverse.sum(axis=0) - fitted - u.T @ u,
            inverse=inverse,
            spread=spread,
        )

    def _sum(self, matrices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum matrices (n, p, p) of centres by region."""
        flat = self._member @ matrices.reshape(len(matrices), -1)
        return np.asarray(flat.reshape(-1, *matrices.shape[1:]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _State:
    """What deviance, gradient and information share: W, inverse covariances and inverse M_h."""

    deviance: float
    pull: NDArray[np.float64]
    inverse: NDArray[np.float64]
    spread: NDArray[np.float64]
