"""Random audits: without them nobody knows what is found where nothing stands out."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


def count_by_lot(n: int, *, share: float) -> int:
    """Return how many of n centres are drawn: rounded half up, one at least unless share is 0.

    Examples
    --------
    >>> count_by_lot(50, share=0.05), count_by_lot(3, share=0.05), count_by_lot(50, share=0.0)
    (3, 1, 0)
    """
    if n == 0 or share == 0:
        return 0
    exact = Decimal(str(share)) * n
    return max(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), 1)


def draw_lot(
    centres: Sequence[str], *, number: int, seed: np.random.SeedSequence
) -> frozenset[str]:
    """Draw centres without replacement; the same ones whatever their order.

    Parameters
    ----------
    centres : sequence of str
        Distinct.
    number : int
        All of them where there are fewer.
    seed : numpy.random.SeedSequence
    """
    ordered = sorted(centres)
    rng = np.random.default_rng(seed)
    drawn = rng.choice(len(ordered), size=min(number, len(ordered)), replace=False)
    return frozenset(ordered[place] for place in drawn)
