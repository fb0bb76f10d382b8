"""Discrepancies of the factor model as functions of the uniquenesses, with two derivatives.

For given uniquenesses the best loadings are eigenvectors, so K unknowns are left instead of K F.
Stacks of B correlation matrices are evaluated at once. The second derivatives are exact: the sums
over pairs of residual eigenvectors, which look singular where two eigenvalues meet, collapse into a
Hadamard product of projections.

References
----------
Joreskog K. G. Some contributions to maximum likelihood factor analysis. Psychometrika, 1967, 32(4),
443-482. doi:10.1007/BF02289658
Harman H. H., Jones W. H. Factor analysis by minimizing residuals (minres). Psychometrika, 1966,
31(3), 351-368. doi:10.1007/BF02289468
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """A discrepancy at B points.

    Attributes
    ----------
    discrepancies : ndarray of shape (B,)
    gradients : ndarray of shape (B, K)
    hessians : ndarray of shape (B, K, K)
    """

    discrepancies: NDArray[np.float64]
    gradients: NDArray[np.float64]
    hessians: NDArray[np.float64]


class Discrepancy(Protocol):
    """A discrepancy in its own unknowns, one an indicator."""

    def encode(self, uniquenesses: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the unknowns of uniquenesses, a rising function."""
        ...

    def decode(self, unknowns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the uniquenesses of unknowns."""
        ...

    def evaluate(
        self, r: NDArray[np.float64], unknowns: NDArray[np.float64], n_factors: int
    ) -> Evaluation:
        """Return the discrepancy of matrices of shape (B, K, K) at unknowns of shape (B, K)."""
        ...

    def load(
        self, r: NDArray[np.float64], unknowns: NDArray[np.float64], n_factors: int
    ) -> NDArray[np.float64]:
        """Return the best loadings, shape (B, K, F), larger factors first."""
        ...


class Minres:
    """Least squares: half the sum of squared eigenvalues of ``R - Psi`` left over by the factors.

    The unknowns are the uniquenesses. Where the minimum is inside the bounds it is also that of
    the residual correlations outside the diagonal alone.
    """

    def encode(self, uniquenesses: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the unknowns of uniquenesses."""
        return uniquenesses

    def decode(self, unknowns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the uniquenesses of unknowns."""
        return unknowns

    def evaluate(
        self, r: NDArray[np.float64], unknowns: NDArray[np.float64], n_factors: int
    ) -> Evaluation:
        """Return value, gradient and Hessian."""
        eigenvalues, vectors = _decompose(_reduce(r, unknowns))
        n_left = eigenvalues.shape[1] - n_factors
        # A factor cannot reproduce a negative eigenvalue, which therefore stays in the residual.
        kept = (np.arange(eigenvalues.shape[1]) >= n_left) & (eigenvalues > 0)
        left = np.where(kept, 0.0, eigenvalues)
        projection = _sandwich(vectors, np.where(kept, 0.0, 1.0))
        return Evaluation(
            discrepancies=np.sum(left**2, axis=1) / 2,
            gradients=-np.einsum("bj,bij->bi", left, vectors**2),
            hessians=projection**2 + _mix(vectors, kept, 2 * left, eigenvalues, n_factors),
        )

    def load(
        self, r: NDArray[np.float64], unknowns: NDArray[np.float64], n_factors: int
    ) -> NDArray[np.float64]:
        """Return the best loadings."""
        eigenvalues, vectors = _decompose(_reduce(r, unknowns))
        return _scale_largest(vectors, np.sqrt(np.maximum(eigenvalues, 0)), n_factors)


class MaximumLikelihood:
    """Normal likelihood: ``sum (e - log e - 1)`` over the eigenvalues left over by the factors.

    They are those of ``Psi^-1/2 R Psi^-1/2``; the unknowns are logarithms of the uniquenesses.
    """

    def encode(self, uniquenesses: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the unknowns of uniquenesses."""
        return np.log(uniquenesses)

    def decode(self, unknowns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the uniquenesses of unknowns."""
        return np.exp(unknowns)

    def evaluate(
        self, r: NDArray[np.float64], unknowns: NDArray[np.float64], n_factors: int
    ) -> Evaluation:
        """Return value, gradient and Hessian."""
        eigenvalues, vectors = _decompose(_standardise(r, unknowns))
        kept = np.arange(eigenvalues.shape[1]) >= eigenvalues.shape[1] - n_factors
        kept = np.broadcast_to(kept, eigenvalues.shape)
        excess = np.where(kept, 0.0, eigenvalues - 1)
        terms = np.where(kept, 0.0, excess - np.log(eigenvalues))
        projection = _sandwich(vectors, np.where(kept, 0.0, 1.0))
        weighted = _sandwich(vectors, np.where(kept, 0.0, eigenvalues))
        mixed = _mix(vectors, kept, excess, eigenvalues, n_factors, summed=True)
        return Evaluation(
            discrepancies=terms.sum(axis=1),
            gradients=-np.einsum("bj,bij->bi", excess, vectors**2),
            hessians=projection * weighted + mixed,
        )

    def load(
        self, r: NDArray[np.float64], unknowns: NDArray[np.float64], n_factors: int
    ) -> NDArray[np.float64]:
        """Return the best loadings."""
        eigenvalues, vectors = _decompose(_standardise(r, unknowns))
        lengths = np.sqrt(np.maximum(eigenvalues - 1, 0))
        return np.exp(unknowns / 2)[:, :, None] * _scale_largest(vectors, lengths, n_factors)


def _reduce(r: NDArray[np.float64], uniquenesses: NDArray[np.float64]) -> NDArray[np.float64]:
    reduced = r.copy()
    diagonal = np.arange(r.shape[1])
    reduced[:, diagonal, diagonal] -= uniquenesses
    return reduced


def _standardise(r: NDArray[np.float64], logarithms: NDArray[np.float64]) -> NDArray[np.float64]:
    scale = np.exp(-logarithms / 2)
    return r * scale[:, :, None] * scale[:, None, :]


def _decompose(matrices: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    eigenvalues, vectors = np.linalg.eigh(matrices)
    return eigenvalues, vectors


def _sandwich(
    vectors: NDArray[np.float64], eigenvalues: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return ``U diag(e) U'``."""
    product: NDArray[np.float64] = (vectors * eigenvalues[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    return product


def _scale_largest(
    vectors: NDArray[np.float64], lengths: NDArray[np.float64], n_factors: int
) -> NDArray[np.float64]:
    scaled = vectors * lengths[:, None, :]
    return scaled[:, :, ::-1][:, :, :n_factors]


def _mix(
    vectors: NDArray[np.float64],
    kept: NDArray[np.bool_],
    weights: NDArray[np.float64],
    eigenvalues: NDArray[np.float64],
    n_factors: int,
    *,
    summed: bool = False,
) -> NDArray[np.float64]:
    """Return the part of the Hessian where residual eigenvectors j meet kept ones m.

    ``sum_jm w_j c_jm (u_ij u_im)(u_kj u_km)`` with ``c = 1 / (e_j - e_m)``, times ``e_j + e_m``
    where `summed`.
    """
    total = np.zeros_like(vectors)
    for position in range(eigenvalues.shape[1] - n_factors, eigenvalues.shape[1]):
        own = eigenvalues[:, position : position + 1]
        gaps = np.where(kept | (eigenvalues == own), np.inf, eigenvalues - own)
        shares = weights / gaps * (eigenvalues + own if summed else 1.0)
        shares = np.where(kept[:, position : position + 1], shares, 0.0)
        factor = vectors[:, :, position]
        total += _sandwich(vectors, shares) * factor[:, :, None] * factor[:, None, :]
    return total
