"""The statistics that need nothing but the answers, each computed by name, here or elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex import factors
from clientindex.pipeline.answer_work import FACTORS
from clientindex.reliability import Analyses

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from clientindex.counts import PairCounts
    from clientindex.intake.tables import Responses
    from clientindex.methodology import Methodology


class AnswerStatistics:
    """Factor analysis and reliability of one edition.

    Parameters
    ----------
    counts : PairCounts
    methodology : Methodology
        Of the answers.
    strata : mapping
        Region of every centre.
    seeds : mapping
        Of :func:`clientindex.pipeline.seeds.split_seed`.
    no_answer : DataFrame, optional
        Why answers are missing.
    responses : Responses, optional
        The single answers; without them their quality is unavailable.
    """

    def __init__(
        self,
        counts: PairCounts,
        *,
        methodology: Methodology,
        strata: Mapping[str, str],
        seeds: Mapping[str, np.random.SeedSequence],
        no_answer: pd.DataFrame | None = None,
        responses: Responses | None = None,
    ) -> None:
        self._factors: dict[str, Any] = {
            "counts": counts,
            "methodology": methodology,
            "strata": strata,
            "seed": seeds["factors"],
        }
        self._analyses = Analyses(
            counts,
            methodology=methodology,
            strata=strata,
            seed=seeds["reliability"],
            responses=responses,
            no_answer=no_answer,
        )

    def compute(self, name: str) -> Any:
        """Return the factor analysis, or the result of one analysis of reliability."""
        if name == FACTORS:
            return factors.assess(**self._factors)
        return self._analyses.compute(name)
