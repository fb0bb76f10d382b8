"""Every number of survey against checklist, for files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import (
    BOOTSTRAP,
    Agreement,
    AuditDecisions,
    CategoryAgreement,
    ChecklistInflation,
    MethodModel,
    MethodVariance,
    MultitraitMatrix,
    SideReliability,
    SourceComparison,
    StructuralRelation,
)
from clientindex.tables.agreement.names import name_subject
from clientindex.tables.long import (
    ESTIMATE,
    LongTable,
    bound,
    chance,
    count,
    make_long_recipe,
    measure,
    tell,
)
from clientindex.tables.naming import keep, say, say_truth

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.tables.long import LongColumn
    from clientindex.wording import Wording


def say_interval(method: str, methodology: Methodology, wording: Wording) -> str:
    """Say whether an interval comes from resampling or from a formula."""
    del methodology
    return wording.text(f"agreement_interval.{'bootstrap' if method == BOOTSTRAP else 'formula'}")


def name_other(key: str, methodology: Methodology, wording: Wording) -> str | None:
    """Name the second group of a correlation; nothing where there is none."""
    return name_subject(key, methodology, wording) if key else None


def name_lacking(detail: str, methodology: Methodology, wording: Wording) -> str | None:
    """Name the groups that a centre lacks; a period stays as it is."""
    keys = detail.split()
    if keys and all(key in methodology.group_keys for key in keys):
        return "; ".join(name_subject(key, methodology, wording) for key in keys)
    return detail or None


SUBJECT = tell("compared", "subject", name_subject)
REGION, CENTRE = tell("region", "region", keep), tell("centre_id", "centre", keep)
SIDE = tell("side", "side", say("side"))
N_CENTRES, N_RESPONDENTS = count("n_centres", "n"), count("n_respondents", "n")
ERROR = measure("std_error")
REMOVED = tell("error_removed", "removed", say("error_removed"))
INTERVAL = tell("interval_method", "method", say_interval)


def _name(texts: str, head: str = "quantity") -> LongColumn:
    """Make the column of the statistic, named by texts that begin with `texts`."""
    return tell(head, "statistic", say(texts))


COMPARABILITY = (
    LongTable(
        name="comparability_shares",
        result="comparability",
        kind=SourceComparison,
        frame="shares",
        columns=(SUBJECT, SIDE, _name("compared_share"), *ESTIMATE, N_CENTRES),
    ),
    LongTable(
        name="scale_links",
        result="comparability",
        kind=SourceComparison,
        frame="links",
        columns=(
            *(SUBJECT, tell("link", "link", say("link")), _name("link_statistic")),
            *(*ESTIMATE, N_CENTRES),
        ),
    ),
    LongTable(
        name="link_knots",
        result="comparability",
        kind=SourceComparison,
        frame="knots",
        columns=(SUBJECT, measure("checklist_score", "checklist"), measure("linked", "survey")),
    ),
    LongTable(
        name="centres_not_compared",
        result="comparability",
        kind=SourceComparison,
        frame="centres",
        columns=(
            *(REGION, CENTRE, tell("not_compared_reason", "reason", say("not_compared"))),
            tell("gap_detail", "detail", name_lacking),
        ),
    ),
    LongTable(
        name="side_reliability_parts",
        result="side_reliability",
        kind=SideReliability,
        frame="frame",
        columns=(SUBJECT, SIDE, _name("side_statistic"), *ESTIMATE, N_CENTRES),
    ),
    LongTable(
        name="survey_reliabilities",
        result="side_reliability",
        kind=SideReliability,
        frame="centres",
        columns=(SUBJECT, REGION, CENTRE, N_RESPONDENTS, *ESTIMATE),
    ),
)


def _list_multitrait(prefix: str, result: str) -> tuple[LongTable, ...]:
    """List the tables of correlations of groups, or of indicators."""
    first = (
        tell("first_side", "first_method", say("side")),
        tell("first_subject", "first_group", name_subject),
    )
    second = (
        tell("second_side", "second_method", say("side")),
        tell("second_subject", "second_group", name_subject),
    )
    columns = {
        "correlations": (
            *(*first, *second, tell("pair_kind", "kind", say("pair_kind")), REMOVED),
            tell("error_of_pair", "error_removed", say("error_removed")),
            *(measure("estimate"), ERROR, bound(), N_CENTRES),
        ),
        "criteria": (
            *(tell("criterion", "criterion", say("criterion")), REMOVED),
            *(tell("compared", "group", name_subject), _name("criterion_statistic")),
            *(count("comparisons"), measure("estimate"), ERROR, bound(), N_CENTRES),
        ),
        "htmt": (
            *(_name("ratio", "ratio"), REMOVED, first[1], second[1]),
            *(measure("estimate"), ERROR, bound(), N_CENTRES),
        ),
    }
    return tuple(
        LongTable(
            name=f"{prefix}_{frame}",
            result=result,
            kind=MultitraitMatrix,
            frame=frame,
            columns=shown,
        )
        for frame, shown in columns.items()
    )


METHODS = (
    *_list_multitrait("multitrait_group", "multitrait"),
    *_list_multitrait("multitrait_indicator", "multitrait_indicators"),
    LongTable(
        name="method_variance_parts",
        result="method_variance",
        kind=MethodVariance,
        frame="frame",
        columns=(
            *(tell("data_level", "level_of", say("method_level")), SUBJECT),
            *(_name("method_component", "component"), measure("estimate"), ERROR, bound()),
            count("n_units", "n"),
        ),
    ),
    LongTable(
        name="method_variance_check",
        result="method_variance",
        kind=MethodVariance,
        frame="check",
        columns=(
            *(_name("method_component", "component"), measure("estimate"), ERROR, bound()),
            N_CENTRES,
        ),
    ),
    LongTable(
        name="method_model_parameters",
        result="method_model",
        kind=MethodModel,
        frame="parameters",
        columns=(
            *(tell("parameter", "kind", say("model_parameter")), SIDE, SUBJECT),
            *(tell("second_subject", "other", name_other), measure("estimate"), ERROR, bound()),
            measure("standardised"),
        ),
    ),
    LongTable(
        name="method_model_shares",
        result="method_model",
        kind=MethodModel,
        frame="shares",
        columns=(SUBJECT, SIDE, _name("model_share"), *ESTIMATE),
    ),
    LongTable(
        name="method_model_fit",
        result="method_model",
        kind=MethodModel,
        frame="fit",
        columns=(_name("model_fit"), measure("estimate")),
    ),
)

DIFFERENCES = (
    LongTable(
        name="agreement_parts",
        result="agreement",
        kind=Agreement,
        frame="frame",
        columns=(
            *(tell("subject_kind", "kind", say("subject_kind")), SUBJECT),
            *(tell("scale", "scale", say("scale")), _name("agreement_statistic")),
            *(measure("estimate"), ERROR, bound(), INTERVAL, N_CENTRES),
        ),
    ),
    LongTable(
        name="agreement_points",
        result="agreement",
        kind=Agreement,
        frame="points",
        columns=(
            *(SUBJECT, REGION, CENTRE, N_RESPONDENTS, measure("survey_score", "survey")),
            *(measure("survey_error"), measure("checklist_score", "checklist")),
            measure("linked"),
        ),
    ),
    LongTable(
        name="agreement_by_answers",
        result="agreement",
        kind=Agreement,
        frame="by_answers",
        columns=(
            *(SUBJECT, count("n_respondents", "answers")),
            *(measure("limits_low", "low"), measure("limits_high", "high")),
        ),
    ),
    LongTable(
        name="agreement_regression",
        result="agreement",
        kind=Agreement,
        frame="regression",
        columns=(
            *(SUBJECT, measure("intercept"), measure("proportional_slope", "slope")),
            *(chance("p_value"), measure("spread_intercept"), measure("spread_slope")),
            *(measure("mean_low"), measure("mean_high")),
        ),
    ),
    LongTable(
        name="agreement_repeated_parts",
        result="agreement",
        kind=Agreement,
        frame="repeated",
        columns=(
            *(SUBJECT, tell("design", "design", say("design")), _name("agreement_statistic")),
            *(*ESTIMATE, N_CENTRES, count("n_pairs")),
        ),
    ),
)

CATEGORY = (
    tell("subject_kind", "kind", say("subject_kind")),
    tell("compared", "subject", name_subject),
)
CATEGORIES = (
    LongTable(
        name="category_parts",
        result="category_agreement",
        kind=CategoryAgreement,
        frame="frame",
        columns=(
            *(*CATEGORY, _name("category_coefficient", "coefficient")),
            *(measure("estimate"), ERROR, bound(), N_CENTRES),
        ),
    ),
    LongTable(
        name="category_margins",
        result="category_agreement",
        kind=CategoryAgreement,
        frame="margins",
        columns=(
            *(*CATEGORY, measure("chi_square", "statistic"), count("df")),
            *(chance("p_value"), chance("q_value"), N_CENTRES),
        ),
    ),
    LongTable(
        name="category_cells",
        result="category_agreement",
        kind=CategoryAgreement,
        frame="table",
        columns=(
            *(*CATEGORY, count("by_survey", "survey"), count("by_checklist", "checklist")),
            N_CENTRES,
        ),
    ),
)

LINES = (
    LongTable(
        name="structural_lines",
        result="structural",
        kind=StructuralRelation,
        frame="lines",
        columns=(
            *(SUBJECT, tell("line", "line", say("line")), _name("line_statistic")),
            *(measure("estimate"), ERROR, bound()),
            *(tell("interval_method", "method", say("line_interval")), N_CENTRES),
        ),
    ),
    LongTable(
        name="structural_constants",
        result="structural",
        kind=StructuralRelation,
        frame="constants",
        columns=(SUBJECT, _name("line_constant"), measure("estimate")),
    ),
)

INFLATION = (
    LongTable(
        name="inflation_centres",
        result="inflation",
        kind=ChecklistInflation,
        frame="centres",
        columns=(
            *(REGION, CENTRE, measure("survey_index", "survey")),
            *(measure("checklist_index", "checklist"), measure("gap")),
            *(measure("gap_error", "error"), measure("expected_gap", "expected")),
            *(measure("gap_spread", "spread"), measure("gap_z", "z"), chance("p_value")),
            *(chance("q_value"), tell("flagged", "flagged", say_truth)),
            *(measure("inflation_probability", "probability"), count("n_items", "items")),
            *(measure("ceiling_share_of", "ceiling_share"),),
            *(tell(f"{key}_sign", key, say_truth) for key in ("at_ceiling", "no_spread")),
            *(measure("unverifiable_gap"), measure("unverifiable_z")),
            chance("unverifiable_q"),
            tell("unverifiable_sign", "unverifiable_flagged", say_truth),
        ),
    ),
    LongTable(
        name="inflation_funnel",
        result="inflation",
        kind=ChecklistInflation,
        frame="funnel",
        columns=(
            *(measure("funnel_level", "level"), measure("gap_error", "error")),
            *(measure("funnel_low", "low"), measure("funnel_high", "high")),
        ),
    ),
    LongTable(
        name="inflation_power",
        result="inflation",
        kind=ChecklistInflation,
        frame="power",
        columns=(measure("share_found", "share"), measure("smallest_inflation", "estimate")),
    ),
)

AUDIT = (
    LongTable(
        name="audit_centres",
        result="audit",
        kind=AuditDecisions,
        frame="centres",
        columns=(
            *(CENTRE, tell("centre", "name", keep), REGION, count("n")),
            *(measure("survey_index", "survey"), measure("survey_error")),
            *(measure("checklist_index", "checklist"), measure("gap")),
            *(measure("expected_gap", "expected"), measure("gap_z", "z"), chance("q_value")),
            *(measure("checklist_weight", "weight"), measure("composite")),
            *(measure("composite_error"), measure("reliability")),
            tell("provisional", "provisional", say_truth),
            *(count("by_star_survey", "star_survey"), count("star_composite")),
            *(count("star_decided", "star"), tell("decision", "decision", say("decision"))),
            tell("gap_reason", "reason", say("unavailable.agreement")),
            tell("audit", "audit", say("audit_kind")),
            *(tell(f"{key}_sign", key, say_truth) for key in ("at_ceiling", "no_spread")),
            tell("unverifiable_sign", "unverifiable_flagged", say_truth),
        ),
    ),
)

RECIPES = tuple(
    make_long_recipe(table)
    for table in (
        *(*COMPARABILITY, *METHODS, *DIFFERENCES, *CATEGORIES),
        *(*LINES, *INFLATION, *AUDIT),
    )
)
