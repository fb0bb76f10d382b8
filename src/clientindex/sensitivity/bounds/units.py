"""Centres of an edition as units whose indices have exact bounds, or bounds that hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.aggregation import Mean, compute_mean
from clientindex.rating.levels import average_regions, score_levels
from clientindex.sensitivity.bounds.nested import Nest, find_extreme

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology.scoring_settings import Missing
    from clientindex.methodology.weight_bounds_settings import WeightBoundsSettings
    from clientindex.rating.score_inputs import ScoreInputs
    from clientindex.rating.score_plan import ScorePlan

MEDIAN, NORMALISED, IMPUTED = "median", "groups_normalised", "imputed_means"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """N units of C centres: a centre is one, or one a segment.

    Attributes
    ----------
    x : ndarray of shape (N, K)
    centre_of : int ndarray of shape (N,)
        Rising.
    share : ndarray of shape (N,)
        Weight of the unit in the index of its centre; sums to 1 in a centre.
    exact : bool ndarray of shape (C,)
        One unit: its bounds are reached. Segments of several units have weights in common, which
        their bounds do not ask for: the bounds of such a centre hold, but need not be reached.
    n_centres : int
    nest : Nest
    across : Mean
        Of segments.
    """

    x: NDArray[np.float64]
    centre_of: NDArray[np.intp]
    share: NDArray[np.float64]
    exact: NDArray[np.bool_]
    n_centres: int
    nest: Nest
    across: Mean

    def find_index(self, *, band: NDArray[np.float64], largest: bool) -> NDArray[np.float64]:
        """Return the largest or smallest index of every centre, shape (C,); NaN without a unit.

        Parameters
        ----------
        band : ndarray of shape (C,)
        largest : bool
        """
        units = find_extreme(self.x, self.nest, band=band[self.centre_of], largest=largest).index
        place = np.arange(len(units)) - np.searchsorted(self.centre_of, self.centre_of)
        values = np.full((self.n_centres, max(int(place.max(initial=0)) + 1, 1)), np.nan)
        weights = np.zeros(values.shape)
        values[self.centre_of, place] = units
        weights[self.centre_of, place] = self.share
        if values.shape[1] == 1:
            return values[:, 0]
        return compute_mean(values, weights, mean=self.across)

    def select(self, centres: NDArray[np.intp]) -> Units:
        """Return the units of some centres, in this order; every centre once."""
        first = np.searchsorted(self.centre_of, centres)
        size = np.searchsorted(self.centre_of, centres, side="right") - first
        rows = (
            np.repeat(first, size) + np.arange(size.sum()) - np.repeat(size.cumsum() - size, size)
        )
        return Units(
            x=self.x[rows],
            centre_of=np.repeat(np.arange(len(centres)), size),
            share=self.share[rows],
            exact=self.exact[centres],
            n_centres=len(centres),
            nest=self.nest,
            across=self.across,
        )


def find_lack(plan: ScorePlan, settings: WeightBoundsSettings) -> str:
    """Return why bounds are not defined for a methodology, or "".

    A median is no weighted sum of anything; z scores of groups and means that stand in for missing
    values change with the weights inside groups of all centres, so they are exact only where those
    stay. A mean of the others of the same parent is as if the weight were shared where the mean of
    the level is arithmetic, and only then.
    """
    rules, inner_stays = plan.rules, settings.moves == "groups"
    if rules.index.exponent is None or (rules.group.exponent is None and not inner_stays):
        return MEDIAN
    if rules.normalises and not inner_stays:
        return NORMALISED
    imputes = "impute_group_mean"
    inside = rules.missing_indicator == imputes and rules.group.exponent != 1 and not inner_stays
    outside = rules.missing_group == imputes and rules.index.exponent != 1
    if inside or outside or (rules.missing_group == "impute_region_mean" and not inner_stays):
        return IMPUTED
    return ""


def make_units(inputs: ScoreInputs, plan: ScorePlan, settings: WeightBoundsSettings) -> Units:
    """Make the units of all centres.

    Parameters
    ----------
    inputs : ScoreInputs
    plan : ScorePlan
        For which :func:`find_lack` finds nothing.
    settings : WeightBoundsSettings

    Raises
    ------
    StatisticsError
        If a mean is not defined for negative scores.

    Notes
    -----
    With one power at all levels the index is a mean of that power over segments and indicators, and
    segments may be combined first, indicator by indicator, where all of them have the same ones.
    """
    nest, x = _make_nest(inputs, plan, settings)
    usable = _find_usable(x, nest, plan)
    x = np.where(usable[..., nest.group_of], x, np.nan)
    counts = _find_counting(usable, nest, plan)
    share = np.where(counts, plan.segment, 0.0)
    total = share.sum(axis=-1, keepdims=True)
    share = share / np.where(total > 0, total, 1.0)
    merged = _find_mergeable(x, nest, share, plan)
    centre, segment = np.nonzero((share > 0) & ~merged[:, None])
    whole = np.flatnonzero(merged & (share > 0).any(axis=-1))
    seen = np.swapaxes(x[whole], 1, 2)
    weight = np.where(np.isnan(seen), 0.0, share[whole][:, None, :])
    combined = compute_mean(seen, weight, mean=plan.rules.segments)
    order = np.argsort(np.concatenate([whole, centre]), kind="stable")
    return Units(
        x=np.concatenate([combined, x[centre, segment]])[order],
        centre_of=np.concatenate([whole, centre])[order],
        share=np.concatenate([np.ones(len(whole)), share[centre, segment]])[order],
        exact=merged,
        n_centres=len(x),
        nest=nest,
        across=plan.rules.segments,
    )


def _make_nest(
    inputs: ScoreInputs, plan: ScorePlan, settings: WeightBoundsSettings
) -> tuple[Nest, NDArray[np.float64]]:
    """Return the nest and its values (C, S, K); groups themselves where weights inside them stay.

    Then every group holds one value, its score.
    """
    rules, rescaled = plan.rules, settings.weights == "rescaled"
    power = rules.index.exponent
    assert power is not None
    if settings.moves == "groups":
        levels = score_levels(inputs.value, rules, inner=plan.inner, outer=plan.outer)
        outer = np.where(levels.flat_groups, 0.0, plan.outer)
        parents = np.zeros(len(outer), dtype=np.intp)
        x = _fill(levels.groups, outer, rules.missing_group, parents, rules.region_of)
        nest = Nest(
            inner=np.ones(len(outer)),
            outer=_normalise(outer),
            group_of=np.arange(len(outer)),
            power_group=power,
            power_index=power,
            inner_moves=False,
            rescaled=rescaled,
        )
        return nest, x
    inside = rules.group.exponent
    assert inside is not None
    total = np.bincount(rules.group_of, weights=plan.inner)[rules.group_of]
    nest = Nest(
        inner=plan.inner / np.where(total > 0, total, 1.0),
        outer=_normalise(plan.outer),
        group_of=rules.group_of,
        power_group=inside,
        power_index=power,
        outer_moves=settings.moves == "both",
        rescaled=rescaled,
    )
    parents, treatment = rules.group_of, rules.missing_indicator
    return nest, _fill(inputs.value, plan.inner, treatment, parents, rules.region_of)


def _normalise(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    total = weights.sum()
    return weights / total if total > 0 else weights


def _fill(
    x: NDArray[np.float64],
    weights: NDArray[np.float64],
    treatment: Missing,
    parent_of: NDArray[np.intp],
    region_of: NDArray[np.intp] | None,
) -> NDArray[np.float64]:
    """Put means of regions in the place of missing values, where the methodology does."""
    if treatment != "impute_region_mean":
        return x
    asked = weights > 0
    member = (parent_of == np.arange(int(parent_of.max()) + 1)[:, None]).astype(np.float64)
    some = ((~np.isnan(x) & asked).astype(np.float64) @ member.T > 0)[..., parent_of]
    return np.where(np.isnan(x) & asked & some, average_regions(x, region_of), x)


def _find_usable(x: NDArray[np.float64], nest: Nest, plan: ScorePlan) -> NDArray[np.bool_]:
    """Return which groups have a score, shape (C, S, G)."""
    member = (nest.group_of == np.arange(len(nest.outer))[:, None]).astype(np.float64)
    asked = nest.inner > 0
    known = ((~np.isnan(x) & asked).astype(np.float64) @ member.T) > 0
    if plan.rules.missing_indicator in ("reweight", "impute_group_mean"):
        return np.asarray(known)
    lost = ((np.isnan(x) & asked).astype(np.float64) @ member.T) > 0
    return np.asarray(known & ~lost)


def _find_counting(usable: NDArray[np.bool_], nest: Nest, plan: ScorePlan) -> NDArray[np.bool_]:
    """Return which segments have an index, shape (C, S)."""
    asked = nest.outer > 0
    some = (usable & asked).any(axis=-1)
    if plan.rules.missing_group in ("reweight", "impute_group_mean"):
        return np.asarray(some)
    return np.asarray(some & (usable | ~asked).all(axis=-1))


def _find_mergeable(
    x: NDArray[np.float64], nest: Nest, share: NDArray[np.float64], plan: ScorePlan
) -> NDArray[np.bool_]:
    """Return centres whose segments may be combined before weights, shape (C,)."""
    single = (share > 0).sum(axis=-1) <= 1
    if not nest.has_one_power or plan.rules.segments.exponent != nest.power_index:
        return np.asarray(single)
    asked = (nest.inner > 0) & (nest.outer[nest.group_of] > 0)
    known = ~np.isnan(x) & asked
    first = known[np.arange(len(x)), share.argmax(axis=-1)][:, None]
    alike = ((known == first) | (share[..., None] == 0)).all(axis=(1, 2))
    return np.asarray(single | alike)
