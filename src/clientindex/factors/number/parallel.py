"""Horn's parallel analysis: eigenvalues larger than those of random data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.factors.adequacy import compute_smc

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind = Literal["components", "axis"]
KINDS: tuple[Kind, ...] = ("components", "axis")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """Eigenvalues of random data in falling order.

    Attributes
    ----------
    mean, high : ndarray of shape (K,)
        Mean and high quantile at each position; NaN where random data are not defined.
    """

    mean: NDArray[np.float64]
    high: NDArray[np.float64]


def compute_eigenvalues(r: NDArray[np.float64], kind: Kind) -> NDArray[np.float64]:
    """Compute eigenvalues in falling order.

    "components": of the correlation matrix. "axis": of the same matrix with squared multiple
    correlations on its diagonal, as principal axis factoring starts, which is what R
    ``psych::fa.parallel(SMC = TRUE)`` calls factors; without that argument psych takes the
    communalities of one minres factor. Agrees with both eigenvalues of psych to 1e-9.

    Parameters
    ----------
    r : ndarray of shape (..., K, K)
        Positive definite.
    kind : {"components", "axis"}

    Returns
    -------
    ndarray of shape (..., K)
    """
    if kind == "axis":
        diagonal = np.arange(r.shape[-1])
        reduced = r.copy()
        reduced[..., diagonal, diagonal] = compute_smc(r)
        r = reduced
    return np.asarray(np.linalg.eigvalsh(r)[..., ::-1], dtype=np.float64)


def compute_band(eigenvalues: NDArray[np.float64], quantile: float) -> Band:
    """Summarise the eigenvalues of random data, shape (B, K).

    Quantiles interpolate as R's default (type 7) does.
    """
    if not len(eigenvalues):
        nothing = np.full(eigenvalues.shape[1], np.nan)
        return Band(mean=nothing, high=nothing)
    return Band(mean=eigenvalues.mean(axis=0), high=np.quantile(eigenvalues, quantile, axis=0))


def count_leading(
    eigenvalues: NDArray[np.float64], limits: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Count the eigenvalues above their limits before the first that is not.

    Parameters
    ----------
    eigenvalues : ndarray of shape (B, K)
    limits : ndarray of shape (K,) or (B, K)

    Returns
    -------
    ndarray of shape (B,)
        NaN where limits are not defined.

    References
    ----------
    Horn J. L. A rationale and test for the number of factors in factor analysis. Psychometrika,
    1965, 30(2), 179-185. doi:10.1007/BF02289447
    Buja A., Eyuboglu N. Remarks on parallel analysis. Multivariate Behavioral Research, 1992,
    27(4), 509-540. doi:10.1207/s15327906mbr2704_2
    """
    above = np.cumprod(eigenvalues > limits, axis=1)
    undefined = np.isnan(np.broadcast_to(limits, eigenvalues.shape)).any(axis=1)
    return np.where(undefined, np.nan, above.sum(axis=1))
