"""A population of centres with strongly clustered answers, whose coefficients are known exactly.

The latent answer of respondent i of centre c in region h to indicator j is

    z = shift_h + a_j u_c + b v_cj + halo_c load_j f_i + noise_ij,

all of u, v, f and the noise normal; an answer 1-5 says between which cuts z falls. Centres differ
in level (u, v) and in how much answers of one respondent go together (halo_c is one of two values),
so that respondents of one centre are alike in what coefficients of consistency are made of. Regions
are all in the survey: their shifts are the same in every survey, and centres are drawn anew.

Given region and halo every two answers are bivariate normal before they are cut. So covariances of
answers, of one respondent and of two of one centre, are sums of bivariate normal probabilities: no
simulation stands behind the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from clientindex.factors.polychoric.normal import bivariate_cdf, normal_cdf

CUTS = np.array([-1.6, -0.9, -0.2, 0.7])
LOADINGS = np.array([0.85, 0.75, 0.65, 0.5])
NOISE = np.array([0.35, 0.45, 0.5, 0.6])
PLACE = np.array([0.5, 0.45, 0.4, 0.45])
PLACE_ALONE = 0.2
HALO = np.array([0.6, 1.4])
SHIFT = 0.25
"""Standard deviation of the shifts of regions."""

MEAN_SIZE, SPREAD_OF_SIZES, SMALLEST = 40, 0.5, 8
"""Respondents of a centre: log-normal, and the fewest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Centres of the regions of one survey.

    Attributes
    ----------
    regions : tuple of int
        Centres of every region.
    """

    regions: tuple[int, ...]

    @property
    def region_of(self):
        return np.repeat(np.arange(len(self.regions)), self.regions)

    @property
    def shifts(self):
        if len(self.regions) == 1:
            return np.zeros(1)
        shifts = np.sin(2.4 * np.arange(1, len(self.regions) + 1))
        return SHIFT * (shifts - shifts.mean()) / shifts.std()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """Answers (N, k) coded 1-5, the centre of every respondent, and what is true of each centre."""

    codes: np.ndarray
    centre: np.ndarray
    means: np.ndarray
    halos: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """Covariances of answers of all respondents, and of what lies between centres, (k, k)."""

    total: np.ndarray
    between: np.ndarray


def draw_survey(population, rng):
    """Draw centres and their respondents."""
    n_centres = sum(population.regions)
    k = len(LOADINGS)
    raw = rng.lognormal(np.log(MEAN_SIZE) - SPREAD_OF_SIZES**2 / 2, SPREAD_OF_SIZES, n_centres)
    sizes = np.maximum(np.rint(raw).astype(int), SMALLEST)
    means = population.shifts[population.region_of][:, None] + PLACE * rng.standard_normal(
        (n_centres, 1)
    )
    means = means + PLACE_ALONE * rng.standard_normal((n_centres, k))
    halos = rng.choice(HALO, n_centres)
    centre = np.repeat(np.arange(n_centres), sizes)
    own = halos[centre, None] * LOADINGS * rng.standard_normal((len(centre), 1))
    latent = means[centre] + own + np.sqrt(NOISE) * rng.standard_normal((len(centre), k))
    codes = np.searchsorted(CUTS, latent).astype(np.uint8) + np.uint8(1)
    return Survey(codes=codes, centre=centre, means=means, halos=halos)


def compute_truth(population):
    """Compute the covariances of answers in the population."""
    shares = np.array(population.regions) / sum(population.regions)
    place = np.outer(PLACE, PLACE) + PLACE_ALONE**2 * np.eye(len(PLACE))
    mean = np.zeros(len(PLACE))
    one, two = np.zeros((2, *place.shape))
    for share, shift in zip(shares, population.shifts, strict=True):
        for halo in HALO:
            own = place + _within(halo)
            weight = share / len(HALO)
            level = np.full(len(PLACE), shift)
            mean += weight * cut_means(level, np.diag(own))
            one += weight * cut_products(level, own, np.diag(own), own=True)
            two += weight * cut_products(level, place, np.diag(own), own=False)
    return Truth(total=one - np.outer(mean, mean), between=two - np.outer(mean, mean))


def compute_centre_variances(survey, weights):
    """Compute the variance of a respondent's score inside every centre of a survey."""
    found = np.empty(len(survey.means))
    for at, (level, halo) in enumerate(zip(survey.means, survey.halos, strict=True)):
        cov = _within(halo)
        mean = cut_means(level, np.diag(cov))
        products = cut_products(level, cov, np.diag(cov), own=True)
        found[at] = weights @ (products - np.outer(mean, mean)) @ weights
    return found


def _within(halo):
    return halo**2 * np.outer(LOADINGS, LOADINGS) + np.diag(NOISE)


@njit(cache=True)
def cut_means(level, variances):
    """Return the means of answers 0-4 whose latent answers have these means and variances."""
    found = np.zeros(len(level))
    for j in range(len(level)):
        for cut in CUTS:
            found[j] += normal_cdf((level[j] - cut) / np.sqrt(variances[j]))
    return found


@njit(cache=True)
def cut_products(level, cov, variances, own):
    """Return the mean products of answers 0-4; `own` of one respondent, else of two."""
    k = len(level)
    found = np.zeros((k, k))
    for i in range(k):
        for j in range(k):
            spread = np.sqrt(variances[i] * variances[j])
            for one in CUTS:
                for other in CUTS:
                    h = (level[i] - one) / np.sqrt(variances[i])
                    g = (level[j] - other) / np.sqrt(variances[j])
                    if own and i == j:
                        found[i, j] += normal_cdf(min(h, g))
                    else:
                        found[i, j] += bivariate_cdf(h, g, cov[i, j] / spread)
    return found
