"""How many respondents stand behind an alpha, as far as pair tables can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import PairCounts


def count_entering(counts: PairCounts, items: NDArray[np.intp], *, missing: str) -> tuple[int, int]:
    """Count the respondents who enter a covariance matrix and those who are dropped.

    With complete rows, those who answered every indicator of the survey enter: exact. With pairwise
    covariances, those who left k - 1 or all of the k answers empty are dropped. Pair tables hold
    how often answers and pairs of answers are empty, ``M1`` and ``M2``; a dropped respondent is
    behind at least k - 1 of the first and (k - 1)(k - 2) / 2 of the second, so at most
    ``min(M1 / (k - 1), 2 M2 / ((k - 1)(k - 2)))`` are dropped (Markov's inequality). With k = 2 the
    number is exact.

    Parameters
    ----------
    counts : PairCounts
    items : ndarray of shape (k,)
        Positions of two or more indicators.
    missing : str
        "pairwise" or "complete".

    Returns
    -------
    n : int
        Respondents who enter (pairwise, k > 2: at least so many).
    n_dropped : int
        The others.
    """
    n_all = int(counts.n.sum())
    if missing == "complete":
        n = int(counts.n_complete.sum())
        return n, n_all - n
    n_dropped = _bound_dropped(counts, items)
    return n_all - n_dropped, n_dropped


def _bound_dropped(counts: PairCounts, items: NDArray[np.intp]) -> int:
    k = len(items)
    first, second = np.triu_indices(len(counts.indicators), 1)
    chosen = np.flatnonzero(np.isin(first, items) & np.isin(second, items))
    empty = int(counts.margins[:, items, 0].sum())
    both_empty = int(counts.pairs[:, chosen, 0, 0].sum(dtype=np.int64))
    if k == 2:
        return empty - both_empty
    return min(empty // (k - 1), 2 * both_empty // ((k - 1) * (k - 2)))
