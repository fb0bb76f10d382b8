"""Every number of reliability in every part of the data, for files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import (
    AnswerQuality,
    CentreReliability,
    Consistency,
    IndicatorSets,
    ItemAnalysis,
    OmegaTable,
)
from clientindex.tables.long import (
    LongTable,
    bound,
    chance,
    count,
    make_long_recipe,
    measure,
    share,
    tell,
)
from clientindex.tables.naming import keep, say, say_truth
from clientindex.tables.no_answer import name_reason
from clientindex.tables.reliability.sets import name_list
from clientindex.wording.names import name_group, name_indicator, name_scope

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording


def _name_part(key: tuple[str, str], methodology: Methodology, wording: Wording) -> str:
    """Name a part of the data by its kind and key."""
    return name_scope(*key, methodology, wording)


def _name_target(key: str, methodology: Methodology, wording: Wording) -> str | None:
    """Name the group that an indicator moves to; nothing where it does not move."""
    return name_group(key, methodology, wording) if key else None


SCOPE = (tell("part_kind", "kind", say("scope")), tell("scope_part", ("kind", "part"), _name_part))
GROUP, INDICATOR = (
    tell("group", "group", name_group),
    tell("indicator", "indicator", name_indicator),
)
REGION, CENTRE = tell("region", "region", keep), tell("centre_id", "centre", keep)
STATISTIC = tell("coefficient", "statistic", say("coefficient"))
COMPONENT = tell("component", "component", say("variance_component"))
RULE = tell("quality_rule", "rule", say("quality_rule_name"))
N, N_CENTRES, N_ANSWERS = count("n_respondents", "n"), count("n_centres"), count("answers", "n")
ESTIMATE = (measure("estimate"), bound(key="interval"))
SHARE_INTERVAL = bound("share", "share", key="share_interval_percent", scale=100)
BEFORE = (measure("before"), bound("before", "before", key="before_interval"))
AFTER = (measure("after"), bound("after", "after", key="after_interval"))

LONG_TABLES = (
    LongTable(
        name="coefficients",
        result="consistency",
        kind=Consistency,
        frame="frame",
        columns=(
            *SCOPE,
            GROUP,
            STATISTIC,
            measure("estimate"),
            measure("std_error"),
            bound(key="interval"),
            tell("interval_method", "method", say("interval_method")),
            N,
            N_CENTRES,
        ),
    ),
    LongTable(
        name="omega_parts",
        result="omegas",
        kind=OmegaTable,
        frame="frame",
        columns=(
            *SCOPE,
            GROUP,
            tell("solution", "solution", say("solution")),
            STATISTIC,
            *ESTIMATE,
            N,
        ),
    ),
    LongTable(
        name="item_parts",
        result="item_analysis",
        kind=ItemAnalysis,
        frame="items",
        columns=(
            *SCOPE,
            INDICATOR,
            STATISTIC,
            *ESTIMATE,
            N_ANSWERS,
        ),
    ),
    LongTable(
        name="item_relation_parts",
        result="item_analysis",
        kind=ItemAnalysis,
        frame="relations",
        columns=(
            *SCOPE,
            GROUP,
            INDICATOR,
            STATISTIC,
            *ESTIMATE,
            N,
        ),
    ),
    LongTable(
        name="option_shares",
        result="item_analysis",
        kind=ItemAnalysis,
        frame="options",
        columns=(
            *SCOPE,
            INDICATOR,
            count("answer"),
            *ESTIMATE,
            count("answer_count", "n"),
        ),
    ),
    LongTable(
        name="missing_reasons",
        result="item_analysis",
        kind=ItemAnalysis,
        frame="reasons",
        columns=(
            *SCOPE,
            INDICATOR,
            tell("missing_reason", "reason", name_reason),
            count("answer_count", "n"),
            count("n_asked"),
            *ESTIMATE,
        ),
    ),
    LongTable(
        name="component_parts",
        result="centre_reliability",
        kind=CentreReliability,
        frame="components",
        columns=(
            *SCOPE,
            GROUP,
            tell("method", "method", say("interval_method")),
            COMPONENT,
            *ESTIMATE,
            share("share"),
            SHARE_INTERVAL,
        ),
    ),
    LongTable(
        name="centre_coefficients",
        result="centre_reliability",
        kind=CentreReliability,
        frame="coefficients",
        columns=(
            *SCOPE,
            GROUP,
            STATISTIC,
            tell("method", "method", say("interval_method")),
            *ESTIMATE,
            N,
            N_CENTRES,
        ),
    ),
    LongTable(
        name="centre_reliabilities",
        result="centre_reliability",
        kind=CentreReliability,
        frame="centres",
        columns=(
            *SCOPE,
            GROUP,
            REGION,
            CENTRE,
            N,
            measure("score"),
            measure("sampling_variance", "error"),
            tell("own_variance", "own", say_truth),
            *ESTIMATE,
        ),
    ),
    LongTable(
        name="answer_parts",
        result="centre_reliability",
        kind=CentreReliability,
        frame="answers",
        columns=(
            *SCOPE,
            GROUP,
            measure("reliability_level", "level"),
            share("share_reaching", "share"),
            bound("share", "share_reaching", key="reaching_interval_percent", scale=100),
            *ESTIMATE,
        ),
    ),
    LongTable(
        name="generalizability",
        result="centre_reliability",
        kind=CentreReliability,
        frame="generalizability",
        columns=(
            *SCOPE,
            GROUP,
            COMPONENT,
            *ESTIMATE,
        ),
    ),
    LongTable(
        name="decision_curves",
        result="centre_reliability",
        kind=CentreReliability,
        frame="curves",
        columns=(
            *SCOPE,
            GROUP,
            tell("facet", "facet", say("facet")),
            count("n_indicators", "indicators"),
            count("n_respondents", "respondents"),
            STATISTIC,
            *ESTIMATE,
        ),
    ),
    LongTable(
        name="quality_shares",
        result="answer_quality",
        kind=AnswerQuality,
        frame="shares",
        columns=(
            *SCOPE,
            RULE,
            N,
            count("n_flagged"),
            *ESTIMATE,
        ),
    ),
    LongTable(
        name="quality_centres",
        result="answer_quality",
        kind=AnswerQuality,
        frame="centres",
        columns=(
            RULE,
            REGION,
            CENTRE,
            N,
            count("n_flagged"),
            *ESTIMATE,
            chance("p_value"),
            chance("q_value"),
            tell("flagged", "flagged", say_truth),
        ),
    ),
    LongTable(
        name="quality_effect_parts",
        result="answer_quality",
        kind=AnswerQuality,
        frame="effects",
        columns=(
            *SCOPE,
            RULE,
            STATISTIC,
            GROUP,
            *BEFORE,
            *AFTER,
            *ESTIMATE,
            count("n_removed"),
            N_CENTRES,
        ),
    ),
    LongTable(
        name="index_changes",
        result="answer_quality",
        kind=AnswerQuality,
        frame="changes",
        columns=(
            REGION,
            CENTRE,
            N,
            count("n_removed"),
            measure("before"),
            measure("after"),
            *ESTIMATE,
        ),
    ),
    LongTable(
        name="indicator_changes",
        result="indicator_sets",
        kind=IndicatorSets,
        frame="changes",
        columns=(
            *SCOPE,
            tell("set_change", "change", say("set_change")),
            INDICATOR,
            tell("target_group", "target", _name_target),
            GROUP,
            STATISTIC,
            *BEFORE,
            *AFTER,
            *ESTIMATE,
        ),
    ),
    LongTable(
        name="subset_parts",
        result="indicator_sets",
        kind=IndicatorSets,
        frame="subsets",
        columns=(
            *SCOPE,
            GROUP,
            count("set_size", "size"),
            tell("best_by", "best_by", say("coefficient")),
            tell("chosen_indicators", "indicators", name_list),
            STATISTIC,
            *ESTIMATE,
        ),
    ),
)

RECIPES = tuple(map(make_long_recipe, LONG_TABLES))
