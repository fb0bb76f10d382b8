"""Every number of how stars depend on weights and on parts of the index, for files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import LeaveOneOut, RankReversals, WeightBounds, WeightStability
from clientindex.tables.long import LongTable, count, lay_out, measure, share, stars, tell
from clientindex.tables.naming import keep, say, say_truth
from clientindex.tables.sensitivity.file_columns import CENTRE
from clientindex.tables.sensitivity.names import name_part

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

DRAWS = (
    LongTable(
        name="drawn_ranks",
        result="weight_stability",
        kind=WeightStability,
        frame="acceptability",
        columns=(CENTRE, count("rank_from"), count("rank_to"), share("draw_share", "share")),
    ),
    LongTable(
        name="drawn_stars",
        result="weight_stability",
        kind=WeightStability,
        frame="star_shares",
        columns=(CENTRE, stars("possible_star", "star"), share("draw_share", "share")),
    ),
)

BOUNDS = (
    LongTable(
        name="weight_bounds",
        result="weight_bounds",
        kind=WeightBounds,
        frame="frame",
        columns=(
            *(CENTRE, count("rank"), stars(), measure("index", "estimate")),
            *(measure("index_low", "lower"), measure("index_high", "upper")),
            *(tell("bound_reached", "reached", say_truth), stars("star_low"), stars("star_high")),
            *(
                tell("certain_in_band", "certain", say_truth),
                measure("loses_band", "loses_band_pct"),
            ),
            *(measure("wins_band", "wins_band_pct"), measure("l1_indicators")),
            measure("l1_groups"),
        ),
    ),
    LongTable(
        name="weight_swaps",
        result="weight_bounds",
        kind=WeightBounds,
        frame="swaps",
        columns=(
            *(tell("swap_ahead", "first", keep), tell("swap_behind", "second", keep)),
            *(tell("neighbours", "neighbours", say_truth), measure("index_gap", "difference")),
            *(measure("swap_band", "smallest_band_pct"), measure("l1_indicators")),
            measure("l1_groups"),
        ),
    ),
)

LEAVING = (
    LongTable(
        name="leave_out_parts",
        result="leave_out",
        kind=LeaveOneOut,
        frame="parts",
        columns=(
            tell("left_out_kind", "kind", say("left_out_kind")),
            *(tell("left_out_part", ("kind", "key"), name_part), count("n_centres")),
            *(count("n_lost"), measure("tau_to_current", "kendall_tau")),
            *(measure("mean_rank_shift", "mean_abs_rank_shift"),),
            *(count("largest_shift", "max_abs_rank_shift"), count("n_stars_up", "n_star_up")),
            *(count("n_stars_down", "n_star_down"), count("n_no_star")),
            *(share("parts_same_star", "share_same_star"),),
            measure("mean_index_change", "mean_difference"),
            measure("largest_index_change", "max_abs_difference"),
        ),
    ),
    LongTable(
        name="reversal_centres",
        result="rank_reversals",
        kind=RankReversals,
        frame="frame",
        columns=(
            *(tell("removed_centre", "centre", keep), count("others_left", "n_others")),
            *(count("n_pairs"), count("pairs_turned", "n_reversed")),
            *(share("pairs_turned_share", "share_reversed"),),
            *(measure("tau_to_current", "kendall_tau"),),
            *(count("largest_shift", "max_abs_rank_shift"),),
            count("other_stars_changed", "n_star_changed"),
        ),
    ),
    LongTable(
        name="reversal_pairs",
        result="rank_reversals",
        kind=RankReversals,
        frame="pairs",
        columns=(
            *(tell("removed_centre", "removed", keep), tell("was_ahead", "higher", keep)),
            *(tell("was_behind", "lower", keep), measure("gap_before", "difference_before")),
            measure("gap_then", "difference_after"),
        ),
    ),
)


def build_leaving(result: LeaveOneOut, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a part and centre whose star is another without it; all would be too many."""
    frame = result.centres
    columns = (
        tell("left_out_kind", "kind", say("left_out_kind")),
        *(tell("left_out_part", ("kind", "key"), name_part), CENTRE),
        *(measure("index_then", "index"), measure("index_change", "difference")),
        *(count("rank_then", "rank"), count("rank_now", "rank_before")),
        *(stars("star_then", "star"), stars("star", "star_before")),
    )
    return lay_out(
        "leave_out_centres",
        frame[frame["star"].notna() & (frame["star"] != frame["star_before"])],
        columns,
        level=methodology.intervals.level,
        methodology=methodology,
        wording=wording,
    )
