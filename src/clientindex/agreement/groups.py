"""Survey against checklist in every group of expectations."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from clientindex.agreement.checklist import compute_checklist_scores
from clientindex.agreement.coefficients import (
    MINIMUM_PAIRS,
    Estimate,
    estimate_bias,
    estimate_icc,
    estimate_limits,
    estimate_pearson,
    estimate_sd_difference,
)
from clientindex.results import ALL_SEGMENTS, GroupAgreement, Scores, Unavailable

if TYPE_CHECKING:
    from clientindex.intake.tables import IntakeTables
    from clientindex.methodology import Methodology

STAGE = "agreement"
NO_CHECKLIST = "no_checklist"
NO_SHARED_CENTRES = "no_shared_centres"
TOO_FEW_CENTRES = "too_few_centres"

COLUMNS = [
    "group",
    "statistic",
    "estimate",
    "std_error",
    "ci_low",
    "ci_high",
    "method",
    "n",
]


def compute_group_agreement(
    scores: Scores, tables: IntakeTables, methodology: Methodology
) -> GroupAgreement | Unavailable:
    """Compare the survey's group scores with the checklist's, group by group.

    Parameters
    ----------
    scores : Scores
        Group scores of all segments together are the survey side.
    tables : IntakeTables
        The checklist side, and the register for the regions.
    methodology : Methodology
        Groups, indicator weights and the level of the intervals.

    Returns
    -------
    GroupAgreement or Unavailable
        Unavailable when there is no checklist (``no_checklist``), no centre with both sources
        (``no_shared_centres``) or no group with at least three (``too_few_centres``, the detail
        tells how many centres there are). Single groups with fewer than three are left out.

    Notes
    -----
    Missing data: each group uses the centres that have both scores of that group. Every centre
    counts once. Correlation and ICC are NaN where all values of one source are equal.
    """
    checklist = compute_checklist_scores(tables, methodology)
    if checklist is None or checklist.empty:
        return Unavailable(stage=STAGE, reason=NO_CHECKLIST)
    survey = _select_survey(scores)
    points = _pair(survey, checklist, tables.register, methodology)
    if points.empty:
        return Unavailable(stage=STAGE, reason=NO_SHARED_CENTRES)
    blocks = [
        _describe(str(group), part, scores.level)
        for group, part in points.groupby("group", sort=False)
        if len(part) >= MINIMUM_PAIRS
    ]
    shared = set(points["centre"])
    if not blocks:
        return Unavailable(stage=STAGE, reason=TOO_FEW_CENTRES, detail=str(len(shared)))
    return GroupAgreement(
        frame=pd.concat(blocks, ignore_index=True),
        points=points,
        level=scores.level,
        n_survey_only=len(set(survey["centre"]) - shared),
        n_checklist_only=len(set(checklist["centre"]) - shared),
    )


def _select_survey(scores: Scores) -> pd.DataFrame:
    """Return the group scores of all segments together."""
    frame = scores.frame
    rows = (frame["segment"] == ALL_SEGMENTS) & (frame["kind"] == "group")
    table = frame.loc[rows, ["centre", "key", "estimate"]].dropna(subset="estimate")
    return table.set_axis(["centre", "group", "survey"], axis=1)


def _pair(
    survey: pd.DataFrame,
    checklist: pd.DataFrame,
    register: pd.DataFrame,
    methodology: Methodology,
) -> pd.DataFrame:
    """Return the centres and groups with both scores, groups in the methodology's order."""
    both = survey.merge(checklist.rename(columns={"points": "checklist"}), on=["centre", "group"])
    both = both.merge(register[["centre", "region"]], on="centre", how="left")
    position = {key: place for place, key in enumerate(methodology.group_keys)}
    order = both["group"].map(position)
    both = both.assign(order=order).sort_values(["order", "centre"], ignore_index=True)
    return both[["centre", "region", "group", "survey", "checklist"]]


def _describe(group: str, part: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the block of statistics of one group."""
    x, y = part["survey"].to_numpy(float), part["checklist"].to_numpy(float)
    limits = estimate_limits(x, y, level=level)
    correlations = estimate_icc(part[["survey", "checklist"]].to_numpy(float), level=level)
    estimates: dict[str, Estimate] = {
        "bias": estimate_bias(x, y, level=level),
        "sd_difference": estimate_sd_difference(x, y, level=level),
        "loa_low": limits.low,
        "loa_high": limits.high,
        "pearson_r": estimate_pearson(x, y, level=level),
        "icc_a1": correlations.absolute,
        "icc_c1": correlations.consistency,
    }
    rows = pd.DataFrame([asdict(estimate) for estimate in estimates.values()])
    rows = rows.assign(group=group, statistic=list(estimates))
    return rows[COLUMNS]
