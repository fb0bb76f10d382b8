"""Where the variance of both sources comes from, and how much of it is confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import MethodVariance
from clientindex.tables.agreement.names import name_subject
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.wide import collect_pairs, make_pair
from clientindex.tables.spec import TableSpec, clean_value

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.tables.spec import Value
    from clientindex.wording import Wording

COMPONENTS = (
    "trait",
    "trait_common",
    "trait_own",
    "halo",
    "checklist_method",
    "survey_specific",
    "checklist_specific",
    "sampling_error",
)
SIDES = ("survey", "checklist")
KINDS = ("consistency", "method_specificity")


def build_components(
    result: MethodVariance, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a component: variance between centres, mixed model, regions."""
    del methodology
    frame = result.frame[result.frame["subject"] == "all"]
    centre = frame[frame["level_of"] == "centre"]
    pairs = collect_pairs(
        centre.assign(component=centre["statistic"], statistic="variance"),
        ["component"],
        COMPONENTS,
        ["variance"],
    )
    check = _index(result.check)
    region = _index(frame[frame["level_of"] == "region"])
    rows = []
    for name, pair in pairs.items():
        label = wording.text(f"method_component.{name}")
        rows.append((label, *pair, check.get(name), region.get(name)))
    return TableSpec(
        key="method_variance",
        caption=wording.text("table.method_variance.title"),
        columns=(
            make_column("component", wording),
            *make_pair("variance", wording, level=result.level, digits=1),
            make_column("mixed_model", wording, kind="number", digits=1),
            make_column("variance_of_regions", wording, kind="number", digits=1),
        ),
        rows=tuple(rows),
        notes=(
            wording.text(
                "table.method_variance.note",
                centres=wording.integer(result.n),
                regions=wording.integer(result.n_regions),
            ),
        ),
    )


def _index(frame: pd.DataFrame) -> dict[str, Value]:
    names = zip(frame["statistic"], frame["estimate"], strict=True)
    return {str(name): clean_value(value) for name, value in names}


def build_shares(result: MethodVariance, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a group and side: what the other side confirms, and what the method adds."""
    frame = result.frame[result.frame["level_of"] == "centre"]
    names = frame["statistic"].str.rsplit("_", n=1)
    frame = frame.assign(side=names.str[-1], statistic=names.str[0])
    order = [(key, side) for key in ("all", *methodology.group_keys) for side in SIDES]
    pairs = collect_pairs(frame, ["subject", "side"], order, KINDS)
    columns = [
        column for key in KINDS for column in make_pair(key, wording, level=result.level, digits=2)
    ]
    return TableSpec(
        key="method_shares",
        caption=wording.text("table.method_shares.title"),
        columns=(make_column("compared", wording), make_column("side", wording), *columns),
        rows=tuple(
            (name_subject(key, methodology, wording), wording.text(f"side.{side}"), *row)
            for (key, side), row in pairs.items()
        ),
        notes=(wording.text("table.method_shares.note"),),
    )


RECIPES = (
    make_recipe("method_variance", "method_variance", MethodVariance, build_components),
    make_recipe("method_shares", "method_variance", MethodVariance, build_shares),
)
