"""Realised importance as a function of weights, in the index of the methodology."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.sensitivity.importance.correlation import correlate_many
from clientindex.sensitivity.importance.ratios import SMOOTH
from clientindex.sensitivity.importance.smooth import fit_many, make_basis

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.sensitivity.importance.problem import Problem
    from clientindex.sensitivity.importance.recompute import Recomputed
    from clientindex.sensitivity.importance.smooth import Basis


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RealisedImportance:
    """Signed importance of the scores of a problem under any weights.

    Attributes
    ----------
    problem : Problem
    recomputed : Recomputed
    bases : tuple of Basis
        Of splines, one a score; without any, importance is by lines.
    """

    problem: Problem
    recomputed: Recomputed
    bases: tuple[Basis, ...]

    @classmethod
    def of(
        cls, problem: Problem, recomputed: Recomputed, measure: str, *, knots: int
    ) -> RealisedImportance | None:
        """Prepare; None where a score has too few values for a curve."""
        bases: list[Basis] = []
        if measure == SMOOTH:
            x = problem.x
            made = [make_basis(column, n_knots=min(knots, len(x) - 1)) for column in x.T]
            bases = [basis for basis in made if basis is not None]
            if len(bases) < len(made):
                return None
        return cls(problem=problem, recomputed=recomputed, bases=tuple(bases))

    def compute(
        self, weights: NDArray[np.float64], smoothness: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return importance (B, P') under weights (B, P'), by curves of given smoothness (P',)."""
        index = self._index(weights)
        r = correlate_many(index, self.problem.x)
        if not self.bases:
            return np.asarray(r * np.abs(r))
        given = [None] * len(self.bases) if smoothness is None else smoothness
        ratios = [
            fit_many(basis, index, penalty=penalty).importance
            for basis, penalty in zip(self.bases, given, strict=True)
        ]
        return np.asarray(np.sign(r) * np.stack(ratios, axis=-1))

    def find_smoothness(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the penalties (P',) that cross-validation chooses under weights (P',)."""
        index = self._index(weights[None])
        return np.array([fit_many(basis, index).penalty[0] for basis in self.bases])

    def _index(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        spread = self.problem.spread(weights)
        return self.recomputed.compute_for(self.problem.side.kind, spread)[:, self.problem.rows]
