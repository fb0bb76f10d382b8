"""Caps: no more than a stated number of stars where a condition holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cap:
    """An upper limit of stars with its condition.

    Attributes
    ----------
    reason : str
        Short name of the condition, for example ``checklist_discrepancy``.
    limit : int
        Most stars where the condition holds.
    holds : bool ndarray of shape (C,)
    """

    reason: str
    limit: int
    holds: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Check the limit.

        Raises
        ------
        StatisticsError
            If it is below one star, or `holds` is not made of true and false.
        """
        if self.limit < 1:
            msg = f"cap {self.reason}: the limit is {self.limit}, but one star is the least"
            raise StatisticsError(msg)
        if np.asarray(self.holds).dtype != np.bool_:
            msg = f"cap {self.reason}: for every centre the condition must hold or not"
            raise StatisticsError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CappedStars:
    """Stars after caps.

    Attributes
    ----------
    stars, uncapped : int64 ndarray of shape (C,)
    bit : bool ndarray of shape (C, caps)
        Whether the cap lies below the uncapped star: all that bit, not only the strictest.
    reasons : tuple of str
        Of the caps.
    """

    stars: NDArray[np.int64]
    uncapped: NDArray[np.int64]
    bit: NDArray[np.bool_]
    reasons: tuple[str, ...]

    def list_reasons(self) -> list[tuple[str, ...]]:
        """Return, for each centre, the reasons of all caps that bit."""
        return [
            tuple(reason for reason, bit in zip(self.reasons, row, strict=True) if bit)
            for row in self.bit.tolist()
        ]


def apply_caps(stars: NDArray[np.int64], caps: Sequence[Cap]) -> CappedStars:
    """Lower stars to the least limit of the caps whose condition holds.

    Parameters
    ----------
    stars : int64 ndarray of shape (C,)
    caps : sequence of Cap
        None leave the stars as they are.

    Raises
    ------
    StatisticsError
        If a cap was made for another number of centres, or two have the same reason.

    Examples
    --------
    >>> import numpy as np
    >>> cap = Cap(reason="one_bad_group", limit=3, holds=np.array([True, True, False]))
    >>> apply_caps(np.array([5, 2, 4]), [cap]).stars.tolist()
    [3, 2, 4]
    """
    reasons = tuple(cap.reason for cap in caps)
    if len(set(reasons)) != len(reasons):
        msg = f"caps must have different reasons, got {', '.join(reasons)}"
        raise StatisticsError(msg)
    for cap in caps:
        if np.shape(cap.holds) != np.shape(stars):
            msg = f"cap {cap.reason} is for {np.shape(cap.holds)} centres, not {np.shape(stars)}"
            raise StatisticsError(msg)
    stars = np.asarray(stars, dtype=np.int64)
    bit = np.zeros((len(stars), len(caps)), dtype=bool)
    capped = stars
    for place, cap in enumerate(caps):
        bit[:, place] = cap.holds & (stars > cap.limit)
        capped = np.where(cap.holds, np.minimum(capped, cap.limit), capped)
    return CappedStars(stars=capped, uncapped=stars, bit=bit, reasons=reasons)
