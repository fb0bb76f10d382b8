"""The stage of the sensitivity: what other weights, methods and centres would do to the stars.

Sources of weights stand after reliability and factors, whose coefficients and loadings are among
them. Everything else takes what the rating left, so that its numbers are the same whatever other
stages an edition asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from clientindex.counts import split_task
from clientindex.pipeline.checklist_scores import tabulate_checklists
from clientindex.pipeline.earlier import take_result
from clientindex.pipeline.material import remeasure
from clientindex.results import (
    Consistency,
    ExploratoryModel,
    Result,
    ScoreParts,
    Scores,
    Stars,
    Unavailable,
)
from clientindex.sensitivity.bounds import assess_weight_bounds
from clientindex.sensitivity.importance import assess_importance, optimise_weights
from clientindex.sensitivity.leave_out import find_rank_reversals, leave_one_out
from clientindex.sensitivity.sobol.room import assess_sobol
from clientindex.sensitivity.stability import compute_weight_stability
from clientindex.sensitivity.together.room import assess_together
from clientindex.sensitivity.variants import VariantSource, assess_variants
from clientindex.sensitivity.weight_sources.material import SourceMaterial
from clientindex.sensitivity.weight_sources.room import compare_weight_sources
from clientindex.threads import get_threads

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.pipeline.material import Material
    from clientindex.rating import MeasureScores

Kind = TypeVar("Kind")

STAGE = "sensitivity"

CHECKLISTS_IN_SCORES = "checklists_in_scores"
"""Reason of what scores the survey anew, where checklists have a say in the index."""

SURVEY_ONLY = (
    *("weight_stability", "sobol_indices", "joint_doubt"),
    *("leave_out", "rank_reversals"),
)
"""Results that are not defined where checklists have a say in the index."""

_SEEDED = ("weight_importance", "sobol_indices", "joint_doubt", "optimised_weights", "sources")
"""Tasks in the order in which the seed is split; random weightings have the seed itself. New tasks
are added at the end, or every published number would change."""

FEWEST_STARS_SHARED = 1000
"""With fewer starred centres a run is so short that threads wait for one another."""


def run_sensitivity(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    """Say what weights do and what depends on them: all that follows from the rating alone.

    Returns
    -------
    dict
        Results by name, without the sources of weights (:func:`run_weight_sources`).
    """
    seeds = _split_seed(material)
    found = _assess_published(material, results, seeds)
    if (nothing := _find_obstacle(material)) is not None:
        return found | dict.fromkeys(SURVEY_ONLY, nothing)
    return {**found, **_simulate(material, results, seeds), **_leave_out(material, results)}


def run_weight_sources(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    """Say where other weights could come from, reliability and factors among the sources."""
    if (nothing := _find_obstacle(material)) is not None:
        return {"weight_sources": nothing}
    seed = _split_seed(material)["sources"]
    return {"weight_sources": _compare_sources(material, results, seed)}


def _split_seed(material: Material) -> dict[str, np.random.SeedSequence]:
    return dict(zip(_SEEDED, split_task(material.seeds[STAGE], len(_SEEDED)), strict=True))


def _find_obstacle(material: Material) -> Unavailable | None:
    """Say why the survey is not scored anew, if it is not."""
    rule = material.methodology.checklist
    if rule is None or rule.use == "verify":
        return None
    return Unavailable(stage=STAGE, reason=CHECKLISTS_IN_SCORES, detail=rule.use)


def _assess_published(
    material: Material, results: dict[str, Result], seeds: dict[str, np.random.SeedSequence]
) -> dict[str, Result]:
    """Return what is told of the published index, checklists in it or not."""
    methodology = material.methodology
    moments, regions, measures = material.moments, material.strata, material.measures
    scores, stars = take_result(results, "scores", Scores), take_result(results, "stars", Stars)
    settings = methodology.weight_importance
    checklists = tabulate_checklists(material.tables, methodology)
    return {
        "weight_importance": assess_importance(
            scores,
            take_result(results, "score_parts", ScoreParts),
            moments,
            methodology,
            settings=settings,
            regions=regions,
            seed=seeds["weight_importance"],
            visitors=material.visitors,
            measures=measures,
        ),
        "optimised_weights": optimise_weights(
            scores,
            moments,
            methodology,
            settings=settings,
            regions=regions,
            seed=seeds["optimised_weights"],
            measures=measures,
        ),
        "weight_bounds": assess_weight_bounds(
            moments,
            stars,
            methodology,
            settings=methodology.weight_bounds,
            regions=regions,
            measures=measures,
            checklists=checklists if _blends(methodology) else None,
        ),
        "multiverse": assess_variants(
            _gather_variants(material, checklists),
            stars,
            methodology,
            settings=methodology.variants,
        ),
    }


def _blends(methodology: Methodology) -> bool:
    return methodology.checklist is not None and methodology.checklist.use == "blend"


def _gather_variants(material: Material, checklists: pd.DataFrame | None) -> VariantSource:
    """Return the edition as variants of the method take it."""

    def measure(changed: Methodology) -> tuple[CentreMoments, MeasureScores | None]:
        return remeasure(material, changed)

    return VariantSource(
        moments=material.moments,
        register=material.tables.register,
        measures=material.measures,
        attributes=material.tables.attributes,
        checklists=checklists,
        regions=material.strata,
        visitors=material.visitors,
        remeasure=measure,
    )


def _compare_sources(
    material: Material, results: Mapping[str, Result], seed: np.random.SeedSequence
) -> Result:
    """Put every source of weights side by side, each with what the edition has for it."""
    return compare_weight_sources(
        SourceMaterial(
            methodology=material.methodology,
            moments=material.moments,
            scores=take_result(results, "scores", Scores),
            stars=take_result(results, "stars", Stars),
            seed=seed,
            settings=material.methodology.weight_sources,
            regions=material.strata,
            measures=material.measures,
            counts=material.counts,
            experts=material.tables.experts,
            exploratory=_find(results, "exploratory", ExploratoryModel),
            consistency=_find(results, "consistency", Consistency),
        )
    )


def _find(results: Mapping[str, Result], name: str, kind: type[Kind]) -> Kind | None:
    """Return a result of another stage, None where that did not run or could not tell it."""
    result = results.get(name)
    return result if isinstance(result, kind) else None


def _simulate(
    material: Material, results: dict[str, Result], seeds: dict[str, np.random.SeedSequence]
) -> dict[str, Result]:
    """Return what many runs of the whole edition tell."""
    methodology, stars = material.methodology, take_result(results, "stars", Stars)
    n_starred = int(stars.frame["star"].notna().sum())
    workers = get_threads() if n_starred >= FEWEST_STARS_SHARED else 1
    return {
        "weight_stability": compute_weight_stability(
            material.moments,
            stars,
            methodology,
            seed=material.seeds[STAGE],
            regions=material.strata,
            measures=material.measures,
        ),
        "sobol_indices": assess_sobol(
            material.moments,
            stars,
            methodology,
            seed=seeds["sobol_indices"],
            settings=methodology.sobol,
            visitors=material.visitors,
            regions=material.strata,
            measures=material.measures,
            workers=workers,
        ),
        "joint_doubt": assess_together(
            material.moments,
            stars,
            methodology,
            seed=seeds["joint_doubt"],
            settings=methodology.together,
            visitors=material.visitors,
            regions=material.strata,
            measures=material.measures,
            workers=workers,
        ),
    }


def _leave_out(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    """Return what leaving out parts and centres does; measures are brought in anew each time."""
    stars = take_result(results, "stars", Stars)
    methodology, measures = material.methodology, material.tables.measures
    return {
        "leave_out": leave_one_out(
            material.moments, stars, methodology, regions=material.strata, measures=measures
        ),
        "rank_reversals": find_rank_reversals(
            material.moments, stars, methodology, regions=material.strata, measures=measures
        ),
    }
