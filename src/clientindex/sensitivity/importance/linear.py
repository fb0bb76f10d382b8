r"""Correlation ratios of an index by straight lines, and their two parts.

:math:`S_i = V(E(y \mid x_i)) / V(y)`, where the mean is a straight line: the squared Pearson
correlation. The uncorrelated part is that of the index with what the other components do not
tell of :math:`x_i`: :math:`S_i^u = corr(y, x_i - \hat x_i(x_{\sim i}))^2`; the correlated part
is the rest, :math:`S_i - S_i^u`.

References
----------
Paruolo P., Saisana M., Saltelli A. Ratings and rankings: voodoo or science? Journal of the Royal
Statistical Society A, 2013, 176(3), 609-634. doi:10.1111/j.1467-985X.2012.01059.x
Becker W., Saisana M., Paruolo P., Vandecasteele I. Weights and importance in composite indicators:
closing the gap. Ecological Indicators, 2017, 80, 12-22. doi:10.1016/j.ecolind.2017.03.056
Xu C., Gertner G. Z. Uncertainty and sensitivity analysis for models with correlated parameters.
Reliability Engineering and System Safety, 2008, 93(10), 1563-1573.
doi:10.1016/j.ress.2007.06.003
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SINGULAR = 1e-10
"""Smallest eigenvalue of a correlation matrix below which a component is told by the others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearParts:
    """Correlations whose squares are the parts, each of shape (R, P); NaN where not defined.

    Attributes
    ----------
    correlation : ndarray
        Of the index with each component.
    semipartial : ndarray
        Of the index with what the other components do not tell of each.
    """

    correlation: NDArray[np.float64]
    semipartial: NDArray[np.float64]

    @property
    def total(self) -> NDArray[np.float64]:
        """Correlation ratios."""
        return self.correlation**2

    @property
    def uncorrelated(self) -> NDArray[np.float64]:
        """What a component tells of the index that no other does."""
        return self.semipartial**2

    @property
    def correlated(self) -> NDArray[np.float64]:
        """What a component tells of the index only because others go with it; may be negative."""
        return self.total - self.uncorrelated


def split_linear(covariance: NDArray[np.float64]) -> LinearParts:
    r"""Split correlation ratios of the first variable by each of the others.

    Parameters
    ----------
    covariance : ndarray of shape (R, 1 + P, 1 + P)
        Of the index and its P components, with or without sampling error.

    Returns
    -------
    LinearParts

    Notes
    -----
    With :math:`P = \Sigma_{xx}^{-1}`, the residual of component i on the others has the variance
    :math:`1 / P_{ii}` and the covariance :math:`(P \sigma_{xy})_i / P_{ii}` with the index, so that
    :math:`S_i^u = (P \sigma_{xy})_i^2 / (P_{ii} \sigma_{yy})`. For a weighted sum this is
    :math:`w_i^2 / (P_{ii} \sigma_{yy})`.

    Examples
    --------
    Two components of variance 1 and correlation 0.5, weights 0.5:

    >>> import numpy as np
    >>> cov = np.array([[[0.75, 0.75, 0.75], [0.75, 1.0, 0.5], [0.75, 0.5, 1.0]]])
    >>> parts = split_linear(cov)
    >>> parts.total[0], parts.uncorrelated[0]
    (array([0.75, 0.75]), array([0.25, 0.25]))
    """
    variance = np.diagonal(covariance, axis1=1, axis2=2)
    positive = np.asarray(np.isfinite(covariance).all(axis=(1, 2)) & (variance > 0).all(axis=1))
    safe = np.where(positive[:, None, None], covariance, np.eye(covariance.shape[1]))
    root = np.sqrt(np.diagonal(safe, axis1=1, axis2=2))
    correlation = safe / (root[:, :, None] * root[:, None, :])
    with_index, among = correlation[:, 0, 1:], correlation[:, 1:, 1:]
    regular = np.linalg.eigvalsh(among)[:, 0] > SINGULAR
    inverse = np.linalg.inv(np.where(regular[:, None, None], among, np.eye(among.shape[1])))
    slope = np.einsum("rij,rj->ri", inverse, with_index)
    own = slope / np.sqrt(np.diagonal(inverse, axis1=1, axis2=2))
    return LinearParts(
        correlation=np.where(positive[:, None], with_index, np.nan),
        semipartial=np.where((positive & regular)[:, None], own, np.nan),
    )
