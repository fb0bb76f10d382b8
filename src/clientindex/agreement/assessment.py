"""Everything about survey against checklist in one call."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.agreement.categories import assess_categories
from clientindex.agreement.comparison import compare_sources, link_sources
from clientindex.agreement.decision import decide
from clientindex.agreement.decomposition.room import assess_method_variance
from clientindex.agreement.inflation.room import assess_inflation
from clientindex.agreement.left_out import STAGE
from clientindex.agreement.method_model.room import assess_method_model
from clientindex.agreement.multitrait.room import assess_multitrait
from clientindex.agreement.room import assess_agreement
from clientindex.agreement.sides import assess_sides
from clientindex.agreement.structural.room import assess_structural
from clientindex.results import Unavailable
from clientindex.threads import run_in_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.agreement.sources import TwoSources
    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.results import (
        Agreement,
        AuditDecisions,
        CategoryAgreement,
        ChecklistInflation,
        MethodModel,
        MethodVariance,
        MultitraitMatrix,
        Result,
        SideReliability,
        SourceComparison,
        StructuralRelation,
    )

NO_CHECKLIST = "no_checklist"

Part = dict[str, Any]
"""Results of an analysis by name."""

TASKS = ("comparability", "agreement", "category_agreement", "structural", "audit")
"""Each task draws from its own stream; a new task is added at the end."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgreementAssessment:
    """Results of all analyses of survey against checklist, each of them or why there is none."""

    comparability: SourceComparison | Unavailable
    side_reliability: SideReliability | Unavailable
    multitrait: MultitraitMatrix | Unavailable
    multitrait_indicators: MultitraitMatrix | Unavailable
    method_variance: MethodVariance | Unavailable
    method_model: MethodModel | Unavailable
    agreement: Agreement | Unavailable
    category_agreement: CategoryAgreement | Unavailable
    structural: StructuralRelation | Unavailable
    inflation: ChecklistInflation | Unavailable
    audit: AuditDecisions | Unavailable

    def results(self) -> dict[str, Result]:
        """Return the results by name, in the order of the analysis."""
        return {name: getattr(self, name) for name in AGREEMENT_RESULTS}


AGREEMENT_RESULTS = tuple(field.name for field in fields(AgreementAssessment))
"""Names of the results, in the order of the analysis."""


def assess(
    sources: TwoSources | None,
    *,
    methodology: Methodology,
    moments: CentreMoments,
    survey_stars: pd.Series[Any],
    find_stars: Callable[[NDArray[np.float64]], NDArray[np.int64]],
    seed: int | np.random.SeedSequence = 0,
) -> AgreementAssessment:
    """Assess whether checklists confirm what visitors say, and what to do where they do not.

    Parameters
    ----------
    sources : TwoSources or None
        Both sources of every centre, see
        :func:`clientindex.agreement.sources.gather_sources`; None without checklists.
    methodology : Methodology
        Settings under ``agreement``, ``intervals`` and ``stars``.
    moments : CentreMoments
        Of the survey, for its reliability.
    survey_stars : Series
        Star by the survey of every centre, indexed by centre, missing where withheld.
    find_stars : callable
        Stars of an array of indices, by the rating's rule.
    seed : int or numpy.random.SeedSequence
        The same seed gives the same results.

    Returns
    -------
    AgreementAssessment

    Notes
    -----
    Where the methodology links scales, everything but the description of the sources compares
    linked checklists; signs inside a checklist are those of checklists as they were filled in.

    Reasons of what is not there: ``no_checklist``, ``no_shared_centres``, ``too_few_centres`` and
    those that the single analyses name. Nothing raises because of the data.
    """
    if sources is None:
        nothing = Unavailable(stage=STAGE, reason=NO_CHECKLIST)
        return AgreementAssessment(**dict.fromkeys(AGREEMENT_RESULTS, nothing))
    start = seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
    streams = dict(zip(TASKS, start.spawn(len(TASKS)), strict=True))

    linked = methodology.agreement.scales == "linked"
    case = _Case(
        sources=sources,
        compared=link_sources(sources, methodology) if linked else sources,
        methodology=methodology,
        moments=moments,
        survey_stars=survey_stars,
        find_stars=find_stars,
        streams=streams,
    )
    found = run_in_threads(case.tasks())
    return AgreementAssessment(**{name: value for part in found for name, value in part.items()})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Case:
    """What the analyses are given; each of them returns its results by name.

    ``compared`` are the sources as linked by the methodology, ``sources`` as filled in.
    """

    sources: TwoSources
    compared: TwoSources
    methodology: Methodology
    moments: CentreMoments
    survey_stars: pd.Series[Any]
    find_stars: Callable[[NDArray[np.float64]], NDArray[np.int64]]
    streams: dict[str, np.random.SeedSequence]

    def tasks(self) -> tuple[Callable[[], Part], ...]:
        """Return what may run at once, the longest first."""
        return (
            self.compare_indicators,
            self.fit_method_model,
            self.relate,
            self.judge,
            self.compare_groups,
            self.agree,
            self.agree_in_categories,
            self.describe,
        )

    def compare_indicators(self) -> Part:
        found = assess_multitrait(self.compared, self.methodology, kind="indicator")
        return {"multitrait_indicators": found}

    def compare_groups(self) -> Part:
        return {"multitrait": assess_multitrait(self.compared, self.methodology, kind="group")}

    def fit_method_model(self) -> Part:
        return {"method_model": assess_method_model(self.compared, self.methodology)}

    def relate(self) -> Part:
        """Find components, then lines, which take errors from the components."""
        variance = assess_method_variance(self.sources, self.methodology)
        lines = assess_structural(
            self.compared, self.methodology, variance=variance, seed=self.streams["structural"]
        )
        return {"method_variance": variance, "structural": lines}

    def judge(self) -> Part:
        """Find reliability and gaps that stand out, then decide by both."""
        sides = assess_sides(self.sources, self.moments, self.methodology)
        inflation = assess_inflation(self.compared, self.methodology, filled_in=self.sources)
        audit = decide(
            self.compared,
            self.methodology,
            inflation=inflation,
            reliability=sides.centres,
            filled_in=self.sources,
            survey_stars=self.survey_stars,
            find_stars=self.find_stars,
            seed=self.streams["audit"],
        )
        return {"side_reliability": sides, "inflation": inflation, "audit": audit}

    def agree(self) -> Part:
        seed = self.streams["agreement"]
        return {"agreement": assess_agreement(self.sources, self.methodology, seed=seed)}

    def agree_in_categories(self) -> Part:
        found = assess_categories(
            self.compared,
            self.methodology,
            survey_stars=self.survey_stars,
            find_stars=self.find_stars,
            seed=self.streams["category_agreement"],
        )
        return {"category_agreement": found}

    def describe(self) -> Part:
        seed = self.streams["comparability"]
        return {"comparability": compare_sources(self.sources, self.methodology, seed=seed)}
