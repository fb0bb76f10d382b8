r"""The influence of every centre on thresholds and polychoric correlations.

Two-step estimates solve stacked equations that are sums over respondents, and so over centres:
``sum_i (1{x_i <= m} - F_m) = 0`` for a threshold and ``sum n_ab pi'_ab / pi_ab = 0`` for a
correlation. With the score of a respondent in cell (a, b), :math:`s = \pi'_{ab} / \pi_{ab}`, and
its score by a threshold, :math:`t = \partial \ln \pi_{ab} / \partial \tau`, a centre :math:`g`
moves

.. math:: d\tau_g = \frac{n_g (F_g - F)}{n \varphi(\tau)}, \qquad
          d\rho_g = \frac{\sum_g s - \sum_\tau (\sum s t)\, d\tau_g}{\sum s^2},

where sums without an index are over all respondents (the outer-product form of the information, as
Muthén's and lavaan's). All of it is linear in the counts of the centre.

References
----------
Muthén B. A general structural equation model with dichotomous, ordered categorical, and continuous
latent variable indicators. Psychometrika, 1984, 49(1), 115-132. doi:10.1007/BF02294210
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.factors.polychoric.cells import score_cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.polychoric.tables import AnswerTables


def compute_threshold_influence(
    margins: NDArray[np.integer[Any]], cuts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute what each centre contributes to the error of each cut point.

    Parameters
    ----------
    margins : ndarray of shape (U, K, C)
    cuts : ndarray of shape (K, C + 1)

    Returns
    -------
    ndarray of shape (U, K, C - 1)
        0 for infinite cut points.
    """
    total = margins.sum(axis=0)
    n = total.sum(axis=1)
    shares = np.cumsum(total, axis=1) / n[:, None]
    inner = cuts[:, 1:-1]
    density = np.exp(-0.5 * inner**2) / np.sqrt(2 * np.pi)
    finite = np.isfinite(inner)
    scale = np.where(finite, 1 / np.where(finite, n[:, None] * density, 1.0), 0.0)
    below = np.cumsum(margins, axis=2)
    excess = below[:, :, :-1] - shares[:, :-1] * below[:, :, -1:]
    return np.asarray(excess * scale)


def compute_correlation_influence(
    tables: AnswerTables,
    total: NDArray[np.float64],
    cuts: NDArray[np.float64],
    rho: NDArray[np.float64],
    moved: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Compute what each centre contributes to the error of each two-step correlation.

    Parameters
    ----------
    tables : AnswerTables
        Of U centres.
    total : ndarray of shape (P, C, C)
        The tables that the correlations were solved from (empty cells filled).
    cuts : ndarray of shape (K, C + 1)
    rho : ndarray of shape (P,)
    moved : ndarray of shape (U, K, C - 1)
        Influence on the cut points.

    Returns
    -------
    ndarray of shape (U, P)
    """
    first, second = np.triu_indices(len(cuts), 1)
    cells = score_cells(cuts[first], cuts[second], rho)
    information = np.einsum("pab,pab,pab->p", total, cells.by_rho, cells.by_rho)
    by_row = np.einsum("pab,pab,pmab->pm", total, cells.by_rho, cells.by_row)
    by_column = np.einsum("pab,pab,pmab->pm", total, cells.by_rho, cells.by_column)
    own = tables.sum_cells(cells.by_rho)
    own -= np.einsum("upm,pm->up", moved[:, first], by_row)
    own -= np.einsum("upm,pm->up", moved[:, second], by_column)
    return np.asarray(own / information)
