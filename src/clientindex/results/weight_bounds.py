"""Exact answers on weights that move within a band: bounds of indices, certain stars, swaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.base import ALL_SEGMENTS, make_tidy
from clientindex.results.tidying import stack_tidy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightBounds:
    """What weights within a band can do to the index, the star and the place of every centre.

    Attributes
    ----------
    frame : DataFrame
        One row a centre with a star, by rank: ``centre``, ``star`` (Float64), ``rank`` (Int64),
        ``estimate`` (the index), ``lower``, ``upper`` (smallest and largest index at `band_pct`),
        ``reached`` (whether some weights give each of the two; else they are outer bounds),
        ``star_low``, ``star_high`` (Float64; fewest and most stars at `band_pct`, caps held as they
        are; missing where they are not known), ``certain`` (boolean; whether both are ``star``;
        missing likewise), ``smallest_band_pct`` (the smaller of the next two), ``loses_band_pct``,
        ``wins_band_pct`` (smallest per cent by which weights move when a lower, a higher star
        becomes possible; NaN if not within 100 %; where ``reached`` is false, no star changes in a
        narrower band, but it may not change at this one either), ``l1_indicators``, ``l1_groups``
        (smallest sum of absolute changes of the weights of indicators in the index, or of groups,
        between 0 and 2, after which the star is at the nearer cut point; NaN where no weights do
        it, or it is not known).
    swaps : DataFrame
        One row a pair, ``first`` with the better rank: ``first``, ``second``, ``neighbours``
        (whether no centre stands between them), ``difference`` (points of the index),
        ``smallest_band_pct`` (per cent by which weights move when the second can come level with
        the first; NaN if not within 100 %), ``l1_indicators``, ``l1_groups`` (as above; NaN where
        the first is ahead whatever the weights).
    left_out : DataFrame
        ``centre`` ("" all; of a pair both, joined by "/"), ``statistic`` ("bounds", "star",
        "distance", "swap"), ``reason``, ``detail``, all text. "index_differs" (the published index
        is not that of the stated weights: something else has a say in it), "cut_points_found"
        (the rule finds its cut points in the scores, which move with the weights),
        "means_differ" (levels have means of different powers), "different_indicators" (two centres,
        or segments of one, lack different indicators), "checklists_in_index".
    band_pct, tolerance_pct : float
    moves : {"both", "groups", "indicators"}
    weights : {"within_band", "rescaled"}
    stars_by : {"cut_points", "bounds", "none"}
        How ``star_low`` and ``star_high`` are known: from stated cut points; from bounds of cut
        points that are quantiles of the scores, so that a certain star is certain but others may be
        so too; not at all.
    """

    frame: pd.DataFrame
    swaps: pd.DataFrame
    left_out: pd.DataFrame
    band_pct: float
    tolerance_pct: float
    moves: str
    weights: str
    stars_by: str

    def tidy(self) -> pd.DataFrame:
        """Return the index with its bounds, and smallest bands of stars and of swaps."""
        frame, swaps = self.frame, self.swaps
        common = {"segment": ALL_SEGMENTS, "method": f"exact, weights within {self.band_pct:g} %"}
        index = {
            "subject": frame["centre"].to_numpy(),
            "statistic": "index",
            "estimate": frame["estimate"].to_numpy(float),
            "ci_low": frame["lower"].to_numpy(float),
            "ci_high": frame["upper"].to_numpy(float),
        }
        star = {
            "subject": frame["centre"].to_numpy(),
            "statistic": "smallest_band_pct.star",
            "estimate": frame["smallest_band_pct"].to_numpy(float),
        }
        swap = {
            "subject": (swaps["first"] + "/" + swaps["second"]).to_numpy(),
            "statistic": "smallest_band_pct.swap",
            "estimate": swaps["smallest_band_pct"].to_numpy(float),
        }
        return stack_tidy(make_tidy({**common, **part}) for part in (index, star, swap))
