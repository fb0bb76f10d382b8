"""What changed from the previous edition: means, their parts, stars, centres, indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.results import COUNTRY, EditionChange
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.long import bound, chance, count, lay_out, measure, share, tell
from clientindex.tables.naming import keep, say
from clientindex.tables.rating.names import (
    name_compared_indicator,
    name_former_group,
    name_scores_then_now,
    name_star,
    name_stars_then_now,
    say_reason,
)
from clientindex.tables.rating.wide import lay_wide
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import Column, TableSpec, clean_value, collect_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.tables.spec import Value
    from clientindex.wording import Wording

ESTIMATES = (
    "mean_change_all",
    "mean_change_comparable",
    "mean_change_service",
    "sampling_service",
    "stuart_maxwell",
)
"""Statistics that are no numbers of centres."""

COUNTED_OF = {
    "moved": "both",
    "comparable": "both",
    "tested": "comparable",
    "up": "tested",
    "down": "tested",
}
"""Numbers of centres -> the number that they are part of."""
WITH_STARS = ("star_up", "star_down", "star_same")
"""Numbers of the centres with a star in both editions."""
OF_NOTHING = ("renamed", "merged")
"""Numbers that are part of no other."""


def build_summary(result: EditionChange, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a statistic; numbers of centres have a column of their own."""
    summary = result.summary
    rows = tuple(
        _tell(row, _find_whole(row, summary), wording) for row in summary.to_dict("records")
    )
    return TableSpec(
        key="change_summary",
        caption=wording.text("table.change_summary.title"),
        columns=(
            make_column("quantity", wording),
            make_column("estimate", wording, kind="number", digits=2),
            make_interval("estimate_ci", wording, level=result.level, digits=2),
            make_column("p_value", wording, kind="p_value"),
            make_column("centres_counted", wording, kind="integer"),
            make_column("of_which", wording, kind="integer"),
        ),
        rows=rows,
        notes=(
            wording.text(
                "table.change_summary.note",
                previous=result.previous_id,
                current=result.current_id,
                rate=wording.percent(result.fdr),
            ),
            *_explain(result, ("stuart_maxwell", "method"), methodology, wording),
        ),
    )


def _find_whole(row: dict[Any, Any], summary: pd.DataFrame) -> Value:
    """Return the number of centres that a statistic is computed from, or a number is part of."""
    name, known = str(row["statistic"]), summary.set_index("statistic")
    if name in OF_NOTHING:
        return None
    if name in WITH_STARS:
        return clean_value(known["n"].get("stuart_maxwell"))
    if name in COUNTED_OF:
        whole = clean_value(known["estimate"].get(COUNTED_OF[name]))
        return int(whole) if isinstance(whole, float | int) else None
    return clean_value(row["n"])


def _tell(row: dict[Any, Any], whole: Value, wording: Wording) -> tuple[Value, ...]:
    name, value = str(row["statistic"]), clean_value(row["estimate"])
    is_estimate = name in ESTIMATES
    counted = int(value) if not is_estimate and isinstance(value, float | int) else None
    return (
        wording.text(f"change_statistic.{name}"),
        value if is_estimate else None,
        clean_value((row["ci_low"], row["ci_high"])),
        clean_value(row["p_value"]),
        counted,
        whole,
    )


def _explain(
    result: EditionChange, statistics: tuple[str, ...], methodology: Methodology, wording: Wording
) -> Iterator[str]:
    """Say why statistics of the country are missing, or what is in them that should not be."""
    lost = result.left_out[result.left_out["subject"] == COUNTRY]
    for row in lost[lost["statistic"].isin(statistics)].itertuples():
        reason = str(say_reason(str(row.reason), methodology, wording))
        name = f"sentence.setting.{row.detail}"
        told = wording.text(name) if name in wording.texts else ""
        parts = {"reason": reason, "detail": told}
        yield wording.text("table.change_summary.detail", **parts) if told else reason


def build_parts(result: EditionChange, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a part of the change of the country; parts sum to the total."""
    columns = (
        tell("change_part", "part", say("change_part")),
        tell("part_of", "of", say("change_part")),
        measure("change_points", "estimate", digits=2),
        bound(digits=2),
        count("n_centres", "n"),
    )
    return lay_out(
        "change_parts",
        result.parts[result.parts["region"] == COUNTRY],
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text("table.change_parts.note"),
            *_explain(result, ("method", "composition", "service"), methodology, wording),
        ),
    )


def build_transitions(
    result: EditionChange, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a number of stars before and one column a number of stars now."""
    frame = result.transitions
    wide = lay_wide(frame, "star_before", "star_after", ("n",))
    after = frame["star_after"].unique()
    shown = [
        Column(
            key=f"now_{key}".replace(".", "_"),
            header=wording.text("column.star_now", star=name_star(key, methodology, wording)),
            kind="integer",
        )
        for key in after
    ]
    return TableSpec(
        key="star_transitions",
        caption=wording.text("table.star_transitions.title"),
        columns=(make_column("star_previous", wording), *shown),
        rows=collect_rows(
            [name_star(key, methodology, wording) for key in wide["star_before"]],
            *(wide[f"{key}_n"] for key in after),
        ),
        notes=(wording.text("table.star_transitions.note"),),
    )


def build_flagged(result: EditionChange, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build the centres that changed beyond chance, largest rise first.

    Indices and stars of both editions share a column: the table must fit a page of text.
    """
    frame = result.centres[result.centres["flagged"] != ""]
    columns = (
        tell("centre", "name", keep),
        tell("region", "region", keep),
        tell("index_then_now", ("one_method_before", "one_method_after"), name_scores_then_now),
        measure("change_points", "difference", digits=1),
        bound(digits=1),
        chance("q_value"),
        tell("stars_then_now", ("star_before", "star_after"), name_stars_then_now),
    )
    return lay_out(
        "change_flagged",
        frame.sort_values(["difference", "centre"], ascending=[False, True]),
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.change_flagged.note",
                rate=wording.percent(result.fdr),
                tested=wording.integer(int(result.centres["p_value"].notna().sum())),
            ),
        ),
    )


def build_indicators(
    result: EditionChange, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the indicators that are new, gone or rescaled, or have another group or weight."""
    frame = result.indicators
    moved = frame["group_before"] != frame["group_after"]
    weighed = (frame["weight_before"] - frame["weight_after"]).abs() > 1e-9
    frame = frame.assign(
        told=frame["status"].mask((frame["status"] == "both") & ~moved & weighed, "weight")
    )
    columns = (
        tell("indicator", ("indicator", "name_ru", "name_en"), name_compared_indicator),
        tell("indicator_status", "told", say("indicator_status")),
        tell("group_previous", "group_before", name_former_group),
        tell("group_current", "group_after", name_former_group),
        share("weight_previous", "weight_before", digits=1),
        share("weight_current", "weight_after", digits=1),
    )
    return lay_out(
        "change_indicators",
        frame[(frame["status"] != "both") | moved | weighed],
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(wording.text("table.change_indicators.note"),),
    )


RECIPES = (
    make_recipe("change_summary", "change", EditionChange, build_summary),
    make_recipe("change_parts", "change", EditionChange, build_parts),
    make_recipe("star_transitions", "change", EditionChange, build_transitions),
    make_recipe("change_flagged", "change", EditionChange, build_flagged),
    make_recipe("change_indicators", "change", EditionChange, build_indicators),
)
