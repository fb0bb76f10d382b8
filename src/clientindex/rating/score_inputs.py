"""What scores of the general road start from: answers and measures of all centres together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating.measures import MeasureScores


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreInputs:
    """Indicator scores of C centres in S segments, K indicators in the methodology's order.

    Attributes
    ----------
    centres : tuple of str
        Sorted.
    segments : tuple of str
        Of the methodology; empty where there are measures only, and then S is 1.
    value : ndarray of shape (C, S, K)
        NaN is missing. Measures stand in each segment of which the centre has answers; without any
        answers in all.
    n : ndarray of shape (C, S, K)
    n_respondents : ndarray of shape (C, S)
    answers, measured : int ndarray
        Places of the Ka answers and the M measures among the K.
    covariance : ndarray of shape (C, S, Ka, Ka)
        Of the means of answers, the finite-population correction included; NaN where unknown.
    variance : ndarray of shape (C, M)
        Of measures; NaN where unknown.
    in_segment : bool ndarray of shape (C, S)
        Whether the centre has answers of the segment.
    degrees : ndarray of shape (C, S)
        Degrees of freedom of the covariance; inf without answers.
    """

    centres: tuple[str, ...]
    segments: tuple[str, ...]
    value: NDArray[np.float64]
    n: NDArray[np.float64]
    n_respondents: NDArray[np.float64]
    answers: NDArray[np.intp]
    measured: NDArray[np.intp]
    covariance: NDArray[np.float64]
    variance: NDArray[np.float64]
    in_segment: NDArray[np.bool_]
    degrees: NDArray[np.float64]

    @property
    def has_errors(self) -> bool:
        """Whether the error of anything is known."""
        known = ~np.isnan(np.diagonal(self.covariance, axis1=-2, axis2=-1))
        return bool(known.any() or (~np.isnan(self.variance)).any())

    def select(self, rows: NDArray[np.intp]) -> ScoreInputs:
        """Return the inputs of some centres."""
        per_centre = (
            *("value", "n", "n_respondents", "covariance", "variance", "in_segment"),
            "degrees",
        )
        return ScoreInputs(
            centres=tuple(self.centres[row] for row in rows),
            segments=self.segments,
            answers=self.answers,
            measured=self.measured,
            **{name: getattr(self, name)[rows] for name in per_centre},
        )


def gather_inputs(
    moments: CentreMoments,
    methodology: Methodology,
    *,
    measures: MeasureScores | None,
    factor: NDArray[np.float64],
) -> ScoreInputs:
    """Put answers and measures of all centres together.

    Parameters
    ----------
    moments : CentreMoments
        Of the answers; without centres where there is no survey.
    methodology : Methodology
    measures : MeasureScores or None
    factor : ndarray of shape (C,)
        Finite-population correction of the centres of `moments`.
    """
    reported = () if measures is None else measures.centres
    centres = tuple(sorted({*moments.centres, *reported}))
    blank = _make_blank(centres, methodology)
    return put_measures(_add_answers(blank, moments, factor), measures)


def _make_blank(centres: tuple[str, ...], methodology: Methodology) -> ScoreInputs:
    """Return inputs of centres of which nothing is known."""
    keys = pd.Index(methodology.indicator_keys)
    answers = keys.get_indexer(pd.Index(methodology.answer_keys))
    measured = keys.get_indexer(pd.Index(methodology.measure_keys))
    segments = methodology.segment_keys if len(answers) else ()
    shape = (len(centres), max(len(segments), 1))
    return ScoreInputs(
        centres=centres,
        segments=segments,
        value=np.full((*shape, len(keys)), np.nan),
        n=np.zeros((*shape, len(keys))),
        n_respondents=np.zeros(shape),
        answers=answers,
        measured=measured,
        covariance=np.full((*shape, len(answers), len(answers)), np.nan),
        variance=np.full((len(centres), len(measured)), np.nan),
        in_segment=np.zeros(shape, dtype=bool),
        degrees=np.full(shape, np.inf),
    )


def _add_answers(
    inputs: ScoreInputs, moments: CentreMoments, factor: NDArray[np.float64]
) -> ScoreInputs:
    """Put the means of answers in their places."""
    rows = pd.Index(inputs.centres).get_indexer(pd.Index(moments.centres))
    if not len(rows) or not len(inputs.answers):
        return inputs
    value, n, covariance = inputs.value.copy(), inputs.n.copy(), inputs.covariance.copy()
    n_respondents, degrees = inputs.n_respondents.copy(), inputs.degrees.copy()
    cells = np.ix_(rows, np.arange(value.shape[1]), inputs.answers)
    value[cells], n[cells] = moments.mean, moments.n
    n_respondents[rows], degrees[rows] = moments.n_respondents, moments.degrees
    covariance[rows] = moments.cov_mean * factor[:, None, None, None]
    return replace(
        inputs,
        value=value,
        n=n,
        n_respondents=n_respondents,
        covariance=covariance,
        in_segment=(n_respondents > 0) | ~np.isnan(value).all(axis=-1),
        degrees=degrees,
    )


def put_measures(inputs: ScoreInputs, measures: MeasureScores | None) -> ScoreInputs:
    """Put measures in every segment of which the centre has answers, without any in all."""
    if measures is None:
        return inputs
    own = measures.take(inputs.centres)
    answered = inputs.in_segment
    here = (answered | ~answered.any(axis=1, keepdims=True))[..., None]
    value, n = inputs.value.copy(), inputs.n.copy()
    value[..., inputs.measured] = np.where(here, own.value[:, None, :], np.nan)
    n[..., inputs.measured] = np.where(here, own.n[:, None, :], 0.0)
    return replace(inputs, value=value, n=n, variance=own.variance)
