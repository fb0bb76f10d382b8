"""Funnels of centres and of regions, as frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.methodology.model import SCORE_MAX, SCORE_MIN
from clientindex.rating.regional.overdispersion import Overdispersion, estimate_overdispersion
from clientindex.rating.regional.unusual import (
    HIGH,
    LOW,
    MODELS,
    PLAIN,
    compute_limits,
    find_unusual,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology.regional_settings import RegionalSettings

FUNNEL_POINTS = 101
BEYOND_ERRORS = 1.05
"""The grid of errors goes this far beyond the largest one, and as far below the smallest."""

CENTRE, REGION = "centre", "region"

TEST_COLUMNS = [
    "z",
    *(f"{name}_{model}" for model in MODELS for name in ("z", "p", "q", "flagged")),
]
CENTRE_COLUMNS = ["centre", "name", "region", "n", "estimate", "error", *TEST_COLUMNS]
REGION_COLUMNS = ["region", "n_centres", "estimate", "error", *TEST_COLUMNS]
DISPERSION_COLUMNS = [
    "unit",
    "target",
    "n",
    "drawn_in",
    "phi_winsorised",
    "factor",
    "phi",
    "scale",
    "tau2",
    "tau",
    "tau2_moments",
    "q",
    "p_value",
    "sd_typical",
    *(f"{side}_{model}" for model in MODELS for side in (HIGH, LOW)),
]
FUNNEL_COLUMNS = ["unit", "model", "level", "error", "n", "low", "high"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Funnel:
    """One funnel: the tested units, its row of dispersion and its limits."""

    units: pd.DataFrame
    dispersion: dict[str, Any]
    limits: pd.DataFrame


def make_funnel(
    units: pd.DataFrame, *, unit: str, settings: RegionalSettings, columns: list[str]
) -> Funnel:
    """Test units against the target and draw the limits.

    Parameters
    ----------
    units : DataFrame
        ``estimate``, ``error`` (above 0), the column named `unit`, and ``n`` for centres.
    unit : {"centre", "region"}
    settings : RegionalSettings
    columns : list of str
        Of the frame of units.
    """
    y, error = units["estimate"].to_numpy(float), units["error"].to_numpy(float)
    found = estimate_overdispersion(
        y, error, target=settings.target, winsorised=settings.winsorised
    )
    tested = units.assign(z=found.z)
    row: dict[str, Any] = {"unit": unit, "n": len(units), "tau": float(np.sqrt(found.tau2))}
    copied = set(DISPERSION_COLUMNS) & {*Overdispersion.__slots__, "scale"}
    row |= {name: getattr(found, name) for name in copied}
    for model in MODELS:
        tests = find_unusual(y, error, found, model=model, fdr=settings.fdr)
        told = (tests.z, tests.p_value, tests.q_value, tests.flagged.astype(object))
        names = (f"{name}_{model}" for name in ("z", "p", "q", "flagged"))
        tested = tested.assign(**dict(zip(names, told, strict=True)))
        row |= {f"{side}_{model}": int((tests.flagged == side).sum()) for side in (HIGH, LOW)}
    sd = find_typical_sd(units) if unit == CENTRE else np.nan
    return Funnel(
        units=tested.sort_values(
            ["z_additive", unit], ascending=[False, True], kind="stable", ignore_index=True
        )[columns],
        dispersion=row | {"sd_typical": sd},
        limits=_draw_limits(error, found, unit=unit, sd=sd, levels=settings.limits),
    )


def find_typical_sd(units: pd.DataFrame) -> float:
    """Return the standard deviation of one respondent that fits most centres: median of s sqrt(n).

    NaN where a number of respondents is unknown.
    """
    n = units["n"].to_numpy(float)
    return float(np.median(units["error"].to_numpy(float) * np.sqrt(n)))


def _draw_limits(
    error: NDArray[np.float64],
    found: Overdispersion,
    *,
    unit: str,
    sd: float,
    levels: tuple[float, ...],
) -> pd.DataFrame:
    grid = np.linspace(error.min() / BEYOND_ERRORS, error.max() * BEYOND_ERRORS, FUNNEL_POINTS)
    parts = []
    for model in (PLAIN, *MODELS):
        for level in levels:
            low, high = compute_limits(grid, found, model=model, level=level)
            ends = {"low": low.clip(SCORE_MIN, None), "high": high.clip(None, SCORE_MAX)}
            fixed = {"unit": unit, "model": model, "level": level}
            parts.append(pd.DataFrame({"error": grid, "n": (sd / grid) ** 2, **ends} | fixed))
    return pd.concat(parts, ignore_index=True)[FUNNEL_COLUMNS]
