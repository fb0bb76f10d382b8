"""Resampling centres: the source of every interval of a pooled statistic.

Respondents sit in centres and are not independent, so centres are drawn, with replacement, inside
each region. Drawing centres is weighting their sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def read_seed(seed: np.random.SeedSequence) -> int:
    """Return the integer that the seed sequence, or its ancestor, was made from.

    Results state it, so that their random numbers can be drawn again.

    Raises
    ------
    StatisticsError
        If the sequence was not made from one integer.
    """
    if not isinstance(seed.entropy, int | np.integer):
        msg = "the seed of an edition is one integer; make the SeedSequence from it"
        raise StatisticsError(msg)
    return int(seed.entropy)


def split_task(seed: np.random.SeedSequence, parts: int) -> list[np.random.SeedSequence]:
    """Return a stream of random numbers for each part of a task.

    The same as the first ``seed.spawn(parts)``, however often it is asked for: `seed` stays as it
    is, so that a task that runs twice draws the same.
    """
    key = seed.spawn_key
    return [np.random.SeedSequence(seed.entropy, spawn_key=(*key, part)) for part in range(parts)]


def draw_centre_weights(
    strata: Sequence[str], n_replicates: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw bootstrap weights of centres, stratified by region.

    Of the m centres of a stratum m - 1 are drawn and weighted by m / (m - 1), so that every stratum
    keeps its weight. Drawing m would narrow the spread between centres by (m - 1) / m, which is a
    tenth with ten centres a region. Strata of one centre would never
    vary; they are drawn together as one stratum, and a lone one with the smallest other stratum.

    Parameters
    ----------
    strata : sequence of str, length U
        Region of every centre.
    n_replicates : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n_replicates, U)
        How much each centre counts; rows sum to U.

    Raises
    ------
    StatisticsError
        If there are fewer than two centres.

    References
    ----------
    Rao J. N. K., Wu C. F. J. Resampling inference with complex survey data. Journal of the American
    Statistical Association, 1988, 83(401), 231-241. doi:10.1080/01621459.1988.10478591
    """
    codes = code_strata(strata)
    if len(codes) < 2:
        msg = "an interval from resampling centres needs at least two centres"
        raise StatisticsError(msg)
    weights = np.zeros((n_replicates, len(codes)))
    for label in np.unique(codes):
        members = np.flatnonzero(codes == label)
        size = len(members)
        drawn = rng.multinomial(size - 1, np.full(size, 1 / size), size=n_replicates)
        weights[:, members] = drawn * size / (size - 1)
    return weights


def code_strata(strata: Sequence[str]) -> NDArray[np.intp]:
    """Return the number of every stratum, joined as :func:`draw_centre_weights` joins them.

    Returns
    -------
    ndarray of shape (U,)
    """
    _, codes, sizes = np.unique(
        np.asarray(strata, dtype=str), return_inverse=True, return_counts=True
    )
    return np.where(sizes[codes] == 1, _host_of_singletons(sizes), codes)


def _host_of_singletons(sizes: NDArray[np.intp]) -> int:
    """Return the stratum that takes strata of one: a new one, or a host for a lone one."""
    if np.count_nonzero(sizes == 1) > 1:
        return len(sizes)
    return int(np.argmin(np.where(sizes == 1, sizes.max() + 1, sizes)))
