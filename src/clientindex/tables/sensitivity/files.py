"""Every number of the sensitivity of stars, for files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import (
    JointDoubt,
    LeaveOneOut,
    Multiverse,
    OptimisedWeights,
    RankReversals,
    SobolIndices,
    WeightBounds,
    WeightImportance,
    WeightSources,
    WeightStability,
)
from clientindex.tables.long import (
    ESTIMATE,
    LongTable,
    bound,
    chance,
    count,
    lay_out,
    make_long_recipe,
    measure,
    share,
    stars,
    tell,
)
from clientindex.tables.naming import keep, say, say_truth
from clientindex.tables.rating.names import name_known_indicator, name_subject
from clientindex.tables.recipe import make_recipe
from clientindex.tables.sensitivity.multiverse import (
    DIMENSIONS,
    describe_variants,
    find_own,
)
from clientindex.tables.sensitivity.names import (
    name_doubt,
    name_input,
    name_option,
    name_part,
    name_source,
    say_gap,
)
from clientindex.tables.sensitivity.sources import name_asked, name_expert, name_judged
from clientindex.wording.sensitivity_names import name_output

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

CENTRE = tell("centre_id", "centre", keep)
KIND = tell("weights_of", "kind", say("weights_of"))
PART = tell("compared", ("kind", "key"), name_part)
GROUP = tell("group", "group", name_subject)
MEASURE = tell("importance_measure", "measure", say("importance_measure"))
SOURCE = tell("weight_source", "source", name_source)
PARENT = tell("asked_about", "parent", name_asked)
N_CENTRES = count("n_centres", "n")


def name_parent(by: str, methodology: Methodology, wording: Wording) -> str:
    """Name a group that gives back, or all others together."""
    return wording.text("made_up_by.all") if by == "all" else name_subject(by, methodology, wording)


def name_plain_output(part: tuple[str, str], methodology: Methodology, wording: Wording) -> str:
    """Name an output of the variance-based analysis; centres keep their codes."""
    del methodology
    return name_output(*part, {}, wording)


IMPORTANCE = (
    LongTable(
        name="weight_values",
        result="weight_importance",
        kind=WeightImportance,
        frame="weights",
        columns=(
            *(KIND, PART, GROUP, measure("nominal_weight", "nominal")),
            *(measure("effective_weight", "effective"), measure("applied_weight", "applied")),
            N_CENTRES,
        ),
    ),
    LongTable(
        name="weight_importance_values",
        result="weight_importance",
        kind=WeightImportance,
        frame="importance",
        columns=(
            *(KIND, PART, tell("importance_statistic", "statistic", say("importance_statistic"))),
            *(*ESTIMATE, measure("std_error"), N_CENTRES),
        ),
    ),
    LongTable(
        name="weight_made_up",
        result="weight_importance",
        kind=WeightImportance,
        frame="compensation",
        columns=(
            *(GROUP, tell("given_back_by", "by", name_parent), *ESTIMATE),
            *(
                measure("rate_median"),
                bound("rate", "exchange_rate", named=True),
                count("n_losing"),
            ),
            N_CENTRES,
        ),
    ),
    LongTable(
        name="indicator_pairs",
        result="weight_importance",
        kind=WeightImportance,
        frame="pairs",
        columns=(
            tell("first_indicator", "first", name_known_indicator),
            tell("second_indicator", "second", name_known_indicator),
            *(tell("same_group", "same_group", say_truth), *ESTIMATE),
            *(measure("pair_net", "net"), bound("net", "pair_net"), N_CENTRES),
            tell("redundant", "redundant", say_truth),
            tell("net_redundant", "net_redundant", say_truth),
        ),
    ),
    LongTable(
        name="indicator_removal",
        result="weight_importance",
        kind=WeightImportance,
        frame="removal",
        columns=(
            *(tell("indicator", "key", name_known_indicator), GROUP),
            *(measure("tau_without", "tau"), measure("mean_rank_shift", "mean_abs_rank_shift")),
            *(tell("leaves_ranks", "leaves_ranks", say_truth), *ESTIMATE, N_CENTRES),
            tell("against", "against", say("runs_against")),
        ),
    ),
    LongTable(
        name="optimised_values",
        result="optimised_weights",
        kind=OptimisedWeights,
        frame="frame",
        columns=(
            *(KIND, MEASURE, PART, measure("importance_target", "target")),
            *(measure("weight_now"), measure("importance_now", "share_now")),
            *(measure("optimised_weight", "weight"), bound("ci", "optimised_weight")),
            *(measure("importance_reached", "share"), N_CENTRES),
        ),
    ),
    LongTable(
        name="optimised_centres",
        result="optimised_weights",
        kind=OptimisedWeights,
        frame="centres",
        columns=(
            *(KIND, MEASURE, CENTRE, measure("index_now"), count("rank_now")),
            *(measure("index_then", "index"), count("rank_then", "rank")),
        ),
    ),
)

SOURCES = (
    LongTable(
        name="source_weights",
        result="weight_sources",
        kind=WeightSources,
        frame="weights",
        columns=(
            *(SOURCE, KIND, PART, measure("nominal_weight", "weight")),
            *(bound("ci", "nominal_weight"), measure("effective_weight", "effective")),
        ),
    ),
    LongTable(
        name="source_centres",
        result="weight_sources",
        kind=WeightSources,
        frame="centres",
        columns=(
            *(SOURCE, CENTRE, measure("index_then", "index"), count("rank_then", "rank")),
            *(stars("star_then", "star"), count("rank_change"), measure("star_change", digits=1)),
        ),
    ),
    LongTable(
        name="expert_weights",
        result="weight_sources",
        kind=WeightSources,
        frame="experts",
        columns=(
            *(SOURCE, PARENT, tell("compared", "key", name_judged), count("n_experts", "n")),
            *(measure("nominal_weight", "estimate"), measure("expert_sd", "std_dev")),
            *(measure("expert_lowest", "lowest"), measure("expert_highest", "highest")),
            measure("geometric_weight", "geometric"),
        ),
    ),
    LongTable(
        name="expert_concordance",
        result="weight_sources",
        kind=WeightSources,
        frame="concordance",
        columns=(
            *(SOURCE, PARENT, count("n_experts", "n"), measure("kendall_w", "w")),
            *(measure("chi2"), measure("df"), chance("p_value", "p")),
        ),
    ),
    LongTable(
        name="expert_matrices",
        result="weight_sources",
        kind=WeightSources,
        frame="consistency",
        columns=(
            *(PARENT, tell("expert", "expert", name_expert), measure("lambda_max")),
            *(measure("consistency_index", "index"), measure("consistency_ratio", "ratio")),
            tell("inconsistent", "inconsistent", say_truth),
        ),
    ),
    LongTable(
        name="satisfaction_values",
        result="weight_sources",
        kind=WeightSources,
        frame="importance",
        columns=(PART, *ESTIMATE, measure("explained_share", "share")),
    ),
    LongTable(
        name="favourable_weights",
        result="weight_sources",
        kind=WeightSources,
        frame="benefit",
        columns=(
            *(CENTRE, GROUP, measure("favourable_score", "score")),
            *(measure("favourable_share", "share"), measure("favourable_weight", "weight")),
        ),
    ),
)

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

METHODS = (
    LongTable(
        name="variant_centres",
        result="multiverse",
        kind=Multiverse,
        frame="centres",
        columns=(
            *(CENTRE, stars(), count("rank"), share("variants_same_star", "share_same_star")),
            *(share("variants_withheld", "share_withheld"), stars("star_low"), stars("star_high")),
            *(count("best_rank", "rank_low"), count("worst_rank", "rank_high")),
        ),
    ),
    LongTable(
        name="variant_gaps",
        result="multiverse",
        kind=Multiverse,
        frame="left_out",
        columns=(
            *(tell(f"variant_{name}", name, name_option) for name in DIMENSIONS),
            tell("gap_reason", "reason", say_gap),
        ),
    ),
    LongTable(
        name="sobol_values",
        result="sobol_indices",
        kind=SobolIndices,
        frame="indices",
        columns=(
            tell("sensitivity_output", ("output", "key"), name_plain_output),
            tell("sensitivity_input", ("input_kind", "input"), name_input),
            *(measure("first_index", "first"), bound("first", "first_index")),
            *(measure("total_index", "total"), bound("total", "total_index")),
        ),
    ),
    LongTable(
        name="sobol_convergence",
        result="sobol_indices",
        kind=SobolIndices,
        frame="convergence",
        columns=(
            tell("sensitivity_output", ("output", "key"), name_plain_output),
            tell("sensitivity_input", ("input_kind", "input"), name_input),
            *(count("sobol_rows", "n"), measure("first_index", "first")),
            measure("total_index", "total"),
        ),
    ),
)

TOGETHER = (
    LongTable(
        name="joint_centres",
        result="joint_doubt",
        kind=JointDoubt,
        frame="centres",
        columns=(
            *(CENTRE, tell("centre", "name", keep), tell("region", "region", keep), stars()),
            *(measure("p_joint", "p_star"), measure("p_joint_error", "p_star_se")),
            *(measure("p_within_one"), measure("p_sampling", "p_star_sampling")),
            *(measure("p_weights", "p_star_weights"), measure("p_method", "p_star_method")),
            *(measure("index", "estimate"), measure("joint_mean", "mean")),
            *(measure("joint_sd", "std_dev"), count("rank"), bound("rank", "rank_joint", digits=0)),
        ),
    ),
    LongTable(
        name="joint_stars",
        result="joint_doubt",
        kind=JointDoubt,
        frame="probabilities",
        columns=(CENTRE, stars("possible_star", "star"), measure("p_joint_star", "p")),
    ),
    LongTable(
        name="joint_centre_parts",
        result="joint_doubt",
        kind=JointDoubt,
        frame="parts",
        columns=(
            *(CENTRE, tell("joint_quantity", "quantity", say("joint_quantity"))),
            *(tell("doubt_of", "source", name_doubt), measure("estimate")),
            measure("joint_part_error", "mc_error"),
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


def build_variants(result: Multiverse, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a variant of the method, with all its choices: the multiverse table."""
    frame = describe_variants(result.variants, find_own(result), methodology, wording)
    columns = (
        *(count("variant_number", "variant"), tell("changed_choice", "told", keep)),
        *(tell(f"variant_{name}", name, name_option) for name in DIMENSIONS),
        *(count("n_starred"), share("share_changed"), share("share_up"), share("share_down")),
        *(share("share_withheld"), measure("mean_rank_shift")),
        measure("tau_to_current", "kendall_tau"),
    )
    return lay_out(
        "multiverse_variants",
        frame,
        columns,
        level=methodology.intervals.level,
        methodology=methodology,
        wording=wording,
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


LONG_TABLES = (*IMPORTANCE, *SOURCES, *DRAWS, *BOUNDS, *METHODS, *TOGETHER, *LEAVING)

RECIPES = (
    *map(make_long_recipe, LONG_TABLES),
    make_recipe("leave_out_centres", "leave_out", LeaveOneOut, build_leaving),
    make_recipe("multiverse_variants", "multiverse", Multiverse, build_variants),
)
