"""Limits of agreement of single measurements where centres were measured several times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.agreement.coefficients import (
    MINIMUM_PAIRS,
    estimate_linked_limits,
    estimate_repeated_limits,
)
from clientindex.agreement.left_out import TOO_FEW_CENTRES, leave_out, make_frame

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.agreement.coefficients import RepeatedLimits
    from clientindex.agreement.sources import TwoSources
    from clientindex.methodology import Methodology

NOT_REPEATED = "not_repeated"
PERIODS, VISITS = "periods", "visits"

COLUMNS = [
    "subject",
    "design",
    "statistic",
    "estimate",
    "ci_low",
    "ci_high",
    "method",
    "n",
    "n_pairs",
]


def describe_repeated(
    sources: TwoSources, methodology: Methodology
) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    """Return limits by periods and by second visits, and why there are none.

    Pairs of both sources in the same period are simultaneous pairs of a value that may change
    ("periods"); a second checklist is a replicate of a value that does not, beside one survey
    ("visits"). Means of several measurements agree better than single ones do; these limits are
    those of single ones.
    """
    rows: list[dict[str, Any]] = []
    absent: list[dict[str, str]] = []
    if methodology.agreement.scales != "common":
        return make_frame(rows, COLUMNS), absent
    for subject in (*sources.keys("index"), *sources.keys("group")):
        designs = _list_designs(sources, subject)
        if not designs:
            absent.append(leave_out(subject, "repeated", NOT_REPEATED))
        for design, (survey, checklist) in designs.items():
            found = _estimate(design, survey, checklist, methodology)
            if found.n < MINIMUM_PAIRS:
                absent.append(
                    leave_out(subject, "repeated", TOO_FEW_CENTRES, f"{found.n}/{MINIMUM_PAIRS}")
                )
                continue
            rows += _list_rows(subject, design, found)
    return make_frame(rows, COLUMNS), absent


def _list_designs(
    sources: TwoSources, subject: str
) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return measurements of both sources by design, each of shape (C, m)."""
    at = sources.place(subject)
    designs = {}
    if sources.periods:
        survey = np.column_stack([part.survey[:, at] for part in sources.periods])
        checklist = np.column_stack([part.checklist[:, at] for part in sources.periods])
        designs[PERIODS] = (survey, checklist)
    if sources.second is not None and np.isfinite(sources.second[:, at]).any():
        twice = np.column_stack([sources.checklist[:, at], sources.second[:, at]])
        # A second checklist without a first one replicates nothing.
        twice[~np.isfinite(twice[:, 0])] = np.nan
        designs[VISITS] = (sources.survey[:, [at]], twice)
    return designs


def _estimate(
    design: str,
    survey: NDArray[np.float64],
    checklist: NDArray[np.float64],
    methodology: Methodology,
) -> RepeatedLimits:
    estimate = estimate_linked_limits if design == PERIODS else estimate_repeated_limits
    return estimate(
        survey,
        checklist,
        level=methodology.intervals.level,
        coverage=methodology.agreement.limits.coverage,
    )


def _list_rows(subject: str, design: str, found: RepeatedLimits) -> list[dict[str, Any]]:
    named = {"bias": found.bias, "loa_low": found.limits.low, "loa_high": found.limits.high}
    return [
        {
            "subject": subject,
            "design": design,
            "statistic": name,
            "estimate": value.estimate,
            "ci_low": value.ci_low,
            "ci_high": value.ci_high,
            "method": value.method,
            "n": found.n,
            "n_pairs": found.n_y,
        }
        for name, value in named.items()
    ]
