"""The statistics of a run in order: what each stage needs, and what it leaves in the bundle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from clientindex import agreement, factors, reliability
from clientindex.counts import (
    CentreMoments,
    PairCounts,
    compute_centre_moments,
    compute_moments_from_totals,
    count_pairs,
)
from clientindex.pipeline.pairing import pair_sources
from clientindex.pipeline.seeds import split_seed
from clientindex.rating import (
    assign_stars,
    compute_coverage,
    compute_scores,
    find_stars,
    summarise_groups,
    summarise_regions,
)
from clientindex.results import Result, Stars, Unavailable
from clientindex.sensitivity import compute_weight_stability

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pandas as pd

    from clientindex.edition import Edition
    from clientindex.intake import IntakeTables
    from clientindex.methodology import Methodology
    from clientindex.pipeline.progress import Reporter

Kind = TypeVar("Kind")

TOTALS_ONLY = "totals_only"
"""Reason of a statistic that needs single answers where only totals were delivered."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """What every stage starts from."""

    edition: Edition
    methodology: Methodology
    tables: IntakeTables
    warnings: pd.DataFrame
    counts: PairCounts | None
    moments: CentreMoments
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
    counts = None if tables.responses is None else count_pairs(tables.responses, methodology)
    moments = (
        compute_moments_from_totals(tables, methodology)
        if counts is None
        else compute_centre_moments(counts, methodology)
    )
    return Material(
        edition=edition,
        methodology=methodology,
        tables=tables,
        warnings=warnings,
        counts=counts,
        moments=moments,
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
            material.tables, material.methodology, warnings=material.warnings
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
    register = material.tables.register
    scores = compute_scores(material.moments, material.methodology, visitors=material.visitors)
    stars = assign_stars(scores, material.methodology, register=register)
    return {
        "scores": scores,
        "stars": stars,
        "regions": summarise_regions(stars, material.methodology),
        "group_means": summarise_groups(scores, material.methodology, register=register),
    }


def _take(results: dict[str, Result], name: str, kind: type[Kind]) -> Kind:
    """Return what an earlier stage left."""
    result = results[name]
    if not isinstance(result, kind):
        msg = f"the stage before left {type(result).__name__} as {name}, not {kind.__name__}"
        raise TypeError(msg)
    return result


def _run_sensitivity(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    stability = compute_weight_stability(
        material.moments,
        _take(results, "stars", Stars),
        material.methodology,
        seed=material.seeds["sensitivity"],
    )
    return {"weight_stability": stability}


def _run_agreement(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    stars = _take(results, "stars", Stars).frame
    bands = material.methodology.stars.bands
    found = agreement.assess(
        pair_sources(
            material.tables,
            material.methodology,
            moments=material.moments,
            counts=material.counts,
            visitors=material.visitors,
        ),
        methodology=material.methodology,
        moments=material.moments,
        survey_stars=stars.set_index("centre")["star"],
        find_stars=lambda scores: find_stars(scores, bands),
        seed=material.seeds["agreement"],
    )
    return found.results()


def _run_reliability(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    del results
    if material.counts is None:
        return dict.fromkeys(
            reliability.RELIABILITY_RESULTS, Unavailable(stage="reliability", reason=TOTALS_ONLY)
        )
    found = reliability.assess(
        material.counts,
        methodology=material.methodology,
        strata=material.strata,
        seed=material.seeds["reliability"],
        responses=material.tables.responses,
        no_answer=material.tables.no_answer,
    )
    return found.results()


def _run_factors(material: Material, results: dict[str, Result]) -> dict[str, Result]:
    del results
    if material.counts is None:
        return dict.fromkeys(
            factors.FACTOR_RESULTS, Unavailable(stage="factors", reason=TOTALS_ONLY)
        )
    found = factors.assess(
        material.counts,
        methodology=material.methodology,
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
