"""How much weights matter now: stated weights beside realised importance, and compensation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import WeightImportance
from clientindex.tables.long import bound, count, lay_out, share, tell
from clientindex.tables.rating.names import name_subject
from clientindex.tables.rating.wide import lay_wide
from clientindex.tables.recipe import TableRecipe, make_recipe
from clientindex.tables.sensitivity.names import name_part

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

SHARES = ("linear_share", "smooth_share", "net_share")
"""Shares of realised importance: by straight lines, by smooth curves, without sampling error."""


def lay_shares(result: WeightImportance, kind: str) -> pd.DataFrame:
    """Return one row a group or indicator: weights, then shares of importance with intervals."""
    rows = result.importance[result.importance["kind"] == kind]
    values = ("estimate", "ci_low", "ci_high")
    shares = lay_wide(rows, "key", "statistic", values, known=SHARES)
    weights = result.weights[result.weights["kind"] == kind]
    return weights.merge(shares, on="key", how="left")


def build_groups(result: WeightImportance, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a group: its weight in the index and the importance that it has."""
    return _build("weight_importance_groups", result, "group", methodology, wording)


def build_indicators(
    result: WeightImportance, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row an indicator."""
    return _build("weight_importance_indicators", result, "indicator", methodology, wording)


def _build(
    name: str, result: WeightImportance, kind: str, methodology: Methodology, wording: Wording
) -> TableSpec:
    columns = [tell(kind, ("kind", "key"), name_part)]
    columns.append(share("effective_weight_share", "effective", digits=1))
    for statistic in SHARES:
        columns += [
            share(statistic, f"{statistic}_estimate", digits=1),
            bound(f"{statistic}_ci", statistic, scale=100, digits=1),
        ]
    return lay_out(
        name,
        lay_shares(result, kind),
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=_list_notes(result, wording),
    )


def _list_notes(result: WeightImportance, wording: Wording) -> tuple[str, ...]:
    return (
        wording.text(
            "table.weight_importance_groups.note",
            n=wording.integer(result.n),
            replicates=wording.integer(result.replicates),
        ),
        wording.text(f"table.weight_importance_groups.sampling_{result.sampling}"),
    )


def build_compensation(
    result: WeightImportance, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a group: what other groups give back, and whether weakness stays hidden."""
    given = result.compensation[result.compensation["by"] == "all"]
    weak = result.weak.add_prefix("weak_").rename(columns={"weak_group": "group"})
    columns = (
        tell("group", "group", name_subject),
        share("made_up", "estimate", digits=1),
        bound("ci", "made_up", scale=100, digits=1),
        count("n_losing"),
        share("weak_hidden", "weak_estimate", digits=1),
        bound("weak_ci", "weak_hidden", scale=100, digits=1),
        count("n_weak", "weak_n_weak"),
    )
    return lay_out(
        "weight_compensation",
        given.merge(weak, on="group", how="left"),
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.weight_compensation.note",
                n=wording.integer(result.n),
                quantile=wording.percent(result.weak_quantile),
            ),
        ),
    )


RECIPES: tuple[TableRecipe, ...] = (
    make_recipe("weight_importance_groups", "weight_importance", WeightImportance, build_groups),
    make_recipe(
        "weight_importance_indicators", "weight_importance", WeightImportance, build_indicators
    ),
    make_recipe("weight_compensation", "weight_importance", WeightImportance, build_compensation),
)
