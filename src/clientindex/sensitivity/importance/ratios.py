"""Correlation ratios of one kind of scores, with intervals, and what has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.reliability.draws import Summary, summarise
from clientindex.sensitivity.importance.correlation import (
    Noise,
    compute_covariances,
    correlate,
)
from clientindex.sensitivity.importance.intervals import (
    summarise_bend,
    summarise_smooth,
    summarise_square,
)
from clientindex.sensitivity.importance.linear import split_linear
from clientindex.sensitivity.importance.sample import (
    EXCESS,
    FEW_VALUES,
    NO_ERROR,
    NO_VARIANCE,
    TOLD_BY_OTHERS,
    TOO_FEW_CENTRES,
    UNSTABLE,
    LeftOut,
    Sample,
    Side,
)
from clientindex.sensitivity.importance.smooth import SmoothFit, fit_smooth, make_basis

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINEAR, SMOOTH, BEND, NET = "linear", "smooth", "bend", "net"
UNCORRELATED, CORRELATED = "uncorrelated", "correlated"
SHARE_TO_WEIGHT = "share_to_weight"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ratios:
    """Statistics of the P scores of a kind.

    Attributes
    ----------
    summaries : dict of str to Summary
        Of shape (P,), by statistic.
    n : dict of str to ndarray of shape (P,)
        Centres, by statistic.
    curves : list of (place, edf, penalty, knots, n)
    """

    summaries: dict[str, Summary]
    n: dict[str, NDArray[np.int64]]
    curves: list[tuple[int, float, float, int, int]]


def compute_ratios(
    sample: Sample,
    side: Side,
    *,
    effective: NDArray[np.float64],
    knots: int,
    level: float,
    left_out: LeftOut,
) -> Ratios:
    """Compute all correlation ratios of a kind.

    Parameters
    ----------
    sample : Sample
    side : Side
    effective : ndarray of shape (P,)
        Effective weights.
    knots : int
    level : float
    left_out : LeftOut
        Gets what is not defined.
    """
    known = np.isfinite(side.x)
    count = known.sum(axis=0).astype(np.int64)
    r = correlate(sample.index, side.x, sample.weights)
    found = {LINEAR: summarise_square(r, level)}
    n = {LINEAR: count}
    _tell(found[LINEAR], side, LINEAR, NO_VARIANCE, left_out)
    fits, curves = _fit_curves(sample, side, knots=knots, left_out=left_out)
    smooth = np.column_stack([fit.importance for fit in fits])
    found[SMOOTH] = _stack(
        [
            summarise_smooth(fit, n=int(size), level=level)
            for fit, size in zip(fits, count, strict=True)
        ]
    )
    bend = np.maximum(smooth - r**2, 0.0)
    found[BEND] = _stack(
        [
            summarise_bend(gain, fit, n=int(size), level=level)
            for gain, fit, size in zip(bend.T, fits, count, strict=True)
        ]
    )
    n |= {SMOOTH: count, BEND: count}
    net = _free_of_error(sample, side, left_out=left_out)
    if net is not None:
        found[NET] = summarise_square(net[0], level)
        n[NET] = net[1]
        _tell(found[NET], side, NET, EXCESS, left_out)
    _add_parts(sample, side, found, n, level=level, left_out=left_out)
    shares = {LINEAR: _share(r**2), SMOOTH: _share(smooth)}
    if net is not None:
        shares[NET] = _share(net[0] ** 2)
    for name, values in shares.items():
        found[f"{name}_share"], n[f"{name}_share"] = summarise(values, level), n[name]
    ratio = shares[LINEAR] / np.where(effective > 0, effective, np.nan)
    found[SHARE_TO_WEIGHT], n[SHARE_TO_WEIGHT] = summarise(ratio, level), count
    return Ratios(summaries=found, n=n, curves=curves)


def _share(ratio: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shares in the sum of what is defined; nothing where all is 0 or undefined."""
    total = np.nansum(ratio, axis=1, keepdims=True)
    return np.asarray(ratio / np.where(total > 0, total, np.nan))


def _stack(parts: list[Summary]) -> Summary:
    names = ("estimate", "std_error", "ci_low", "ci_high", "unstable")
    return Summary(**{name: np.array([getattr(part, name) for part in parts]) for name in names})


def _tell(found: Summary, side: Side, statistic: str, reason: str, left_out: LeftOut) -> None:
    for place, key in enumerate(side.keys):
        if np.isnan(found.estimate[place]):
            left_out.add(side.kind, key, statistic, reason)
        elif found.unstable[place]:
            left_out.add(side.kind, key, statistic, UNSTABLE)


def _fit_curves(
    sample: Sample, side: Side, *, knots: int, left_out: LeftOut
) -> tuple[list[SmoothFit], list[tuple[int, float, float, int, int]]]:
    fits, curves = [], []
    for place, key in enumerate(side.keys):
        known = np.isfinite(side.x[:, place])
        x = side.x[known, place]
        basis = make_basis(x, n_knots=knots) if known.sum() > knots else None
        if basis is None:
            reason = FEW_VALUES if known.sum() > knots else TOO_FEW_CENTRES
            left_out.add(side.kind, key, SMOOTH, reason, len(np.unique(x)))
            nothing = np.full(len(sample.weights), np.nan)
            fits.append(SmoothFit(importance=nothing, edf=nothing, penalty=nothing))
            continue
        fit = fit_smooth(basis, sample.index[known], sample.weights[:, known])
        size = basis.values.shape[1]
        curves.append((place, float(fit.edf[0]), float(fit.penalty[0]), size, int(known.sum())))
        fits.append(fit)
    return fits, curves


def make_noise(covariance: NDArray[np.float64]) -> Noise:
    """Return the sampling errors of the index and P scores from covariances (C, 1 + P, 1 + P)."""
    return Noise(
        y=covariance[:, :1, 0],
        x=np.diagonal(covariance, axis1=1, axis2=2)[:, 1:],
        both=covariance[:, 0, 1:],
    )


def _free_of_error(
    sample: Sample, side: Side, *, left_out: LeftOut
) -> tuple[NDArray[np.float64], NDArray[np.int64]] | None:
    """Return correlations without sampling error and their centres, or None."""
    if side.covariance is None:
        left_out.add(side.kind, "", NET, sample.lack)
        return None
    noise = make_noise(side.covariance)
    known = np.isfinite(side.x) & np.isfinite(noise.x) & np.isfinite(noise.y)
    if not known.any():
        left_out.add(side.kind, "", NET, NO_ERROR)
        return None
    r = correlate(sample.index, side.x, sample.weights, noise=noise)
    return r, known.sum(axis=0).astype(np.int64)


def _add_parts(
    sample: Sample,
    side: Side,
    found: dict[str, Summary],
    n: dict[str, NDArray[np.int64]],
    *,
    level: float,
    left_out: LeftOut,
) -> None:
    """Add both parts, over the centres that have all scores of the kind."""
    complete = np.isfinite(side.x).all(axis=1)
    size = int(complete.sum())
    if size < len(side.keys) + 2:
        left_out.add(side.kind, "", UNCORRELATED, TOO_FEW_CENTRES, size)
        return
    z = np.column_stack([sample.index, side.x])[complete]
    parts = split_linear(compute_covariances(z, sample.weights[:, complete]))
    found[UNCORRELATED] = summarise_square(parts.semipartial, level)
    found[CORRELATED] = summarise(parts.correlated, level)
    n[UNCORRELATED] = n[CORRELATED] = np.full(len(side.keys), size, dtype=np.int64)
    if np.isnan(found[UNCORRELATED].estimate).all():
        left_out.add(side.kind, "", UNCORRELATED, TOLD_BY_OTHERS)
