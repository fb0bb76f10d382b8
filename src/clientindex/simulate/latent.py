r"""The latent model behind the answers: parameters, and effects of regions and centres.

Each indicator :math:`k` of group :math:`g` has a continuous quality as a respondent :math:`i` of
centre :math:`c` feels it,

.. math:: y^*_{ik} = s_{seg} + \lambda_k H_i + \gamma_k F_{ig} + \varepsilon_{ik},

with a halo :math:`H` that colours every answer, group factors :math:`F_g` correlated among
themselves, and :math:`\lambda_k^2 + \gamma_k^2 + Var(\varepsilon_{ik}) = 1`. Halo and group factors
are each the sum of a region, a centre and a person part whose variances sum to 1, so that
:math:`y^*` is standard normal in the main segment and thresholds follow from the wanted shares of
answers in closed form (Thurstone's categorical judgement).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology

HALO_LOADINGS = (0.45, 0.62)
"""Range of loadings on the halo: satisfied people are satisfied with everything, which gives the
correlations of about 0.3 between groups that satisfaction surveys show."""

GROUP_LOADINGS = (0.45, 0.65)
"""Range of loadings on the group factor: four such indicators give alpha of about 0.8."""

GROUP_TIES = (0.40, 0.70)
"""Range of each group's tie to what groups share beyond the halo; the correlation of two group
factors is the product of their ties, 0.16-0.49, and their matrix is always positive definite."""

REGION_SHARE = 0.04
"""Share of the variance of halo and group factors that lies between regions."""

CENTRE_SHARE = 0.12
"""Share that lies between centres of a region: more than the 0.03-0.10 usual for services, so that
the demo rating shows centres of every rank from two to five stars."""

CEILING_POWERS = (1.8, 3.0)
"""Range of the power p in P(answer category <= m of C) = (m/C)^p. Power 1 would use all categories
equally; these give means of about 3.7 to 4.2 on five categories, the ceiling of such surveys."""

SEGMENT_SHIFT = -0.15
"""Shift of every segment but the main one, in standard deviations: employers judge harder."""

MAIN_SEGMENT = "citizens"
"""The segment without a shift, and the one that ``Simulation.citizens`` counts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LatentModel:
    """Parameters of the latent model for K indicators in G groups.

    Attributes
    ----------
    loadings : ndarray of shape (K, 1 + G)
        Column 0 is the halo, column 1 + g the factor of group g.
    ties : ndarray of shape (G,)
        Tie of each group to what groups share beyond the halo.
    thresholds : tuple of K ndarrays of shape (C_k - 1,)
        Rising cut points of the latent quality.
    points : tuple of K ndarrays of shape (C_k,)
        Score 0-100 of each quality category, the worst first.
    answers : tuple of K int64 ndarrays of shape (C_k,)
        Answer on the questionnaire for each quality category; falling where reverse-keyed.
    """

    loadings: NDArray[np.float64]
    ties: NDArray[np.float64]
    thresholds: tuple[NDArray[np.float64], ...]
    points: tuple[NDArray[np.float64], ...]
    answers: tuple[NDArray[np.int64], ...]

    @property
    def factor_correlations(self) -> NDArray[np.float64]:
        """Correlations of halo and group factors, the same for regions, centres and persons."""
        correlations = np.eye(1 + len(self.ties))
        correlations[1:, 1:] = np.outer(self.ties, self.ties)
        np.fill_diagonal(correlations, 1.0)
        return correlations

    @property
    def uniqueness_sd(self) -> NDArray[np.float64]:
        """Standard deviation of what belongs to one indicator alone, shape (K,)."""
        return np.asarray(np.sqrt(1 - (self.loadings**2).sum(axis=1)))

    @property
    def within_centre_sd(self) -> NDArray[np.float64]:
        """Standard deviation of the latent quality among persons of one centre, shape (K,)."""
        common = (self.loadings**2).sum(axis=1)
        return np.asarray(np.sqrt(1 - common * (REGION_SHARE + CENTRE_SHARE)))


def draw_model(methodology: Methodology, *, rng: Generator) -> LatentModel:
    """Draw the parameters of the latent model for the indicators of `methodology`."""
    keys = methodology.indicator_keys
    quality = [_order_answers(methodology, key) for key in keys]
    powers = rng.uniform(*CEILING_POWERS, size=len(keys))
    loadings, ties = _draw_factors(methodology, rng=rng)
    return LatentModel(
        loadings=loadings,
        ties=ties,
        thresholds=tuple(
            compute_thresholds(len(answers), power=power)
            for (_, answers), power in zip(quality, powers, strict=True)
        ),
        points=tuple(points for points, _ in quality),
        answers=tuple(answers for _, answers in quality),
    )


def compute_thresholds(n_categories: int, *, power: float) -> NDArray[np.float64]:
    """Return cut points at which a standard normal gives P(category <= m) = (m/C)^power.

    Returns
    -------
    ndarray of shape (n_categories - 1,)
    """
    shares = np.arange(1, n_categories) / n_categories
    return np.asarray(norm.ppf(shares**power))


def draw_effects(
    model: LatentModel, region_of: NDArray[np.intp], *, rng: Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw what regions and centres add to halo and group factors.

    Parameters
    ----------
    model : LatentModel
    region_of : ndarray of shape (U,)
        Region number 0..R-1 of each of U centres.
    rng : Generator

    Returns
    -------
    region_effects : ndarray of shape (R, 1 + G)
    centre_effects : ndarray of shape (U, 1 + G)
        Effect of the centre together with its region, in standard deviations of the factor.
    """
    root = np.linalg.cholesky(model.factor_correlations).T
    n_regions, n_factors = int(region_of.max()) + 1, len(root)
    regions = rng.standard_normal((n_regions, n_factors)) @ root * np.sqrt(REGION_SHARE)
    centres = rng.standard_normal((len(region_of), n_factors)) @ root * np.sqrt(CENTRE_SHARE)
    return regions, regions[region_of] + centres


def segment_shift(segment: str, methodology: Methodology) -> float:
    """Return the shift of a segment in standard deviations: 0 for the main segment."""
    return 0.0 if segment == main_segment(methodology) else SEGMENT_SHIFT


def main_segment(methodology: Methodology) -> str:
    """Return the key of the main segment: citizens, or the first of the methodology."""
    keys = methodology.segment_keys
    return MAIN_SEGMENT if MAIN_SEGMENT in keys else keys[0]


def _order_answers(
    methodology: Methodology, key: str
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return points and answers of an indicator from the worst answer to the best."""
    points = methodology.points_of(key)
    order = np.argsort(points, kind="stable")
    return points[order], np.array(methodology.scale_of(key).answers, dtype=np.int64)[order]


def _draw_factors(
    methodology: Methodology, *, rng: Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    keys, groups = methodology.indicator_keys, methodology.group_keys
    column = [1 + groups.index(methodology.group_of(key)) for key in keys]
    loadings = np.zeros((len(keys), 1 + len(groups)))
    loadings[:, 0] = rng.uniform(*HALO_LOADINGS, size=len(keys))
    loadings[np.arange(len(keys)), column] = rng.uniform(*GROUP_LOADINGS, size=len(keys))
    return loadings, rng.uniform(*GROUP_TIES, size=len(groups))
