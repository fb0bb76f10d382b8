"""Discrepancies of the factor model as functions of the uniquenesses, with two derivatives.

For given uniquenesses the best loadings are eigenvectors, so K unknowns are left instead of K F.
The second derivatives are exact: the sums over pairs of residual eigenvectors, which look singular
where two eigenvalues meet, collapse into a Hadamard product of projections.

Minres: half the sum of squared eigenvalues of ``R - Psi`` left over by the factors; the unknowns
are the uniquenesses. Where the minimum is inside the bounds it is also that of the residual
correlations outside the diagonal alone. Maximum likelihood: ``sum (e - log e - 1)`` over the
eigenvalues of ``Psi^-1/2 R Psi^-1/2`` left over; the unknowns are logarithms of the uniquenesses.

References
----------
Joreskog K. G. Some contributions to maximum likelihood factor analysis. Psychometrika, 1967, 32(4),
443-482. doi:10.1007/BF02289658
Harman H. H., Jones W. H. Factor analysis by minimizing residuals (minres). Psychometrika, 1966,
31(3), 351-368. doi:10.1007/BF02289468
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from clientindex.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Smooth = Literal["minres", "ml"]
    Grids = tuple[NDArray[np.float64], NDArray[np.float64]]

MINRES: Final = 0
ML: Final = 1

KINDS: Final[dict[str, int]] = {"minres": MINRES, "ml": ML}


def encode(uniquenesses: NDArray[np.float64], method: Smooth) -> NDArray[np.float64]:
    """Return the unknowns of uniquenesses, a rising function."""
    return np.log(uniquenesses) if method == "ml" else uniquenesses


def decode(unknowns: NDArray[np.float64], method: Smooth) -> NDArray[np.float64]:
    """Return the uniquenesses of unknowns."""
    return np.exp(unknowns) if method == "ml" else unknowns


@njit(nogil=True)
def evaluate(
    r: NDArray[np.float64],
    x: NDArray[np.float64],
    n_factors: int,
    kind: int,
    gradient: NDArray[np.float64],
    hessian: NDArray[np.float64],
    grids: Grids,
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:  # pragma: no cover - compiled
    """Return the discrepancy of one matrix, and write its derivatives.

    Parameters
    ----------
    r : ndarray of shape (K, K)
    x : ndarray of shape (K,)
        Unknowns.
    n_factors : int
    kind : int
        :data:`MINRES` or :data:`ML`.
    gradient, hessian : ndarray of shape (K,), (K, K)
        Are filled.
    grids : tuple of two ndarrays of shape (K, K)
        Are written over.

    Returns
    -------
    value : float
    eigenvalues : ndarray of shape (K,)
        Rising.
    vectors : ndarray of shape (K, K)
        A row an eigenvalue.
    """
    eigenvalues, columns = np.linalg.eigh(_reduce(r, x, kind, grids[0]))
    vectors = np.ascontiguousarray(columns.T)
    size = len(x)
    kept = np.zeros(size, dtype=np.bool_)
    for j in range(size - n_factors, size):
        # A factor cannot reproduce a negative eigenvalue, which therefore stays in the residual.
        kept[j] = kind == ML or eigenvalues[j] > 0
    ones, own = np.zeros(size), np.zeros(size)
    value = 0.0
    gradient[:] = 0.0
    for j in range(size):
        if not kept[j]:
            e = eigenvalues[j]
            excess = e - 1 if kind == ML else e
            value += excess - np.log(e) if kind == ML else 0.5 * e * e
            ones[j], own[j] = 1.0, e
            for i in range(size):
                gradient[i] -= excess * vectors[j, i] * vectors[j, i]
    _sum_squares(vectors, ones, grids[0])
    _sum_squares(vectors, own if kind == ML else ones, grids[1])
    for i in range(size):
        for k in range(i + 1):
            hessian[i, k] = grids[0][i, k] * grids[1][i, k]
    _mix(eigenvalues, vectors, kept, kind, hessian, grids[0])
    return value, eigenvalues, vectors


@njit(nogil=True)
def load(
    eigenvalues: NDArray[np.float64],
    vectors: NDArray[np.float64],
    x: NDArray[np.float64],
    kind: int,
    loadings: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Write the best loadings, shape (K, F), larger factors first."""
    size, n_factors = loadings.shape
    for f in range(n_factors):
        j = size - 1 - f
        length = np.sqrt(max(eigenvalues[j] - 1 if kind == ML else eigenvalues[j], 0.0))
        for i in range(size):
            scale = np.exp(x[i] / 2) if kind == ML else 1.0
            loadings[i, f] = scale * length * vectors[j, i]


@njit(nogil=True)
def _reduce(
    r: NDArray[np.float64], x: NDArray[np.float64], kind: int, reduced: NDArray[np.float64]
) -> NDArray[np.float64]:  # pragma: no cover - compiled
    """Write the matrix whose eigenvalues count: ``R - Psi`` or ``Psi^-1/2 R Psi^-1/2``."""
    size = len(x)
    for i in range(size):
        for k in range(size):
            scale = np.exp(-x[i] / 2) * np.exp(-x[k] / 2) if kind == ML else 1.0
            reduced[i, k] = r[i, k] * scale
        if kind == MINRES:
            reduced[i, i] -= x[i]
    return reduced


@njit(nogil=True)
def _sum_squares(
    vectors: NDArray[np.float64], weights: NDArray[np.float64], total: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    """Write the lower triangle of ``sum_j w_j u_j u_j'``."""
    size = len(weights)
    total[:] = 0.0
    for j in range(size):
        if weights[j] != 0.0:
            for i in range(size):
                share = weights[j] * vectors[j, i]
                for k in range(i + 1):
                    total[i, k] += share * vectors[j, k]


@njit(nogil=True)
def _mix(
    eigenvalues: NDArray[np.float64],
    vectors: NDArray[np.float64],
    kept: NDArray[np.bool_],
    kind: int,
    hessian: NDArray[np.float64],
    shared: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Add the part of the Hessian where residual eigenvectors j meet kept ones m; make it whole.

    ``sum_jm w_j / (e_j - e_m) (u_ij u_im)(u_kj u_km)`` with ``w_j = 2 e_j`` for minres and
    ``(e_j - 1) (e_j + e_m)`` for maximum likelihood.
    """
    size = len(eigenvalues)
    shares = np.zeros(size)
    for m in range(size):
        if kept[m]:
            own = eigenvalues[m]
            for j in range(size):
                e = eigenvalues[j]
                weight = (e - 1) * (e + own) if kind == ML else 2 * e
                shares[j] = 0.0 if kept[j] or e == own else weight / (e - own)
            _sum_squares(vectors, shares, shared)
            for i in range(size):
                for k in range(i + 1):
                    hessian[i, k] += shared[i, k] * vectors[m, i] * vectors[m, k]
    for i in range(size):
        for k in range(i):
            hessian[k, i] = hessian[i, k]
