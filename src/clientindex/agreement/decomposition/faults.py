"""Which groups or indicators say nothing: no scores, or the same everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.sources import TwoSources

NO_SURVEY, NO_CHECKLIST = "no_survey_scores", "no_checklist_scores"
CONSTANT_SURVEY, CONSTANT_CHECKLIST = "constant_survey", "constant_checklist"

ROUNDING = 1e-9
"""Difference from the mean of a region, in points, up to which scores are constant."""


def find_faults(sources: TwoSources, kind: str) -> dict[str, str]:
    """Find the subjects without any score by a source, or with the same score everywhere.

    A score is constant where it does not differ between the centres of any region.

    Parameters
    ----------
    sources : TwoSources
    kind : {"group", "indicator"}

    Returns
    -------
    dict
        Reason by key: "no_survey_scores", "no_checklist_scores", "constant_survey" or
        "constant_checklist", the first that applies.
    """
    faults: dict[str, str] = {}
    codes = sources.region_codes
    for key, place in zip(sources.keys(kind), sources.places(kind), strict=True):
        survey, checklist = sources.survey[:, place], sources.checklist[:, place]
        if not np.isfinite(survey).any():
            faults[key] = NO_SURVEY
        elif not np.isfinite(checklist).any():
            faults[key] = NO_CHECKLIST
        elif _is_constant(survey, codes):
            faults[key] = CONSTANT_SURVEY
        elif _is_constant(checklist, codes):
            faults[key] = CONSTANT_CHECKLIST
    return faults


def _is_constant(scores: NDArray[np.float64], regions: NDArray[np.intp]) -> bool:
    known = np.isfinite(scores)
    codes, values = regions[known], scores[known]
    if len(values) == len(np.unique(codes)):
        # One centre a region: nothing can differ, which is a matter of too few centres.
        return False
    means = np.bincount(codes, values) / np.maximum(np.bincount(codes), 1)
    return bool(np.abs(values - means[codes]).max() < ROUNDING)
