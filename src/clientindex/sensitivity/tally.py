"""What is kept of random weightings: counts by centre, and two numbers a draw."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from clientindex.sensitivity.rank_rows import add_places
from clientindex.sensitivity.tau import compute_kendall_tau

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

ROWS_AT_ONCE = 64
"""Centres whose counts of ranks are summed at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tally:
    """Counts that do not depend on the order in which draws are added.

    Attributes
    ----------
    rank, star : int64 ndarray of shape (C,)
        Nominal rank and level of the star.
    rank_counts : int32 ndarray of shape (C, C)
        Draws in which the centre (row) had the rank (column + 1).
    star_counts : int32 ndarray of shape (C, L + 1)
        Draws in which it had the level (column); column 0 counts draws without cut points.
    share_by_draw, tau_by_draw : ndarray of shape (B,)
        Share of centres with their nominal star; Kendall's tau with the nominal ranks.
    is_done : bool ndarray of shape (B,)
        Draws that have been added.
    """

    rank: NDArray[np.int64]
    star: NDArray[np.int64]
    rank_counts: NDArray[np.int32]
    star_counts: NDArray[np.int32]
    share_by_draw: NDArray[np.float64]
    tau_by_draw: NDArray[np.float64]
    is_done: NDArray[np.bool_]

    @classmethod
    def start(
        cls, rank: NDArray[np.int64], star: NDArray[np.int64], *, n_levels: int, n_draws: int
    ) -> Tally:
        """Return a tally of no draws."""
        n = len(rank)
        return cls(
            rank=rank,
            star=star,
            rank_counts=np.zeros((n, n), dtype=np.int32),
            star_counts=np.zeros((n, n_levels + 1), dtype=np.int32),
            share_by_draw=np.zeros(n_draws),
            tau_by_draw=np.zeros(n_draws),
            is_done=np.zeros(n_draws, dtype=bool),
        )

    @property
    def n_draws(self) -> int:
        """Number of draws B, added or not."""
        return len(self.is_done)

    def measure(self, ranks: NDArray[np.int64], star: NDArray[np.int64]) -> Callable[[int], None]:
        """Compare a block of draws, shape (B, C), and return what adds it from its first draw on.

        Only adding changes the tally: two threads must not do that at once.
        """
        share = (star == self.star).mean(axis=1)
        tau = compute_kendall_tau(self.rank, ranks)

        def add(first: int) -> None:
            rows = slice(first, first + len(ranks))
            add_places(self.rank_counts, ranks, 1)
            add_places(self.star_counts, star, 0)
            self.share_by_draw[rows] = share
            self.tau_by_draw[rows] = tau
            self.is_done[rows] = True

        return add

    def take_arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return all arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def count_same_star(self) -> NDArray[np.int64]:
        """Return in how many draws each centre has its nominal star, shape (C,)."""
        at = np.arange(len(self.star))
        return self.star_counts[at, self.star].astype(np.int64)

    def find_rank_quantiles(self, probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return inverses of each centre's distribution of ranks, shape (P, C)."""
        n = len(self.rank)
        found = np.empty((len(probabilities), n), dtype=np.int64)
        for first in range(0, n, ROWS_AT_ONCE):
            rows = slice(first, first + ROWS_AT_ONCE)
            reached = np.cumsum(self.rank_counts[rows], axis=1, dtype=np.int64)
            for place, probability in enumerate(probabilities):
                # The tolerance keeps 0.975 * 1000 from asking for one draw more than 975.
                needed = probability * reached[:, -1:] - 1e-9
                found[place, rows] = (reached >= needed).argmax(axis=1) + 1
        return found

    def sum_ranks(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return each centre's sums over draws of ranks, their squares and their shifts."""
        n = len(self.rank)
        ranks = np.arange(1, n + 1)
        sums = np.empty((3, n), dtype=np.int64)
        for first in range(0, n, ROWS_AT_ONCE):
            rows = slice(first, first + ROWS_AT_ONCE)
            counts = self.rank_counts[rows]
            sums[0, rows] = (counts * ranks).sum(axis=1)
            sums[1, rows] = (counts * ranks**2).sum(axis=1)
            sums[2, rows] = (counts * np.abs(ranks - self.rank[rows, None])).sum(axis=1)
        return sums[0], sums[1], sums[2]

    def count_rank_classes(self, starts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return counts of ranks in classes that begin at these ranks, shape (C, classes)."""
        return np.add.reduceat(self.rank_counts, starts - 1, axis=1, dtype=np.int64)
