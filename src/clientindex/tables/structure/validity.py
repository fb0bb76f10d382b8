"""May the groups be reported separately: convergent and discriminant validity, general factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from clientindex.results import Validity
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import TableSpec, Value, clean_value
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

WITH_LEVELS: Final = ("ecv", "omega_hierarchical")
"""Overall statistics that the methodology has words for."""


def build_groups(result: Validity, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a group: convergent validity and the two criteria of discriminant validity."""
    found = _collect(result.groups, ["group"])
    verdicts = result.verdicts.set_index("group")
    rows = [
        (
            name_group(group, methodology, wording),
            *_take(found, (group, "ave")),
            *_take(found, (group, "composite_reliability")),
            _take(found, (group, "max_shared_variance"))[0],
            *(
                _answer(verdicts.loc[group, name], wording)
                for name in ("fornell_larcker", "htmt_distinct", "htmt_below")
            ),
        )
        for group in verdicts.index
    ]
    return TableSpec(
        key="validity_groups",
        caption=wording.text("table.validity_groups.title"),
        columns=(
            make_column("group", wording),
            make_column("ave", wording, kind="number", digits=2),
            make_interval(
                "ave_ci", wording, level=result.level, digits=2, of=wording.text("column.ave")
            ),
            make_column("composite_reliability", wording, kind="number", digits=2),
            make_interval(
                "composite_reliability_ci",
                wording,
                level=result.level,
                digits=2,
                of=wording.text("column.composite_reliability"),
            ),
            make_column("max_shared_variance", wording, kind="number", digits=2),
            make_column("fornell_larcker", wording),
            make_column("htmt_distinct", wording),
            make_column("htmt_below", wording),
        ),
        rows=tuple(rows),
        notes=(
            wording.text(
                "table.validity_groups.note",
                basis=wording.text(f"basis_by.{result.basis}"),
                source=methodology.thresholds.ave.source.in_language(wording.language),
            ),
        ),
    )


def build_omegas(result: Validity, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a group: how much of its score is its own and how much the general factor."""
    found = _collect(result.groups, ["group"])
    names = ("omega_subscale", "omega_hierarchical_subscale", "ecv_group")
    groups = dict.fromkeys(result.groups["group"])
    columns = [
        column
        for name in names
        for column in (
            make_column(name, wording, kind="number", digits=2),
            make_interval(
                f"{name}_ci",
                wording,
                level=result.level,
                digits=2,
                of=wording.text(f"column.{name}"),
            ),
        )
    ]
    return TableSpec(
        key="omega_groups",
        caption=wording.text("table.omega_groups.title"),
        columns=(make_column("group", wording), *columns),
        rows=tuple(
            (
                name_group(group, methodology, wording),
                *(value for name in names for value in _take(found, (group, name))),
            )
            for group in groups
        ),
        notes=(wording.text("table.omega_groups.note"),),
    )


def build_pairs(result: Validity, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a pair of groups: factor correlation, HTMT and HTMT2."""
    found = _collect(result.pairs, ["group", "other"])
    names = ("factor_correlation", "htmt", "htmt2")
    pairs = dict.fromkeys(zip(result.pairs["group"], result.pairs["other"], strict=True))
    columns = [
        column
        for name in names
        for column in (
            make_column(name, wording, kind="number", digits=2),
            make_interval(
                f"{name}_ci",
                wording,
                level=result.level,
                digits=2,
                of=wording.text(f"column.{name}"),
            ),
        )
    ]
    return TableSpec(
        key="htmt",
        caption=wording.text("table.htmt.title"),
        columns=(
            make_column("group", wording),
            make_column("other_group", wording),
            *columns,
            make_column("verdict", wording),
        ),
        rows=tuple(
            (
                *(name_group(key, methodology, wording) for key in pair),
                *(value for name in names for value in _take(found, (*pair, name))),
                _word("htmt", _take(found, (*pair, "htmt"))[0], methodology, wording),
            )
            for pair in pairs
        ),
        notes=(
            wording.text(
                "table.htmt.note",
                replicates=wording.integer(result.replicates),
                source=methodology.thresholds.htmt.source.in_language(wording.language),
            ),
        ),
    )


def build_overall(result: Validity, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a statistic of the general factor."""
    rows: list[tuple[Value, ...]] = [
        (
            wording.text(f"general_statistic.{row['statistic']}"),
            clean_value(row["estimate"]),
            clean_value((row["ci_low"], row["ci_high"])),
            _word(row["statistic"], clean_value(row["estimate"]), methodology, wording)
            if row["statistic"] in WITH_LEVELS
            else None,
        )
        for row in result.overall.to_dict("records")
    ]
    thresholds = [getattr(methodology.thresholds, name) for name in WITH_LEVELS]
    sources = [threshold.source.in_language(wording.language) for threshold in thresholds]
    return TableSpec(
        key="general_factor",
        caption=wording.text("table.general_factor.title"),
        columns=(
            make_column("statistic", wording),
            make_column("estimate", wording, kind="number", digits=2),
            make_interval("estimate_ci", wording, level=result.level, digits=2),
            make_column("verdict", wording),
        ),
        rows=tuple(rows),
        notes=(wording.text("table.general_factor.note", source="; ".join(sources)),),
    )


def _answer(verdict: object, wording: Wording) -> str | None:
    if verdict is pd.NA:
        return None
    return wording.text("answer.yes" if verdict else "answer.no")


def _collect(frame: pd.DataFrame, keys: list[str]) -> dict[tuple[str, ...], tuple[Value, Value]]:
    """Return estimate and interval by keys and statistic."""
    return {
        (*(str(row[key]) for key in keys), str(row["statistic"])): (
            clean_value(row["estimate"]),
            clean_value((row["ci_low"], row["ci_high"])),
        )
        for row in frame.to_dict("records")
    }


def _take(
    found: dict[tuple[str, ...], tuple[Value, Value]], key: tuple[str, ...]
) -> tuple[Value, Value]:
    return found.get(key, (None, None))


def _word(threshold: str, value: Value, methodology: Methodology, wording: Wording) -> str | None:
    if not isinstance(value, float):
        return None
    level = getattr(methodology.thresholds, threshold).classify(value)
    return wording.text(f"level.{threshold}.{level}")


RECIPES = (
    make_recipe("validity_groups", "validity", Validity, build_groups),
    make_recipe("htmt", "validity", Validity, build_pairs),
    make_recipe("general_factor", "validity", Validity, build_overall),
    make_recipe("omega_groups", "validity", Validity, build_omegas),
)
