"""The summary of inflation: one row a number that speaks of all centres together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from clientindex.agreement.inflation.outlying import FUNNEL_LEVELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.inflation.regions import RegionEffects
    from clientindex.agreement.inflation.room import Parts

NAIVE_LEVEL = 0.05
LIMITS = dict(zip(("beyond_95", "beyond_998"), FUNNEL_LEVELS, strict=True))

COLUMNS = ("statistic", "estimate", "ci_low", "ci_high", "p_value", "method", "n")

Row = dict[str, Any]


def summarise(parts: Parts, level: float) -> pd.DataFrame:
    """Return the summary in the order of its docstring; what is not defined has no row.

    Parameters
    ----------
    parts : Parts
    level : float
        Of the interval of the mean.
    """
    z, n = parts.outlying.z, int(np.isfinite(parts.outlying.z).sum())
    spread = parts.model.spread
    rows = [
        *_describe_regions(parts.model.regions, level),
        {
            "statistic": "spread",
            "estimate": spread.tau,
            "ci_low": spread.ci_low,
            "ci_high": spread.ci_high,
            "method": f"robust tau, {spread.method}",
            "n": spread.n,
        },
        _count("flagged", parts.outlying.flagged, "false discovery rate", n),
        _count(
            "flagged_naively",
            parts.naive.p_value <= NAIVE_LEVEL,
            "test of a gap of 0, 5 %",
            int(np.isfinite(parts.naive.z).sum()),
        ),
        *_describe_share(parts),
        *_count_signs(parts),
        *(
            _count(name, z > norm.ppf((1 + limit) / 2), "upper funnel limit", n)
            for name, limit in LIMITS.items()
        ),
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = ["estimate", "ci_low", "ci_high", "p_value"]
    return frame.astype({**dict.fromkeys(numbers, float), "n": "int64"})


def _count(statistic: str, marked: NDArray[np.bool_], method: str, n: int) -> Row:
    return {"statistic": statistic, "estimate": int(marked.sum()), "method": method, "n": n}


def _describe_regions(regions: RegionEffects, level: float) -> list[Row]:
    between = regions.between
    if between is None:
        return []
    margin = float(norm.ppf((1 + level) / 2)) * between.mean_error
    return [
        {
            "statistic": "between_regions",
            "estimate": between.reml,
            "ci_low": between.ci_low,
            "ci_high": between.ci_high,
            "p_value": between.p_value,
            "method": "REML, Q profile",
            "n": between.n,
        },
        {
            "statistic": "mean",
            "estimate": between.mean,
            "ci_low": between.mean - margin,
            "ci_high": between.mean + margin,
            "method": "weighted mean, REML",
            "n": between.n,
        },
    ]


def _describe_share(parts: Parts) -> list[Row]:
    share = parts.share
    if share is None:
        return []
    rows: list[Row] = [
        {
            "statistic": "share",
            "estimate": share.share,
            "ci_low": share.ci_low,
            "ci_high": share.ci_high,
            "method": "mixture, profile likelihood",
            "n": share.n,
        }
    ]
    if share.share > 0:
        shifted = {"shift": share.null_mean + share.shift, "separation": share.separation}
        rows += [
            {"statistic": name, "estimate": value, "method": "mixture", "n": share.n}
            for name, value in shifted.items()
        ]
    return rows


def _count_signs(parts: Parts) -> list[Row]:
    signs, found = parts.signs, parts.unverifiable
    answered = int((signs.n_items > 1).sum())
    rows = []
    if answered:
        rows += [
            _count("at_ceiling", signs.is_at_ceiling, "all indicators highest", answered),
            _count("no_spread", signs.has_no_spread, "all indicators equal", answered),
        ]
    if found is not None:
        known = int(np.isfinite(found.z).sum())
        rows.append(_count("unverifiable_flagged", found.flagged, "false discovery rate", known))
    return rows
