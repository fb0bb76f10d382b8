"""Variance between regions and centres of the index and every group, as one frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.rating.regional.components import NestedComponents, fit_components

if TYPE_CHECKING:
    from clientindex.rating.regional.means import LeftOut

ONE_REGION, NO_PAIR, EQUAL_SCORES = "one_region", "no_region_of_two", "equal_scores"
NO_ERRORS, FEW_CENTRES = "no_sampling_error", "too_few_centres"

FEWEST_CENTRES = 4
"""Fewer centres leave nothing to tell two variances from a mean by."""

COMPONENT_COLUMNS = ["key", "statistic", "estimate", "ci_low", "ci_high", "n", "n_regions"]


def find_obstacle(part: pd.DataFrame) -> str:
    """Return why there are no components of the scores of `part`, or ""."""
    sizes = part["region"].value_counts()
    checks = (
        (FEW_CENTRES, len(part) < FEWEST_CENTRES),
        (ONE_REGION, len(sizes) < 2),
        (NO_PAIR, len(sizes) > 0 and sizes.max() < 2),
        (NO_ERRORS, not part["std_error"].median() > 0),
        (EQUAL_SCORES, len(part) > 0 and np.ptp(part["estimate"].to_numpy(float)) == 0),
    )
    return next((reason for reason, holds in checks if holds), "")


def fit_key(
    scores: pd.DataFrame, key: str, *, level: float, left_out: LeftOut
) -> NestedComponents | None:
    """Fit the components of one score; None, with a row in `left_out`, where they are undefined."""
    part = take_known(scores, key)
    reason = find_obstacle(part)
    if reason:
        left_out.append((key, "components", reason, str(len(part))))
        return None
    codes = pd.Categorical(part["region"]).codes.astype(np.intp)
    y, error = part["estimate"].to_numpy(float), part["std_error"].to_numpy(float)
    return fit_components(y, error**2, codes, level=level)


def take_known(scores: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the rows of one score whose sampling error is known."""
    return scores[(scores["key"] == key) & scores["std_error"].notna()]


def tabulate_components(
    scores: pd.DataFrame, fits: dict[str, NestedComponents | None]
) -> pd.DataFrame:
    """Return four rows a score that has components."""
    rows = []
    for key, fit in fits.items():
        if fit is None:
            continue
        part = take_known(scores, key)
        told = (
            ("between_regions", fit.regions, fit.regions_interval),
            ("between_centres", fit.centres, fit.centres_interval),
            ("share", fit.share, fit.share_interval),
            ("sampling", float((part["std_error"] ** 2).mean()), (np.nan, np.nan)),
        )
        size = (len(part), part["region"].nunique())
        rows += [(key, name, value, *ends, *size) for name, value, ends in told]
    return pd.DataFrame(rows, columns=COMPONENT_COLUMNS)
