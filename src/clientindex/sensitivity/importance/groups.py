"""Compensation between groups, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.reliability.draws import summarise
from clientindex.sensitivity.importance.compensation import (
    SAME,
    compute_compensated,
    compute_made_up,
    compute_substitution,
    find_quantile,
)
from clientindex.sensitivity.importance.sample import (
    GROUP,
    NOT_ADDITIVE,
    TOO_FEW_CENTRES,
    LeftOut,
    Sample,
    lay_out,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from clientindex.reliability.draws import Summary
    from clientindex.results.score_parts import ScoreParts

ALL_OTHERS = "all"
NUMBERS = ("estimate", "std_error", "ci_low", "ci_high")
COMPENSATION = ("group", "by", *NUMBERS, "rate_median", "rate_low", "rate_high", "n_losing", "n")
WEAK = ("group", *NUMBERS, "n_weak", "n")


def tabulate_compensation(
    sample: Sample, parts: ScoreParts, *, level: float, left_out: LeftOut
) -> pd.DataFrame:
    """Tell how much of each group's loss others give back.

    Parameters
    ----------
    sample : Sample
    parts : ScoreParts
        Centres whose groups' contributions do not sum to the index are not in it.
    level : float
    left_out : LeftOut
    """
    keys = sample.side(GROUP).keys
    derivative, contribution, rows = take_parts(sample, parts, GROUP, keys)
    if len(rows) < 2:
        left_out.add(GROUP, "", "made_up", NOT_ADDITIVE, len(sample.centres) - len(rows))
        return pd.DataFrame(columns=COMPENSATION)
    by_one, by_all = compute_made_up(contribution, sample.weights[:, rows])
    one, every = summarise(by_one, level), summarise(by_all, level)
    rates = compute_substitution(derivative)
    losing = (contribution < contribution.mean(axis=0) - SAME).sum(axis=0)
    told = []
    for g, group in enumerate(keys):
        shared = {"group": group, "n_losing": int(losing[g]), "n": len(rows)}
        if not losing[g]:
            left_out.add(GROUP, group, "made_up", "no_loss")
        told.append({**shared, "by": ALL_OTHERS, **every.row(g)})
        told += [
            {**shared, "by": other, **one.row((g, h)), **_describe(rates[:, g, h])}
            for h, other in enumerate(keys)
            if h != g
        ]
    return pd.DataFrame(told, columns=COMPENSATION)


def take_parts(
    sample: Sample, parts: ScoreParts, kind: str, keys: tuple[str, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Return derivatives and contributions (C', P) and the places of their centres."""
    frame = parts.frame[parts.frame["kind"] == kind]
    told = set(frame["centre"].tolist())
    rows = np.array([i for i, c in enumerate(sample.centres) if c in told], dtype=np.intp)
    centres = [sample.centres[i] for i in rows]
    weight, contribution = (
        lay_out(frame, value, centres, keys) for value in ("weight", "contribution")
    )
    return weight, contribution, rows


def _describe(rates: NDArray[np.float64]) -> dict[str, float]:
    known = rates[np.isfinite(rates)]
    if not len(known):
        return {}
    low, middle, high = (float(f(known)) for f in (np.min, np.median, np.max))
    return {"rate_median": middle, "rate_low": low, "rate_high": high}


def tabulate_weak(
    sample: Sample, *, quantile: float, level: float, left_out: LeftOut
) -> pd.DataFrame:
    """Tell in which share of the centres weak in a group the index is the median or above."""
    side = sample.side(GROUP)
    found = summarise(
        compute_compensated(side.x, sample.index, sample.weights, quantile=quantile), level
    )
    return pd.DataFrame(
        _list_weak(sample, found, quantile=quantile, left_out=left_out), columns=WEAK
    )


def _list_weak(
    sample: Sample, found: Summary, *, quantile: float, left_out: LeftOut
) -> Iterator[dict[str, object]]:
    side = sample.side(GROUP)
    for place, key in enumerate(side.keys):
        score = side.x[np.isfinite(side.x[:, place]), place]
        if not len(score):
            left_out.add(GROUP, key, "weak", TOO_FEW_CENTRES, 0)
            continue
        cut = find_quantile(score, np.ones((1, len(score))), quantile=quantile)[0]
        yield {
            "group": key,
            **found.row(place),
            "n_weak": int((score <= cut).sum()),
            "n": len(score),
        }
