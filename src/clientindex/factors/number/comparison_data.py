"""Comparison data: eigenvalues of data known to have F factors against those observed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import mannwhitneyu

from clientindex.compiled import njit
from clientindex.factors.number.ordinal_data import LARGEST_DRAWN, repair
from clientindex.factors.number.population import build_population

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from clientindex.factors.number.margins import Margins
    from clientindex.factors.number.ordinal_data import Estimator
    from clientindex.factors.number.population import Population

ALPHA = 0.30
"""One more factor is kept where it brings the eigenvalues nearer at this level, as the authors."""

SAMPLES = 200
"""Samples of each population; the authors take 500, which tells smaller differences apart."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComparisonData:
    """What comparison data say.

    Attributes
    ----------
    vote : float
        NaN with fewer than two numbers of factors to compare, as where an indicator does not vary
        in half of the samples.
    distances : ndarray of shape (F,)
        Mean root mean square distance of the eigenvalues for 1, 2, ... factors; the first that is
        no improvement is the last.
    """

    vote: float
    distances: NDArray[np.float64]


def compare_data(
    r: NDArray[np.float64],
    margins: Margins,
    estimator: Estimator,
    *,
    n: int,
    n_tried: int,
    rng: np.random.Generator,
    n_samples: int = SAMPLES,
) -> ComparisonData:
    """Choose the number of factors whose simulated data have eigenvalues like the observed ones.

    For 1, 2, ... factors a population with the observed margins reproduces `r` as well as it can
    (:func:`~clientindex.factors.number.population.build_population`); samples of n respondents of
    it give eigenvalues, and their root mean square distances to the observed ones are compared with
    those of one factor less by the test of Mann and Whitney. The first number that is not nearer
    ends the search.

    More than :data:`LARGEST_DRAWN` respondents are not drawn: deviations of a sample of so many
    from its population are shrunk by ``sqrt(drawn / n)``, which gives their law for large samples.
    With very many respondents populations of few factors are told apart from the data by any
    trifle, so the rule then counts minor factors too. A bootstrap over centres would cost as many
    simulations; the rule is not resampled.

    Parameters
    ----------
    r : ndarray of shape (K, K)
    margins : Margins
    estimator : Estimator
        Of the same kind of correlations as `r`.
    n : int
    n_tried : int
        Largest number of factors.
    rng : numpy.random.Generator
    n_samples : int
        Samples of each population.

    Returns
    -------
    ComparisonData

    References
    ----------
    Ruscio J., Roche B. Determining the number of factors to retain in an exploratory factor
    analysis using comparison data of known factorial structure. Psychological Assessment, 2012,
    24(2), 282-292. doi:10.1037/a0025697
    """
    observed = np.linalg.eigvalsh(r)
    means: list[float] = []
    before: NDArray[np.float64] | None = None
    vote = 0
    for n_factors in range(1, n_tried + 1 if n_tried > 1 else 1):
        population = build_population(r, margins, n_factors=n_factors, basis=estimator.basis)
        if population is None:
            break
        drawn = _sample(population, margins, estimator, n=n, n_samples=n_samples, rng=rng)
        if len(drawn) < n_samples / 2:
            break
        distances = np.sqrt(np.mean((np.linalg.eigvalsh(drawn) - observed) ** 2, axis=1))
        means.append(float(distances.mean()))
        if before is not None and not _is_nearer(distances, before):
            break
        vote, before = n_factors, distances
    return ComparisonData(vote=vote if len(means) > 1 else np.nan, distances=np.array(means))


def _is_nearer(distances: NDArray[np.float64], before: NDArray[np.float64]) -> bool:
    return bool(mannwhitneyu(distances, before, alternative="less").pvalue < ALPHA)


def _sample(
    population: Population,
    margins: Margins,
    estimator: Estimator,
    *,
    n: int,
    n_samples: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Draw correlation matrices of samples of n respondents, shape (B', K, K)."""
    drawn = min(n, LARGEST_DRAWN)
    draw = _draw_answers(population, margins, drawn, rng)
    r = estimator.correlate(draw, n_samples, near=population.r)
    if drawn == n:
        return r
    return repair(population.r + (r - population.r) * np.sqrt(drawn / n))


def _draw_answers(
    population: Population, margins: Margins, n: int, rng: np.random.Generator
) -> Callable[[], NDArray[np.int8]]:
    cuts = np.ascontiguousarray(margins.cuts[:, 1:-1])
    own = np.sqrt(population.uniquenesses)

    noise, codes = np.empty((len(cuts), n)), np.empty((len(cuts), n), dtype=np.int8)

    def draw() -> NDArray[np.int8]:
        factors = rng.standard_normal((population.loadings.shape[1], n))
        rng.standard_normal(out=noise)
        _cut(population.loadings @ factors, own, noise, cuts, codes)
        return codes

    return draw


@njit(nogil=True)
def _cut(
    common: NDArray[np.float64],
    own: NDArray[np.float64],
    noise: NDArray[np.float64],
    cuts: NDArray[np.float64],
    codes: NDArray[np.int8],
) -> None:
    """Write the category of every latent answer: how many cut points it reaches."""
    for i in range(codes.shape[0]):
        for row in range(codes.shape[1]):
            x = common[i, row] + own[i] * noise[i, row]
            code = 0
            for c in range(cuts.shape[1]):
                code += x >= cuts[i, c]
            codes[i, row] = code
