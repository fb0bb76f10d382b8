r"""Moments of the model: covariances between centres without sampling error, and their influences.

Least squares compare covariances of survey and checklist in one sum, and the checklist's, made of a
few answers yes or no, are ten times as large. So every measure is divided by the standard deviation
of its scores between centres of a region, *with* sampling error: that is how exactly covariances
are known. These divisors are taken for fixed: the model fits any scale equally well, so what they
err by vanishes with the misfit.

The influence of a centre is what leaving it out does to the covariances inside its region,

.. math:: \frac{n - 1}{n} \sqrt{\frac{m_h}{m_h - 1}} \, (\bar S_{(h)} - S_{(hj)}),

whose outer products sum to the jackknife covariance of
:func:`~clientindex.reliability.centres.jackknife.compute_jackknife_error`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.agreement.decomposition.levels import compute_levels
from clientindex.agreement.structural.resampling import fit_left_out
from clientindex.factors.moments import SampleMoments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.decomposition.levels import MeasuredTwice


def compute_between(measured: MeasuredTwice) -> NDArray[np.float64]:
    """Return covariances between centres of a region without sampling error, (2 K, 2 K)."""
    levels = compute_levels(measured, np.ones((1, measured.n)))
    return np.asarray(levels.centre[0], dtype=np.float64)


def compute_scales(measured: MeasuredTwice) -> NDArray[np.float64]:
    """Return standard deviations between centres of a region with sampling error, shape (2 K,)."""
    levels = compute_levels(measured, np.ones((1, measured.n)))
    variance = np.diagonal(levels.centre[0]).copy()
    variance[: measured.groups] += np.diagonal(levels.sampling[0])
    return np.asarray(np.sqrt(variance), dtype=np.float64)


def make_moments(
    measured: MeasuredTwice, scales: NDArray[np.float64], *, names: tuple[str, ...]
) -> SampleMoments:
    """Make the moments of the 2 K measures, each divided by its scale.

    ``n`` is centres less regions and one more, so that ``n - 1`` are the degrees of freedom.

    Parameters
    ----------
    measured : MeasuredTwice
    scales : ndarray of shape (2 K,)
    names : tuple of str of length 2 K
    """
    size = len(names)
    rows, columns = np.triu_indices(size)
    product = (scales[:, None] * scales)[rows, columns]

    def fit(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return compute_levels(measured, weights).centre[:, rows, columns] / product

    influence = np.zeros((measured.n, size + len(rows)))
    influence[:, size:] = _centre(fit_left_out(fit, measured.n), measured.regions)
    return SampleMoments(
        kind="covariance",
        indicators=names,
        centres=tuple(str(at) for at in range(measured.n)),
        n=float(measured.n - measured.n_regions + 1),
        means=np.zeros(size),
        matrix=compute_between(measured) / (scales[:, None] * scales),
        thresholds=(),
        influence=influence,
    )


def _centre(left_out: NDArray[np.float64], regions: NDArray[np.intp]) -> NDArray[np.float64]:
    """Turn estimates without each centre into influences; a centre alone in a region has none."""
    influence = np.zeros_like(left_out)
    n = len(left_out)
    for code in np.unique(regions):
        members = regions == code
        size = int(members.sum())
        if size > 1:
            own = left_out[members]
            influence[members] = np.sqrt(size / (size - 1)) * (own.mean(axis=0) - own)
    return influence * (n - 1) / n
