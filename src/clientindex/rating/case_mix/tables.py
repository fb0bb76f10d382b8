"""Tables of an adjustment: of every set of traits, then of all sets under one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from clientindex.rating.case_mix.comparison import summarise_comparison
from clientindex.rating.case_mix.segments import SegmentFit, UnadjustedSegment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clientindex.methodology import Methodology

_DETAIL = ["trait", "level", "reason", "detail"]
_NUMBERS = dict.fromkeys(("estimate", "std_error", "ci_low", "ci_high"), "float64")
COLUMNS: dict[str, dict[str, str]] = {
    "coefficients": {
        **dict.fromkeys(("set", "segment", "indicator", "trait", "level", "reference"), "str"),
        **_NUMBERS,
        "n": "int64",
    },
    "levels": {
        **dict.fromkeys(("set", "segment", "trait", "level"), "str"),
        "n": "int64",
        "share": "float64",
        "use": "str",
    },
    "centres": {
        **dict.fromkeys(("set", "centre"), "str"),
        "n": "int64",
        **dict.fromkeys(("unadjusted", "unadjusted_error"), "float64"),
        **dict.fromkeys(("adjusted", "adjusted_error"), "float64"),
        **dict.fromkeys(("difference", "difference_error"), "float64"),
        **dict.fromkeys(("star_unadjusted", "star_adjusted"), "Int64"),
    },
    "variance": {
        **dict.fromkeys(("set", "segment", "indicator"), "str"),
        "n": "int64",
        **dict.fromkeys(("within_variance", "explained"), "float64"),
    },
    "summary": {
        **dict.fromkeys(("set", "traits"), "str"),
        "n_centres": "int64",
        **dict.fromkeys(("correlation", "rank_correlation"), "float64"),
        **dict.fromkeys(("difference_sd", "largest_difference"), "float64"),
        **dict.fromkeys(("n_starred", "n_star_changed"), "int64"),
    },
    "left_out": dict.fromkeys(("set", "segment", *_DETAIL), "str"),
}
"""Columns of frames with their types, which also hold without rows."""


def tabulate_set(
    name: str,
    segments: Sequence[SegmentFit | UnadjustedSegment],
    centres: pd.DataFrame,
    *,
    traits: Sequence[str],
    methodology: Methodology,
) -> dict[str, pd.DataFrame]:
    """Return the frames of one set of traits, see :class:`clientindex.results.case_mix.CaseMix`.

    Parameters
    ----------
    name : str
        Of the set.
    segments : sequence of SegmentFit or UnadjustedSegment
    centres : DataFrame
        See :func:`clientindex.rating.case_mix.comparison.compare_indices`.
    traits : sequence of str
    methodology : Methodology
    """
    keys, level = methodology.indicator_keys, methodology.intervals.level
    fits = [found for found in segments if isinstance(found, SegmentFit)]
    summary = pd.DataFrame([{"traits": ", ".join(traits), **summarise_comparison(centres)}])
    parts = {
        "coefficients": [_list_coefficients(fit, keys, level=level) for fit in fits],
        "levels": [_list_levels(found) for found in segments],
        "centres": [centres],
        "variance": [_list_variance(fit, keys) for fit in fits],
        "summary": [summary],
        "left_out": [_list_left_out(found) for found in segments],
    }
    return {
        table: _stack([part.assign(set=name) for part in frames], COLUMNS[table])
        for table, frames in parts.items()
    }


def stack_sets(sets: Sequence[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Put the frames of all sets under one another."""
    return {name: _stack([part[name] for part in sets], types) for name, types in COLUMNS.items()}


def _stack(parts: Sequence[pd.DataFrame], types: dict[str, str]) -> pd.DataFrame:
    """Put frames under one another, with all columns and types also where there are no rows."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=list(types)).astype(types)
    # Half stars are no whole numbers.
    kept = {name: "Float64" for name in types if any(p[name].dtype == "Float64" for p in filled)}
    return pd.concat(filled, ignore_index=True)[list(types)].astype(types | kept)


def _list_coefficients(
    found: SegmentFit, indicators: Sequence[str], *, level: float
) -> pd.DataFrame:
    n_items, q = found.fit.estimate.shape
    traits, levels = zip(*found.design.columns, strict=True)
    estimate = found.fit.estimate.ravel()
    error = np.sqrt(np.einsum("aqaq->aq", found.fit.covariance)).ravel()
    margin = float(norm.ppf((1 + level) / 2)) * error
    return pd.DataFrame(
        {
            "segment": found.segment,
            "indicator": np.repeat(np.array(indicators, dtype=object), q),
            "trait": traits * n_items,
            "level": levels * n_items,
            "reference": [found.design.reference[trait] for trait in traits] * n_items,
            "estimate": estimate,
            "std_error": error,
            "ci_low": estimate - margin,
            "ci_high": estimate + margin,
            "n": np.repeat(found.n.astype(np.int64), q),
        }
    )


def _list_levels(found: SegmentFit | UnadjustedSegment) -> pd.DataFrame:
    levels = found.design.levels
    share = levels["n"] / levels.groupby("trait")["n"].transform("sum")
    return levels.assign(segment=found.segment, share=share)


def _list_variance(found: SegmentFit, indicators: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "segment": found.segment,
            "indicator": indicators,
            "n": found.n.astype(np.int64),
            "within_variance": found.fit.variance,
            "explained": found.fit.explained,
        }
    )


def _list_left_out(found: SegmentFit | UnadjustedSegment) -> pd.DataFrame:
    """Return what is left out of the design, then why there is no regression."""
    rows = list(found.design.left_out)
    if isinstance(found, UnadjustedSegment):
        rows.append(("", "", found.reason, found.detail))
    return pd.DataFrame(rows, columns=_DETAIL).assign(segment=found.segment)
