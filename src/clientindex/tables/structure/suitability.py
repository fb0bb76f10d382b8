"""Suitability of both kinds of correlations, by group, and in full for files of data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import INDEX, Suitability
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import TableSpec, Value, clean_value, collect_rows, pair_ends
from clientindex.tables.structure.chi_square import make_df_column, make_p_column
from clientindex.wording.names import name_group, name_variable

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording


def build_by_basis(result: Suitability, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a kind of correlations: overall measures."""
    del methodology
    frame = result.by_basis.loc[result.by_basis["subject"] == INDEX]
    rows = {(str(row["basis"]), str(row["statistic"])): row for row in frame.to_dict("records")}
    bases = sorted(dict.fromkeys(frame["basis"]), key=lambda basis: basis != result.basis)

    def take(basis: str, statistic: str) -> Value:
        row = rows.get((basis, statistic))
        return None if row is None else clean_value(row["estimate"])

    def take_ends(basis: str) -> Value:
        row = rows.get((basis, "kmo"))
        return None if row is None else clean_value((row["ci_low"], row["ci_high"]))

    told = wording.text("uninformative.word")
    return TableSpec(
        key="suitability_by_basis",
        caption=wording.text("table.suitability_by_basis.title"),
        columns=(
            make_column("basis", wording),
            make_column("kmo", wording, kind="number", digits=2),
            make_interval("kmo_ci", wording, level=result.level, digits=2),
            make_column("bartlett_chi2", wording, kind="number", digits=1),
            make_df_column(wording),
            make_p_column(wording, uninformative=result.uninformative),
            make_column("determinant", wording, kind="number", digits=6),
        ),
        rows=tuple(
            (
                wording.text(f"basis.{basis}"),
                take(basis, "kmo"),
                take_ends(basis),
                take(basis, "bartlett_chi2"),
                take(basis, "bartlett_df"),
                told if result.uninformative else take(basis, "bartlett_p"),
                take(basis, "determinant"),
            )
            for basis in bases
        ),
        notes=(wording.text("table.suitability_by_basis.note"),),
    )


def build_groups(result: Suitability, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a group: the measure of its own indicators alone."""
    frame, threshold = result.groups, methodology.thresholds.kmo
    words = [
        None if value != value else wording.text(f"level.kmo.{threshold.classify(value)}")
        for value in frame["estimate"].to_numpy(float)
    ]
    return TableSpec(
        key="kmo_groups",
        caption=wording.text("table.kmo_groups.title"),
        columns=(
            make_column("group", wording),
            make_column("kmo", wording, kind="number", digits=2),
            make_interval("kmo_ci", wording, level=result.level, digits=2),
            make_column("verdict", wording),
        ),
        rows=collect_rows(
            [name_group(key, methodology, wording) for key in frame["group"]],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
            words,
        ),
        notes=(
            wording.text(
                "table.kmo_groups.note", source=threshold.source.in_language(wording.language)
            ),
        ),
    )


def build_statistics(result: Suitability, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a kind of correlations, subject and statistic."""
    frame = result.by_basis
    return TableSpec(
        key="suitability_statistics",
        caption=wording.text("table.suitability_statistics.title"),
        columns=(
            make_column("basis", wording),
            make_column("subject", wording),
            make_column("statistic", wording),
            make_column("estimate", wording, kind="number", digits=4),
            make_interval("estimate_ci", wording, level=result.level, digits=4),
        ),
        rows=collect_rows(
            [wording.text(f"basis.{key}") for key in frame["basis"]],
            [_name_subject(key, methodology, wording) for key in frame["subject"]],
            [wording.text(f"suitability_statistic.{key}") for key in frame["statistic"]],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
        ),
    )


def _name_subject(key: str, methodology: Methodology, wording: Wording) -> str:
    if key == INDEX:
        return wording.text("subject.index")
    return name_variable(key, methodology, wording)


RECIPES = (
    make_recipe("suitability_by_basis", "suitability", Suitability, build_by_basis),
    make_recipe("kmo_groups", "suitability", Suitability, build_groups),
    make_recipe("suitability_statistics", "suitability", Suitability, build_statistics),
)
