"""Arrays of scores as the table that results keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.methodology.model import SCORE_MAX, SCORE_MIN
from clientindex.rating.degrees import find_quantile
from clientindex.results import ALL_SEGMENTS, INDEX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating.score_inputs import ScoreInputs


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreArrays:
    """J = 1 + G + K scores (index, groups, indicators) on leading axes (C, S).

    Attributes
    ----------
    estimate : ndarray of shape (C, S, J)
        Points 0-100; NaN without a score.
    variance : ndarray of shape (C, S, J)
        Sampling variance; NaN where undefined.
    n : ndarray of shape (C, S, J)
        Respondents behind the score; NaN where unknown.
    df : ndarray of shape (C, S, J)
        Degrees of freedom of the variance; inf where it is known without error.
    """

    estimate: NDArray[np.float64]
    variance: NDArray[np.float64]
    n: NDArray[np.float64]
    df: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreRows:
    """Which scores are told.

    Attributes
    ----------
    centres, segments : tuple of str
        C centres; S segments, without that of all.
    shown : bool ndarray of shape (C, S + 1)
        Whether the centre has anything in the segment; all segments are the last.
    """

    centres: tuple[str, ...]
    segments: tuple[str, ...]
    shown: NDArray[np.bool_]

    @classmethod
    def of(cls, moments: CentreMoments) -> ScoreRows:
        """Return the rows of a survey."""
        answered = (moments.n_respondents > 0) | ~np.isnan(moments.mean).all(axis=-1)
        return cls(
            centres=moments.centres,
            segments=moments.segments,
            shown=np.column_stack([answered, answered.any(axis=1)]),
        )

    @classmethod
    def of_inputs(cls, inputs: ScoreInputs) -> ScoreRows:
        """Return the rows of answers and measures; measures alone have no single segment."""
        anything = inputs.in_segment.any(axis=1) | ~np.isnan(inputs.value).all(axis=(1, 2))
        return cls(
            centres=inputs.centres,
            segments=inputs.segments or (ALL_SEGMENTS,),
            shown=np.column_stack([inputs.in_segment & bool(inputs.segments), anything]),
        )


def tabulate_scores(
    scores: ScoreArrays,
    rows: ScoreRows,
    methodology: Methodology,
    *,
    factor: NDArray[np.float64],
) -> pd.DataFrame:
    """Return the table of scores, see ``frame`` of :class:`clientindex.results.Scores`.

    Parameters
    ----------
    scores : ScoreArrays
        Of S segments, then of all.
    rows : ScoreRows
    methodology : Methodology
        Its scale says whether intervals end at 0 and 100.
    factor : ndarray of shape (C,)
        On the variances: finite-population correction.
    """
    se = np.sqrt(scores.variance * factor[:, None, None])
    margin = find_quantile(methodology.intervals.level, scores.df) * se
    shown = rows.shown
    bounded = methodology.scoring.scale == "points"
    lowest, highest = (SCORE_MIN, SCORE_MAX) if bounded else (None, None)
    frame = _label_rows(rows, methodology)
    frame["estimate"] = scores.estimate[shown].ravel()
    frame["std_error"] = se[shown].ravel()
    frame["df"] = np.where(np.isnan(se), np.nan, scores.df)[shown].ravel()
    frame["ci_low"] = np.clip((scores.estimate - margin)[shown].ravel(), lowest, None)
    frame["ci_high"] = np.clip((scores.estimate + margin)[shown].ravel(), None, highest)
    frame["n"] = as_counts(scores.n[shown].ravel())
    return frame


def _label_rows(rows: ScoreRows, methodology: Methodology) -> pd.DataFrame:
    """Return centre, segment, kind and key of every row."""
    groups, indicators = methodology.group_keys, methodology.indicator_keys
    keys = pd.Index([INDEX, *groups, *indicators])
    kinds = pd.Index(["index"] + ["group"] * len(groups) + ["indicator"] * len(indicators))
    centre, segment = np.nonzero(rows.shown)
    score = np.tile(np.arange(len(keys)), len(centre))
    names = {
        "centre": pd.Index(rows.centres, dtype=keys.dtype).take(np.repeat(centre, len(keys))),
        "segment": pd.Index([*rows.segments, ALL_SEGMENTS]).take(np.repeat(segment, len(keys))),
        "kind": kinds.take(score),
        "key": keys.take(score),
    }
    return pd.DataFrame({name: values.array for name, values in names.items()})


def as_counts(n: NDArray[np.float64]) -> NDArray[np.int64] | NDArray[np.float64]:
    """Return whole numbers, or floats with NaN where some are unknown."""
    return n if np.isnan(n).any() else n.astype(np.int64)
