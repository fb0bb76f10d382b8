r"""Krippendorff's ordinal alpha of two raters from square tables, many tables at once.

With two ratings a unit and few categories, everything that alpha needs is in the table of both
ratings, so a resample of units is a table and a thousand of them are one array. The formula is that
of :mod:`clientindex.agreement.coefficients.krippendorff`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_ordinal_alpha(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Compute alpha with ordinal differences.

    Parameters
    ----------
    tables : ndarray of shape (..., q, q)
        Units by the category of one rater and of the other, categories in rising order. Counts, or
        sums of weights of units.

    Returns
    -------
    ndarray of shape (...)
        NaN where all ratings are in one category, or there are none.

    Notes
    -----
    With counts :math:`n_c` of ratings, N of them, and mid-ranks :math:`g_c`:
    :math:`\alpha = 1 - (N - 1) \sum_{cd} t_{cd} (g_c - g_d)^2 / (N \sum n_c g_c^2 - (\sum n_c
    g_c)^2)`.

    Examples
    --------
    >>> float(compute_ordinal_alpha(np.diag([3.0, 2.0])))
    1.0
    """
    counts = tables.sum(axis=-1) + tables.sum(axis=-2)
    size = counts.sum(axis=-1)
    ranks = np.cumsum(counts, axis=-1) - counts / 2 - size[..., None] / 2
    apart = ranks[..., :, None] - ranks[..., None, :]
    observed = (tables * apart**2).sum(axis=(-2, -1))
    first, second = (counts * ranks).sum(axis=-1), (counts * ranks**2).sum(axis=-1)
    defined = (counts > 0).sum(axis=-1) > 1
    alpha = np.full(np.shape(size), np.nan)
    np.divide((size - 1) * observed, size * second - first**2, out=alpha, where=defined)
    return np.asarray(1 - alpha)
