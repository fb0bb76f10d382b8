"""All factor analyses of the indicators in one call."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.confirmatory import fit_confirmatory
from clientindex.factors.exploration import compare_regions, fit_exploratory
from clientindex.factors.invariance import assess_invariance
from clientindex.factors.levels import compare_levels
from clientindex.factors.number import compute_factor_number
from clientindex.factors.polychoric import tabulate_polychoric
from clientindex.factors.sample import draw_factor_sample
from clientindex.factors.suitability import compute_suitability
from clientindex.factors.validity import assess_validity
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology
    from clientindex.results import (
        ConfirmatoryModels,
        ExploratoryModel,
        FactorNumber,
        Invariance,
        Levels,
        PolychoricTable,
        RegionCongruence,
        Result,
        Suitability,
        Validity,
    )

ONE_REGION = "all"
"""Region of every centre when none are known."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactorAssessment:
    """Results of all factor analyses, each of them or the reason why it is not defined."""

    polychoric: PolychoricTable | Unavailable
    suitability: Suitability | Unavailable
    factor_number: FactorNumber | Unavailable
    exploratory: ExploratoryModel | Unavailable
    region_congruence: RegionCongruence | Unavailable
    confirmatory: ConfirmatoryModels | Unavailable
    validity: Validity | Unavailable
    invariance: Invariance | Unavailable
    levels: Levels | Unavailable

    def results(self) -> dict[str, Result]:
        """Return the results by name, in the order of the analysis."""
        return {name: getattr(self, name) for name in FACTOR_RESULTS}


FACTOR_RESULTS = tuple(field.name for field in fields(FactorAssessment))
"""Names of the results, in the order of the analysis."""


def assess(
    counts: PairCounts,
    *,
    methodology: Methodology,
    strata: Mapping[str, str] | None = None,
    seed: int | np.random.SeedSequence = 0,
) -> FactorAssessment:
    """Assess whether the indicators form the groups of the methodology.

    Parameters
    ----------
    counts : PairCounts
        Of all centres, segments, periods and channels.
    methodology : Methodology
        Groups and the settings under ``factors``, ``intervals``, ``missing_answers`` and
        ``thresholds``.
    strata : mapping, optional
        Region of every centre; without it all centres are one region.
    seed : int or numpy.random.SeedSequence
        The same seed gives the same results.

    Returns
    -------
    FactorAssessment

    Raises
    ------
    StatisticsError
        If `strata` lacks a centre.
    """
    regions = strata if strata is not None else dict.fromkeys(counts.units["centre"], ONE_REGION)
    seeds = _split_seed(seed)
    sample = draw_factor_sample(counts, methodology, strata=regions, seed=seeds[0])
    if isinstance(sample, Unavailable):
        return FactorAssessment(**dict.fromkeys(FACTOR_RESULTS, sample))
    confirmatory = fit_confirmatory(sample, methodology)
    return FactorAssessment(
        polychoric=tabulate_polychoric(sample, methodology),
        suitability=compute_suitability(sample, methodology),
        factor_number=compute_factor_number(sample, methodology, seed=seeds[1]),
        exploratory=fit_exploratory(sample, methodology),
        region_congruence=compare_regions(sample, methodology, seed=seeds[2]),
        confirmatory=confirmatory,
        validity=assess_validity(sample, confirmatory, methodology),
        invariance=assess_invariance(counts, methodology, strata=regions),
        levels=compare_levels(sample, methodology, seed=seeds[3]),
    )


def _split_seed(seed: int | np.random.SeedSequence) -> list[np.random.SeedSequence]:
    """Return one seed a task, the same ones in every call."""
    given = seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
    fresh = np.random.SeedSequence(given.entropy, spawn_key=given.spawn_key)
    return fresh.spawn(4)
