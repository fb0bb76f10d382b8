"""What is true of a simulated pair of measurements: sums of the variances that it was drawn with.

What is said of all centres together (bias, limits, slopes) is true of the regions as they were
drawn, for they are all in the survey; what is said between centres of a region, or between regions,
is true of all surveys alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from two_sources.population import (
    ANSWERS,
    ANSWERS_SHARE,
    CHECKLIST_SPECIFIC,
    HALO,
    HETEROGENEITY,
    INFLATION,
    LENIENCY,
    METHOD,
    PERSON,
    PERSON_R,
    REGION_HALO,
    REGION_METHOD,
    REGION_TRAIT,
    SURVEY_SPECIFIC,
    TRAIT,
    TRAIT_R,
    WEIGHTS,
    G,
)

TRAIT_COV = TRAIT_R * np.outer(TRAIT, TRAIT)
PERSON_COV = PERSON**2 * (PERSON_R + (1 - PERSON_R) * np.eye(G))
SAMPLING = PERSON_COV * HETEROGENEITY.mean() * (ANSWERS_SHARE / ANSWERS).sum()
"""Mean sampling covariance of a survey's group scores."""


def join(trait, halo, method, specific=(0.0, 0.0)):
    """Return the covariance of both measurements, shape (2 G, 2 G)."""
    survey = trait + halo + np.diag(np.broadcast_to(specific[0], G))
    checklist = trait + method + np.diag(np.broadcast_to(specific[1], G))
    return np.block([[survey, trait], [trait, checklist]])


def compute_within(population):
    """Compute the covariance between centres of a region, without sampling error."""
    share = population.inflating
    method = METHOD**2 + INFLATION**2 * share * (1 - share)
    return join(TRAIT_COV, HALO**2, method, (SURVEY_SPECIFIC**2, CHECKLIST_SPECIFIC**2))


REGION = join(REGION_TRAIT**2 * TRAIT_COV, REGION_HALO**2, REGION_METHOD**2)
"""Covariance between regions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexTruth:
    """Moments of the index over all centres; variances are without sampling error.

    Attributes
    ----------
    bias : float
    survey, checklist, both : float
        Variances and the covariance.
    sampling : float
        Mean sampling variance of the survey.
    gaps : ndarray of shape (H,)
        Gaps of honest centres of every region.
    """

    bias: float
    survey: float
    checklist: float
    both: float
    sampling: float
    gaps: np.ndarray

    @property
    def net_sd(self):
        return np.sqrt(self.survey + self.checklist - 2 * self.both)

    @property
    def sd(self):
        return np.sqrt(self.net_sd**2 + self.sampling)


def compute_index_truth(population, pair):
    """Compute what is true of the index, given the regions of a survey."""
    weights = np.array(population.regions) / sum(population.regions)
    maps = np.zeros((2, 2 * G))
    maps[0, :G] = maps[1, G:] = WEIGHTS
    effects = pair.effects @ maps.T
    centred = effects - weights @ effects
    cov = maps @ compute_within(population) @ maps.T + centred.T @ (weights[:, None] * centred)
    gaps = LENIENCY + effects[:, 1] - effects[:, 0]
    return IndexTruth(
        bias=float(weights @ gaps + INFLATION * population.inflating),
        survey=cov[0, 0],
        checklist=cov[1, 1],
        both=cov[0, 1],
        sampling=float(WEIGHTS @ SAMPLING @ WEIGHTS),
        gaps=gaps,
    )
