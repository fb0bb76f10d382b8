"""Indicator means that the centres might have had, one draw at a time by its own number.

A draw is a function of the seed and its number alone. So an input of a sensitivity design can name
a draw, runs that share it share the means of all centres, and no order of work changes a bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.methodology.model import SCORE_MAX, SCORE_MIN
from clientindex.rating.mean_errors import draw_widths, find_roots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.rating.score_inputs import ScoreInputs


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanErrors:
    """The joint sampling error of the indicator scores of C centres.

    Attributes
    ----------
    value : ndarray of shape (S, K, C)
        Scores that draws stand around, NaN without one.
    centre, segment : int ndarray of shape (U,)
        Places of the units (centre and segment) that have answers.
    answers, measured : int ndarray
        Places of answers and of measures among the K.
    root : ndarray of shape (U, Ka, Ka)
        Symmetric square roots of the covariances of their means.
    degrees : ndarray of shape (U,)
        Degrees of freedom of these covariances.
    deviation : ndarray of shape (C, M)
        Standard errors of measures; 0 where unknown.
    bounded : bool
        Whether scores end at 0 and 100.
    entropy : int
        Of the edition's seed.
    key : tuple of int
        Of the seed's place among those of the edition.
    """

    value: NDArray[np.float64]
    centre: NDArray[np.intp]
    segment: NDArray[np.intp]
    answers: NDArray[np.intp]
    measured: NDArray[np.intp]
    root: NDArray[np.float64]
    degrees: NDArray[np.float64]
    deviation: NDArray[np.float64]
    bounded: bool
    entropy: int
    key: tuple[int, ...]

    @classmethod
    def of(cls, inputs: ScoreInputs, *, bounded: bool, seed: np.random.SeedSequence) -> MeanErrors:
        """Take roots of the covariances; what has no known error is not drawn."""
        answered = ~np.isnan(inputs.value[..., inputs.answers]).all(axis=-1)
        centre, segment = np.nonzero(answered & (len(inputs.answers) > 0))
        assert isinstance(seed.entropy, int)
        return cls(
            value=np.ascontiguousarray(np.moveaxis(inputs.value, 0, 2)),
            centre=centre,
            segment=segment,
            answers=inputs.answers,
            measured=inputs.measured,
            root=find_roots(inputs.covariance[centre, segment]),
            degrees=inputs.degrees[centre, segment],
            deviation=np.sqrt(np.nan_to_num(inputs.variance)),
            bounded=bounded,
            entropy=seed.entropy,
            key=tuple(seed.spawn_key),
        )

    @property
    def is_known(self) -> bool:
        """Whether any score has an error."""
        return bool(self.root.any() or self.deviation.any())

    def draw(self, numbers: Sequence[int]) -> NDArray[np.float64]:
        """Return the scores of D draws, shape (D, S, K, C).

        Parameters
        ----------
        numbers : sequence of int of length D
            At least 0, below 2**32.

        Notes
        -----
        As in :mod:`clientindex.rating.index_draws`: means of answers have Student's t of their
        exact covariance, apart in each segment; measures have their stated errors, the same in
        each; beyond the ends of the scale they are cut.
        """
        scores = np.repeat(self.value[None], len(numbers), axis=0)
        standard = np.empty((len(numbers), *self.root.shape[:2]))
        generators = [self._make_generator(number) for number in numbers]
        for rng, own in zip(generators, standard, strict=True):
            rng.standard_normal(out=own)
        standard *= draw_widths(generators, self.degrees)[..., None]
        if len(self.measured):
            for rng, own in zip(generators, scores, strict=True):
                error = rng.standard_normal(self.deviation.shape) * self.deviation
                own[:, self.measured] += error.T
        _add_errors(scores, self.centre, self.segment, self.answers, self.root, standard)
        if self.bounded:
            np.clip(scores, SCORE_MIN, SCORE_MAX, out=scores)
        return scores

    def _make_generator(self, number: int) -> np.random.Generator:
        seed = np.random.SeedSequence(self.entropy, spawn_key=(*self.key, int(number)))
        return np.random.default_rng(seed)


@njit(nogil=True)
def _add_errors(
    scores: NDArray[np.float64],
    centre: NDArray[np.intp],
    segment: NDArray[np.intp],
    answers: NDArray[np.intp],
    root: NDArray[np.float64],
    standard: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Add root times standard normals to the scores of every draw and unit, in place."""
    n_items = len(answers)
    error = np.empty(n_items)
    # Draws are the inner loop: the roots of all units do not fit in a processor's cache.
    for unit in range(len(root)):
        for draw in range(len(standard)):
            error[:] = 0.0
            # The root is symmetric: its rows serve for columns.
            for source in range(n_items):
                z = standard[draw, unit, source]
                for item in range(n_items):
                    error[item] += root[unit, source, item] * z
            for item in range(n_items):
                scores[draw, segment[unit], answers[item], centre[unit]] += error[item]
