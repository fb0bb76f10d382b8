"""Every number of what weights do and where they could come from, for files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import OptimisedWeights, WeightImportance, WeightSources
from clientindex.tables.long import (
    ESTIMATE,
    LongTable,
    bound,
    chance,
    count,
    measure,
    share,
    stars,
    tell,
)
from clientindex.tables.naming import say, say_truth
from clientindex.tables.rating.names import name_known_indicator, name_subject
from clientindex.tables.sensitivity.file_columns import CENTRE, PART
from clientindex.tables.sensitivity.names import name_source
from clientindex.tables.sensitivity.sources import name_asked, name_expert, name_judged

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

KIND = tell("weights_of", "kind", say("weights_of"))
GROUP = tell("group", "group", name_subject)
MEASURE = tell("importance_measure", "measure", say("importance_measure"))
SOURCE = tell("weight_source", "source", name_source)
PARENT = tell("asked_about", "parent", name_asked)
N_CENTRES = count("n_centres", "n")
OPTIMISED_INTERVAL = bound(
    "ci", "optimised_weight", key="optimised_weight_interval_percent", scale=100
)


def name_parent(by: str, methodology: Methodology, wording: Wording) -> str:
    """Name a group that gives back, or all others together."""
    return wording.text("made_up_by.all") if by == "all" else name_subject(by, methodology, wording)


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
            *(KIND, MEASURE, PART, share("importance_target", "target")),
            *(share("weight_now"), share("importance_now", "share_now")),
            *(share("optimised_weight", "weight"), OPTIMISED_INTERVAL),
            *(share("importance_reached", "share"), N_CENTRES),
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
        columns=(PART, *ESTIMATE, share("explained_share", "share")),
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
