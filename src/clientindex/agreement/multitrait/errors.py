r"""Covariances between centres with and without the errors of measurement.

Three matrices, and nothing is called "corrected" without the name of what was removed:

========================== =========================================================================
none                       covariances of the scores as they are
survey_sampling            less the mean sampling covariance matrix of the survey, whole: who likes
                           everything makes the errors of a centre's groups correlate
survey_sampling_and_visits less the error covariance of the checklist as well, which only second
                           visits can tell: half the covariance of second minus first scores
========================== =========================================================================

The last takes for error all that changes between visits, unless it changes in all centres alike; it
needs first and second visits with equal error, unrelated to each other, and centres that were
not visited again because of their answers.

References
----------
Spearman C. The proof and measurement of association between two things. American Journal of
Psychology, 1904, 15(1), 72-101. doi:10.2307/1412159
Charles E. P. The correction for attenuation due to measurement error: clarifying concepts and
creating confidence sets. Psychological Methods, 2005, 10(2), 206-226.
doi:10.1037/1082-989X.10.2.206
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.agreement.coefficients.estimate import NO_SPREAD
from clientindex.agreement.decomposition.levels import FEWEST_DF, compute_levels
from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.decomposition.levels import MeasuredTwice

Removed = Literal["none", "survey_sampling", "survey_sampling_and_visits"]

NONE: Removed = "none"
SAMPLING: Removed = "survey_sampling"
VISITS: Removed = "survey_sampling_and_visits"
CHECKLIST_ONLY = "visits"

ROUNDING = 1e-12
"""Part of the largest variance up to which a variance is what rounding leaves of zero."""


def compute_covariances(
    measured: MeasuredTwice,
    weights: NDArray[np.float64],
    *,
    visits: NDArray[np.float64] | None = None,
) -> dict[Removed, NDArray[np.float64]]:
    """Compute covariances between centres of a region for every row of weights.

    Parameters
    ----------
    measured : MeasuredTwice
        Survey of shape (n, G), checklist of the first visit of shape (n, G).
    weights : ndarray of shape (R, n)
        Which centres enter: 1 or 0.
    visits : ndarray of shape (n, G), optional
        Second minus first scores of :func:`take_visits`.

    Returns
    -------
    dict of ndarray of shape (R, 2 G, 2 G)
        By what was removed; "survey_sampling_and_visits" only with second visits.
    """
    levels = compute_levels(measured, weights)
    groups = measured.groups
    plain = levels.centre.copy()
    plain[:, :groups, :groups] += levels.sampling
    found = {NONE: plain, SAMPLING: levels.centre}
    if visits is not None:
        both = levels.centre.copy()
        both[:, groups:, groups:] -= _compute_visit_error(visits, weights)
        found[VISITS] = both
    return found


def take_visits(measured: MeasuredTwice, second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take second minus first checklist scores.

    Parameters
    ----------
    measured : MeasuredTwice
        Its checklist scores are those of the first visits alone, not means over visits.
    second : ndarray of shape (C, G)
        Checklist scores of the second visits to all given centres; NaN where there was none.

    Returns
    -------
    ndarray of shape (n, G)
        Rows of NaN for centres without a complete second visit.

    Raises
    ------
    StatisticsError
        When the shape is another one, or fewer than ten centres were visited twice.
    """
    groups = measured.groups
    if second.shape != (len(measured.kept), groups):
        message = "second visits must be of the same centres and groups as the first"
        raise StatisticsError(message)
    difference = second[measured.kept] - measured.scores[:, groups:]
    complete = np.asarray(np.isfinite(difference).all(axis=1))
    if complete.sum() < FEWEST_DF:
        message = (
            f"the error of checklists needs {FEWEST_DF} centres with a complete second visit; "
            f"there are {complete.sum()}"
        )
        raise StatisticsError(message)
    return np.where(complete[:, None], difference, np.nan)


def correlate(cov: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn covariances into correlations, shape (..., K, K).

    NaN where a variance is not positive. Not cut off at 1: a corrected correlation is an estimate
    of a number up to 1, and cutting it off would bias every mean over pairs.
    """
    variance = np.diagonal(cov, axis1=-2, axis2=-1)
    least = np.maximum(NO_SPREAD**2, ROUNDING * variance.max(axis=-1, keepdims=True))
    scale = np.sqrt(np.where(variance > least, variance, np.nan))
    return np.asarray(cov / (scale[..., :, None] * scale[..., None, :]))


def name_error(removed: Removed, first: str, second: str) -> str:
    """Name the error that was removed from the correlation of two methods' scores.

    Examples
    --------
    >>> name_error("survey_sampling", "survey", "checklist")
    'survey_sampling'
    >>> name_error("survey_sampling", "checklist", "checklist")
    'none'
    """
    methods = {first, second}
    if removed == NONE or (removed == SAMPLING and "survey" not in methods):
        return NONE
    if removed == VISITS and methods == {"checklist"}:
        return CHECKLIST_ONLY
    return SAMPLING if methods == {"survey"} else removed


def _compute_visit_error(
    visits: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return half the covariance of differences, shape (R, G, G), of the centres visited twice."""
    twice = np.isfinite(visits[:, 0])
    d, w = visits[twice] - visits[twice].mean(axis=0), weights[:, twice]
    total = w.sum(axis=1)[:, None, None]
    sums = w @ d
    squares = np.einsum("rn,ni,nj->rij", w, d, d, optimize=True)
    centred = squares - sums[:, :, None] * sums[:, None, :] / total
    return np.asarray(centred / (total - 1) / 2)
