"""Compiled: the index of all centres under many weightings of the same indicator scores.

The same numbers as :func:`clientindex.rating.score_model.draw_index` to rounding, for arithmetic,
geometric and harmonic means. Loops run over centres innermost, where they are vectorised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

REFUSE, REWEIGHT, OWN_MEAN, REGION_MEAN = range(4)
"""What happens where a group is missing."""


@njit(nogil=True, error_model="numpy")
def transform(value: float, power: float) -> float:  # pragma: no cover - compiled
    """Return what a mean of this power averages: x, log x (power 0) or 1 / x (power -1)."""
    if power == 1.0:
        return value
    return np.log(value) if power == 0.0 else 1.0 / value


@njit(nogil=True, error_model="numpy")
def restore(value: float, power: float) -> float:  # pragma: no cover - compiled
    """Undo `transform`."""
    if power == 1.0:
        return value
    return np.exp(value) if power == 0.0 else 1.0 / value


@njit(nogil=True, error_model="numpy")
def score_runs(
    items: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    groups: tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]],
    starts: NDArray[np.intp],
    region_of: NDArray[np.intp],
    weights: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    powers: tuple[float, float, float],
    missing_group: int,
    normalises: bool,
    stays: bool,
) -> NDArray[np.float64]:  # pragma: no cover - compiled
    """Return the index, shape (R, C), NaN for centres without one.

    `items`: transformed scores, scores and the mask of those used, (S, K, C) each. `groups`: which
    have a score (S, G, C), in which a mean of the others stands in (S, G, C), and which have all
    indicators in all centres (S, G). `starts`: first indicators of groups and K. `weights`: inner
    (R, K), outer (R, G) and of segments (S,). `powers`: of groups, index and segments. `stays`:
    group scores are left transformed, as the index averages them so.
    """
    present = groups[0]
    inner, outer, segment = weights
    n_segments, n_groups, n_centres = present.shape
    out = np.empty((len(inner), n_centres))
    score = np.zeros((n_segments, n_groups, n_centres))
    has = present.copy()
    index = np.full((n_segments, n_centres), np.nan)
    answered = [s for s in range(n_segments) if present[s].any()]
    power = 1.0 if stays else powers[1]
    for run in range(len(inner)):
        w = outer[run].copy()
        for s in answered:
            _score_segment(score[s], s, items, groups, starts, inner[run], powers[0], stays)
        if normalises:
            has[:] = present
            _standardise(score, has, w)
        for s in answered:
            _average_groups(index[s], score[s], has[s], w, region_of, power, missing_group)
            if stays:
                _restore_all(index[s], powers[1])
        _join_segments(out[run], index, segment, powers[2])
    return out


@njit(nogil=True, error_model="numpy")
def _restore_all(values: NDArray[np.float64], power: float) -> None:  # pragma: no cover - compiled
    if power != 1.0:
        for c in range(len(values)):
            values[c] = restore(values[c], power)


@njit(nogil=True, error_model="numpy")
def _score_segment(
    score: NDArray[np.float64],
    s: int,
    items: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    groups: tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]],
    starts: NDArray[np.intp],
    inner: NDArray[np.float64],
    power: float,
    stays: bool,
) -> None:  # pragma: no cover - compiled
    """Score all groups of one segment; they stay transformed where they are averaged so."""
    transformed, plain, mask = items
    _, filled, complete = groups
    for g in range(len(score)):
        own = inner[starts[g] : starts[g + 1]]
        at = slice(starts[g], starts[g + 1])
        _score_group(score[g], transformed[s, at], mask[s, at], own, complete[s, g])
        if not complete[s, g] and filled[s, g].any():
            others = (transformed[s, at], plain[s, at], mask[s, at])
            _fill(score[g], filled[s, g], others, own, power)
        if not stays:
            _restore_all(score[g], power)


@njit(nogil=True, error_model="numpy")
def _score_group(
    score: NDArray[np.float64],
    x: NDArray[np.float64],
    mask: NDArray[np.float64],
    w: NDArray[np.float64],
    complete: bool,
) -> None:  # pragma: no cover - compiled
    """Average the indicators of one group in one segment, transformed."""
    score[:] = 0.0
    _add_weighted(score, x, w)
    if complete:
        total = w.sum()
        for c in range(len(score)):
            score[c] /= total
        return
    share = np.zeros(len(score))
    _add_weighted(share, mask, w)
    for c in range(len(score)):
        score[c] = score[c] / share[c] if share[c] > 0 else 0.0


@njit(nogil=True, error_model="numpy")
def _add_weighted(
    total: NDArray[np.float64], x: NDArray[np.float64], w: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    for k in range(len(w)):
        weight = w[k]
        # An infinite value of weight 0 is not looked at.
        if weight > 0:
            row = x[k]
            for c in range(len(total)):
                total[c] += weight * row[c]


@njit(nogil=True, error_model="numpy")
def _fill(
    score: NDArray[np.float64],
    filled: NDArray[np.bool_],
    items: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    w: NDArray[np.float64],
    power: float,
) -> None:  # pragma: no cover - compiled
    """Let the arithmetic mean of the others stand in, in a mean of another kind."""
    x, plain, mask = items
    total = w.sum()
    for c in range(len(score)):
        if not filled[c]:
            continue
        there = mean = summed = 0.0
        for k in range(len(w)):
            if w[k] > 0 and mask[k, c] > 0:
                there += w[k]
                mean += w[k] * plain[k, c]
                summed += w[k] * x[k, c]
        mean /= there
        score[c] = (summed + (total - there) * transform(mean, power)) / total


@njit(nogil=True, error_model="numpy")
def _standardise(
    score: NDArray[np.float64], has: NDArray[np.bool_], w: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    """Bring groups to z scores in each segment; those flat in all lose their weight."""
    n_segments, n_groups, n_centres = score.shape
    for g in range(n_groups):
        usable = False
        for s in range(n_segments):
            n = has[s, g].sum()
            total = 0.0
            for c in range(n_centres):
                if has[s, g, c]:
                    total += score[s, g, c]
            mean = total / max(n, 1)
            squares = 0.0
            for c in range(n_centres):
                if has[s, g, c]:
                    squares += (score[s, g, c] - mean) ** 2
            deviation = np.sqrt(squares / max(n - 1, 1))
            if n > 1 and deviation > 1e-12 * max(abs(mean), 1.0):
                usable = True
                for c in range(n_centres):
                    score[s, g, c] = (score[s, g, c] - mean) / deviation
            else:
                has[s, g, :] = False
        if not usable:
            w[g] = 0.0


@njit(nogil=True, error_model="numpy")
def _average_groups(
    index: NDArray[np.float64],
    score: NDArray[np.float64],
    has: NDArray[np.bool_],
    w: NDArray[np.float64],
    region_of: NDArray[np.intp],
    power: float,
    missing: int,
) -> None:  # pragma: no cover - compiled
    """Average the groups of one segment."""
    n_groups, n_centres = score.shape
    there = np.zeros(n_centres)
    lost = np.zeros(n_centres)
    index[:] = 0.0
    for g in range(n_groups):
        if w[g] > 0:
            for c in range(n_centres):
                if has[g, c]:
                    index[c] += w[g] * transform(score[g, c], power)
                    there[c] += w[g]
                else:
                    lost[c] += w[g]
    regions = np.zeros((1, 1))
    if missing == REGION_MEAN and lost.any():
        regions = _average_regions(score, has, region_of)
    for c in range(n_centres):
        if there[c] == 0 or (lost[c] > 0 and missing == REFUSE):
            index[c] = np.nan
            continue
        if lost[c] > 0 and missing != REWEIGHT:
            for g in range(n_groups):
                if w[g] > 0 and not has[g, c]:
                    if missing == OWN_MEAN:
                        value = _find_own_mean(score[:, c], has[:, c], w)
                    else:
                        value = regions[g, region_of[c]]
                    index[c] += w[g] * transform(value, power)
                    there[c] += w[g]
        index[c] = restore(index[c] / there[c], power)


@njit(nogil=True, error_model="numpy")
def _find_own_mean(
    score: NDArray[np.float64], has: NDArray[np.bool_], w: NDArray[np.float64]
) -> float:  # pragma: no cover - compiled
    total = there = 0.0
    for g in range(len(w)):
        if w[g] > 0 and has[g]:
            total += w[g] * score[g]
            there += w[g]
    return total / there


@njit(nogil=True, error_model="numpy")
def _average_regions(
    score: NDArray[np.float64], has: NDArray[np.bool_], region_of: NDArray[np.intp]
) -> NDArray[np.float64]:  # pragma: no cover - compiled
    """Return plain means of centres by group and region, NaN where no centre has one."""
    total = np.zeros((len(score), region_of.max() + 1))
    n = np.zeros_like(total)
    for g in range(len(score)):
        for c in range(score.shape[1]):
            if has[g, c]:
                total[g, region_of[c]] += score[g, c]
                n[g, region_of[c]] += 1
    return total / n


@njit(nogil=True, error_model="numpy")
def _join_segments(
    out: NDArray[np.float64],
    index: NDArray[np.float64],
    segment: NDArray[np.float64],
    power: float,
) -> None:  # pragma: no cover - compiled
    """Average the segments that have an index."""
    for c in range(len(out)):
        total = there = 0.0
        for s in range(len(segment)):
            if segment[s] > 0 and not np.isnan(index[s, c]):
                total += segment[s] * transform(index[s, c], power)
                there += segment[s]
        out[c] = restore(total / there, power) if there > 0 else np.nan
