"""Draw a twin: which original cell every cell of the twin shows.

Answers of one indicator in one stratum (a segment of a centre) are dealt out anew among its
respondents, so counts stay exactly. Who gets which answer follows from correlated normal numbers:
the larger the number, the larger the answer. Their correlations are adjusted until those of the
answers within strata are like the originals. Where nobody answered follows a permutation of whole
rows, so that those who skip much are as many as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDS: Final = 6
"""Adjustments of the correlations; after six, those of the demo move in the third decimal only."""

_SMALLEST_EIGENVALUE: Final = 1e-4


def deal_answers(
    codes: NDArray[np.uint8], strata: NDArray[np.int64], *, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return for every row and indicator the row of the original whose cell the twin shows.

    Parameters
    ----------
    codes : uint8 ndarray of shape (N, K)
        Category 1..C of every answer; 0 = no answer.
    strata : int64 ndarray of shape (N,)
        Stratum of every row; cells move within one only.
    rng : numpy Generator

    Returns
    -------
    int64 ndarray of shape (N, K)
        Each column is a permutation of the rows that keeps the stratum.
    """
    shuffled = shuffle_within(strata, rng=rng)
    absent = codes == 0
    dealt_absent = absent[shuffled]
    ties = rng.random(codes.shape)
    sources = [
        np.lexsort((ties[:, k], codes[:, k], absent[:, k], strata)) for k in range(codes.shape[1])
    ]
    base = rng.standard_normal(codes.shape)
    target = correlate_within(codes, strata)
    latent = target
    dealt = _deal(base, latent, sources, dealt_absent, strata)
    for _ in range(ROUNDS):
        reached = correlate_within(np.take_along_axis(codes, dealt, axis=0), strata)
        latent = _mend(latent + target - reached)
        dealt = _deal(base, latent, sources, dealt_absent, strata)
    return dealt


def shuffle_within(strata: NDArray[np.int64], *, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return a permutation of the rows that keeps the stratum of every place."""
    shuffled = np.empty(len(strata), dtype=np.int64)
    shuffled[np.argsort(strata, kind="stable")] = np.lexsort((rng.random(len(strata)), strata))
    return shuffled


def correlate_within(codes: NDArray[np.uint8], strata: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return Pearson correlations of answers around the means of their strata, shape (K, K).

    Every pair uses the rows that answered both; a correlation that is not defined is 0.
    """
    answered = codes > 0
    values = np.where(answered, codes, 0).astype(np.float64)
    n = _sum_by(answered.astype(np.float64), strata)
    means = np.divide(_sum_by(values, strata), n, out=np.zeros_like(n), where=n > 0)
    rest = np.where(answered, values - means[strata], 0.0)
    products = rest.T @ rest
    squares = (rest**2).T @ answered
    scale = np.sqrt(squares * squares.T)
    found: NDArray[np.float64] = np.zeros_like(products)
    np.divide(products, scale, out=found, where=scale > 0)
    np.fill_diagonal(found, 1.0)
    return found


def _sum_by(values: NDArray[np.float64], strata: NDArray[np.int64]) -> NDArray[np.float64]:
    sums = np.zeros((int(strata.max()) + 1, values.shape[1]))
    np.add.at(sums, strata, values)
    return sums


def _deal(
    base: NDArray[np.float64],
    latent: NDArray[np.float64],
    sources: list[NDArray[np.int64]],
    absent: NDArray[np.bool_],
    strata: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Give the answers in rising order to the rows in rising order of their normal numbers."""
    drawn = base @ np.linalg.cholesky(_mend(latent)).T
    dealt = np.empty(drawn.shape, dtype=np.int64)
    for k, source in enumerate(sources):
        dealt[np.lexsort((drawn[:, k], absent[:, k], strata)), k] = source
    return dealt


def _mend(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrix as correlations: no negative eigenvalue, ones on the diagonal."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    positive = (vectors * np.maximum(values, _SMALLEST_EIGENVALUE)) @ vectors.T
    scale = np.sqrt(np.diag(positive))
    mended: NDArray[np.float64] = positive / np.outer(scale, scale)
    return mended
