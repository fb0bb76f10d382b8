"""Everything about reliability in one call."""

from __future__ import annotations

from threading import Lock
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
from clientindex.results.reliability_assessment import RELIABILITY_RESULTS, ReliabilityAssessment
from clientindex.threads import map_in_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from clientindex.counts import PairCounts
    from clientindex.intake.tables import Responses
    from clientindex.methodology import Methodology
    from clientindex.reliability.scopes import Scope
    from clientindex.results import AnswerQuality, Result

STAGE = "reliability"

ONE_REGION = "all"
"""Region of every centre when none are known."""


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
    analyses = Analyses(
        counts,
        methodology=methodology,
        strata=strata,
        seed=seed,
        responses=responses,
        no_answer=no_answer,
    )
    made = map_in_threads(analyses.compute, RELIABILITY_RESULTS)
    found: dict[str, Any] = dict(zip(RELIABILITY_RESULTS, made, strict=True))
    return ReliabilityAssessment(**found)


class Analyses:
    """The analyses of reliability of one edition, each of which can be made by itself.

    Parameters are those of :func:`assess`.

    Raises
    ------
    StatisticsError
        If `strata` lacks a centre.
    """

    def __init__(
        self,
        counts: PairCounts,
        *,
        methodology: Methodology,
        strata: Mapping[str, str] | None = None,
        seed: int | np.random.SeedSequence = 0,
        responses: Responses | None = None,
        no_answer: pd.DataFrame | None = None,
    ) -> None:
        self._counts, self._methodology = counts, methodology
        everywhere = dict.fromkeys(counts.units["centre"], ONE_REGION)
        self._regions = everywhere if strata is None else strata
        self._seed = (
            seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
        )
        self._responses, self._no_answer = responses, no_answer
        self._lock = Lock()
        self._scopes: tuple[Scope, ...] = ()

    def compute(self, name: str) -> Result:
        """Return the result of one of :data:`RELIABILITY_RESULTS`."""
        return self._tasks()[name]()

    def _tasks(self) -> dict[str, Callable[[], Result]]:
        methodology, seed = self._methodology, self._seed
        return {
            "consistency": lambda: assess_consistency(self._list_scopes(), methodology, seed=seed),
            "item_analysis": lambda: analyse_items(
                self._list_scopes(), methodology, seed=seed, no_answer=self._no_answer
            ),
            "omegas": lambda: assess_omegas(self._list_scopes(), methodology, seed=seed),
            "centre_reliability": lambda: assess_centres(self._list_scopes(), methodology),
            "answer_quality": self._check_quality,
            "indicator_sets": lambda: assess_sets(self._list_scopes(), methodology),
        }

    def _list_scopes(self) -> tuple[Scope, ...]:
        """Return the parts of the data, whose counts all analyses share."""
        with self._lock:
            if not self._scopes:
                self._scopes = list_scopes(self._counts, self._methodology, self._regions)
        return self._scopes

    def _check_quality(self) -> AnswerQuality | Unavailable:
        if self._responses is None:
            return Unavailable(stage=STAGE, reason="single_answers")
        return assess_quality(
            self._responses,
            self._counts,
            self._methodology,
            strata=self._regions,
            seed=self._seed,
        )
