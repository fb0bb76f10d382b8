"""Ratings in categories: which categories, and how many raters chose each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.agreement.coefficients.estimate import check_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_RATERS = 2


def check_ratings(ratings: NDArray[np.float64], *, level: float) -> None:
    """Raise unless ratings are a table of two or more columns and 0 < level < 1.

    Raises
    ------
    ValueError
    """
    check_share(level, "level")
    if ratings.ndim != FEWEST_RATERS or ratings.shape[1] < FEWEST_RATERS:
        msg = f"ratings must have a row a unit and at least two columns, not shape {ratings.shape}"
        raise ValueError(msg)


def find_categories(
    ratings: NDArray[np.float64], categories: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Return the categories in ascending order: those given, or those that occur.

    Raises
    ------
    ValueError
        Where a rating is none of the given categories.
    """
    seen = np.unique(ratings[~np.isnan(ratings)])
    if categories is None:
        return seen
    given = np.unique(categories)
    strange = np.setdiff1d(seen, given)
    if len(strange):
        msg = f"ratings outside the categories: {', '.join(f'{v:g}' for v in strange)}"
        raise ValueError(msg)
    return given


def mark_categories(
    ratings: NDArray[np.float64], categories: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return 1 where a rater chose a category, shape (n, r, q); a missing rating is all 0."""
    return np.asarray(ratings[:, :, None] == categories, dtype=np.float64)
