"""The margins of the indicators: all that random data need to know of the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.polychoric import compute_cuts, read_tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.sample import FactorSample
    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Margins:
    """How K indicators are answered, each by itself, in up to C categories.

    Attributes
    ----------
    shares : ndarray of shape (K, C)
        Of the answers given; rows sum to 1.
    values : ndarray of shape (K, C)
        Answer behind each category, reverse-keyed indicators turned round.
    """

    shares: NDArray[np.float64]
    values: NDArray[np.float64]

    @property
    def cuts(self) -> NDArray[np.float64]:
        """Cut points of a standard normal with infinite ends, shape (K, C + 1)."""
        return compute_cuts(self.shares)

    @property
    def information(self) -> NDArray[np.float64]:
        """Variance of the normal variable that its category tells, shape (K,), at most 1.

        ``v = sum_a (phi(t_{a-1}) - phi(t_a))^2 / p_a``: the expected information of n independent
        pairs of answers about a polychoric correlation of 0 is ``n v_i v_j``.
        """
        cuts = self.cuts
        slopes = np.diff(np.exp(-(cuts**2) / 2) / np.sqrt(2 * np.pi), axis=1)
        parts = np.divide(slopes**2, self.shares, out=np.zeros_like(slopes), where=self.shares > 0)
        return np.asarray(parts.sum(axis=1))

    def apportion(self, n: int) -> NDArray[np.int64]:
        """Divide n answers over the categories as the shares do, shape (K, C).

        By largest remainders, of equal ones the first; exact where everybody answered.
        """
        quotas = self.shares * n
        counts = np.floor(quotas + 1e-9).astype(np.int64)
        order = np.argsort(-(quotas - counts), axis=1, kind="stable")
        left = n - counts.sum(axis=1, keepdims=True)
        np.put_along_axis(
            counts,
            order,
            np.take_along_axis(counts, order, axis=1) + (np.arange(counts.shape[1]) < left),
            axis=1,
        )
        return counts


def read_margins(sample: FactorSample, methodology: Methodology) -> Margins:
    """Read the margins of all centres together; everybody who answered an indicator counts."""
    answers = read_tables(sample.counts, methodology).margins.sum(axis=0).astype(np.float64)
    values = np.zeros_like(answers)
    for row, key in enumerate(sample.indicators):
        own = methodology.scale_of(key).answers
        values[row, : len(own)] = own
    return Margins(shares=answers / answers.sum(axis=1, keepdims=True), values=values)
