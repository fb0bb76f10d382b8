"""Survey and checklists of an edition side by side, over all periods and in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.agreement import gather_sources
from clientindex.counts import compute_centre_moments
from clientindex.rating import compute_joint_scores

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.agreement import SurveyScores, TwoSources
    from clientindex.counts import CentreMoments, PairCounts
    from clientindex.intake import IntakeTables
    from clientindex.methodology import Methodology


def pair_sources(
    tables: IntakeTables,
    methodology: Methodology,
    *,
    moments: CentreMoments,
    counts: PairCounts | None,
    visitors: Mapping[str, float],
) -> TwoSources | None:
    """Put both sources of every centre side by side.

    Parameters
    ----------
    tables : IntakeTables
        Checklists and the register.
    methodology : Methodology
    moments : CentreMoments
        Of the survey.
    counts : PairCounts or None
        The single answers behind them, where there are any: scores of single periods need them.
    visitors : mapping of str to float
        Number of visitors by centre.

    Returns
    -------
    TwoSources or None
        None without any checklist.
    """
    register = tables.register
    regions = dict(zip(register["centre"], register["region"], strict=True))
    return gather_sources(
        tables,
        methodology,
        survey=compute_joint_scores(moments, methodology, visitors=visitors, regions=regions),
        survey_periods=list_survey_periods(tables),
        by_period=_score_periods(tables, methodology, counts, regions=regions),
    )


def list_survey_periods(tables: IntakeTables) -> tuple[str, ...]:
    """Return the periods that the survey names, sorted."""
    parts = (tables.unit_sizes, tables.option_counts, tables.unit_means)
    given = [part["period"] for part in parts if part is not None]
    return tuple(sorted({period for periods in given for period in periods}))


def _score_periods(
    tables: IntakeTables,
    methodology: Methodology,
    counts: PairCounts | None,
    *,
    regions: Mapping[str, str],
) -> dict[str, SurveyScores]:
    """Return scores of the periods that checklists name too."""
    filled = tables.checklist_items
    filled = tables.checklist_scores if filled is None else filled
    if counts is None or filled is None:
        return {}
    named = set(filled["period"]) - {""}
    of_unit = counts.units["period"]
    return {
        period: compute_joint_scores(
            compute_centre_moments(counts.select((of_unit == period).to_numpy()), methodology),
            methodology,
            regions=regions,
        )
        for period in sorted(named & set(of_unit))
    }
