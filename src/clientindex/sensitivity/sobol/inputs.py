"""The inputs of the analysis, and what their values from 0 to 1 mean for a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.sensitivity.runs.model import NO_DRAW, RunInputs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.sensitivity.runs.room import RunSetup

INDICATOR, GROUP, CHOICE, SAMPLING = "indicator", "group", "choice", "sampling"
SOURCE = "source"
NO_WEIGHT, SOLE_WEIGHT, NO_ERROR, SWITCHED_OFF = (
    "no_weight",
    "sole_weight",
    "no_sampling_error",
    "switched_off",
)

DRAW_NUMBERS = 2**32
"""Draws of indicator means that the input of the sampling error can name."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SobolInputs:
    """k inputs, each uniform on 0 to 1.

    Attributes
    ----------
    kinds, keys : tuple of str of length k
        "indicator" or "group" (the factor on its weight), "choice", "sampling".
    factors : int ndarray
        Places among the K + G factors of the weights that move, in the order of the inputs.
    n_factors : int
        K + G.
    n_choices : int
        Inputs after those of weights.
    samples : bool
        Whether the last input is the sampling error.
    band : float
        Share by which weights move.
    left_out : tuple of dict
        What cannot move: ``kind``, ``key``, ``reason``, ``detail``.
    """

    kinds: tuple[str, ...]
    keys: tuple[str, ...]
    factors: NDArray[np.intp]
    n_factors: int
    n_choices: int
    samples: bool
    band: float
    left_out: tuple[dict[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Kind and key of every input."""
        return tuple(f"{kind}/{key}" for kind, key in zip(self.kinds, self.keys, strict=True))

    @property
    def sources(self) -> dict[str, tuple[str, ...]]:
        """Inputs by source: weights, method, sampling; those that have one."""
        of_kind = {
            INDICATOR: "weights",
            GROUP: "weights",
            CHOICE: "method",
            SAMPLING: "sampling",
        }
        found: dict[str, tuple[str, ...]] = {}
        for kind, name in zip(self.kinds, self.names, strict=True):
            found[of_kind[kind]] = (*found.get(of_kind[kind], ()), name)
        return found

    def make_runs(self, setup: RunSetup, u: NDArray[np.float64]) -> RunInputs:
        r"""Return the inputs of R runs.

        Parameters
        ----------
        setup : RunSetup
        u : ndarray of shape (R, k)

        Notes
        -----
        A weight is multiplied by :math:`1 - b + 2 b u` and weights are re-scaled inside their
        parents. An input of a choice is cut into one interval an option. The input of the sampling
        error has no order: its value is the number of a draw of the means of all centres.

        References
        ----------
        Lilburne L., Tarantola S. Sensitivity analysis of spatial models. International Journal of
        Geographical Information Science, 2009, 23(2), 151-168. doi:10.1080/13658810802094995
        """
        n_weights = len(self.factors)
        factors = np.ones((len(u), self.n_factors))
        factors[:, self.factors] = 1 - self.band + 2 * self.band * u[:, :n_weights]
        inner, outer = setup.model.weigh(factors)
        method, rule = setup.choices.pick(u[:, n_weights : n_weights + self.n_choices])
        draw = np.full(len(u), NO_DRAW, dtype=np.int64)
        if self.samples:
            draw = np.minimum(u[:, -1] * DRAW_NUMBERS, DRAW_NUMBERS - 1).astype(np.int64)
        return RunInputs(draw=draw, method=method, rule=rule, inner=inner, outer=outer)


def list_inputs(
    setup: RunSetup, methodology: Methodology, *, band: float, weights: bool, sampling: bool
) -> SobolInputs:
    """List the inputs that can move anything.

    Parameters
    ----------
    setup : RunSetup
    methodology : Methodology
    band : float
        Share by which weights move, e.g. 0.25.
    weights, sampling : bool
        Whether these move at all.
    """
    moving, left_out = _list_weights(setup, methodology, weights=weights)
    own = [(CHOICE, name) for name in setup.choices.open]
    samples = sampling and setup.model.errors.is_known
    if samples:
        own.append((SAMPLING, SAMPLING))
    else:
        reason = NO_ERROR if sampling else SWITCHED_OFF
        left_out.append({"kind": SAMPLING, "key": SAMPLING, "reason": reason, "detail": ""})
    rows = [(kind, key) for _, kind, key in moving] + own
    return SobolInputs(
        kinds=tuple(kind for kind, _ in rows),
        keys=tuple(key for _, key in rows),
        factors=np.array([place for place, _, _ in moving], dtype=np.intp),
        n_factors=len(setup.model.plan.inner) + len(setup.model.plan.outer),
        n_choices=len(setup.choices.open),
        samples=samples,
        band=band,
        left_out=(*left_out, *setup.left_out),
    )


def _list_weights(
    setup: RunSetup, methodology: Methodology, *, weights: bool
) -> tuple[list[tuple[int, str, str]], list[dict[str, str]]]:
    """Return place, kind and key of weights that move, and what is left out."""
    plan = setup.model.plan
    positive = np.concatenate([plan.inner > 0, plan.outer > 0])
    in_use = positive.copy()
    in_use[: len(plan.inner)] &= (plan.outer > 0)[plan.group_of]
    siblings = np.concatenate(
        [
            np.add.reduceat(positive[: len(plan.inner)], plan.starts, dtype=np.intp)[plan.group_of],
            np.full(len(plan.outer), positive[len(plan.inner) :].sum()),
        ]
    )
    kinds = [INDICATOR] * len(plan.inner) + [GROUP] * len(plan.outer)
    keys = [*methodology.indicator_keys, *methodology.group_keys]
    moving, left_out = [], []
    for place, (kind, key) in enumerate(zip(kinds, keys, strict=True)):
        reason = "" if weights else SWITCHED_OFF
        if not in_use[place]:
            reason = NO_WEIGHT
        elif siblings[place] == 1:
            reason = SOLE_WEIGHT
        if reason:
            left_out.append({"kind": kind, "key": key, "reason": reason, "detail": ""})
        else:
            moving.append((place, kind, key))
    return moving, left_out
