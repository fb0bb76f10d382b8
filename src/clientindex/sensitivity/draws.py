"""Random weightings and the index under each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.weighting import Presence, WeightPlan, share_segments
from clientindex.sensitivity.draw_kinds import draw_dirichlet, draw_simplex
from clientindex.sensitivity.index_kernel import compute_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology.sensitivity_settings import (
        DrawKind,
        SensitivitySettings,
        Varied,
    )

KINDS: tuple[DrawKind, ...] = ("band", "dirichlet", "simplex")
VARIED: tuple[Varied, ...] = ("both", "indicators", "groups")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightDraws:
    """B weightings; weights sum to 1 inside their parent.

    Attributes
    ----------
    inner : ndarray of shape (B, K)
        Indicator weights inside their groups.
    outer : ndarray of shape (B, G)
        Group weights.
    """

    inner: NDArray[np.float64]
    outer: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawScheme:
    """How weights are drawn.

    Attributes
    ----------
    kind : {"band", "dirichlet", "simplex"}
    vary : {"both", "indicators", "groups"}
        Weights that are drawn; the others stay as stated.
    band : float
        Of the kind "band": share by which a weight may move, e.g. 0.25.
    concentration : float
        Of the kind "dirichlet".

    Raises
    ------
    StatisticsError
        On another kind or level; if the band is not above 0 and at most 1, or the concentration
        below 1.
    """

    kind: DrawKind = "band"
    vary: Varied = "both"
    band: float = 0.25
    concentration: float = 100.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        if self.kind not in KINDS or self.vary not in VARIED:
            msg = (
                f"weights are drawn by {', '.join(KINDS)} for {', '.join(VARIED)}, not by "
                f"{self.kind} for {self.vary}"
            )
            raise StatisticsError(msg)
        if not 0 < self.band <= 1:
            msg = f"a weight moves by more than 0 and at most 100 %, not by {100 * self.band:g} %"
            raise StatisticsError(msg)
        if not 1 <= self.concentration < np.inf:
            msg = f"the concentration is a number of 1 or more, got {self.concentration:g}"
            raise StatisticsError(msg)

    @classmethod
    def of(cls, settings: SensitivitySettings) -> DrawScheme:
        """Read the scheme that a methodology states."""
        return cls(
            kind=settings.kind,
            vary=settings.vary,
            band=settings.band_pct / 100,
            concentration=settings.concentration,
        )


def draw_weightings(
    plan: WeightPlan, scheme: DrawScheme, *, first: int, size: int, seed: np.random.SeedSequence
) -> WeightDraws:
    r"""Draw weightings number `first` to ``first + size - 1`` of an endless row of them.

    Parameters
    ----------
    plan : WeightPlan
        Stated weights of K indicators in G groups.
    scheme : DrawScheme
    first, size : int
    seed : numpy.random.SeedSequence
        Any weighting of the row can be had without those before it: each takes K + G uniform
        numbers u, indicators, then groups, whether they are varied or not.

    Returns
    -------
    WeightDraws

    Notes
    -----
    With stated weights w of the children of one parent, weights are re-scaled to sum to 1 inside
    it, :math:`v_i = x_i / \sum_j x_j`, where

    ========= ========================================================================
    band      :math:`x_i = w_i (1 - b + 2 b u_i)`
    dirichlet :math:`x_i` the gamma quantile of shape :math:`c w_i` at :math:`u_i`; then the mean
              of :math:`v_i` is :math:`w_i`, its variance :math:`w_i (1 - w_i) / (c + 1)`
    simplex   :math:`x_i = -\ln(1 - u_i)` where :math:`w_i > 0`: all weights equally likely
    ========= ========================================================================

    After re-scaling a weight may move by more than the band: up to (1 + b) / (1 - b) times. A
    weight of 0 stays 0, and an only child keeps the weight 1.
    """
    bits = np.random.PCG64(seed)
    n_weights = len(plan.inner) + len(plan.outer)
    bits.advance(first * n_weights)
    uniform = np.random.Generator(bits).random(size=(size, n_weights))
    return _place(plan, uniform, scheme)


def _place(plan: WeightPlan, uniform: NDArray[np.float64], scheme: DrawScheme) -> WeightDraws:
    """Turn uniform numbers, shape (B, K + G), into weightings."""
    n_items = len(plan.inner)
    parts = (uniform[:, :n_items], uniform[:, n_items:])
    starts = (plan.starts, np.zeros(1, dtype=np.intp))
    varied = (scheme.vary != "groups", scheme.vary != "indicators")
    stated = (plan.inner, plan.outer)
    inner, outer = (
        _rescale(_move(w, u, scheme) if moved else np.tile(w, (len(u), 1)), start)
        for w, u, start, moved in zip(stated, parts, starts, varied, strict=True)
    )
    return WeightDraws(inner=inner, outer=outer)


def _move(
    stated: NDArray[np.float64], uniform: NDArray[np.float64], scheme: DrawScheme
) -> NDArray[np.float64]:
    """Return weights before re-scaling, shape (B, K)."""
    if scheme.kind == "band":
        low, high = 1 - scheme.band, 1 + scheme.band
        moved: NDArray[np.float64] = stated * (low + (high - low) * uniform)
        return moved
    if scheme.kind == "simplex":
        return draw_simplex(stated > 0, uniform)
    return draw_dirichlet(scheme.concentration * stated, uniform)


def _rescale(moved: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    """Make weights sum to 1 inside parents; all 0 stay 0."""
    sizes = np.diff(np.append(starts, moved.shape[1]))
    # One parent is summed as before there were several kinds, to the same bits.
    total: NDArray[np.float64] = (
        moved.sum(axis=1, keepdims=True)
        if len(starts) == 1
        else np.add.reduceat(moved, starts, axis=1)
    )
    divisor = np.repeat(np.where(total > 0, total, 1.0), sizes, axis=1)
    return np.asarray(moved / divisor, dtype=np.float64)


def compute_drawn_index(
    mean: NDArray[np.float64], presence: Presence, plan: WeightPlan, *, draws: WeightDraws
) -> NDArray[np.float64]:
    """Compute the index of every centre under every weighting.

    Missing indicators, groups and segments are treated exactly as in the published index. Sums run
    in a fixed order without a matrix library, so a draw gives the same bits in a block of any size.

    Parameters
    ----------
    mean : ndarray of shape (C, S, K)
        Indicator means, NaN without answers.
    presence : Presence
    plan : WeightPlan
    draws : WeightDraws
        B weightings.

    Returns
    -------
    ndarray of shape (B, C)
        NaN for centres without an index.
    """
    used = presence.indicators & presence.groups[..., plan.group_of]
    index = compute_index(
        np.where(used, mean, 0.0),
        used,
        group_of=plan.group_of,
        groups=presence.groups & presence.index[..., None],
        segment=share_segments(presence.index, plan),
        inner=draws.inner,
        outer=draws.outer,
    )
    return np.where(presence.index.any(axis=-1), index, np.nan)
