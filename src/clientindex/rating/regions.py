"""Mean index of regions and of the country, every centre counting once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clientindex.rating.means import average_centres
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
    See :func:`clientindex.rating.means.average_centres` for the interval. Every centre with an
    index counts, starred or withheld; a region without any index is listed with a missing mean.
    ``n`` is NaN where the number of respondents of a centre is unknown.
    """
    frame = stars.frame
    parts = [(str(region), part) for region, part in frame.groupby("region", sort=True)]
    rows = [_summarise(part, methodology, stars.level) for _, part in [*parts, (COUNTRY, frame)]]
    table = pd.DataFrame(rows)
    table.insert(0, "region", [*(region for region, _ in parts), COUNTRY])
    return Regions(frame=table, level=stars.level)


def _summarise(part: pd.DataFrame, methodology: Methodology, level: float) -> dict[str, float]:
    bounded = methodology.scoring.scale == "points"
    mean = average_centres(part["estimate"], level=level, bounded=bounded)
    given = part["star"].dropna()
    return {
        "n_centres": mean.pop("n_centres"),
        "n_starred": len(given),
        "n": part["n"].sum(skipna=False),
        **mean,
        **{f"stars_{star:g}": int((given == star).sum()) for star in _list_stars(methodology)},
    }


def _list_stars(methodology: Methodology) -> list[float]:
    """Return the stars that are counted: from 1 by one, or by halves."""
    values = methodology.stars.star_values
    if methodology.stars.half_stars:
        return [float(value) for value in values]
    return [float(star) for star in range(1, int(values[-1]) + 1)]
