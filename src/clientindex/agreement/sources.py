"""The two sources side by side: scores of every centre by survey and by checklist.

Every analysis of this room starts here. J = 1 + G + K scores stand in one order: the index, the
groups, the indicators.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.agreement.checklist import ChecklistScores, score_checklists
from clientindex.results import INDEX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.intake.tables import IntakeTables
    from clientindex.methodology import Methodology
    from clientindex.results.rating import StandardErrorMethod

SURVEY_ONLY = "survey_only"
CHECKLIST_ONLY = "checklist_only"
OTHER_PERIOD = "other_period"
NOT_APPLICABLE = "not_applicable"
INCOMPLETE = "incomplete"

FEWEST_PERIODS = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurveyScores:
    """Scores of centres by the survey, all segments together.

    Attributes
    ----------
    centres : tuple of str of length C
    estimate : ndarray of shape (C, J)
        Points 0-100, NaN without a score.
    covariance : ndarray of shape (C, J, J)
        Sampling covariance of the scores, NaN where unknown.
    n : ndarray of shape (C, J)
        Respondents behind a score; NaN where unknown.
    method : {"exact", "bound"}
        Whether the covariance is known from single answers, or bounded by the correlation that the
        methodology assumes where only totals were delivered.
    """

    centres: tuple[str, ...]
    estimate: NDArray[np.float64]
    covariance: NDArray[np.float64]
    n: NDArray[np.float64]
    method: StandardErrorMethod = "exact"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeriodScores:
    """Scores of both sources in one period, each of shape (C, J)."""

    period: str
    survey: NDArray[np.float64]
    checklist: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoSources:
    """Both sources for the C centres of the register.

    Attributes
    ----------
    centres, names : tuple of str of length C
    regions : str ndarray of shape (C,)
    kinds, subjects : tuple of str of length J
        "index", "group" or "indicator", and the key.
    survey, checklist : ndarray of shape (C, J)
        Points 0-100; NaN where a source has no score.
    covariance : ndarray of shape (C, J, J)
        Sampling covariance of the survey's scores.
    n : ndarray of shape (C, J)
        Respondents behind a survey score.
    items : ndarray of shape (C, I)
        Answers of the checklist, 1 yes, 0 no, NaN not applicable or absent; no columns where ready
        scores were delivered.
    item_of : int ndarray of shape (I,)
        Position of each item's indicator among the K indicators.
    second : ndarray of shape (C, J) or None
        Scores of second checklists.
    periods : tuple of PeriodScores
        Where both sources have two periods or more.
    sampling : {"exact", "bound"}
        How the sampling covariance is known; what is freed of a bound is freed of too much.
    excluded : DataFrame
        ``centre``, ``region``, ``reason``, ``detail``: centres without a pair in some group.
    """

    centres: tuple[str, ...]
    names: tuple[str, ...]
    regions: NDArray[np.str_]
    kinds: tuple[str, ...]
    subjects: tuple[str, ...]
    survey: NDArray[np.float64]
    checklist: NDArray[np.float64]
    covariance: NDArray[np.float64]
    n: NDArray[np.float64]
    items: NDArray[np.float64]
    item_of: NDArray[np.intp]
    second: NDArray[np.float64] | None
    periods: tuple[PeriodScores, ...]
    excluded: pd.DataFrame
    sampling: StandardErrorMethod = "exact"

    def place(self, subject: str) -> int:
        """Return the position of a subject among the J scores."""
        return self.subjects.index(subject)

    def places(self, kind: str) -> NDArray[np.intp]:
        """Return the positions of a kind of scores."""
        return np.flatnonzero(np.array(self.kinds) == kind)

    def keys(self, kind: str) -> tuple[str, ...]:
        """Return the keys of a kind of scores."""
        return tuple(key for key, of in zip(self.subjects, self.kinds, strict=True) if of == kind)

    def has_both(self, subject: str) -> NDArray[np.bool_]:
        """Return which centres have both scores of a subject."""
        at = self.place(subject)
        return np.isfinite(self.survey[:, at]) & np.isfinite(self.checklist[:, at])

    @property
    def region_codes(self) -> NDArray[np.intp]:
        """Numbers of the regions, in the order of their sorted names."""
        return np.unique(self.regions, return_inverse=True)[1]


def gather_sources(
    tables: IntakeTables,
    methodology: Methodology,
    *,
    survey: SurveyScores,
    survey_periods: tuple[str, ...] = (),
    by_period: Mapping[str, SurveyScores] | None = None,
) -> TwoSources | None:
    """Put survey and checklists of the same centres side by side.

    Parameters
    ----------
    tables : IntakeTables
        Checklists, second checklists and the register.
    methodology : Methodology
    survey : SurveyScores
        Of all periods together.
    survey_periods : tuple of str
        Periods of the survey; a checklist of a named period that is not among them is left out.
        Unnamed periods ("") are compared with everything.
    by_period : mapping, optional
        Scores of single periods.

    Returns
    -------
    TwoSources or None
        None without any checklist.

    Notes
    -----
    Missing data: a source without a score of a group has NaN there. The checklist's index follows
    the same rule for missing groups as the survey's.
    """
    centres = tuple(tables.register["centre"])
    first = score_checklists(
        tables.checklist_items,
        tables.checklist_scores,
        methodology,
        centres=centres,
        periods=survey_periods,
    )
    if first is None:
        return None
    second = score_checklists(
        tables.second_items, tables.second_scores, methodology, centres=centres, periods=()
    )
    regions = tables.register["region"].to_numpy(dtype=str)
    estimate, covariance, n = _align(survey, centres)
    return TwoSources(
        centres=centres,
        names=tuple(tables.register["name"]),
        regions=regions,
        kinds=list_kinds(methodology),
        subjects=(INDEX, *methodology.group_keys, *methodology.indicator_keys),
        survey=estimate,
        checklist=first.scores,
        covariance=covariance,
        n=n,
        items=first.items,
        item_of=first.item_of,
        second=None if second is None else second.scores,
        periods=_pair_periods(tables, methodology, centres, by_period or {}),
        sampling=survey.method,
        excluded=_list_excluded(centres, regions, estimate, first, methodology),
    )


def list_kinds(methodology: Methodology) -> tuple[str, ...]:
    """Return the kind of each of the J scores."""
    n_groups, n_indicators = len(methodology.groups), len(methodology.indicator_keys)
    return ("index", *["group"] * n_groups, *["indicator"] * n_indicators)


def _align(
    survey: SurveyScores, centres: tuple[str, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return estimate, covariance and n in the order of the register, NaN for other centres."""
    places = pd.Index(survey.centres).get_indexer(pd.Index(centres))
    absent = places < 0
    parts = []
    for values in (survey.estimate, survey.covariance, survey.n):
        taken = values[places].astype(np.float64)
        taken[absent] = np.nan
        parts.append(taken)
    return parts[0], parts[1], parts[2]


def _pair_periods(
    tables: IntakeTables,
    methodology: Methodology,
    centres: tuple[str, ...],
    by_period: Mapping[str, SurveyScores],
) -> tuple[PeriodScores, ...]:
    """Return scores of the periods that both sources have; none where it is fewer than two."""
    found = []
    for period, scores in by_period.items():
        checklist = score_checklists(
            _take_period(tables.checklist_items, period),
            _take_period(tables.checklist_scores, period),
            methodology,
            centres=centres,
            periods=(),
        )
        if checklist is not None and np.isfinite(checklist.scores).any():
            estimate, _, _ = _align(scores, centres)
            found.append(PeriodScores(period=period, survey=estimate, checklist=checklist.scores))
    return tuple(found) if len(found) >= FEWEST_PERIODS else ()


def _take_period(frame: pd.DataFrame | None, period: str) -> pd.DataFrame | None:
    return None if frame is None else frame[frame["period"] == period]


def _list_excluded(
    centres: tuple[str, ...],
    regions: NDArray[np.str_],
    survey: NDArray[np.float64],
    checklist: ChecklistScores,
    methodology: Methodology,
) -> pd.DataFrame:
    """Return the centres that lack a pair, each with the first reason that applies."""
    groups = slice(1, 1 + len(methodology.groups))
    by_survey = np.isfinite(survey[:, groups])
    by_checklist = np.isfinite(checklist.scores[:, groups])
    both = by_survey & by_checklist
    # No rows at all, of either source, is a matter of the coverage and not listed here.
    reasons = np.select(
        [
            both.all(axis=1),
            both.any(axis=1),
            by_checklist.any(axis=1),
            checklist.other_period & ~by_checklist.any(axis=1),
            checklist.filled & ~by_checklist.any(axis=1),
            by_survey.any(axis=1),
        ],
        ["", INCOMPLETE, CHECKLIST_ONLY, OTHER_PERIOD, NOT_APPLICABLE, SURVEY_ONLY],
        default="",
    )
    keys = np.array(methodology.group_keys)
    lacking = [" ".join(keys[~pairs]) for pairs in both]
    details = np.select(
        [reasons == INCOMPLETE, reasons == OTHER_PERIOD],
        [np.array(lacking), np.array(checklist.other_periods)],
        default="",
    )
    frame = pd.DataFrame(
        {"centre": centres, "region": regions, "reason": reasons, "detail": details}, dtype="str"
    )
    return frame[frame["reason"] != ""].reset_index(drop=True)
