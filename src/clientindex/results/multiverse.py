"""Stars under every combination of the choices that a methodology makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.base import ALL_SEGMENTS, COUNTRY, make_tidy
from clientindex.results.tidying import stack_tidy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Multiverse:
    """The grid of method variants; the first one is the published methodology.

    Dimensions: ``normaliser``, ``weights`` ("current" or the name of the settings, "equal_groups",
    "equal_indicators"), ``group_mean``, ``index_mean`` (kinds of means), ``missing`` (treatment of
    missing indicators and of groups, joined by "+"), ``star_rule``, ``checklist`` ("with",
    "without").

    Attributes
    ----------
    variants : DataFrame
        One row a variant: ``variant`` (number from 0), the dimensions, ``n_starred`` (of the
        centres with a published star), ``share_changed`` (of these: another star, or none),
        ``share_up``, ``share_down``, ``share_withheld`` (its parts), ``mean_rank_shift`` (places,
        among the centres that both rank), ``kendall_tau`` (tau-b of the same).
    centres : DataFrame
        One row a centre with a published star, by rank: ``centre``, ``star`` (Float64), ``rank``
        (Int64), ``share_same_star`` (of variants; one that withholds the star has another),
        ``share_withheld``, ``star_low``, ``star_high``, ``rank_low``, ``rank_high`` (over the
        variants that give a star).
    stars : DataFrame
        One row a variant and centre: ``variant``, ``centre``, ``star`` (Float64), ``rank`` (Int64);
        missing where the variant withholds the star.
    effects : DataFrame
        One row a dimension with two choices or more, by share: ``dimension``, ``n_choices``,
        ``share_of_variance`` (main effect on ``share_changed``; NaN where it does not vary),
        ``spread`` (largest less smallest mean of ``share_changed`` over its choices).
    choices : DataFrame
        One row a choice of these: ``dimension``, ``choice``, ``is_current``, ``n_variants``,
        ``mean_share_changed``, ``mean_kendall_tau``.
    left_out : DataFrame
        Dimensions, ``reason``, ``detail``, all text. "invalid_methodology" (a file could not say
        it; ``detail`` what its checks say), "cut_points_of_other_scale" (stated cut points are
        points, the variant's scores are not), "cut_points_by_peer_group" (the published ones cannot
        be stated for all), "other_stars" (stars begin at another number), "no_checklists",
        "checklists_of_other_scale", "not_measured_again" (answers or measures would have to be
        scored anew, and only their scores are there), "not_defined" (``detail`` why).
    n_grid : int
        Variants of the whole grid, those left out included.
    additive_share : float
        Variance of ``share_changed`` that main effects explain together; the rest are interactions.
    """

    variants: pd.DataFrame
    centres: pd.DataFrame
    stars: pd.DataFrame
    effects: pd.DataFrame
    choices: pd.DataFrame
    left_out: pd.DataFrame
    n_grid: int
    additive_share: float

    def tidy(self) -> pd.DataFrame:
        """Return the variants, the share of the own star by centre, and main effects."""
        n = len(self.variants)
        names = ("share_changed", "mean_rank_shift", "kendall_tau")
        parts = [
            {
                "subject": COUNTRY,
                "statistic": [f"{name}.variant_{v}" for v in self.variants["variant"]],
                "estimate": self.variants[name].to_numpy(float),
                "method": "variant of the method; n counts centres",
                "n": len(self.centres),
            }
            for name in names
        ]
        centres, effects = self.centres, self.effects
        parts.append(
            {
                "subject": centres["centre"].to_numpy(),
                "statistic": "share_same_star",
                "estimate": centres["share_same_star"].to_numpy(float),
                "method": "all variants; n counts variants",
                "n": n,
            }
        )
        parts.append(
            {
                "subject": COUNTRY,
                "statistic": ("share_of_variance." + effects["dimension"]).to_numpy(),
                "estimate": effects["share_of_variance"].to_numpy(float),
                "method": "main effect on the share of changed stars; n counts variants",
                "n": n,
            }
        )
        return stack_tidy(make_tidy({"segment": ALL_SEGMENTS, **part}) for part in parts)
