"""Alpha, omega and the reliability of centre means of any set of indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.counts import (
    PairSums,
    code_strata,
    compute_covariance,
    compute_pair_sums,
    keyed_values,
    point_values,
)
from clientindex.factors.levels import combine_terms, leave_one_out, read_terms
from clientindex.reliability.centres.jackknife import (
    Strata,
    make_bounded_interval,
    make_plain_interval,
)
from clientindex.reliability.centres.scores import NO_VARIANCE
from clientindex.reliability.coefficients import compute_cronbach, compute_omega, fit_one_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.reliability.scopes import Scope
    from clientindex.reliability.sets.plan import IndicatorSet

STATISTICS = ("alpha", "omega_total", "centre_reliability")

FEWEST_FOR_ALPHA = 2
FEWEST_FOR_OMEGA = 3

Key = tuple[tuple[int, ...], tuple[float, ...]]


class Evaluator:
    """Computes the statistics of :data:`STATISTICS` of everybody, and without each centre.

    Alpha and omega total (one factor) are of keyed answers; the reliability of centres is ICC(2)
    of the weighted score in points at the mean size n0, by moments.

    Parameters
    ----------
    scope : Scope
        Of two or more centres.
    methodology : Methodology
    """

    def __init__(self, scope: Scope, methodology: Methodology) -> None:
        self.strata = Strata(codes=code_strata(scope.regions))
        self.level = methodology.intervals.level
        sums = compute_pair_sums(scope.counts, keyed_values(methodology))
        self._cov = compute_covariance(_leave_out(sums))
        terms = read_terms(compute_pair_sums(scope.counts, point_values(methodology)))
        parts = (combine_terms(terms, np.ones((1, terms.parts.shape[1]))), leave_one_out(terms))
        self._within, self._between, self._size = (
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("within", "between", "size")
        )
        self._coherence: dict[tuple[int, ...], dict[str, NDArray[np.float64]]] = {}
        self._resampled: dict[Key, dict[str, NDArray[np.float64]]] = {}
        self._bounds: dict[tuple[Key, str], tuple[float, float]] = {}

    def estimate(self, chosen: IndicatorSet) -> dict[str, float]:
        """Return the statistics of everybody; NaN where one is not defined."""
        return self.estimate_all([chosen])[0]

    def estimate_all(self, chosen: Sequence[IndicatorSet]) -> list[dict[str, float]]:
        """Return the statistics of everybody for each of several sets of one size."""
        cov = np.stack([self._cov[0][own.items[:, None], own.items] for own in chosen])
        found = _cohere(cov, alike=False)
        everybody = slice(0, 1)
        return [
            {
                **{name: float(values[at]) for name, values in found.items()},
                "centre_reliability": float(self._separate(own, everybody)[0]),
            }
            for at, own in enumerate(chosen)
        ]

    def resample(self, chosen: IndicatorSet) -> dict[str, NDArray[np.float64]]:
        """Return the statistics of everybody, then without each centre, shape (1 + C,)."""
        if chosen.key not in self._resampled:
            items = chosen.key[0]
            if items not in self._coherence:
                cov = self._cov[:, chosen.items[:, None], chosen.items]
                self._coherence[items] = _cohere(cov, alike=True)
            separate = self._separate(chosen, slice(None))
            found = {**self._coherence[items], "centre_reliability": separate}
            self._resampled[chosen.key] = found
        return self._resampled[chosen.key]

    def bound(self, chosen: IndicatorSet, statistic: str) -> tuple[float, float]:
        """Return the interval of a statistic."""
        if (chosen.key, statistic) not in self._bounds:
            values = self.resample(chosen)[statistic]
            _, low, high = make_bounded_interval(values[0], values[1:], self.strata, self.level)
            self._bounds[chosen.key, statistic] = float(low), float(high)
        return self._bounds[chosen.key, statistic]

    def bound_difference(self, values: NDArray[np.float64]) -> tuple[float, float]:
        """Return the interval of a difference of statistics."""
        _, low, high = make_plain_interval(values[0], values[1:], self.strata, self.level)
        return float(low), float(high)

    def _separate(self, chosen: IndicatorSet, rows: slice) -> NDArray[np.float64]:
        """Return the reliability of centre means, NaN where answers inside centres are equal."""
        block = (rows, chosen.items[:, None], chosen.items)
        w = chosen.weights
        between, within = (
            ((part[block] @ w) * w).sum(axis=1) for part in (self._between, self._within)
        )
        square = self._size[block].mean(axis=(1, 2)) * between + within
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where((within > NO_VARIANCE) & (square > 0), 1 - within / square, np.nan)


def _cohere(cov: NDArray[np.float64], *, alike: bool) -> dict[str, NDArray[np.float64]]:
    """Return alpha and omega of covariances (B, k, k), which do not depend on weights.

    Matrices are alike when they are a sample and its replicates.
    """
    k = cov.shape[-1]
    variance = np.diagonal(cov, axis1=1, axis2=2)
    defined = np.asarray(np.isfinite(cov).all(axis=(1, 2)) & (variance > 0).all(axis=1))
    alpha, omega = np.full((2, len(cov)), np.nan)
    if k >= FEWEST_FOR_ALPHA and defined.any():
        alpha[defined] = compute_cronbach(cov[defined])
    if k >= FEWEST_FOR_OMEGA and defined.any():
        sd = np.sqrt(variance[defined])
        r = cov[defined] / (sd[:, :, None] * sd[:, None, :])
        omega[defined] = compute_omega(fit_one_factor(r, alike=alike).loadings, sd)["omega_total"]
    return {"alpha": alpha, "omega_total": omega}


def _leave_out(sums: PairSums) -> PairSums:
    """Return the sums over all centres, then without each, leading shape (1 + C,)."""
    parts = {}
    for name in ("n", "s", "ss", "q"):
        values = getattr(sums, name)
        total = values.sum(axis=0, keepdims=True)
        parts[name] = np.concatenate([total, total - values])
    return PairSums(**parts)
