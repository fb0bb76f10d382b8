"""The statistics of a run in order: what each stage needs, and what it leaves in the bundle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from clientindex import agreement, factors, reliability
from clientindex.counts import CentreMoments, PairCounts, count_pairs
from clientindex.methodology.star_settings import ALL_PEERS
from clientindex.pipeline.checklist_scores import tabulate_checklists
from clientindex.pipeline.pairing import pair_sources
from clientindex.pipeline.seeds import split_seed
from clientindex.pipeline.survey import measure_survey
from clientindex.rating import (
    MeasureScores,
    assign_stars,
    compute_coverage,
    compute_scores,
    find_stars,
    score_measures,
    summarise_groups,
    summarise_regions,
)
from clientindex.rating.blend import blend_checklists, take_composites
from clientindex.results import AuditDecisions, Result, Scores, Stars, Unavailable
from clientindex.sensitivity import compute_weight_stability

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.edition import Edition
    from clientindex.intake import IntakeTables
    from clientindex.methodology import Methodology
    from clientindex.pipeline.progress import Reporter

Kind = TypeVar("Kind")

TOTALS_ONLY = "totals_only"
"""Reason of a statistic that needs single answers where only totals were delivered."""

NO_SURVEY = "no_survey"
"""Reason of a statistic of answers where the edition has measures only."""

CHECKLISTS_IN_SCORES = "checklists_in_scores"
"""Reason of weightings of the survey where checklists have a say in the index."""

CHECKLIST_GAP = "checklist_gap"
"""Reason of a star that the decision rule keeps at that of the survey alone."""

NO_COMMON_CUTS = "no_common_cuts"
"""Reason of a statistic that compares all centres with the same cut points, in points, where the
star rule finds others in each peer group, or none, or scores are not points."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """What every stage starts from."""

    edition: Edition
    methodology: Methodology
    tables: IntakeTables
    warnings: pd.DataFrame
    counts: PairCounts | None
    moments: CentreMoments
    measures: MeasureScores | None
    seeds: dict[str, np.random.SeedSequence]

    @property
    def strata(self) -> dict[str, str]:
        """Region of every centre."""
        register = self.tables.register
        return dict(zip(register["centre"], register["region"], strict=True))

    @property
    def visitors(self) -> dict[str, float]:
        """Number of visitors of the centres where the register knows it."""
        known = self.tables.register.dropna(subset=["visitors"])
        return dict(zip(known["centre"], known["visitors"], strict=True))


def prepare_material(
    edition: Edition, methodology: Methodology, *, tables: IntakeTables, warnings: pd.DataFrame
) -> Material:
    """Count the answers (or take the totals) and split the seed."""
    survey = methodology.of_answers
    counts = (
        None
        if survey is None or tables.responses is None
        else count_pairs(tables.responses, survey)
    )
    moments = measure_survey(tables, survey, counts=counts)
    return Material(
        edition=edition,
        methodology=methodology,
        tables=tables,
        warnings=warnings,
        counts=counts,
        moments=moments,
        measures=score_measures(tables.measures, methodology),
        seeds=split_seed(edition.seed),
    )


def run_stages(material: Material, reporter: Reporter) -> dict[str, Result]:
    """Run the stages that the edition asks for.

    Returns
    -------
    dict
        Result by name, see :data:`clientindex.results.RESULT_NAMES`.
    """
    results: dict[str, Result] = {
        "coverage": compute_coverage(
            material.tables,
            material.methodology.of_answers or material.methodology,
            warnings=material.warnings,
        )
    }
    for name in _needed_stages(material.edition.stages):
        with reporter.step(_TITLES[name]):
            results |= _STAGES[name](material, results)
    return results


def _needed_stages(asked: tuple[str, ...]) -> list[str]:
    """Return the stages in their own order, with rating where another one needs it."""
    needed = set(asked)
    if needed & {"sensitivity", "agreement"}:
        needed.add("rating")
    return [name for name in _STAGES if name in needed]


def _run_rating(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    del results
    methodology, register = material.methodology, material.tables.register
    scores = compute_scores(
        material.moments,
        methodology,
        visitors=material.visitors,
        regions=material.strata,
        measures=material.measures,
    )
    use = "verify" if methodology.checklist is None else methodology.checklist.use
    found: dict[str, Result] = {}
    if methodology.checklist is not None and methodology.checklist.weight is not None:
        checklists = tabulate_checklists(material.tables, methodology)
        if checklists is not None:
            scores = blend_checklists(scores, checklists, weight=methodology.checklist.weight)
    stars = _assign_stars(material, scores)
    if use == "precision":
        found = _run_agreement(material, {"stars": stars})
        scores, stars = _take_decisions(material, scores, stars, found["audit"])
    return {
        "scores": scores,
        "stars": stars,
        "regions": summarise_regions(stars, methodology),
        "group_means": summarise_groups(scores, methodology, register=register),
        **found,
    }


def _assign_stars(
    material: Material, scores: Scores, *, ceilings: pd.DataFrame | None = None
) -> Stars:
    return assign_stars(
        scores,
        material.methodology,
        register=material.tables.register,
        attributes=material.tables.attributes,
        ceilings=ceilings,
    )


def _take_decisions(
    material: Material, scores: Scores, stars: Stars, audit: Result
) -> tuple[Scores, Stars]:
    """Let the decision rule give index and star: composites, and no star above a capped one."""
    if not isinstance(audit, AuditDecisions):
        return scores, stars
    scores = take_composites(scores, audit.centres)
    capped = audit.centres[(audit.centres["decision"] == "capped").to_numpy()]
    by_survey = stars.frame.set_index("centre")["star"].reindex(capped["centre"])
    ceilings = pd.DataFrame(
        {
            "centre": capped["centre"].to_numpy(),
            "reason": CHECKLIST_GAP,
            "at_most": by_survey.to_numpy(np.float64),
        }
    )
    return scores, _assign_stars(material, scores, ceilings=ceilings)


def _take(results: dict[str, Result], name: str, kind: type[Kind]) -> Kind:
    """Return what an earlier stage left."""
    result = results[name]
    if not isinstance(result, kind):
        msg = f"the stage before left {type(result).__name__} as {name}, not {kind.__name__}"
        raise TypeError(msg)
    return result


def _run_sensitivity(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    rule = material.methodology.checklist
    if rule is not None and rule.use != "verify":
        nothing = Unavailable(stage="sensitivity", reason=CHECKLISTS_IN_SCORES, detail=rule.use)
        return {"weight_stability": nothing}
    stability = compute_weight_stability(
        material.moments,
        _take(results, "stars", Stars),
        material.methodology,
        seed=material.seeds["sensitivity"],
        regions=material.strata,
        measures=material.measures,
    )
    return {"weight_stability": stability}


def _run_agreement(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    if "audit" in results:
        # The rating needed it before.
        return {}
    stars = _take(results, "stars", Stars)
    methodology = _state_cuts(material, stars)
    if isinstance(methodology, Unavailable):
        return dict.fromkeys(agreement.AGREEMENT_RESULTS, methodology)
    bands = methodology.stars.bands
    found = agreement.assess(
        pair_sources(
            material.tables,
            methodology,
            moments=material.moments,
            counts=material.counts,
            visitors=material.visitors,
        ),
        methodology=methodology,
        moments=material.moments,
        survey_stars=_number_stars(stars, methodology),
        find_stars=lambda scores: find_stars(scores, bands),
        seed=material.seeds["agreement"],
    )
    return found.results()


def _state_cuts(material: Material, stars: Stars) -> Methodology | Unavailable:
    """Return the methodology of the answers with its cut points stated, or why there is none."""
    methodology = material.methodology.of_answers
    if methodology is None:
        return Unavailable(stage="agreement", reason=NO_SURVEY)
    if methodology.stars.is_stated:
        return methodology
    cuts = stars.cuts[stars.cuts["peer_group"] == ALL_PEERS]["cut"]
    if methodology.scoring.scale != "points" or not len(cuts):
        return Unavailable(stage="agreement", reason=NO_COMMON_CUTS)
    return methodology.with_cuts(cuts.tolist())


def _number_stars(stars: Stars, methodology: Methodology) -> pd.Series[int]:
    """Return the star of every centre; half stars by their number among the bands."""
    star = stars.frame.set_index("centre")["star"]
    return (2 * star - 1).astype("Int64") if methodology.stars.half_stars else star


def _name_lack(survey: Methodology | None) -> str:
    return NO_SURVEY if survey is None else TOTALS_ONLY


def _run_reliability(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    del results
    survey = material.methodology.of_answers
    if material.counts is None or survey is None:
        nothing = Unavailable(stage="reliability", reason=_name_lack(survey))
        return dict.fromkeys(reliability.RELIABILITY_RESULTS, nothing)
    found = reliability.assess(
        material.counts,
        methodology=survey,
        strata=material.strata,
        seed=material.seeds["reliability"],
        responses=material.tables.responses,
        no_answer=material.tables.no_answer,
    )
    return found.results()


def _run_factors(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    del results
    survey = material.methodology.of_answers
    if material.counts is None or survey is None:
        nothing = Unavailable(stage="factors", reason=_name_lack(survey))
        return dict.fromkeys(factors.FACTOR_RESULTS, nothing)
    found = factors.assess(
        material.counts,
        methodology=survey,
        strata=material.strata,
        seed=material.seeds["factors"],
    )
    return found.results()


_STAGES: dict[str, Callable[[Material, dict[str, Result]], dict[str, Result]]] = {
    "rating": _run_rating,
    "sensitivity": _run_sensitivity,
    "agreement": _run_agreement,
    "reliability": _run_reliability,
    "factors": _run_factors,
}

_TITLES = {
    "rating": "scores, standard errors and stars",
    "sensitivity": "ranks and stars under random weightings",
    "agreement": "survey against checklist",
    "reliability": "reliability of groups and centres",
    "factors": "factor analysis of the indicators",
}
