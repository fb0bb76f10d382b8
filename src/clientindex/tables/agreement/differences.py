"""Differences of checklist and survey: bias, limits, and whether they grow with the mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clientindex.results import BOOTSTRAP, Agreement
from clientindex.tables.agreement.names import list_subjects, name_subject
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.wide import collect_pairs, make_pair
from clientindex.tables.spec import Column, TableSpec, clean_value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from clientindex.methodology import Methodology
    from clientindex.tables.spec import Value
    from clientindex.wording import Wording

LIMITS = ("loa_low", "loa_high")


def take_pairs(
    result: Agreement, methodology: Methodology, statistics: Sequence[str], *, scale: str = "common"
) -> dict[Any, tuple[Value, ...]]:
    """Return estimate and interval of statistics by subject, without the bootstrap's rows."""
    frame = result.frame[(result.frame["scale"] == scale) & (result.frame["method"] != BOOTSTRAP)]
    frame = frame[frame["kind"] != "indicator"]
    return collect_pairs(frame, ["subject"], list_subjects(methodology), statistics)


def build_bias(result: Agreement, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a subject: bias, spread and limits of agreement with their intervals."""
    pairs = take_pairs(result, methodology, ["bias", "sd_difference", *LIMITS])
    counts = result.frame[result.frame["statistic"] == "bias"]
    n = dict(zip(counts["subject"], counts["n"], strict=True))
    return TableSpec(
        key="agreement_bias",
        caption=wording.text("table.agreement_bias.title"),
        columns=(
            make_column("compared", wording),
            make_column("n_centres", wording, kind="integer"),
            *make_pair("bias", wording, level=result.level, digits=1),
            make_column("sd_difference", wording, kind="number", digits=1),
            make_limits("limits", wording),
            *(_head_limit(key, result.level, wording) for key in ("limits_low", "limits_high")),
        ),
        rows=tuple(
            (
                name_subject(key, methodology, wording),
                clean_value(n.get(key)),
                *row[:3],
                join_ends(row[4], row[6]),
                row[5],
                row[7],
            )
            for key, row in pairs.items()
        ),
        notes=(
            wording.text(
                "table.agreement_bias.note",
                coverage=wording.percent(result.coverage),
                kind=wording.text(f"limits_interval.{methodology.agreement.limits.interval}"),
                survey=wording.integer(result.n_survey_only),
                checklist=wording.integer(result.n_checklist_only),
            ),
        ),
    )


def _head_limit(key: str, level: float, wording: Wording) -> Column:
    """Make the column of the interval of one limit; its heading names the limit."""
    column = make_interval(f"{key}_ci", wording, level=level, of=wording.text(f"column.{key}"))
    return replace(column, header=wording.text(f"column.{key}_ci", level=wording.percent(level)))


def make_limits(key: str, wording: Wording) -> Column:
    """Make a column of two limits; each has its own heading in files of data."""
    return Column(
        key=key,
        header=wording.text(f"column.{key}"),
        kind="interval",
        digits=1,
        low_header=wording.text(f"column.{key}_low"),
        high_header=wording.text(f"column.{key}_high"),
    )


def join_ends(low: Value, high: Value) -> Value:
    """Return two limits as a pair; none where one is unknown."""
    if isinstance(low, float | int) and isinstance(high, float | int):
        return float(low), float(high)
    return None


def build_net(result: Agreement, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a subject: limits without sampling error, and bounds of differences."""
    names = ["loa_net_low", "loa_net_high", "tdi", "coverage_probability"]
    pairs = take_pairs(result, methodology, [*names, "tolerance_low", "tolerance_high"])
    share = wording.text("column.coverage_probability")
    return TableSpec(
        key="agreement_net",
        caption=wording.text("table.agreement_net.title"),
        columns=(
            make_column("compared", wording),
            make_limits("limits_net", wording),
            *make_pair("tdi", wording, level=result.level, digits=1),
            make_column("coverage_probability", wording, kind="number", digits=2),
            make_interval(
                "coverage_probability_ci", wording, level=result.level, digits=2, of=share
            ),
            make_limits("tolerance", wording),
        ),
        rows=tuple(
            (
                name_subject(key, methodology, wording),
                join_ends(row[0], row[2]),
                *row[4:8],
                join_ends(row[8], row[10]),
            )
            for key, row in pairs.items()
        ),
        notes=(
            wording.text(
                "table.agreement_net.note",
                content=wording.percent(result.content),
                level=wording.percent(result.level),
                acceptable=wording.number(result.acceptable, 1),
            ),
        ),
    )


def build_proportional(result: Agreement, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a subject: slope of the difference on the mean, and test of variances."""
    pairs = take_pairs(result, methodology, ["proportional_slope", "variance_ratio_r"])
    tests = dict(zip(result.regression["subject"], result.regression["p_value"], strict=True))
    return TableSpec(
        key="agreement_proportional",
        caption=wording.text("table.agreement_proportional.title"),
        columns=(
            make_column("compared", wording),
            *make_pair("proportional_slope", wording, level=result.level, digits=2),
            make_column("p_value", wording, kind="p_value"),
            *make_pair("variance_ratio", wording, level=result.level, digits=2),
        ),
        rows=tuple(
            (
                name_subject(key, methodology, wording),
                *row[:2],
                clean_value(tests.get(key)),
                *row[2:],
            )
            for key, row in pairs.items()
        ),
        notes=(wording.text("table.agreement_proportional.note"),),
    )


def build_repeated(result: Agreement, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a subject and design: limits of single measurements from repeated ones."""
    frame = result.repeated
    order = [(key, design) for key in list_subjects(methodology) for design in DESIGNS]
    pairs = collect_pairs(frame, ["subject", "design"], order, ["bias", *LIMITS])
    sizes = {
        (row["subject"], row["design"]): (clean_value(row["n"]), clean_value(row["n_pairs"]))
        for row in frame.to_dict("records")
    }
    return TableSpec(
        key="agreement_repeated",
        caption=wording.text("table.agreement_repeated.title"),
        columns=(
            make_column("compared", wording),
            make_column("design", wording),
            make_column("n_centres", wording, kind="integer"),
            make_column("n_pairs", wording, kind="integer"),
            *make_pair("bias", wording, level=result.level, digits=1),
            make_limits("limits", wording),
        ),
        rows=tuple(
            (
                name_subject(key, methodology, wording),
                wording.text(f"design.{design}"),
                *sizes[key, design],
                *row[:2],
                join_ends(row[2], row[4]),
            )
            for (key, design), row in pairs.items()
        ),
        notes=(wording.text("table.agreement_repeated.note"),),
    )


DESIGNS = ("periods", "visits")

RECIPES = (
    make_recipe("agreement_bias", "agreement", Agreement, build_bias),
    make_recipe("agreement_net", "agreement", Agreement, build_net),
    make_recipe("agreement_proportional", "agreement", Agreement, build_proportional),
    make_recipe("agreement_repeated", "agreement", Agreement, build_repeated),
)
