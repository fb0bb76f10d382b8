"""Every number of stars and their uncertainty, for files."""

from __future__ import annotations

from clientindex.results import (
    AnswerWeights,
    CaseMix,
    EditionChange,
    ErrorCheck,
    RankTable,
    RegionalProfile,
    ScoreParts,
    ShrunkenScores,
    StarDoubt,
)
from clientindex.tables.long import (
    ESTIMATE,
    LongColumn,
    LongTable,
    bound,
    chance,
    count,
    make_long_recipe,
    measure,
    share,
    stars,
    tell,
)
from clientindex.tables.naming import keep, say, say_truth
from clientindex.tables.rating.names import (
    name_condition,
    name_joined_of,
    name_known_indicator,
    name_known_segment,
    name_known_trait,
    name_level_of,
    name_model_statistic,
    name_part_of_index,
    name_place,
    name_set,
    name_subject,
    name_withheld,
    say_reason,
)

REGION, CENTRE = tell("region", "region", keep), tell("centre_id", "centre", keep)
NAME = tell("centre", "name", keep)
PLACE = tell("region", "region", name_place)
SCOPE = tell("rank_scope", "scope", name_place)
SUBJECT = tell("compared", "subject", name_subject)
N, N_CENTRES, STARRED = count("n"), count("n_centres", "n"), count("n_starred", "n")
ERROR = measure("std_error")
SET = tell("trait_set", "set", name_set)
SEGMENT = tell("segment", "segment", name_known_segment)
TRAIT = tell("trait", "trait", name_known_trait)
LEVEL = tell("trait_level", ("trait", "level"), name_level_of)
INDICATOR = tell("indicator", "indicator", name_known_indicator)

DOUBT = (
    LongTable(
        name="star_probabilities",
        result="star_doubt",
        kind=StarDoubt,
        frame="probabilities",
        columns=(
            *(CENTRE, stars("possible_star", "star")),
            *(measure("p_normal", "normal"), measure("p_draws", "draws")),
            measure("p_shrunk", "shrunk"),
        ),
    ),
    LongTable(
        name="star_doubt_centres",
        result="star_doubt",
        kind=StarDoubt,
        frame="centres",
        columns=(
            *(REGION, CENTRE, NAME, N, tell("small_n", "small_n", say_truth)),
            *(measure("index", "estimate"), ERROR, stars()),
            *(measure("p_normal", "p_star_normal"), measure("p_draws", "p_star_draws")),
            *(measure("p_shrunk", "p_star_shrunk"), measure("p_within_one")),
            *(measure("points_up"), measure("errors_up")),
            *(measure("points_down"), measure("errors_down")),
            tell("certain_star", "certain", say_truth),
            tell("withheld", "withheld", name_withheld),
        ),
    ),
)

RANKS = (
    LongTable(
        name="rank_intervals",
        result="ranks",
        kind=RankTable,
        frame="frame",
        columns=(
            *(SCOPE, CENTRE, count("rank"), bound("rank", "rank_redrawn", digits=0)),
            *(measure("expected_rank"), bound("posterior", "rank_posterior", digits=0)),
            *(
                bound("marginal", "rank_marginal", digits=0),
                bound("simultaneous", "rank_simultaneous", digits=0),
            ),
            *(share("p_top"), tell("possible_best", "possible_best", say_truth)),
            tell("certain_best", "certain_best", say_truth),
        ),
    ),
    LongTable(
        name="rank_scopes",
        result="ranks",
        kind=RankTable,
        frame="scopes",
        columns=(
            *(SCOPE, STARRED, count("top_count"), measure("critical_value")),
            *(measure("first_critical_value"), count("steps")),
        ),
    ),
)

SCORES = (
    LongTable(
        name="shrunken_scores",
        result="shrinkage",
        kind=ShrunkenScores,
        frame="centres",
        columns=(
            *(SUBJECT, REGION, CENTRE, N, measure("score", "estimate"), ERROR),
            *(measure("shrunken", "shrunk"), measure("shrunken_error", "shrunk_error")),
            *(bound("ci", "shrunken"), measure("shrinkage", "factor")),
            *(measure("robust"), bound("robust", "robust"), measure("synthetic")),
            *(measure("fay_herriot"), measure("fay_herriot_error")),
            bound("fay_herriot", "fay_herriot"),
        ),
    ),
    LongTable(
        name="shrinkage_models",
        result="shrinkage",
        kind=ShrunkenScores,
        frame="models",
        columns=(
            *(SUBJECT, tell("quantity", "statistic", name_model_statistic)),
            tell("method", "method", say("score_model_method")),
            *(measure("estimate"), ERROR, bound(), N_CENTRES),
        ),
    ),
    LongTable(
        name="error_check_centres",
        result="error_check",
        kind=ErrorCheck,
        frame="centres",
        columns=(
            *(REGION, CENTRE, N, tell("small_n", "small_n", say_truth)),
            *(measure("exact_error", "exact"), measure("resampled_error", "resampled")),
            *(
                measure("mc_error"),
                measure("error_ratio", "ratio"),
                count("lost_replicates", "lost"),
            ),
        ),
    ),
    LongTable(
        name="score_parts",
        result="score_parts",
        kind=ScoreParts,
        frame="frame",
        columns=(
            *(CENTRE, tell("subject_kind", "kind", say("subject_kind"))),
            *(
                tell("compared", ("kind", "key"), name_part_of_index),
                measure("effective_weight", "weight"),
            ),
            *(measure("score", "estimate"), measure("contribution")),
            *(measure("mean_contribution"), measure("contribution_difference", "difference")),
        ),
    ),
)


def _list_tests() -> tuple[LongColumn, ...]:
    """List the columns of both models of over-dispersion."""
    return (
        measure("unusual_z_plain", "z"),
        *(
            column
            for model in ("additive", "multiplicative")
            for column in (
                measure(f"z_{model}"),
                chance(f"p_{model}"),
                chance(f"q_{model}"),
                tell(f"side_{model}", f"flagged_{model}", say("unusual_side")),
            )
        ),
    )


REGIONS = (
    LongTable(
        name="region_score_means",
        result="regional",
        kind=RegionalProfile,
        frame="means",
        columns=(
            *(PLACE, tell("compared", "key", name_subject), tell("mean_by", "by", say("mean_by"))),
            *(*ESTIMATE, ERROR, measure("df"), measure("sampling_error")),
            *(count("n_centres"), count("n_register"), measure("effective_centres", "effective")),
            *(N, count("visitors")),
        ),
    ),
    LongTable(
        name="region_variances",
        result="regional",
        kind=RegionalProfile,
        frame="components",
        columns=(
            tell("compared", "key", name_subject),
            tell("variance_part", "statistic", say("variance_part")),
            *(measure("estimate"), measure("lower_end", "ci_low"), measure("upper_end", "ci_high")),
            *(N_CENTRES, count("n_regions")),
        ),
    ),
    LongTable(
        name="funnel_centres",
        result="regional",
        kind=RegionalProfile,
        frame="centres",
        columns=(
            *(REGION, CENTRE, NAME, N, measure("index", "estimate"), measure("std_error", "error")),
            *_list_tests(),
        ),
    ),
    LongTable(
        name="funnel_regions",
        result="regional",
        kind=RegionalProfile,
        frame="regions",
        columns=(
            *(REGION, count("n_starred", "n_centres"), measure("mean_index", "estimate")),
            *(measure("std_error", "error"), *_list_tests()),
        ),
    ),
    LongTable(
        name="funnel_limits",
        result="regional",
        kind=RegionalProfile,
        frame="funnel",
        columns=(
            *(tell("funnel_unit", "unit", say("funnel_unit")),),
            *(tell("funnel_model", "model", say("funnel_model")), share("funnel_level", "level")),
            *(measure("std_error", "error"), count("typical_n", "n")),
            *(measure("funnel_low", "low"), measure("funnel_high_limit", "high")),
        ),
    ),
)

CHANGE = (
    LongTable(
        name="change_centres",
        result="change",
        kind=EditionChange,
        frame="centres",
        columns=(
            *(REGION, tell("region_previous", "region_before", keep), CENTRE, NAME),
            *(
                tell("centre_status", "status", say("centre_status")),
                count("merged_from", "merged"),
            ),
            *(measure("index_previous", "before"), measure("index_current", "after")),
            measure("before_one_method", "one_method_before"),
            measure("after_one_method", "one_method_after"),
            *(measure("change_points", "difference"), ERROR, bound(), chance("p_value")),
            *(chance("q_value"), tell("change_side", "flagged", say("change_side"))),
            *(stars("star_previous", "star_before"), stars("star_current", "star_after")),
            tell("no_star_previous", "withheld_before", name_condition),
            tell("no_star_current", "withheld_after", name_condition),
            tell("not_tested", "reason", say_reason),
        ),
    ),
    LongTable(
        name="change_region_parts",
        result="change",
        kind=EditionChange,
        frame="parts",
        columns=(
            *(PLACE, tell("change_part", "part", say("change_part"))),
            *(tell("part_of", "of", say("change_part")), measure("change_points", "estimate")),
            *(ERROR, bound(), N_CENTRES),
        ),
    ),
)

WEIGHTS = (
    LongTable(
        name="weights_margins",
        result="answer_weights",
        kind=AnswerWeights,
        frame="margins",
        columns=(
            *(tell("raking_scope", "scope", keep), SEGMENT, TRAIT, LEVEL),
            *(
                tell("joined_level", ("trait", "joined"), name_joined_of),
                count("visitors"),
                N,
                share("visitor_share", "share"),
            ),
            *(share("share_before", "before"), share("share_after", "after")),
        ),
    ),
    LongTable(
        name="weights_centres",
        result="answer_weights",
        kind=AnswerWeights,
        frame="centres",
        columns=(
            *(CENTRE, SEGMENT, N, measure("n_eff"), measure("weight_effect", "deff")),
            measure("largest_weight", "largest"),
        ),
    ),
    LongTable(
        name="weights_scores",
        result="answer_weights",
        kind=AnswerWeights,
        frame="scores",
        columns=(
            *(CENTRE, measure("unweighted_index", "unweighted"), measure("unweighted_error")),
            *(measure("weighted_index", "weighted"), measure("weighted_error")),
            measure("difference"),
        ),
    ),
)

CASE_MIX = (
    LongTable(
        name="case_mix_coefficients",
        result="case_mix",
        kind=CaseMix,
        frame="coefficients",
        columns=(
            *(SET, SEGMENT, INDICATOR, TRAIT, LEVEL),
            *(
                tell("reference_level", ("trait", "reference"), name_level_of),
                measure("estimate"),
                ERROR,
            ),
            *(bound(), count("answers", "n")),
        ),
    ),
    LongTable(
        name="case_mix_centres",
        result="case_mix",
        kind=CaseMix,
        frame="centres",
        columns=(
            *(SET, CENTRE, N, measure("unadjusted_index", "unadjusted")),
            *(measure("unadjusted_error"), measure("adjusted_index", "adjusted")),
            *(measure("adjusted_error"), measure("difference"), measure("difference_error")),
            stars("star_unadjusted"),
            stars("star_adjusted"),
        ),
    ),
    LongTable(
        name="case_mix_variance",
        result="case_mix",
        kind=CaseMix,
        frame="variance",
        columns=(
            *(
                SET,
                SEGMENT,
                INDICATOR,
                count("answers", "n"),
                measure("variance_within_centres", "within_variance"),
            ),
            share("explained"),
        ),
    ),
)

LONG_TABLES = (*SCORES, *DOUBT, *RANKS, *REGIONS, *CHANGE, *WEIGHTS, *CASE_MIX)

RECIPES = tuple(map(make_long_recipe, LONG_TABLES))
