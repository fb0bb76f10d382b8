"""What the index is without one of its parts, and whether leaving reverses the order of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

KINDS = ("indicator", "group", "region", "segment")

PART_COLUMNS = (
    "kind",
    "key",
    "n_centres",
    "n_lost",
    "kendall_tau",
    "mean_abs_rank_shift",
    "max_abs_rank_shift",
    "n_star_up",
    "n_star_down",
    "n_no_star",
    "share_same_star",
    "mean_difference",
    "max_abs_difference",
)
CENTRE_COLUMNS = (
    "kind",
    "key",
    "centre",
    "index",
    "difference",
    "rank",
    "rank_before",
    "star",
    "star_before",
)
LEFT_OUT_COLUMNS = ("kind", "key", "reason", "detail")
REVERSAL_COLUMNS = (
    "centre",
    "n_others",
    "n_pairs",
    "n_reversed",
    "share_reversed",
    "kendall_tau",
    "max_abs_rank_shift",
    "n_star_changed",
)
PAIR_COLUMNS = ("removed", "higher", "lower", "difference_before", "difference_after")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeaveOneOut:
    """Index, ranks and stars of the starred centres without one part at a time.

    The weight of an indicator that is left out is shared among the others of its group in
    proportion to theirs, that of a group or segment likewise; a group whose only indicator with
    weight goes, goes with it. A region leaves with its centres. All that the methodology finds in
    the data (z scores, means of regions, normalised measures, cut points) is found anew. Ranks are
    among the centres that still have an index, before and after. Stars are before caps; no centre
    is withheld anew for having fewer respondents.

    Attributes
    ----------
    parts : DataFrame
        ``kind`` ("indicator", "group", "region", "segment"), ``key``, ``n_centres`` (that still
        have an index), ``n_lost`` (that do not, centres of a region left out not counted),
        ``kendall_tau`` (tau-b; NaN where all have one score), ``mean_abs_rank_shift``,
        ``max_abs_rank_shift``, ``n_star_up``, ``n_star_down``, ``n_no_star`` (no cut points are
        found for them), ``share_same_star``, ``mean_difference``, ``max_abs_difference`` (of the
        index, points; without minus with).
    centres : DataFrame
        ``kind``, ``key``, ``centre``, ``index``, ``difference``, ``rank``, ``rank_before``
        (Int64), ``star``, ``star_before`` (numbers, NaN without). All missing for a centre without
        an index; those of the region left out have no row.
    left_out : DataFrame
        ``kind``, ``key``, ``reason``: "no_weight" (nothing would change), "nothing_left" (there
        would be no index), "few_centres" (fewer than two); ``detail``.
    """

    parts: pd.DataFrame
    centres: pd.DataFrame
    left_out: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return tau, rank shift, share of stars and mean difference of every part."""
        names = ("kendall_tau", "mean_abs_rank_shift", "share_same_star", "mean_difference")
        return _tidy_columns(self.parts, names, subject=("kind", "key"), n="n_centres")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankReversals:
    """Whether removing one centre changes the order, or the stars, of others.

    Attributes
    ----------
    frame : DataFrame
        ``centre`` (removed, each that is scored), ``n_others`` (starred centres that stay),
        ``n_pairs`` (of them, with different scores before), ``n_reversed`` (of these, with the
        opposite order after), ``share_reversed``, ``kendall_tau`` (tau-b, before and after),
        ``max_abs_rank_shift`` (among the others), ``n_star_changed`` (others whose star before caps
        is another, or none).
    pairs : DataFrame
        ``removed``, ``higher``, ``lower`` (before), ``difference_before``, ``difference_after``
        (higher minus lower, points): of the removals that reverse most pairs, the pair that was
        farthest apart.
    depends_on : tuple of str
        What ties the score of a centre to others: "z_scores", "region_means", "measures",
        "cut_points" (stars only). Without the first three nothing can be reversed, whatever the
        data; without any, nothing changes, and nothing was computed.
    """

    frame: pd.DataFrame
    pairs: pd.DataFrame
    depends_on: tuple[str, ...]

    @property
    def n_with_reversal(self) -> int:
        """Number of removals that reverse at least one pair."""
        return int((self.frame["n_reversed"] > 0).sum())

    def tidy(self) -> pd.DataFrame:
        """Return share of reversed pairs and changed stars by removed centre."""
        names = ("share_reversed", "kendall_tau", "n_star_changed")
        return _tidy_columns(self.frame, names, subject=("centre",), n="n_others")


def _tidy_columns(
    frame: pd.DataFrame, names: Sequence[str], *, subject: Sequence[str], n: str
) -> pd.DataFrame:
    return stack_tidy(
        tidy_frame(
            frame.assign(estimate=frame[name], statistic=name),
            subject=list(subject),
            statistic="statistic",
            method="n counts centres",
            n=frame[n].to_numpy(),
        )
        for name in names
    )
