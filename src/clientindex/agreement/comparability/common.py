"""Scales that are declared common: nothing is changed, so bias keeps its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonScale:
    """A scale that both methods are declared to use.

    Attributes
    ----------
    low, high : float
        Its ends.
    """

    low: float
    high: float

    def apply(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return a copy of `values`: they are on the survey's scale already."""
        return np.array(values, dtype=np.float64)


def declare_common(
    survey: NDArray[np.float64], checklist: NDArray[np.float64], *, low: float, high: float
) -> CommonScale:
    """Declare that both methods measure in the same points.

    This is the only choice under which the bias between the methods can be seen; whether a point of
    the checklist means what a point of the survey means is then an assumption, not a result.

    Parameters
    ----------
    survey, checklist : ndarray of any shape
        Missing values (NaN) are passed over.
    low, high : float

    Raises
    ------
    StatisticsError
        When the ends are not in order, or values of either method lie outside of them.
    """
    if not low < high:
        message = f"the lower end of a scale must be below the upper, not {low:g} and {high:g}"
        raise StatisticsError(message)
    outside = {
        name: int(((values < low) | (values > high)).sum())
        for name, values in (("survey", survey), ("checklist", checklist))
    }
    faults = [f"{count} values of the {name}" for name, count in outside.items() if count]
    if faults:
        message = (
            f"the scales are not common: {' and '.join(faults)} lie outside {low:g} to {high:g}"
        )
        raise StatisticsError(message)
    return CommonScale(low=low, high=high)
