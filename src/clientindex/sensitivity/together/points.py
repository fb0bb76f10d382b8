"""Runs of pairs of points: all mixtures of the two, and each subset of the sources alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from clientindex.sensitivity.runs.model import RunInputs
from clientindex.sensitivity.runs.room import run_published

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology.together_settings import Source
    from clientindex.sensitivity.runs.room import RunSetup

Number = TypeVar("Number", bound=np.generic)


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

    @property
    def n_runs(self) -> int:
        """Runs of a pair."""
        return 2 * self.n_mixed - 2

    def list_runs(self, pairs: range) -> RunInputs:
        """Return the runs of some pairs, one pair after the other.

        Returns
        -------
        RunInputs
            Of a pair 2**n mixtures, source j of run s from the second point where bit j of s is
            set; then 2**n - 2 runs of subsets 1, 2, ... of the sources, from the first point, all
            else as published.
        """
        points = self._draw(pairs)
        first = 3 * np.arange(len(pairs))[:, None]
        chosen = {name: (first + at).ravel() for name, at in self._choose().items()}
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

    def _draw(self, pairs: range) -> RunInputs:
        """Return three runs of each pair: as published, the first point, the second."""
        setup = self.setup
        own = run_published(setup.model)
        factors = np.empty((2 * len(pairs), own.inner.shape[1] + own.outer.shape[1]))
        uniform = np.empty((2 * len(pairs), len(setup.choices.open)))
        for place, pair in enumerate(pairs):
            at = slice(2 * place, 2 * place + 2)
            seed = np.random.SeedSequence(self.seed.entropy, spawn_key=(*self.seed.spawn_key, pair))
            rng = np.random.default_rng(seed)
            factors[at] = rng.uniform(1 - self.band, 1 + self.band, factors[at].shape)
            uniform[at] = rng.random(uniform[at].shape)
        inner, outer = setup.model.weigh(factors)
        method, rule = setup.choices.pick(uniform)
        draw = np.arange(2 * pairs.start, 2 * pairs.stop, dtype=np.int64)
        return RunInputs(
            draw=_put_first(own.draw, draw),
            method=_put_first(own.method, method),
            rule=_put_first(own.rule, rule),
            inner=_put_first(own.inner, inner),
            outer=_put_first(own.outer, outer),
        )


def _put_first(own: NDArray[Number], points: NDArray[Number]) -> NDArray[Number]:
    """Put what was published, shape (1, ...), before the two points of every pair."""
    shape = points.shape[1:]
    both = points.reshape(-1, 2, *shape)
    published = np.broadcast_to(own, (len(both), 1, *shape))
    return np.concatenate([published, both], axis=1).reshape(-1, *shape)
