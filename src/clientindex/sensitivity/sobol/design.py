"""Which runs of a model variance-based sensitivity needs: SALib's sample, and runs of groups.

Row i of the base sample is two independent points A and B. Beside the runs of both there is one run
an input, and one a group of inputs, that takes these inputs from B and all others from A.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from SALib.sample import sobol as salib_sobol

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SobolDesign:
    """A base sample of N rows for k inputs, each uniform on 0 to 1.

    Attributes
    ----------
    a, b : ndarray of shape (N, k)
    taken : bool ndarray of shape (M, k)
        Inputs that a run of a row takes from B: the first run none, the second all, then one run
        an input, then one a group.
    names : tuple of str of length M - 2
        Inputs, then groups, that runs from the third on speak of.
    sequences : int
        Independently scrambled sequences that the rows consist of, one after another.
    """

    a: NDArray[np.float64]
    b: NDArray[np.float64]
    taken: NDArray[np.bool_]
    names: tuple[str, ...]
    sequences: int = 1

    @property
    def n_rows(self) -> int:
        """Rows N of the base sample."""
        return len(self.a)

    @property
    def n_runs(self) -> int:
        """Runs of the model in all."""
        return self.n_rows * len(self.taken)

    def list_runs(self, row: int) -> NDArray[np.float64]:
        """Return the inputs of the M runs of a row, shape (M, k)."""
        return np.asarray(np.where(self.taken, self.b[row], self.a[row]))


def make_design(
    inputs: Sequence[str],
    *,
    base_size: int,
    seed: np.random.SeedSequence,
    sequences: int = 1,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> SobolDesign:
    """Draw a base sample by scrambled Sobol sequences.

    Parameters
    ----------
    inputs : sequence of str of length k
        Names.
    base_size : int
        Rows N, a power of 2: the sequence keeps its balance at no other size, and the same must
        hold for the halves that show convergence.
    seed : numpy.random.SeedSequence
        Of the scramblings; it is not changed.
    sequences : int
        Sequences of N / sequences rows, each scrambled by itself; a power of 2. Estimates of one
        sequence alone have no error that could be told from it (see
        :mod:`clientindex.sensitivity.sobol.intervals`). As many as rows make a random sample.
    groups : mapping of str to sequence of str, optional
        Inputs that move together, by the name of the group.

    Raises
    ------
    StatisticsError
        If there is no input, a size is no power of 2, or a group names an unknown input.

    Notes
    -----
    The sequence and the runs of single inputs are those of ``SALib.sample.sobol.sample`` without
    second-order runs; runs of groups are those that SALib makes of the same sequence when it is
    given groups, so that both kinds share the runs of A and B.

    References
    ----------
    Saltelli A. et al. Variance based sensitivity analysis of model output. Computer Physics
    Communications, 2010, 181(2), 259-270. doi:10.1016/j.cpc.2009.09.018
    """
    n = len(inputs)
    _check(n, base_size, sequences)
    rows = _sample(inputs, base_size, sequences, seed)
    members = [_find_members(inputs, own) for own in (groups or {}).values()]
    taken = np.concatenate(
        [np.zeros((1, n)), np.ones((1, n)), np.eye(n), np.reshape(members, (-1, n))]
    )
    return SobolDesign(
        a=rows[:, 0],
        b=rows[:, -1],
        taken=taken.astype(bool),
        names=(*inputs, *(groups or {})),
        sequences=sequences,
    )


def _sample(
    inputs: Sequence[str], base_size: int, sequences: int, seed: np.random.SeedSequence
) -> NDArray[np.float64]:
    """Return SALib's rows, shape (N, k + 2, k)."""
    n = len(inputs)
    problem = {"num_vars": n, "names": list(inputs), "bounds": [[0.0, 1.0]] * n}
    parts = [
        salib_sobol.sample(
            problem, base_size // sequences, calc_second_order=False, seed=int(state)
        )
        for state in seed.generate_state(sequences)
    ]
    return np.concatenate(parts).reshape(base_size, n + 2, n)


def _check(n_inputs: int, base_size: int, sequences: int) -> None:
    if n_inputs < 1:
        msg = "variance-based sensitivity needs an input that can move"
        raise StatisticsError(msg)
    if base_size < 2 or base_size & (base_size - 1):
        msg = (
            f"the base sample has {base_size} rows; a Sobol sequence is balanced at powers of 2 "
            "only, for example 512 or 1024"
        )
        raise StatisticsError(msg)
    if not 1 <= sequences <= base_size or sequences & (sequences - 1):
        msg = f"{base_size} rows cannot be divided into {sequences} sequences: take a power of 2"
        raise StatisticsError(msg)


def _find_members(inputs: Sequence[str], own: Sequence[str]) -> NDArray[np.bool_]:
    unknown = [name for name in own if name not in inputs]
    if unknown:
        msg = f"a group of inputs names unknown ones: {', '.join(unknown)}"
        raise StatisticsError(msg)
    return np.isin(np.array(inputs), np.array(own))
