"""Polychoric correlations beside Pearson's: all pairs, those that differ most, thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import PolychoricTable
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import Column, TableSpec, collect_rows, pair_ends
from clientindex.wording.names import name_indicator

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

N_LARGEST: Final = 10
"""Pairs in the short table of the largest differences."""


def build_correlations(
    result: PolychoricTable, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a pair of indicators in the order of the methodology."""
    frame = result.frame
    return TableSpec(
        key="polychoric",
        caption=wording.text("table.polychoric.title"),
        columns=(
            *_list_columns(result, wording),
            make_column("n", wording, kind="integer"),
            make_column("zero_cells", wording, kind="integer"),
        ),
        rows=collect_rows(
            *_list_values(frame, methodology, wording), frame["n"], frame["zero_cells"]
        ),
        notes=(describe_correlations(result, wording),),
    )


def build_differences(
    result: PolychoricTable, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the pairs whose two correlations differ most, at most :data:`N_LARGEST`."""
    order = result.frame["difference"].abs().sort_values(ascending=False, kind="stable").index
    frame = result.frame.loc[order].head(N_LARGEST)
    return TableSpec(
        key="polychoric_differences",
        caption=wording.text("table.polychoric_differences.title"),
        columns=_list_columns(result, wording),
        rows=collect_rows(*_list_values(frame, methodology, wording)),
        notes=(describe_correlations(result, wording),),
    )


def build_thresholds(
    result: PolychoricTable, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row an indicator and threshold."""
    frame = result.thresholds
    return TableSpec(
        key="polychoric_thresholds",
        caption=wording.text("table.polychoric_thresholds.title"),
        columns=(
            make_column("indicator", wording),
            make_column("position", wording, kind="integer"),
            make_column("threshold", wording, kind="number", digits=3),
            make_column("std_error", wording, kind="number", digits=3),
        ),
        rows=collect_rows(
            [name_indicator(key, methodology, wording) for key in frame["indicator"]],
            frame["position"],
            frame["estimate"],
            frame["std_error"],
        ),
    )


def describe_correlations(result: PolychoricTable, wording: Wording) -> str:
    """Say how the correlations were estimated and their errors found."""
    return wording.text(
        "table.polychoric.note",
        estimator=wording.text(f"polychoric_estimator.{result.estimator}"),
        centres=wording.counted(result.n_centres, "centre_to"),
        n=wording.integer(result.n),
    )


def _list_columns(result: PolychoricTable, wording: Wording) -> tuple[Column, ...]:
    return (
        make_column("indicator", wording),
        make_column("other_indicator", wording),
        make_column("polychoric", wording, kind="number", digits=2),
        make_interval("polychoric_ci", wording, level=result.level, digits=2),
        make_column("pearson", wording, kind="number", digits=2),
        make_column("difference", wording, kind="number", digits=2),
    )


def _list_values(
    frame: pd.DataFrame, methodology: Methodology, wording: Wording
) -> tuple[object, ...]:
    return (
        [name_indicator(key, methodology, wording) for key in frame["indicator"]],
        [name_indicator(key, methodology, wording) for key in frame["other"]],
        frame["estimate"],
        pair_ends(frame["ci_low"], frame["ci_high"]),
        frame["pearson"],
        frame["difference"],
    )


RECIPES = (
    make_recipe("polychoric_differences", "polychoric", PolychoricTable, build_differences),
    make_recipe("polychoric", "polychoric", PolychoricTable, build_correlations),
    make_recipe("polychoric_thresholds", "polychoric", PolychoricTable, build_thresholds),
)
