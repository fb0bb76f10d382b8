"""The smallest band at which something becomes possible, by bisection of all units at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Possible = Callable[[NDArray[np.intp], NDArray[np.float64]], NDArray[np.bool_]]


def find_smallest_band(possible: Possible, *, n: int, tolerance: float) -> NDArray[np.float64]:
    """Find the smallest share b at which something is possible.

    Parameters
    ----------
    possible : callable
        Of units (their places) and their bands; once possible, it stays so in a wider band, as the
        weights of a band are among those of a wider one.
    n : int
        Number of units.
    tolerance : float
        In shares, e.g. 1e-5.

    Returns
    -------
    ndarray of shape (n,)
        The thing is possible at the band told, and impossible at one narrower by `tolerance`. 0
        where it is so already; NaN where it is not possible in any band up to 1 (100 %).
    """
    found = np.full(n, np.nan)
    everyone = np.arange(n)
    rows = everyone[possible(everyone, np.ones(n))] if n else everyone
    at_once = possible(rows, np.zeros(len(rows)))
    found[rows[at_once]] = 0.0
    rows = rows[~at_once]
    low, high = np.zeros(len(rows)), np.ones(len(rows))
    while len(rows) and float((high - low).max()) > tolerance:
        middle = (low + high) / 2
        yes = possible(rows, middle)
        low, high = np.where(yes, low, middle), np.where(yes, middle, high)
    found[rows] = high
    return found
