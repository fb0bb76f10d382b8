"""First-order and total indices from the runs of a design.

Pure functions of arrays. Every estimate is a ratio of sums over the rows of the base sample, so a
bootstrap over rows needs sums only, and all of its replicates are one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

FLAT = 1e-12
"""A standard deviation below this share of the largest absolute output is rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Indices:
    """Indices of Q outputs for J inputs or groups of inputs.

    Attributes
    ----------
    mean, variance : ndarray of shape (Q,)
        Of the output, over the runs of A and of B.
    first, total : ndarray of shape (Q, J)
        NaN for an output that does not move.
    """

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    first: NDArray[np.float64]
    total: NDArray[np.float64]


def compute_indices(runs: NDArray[np.float64]) -> Indices:
    r"""Estimate first-order and total indices.

    Parameters
    ----------
    runs : ndarray of shape (N, 2 + J, Q)
        Outputs of the runs of A, of B, and of A with input (or group) j from B.

    Returns
    -------
    Indices

    Raises
    ------
    StatisticsError
        If an output is missing, or there are fewer than two rows.

    Notes
    -----
    With :math:`f_0, V` the mean and the variance (divisor 2N) of the runs of A and B together,

    .. math:: S_j = \frac1{N V}\sum_i (f_B^i - f_0)(f_{AB_j}^i - f_A^i), \qquad
              T_j = \frac1{2 N V}\sum_i (f_A^i - f_{AB_j}^i)^2

    (Saltelli et al. 2010; Jansen 1999). For a group both hold with all of its inputs taken
    together: its closed index, and one minus the closed index of all others.

    Outputs are centred before: :math:`E(f_{AB_j} - f_A) = 0`, so that without :math:`f_0` the first
    estimate has the same expectation, but its error holds :math:`f_0` times the mean of
    :math:`f_{AB_j} - f_A`: for an index of 70 points that weights move by one, noise thousands of
    times the variance that is to be divided. Differences of runs, and so :math:`T_j`, need no
    centre.

    SALib centres on the mean of all runs, we on that of A and B, of which the variance is too: its
    first-order indices are ours plus :math:`(f_0 - \bar f_{all}) \overline{(f_{AB_j} - f_A)} / V`,
    total ones the same. Both are right in the limit; ours do not change with other inputs.

    References
    ----------
    Jansen M. J. W. Computer Physics Communications, 1999, 117(1-2), 35-43.
    doi:10.1016/S0010-4655(98)00154-4
    Saltelli A. et al. Computer Physics Communications, 2010, 181(2), 259-270.
    doi:10.1016/j.cpc.2009.09.018
    """
    sums = RowSums.of(runs)
    mean, variance, first, total = sums.estimate(np.ones((1, sums.n_rows)))
    return Indices(mean=sums.shift + mean[0], variance=variance[0], first=first[0], total=total[0])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowSums:
    """What estimates need of each of N rows, for Q outputs and J inputs.

    `shift` (Q,) was taken off the outputs, for rounding only. `level`, `square` (N, Q) are means of
    A and B and of their squares; `change`, `product`, `half_square` (N, Q, J) are
    ``d = f_ABj - f_A``, ``f_B d`` and ``d² / 2``. `flat` (Q,) tells outputs that do not move.
    """

    shift: NDArray[np.float64]
    flat: NDArray[np.bool_]
    level: NDArray[np.float64]
    square: NDArray[np.float64]
    change: NDArray[np.float64]
    product: NDArray[np.float64]
    half_square: NDArray[np.float64]

    @classmethod
    def of(cls, runs: NDArray[np.float64]) -> RowSums:
        """Take them from runs, see :func:`compute_indices`."""
        _check(runs)
        base = runs[:, :2]
        shift = base.mean(axis=(0, 1))
        a, b = np.moveaxis(base - shift, 1, 0)
        change = np.moveaxis(runs[:, 2:] - runs[:, :1], 1, 2)
        largest = np.abs(runs).max(axis=(0, 1))
        return cls(
            shift=shift,
            flat=base.std(axis=(0, 1)) <= FLAT * largest,
            level=(a + b) / 2,
            square=(a**2 + b**2) / 2,
            change=change,
            product=b[..., None] * change,
            half_square=change**2 / 2,
        )

    @property
    def n_rows(self) -> int:
        """Rows N of the base sample."""
        return len(self.level)

    def estimate(
        self, counts: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Estimate with rows counted so many times.

        Parameters
        ----------
        counts : ndarray of shape (R, N)

        Returns
        -------
        mean, variance : ndarray of shape (R, Q)
            The mean less `shift`.
        first, total : ndarray of shape (R, Q, J)
        """
        with threadpool_limits(limits=1, user_api="blas"):
            return self._estimate(counts / counts.sum(axis=1, keepdims=True))

    def _estimate(
        self, share: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        mean = share @ self.level
        variance = share @ self.square - mean**2
        # A sample of rows may hold one row only, however often.
        known = ~self.flat & (variance > 0)
        divisor = np.where(known, variance, np.nan)[..., None]
        first = self._average(share, self.product)
        first -= mean[..., None] * self._average(share, self.change)
        return mean, variance, first / divisor, self._average(share, self.half_square) / divisor

    def _average(
        self, share: NDArray[np.float64], values: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        flat: NDArray[np.float64] = share @ values.reshape(self.n_rows, -1)
        return flat.reshape(len(share), *values.shape[1:])


def _check(runs: NDArray[np.float64]) -> None:
    if len(runs) < 2:
        msg = f"sensitivity indices need at least two rows of runs, got {len(runs)}"
        raise StatisticsError(msg)
    lost = int((~np.isfinite(runs)).sum())
    if lost:
        msg = f"{lost} outputs of runs are missing or infinite: leave such outputs out before"
        raise StatisticsError(msg)
