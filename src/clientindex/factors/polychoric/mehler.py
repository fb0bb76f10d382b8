r"""Mehler's series: bivariate normal probabilities as sums of products of one factor a margin.

.. math:: \Phi_2(h, k, \rho) = \Phi(h) \Phi(k) + \sum_{n \ge 1} \rho^n g_n(h) g_n(k),
          \quad g_n(x) = He_{n-1}(x) \varphi(x) / \sqrt{n!}

with Hermite polynomials He. The factors of a cut point serve every pair of indicators and every
correlation that is tried; a probability then takes some tens of products and no exponential.

References
----------
Kibble W. F. An extension of a theorem of Mehler's on Hermite polynomials. Mathematical Proceedings
of the Cambridge Philosophical Society, 1945, 41(1), 12-15. doi:10.1017/S0305004100022313
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.factors.polychoric.normal import normal_pdf

if TYPE_CHECKING:
    from numpy.typing import NDArray

TERMS = 256

VECTOR = 16
"""Terms that are summed at once; a divisor of :data:`TERMS`."""

CHAINS = 8

LARGEST = 0.88
"""Largest correlation, in absolute value, for which so many terms suffice: what is left is below
``0.88^256 / (1 - 0.88)``, 5e-14, times the products of factors, which are below 0.1 there."""

SMALLEST_POWER = 1e-15
"""Power of a correlation from which terms change nothing."""

FARTHEST = 38.0
"""Cut points beyond have no normal density left."""

_N = np.arange(1, TERMS)
_UP = 1 / np.sqrt(_N + 1)
_BACK = (_N - 1) / np.sqrt(_N * (_N + 1.0))


@njit(nogil=True)
def fill_factors(cuts: NDArray[np.float64], factors: NDArray[np.float64]) -> None:
    """Write the first factors of an indicator's cut points, shape (C + 1, up to TERMS).

    An infinite cut point has none. The recurrences of all cut points advance together, since each
    waits for its own last term.
    """
    size = len(cuts)
    before, here = np.zeros(size), np.zeros(size)
    point = np.zeros(size)
    for c in range(size):
        if abs(cuts[c]) <= FARTHEST:
            point[c], here[c] = cuts[c], normal_pdf(cuts[c])
        factors[c, 0] = here[c]
    for n in range(factors.shape[1] - 1):
        up, back = _UP[n], _BACK[n]
        for c in range(size):
            after = point[c] * here[c] * up - back * before[c]
            before[c], here[c] = here[c], after
            factors[c, n + 1] = after


@njit(nogil=True)
def count_terms(rho: float) -> int:
    """Return how many terms a correlation up to :data:`LARGEST` takes."""
    size = abs(rho)
    if size < SMALLEST_POWER:
        return 1
    return min(TERMS, int(math.log(SMALLEST_POWER) / math.log(size)) + 1)


@njit(nogil=True)
def fill_powers(rho: float, powers: NDArray[np.float64]) -> int:
    """Write powers 1, 2, ... of a correlation as the series takes them; return how many.

    They are a multiple of :data:`VECTOR`, since the few terms more cost less than a rest would, and
    each is that of eight places before times the eighth: eight chains of products advance together.
    """
    n_terms = (count_terms(rho) + VECTOR - 1) // VECTOR * VECTOR
    power = 1.0
    for n in range(CHAINS):
        power *= rho
        powers[n] = power
    for n in range(CHAINS, n_terms):
        powers[n] = powers[n - CHAINS] * power
    return n_terms
