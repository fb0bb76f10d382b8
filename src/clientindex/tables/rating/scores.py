"""Scores drawn together, and standard errors checked by resampling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import INDEX, ErrorCheck, ShrunkenScores
from clientindex.tables.long import bound, count, lay_out, measure, share, tell
from clientindex.tables.naming import say
from clientindex.tables.rating.names import REGION_COEFFICIENT, name_compared_statistic
from clientindex.tables.recipe import make_recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording


def build_models(result: ShrunkenScores, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a statistic of the models of the index."""
    own = result.models[result.models["subject"] == INDEX]
    first = _find_first_region(result, own)
    columns = (
        tell("quantity", ("statistic", "first"), name_compared_statistic),
        tell("method", "method", say("score_model_method")),
        measure("estimate", digits=2),
        measure("std_error", digits=2),
        bound(digits=2),
        count("n_centres", "n"),
    )
    return lay_out(
        "shrinkage_summary",
        own.assign(first=first),
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.shrinkage_summary.note", minimum=wording.integer(result.minimum_sample)
            ),
            *_explain_regions(own, first, wording),
        ),
    )


def _explain_regions(own: pd.DataFrame, first: str, wording: Wording) -> Iterator[str]:
    """Say which region others are compared with, where they have rows and it is known."""
    if first and own["statistic"].astype(str).str.startswith(REGION_COEFFICIENT).any():
        yield wording.text("table.shrinkage_summary.region", first=first)


def _find_first_region(result: ShrunkenScores, own: pd.DataFrame) -> str:
    """Return the region that others are compared with: without a coefficient; "" if unknown."""
    centres = result.centres[result.centres["subject"] == INDEX]
    regions = set(centres.loc[centres["fay_herriot"].notna(), "region"])
    keys = own["statistic"].astype(str)
    rest = regions - {key.removeprefix(REGION_COEFFICIENT) for key in keys}
    return str(rest.pop()) if len(rest) == 1 else ""


def build_error_check(result: ErrorCheck, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a kind of centres: how resampled errors stand to exact ones."""
    columns = (
        tell("centre_kind", "centres", say("centre_kind")),
        count("n_starred", "n"),
        measure("median_ratio", digits=3),
        bound("ratio", "middle_ratios", digits=3, named=True),
        share("ratio_noise", "noise", digits=1),
        measure("largest_gap", digits=2),
    )
    summary = result.summary
    few = bool((summary.loc[summary["centres"] == "small_n", "n"] > 0).any())
    shown = summary if few else summary[summary["centres"] == "all"]
    frame = shown.rename(columns={"low_ratio": "ratio_low", "high_ratio": "ratio_high"})
    return lay_out(
        "error_check_summary",
        frame,
        columns,
        level=0.8,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.error_check_summary.note",
                replicates=wording.integer(result.replicates),
                small=wording.integer(result.small_sample),
            ),
        ),
    )


RECIPES = (
    make_recipe("shrinkage_summary", "shrinkage", ShrunkenScores, build_models),
    make_recipe("error_check_summary", "error_check", ErrorCheck, build_error_check),
)
