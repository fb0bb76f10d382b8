"""Indicators that say the same, change no rank, or run against the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.reliability.draws import Summary, summarise
from clientindex.sensitivity.importance.correlation import Noise, correlate
from clientindex.sensitivity.importance.recompute import Recomputed, compare_ranks
from clientindex.sensitivity.importance.sample import (
    CHECKLISTS,
    INDICATOR,
    NO_VARIANCE,
    LeftOut,
    Sample,
    Side,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.methodology.weight_importance_settings import WeightImportanceSettings

NUMBERS = ("estimate", "std_error", "ci_low", "ci_high")
PAIRS = (
    *("first", "second", "same_group", *NUMBERS, "net", "net_low", "net_high"),
    *("n", "redundant", "net_redundant"),
)
REMOVAL = (
    *("key", "group", "tau", "mean_abs_rank_shift", "leaves_ranks", *NUMBERS),
    *("n", "against"),
)


def tabulate_pairs(
    sample: Sample,
    methodology: Methodology,
    *,
    threshold: float,
    level: float,
) -> pd.DataFrame:
    """Tell the correlation of every pair of indicators, largest first."""
    side = sample.side(INDICATOR)
    told = []
    for place in range(len(side.keys) - 1):
        later = slice(place + 1, None)
        x, y = side.x[:, later], side.x[:, place]
        own = summarise(correlate(y, x, sample.weights), level)
        net = _summarise_net(sample, side, place, level)
        n = (np.isfinite(x) & np.isfinite(y)[:, None]).sum(axis=0)
        for step, second in enumerate(side.keys[later]):
            first = side.keys[place]
            estimate, free = own.estimate[step], net.estimate[step]
            told.append(
                {
                    "first": first,
                    "second": second,
                    "same_group": methodology.group_of(first) == methodology.group_of(second),
                    **own.row(step),
                    "net": float(free),
                    "net_low": float(net.ci_low[step]),
                    "net_high": float(net.ci_high[step]),
                    "n": int(n[step]),
                    "redundant": bool(estimate >= threshold),
                    "net_redundant": bool(free >= threshold),
                }
            )
    frame = pd.DataFrame(told, columns=PAIRS)
    return frame.sort_values("estimate", ascending=False, kind="stable", ignore_index=True)


def _summarise_net(sample: Sample, side: Side, place: int, level: float) -> Summary:
    later = slice(place + 1, None)
    if side.covariance is None:
        return summarise(np.full((3, len(side.keys) - place - 1), np.nan), level)
    variance = np.diagonal(side.covariance, axis1=1, axis2=2)[:, 1:]
    noise = Noise(
        y=variance[:, place : place + 1],
        x=variance[:, later],
        both=side.covariance[:, 1 + place, 1:][:, later],
    )
    r = correlate(side.x[:, place], side.x[:, later], sample.weights, noise=noise)
    return summarise(r, level)


def tabulate_removal(
    sample: Sample,
    recomputed: Recomputed | None,
    methodology: Methodology,
    *,
    settings: WeightImportanceSettings,
    left_out: LeftOut,
) -> pd.DataFrame:
    """Tell what the index is without each indicator, and whether the indicator goes with it."""
    if recomputed is None:
        left_out.add(INDICATOR, "", "removal", CHECKLISTS)
        return pd.DataFrame(columns=REMOVAL)
    side = sample.side(INDICATOR)
    without = recomputed.remove_each()
    tau, shift = compare_ranks(sample.index, without)
    corrected = correlate(without.T, side.x, sample.weights)
    found = summarise(corrected, methodology.intervals.level)
    n = (np.isfinite(side.x) & np.isfinite(without.T)).sum(axis=0)
    told = []
    for place, key in enumerate(side.keys):
        if np.isnan(found.estimate[place]):
            left_out.add(INDICATOR, key, "corrected_correlation", NO_VARIANCE)
        told.append(
            {
                "key": key,
                "group": methodology.group_of(key),
                "tau": tau[place],
                "mean_abs_rank_shift": shift[place],
                "leaves_ranks": bool(tau[place] >= settings.same_ranks),
                **found.row(place),
                "n": int(n[place]),
                "against": _name_direction(found, place),
            }
        )
    return pd.DataFrame(told, columns=REMOVAL)


def _name_direction(found: Summary, place: int) -> str:
    if found.ci_high[place] < 0:
        return "interval"
    return "estimate" if found.estimate[place] < 0 else "no"


def is_flat(x: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which columns of complete scores (C, P) do not vary."""
    return np.asarray(np.ptp(x, axis=0) <= 1e-9 * np.maximum(np.abs(x).max(axis=0), 1.0))
