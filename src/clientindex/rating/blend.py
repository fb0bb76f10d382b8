"""Checklists in the scores of centres, where the methodology lets them in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from clientindex.methodology.model import SCORE_MAX, SCORE_MIN
from clientindex.rating.degrees import combine_degrees, find_quantile, take_degrees
from clientindex.results import ALL_SEGMENTS, INDEX

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.results import Scores

SURVEY_DECISIONS = ("checklist_dropped", "survey_only", "withheld")
"""Decisions of the rule under which the survey's index stands."""


def blend_checklists(scores: Scores, checklists: pd.DataFrame, *, weight: float) -> Scores:
    """Give checklists a share of every score of a centre that they have too.

    Parameters
    ----------
    scores : Scores
    checklists : DataFrame
        ``centre``, ``key`` ("index" or of a group or indicator), ``estimate`` (on the scale of the
        scores), ``variance`` (0 where checklists are taken without error); centre and key occur
        once.
    weight : float
        Share of the checklist, between 0 and 1.

    Returns
    -------
    Scores
        Scores of all segments together are ``(1 - w) survey + w checklist``, with the variance
        ``(1 - w)² v_survey + w² v_checklist``: sources err independently, and the variance of a
        checklist is taken as known. A score that either
        lacks stays as it is; checklists know no segments, so those of single segments do too.
    """
    frame = scores.frame
    rows = _find_rows(frame)
    wanted = frame.loc[rows, ["centre", "key"]].merge(
        checklists[["centre", "key", "estimate", "variance"]], on=["centre", "key"], how="left"
    )
    survey = frame["estimate"].to_numpy(np.float64)[rows]
    error = frame["std_error"].to_numpy(np.float64)[rows]
    other = wanted["estimate"].to_numpy(np.float64)
    both = ~np.isnan(survey) & ~np.isnan(other)
    variance = (1 - weight) ** 2 * error**2 + weight**2 * wanted["variance"].to_numpy(np.float64)
    return _put(
        scores,
        rows,
        estimate=np.where(both, (1 - weight) * survey + weight * other, survey),
        std_error=np.where(both, np.sqrt(variance), error),
        share=np.where(both, 1 - weight, 1.0),
    )


def take_composites(scores: Scores, centres: pd.DataFrame) -> Scores:
    """Take the composite of survey and checklist for the index, where the decision rule blends.

    Parameters
    ----------
    scores : Scores
    centres : DataFrame
        ``centre``, ``weight``, ``composite``, ``composite_error``, ``decision``: ``centres`` of
        :class:`clientindex.results.AuditDecisions`.

    Returns
    -------
    Scores
        The index of all segments of blended and capped centres is the composite; group and
        indicator scores, and all of other centres, are the survey's.
    """
    rows = _find_rows(scores.frame) & (scores.frame["kind"] == INDEX).to_numpy()
    found = scores.frame.loc[rows, ["centre"]].merge(centres, on="centre", how="left")
    composite = found["composite"].to_numpy(np.float64)
    blended = ~np.isnan(composite) & ~found["decision"].isin(SURVEY_DECISIONS).to_numpy()
    survey = scores.frame.loc[rows, ["estimate", "std_error"]].to_numpy(np.float64)
    return _put(
        scores,
        rows,
        estimate=np.where(blended, composite, survey[:, 0]),
        std_error=np.where(blended, found["composite_error"].to_numpy(np.float64), survey[:, 1]),
        share=np.where(blended, 1 - found["weight"].to_numpy(np.float64), 1.0),
    )


def _find_rows(frame: pd.DataFrame) -> NDArray[np.bool_]:
    return (frame["segment"] == ALL_SEGMENTS).to_numpy()


def _put(
    scores: Scores,
    rows: NDArray[np.bool_],
    *,
    estimate: NDArray[np.float64],
    std_error: NDArray[np.float64],
    share: NDArray[np.float64],
) -> Scores:
    """Put blended scores in their rows; `share` is that of the survey."""
    frame = scores.frame.assign(df=take_degrees(scores.frame))
    survey = (share * frame["std_error"].to_numpy(np.float64)[rows]) ** 2
    df = _add_known(frame["df"].to_numpy(np.float64)[rows], survey, total=std_error**2)
    margin = find_quantile(scores.level, df) * std_error
    blended = {
        "estimate": estimate,
        "std_error": std_error,
        "df": df,
        "ci_low": np.clip(estimate - margin, SCORE_MIN, None),
        "ci_high": np.clip(estimate + margin, None, SCORE_MAX),
    }
    for name, values in blended.items():
        column = frame[name].to_numpy(np.float64, copy=True)
        column[rows] = values
        blended[name] = column
    return replace(scores, frame=frame.assign(**blended))


def _add_known(
    df: NDArray[np.float64], variance: NDArray[np.float64], *, total: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the degrees of freedom of a total that holds a variance with `df` of them."""
    rest = np.maximum(total - variance, 0.0)
    known = np.full_like(df, np.inf)
    return combine_degrees(np.stack([variance, rest]), np.stack([df, known]), axis=0)
