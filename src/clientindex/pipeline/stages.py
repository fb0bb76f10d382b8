"""The statistics of a run in order: what each stage needs, and what it leaves in the bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex import factors, reliability
from clientindex.pipeline.agreement_stage import run_agreement
from clientindex.pipeline.aside import call_aside, has_room
from clientindex.pipeline.rating_stage import run_rating
from clientindex.pipeline.reasons import NO_SURVEY, TOTALS_ONLY
from clientindex.pipeline.sensitivity_stage import run_sensitivity
from clientindex.rating import compute_coverage
from clientindex.results import Result, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.factors import FactorAssessment
    from clientindex.methodology import Methodology
    from clientindex.pipeline.aside import Aside
    from clientindex.pipeline.material import Material
    from clientindex.pipeline.progress import Reporter

FEWEST_CENTRES_ASIDE = 100
"""With fewer centres a second process takes longer to start than it saves."""


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
    names = _needed_stages(material.edition.stages)
    aside = _start_factors(material, names)
    try:
        for name in names:
            with reporter.step(_TITLES[name]):
                if name == "factors" and aside is not None:
                    results |= aside.result().results()
                else:
                    results |= _STAGES[name](material, results)
    except BaseException:
        if aside is not None:
            aside.stop()
        raise
    return results


def _start_factors(material: Material, names: list[str]) -> Aside[FactorAssessment] | None:
    """Start the factor analysis beside the other long stage, where that is quicker."""
    survey, counts = material.methodology.of_answers, material.counts
    if survey is None or counts is None or not {"reliability", "factors"} <= set(names):
        return None
    if len(material.tables.register) < FEWEST_CENTRES_ASIDE or not has_room():
        return None
    return call_aside(factors.assess, counts, **_list_factor_settings(material, survey))


def _needed_stages(asked: tuple[str, ...]) -> list[str]:
    """Return the stages in their own order, with rating where another one needs it."""
    needed = set(asked)
    if needed & {"sensitivity", "agreement"}:
        needed.add("rating")
    return [name for name in _STAGES if name in needed]


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
    return factors.assess(material.counts, **_list_factor_settings(material, survey)).results()


def _list_factor_settings(material: Material, survey: Methodology) -> dict[str, Any]:
    return {
        "methodology": survey,
        "strata": material.strata,
        "seed": material.seeds["factors"],
    }


_STAGES: dict[str, Callable[[Material, dict[str, Result]], dict[str, Result]]] = {
    "rating": run_rating,
    "agreement": run_agreement,
    "reliability": _run_reliability,
    "factors": _run_factors,
    "sensitivity": run_sensitivity,
}

_TITLES = {
    "rating": "scores, standard errors and stars",
    "agreement": "survey against checklist",
    "reliability": "reliability of groups and centres",
    "factors": "factor analysis of the indicators",
    "sensitivity": "weights and what depends on them",
}
