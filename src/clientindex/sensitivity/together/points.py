"""Runs of one pair of points: all mixtures of the two, and each subset of the sources alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.sensitivity.runs.model import NO_DRAW, RunInputs
from clientindex.sensitivity.runs.room import run_published

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology.together_settings import Source
    from clientindex.sensitivity.runs.room import RunSetup


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointPairs:
    """Pairs of independent points, each a function of the seed and its number.

    Attributes
    ----------
    setup : RunSetup
    sources : tuple of str of length n
        What moves.
    band : float
        Share by which weights move.
    seed : numpy.random.SeedSequence
        Of weights and methods; draws of means have that of the model.
    """

    setup: RunSetup
    sources: tuple[Source, ...]
    band: float
    seed: np.random.SeedSequence

    @property
    def n_mixed(self) -> int:
        """Runs of everything in a pair."""
        return 1 << len(self.sources)

    def list_runs(self, pair: int) -> RunInputs:
        """Return the runs of a pair.

        Returns
        -------
        RunInputs
            2**n mixtures, source j of run s from the second point where bit j of s is set; then
            2**n - 2 runs of subsets 1, 2, ... of the sources, from the first point, all else as
            published.
        """
        chosen = self._choose()
        points = self._draw(pair)
        return RunInputs(
            draw=points.draw[chosen["sampling"]],
            method=points.method[chosen["method"]],
            rule=points.rule[chosen["method"]],
            inner=points.inner[chosen["weights"]],
            outer=points.outer[chosen["weights"]],
        )

    def _choose(self) -> dict[str, NDArray[np.intp]]:
        """Return which of published (0), first (1) and second point (2) each run has, by source."""
        mixed, subsets = np.arange(self.n_mixed), np.arange(1, self.n_mixed - 1)
        absent = np.zeros(len(mixed) + len(subsets), dtype=np.intp)
        chosen = dict.fromkeys(("sampling", "weights", "method"), absent)
        for bit, source in enumerate(self.sources):
            chosen[source] = np.concatenate([1 + (mixed >> bit & 1), subsets >> bit & 1])
        return chosen

    def _draw(self, pair: int) -> RunInputs:
        """Return three runs: as published, the first point, the second."""
        setup = self.setup
        own = run_published(setup.model)
        seed = np.random.SeedSequence(self.seed.entropy, spawn_key=(*self.seed.spawn_key, pair))
        rng = np.random.default_rng(seed)
        n_factors = own.inner.shape[1] + own.outer.shape[1]
        factors = rng.uniform(1 - self.band, 1 + self.band, (2, n_factors))
        inner, outer = setup.model.weigh(factors)
        method, rule = setup.choices.pick(rng.random((2, len(setup.choices.open))))
        return RunInputs(
            draw=np.array([NO_DRAW, 2 * pair, 2 * pair + 1], dtype=np.int64),
            method=np.concatenate([own.method, method]),
            rule=np.concatenate([own.rule, rule]),
            inner=np.concatenate([own.inner, inner]),
            outer=np.concatenate([own.outer, outer]),
        )
