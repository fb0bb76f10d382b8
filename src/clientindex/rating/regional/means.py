"""Means of regions and of the country by centres and by visitors, as one frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.rating.regional.weighted import (
    NO_CENTRES,
    NO_SAMPLING_ERROR,
    ONE_CENTRE,
    WeightedMean,
    average_weighted,
)
from clientindex.results import COUNTRY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

UNKNOWN_VISITORS, NO_VISITORS = "unknown_visitors", "no_visitors"
REASONS = (NO_CENTRES, NO_SAMPLING_ERROR, ONE_CENTRE, UNKNOWN_VISITORS, NO_VISITORS)

BY_CENTRES, BY_VISITORS = "centres", "visitors"

LeftOut = list[tuple[str, str, str, str]]
"""Rows of subject, statistic, reason, detail."""

MEAN_COLUMNS = [
    "region",
    "kind",
    "key",
    "by",
    "n_centres",
    "n_register",
    "n",
    "visitors",
    "effective",
    "estimate",
    "std_error",
    "ci_low",
    "ci_high",
    "df",
    "sampling_error",
]


def tabulate_means(
    scores: pd.DataFrame,
    register: pd.DataFrame,
    *,
    keys: list[tuple[str, str]],
    visitors: Mapping[str, float] | None,
    finite: bool,
    level: float,
    left_out: LeftOut,
) -> pd.DataFrame:
    """Average every score over the centres of each region and of the country.

    Parameters
    ----------
    scores : DataFrame
        ``centre``, ``region``, ``key``, ``estimate``, ``std_error``, ``n``; centres with the score.
    register : DataFrame
        ``centre``, ``region``.
    keys : list of (kind, key)
        In the order wanted.
    visitors : mapping of str to float or None
    finite : bool
        Whether the register holds all centres that there are.
    level : float
    left_out : list
        Gets a row for every mean or interval that is not there.

    Notes
    -----
    Visitors must be known for every centre with the score, or the mean by visitors is missing
    (``unknown_visitors``; the detail is how many are not): a mean over the others would be of
    another population. Where nobody visited there is none either (``no_visitors``).
    """
    counts = register["region"].value_counts()
    known = pd.Series(dict(visitors or {}), dtype=float)
    frame = scores.assign(visitors=known.reindex(scores["centre"]).to_numpy())
    regions = sorted(set(register["region"]))
    sizes = {**{region: int(counts[region]) for region in regions}, COUNTRY: len(register)}
    whole = pd.concat([frame, frame.assign(region=COUNTRY)])
    parts: dict[Any, pd.DataFrame] = dict(iter(whole.groupby(["region", "key"])))
    rows = []
    for region in [*regions, COUNTRY]:
        for kind, key in keys:
            part = parts.get((region, key), frame.iloc[:0])
            share = len(part) / sizes[region] if finite else 0.0
            for by, mean in _average_both(part, share=share, level=level):
                rows.append(_tell(part, mean) | {"region": region, "key": key, "by": by})
                rows[-1] |= {"kind": kind, "n_register": sizes[region]}
                if mean.reason:
                    left_out.append((region, f"{by}.{key}", mean.reason, _explain(part, mean)))
    return pd.DataFrame(rows, columns=MEAN_COLUMNS)


def _average_both(
    part: pd.DataFrame, *, share: float, level: float
) -> Iterator[tuple[str, WeightedMean]]:
    scores, variances = part["estimate"].to_numpy(float), part["std_error"].to_numpy(float) ** 2
    visitors = part["visitors"].to_numpy(float)

    def average(weights: Any) -> WeightedMean:
        return average_weighted(scores, weights, variances, level=level, scored_share=share)

    yield BY_CENTRES, average(np.ones(len(part)))
    if len(part) and np.isnan(visitors).any():
        yield BY_VISITORS, WeightedMean(n_centres=len(part), reason=UNKNOWN_VISITORS)
    elif len(part) and not visitors.sum() > 0:
        yield BY_VISITORS, WeightedMean(n_centres=len(part), reason=NO_VISITORS)
    else:
        yield BY_VISITORS, average(visitors)


def _tell(part: pd.DataFrame, mean: WeightedMean) -> dict[str, Any]:
    numbers = ("estimate", "std_error", "ci_low", "ci_high", "df", "sampling_error", "effective")
    return {
        "n_centres": mean.n_centres,
        "n": part["n"].sum(skipna=False) if len(part) else 0,
        "visitors": part["visitors"].sum(skipna=False) if len(part) else 0.0,
        **{name: getattr(mean, name) for name in numbers},
    }


def _explain(part: pd.DataFrame, mean: WeightedMean) -> str:
    """Return the number that the sentence of the reason names."""
    if mean.reason == UNKNOWN_VISITORS:
        return str(int(part["visitors"].isna().sum()))
    if mean.reason == NO_SAMPLING_ERROR:
        return str(int(part["std_error"].isna().sum()))
    return ""
