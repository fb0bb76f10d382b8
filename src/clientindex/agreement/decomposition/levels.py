"""Covariances of two methods between centres inside regions, and between regions.

Sampling errors of survey means are taken out as whole matrices: a respondent who likes everything
makes the errors of a centre's groups correlate, and what only the diagonal were freed of would
remain in the covariances as halo.

References
----------
Searle S. R., Casella G., McCulloch C. E. Variance Components. Wiley, 1992, chapter 3.
doi:10.1002/9780470316856
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_DF = 10
"""Centres less regions; fewer leave covariances that say nothing."""

FEWEST_GROUPS = 2
"""Halo is a covariance of different groups."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeasuredTwice:
    """Centres with both methods complete.

    Attributes
    ----------
    scores : ndarray of shape (n, 2 G)
        Survey means, then checklist scores, of the same G groups (or indicators).
    sampling : ndarray of shape (n, G, G)
        Sampling covariances of the survey means.
    regions : int ndarray of shape (n,)
        Codes from 0 without gaps.
    kept : bool ndarray of shape (C,)
        Which of the given centres these are.
    """

    scores: NDArray[np.float64]
    sampling: NDArray[np.float64]
    regions: NDArray[np.intp]
    kept: NDArray[np.bool_]

    @property
    def n(self) -> int:
        """Number of centres."""
        return len(self.scores)

    @property
    def groups(self) -> int:
        """Number of groups."""
        return int(self.sampling.shape[-1])

    @property
    def n_regions(self) -> int:
        """Number of regions."""
        return int(self.regions.max()) + 1


def take_measured_twice(
    survey: NDArray[np.float64],
    checklist: NDArray[np.float64],
    *,
    sampling: NDArray[np.float64],
    regions: NDArray[np.intp] | None = None,
) -> MeasuredTwice:
    """Take the centres with every group in both methods and a known sampling covariance.

    Parameters
    ----------
    survey, checklist : ndarray of shape (C, G)
        On one scale: linked, or declared common.
    sampling : ndarray of shape (C, G, G)
        Sampling covariances of the survey means.
    regions : int ndarray of shape (C,), optional
        None takes all centres for one region.

    Raises
    ------
    StatisticsError
        When shapes disagree, there is one group only, or too few centres are complete.
    """
    count, groups = survey.shape
    if checklist.shape != survey.shape or sampling.shape != (count, groups, groups):
        message = (
            "survey, checklist and sampling covariances must be of the same centres and groups"
        )
        raise StatisticsError(message)
    if groups < FEWEST_GROUPS:
        message = "a method effect needs at least two groups measured by each method"
        raise StatisticsError(message)
    scores = np.hstack([survey, checklist])
    kept = np.asarray(np.isfinite(scores).all(axis=1) & np.isfinite(sampling).all(axis=(1, 2)))
    codes = np.zeros(count, dtype=np.intp) if regions is None else regions
    _, codes = np.unique(codes[kept], return_inverse=True)
    if kept.sum() - len(np.unique(codes)) < FEWEST_DF:
        message = (
            f"variance components need {FEWEST_DF} centres more than regions; complete are "
            f"{kept.sum()} centres of {len(np.unique(codes))} regions"
        )
        raise StatisticsError(message)
    return MeasuredTwice(
        scores=scores[kept], sampling=sampling[kept], regions=codes.astype(np.intp), kept=kept
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levels:
    """Unbiased covariances without sampling error.

    Attributes
    ----------
    centre : ndarray of shape (R, 2 G, 2 G)
        Between centres of a region.
    region : ndarray of shape (R, 2 G, 2 G)
        Between regions; NaN with one region.
    sampling : ndarray of shape (R, G, G)
        Mean sampling covariance that was taken out at the level of centres.
    """

    centre: NDArray[np.float64]
    region: NDArray[np.float64]
    sampling: NDArray[np.float64]


def compute_levels(measured: MeasuredTwice, weights: NDArray[np.float64]) -> Levels:
    r"""Compute covariances at both levels for every row of weights.

    With m centres a region, n in all, H regions, and V the sampling covariance of a centre (zero
    in rows and columns of the checklist),

    .. math::
       W &= \frac{SS_w - \sum_c (1 - 1 / m) V_c}{n - H} \\
       B &= \frac{SS_b - \sum_c (1 / m - 1 / n) V_c - (H - 1) W}{n - \sum_h m_h^2 / n}

    W and B are unbiased for any sizes of regions and any sampling covariances of centres. With
    one region W is the covariance of centres less the mean sampling covariance.

    Parameters
    ----------
    measured : MeasuredTwice
    weights : ndarray of shape (R, n)
        Which centres enter: 1 or 0.
    """
    x = measured.scores - measured.scores.mean(axis=0)
    size, sums, error = _sum_by_region(measured, x, weights)
    inverse = np.divide(1.0, size, out=np.zeros_like(size), where=size > 0)
    total = size.sum(axis=1)[:, None, None]
    number = (size > 0).sum(axis=1)[:, None, None]
    squares = np.einsum("rhi,rhj,rh->rij", sums, sums, inverse, optimize=True)
    overall = sums.sum(axis=1)
    products = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    within = (weights @ products).reshape(squares.shape) - squares
    between = squares - overall[:, :, None] * overall[:, None, :] / total
    taken = np.einsum("rh,rhij->rij", 1 - inverse, error) / (total - number)
    centre = within / (total - number) - _pad(taken)
    left = np.einsum("rh,rhij->rij", inverse - 1 / total[:, :, 0], error)
    spread = total - (size**2).sum(axis=1)[:, None, None] / total
    with np.errstate(invalid="ignore", divide="ignore"):
        region = np.where(
            number > 1, (between - _pad(left) - (number - 1) * centre) / spread, np.nan
        )
    return Levels(centre=centre, region=region, sampling=taken)


def _sum_by_region(
    measured: MeasuredTwice, x: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return sizes (R, H), sums of scores (R, H, 2 G) and of sampling covariances (R, H, G, G)."""
    rows, number, groups = len(weights), measured.n_regions, measured.groups
    size = np.empty((rows, number))
    sums = np.empty((rows, number, x.shape[1]))
    error = np.empty((rows, number, groups**2))
    flat = measured.sampling.reshape(measured.n, -1)
    for code in range(number):
        members = measured.regions == code
        w = weights[:, members]
        size[:, code] = w.sum(axis=1)
        sums[:, code] = w @ x[members]
        error[:, code] = w @ flat[members]
    return size, sums, error.reshape(rows, number, groups, groups)


def _pad(sampling: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (R, G, G) as the survey's block of (R, 2 G, 2 G)."""
    groups = sampling.shape[-1]
    return np.pad(sampling, ((0, 0), (0, groups), (0, groups)))
