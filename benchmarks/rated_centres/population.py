"""Answers 1-5 of visitors of centres that differ, with the exact true index of every centre.

An answer to indicator k is the category of ``a u + sqrt(1 - a²) e`` where u is the centre's effect,
of variance 1, and e the visitor: a general part, a part of the group of indicators, and a part of
its own, together of variance 1. Given the centre every latent answer is normal, so that the chance
of each category, and with it the true index, is known in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import norm
from side_by_side import make_methodology, make_responses

from clientindex.counts import compute_centre_moments, count_pairs
from clientindex.methodology import Methodology
from clientindex.rating import assign_stars, compute_scores

CUTS = np.array([-1.8, -1.1, -0.5, 0.4])
GROUPS, GROUP_SIZE = 5, 4
GENERAL, SPECIAL = 0.4, 0.2
"""Shares of the variance of a visitor."""

FEWEST, FEWEST_SECOND = 8, 5
BAD, DISTANCE = 0.1, 3.0
"""Share of bad centres, and how many standard deviations of the others they lie below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Centres and visitors: `effect` is the weight a, `n` the median number of respondents.

    `second` is the median number of a second segment, which has half of the weight of the index and
    the same true index; 0 = there is one segment.
    """

    centres: int
    n: int
    second: int = 0
    effect: float = 0.35
    shape: Literal["normal", "some_bad"] = "normal"

    def draw_effects(self, rng):
        """Return effects of mean 0 and variance 1."""
        effects = rng.standard_normal(self.centres)
        if self.shape == "normal":
            return effects
        shift = DISTANCE * (rng.random(self.centres) < BAD)
        spread = np.sqrt(1 + DISTANCE**2 * BAD * (1 - BAD))
        return (effects - shift + DISTANCE * BAD) / spread

    def compute_truth(self, effects):
        """Return the true index of every centre, 0-100."""
        rest = np.sqrt(1 - self.effect**2)
        above = norm.sf((CUTS - self.effect * effects[:, None]) / rest)
        return 25 * above.sum(axis=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """One survey, scored; `truth` is by centre."""

    methodology: Methodology
    moments: object
    scores: object
    stars: object
    register: pd.DataFrame
    truth: pd.Series


def draw_survey(population, rng):
    """Draw one survey of all centres and score it by the methodology of 2026."""
    effects = population.draw_effects(rng)
    centre = _place_respondents(population.n, len(effects), rng)
    segment = None
    if population.second:
        others = _place_respondents(population.second, len(effects), rng, fewest=FEWEST_SECOND)
        segment = np.repeat([0, 1], [len(centre), len(others)])
        centre = np.concatenate([centre, others])
    codes = _draw_answers(population, effects[centre], rng)
    methodology = _allow_small()
    responses = make_responses(codes, centre, methodology, segment=segment)
    counts = count_pairs(responses, methodology)
    moments = compute_centre_moments(counts, methodology)
    scores = compute_scores(moments, methodology)
    names = list(moments.centres)
    # A region a centre: ranks are then those of the country only.
    register = pd.DataFrame({"centre": names, "name": names, "region": names})
    register["visitors"] = np.nan
    stars = assign_stars(scores, methodology, register=register)
    truth = pd.Series(population.compute_truth(effects), index=names)
    return Survey(
        methodology=methodology,
        moments=moments,
        scores=scores,
        stars=stars,
        register=register,
        truth=truth,
    )


def _place_respondents(median, centres, rng, *, fewest=FEWEST):
    """Return the centre of every respondent, numbers differing between centres."""
    sizes = np.maximum(np.round(median * np.exp(0.4 * rng.standard_normal(centres))), 1)
    return np.repeat(np.arange(centres), np.maximum(sizes, fewest).astype(int))


def _draw_answers(population, effects, rng):
    size = len(effects)
    visitor = np.sqrt(GENERAL) * rng.standard_normal((size, 1))
    special = np.sqrt(SPECIAL) * rng.standard_normal((size, GROUPS)).repeat(GROUP_SIZE, axis=1)
    own = np.sqrt(1 - GENERAL - SPECIAL) * rng.standard_normal(special.shape)
    rest = np.sqrt(1 - population.effect**2)
    latent = population.effect * effects[:, None] + rest * (visitor + special + own)
    return np.searchsorted(CUTS, latent).astype(np.uint8) + np.uint8(1)


@cache
def _allow_small():
    """Return the methodology of 2026 with a smaller minimum sample."""
    raw = make_methodology().model_dump(by_alias=True)
    raw["stars"]["minimum_sample"] = FEWEST
    return Methodology.model_validate(raw)
