"""Everything about reliability in one call."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.reliability.centres import assess_centres
from clientindex.reliability.consistency import assess_consistency
from clientindex.reliability.hierarchical import assess_omegas
from clientindex.reliability.items import analyse_items
from clientindex.reliability.quality import assess_quality
from clientindex.reliability.scopes import list_scopes
from clientindex.reliability.sets import assess_sets
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from clientindex.counts import PairCounts
    from clientindex.intake.tables import Responses
    from clientindex.methodology import Methodology
    from clientindex.results import (
        AnswerQuality,
        CentreReliability,
        Consistency,
        IndicatorSets,
        ItemAnalysis,
        OmegaTable,
        Result,
    )

STAGE = "reliability"

ONE_REGION = "all"
"""Region of every centre when none are known."""

THREADS = 2
"""Analyses that run at once; results do not depend on it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReliabilityAssessment:
    """Results of all analyses of reliability.

    ``answer_quality`` is unavailable without single answers; every other result names in its
    ``left_out`` what is not defined.
    """

    consistency: Consistency
    item_analysis: ItemAnalysis
    omegas: OmegaTable
    centre_reliability: CentreReliability
    answer_quality: AnswerQuality | Unavailable
    indicator_sets: IndicatorSets

    def results(self) -> dict[str, Result]:
        """Return the results by name, in the order of the analysis."""
        return {name: getattr(self, name) for name in RELIABILITY_RESULTS}


RELIABILITY_RESULTS = tuple(field.name for field in fields(ReliabilityAssessment))
"""Names of the results, in the order of the analysis."""


def assess(
    counts: PairCounts,
    *,
    methodology: Methodology,
    strata: Mapping[str, str] | None = None,
    seed: int | np.random.SeedSequence = 0,
    responses: Responses | None = None,
    no_answer: pd.DataFrame | None = None,
) -> ReliabilityAssessment:
    """Assess whether groups measure one thing consistently, and centres are told apart.

    Everything but the quality of answers comes from counts, for everybody and for each segment,
    region and period. Every bootstrap draws the same centres.

    Parameters
    ----------
    counts : PairCounts
        Of all centres, segments, periods and channels.
    methodology : Methodology
        Groups and the settings under ``reliability``, ``factors``, ``intervals``,
        ``missing_answers`` and ``stars``.
    strata : mapping, optional
        Region of every centre; without it all centres are one region.
    seed : int or numpy.random.SeedSequence
        The same seed gives the same results.
    responses : Responses, optional
        The single answers behind `counts`, for the quality of answers.
    no_answer : DataFrame, optional
        Why answers are missing, see :func:`~clientindex.reliability.items.analyse_items`.

    Returns
    -------
    ReliabilityAssessment

    Raises
    ------
    StatisticsError
        If `strata` lacks a centre, or complete rows are asked for with scores that are not linear.
    """
    regions = strata if strata is not None else dict.fromkeys(counts.units["centre"], ONE_REGION)
    start = seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
    scopes = list_scopes(counts, methodology, regions)

    def check_quality() -> AnswerQuality | Unavailable:
        if responses is None:
            return Unavailable(stage=STAGE, reason="single_answers")
        return assess_quality(responses, counts, methodology, strata=regions, seed=start)

    tasks: dict[str, Callable[[], Any]] = {
        "consistency": lambda: assess_consistency(scopes, methodology, seed=start),
        "indicator_sets": lambda: assess_sets(scopes, methodology),
        "omegas": lambda: assess_omegas(scopes, methodology, seed=start),
        "centre_reliability": lambda: assess_centres(scopes, methodology),
        "answer_quality": check_quality,
        "item_analysis": lambda: analyse_items(
            scopes, methodology, seed=start, no_answer=no_answer
        ),
    }
    with ThreadPoolExecutor(THREADS) as pool:
        running = {name: pool.submit(task) for name, task in tasks.items()}
        return ReliabilityAssessment(**{name: task.result() for name, task in running.items()})
