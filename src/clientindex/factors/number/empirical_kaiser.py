"""The empirical Kaiser criterion: the rule "larger than 1" with sampling error taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_kaiser_references(eigenvalues: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Compute the reference eigenvalues of the empirical Kaiser criterion.

    ``max(1, (1 + sqrt(K / n))^2 (K - sum_{i<j} l_i) / (K - j + 1))``: the largest eigenvalue that
    random data of this size would have (Marchenko and Pastur), of the variance that the eigenvalues
    before leave. The law is that of Pearson correlations of independent respondents; with
    polychoric ones, which vary more, the rule retains too many rather than too few.

    Parameters
    ----------
    eigenvalues : ndarray of shape (B, K)
        Of correlation matrices, in falling order.
    n : int
        Respondents.

    Returns
    -------
    ndarray of shape (B, K)

    References
    ----------
    Braeken J., van Assen M. A. L. M. An empirical Kaiser criterion. Psychological Methods, 2017,
    22(3), 450-466. doi:10.1037/met0000074
    """
    n_items = eigenvalues.shape[1]
    before = np.cumsum(eigenvalues, axis=1) - eigenvalues
    share = (n_items - before) / (n_items - np.arange(n_items))
    return np.asarray(np.maximum((1 + np.sqrt(n_items / n)) ** 2 * share, 1.0))
