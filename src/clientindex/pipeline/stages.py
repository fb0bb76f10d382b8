"""The statistics of a run in order: what each stage needs, and what it leaves in the bundle."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from clientindex.factors import FACTOR_RESULTS
from clientindex.pipeline.agreement_stage import run_agreement
from clientindex.pipeline.answer_work import FACTORS, begin_answer_work
from clientindex.pipeline.rating_stage import run_rating
from clientindex.pipeline.reasons import NO_SURVEY, TOTALS_ONLY
from clientindex.pipeline.sensitivity_stage import run_sensitivity, run_weight_sources
from clientindex.rating import compute_coverage
from clientindex.results import RESULT_NAMES, Result, Unavailable
from clientindex.results.reliability_assessment import RELIABILITY_RESULTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from clientindex.methodology import Methodology
    from clientindex.pipeline.material import Material
    from clientindex.pipeline.progress import Reporter
    from clientindex.pipeline.shared_work import SharedWork

WEIGHT_SOURCES = "weight_sources"


def run_stages(
    material: Material, reporter: Reporter, begun: SharedWork | None = None
) -> dict[str, Result]:
    """Run the stages that the edition asks for.

    Parameters
    ----------
    material : Material
    reporter : Reporter
        Told of every stage.
    begun : SharedWork, optional
        What needs the answers alone, where it was begun before.

    Returns
    -------
    dict
        Result by name, in the order of :data:`clientindex.results.RESULT_NAMES`.
    """
    results: dict[str, Result] = {
        "coverage": compute_coverage(
            material.tables,
            material.methodology.of_answers or material.methodology,
            warnings=material.warnings,
        )
    }
    names = _needed_stages(material.edition.stages)
    with nullcontext(begun) if begun is not None else _begin(material) as work:
        for name in names:
            with reporter.step(_TITLES[name]):
                if name in _SHARED:
                    results |= _SHARED[name](material, work)
                else:
                    results |= _STAGES[name](material, results)
    return {name: results[name] for name in RESULT_NAMES if name in results}


def _begin(material: Material) -> AbstractContextManager[SharedWork | None]:
    return begin_answer_work(
        material.edition, material.methodology, tables=material.tables, counts=material.counts
    )


def _needed_stages(asked: tuple[str, ...]) -> list[str]:
    """Return the stages in their own order, with those that others need."""
    needed = set(asked)
    if needed & {"sensitivity", "agreement"}:
        needed.add("rating")
    if "sensitivity" in needed:
        needed.add(WEIGHT_SOURCES)
    return [name for name in _ORDER if name in needed]


def _run_reliability(material: Material, work: SharedWork | None) -> dict[str, Result]:
    if work is None:
        reason = _name_lack(material.methodology.of_answers)
        return dict.fromkeys(RELIABILITY_RESULTS, Unavailable(stage="reliability", reason=reason))
    return work.take(RELIABILITY_RESULTS)


def _run_factors(material: Material, work: SharedWork | None) -> dict[str, Result]:
    if work is None:
        reason = _name_lack(material.methodology.of_answers)
        return dict.fromkeys(FACTOR_RESULTS, Unavailable(stage="factors", reason=reason))
    found: dict[str, Result] = work.take([FACTORS])[FACTORS].results()
    return found


def _name_lack(survey: Methodology | None) -> str:
    return NO_SURVEY if survey is None else TOTALS_ONLY


_STAGES: dict[str, Callable[[Material, dict[str, Result]], dict[str, Result]]] = {
    "rating": run_rating,
    "agreement": run_agreement,
    "sensitivity": run_sensitivity,
    WEIGHT_SOURCES: run_weight_sources,
}

_SHARED: dict[str, Callable[[Material, SharedWork | None], dict[str, Result]]] = {
    "reliability": _run_reliability,
    "factors": _run_factors,
}

_ORDER = ("rating", "agreement", "sensitivity", "reliability", "factors", WEIGHT_SOURCES)

_TITLES = {
    "rating": "scores, standard errors and stars",
    "agreement": "survey against checklist",
    "reliability": "reliability of groups and centres",
    "factors": "factor analysis of the indicators",
    "sensitivity": "weights and what depends on them",
    WEIGHT_SOURCES: "where other weights could come from",
}
