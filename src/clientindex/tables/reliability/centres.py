"""How reliably centres are told apart, and what that takes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from clientindex.results import CentreReliability
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.long import pair_finite
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.consistency import list_groups
from clientindex.tables.reliability.wide import collect_pairs, make_pair
from clientindex.tables.spec import TableSpec, Value, collect_rows, pair_ends
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

SHOWN = {"icc1": "icc_1", "icc2": "icc_2", "mean_reliability": "mean_reliability"}
LEVELS = ("within", "between")


def build_icc(result: CentreReliability, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a group of everybody: ICC(1), ICC(2), mean reliability and its word."""
    frame = result.coefficients
    frame = frame[(frame["kind"] == "all") & (frame["method"] == "reml")]
    pairs = collect_pairs(frame, ["group"], list_groups(methodology), list(SHOWN))
    threshold = methodology.thresholds.centre_reliability
    sizes = frame["mean_size"]
    columns = [
        column
        for key in SHOWN.values()
        for column in make_pair(key, wording, level=result.confidence, digits=2)
    ]
    note = wording.text(
        "table.centre_icc.note",
        size=wording.span(sizes.min(), sizes.max(), 0) if len(sizes) else "",
        source=threshold.source.in_language(wording.language),
    )
    return TableSpec(
        key="centre_icc",
        caption=wording.text("table.centre_icc.title"),
        columns=(make_column("group", wording), *columns, make_column("verdict", wording)),
        rows=tuple(
            (
                name_group(key, methodology, wording),
                *row,
                _judge(row[4], methodology, wording),
            )
            for key, row in pairs.items()
        ),
        notes=(note,),
    )


def _judge(value: Value, methodology: Methodology, wording: Wording) -> str | None:
    if not isinstance(value, float):
        return None
    word = methodology.thresholds.centre_reliability.classify(value)
    return wording.text(f"level.centre_reliability.{word}")


def build_answers(
    result: CentreReliability, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a group and level: share of centres that reach it, answers needed."""
    frame = result.answers[result.answers["kind"] == "all"]
    needed = [_round_up(value) for value in frame["estimate"]]
    ends = [
        (_round_up(low), _round_up(high))
        for low, high in pair_ends(frame["ci_low"], frame["ci_high"])
    ]
    return TableSpec(
        key="centre_answers",
        caption=wording.text("table.centre_answers.title"),
        columns=(
            make_column("group", wording),
            make_column("reliability_level", wording, kind="number", digits=1),
            make_column("share_reaching", wording, kind="percent", digits=0),
            make_interval(
                "share_reaching_ci_percent",
                wording,
                level=result.confidence,
                digits=0,
                of=wording.text("column.share_reaching"),
            ),
            make_column("answers_needed", wording, kind="integer"),
            make_interval(
                "answers_needed_ci",
                wording,
                level=result.confidence,
                digits=0,
                of=wording.text("column.answers_needed"),
            ),
        ),
        rows=collect_rows(
            [name_group(key, methodology, wording) for key in frame["group"]],
            frame["level"],
            frame["share"],
            pair_ends(100 * frame["share_low"], 100 * frame["share_high"]),
            needed,
            ends,
        ),
        notes=(wording.text("table.centre_answers.note"),),
    )


def _round_up(value: float) -> int | None:
    """Return the next whole number of answers; none where no number is enough."""
    return math.ceil(value) if math.isfinite(value) else None


def build_components(
    result: CentreReliability, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a group and component of everybody, with regions where they are told apart."""
    frame = result.components[result.components["kind"] == "all"]
    nested = set(frame.loc[frame["method"] == "regions", "group"])
    wanted = [
        method == ("regions" if group in nested else "reml")
        for method, group in zip(frame["method"], frame["group"], strict=True)
    ]
    frame = frame[wanted]
    return TableSpec(
        key="variance_components",
        caption=wording.text("table.variance_components.title"),
        columns=(
            make_column("group", wording),
            make_column("component", wording),
            make_column("variance", wording, kind="number", digits=1),
            make_interval("variance_ci", wording, level=result.confidence, digits=1),
            make_column("share", wording, kind="percent", digits=1),
            make_interval(
                "share_ci_percent",
                wording,
                level=result.confidence,
                digits=1,
                of=wording.text("column.share"),
            ),
        ),
        rows=collect_rows(
            [name_group(key, methodology, wording) for key in frame["group"]],
            [wording.text(f"variance_component.{key}") for key in frame["component"]],
            frame["estimate"],
            pair_finite(frame["ci_low"], frame["ci_high"]),
            frame["share"],
            pair_ends(100 * frame["share_low"], 100 * frame["share_high"]),
        ),
        notes=(wording.text("table.variance_components.note"),),
    )


def build_levels(
    result: CentreReliability, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a group and level of the data: alpha and omega."""
    frame = result.coefficients
    frame = frame[(frame["kind"] == "all") & (frame["method"] == "jackknife")]
    parts = frame["statistic"].str.rsplit("_", n=1)
    frame = frame.assign(level=parts.str[-1], statistic=parts.str[0])
    order = [(key, level) for key in list_groups(methodology) for level in LEVELS]
    pairs = collect_pairs(frame, ["group", "level"], order, ["alpha", "omega"])
    columns = [
        column
        for key in ("alpha", "omega")
        for column in make_pair(key, wording, level=result.confidence, digits=2)
    ]
    return TableSpec(
        key="level_coefficients",
        caption=wording.text("table.level_coefficients.title"),
        columns=(make_column("group", wording), make_column("data_level", wording), *columns),
        rows=tuple(
            (
                name_group(key, methodology, wording),
                wording.text(f"data_level.{level}"),
                *row,
            )
            for (key, level), row in pairs.items()
        ),
        notes=(wording.text("table.level_coefficients.note"),),
    )


RECIPES = (
    make_recipe("centre_icc", "centre_reliability", CentreReliability, build_icc),
    make_recipe("centre_answers", "centre_reliability", CentreReliability, build_answers),
    make_recipe("variance_components", "centre_reliability", CentreReliability, build_components),
    make_recipe("level_coefficients", "centre_reliability", CentreReliability, build_levels),
)
