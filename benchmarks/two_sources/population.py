"""Centres measured by visitors and by their staff, with every part of both measurements known.

Group g of centre c in region h, in points:

    felt_cg = 62 + T_hg + H_h + T_cg + H_c + E_cg         what all visitors would say
    survey_cg = felt_cg + e_cg                            e has the known covariance of the centre
    checklist_cg = 69 + T_hg + M_h + T_cg + M_c + U_cg + 15 I_c

T are five correlated traits, H halo of visitors, M the checklist's method, E and U specific parts,
I one in a tenth of the centres: their staff inflate. A point of T moves both by a point. Effects of
regions and of centres are normal and drawn anew in every survey, sizes of regions are not. Scores
are not cut at 0 and 100: a ceiling would bend every truth below. The index is the mean of groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GROUPS = ("one", "two", "three", "four", "five")
G = len(GROUPS)
WEIGHTS = np.full(G, 1 / G)

TRAIT = np.array([9.0, 8.0, 8.5, 7.5, 8.0])
TRAIT_R = 0.8 - 0.1 * np.abs(np.subtract.outer(range(G), range(G))) + 0.2 * np.eye(G)
HALO, METHOD = 4.0, 3.0
SURVEY_SPECIFIC = np.array([3.0, 2.5, 3.0, 2.0, 3.5])
CHECKLIST_SPECIFIC = np.array([5.0, 4.0, 5.0, 6.0, 4.5])
REGION_TRAIT, REGION_HALO, REGION_METHOD = 0.35, 1.5, 2.0
"""The first as a part of the standard deviations of centres, the others in points."""

LEVEL, LENIENCY = 62.0, 7.0
INFLATING, INFLATION = 0.1, 15.0

PERSON = 22.0
PERSON_R = 0.5
ANSWERS = np.array([20, 40, 80, 150, 300])
ANSWERS_SHARE = np.array([0.2, 0.25, 0.25, 0.2, 0.1])
HETEROGENEITY = np.array([0.7, 1.3])
"""Answers of a centre differ with this multiple of the variance of a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Sizes of the regions, and how many centres inflate."""

    regions: tuple[int, ...]
    inflating: float = INFLATING

    @property
    def region_of(self):
        return np.repeat(np.arange(len(self.regions)), self.regions)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """One survey with its checklists.

    Attributes
    ----------
    survey, checklist, felt : ndarray of shape (C, G)
    sampling : ndarray of shape (C, G, G)
    regions : int ndarray of shape (C,)
    inflating : bool ndarray of shape (C,)
    effects : ndarray of shape (H, 2 G)
        What regions add to both measurements.
    """

    survey: np.ndarray
    checklist: np.ndarray
    felt: np.ndarray
    sampling: np.ndarray
    regions: np.ndarray
    inflating: np.ndarray
    effects: np.ndarray

    def index(self, name):
        """Return the index of one of the measurements."""
        return getattr(self, name) @ WEIGHTS

    @property
    def index_sampling(self):
        return WEIGHTS @ self.sampling @ WEIGHTS


def draw_pair(population, rng):
    """Draw centres, regions and both measurements."""
    codes = population.region_of
    n = len(codes)
    effects = draw_effects(
        len(population.regions), rng, traits=REGION_TRAIT, halo=REGION_HALO, method=REGION_METHOD
    )
    own = draw_effects(n, rng, traits=1.0, halo=HALO, method=METHOD)
    inflating = rng.random(n) < population.inflating
    whole = effects[codes] + own
    felt = LEVEL + whole[:, :G] + rng.standard_normal((n, G)) * SURVEY_SPECIFIC
    told = LEVEL + LENIENCY + whole[:, G:] + rng.standard_normal((n, G)) * CHECKLIST_SPECIFIC
    person = PERSON**2 * (PERSON_R + (1 - PERSON_R) * np.eye(G))
    share = rng.choice(HETEROGENEITY, n) / rng.choice(ANSWERS, n, p=ANSWERS_SHARE)
    error = rng.standard_normal((n, G)) @ np.linalg.cholesky(person).T * np.sqrt(share)[:, None]
    return Pair(
        survey=felt + error,
        checklist=told + INFLATION * inflating[:, None],
        felt=felt,
        sampling=share[:, None, None] * person,
        regions=codes,
        inflating=inflating,
        effects=effects,
    )


def draw_effects(n, rng, *, traits, halo, method):
    """Draw traits with halo, then traits with method, shape (n, 2 G)."""
    trait = rng.standard_normal((n, G)) @ np.linalg.cholesky(TRAIT_R).T * TRAIT * traits
    rest = rng.standard_normal((n, 2)) * [halo, method]
    return np.hstack([trait + rest[:, :1], trait + rest[:, 1:]])
