"""Survey and checklist of a centre put together by their precision.

References
----------
Cochran W. G. Problems arising in the analysis of a series of similar experiments. Supplement to the
Journal of the Royal Statistical Society, 1937, 4(1), 102-118. doi:10.2307/2984123
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.methodology.model import SCORE_MAX, SCORE_MIN

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Composite:
    """Composites of C centres.

    Attributes
    ----------
    weight : ndarray of shape (C,)
        Of the checklist, from 0 to 1.
    value : ndarray of shape (C,)
        Points, within 0-100.
    error : ndarray of shape (C,)
        Standard error, points.
    """

    weight: NDArray[np.float64]
    value: NDArray[np.float64]
    error: NDArray[np.float64]


def blend(
    survey: NDArray[np.float64],
    adjusted: NDArray[np.float64],
    *,
    survey_variance: NDArray[np.float64],
    checklist_variance: NDArray[np.float64],
) -> Composite:
    r"""Blend the survey with the checklist less the gap that its region is expected to have.

    Parameters
    ----------
    survey, adjusted : ndarray of shape (C,)
        Points; ``adjusted`` is checklist less expected gap. NaN gives NaN.
    survey_variance : ndarray of shape (C,)
        Sampling variance e² of the survey.
    checklist_variance : ndarray of shape (C,)
        Variance of adjusted checklists about what all visitors would say: tau² of honest gaps, and
        the checklist's own error where it is known apart.

    Returns
    -------
    Composite

    Notes
    -----
    :math:`w = e^2 / (e^2 + \tau^2)`, value :math:`(1 - w) S + w (C - \theta)`, its variance
    :math:`e^2 \tau^2 / (e^2 + \tau^2)`. Where both variances are 0 the survey stands.

    What it assumes: what all visitors would say is the truth; the centre is an honest one of its
    region, whose checklist then misses the truth by :math:`\theta` and a deviation of variance
    tau² that has nothing to do with the sampling error; and :math:`\theta` and tau are known. Their
    own errors are not in the variance. An inflated checklist moves the composite by w times its
    inflation, which the cap of the rule bounds and the mean over centres does not show.

    Examples
    --------
    >>> one = np.ones(1)
    >>> found = blend(60 * one, 70 * one, survey_variance=4 * one, checklist_variance=12 * one)
    >>> found.weight[0], found.value[0], round(found.error[0] ** 2, 9)
    (np.float64(0.25), np.float64(62.5), np.float64(3.0))
    """
    total = survey_variance + checklist_variance
    weight = np.where(np.isnan(total), np.nan, 0.0)
    np.divide(survey_variance, total, out=weight, where=total > 0)
    return Composite(
        weight=weight,
        value=np.clip((1 - weight) * survey + weight * adjusted, SCORE_MIN, SCORE_MAX),
        error=np.sqrt(weight * checklist_variance),
    )
