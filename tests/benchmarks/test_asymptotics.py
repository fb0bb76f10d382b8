"""What starts from counts does not do more for more respondents: arrays, calls, memory; no clock.

Numbers of respondents are primes, so that an array as long as they are is not so by chance.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex import factors, reliability
from clientindex.counts import PairCounts, compute_centre_moments, count_pairs
from clientindex.intake.tables import Responses
from clientindex.methodology.sensitivity_settings import SensitivitySettings
from clientindex.methodology.sobol_settings import MethodAlternatives, SobolSettings
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.index_draws import draw_indices
from clientindex.rating.ranks.room import assess_ranks
from clientindex.rating.regional import profile_regions
from clientindex.rating.shrinkage.room import assess_shrinkage
from clientindex.rating.star_doubt.room import assess_star_doubt
from clientindex.sensitivity.sobol.room import assess_sobol
from clientindex.sensitivity.stability import compute_weight_stability
from traced_work import trace

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.methodology import Methodology

FEW, MANY = 4_001, 40_009
CENTRES = 24
GROUPS = {group: [f"{group}{number}" for number in (1, 2, 3)] for group in "abc"}
CUTS = (-1.6, -0.8, -0.1, 0.7)
SEED = np.random.SeedSequence(7)
DRAWS = 100

CALLS, MEMORY = 1.3, 1.15
"""Ten times the respondents may take so many times the calls (iterations end at another step) and
the memory (of dictionaries and pieces of text)."""


@pytest.fixture(scope="module")
def methodology(make_methodology) -> Methodology:
    return make_methodology(
        GROUPS,
        intervals={"bootstrap_replicates": DRAWS},
        factors={"n_factors": 3, "random_replicates": 20},
        doubt={"draws": DRAWS},
    )


@pytest.fixture(scope="module")
def counted(methodology) -> dict[int, PairCounts]:
    return {n: count(n, methodology) for n in (FEW, MANY)}


def count(n: int, methodology: Methodology) -> PairCounts:
    """Count answers of n respondents to three groups, in centres that differ."""
    rng = np.random.default_rng(3)
    centre = rng.permutation(np.arange(n) % CENTRES)
    general = 0.3 * rng.standard_normal(CENTRES)[centre, None] + 0.7 * rng.standard_normal((n, 1))
    groups = general + 0.7 * rng.standard_normal((n, len(GROUPS)))
    latent = groups.repeat(3, axis=1) + 0.8 * rng.standard_normal((n, 9))
    codes = (1 + np.searchsorted(CUTS, latent)).astype(np.uint8)
    codes[rng.random(codes.shape) < 0.02] = 0
    names = [f"c{number:02d}" for number in range(CENTRES)]
    units = pd.DataFrame({"centre": names, "segment": "citizens", "period": ""})
    return count_pairs(
        Responses(units=units, unit_of=centre.astype(np.int32), codes=codes), methodology
    )


def regions_of(counts: PairCounts) -> dict[str, str]:
    return {name: f"r{at % 2}" for at, name in enumerate(counts.units["centre"])}


def assess_reliability(counts: PairCounts, methodology: Methodology) -> Any:
    return reliability.assess(counts, methodology=methodology, strata=regions_of(counts), seed=SEED)


def assess_factors(counts: PairCounts, methodology: Methodology) -> Any:
    return factors.assess(counts, methodology=methodology, strata=regions_of(counts), seed=SEED)


def rate(counts: PairCounts, methodology: Methodology) -> Any:
    moments = compute_centre_moments(counts, methodology)
    scores = compute_scores(moments, methodology)
    regions = regions_of(counts)
    register = pd.DataFrame(
        {"centre": list(regions), "name": "n", "region": list(regions.values())}
    ).assign(visitors=np.nan)
    return moments, scores, assign_stars(scores, methodology, register=register), register


def assess_rating(counts: PairCounts, methodology: Methodology) -> Any:
    moments, scores, stars, register = rate(counts, methodology)
    draws = draw_indices(
        moments,
        methodology,
        centres=list(stars.frame.loc[stars.frame["withheld"] == "", "centre"]),
        draws=DRAWS,
        seed=SEED,
    )
    return (
        assess_star_doubt(stars, draws, methodology),
        assess_ranks(stars, draws, methodology, seed=SEED),
        assess_shrinkage(scores, methodology, register=register),
        profile_regions(scores, stars, methodology, settings=methodology.regional),
    )


def assess_sensitivity(counts: PairCounts, methodology: Methodology) -> Any:
    moments, _, stars, _ = rate(counts, methodology)
    alternatives = MethodAlternatives(aggregation=(), missing_indicator=(), star_rule=())
    return (
        compute_weight_stability(
            moments, stars, methodology, seed=SEED, settings=SensitivitySettings(draws=DRAWS)
        ),
        assess_sobol(
            moments,
            stars,
            methodology,
            seed=SEED,
            settings=SobolSettings(base_size=64, alternatives=alternatives),
        ),
    )


@pytest.mark.parametrize(
    "assess",
    [
        rate,
        assess_rating,
        assess_sensitivity,
        assess_reliability,
        pytest.param(assess_factors, marks=pytest.mark.slow),
    ],
)
def test_ten_times_the_respondents_are_no_more_work(
    assess: Callable[[PairCounts, Methodology], Any],
    counted: dict[int, PairCounts],
    methodology: Methodology,
) -> None:
    assess(counted[FEW], methodology)
    few, many = (trace(lambda n=n: assess(counted[n], methodology), length=n) for n in (FEW, MANY))
    assert few.calls > 0
    assert (few.long, many.long) == (set(), set())
    assert many.calls <= CALLS * few.calls
    assert many.peak <= MEMORY * few.peak


def test_counts_hold_no_more_for_more_respondents(counted: dict[int, PairCounts]) -> None:
    names = ("n", "margins", "pairs", "n_complete", "complete_sum", "complete_cross")
    sizes = [[getattr(counted[n], name).nbytes for name in names] for n in (FEW, MANY)]
    assert sizes[0] == sizes[1]
    assert [int(counted[n].n.sum()) for n in (FEW, MANY)] == [FEW, MANY]


@pytest.mark.parametrize("threads", [False, True])
def test_work_on_respondents_is_seen(threads: bool, methodology: Methodology) -> None:
    def work() -> None:
        count(FEW, methodology)

    def work_beside() -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(work).result()

    found = trace(work_beside if threads else work, length=FEW)
    assert any(name.startswith("count_pairs: ") for name in found.long)
    assert found.peak > FEW * len(GROUPS) * 3
