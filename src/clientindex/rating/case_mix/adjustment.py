"""Means of centres with everybody's mix of clients, from the regressions of their segments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import Adjustment, compute_weighted_moments, count_cells, make_cells
from clientindex.rating.case_mix.segments import SegmentFit, UnadjustedSegment, fit_segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.counts import Cells, CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating.case_mix.survey import Survey


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdjustedMoments:
    """Means of centres adjusted for one set of traits.

    Attributes
    ----------
    moments : CentreMoments
        The regression's error is in the covariance.
    regression : CentreMoments
        The same means with the covariance of the regression alone.
    segments : tuple of SegmentFit or UnadjustedSegment
    """

    moments: CentreMoments
    regression: CentreMoments
    segments: tuple[SegmentFit | UnadjustedSegment, ...]


def adjust_moments(
    survey: Survey, methodology: Methodology, *, traits: Sequence[str], minimum: int
) -> AdjustedMoments:
    """Adjust the means of centres for a set of traits.

    Parameters
    ----------
    survey : Survey
    methodology : Methodology
    traits : sequence of str
    minimum : int
        Fewest respondents of a level with a coefficient of its own.

    Raises
    ------
    CountsError
        If the survey lacks a trait, or combinations of traits are too many.
    """
    responses, weight = survey.responses, survey.weight
    cells = make_cells(responses, traits, age_bands=survey.age_bands)
    counts = count_cells(responses, methodology, cells=cells, weight=weight)
    people = counts if weight is None else count_cells(responses, methodology, cells=cells)
    segments = fit_segments(counts, people, methodology, traits=traits, minimum=minimum)
    fits = [found for found in segments if isinstance(found, SegmentFit)]
    moments = _subtract_offsets(survey, methodology, cells, fits)
    error = _find_regression_error(moments, methodology, fits)
    return AdjustedMoments(
        moments=replace(moments, cov_mean=moments.cov_mean + error),
        regression=replace(moments, cov_mean=error),
        segments=segments,
    )


def _subtract_offsets(
    survey: Survey, methodology: Methodology, cells: Cells, fits: Sequence[SegmentFit]
) -> CentreMoments:
    """Return the moments of the answers less what the traits of their cell bring."""
    offset = np.zeros((len(cells.frame), len(methodology.indicator_keys)))
    for found in fits:
        offset[found.here] = found.offset
    return compute_weighted_moments(
        survey.responses,
        methodology,
        weight=survey.weight,
        adjustment=Adjustment(cells=cells, offset=offset),
    )


def _find_regression_error(
    moments: CentreMoments, methodology: Methodology, fits: Sequence[SegmentFit]
) -> NDArray[np.float64]:
    """Return the covariance that coefficients bring to the means, zero where nothing is fitted."""
    error = np.zeros(moments.cov_mean.shape)
    for found in fits:
        rows = pd.Index(moments.centres).get_indexer(found.centres)
        error[rows, methodology.segment_keys.index(found.segment)] = found.covariance
    return error
