"""Mean index of regions and of the country, every centre counting once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import t as student

from clientindex.methodology.model import SCORE_MAX, SCORE_MIN
from clientindex.results import COUNTRY, Regions, Stars

if TYPE_CHECKING:
    from clientindex.methodology import Methodology


def summarise_regions(stars: Stars, methodology: Methodology) -> Regions:
    """Average the index over the centres of each region and count their stars.

    Parameters
    ----------
    stars : Stars
    methodology : Methodology
        Gives the star rule; the level is that of `stars`.

    Returns
    -------
    Regions
        Regions in alphabetical order, then the country.

    Notes
    -----
    ``m -/+ t(C - 1) s / sqrt(C)`` over the C centres with an index, starred or withheld, clipped
    to 0-100. The spread s contains the centres' own sampling error. One centre gives no interval;
    a region without any index is listed with a missing mean. ``n`` is NaN where the number of
    respondents of a centre is unknown.
    """
    frame = stars.frame
    parts = [(str(region), part) for region, part in frame.groupby("region", sort=True)]
    max_star = methodology.stars.bands[-1].stars
    rows = [_summarise(part, max_star, stars.level) for _, part in [*parts, (COUNTRY, frame)]]
    table = pd.DataFrame(rows)
    table.insert(0, "region", [*(region for region, _ in parts), COUNTRY])
    return Regions(frame=table, level=stars.level)


def _summarise(part: pd.DataFrame, max_star: int, level: float) -> dict[str, float]:
    scores = part["estimate"].dropna().to_numpy(float)
    n_centres = len(scores)
    mean = float(scores.mean()) if n_centres else np.nan
    se = float(scores.std(ddof=1) / np.sqrt(n_centres)) if n_centres > 1 else np.nan
    margin = float(student.ppf((1 + level) / 2, max(n_centres - 1, 1))) * se
    given = part["star"].dropna()
    return {
        "n_centres": n_centres,
        "n_starred": len(given),
        "n": part["n"].sum(skipna=False),
        "estimate": mean,
        "std_error": se,
        "ci_low": float(np.clip(mean - margin, SCORE_MIN, None)),
        "ci_high": float(np.clip(mean + margin, None, SCORE_MAX)),
        **{f"stars_{star}": int((given == star).sum()) for star in range(1, max_star + 1)},
    }
