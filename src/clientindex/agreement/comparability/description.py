"""What in the scores of each group stands in the way of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.agreement.coefficients.estimate import NO_SPREAD
from clientindex.agreement.comparability.checklists import FEWEST_ITEMS, estimate_straight_lining
from clientindex.agreement.comparability.shares import estimate_share
from clientindex.errors import StatisticsError
from clientindex.results.base import make_tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from clientindex.agreement.coefficients.estimate import Estimate

SURVEY, CHECKLIST, BOTH = "survey", "checklist", "both"
ALL_GROUPS = "all"

COLUMNS = ["group", "side", "statistic", "estimate", "ci_low", "ci_high", "method", "n"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparability:
    """Shares of centres that a comparison loses or cannot tell apart.

    Attributes
    ----------
    frame : DataFrame
        ``group``, ``side`` ("survey", "checklist", "both"), ``statistic``, ``estimate`` (share from
        0 to 1), ``ci_low``, ``ci_high``, ``method``, ``n`` (the denominator). Statistics:

        - "ceiling", "floor": at the ends of the scale, of centres with a score;
        - "tied": with the score of another centre, of centres with a score;
        - "missing": without a score, of all centres (of "both": without a pair);
        - "equal": both scores the same, of centres with a pair;
        - "straight_lined", "straight_lined_highest", "straight_lined_lowest": checklists with all
          answers alike, of centres with enough items; also over all groups ("all").
    level : float
    n : int
        All centres.
    """

    frame: pd.DataFrame
    level: float
    n: int

    def tidy(self) -> pd.DataFrame:
        """Return the shares as a tidy table; statistics are named by their side."""
        frame = self.frame
        return make_tidy(
            {
                "subject": frame["group"].to_numpy(),
                "statistic": (frame["side"] + "_" + frame["statistic"]).to_numpy(),
                **{name: frame[name].to_numpy(float) for name in ("estimate", "ci_low", "ci_high")},
                "level": self.level,
                "method": frame["method"].to_numpy(),
                "n": frame["n"].to_numpy(),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChecklistItems:
    """Single answers of the checklists.

    Attributes
    ----------
    answers : ndarray of shape (C, K)
        NaN where not applicable or missing.
    membership : bool ndarray of shape (G, K)
        Which items are of which group.
    low, high : float
        The worst and the best answer.
    fewest_items : int
    """

    answers: NDArray[np.float64]
    membership: NDArray[np.bool_]
    low: float
    high: float
    fewest_items: int = FEWEST_ITEMS


def describe_comparability(
    survey: NDArray[np.float64],
    checklist: NDArray[np.float64],
    *,
    groups: tuple[str, ...],
    ends: tuple[float, float],
    level: float,
    checklist_ends: tuple[float, float] | None = None,
    items: ChecklistItems | None = None,
) -> Comparability:
    """Describe ceilings, floors, ties, missing scores and straight-lined checklists.

    Parameters
    ----------
    survey, checklist : ndarray of shape (C, G)
        Scores before linking; NaN where missing.
    groups : tuple of str of length G
    ends : tuple of float
        Lowest and highest possible score of the survey.
    level : float
    checklist_ends : tuple of float, optional
        Those of the checklist, when it is not on the survey's scale.
    items : ChecklistItems, optional
        None leaves straight-lining out.

    Returns
    -------
    Comparability
        A share without a denominator is NaN, and ``method`` says so.

    Raises
    ------
    StatisticsError
        When the shapes disagree.

    Notes
    -----
    Every share has its own denominator, given as ``n``. Whether a centre is tied depends on the
    other centres, so Wilson's interval of that share is an approximation. Scores count as equal up
    to 1e-9 points.
    """
    _check_shapes(survey, checklist, groups, items)
    both_ends = (ends, ends if checklist_ends is None else checklist_ends)
    rows = [
        {"group": key, "side": side, "statistic": name} | _tell(share)
        for place, key in enumerate(groups)
        for side, name, share in _describe_group(
            survey[:, place], checklist[:, place], ends=both_ends, level=level
        )
    ]
    rows += [] if items is None else _describe_items(items, groups, level)
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return Comparability(frame=frame, level=level, n=len(survey))


def _check_shapes(
    survey: NDArray[np.float64],
    checklist: NDArray[np.float64],
    groups: tuple[str, ...],
    items: ChecklistItems | None,
) -> None:
    expected = (len(survey), len(groups))
    if survey.shape != expected or checklist.shape != expected:
        message = (
            f"scores must be of {len(groups)} groups and the same centres, not of shapes "
            f"{survey.shape} and {checklist.shape}"
        )
        raise StatisticsError(message)
    if items is None:
        return
    count = items.answers.shape[1]
    if len(items.answers) != len(survey) or items.membership.shape != (len(groups), count):
        message = "checklist items must be of the same centres and groups as the scores"
        raise StatisticsError(message)


def _describe_group(
    survey: NDArray[np.float64],
    checklist: NDArray[np.float64],
    *,
    ends: tuple[tuple[float, float], tuple[float, float]],
    level: float,
) -> Iterator[tuple[str, str, Estimate]]:
    """Yield side, statistic and share."""
    sides = ((SURVEY, survey, ends[0]), (CHECKLIST, checklist, ends[1]))
    for side, scores, (low, high) in sides:
        given = scores[np.isfinite(scores)]
        marks = {
            "ceiling": given >= high - NO_SPREAD,
            "floor": given <= low + NO_SPREAD,
            "tied": mark_tied(given),
            "missing": ~np.isfinite(scores),
        }
        for name, mark in marks.items():
            yield side, name, estimate_share(int(mark.sum()), len(mark), level=level)
    paired = np.isfinite(survey) & np.isfinite(checklist)
    equal = np.abs(survey[paired] - checklist[paired]) <= NO_SPREAD
    yield BOTH, "missing", estimate_share(int((~paired).sum()), len(paired), level=level)
    yield BOTH, "equal", estimate_share(int(equal.sum()), len(equal), level=level)


def mark_tied(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Mark values within 1e-9 of a neighbour.

    Examples
    --------
    >>> mark_tied(np.array([3.0, 1, 3, 2])).tolist()
    [True, False, True, False]
    """
    order = np.argsort(values, kind="stable")
    near = np.diff(values[order]) <= NO_SPREAD
    tied = np.zeros(len(values), dtype=bool)
    tied[order[:-1]] = near
    tied[order[1:]] |= near
    return tied


def _describe_items(
    items: ChecklistItems, groups: tuple[str, ...], level: float
) -> list[dict[str, object]]:
    parts = {key: items.answers[:, items.membership[at]] for at, key in enumerate(groups)}
    parts[ALL_GROUPS] = items.answers
    rows: list[dict[str, object]] = []
    for key, answers in parts.items():
        found = estimate_straight_lining(
            answers,
            low=items.low,
            high=items.high,
            level=level,
            fewest_items=items.fewest_items,
        )
        shares = {
            "straight_lined": found.share,
            "straight_lined_highest": found.share_highest,
            "straight_lined_lowest": found.share_lowest,
        }
        rows += [
            {"group": key, "side": CHECKLIST, "statistic": name} | _tell(share)
            for name, share in shares.items()
        ]
    return rows


def _tell(share: Estimate) -> dict[str, object]:
    names = ("estimate", "ci_low", "ci_high", "method", "n")
    return {name: getattr(share, name) for name in names}
