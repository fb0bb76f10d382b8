"""What a method is, and the facts about missing scores that it makes of an edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.levels import average_regions
from clientindex.sensitivity.runs.scores import (
    OWN_MEAN,
    REFUSE,
    REGION_MEAN,
    REWEIGHT,
    score_runs,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology.scoring_settings import Missing
    from clientindex.rating.weighting import WeightPlan

    Items = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]

POWERS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}
_MISSING = {
    "refuse": REFUSE,
    "reweight": REWEIGHT,
    "impute_group_mean": OWN_MEAN,
    "impute_region_mean": REGION_MEAN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexMethod:
    """From indicator scores to the index.

    Attributes
    ----------
    group, index, segments : str
        Kinds of means, keys of `POWERS`.
    missing_indicator, missing_group : str
        See :class:`clientindex.methodology.scoring_settings.Scoring`.
    normalises : bool
        Whether groups are brought to z scores.
    """

    group: str
    index: str
    segments: str
    missing_indicator: Missing
    missing_group: Missing
    normalises: bool = False

    def __post_init__(self) -> None:
        """Check that means are defined."""
        unknown = {self.group, self.index, self.segments} - set(POWERS)
        if unknown:
            msg = (
                f"runs have no {', '.join(sorted(unknown))} mean: means are {', '.join(POWERS)} in "
                "simulations of weights and method"
            )
            raise StatisticsError(msg)
        if self.normalises and (self.index, self.segments) != ("arithmetic", "arithmetic"):
            msg = (
                f"z scores of groups have negative values, for which the {self.index} mean is not "
                "defined: leave out one of the two alternatives"
            )
            raise StatisticsError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scorer:
    """A method with what is missing in an edition; see :func:`score_runs` for the arrays."""

    method: IndexMethod
    needed: NDArray[np.bool_]
    stand_in: NDArray[np.bool_]
    mask: NDArray[np.float64]
    present: NDArray[np.bool_]
    filled: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    starts: NDArray[np.intp]
    segment: NDArray[np.float64]
    region_of: NDArray[np.intp]
    stays: bool
    whole: bool

    @classmethod
    def of(
        cls,
        method: IndexMethod,
        value: NDArray[np.float64],
        plan: WeightPlan,
        *,
        region_of: NDArray[np.intp],
    ) -> Scorer:
        """Find what is missing; it is the same in every draw and under every weighting.

        Parameters
        ----------
        method : IndexMethod
        value : ndarray of shape (S, K, C)
        plan : WeightPlan
            Stated weights. One of 0 stays 0 and asks for nothing.
        region_of : int ndarray of shape (C,)
        """
        needed = (plan.inner > 0)[:, None] & np.ones(value.shape, dtype=bool)
        there = ~np.isnan(value)
        any_there = np.logical_or.reduceat(there & needed, plan.starts, axis=1)
        stand_in = np.zeros(value.shape, dtype=bool)
        if method.missing_indicator == "impute_region_mean":
            stand_in = needed & ~there & any_there[:, plan.group_of]
            stand_in &= ~np.isnan(_average(value, region_of))
        used = (there | stand_in) & needed
        whole = np.logical_and.reduceat(used | ~needed, plan.starts, axis=1)
        refuses = method.missing_indicator in ("refuse", "impute_region_mean")
        present = any_there & (whole | (not refuses))
        own = method.missing_indicator == "impute_group_mean" and method.group != "arithmetic"
        missing_groups = bool((~present[:, plan.outer > 0]).any())
        fills_groups = missing_groups and method.missing_group.startswith("impute")
        return cls(
            method=method,
            needed=needed,
            stand_in=stand_in,
            mask=used.astype(np.float64),
            present=present,
            filled=present & ~whole & own,
            complete=np.asarray(whole.all(axis=2)),
            starts=np.append(plan.starts, value.shape[1]),
            segment=plan.segment if len(plan.segment) else np.ones(1),
            region_of=region_of,
            stays=method.group == method.index and not method.normalises and not fills_groups,
            whole=bool(used.all()),
        )

    def prepare(self, scores: NDArray[np.float64]) -> Items:
        """Return what runs on these scores, shape (S, K, C), have in common.

        Raises
        ------
        StatisticsError
            If a mean is not defined for negative scores.
        """
        known = scores
        if self.stand_in.any():
            known = np.where(self.stand_in, _average(scores, self.region_of), scores)
        plain = known if self.whole else np.where(self.mask > 0, known, 0.0)
        kind = self.method.group
        if kind == "arithmetic":
            return plain, plain, self.mask
        if (plain < 0).any():
            msg = (
                f"the {kind} mean is not defined for negative scores (smallest {plain.min():g}): "
                "leave out that alternative"
            )
            raise StatisticsError(msg)
        with np.errstate(divide="ignore"):
            moved = np.log(plain) if kind == "geometric" else 1 / plain
        return moved if self.whole else np.where(self.mask > 0, moved, 0.0), plain, self.mask

    def score(
        self, items: Items, *, inner: NDArray[np.float64], outer: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the index under R weightings, shape (R, C).

        Parameters
        ----------
        items : tuple of ndarray
            Of :meth:`prepare`.
        inner : ndarray of shape (R, K)
        outer : ndarray of shape (R, G)
        """
        method = self.method
        found: NDArray[np.float64] = score_runs(
            items,
            (self.present, self.filled, self.complete),
            self.starts,
            self.region_of,
            (inner, outer, self.segment),
            (POWERS[method.group], POWERS[method.index], POWERS[method.segments]),
            _MISSING[method.missing_group],
            method.normalises,
            self.stays,
        )
        return found


def _average(value: NDArray[np.float64], region_of: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return means of regions in the places of all centres, shape (S, K, C)."""
    return np.moveaxis(average_regions(np.moveaxis(value, 2, 0), region_of), 0, 2)
