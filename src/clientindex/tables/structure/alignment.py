"""Alignment: factor means of many parts of the data, and the indicators that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import Invariance
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import Column, TableSpec, clean_value, collect_rows
from clientindex.wording.names import name_indicator, name_part, name_variable

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

N_DIFFERING: Final = 15
"""Rows in the short table of indicators that differ."""


def build_means(result: Invariance, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a part, one column a factor."""
    frame = result.alignment
    factors = list(dict.fromkeys(frame["factor"]))
    means = frame.set_index(["across", "part", "factor"])["mean"].to_dict()
    parts = dict.fromkeys(zip(frame["across"], frame["part"], strict=True))
    return TableSpec(
        key="alignment_means",
        caption=wording.text("table.alignment_means.title"),
        columns=(
            make_column("across", wording),
            make_column("part", wording),
            *(
                Column(
                    key=str(factor),
                    header=name_variable(factor, methodology, wording),
                    kind="number",
                    digits=2,
                )
                for factor in factors
            ),
        ),
        rows=tuple(
            (
                wording.text(f"across.{across}"),
                name_part(across, part, methodology, wording),
                *(clean_value(means.get((across, part, factor))) for factor in factors),
            )
            for across, part in parts
        ),
        notes=(wording.text("table.alignment_means.note"),),
    )


def build_estimates(result: Invariance, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a part and factor: mean with its standard error, standard deviation."""
    frame = result.alignment
    parts = zip(frame["across"], frame["part"], strict=True)
    return TableSpec(
        key="alignment_estimates",
        caption=wording.text("table.alignment_estimates.title"),
        columns=(
            make_column("across", wording),
            make_column("part", wording),
            make_column("factor", wording),
            make_column("factor_mean", wording, kind="number", digits=3),
            make_column("std_error", wording, kind="number", digits=3),
            make_column("factor_sd", wording, kind="number", digits=3),
        ),
        rows=collect_rows(
            [wording.text(f"across.{key}") for key in frame["across"]],
            [name_part(across, part, methodology, wording) for across, part in parts],
            [name_variable(key, methodology, wording) for key in frame["factor"]],
            frame["mean"],
            frame["mean_se"],
            frame["sd"],
        ),
    )


def build_items(result: Invariance, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a comparison, indicator and parameter."""
    return _make_items("alignment_items", result.alignment_items, methodology, wording)


def build_differing(result: Invariance, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build the indicators that differ in most parts, at most :data:`N_DIFFERING`."""
    frame = result.alignment_items
    frame = frame.loc[frame["n_differing"] > 0]
    frame = frame.sort_values(["n_differing", "r2"], ascending=[False, True], kind="stable")
    note = wording.text("table.alignment_differing.note")
    return _make_items(
        "alignment_differing", frame.head(N_DIFFERING), methodology, wording, notes=(note,)
    )


def _make_items(
    key: str,
    frame: pd.DataFrame,
    methodology: Methodology,
    wording: Wording,
    *,
    notes: tuple[str, ...] = (),
) -> TableSpec:
    return TableSpec(
        key=key,
        caption=wording.text(f"table.{key}.title"),
        columns=(
            make_column("across", wording),
            make_column("indicator", wording),
            make_column("item_parameter", wording),
            make_column("r2", wording, kind="number", digits=2),
            make_column("n_differing", wording, kind="integer"),
            make_column("n_parts", wording, kind="integer"),
        ),
        rows=collect_rows(
            [wording.text(f"across.{name}") for name in frame["across"]],
            [name_indicator(name, methodology, wording) for name in frame["indicator"]],
            [wording.text(f"item_parameter.{name}") for name in frame["parameter"]],
            frame["r2"],
            frame["n_differing"],
            frame["n_parts"],
        ),
        notes=notes,
    )


ALIGNMENT = (
    make_recipe("alignment_means", "invariance", Invariance, build_means),
    make_recipe("alignment_differing", "invariance", Invariance, build_differing),
    make_recipe("alignment_items", "invariance", Invariance, build_items),
    make_recipe("alignment_estimates", "invariance", Invariance, build_estimates),
)
