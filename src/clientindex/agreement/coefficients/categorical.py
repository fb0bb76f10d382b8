r"""Agreement of any number of raters beyond chance, with missing ratings, as Gwet writes it.

All are :math:`(p_a - p_e) / (1 - p_e)` and differ in what they call chance:

================ =============================================================================
percent          nothing: the (weighted) share of agreeing pairs of raters
brennan_prediger every category equally likely
fleiss           the categories' shares over all raters (Scott's pi for two)
conger           each rater's own shares (Cohen's kappa for two)
gwet             chance only where a rating is random: AC1, with weights AC2
krippendorff     as fleiss, over units with two or more ratings, with a correction for small samples
================ =============================================================================

Kappas fall where one category is common although raters agree; AC1 and AC2 do not. The standard
errors are Gwet's linearisation over units, raters fixed, with Student's t on n - 1 degrees of
freedom.

References
----------
Gwet K. L. Computing inter-rater reliability and its variance in the presence of high agreement.
British Journal of Mathematical and Statistical Psychology, 2008, 61(1), 29-48.
doi:10.1348/000711006X126600 Gwet K. L. Handbook of Inter-Rater Reliability. Advanced Analytics, 4th
edition, 2014. Fleiss J. L. Measuring nominal scale agreement among many raters. Psychological
Bulletin, 1971, 76(5), 378-382. doi:10.1037/h0031619
Conger A. J. Integration and generalization of kappas for multiple raters. Psychological Bulletin,
1980, 88(2), 322-328. doi:10.1037/0033-2909.88.2.322
Brennan R. L., Prediger D. J. Coefficient kappa: some uses, misuses, and alternatives. Educational
and Psychological Measurement, 1981, 41(3), 687-699. doi:10.1177/001316448104100307
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.stats import t as student

from clientindex.agreement.coefficients.estimate import Estimate, leave_undefined
from clientindex.agreement.coefficients.ratings import (
    check_ratings,
    find_categories,
    mark_categories,
)
from clientindex.agreement.coefficients.weights import compute_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from clientindex.agreement.coefficients.weights import Weights

Coefficient = Literal["percent", "brennan_prediger", "fleiss", "conger", "gwet", "krippendorff"]

UNDEFINED_NO_PAIRS = "undefined: no unit has two ratings"
UNDEFINED_ONE_CATEGORY = "undefined: all ratings are in one category"


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoricalAgreement:
    """A chance-corrected coefficient with what it is made of.

    Attributes
    ----------
    coefficient : Estimate
        Its upper limit is cut at 1, as irrCAC does. `n` counts units with a rating.
    observed, expected : float
        Shares of agreement: found, and by chance.
    n_paired : int
        Units with two ratings or more.
    n_categories : int
    """

    coefficient: Estimate
    observed: float
    expected: float
    n_paired: int
    n_categories: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Table:
    """Ratings of n units by r raters in q categories.

    Attributes
    ----------
    marks : ndarray of shape (n, r, q)
    counts : ndarray of shape (n, q)
        Raters who chose each category.
    rated : ndarray of shape (n,)
        Raters of each unit, at least 1.
    weights : ndarray of shape (q, q)
    """

    marks: NDArray[np.float64]
    counts: NDArray[np.float64]
    rated: NDArray[np.float64]
    weights: NDArray[np.float64]

    @property
    def agreeing(self) -> NDArray[np.float64]:
        """Weighted ordered pairs of raters that agree, per unit; shape (n,)."""
        return np.asarray((self.counts * (self.counts @ self.weights - 1)).sum(axis=1))

    @property
    def shares(self) -> NDArray[np.float64]:
        """Mean share of each category over units; shape (q,)."""
        return np.asarray((self.counts / self.rated[:, None]).mean(axis=0))


def estimate_categorical(
    ratings: NDArray[np.float64],
    *,
    coefficient: Coefficient,
    level: float,
    weights: Weights = "unweighted",
    categories: NDArray[np.float64] | None = None,
) -> CategoricalAgreement:
    """Estimate a coefficient of agreement of raters who sort units into categories.

    Parameters
    ----------
    ratings : ndarray of shape (n, r)
        Categories as numbers, NaN where missing. Units without any rating and raters without any
        are dropped. Units with one rating tell of the categories' shares only.
    coefficient : {"percent", "brennan_prediger", "fleiss", "conger", "gwet", "krippendorff"}
    level : float
    weights : {"unweighted", "linear", "quadratic", "ordinal"}
        With weights "gwet" is AC2.
    categories : ndarray of shape (q,), optional
        All possible categories; those that occur when not given. AC1, AC2 and Brennan-Prediger
        depend on it.

    Returns
    -------
    CategoricalAgreement
        Undefined (NaN) where no unit has two ratings, or all ratings are in one category.

    Raises
    ------
    ValueError
        For a table of fewer than two columns, ratings outside the categories, an unknown
        coefficient or weights, or a level outside 0 to 1.

    Notes
    -----
    Agrees with R irrCAC 1.4 to its five digits. Where every unit has two ratings the standard error
    is near the jackknife's. Units with one rating enter it as units without agreement, as in
    irrCAC, which makes it too large (by a third where a sixth of units have one); "krippendorff"
    drops them.
    """
    check_ratings(ratings, level=level)
    if coefficient not in RULES:
        msg = f"coefficient must be one of {', '.join(RULES)}, not {coefficient!r}"
        raise ValueError(msg)
    found = find_categories(ratings, categories)
    marks = mark_categories(ratings, found)
    marks = marks[marks.any(axis=(1, 2))]
    marks = marks[:, marks.any(axis=(0, 2))]
    table = _Table(
        marks=marks,
        counts=marks.sum(axis=1),
        rated=marks.sum(axis=(1, 2)),
        weights=compute_weights(found, weights),
    )
    paired, n = int((table.rated > 1).sum()), len(marks)
    if paired == 0 or int(table.counts.any(axis=0).sum()) == 1:
        reason = UNDEFINED_ONE_CATEGORY if paired else UNDEFINED_NO_PAIRS
        undefined = leave_undefined(reason, level=level, n=n)
        return CategoricalAgreement(
            coefficient=undefined,
            observed=float("nan"),
            expected=float("nan"),
            n_paired=paired,
            n_categories=len(found),
        )
    parts = RULES[coefficient](table)
    return CategoricalAgreement(
        coefficient=_wrap(parts, n, level),
        observed=parts.observed,
        expected=parts.expected,
        n_paired=paired,
        n_categories=len(found),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Parts:
    """A coefficient with the linearised terms of units around a centre."""

    observed: float
    expected: float
    value: float
    terms: NDArray[np.float64]
    centre: float


def _wrap(parts: _Parts, n: int, level: float) -> Estimate:
    size = len(parts.terms)
    if size == 1:
        return Estimate(estimate=parts.value, level=level, n=n, method="no interval: one unit")
    squares = float(((parts.terms - parts.centre) ** 2).sum())
    se = float(np.sqrt(squares / (size * (size - 1))))
    margin = float(student.ppf((1 + level) / 2, n - 1)) * se
    return Estimate(
        estimate=parts.value,
        std_error=se,
        ci_low=parts.value - margin,
        ci_high=min(1.0, parts.value + margin),
        level=level,
        n=n,
        method="Student t, Gwet's linearisation",
    )


def _correct(table: _Table, expected: float, chance: NDArray[np.float64] | float) -> _Parts:
    """Return the coefficient of an expected agreement, to which each unit contributes `chance`."""
    paired = table.rated > 1
    raised = paired * (len(paired) / paired.sum())
    pairs = np.where(paired, table.rated * (table.rated - 1), 1)
    agreement = raised * table.agreeing / pairs
    observed = float(agreement.mean())
    value = (observed - expected) / (1 - expected)
    terms = (agreement - expected * raised) / (1 - expected)
    terms = terms - 2 * (1 - value) * (chance - expected) / (1 - expected)
    return _Parts(observed=observed, expected=expected, value=value, terms=terms, centre=value)


def _compute_percent(table: _Table) -> _Parts:
    return _correct(table, 0.0, 0.0)


def _compute_brennan_prediger(table: _Table) -> _Parts:
    expected = float(table.weights.mean())
    return _correct(table, expected, expected)


def _compute_gwet(table: _Table) -> _Parts:
    q = len(table.weights)
    scale = float(table.weights.sum()) / (q * (q - 1))
    shares = table.shares
    chance = scale * (table.counts @ (1 - shares)) / table.rated
    return _correct(table, scale * float((shares * (1 - shares)).sum()), chance)


def _compute_fleiss(table: _Table) -> _Parts:
    shares = table.shares
    weighted = table.weights @ shares
    return _correct(table, float(shares @ weighted), table.counts @ weighted / table.rated)


def _compute_conger(table: _Table) -> _Parts:
    n, r, _ = table.marks.shape
    rated = table.marks.sum(axis=(0, 2))
    own = table.marks.sum(axis=0) / rated[:, None]
    others = own.sum(axis=0) - own
    weighted = others @ table.weights
    expected = float((own * weighted).sum()) / (r * (r - 1))
    present = table.marks.sum(axis=2)
    deviation = table.marks - (present - rated / n)[:, :, None] * own
    scaled = deviation * (n / rated)[:, None]
    chance = np.einsum("irk,rk->i", scaled, weighted) / (r * (r - 1))
    return _correct(table, expected, chance)


def _compute_krippendorff(table: _Table) -> _Parts:
    paired = table.rated > 1
    rated, counts = table.rated[paired], table.counts[paired]
    mean, shift = float(rated.mean()), (rated - rated.mean()) / rated.mean()
    shares = counts.mean(axis=0) / mean
    weighted = table.weights @ shares
    expected = float(shares @ weighted)
    agreement = table.agreeing[paired] / (mean * (rated - 1))
    raw = float(agreement.mean())
    corrected = raw + (1 - raw) / float(rated.sum())
    centre = (raw - expected) / (1 - expected)
    chance = counts @ weighted / mean - expected * shift
    terms = (agreement - raw * shift - expected) / (1 - expected)
    return _Parts(
        observed=corrected,
        expected=expected,
        value=(corrected - expected) / (1 - expected),
        terms=terms - 2 * (1 - centre) * (chance - expected) / (1 - expected),
        centre=centre,
    )


RULES: dict[Coefficient, Callable[[_Table], _Parts]] = {
    "percent": _compute_percent,
    "brennan_prediger": _compute_brennan_prediger,
    "fleiss": _compute_fleiss,
    "conger": _compute_conger,
    "gwet": _compute_gwet,
    "krippendorff": _compute_krippendorff,
}
