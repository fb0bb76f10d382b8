"""What random weightings do to ranks and stars."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from clientindex.results.base import ALL_SEGMENTS, COUNTRY, make_tidy

ACCEPTABILITY_COLUMNS = ("centre", "rank_from", "rank_to", "share")
STAR_SHARE_COLUMNS = ("centre", "star", "share")
SIMPLEX_COLUMNS = ("weight_1", "weight_2", "weight_3", "share_same_star", "star")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightStability:
    """Ranks and stars of starred centres under random weightings.

    Attributes
    ----------
    frame : DataFrame
        ``centre``, ``star`` (Int64), ``rank`` (Int64, under the stated weights), ``rank_low``,
        ``rank_median``, ``rank_high`` (quantiles of the rank over the draws at `level`),
        ``share_same_star`` (share of draws with the nominal star), ``share_same_star_se`` (Monte
        Carlo standard error), ``rank_mean``, ``rank_sd`` (over the draws, n - 1). In the order of
        the nominal rank.
    draws, seed : int
    band_pct : float
        Of the kind "band": every weight moves uniformly by up to plus-minus this per cent, then
        weights are re-scaled to sum to 1 inside their parent.
    level : float
    mean_share_same_star, mean_share_same_star_se : float
        Mean over centres, with its Monte Carlo standard error (from the spread over draws).
    mean_abs_rank_shift : float
        Mean over draws and centres of |rank in the draw - nominal rank|.
    mean_kendall_tau : float
        Mean over draws of Kendall's tau-b between nominal and drawn scores.
    kind : {"band", "dirichlet", "simplex"}
    vary : {"both", "indicators", "groups"}
        Weights that are drawn.
    concentration : float
        Of the kind "dirichlet".
    acceptability : DataFrame
        Rank acceptability indices (Lahdelma, Hokkanen and Salminen 1998): ``centre``,
        ``rank_from``, ``rank_to``, ``share`` of draws in which the centre has one of these ranks.
        Classes of ranks, all of a centre sum to 1.
    star_shares : DataFrame
        ``centre``, ``star``, ``share`` of draws with this star, every star of the rule; NaN stands
        for no star, where the rule found no cut points in a draw.
    simplex : DataFrame
        The three groups with most weight share what they have together in every possible way, the
        other weights being as stated. The simplex of these three weights is cut into equal
        triangles (a square number of them), a row each: ``weight_1``, ``weight_2``, ``weight_3``
        (in the middle of the triangle; none is 0), ``share_same_star`` (of the centres; their star
        before caps is the nominal one), ``star`` (of `simplex_centre`, before caps; NaN where the
        rule finds no cut points). No rows with fewer than three groups of a weight above 0.
    simplex_groups : tuple of str
        The three groups, in the order of the methodology.
    simplex_centre : str
        The centre whose star was least often the nominal one over the draws (best rank first).

    References
    ----------
    Lahdelma R., Hokkanen J., Salminen P. SMAA - Stochastic multiobjective acceptability analysis.
    European Journal of Operational Research, 1998, 106(1), 137-143.
    doi:10.1016/S0377-2217(97)00163-X
    """

    frame: pd.DataFrame
    draws: int
    seed: int
    band_pct: float
    level: float
    mean_share_same_star: float
    mean_share_same_star_se: float
    mean_abs_rank_shift: float
    mean_kendall_tau: float
    kind: str = "band"
    vary: str = "both"
    concentration: float = float("nan")
    acceptability: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(ACCEPTABILITY_COLUMNS))
    )
    star_shares: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(STAR_SHARE_COLUMNS))
    )
    simplex: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(SIMPLEX_COLUMNS))
    )
    simplex_groups: tuple[str, ...] = ()
    simplex_centre: str = ""

    def tidy(self) -> pd.DataFrame:
        """Return rank bands and star shares by centre, then the means over centres."""
        frame = self.frame
        rank = make_tidy(
            {
                "subject": frame["centre"].to_numpy(),
                "segment": ALL_SEGMENTS,
                "statistic": "rank",
                "estimate": frame["rank"].to_numpy(float),
                "ci_low": frame["rank_low"].to_numpy(float),
                "ci_high": frame["rank_high"].to_numpy(float),
                "level": self.level,
                "method": f"quantiles over {self.draws} weightings; n counts weightings",
                "n": self.draws,
            }
        )
        share = make_tidy(
            {
                "subject": frame["centre"].to_numpy(),
                "segment": ALL_SEGMENTS,
                "statistic": "share_same_star",
                "estimate": frame["share_same_star"].to_numpy(float),
                "std_error": frame["share_same_star_se"].to_numpy(float),
                "method": "Monte Carlo; n counts weightings",
                "n": self.draws,
            }
        )
        return pd.concat([rank, share, self._tidy_summary()], ignore_index=True)

    def _tidy_summary(self) -> pd.DataFrame:
        return make_tidy(
            {
                "subject": [COUNTRY] * 3,
                "segment": ALL_SEGMENTS,
                "statistic": ["mean_share_same_star", "mean_abs_rank_shift", "mean_kendall_tau"],
                "estimate": [
                    self.mean_share_same_star,
                    self.mean_abs_rank_shift,
                    self.mean_kendall_tau,
                ],
                "std_error": [self.mean_share_same_star_se, np.nan, np.nan],
                "method": "Monte Carlo; n counts weightings",
                "n": self.draws,
            }
        )
