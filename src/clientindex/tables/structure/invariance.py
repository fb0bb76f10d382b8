"""Measurement invariance: steps, tests, freed parameters, parts left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Invariance
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import Column, TableSpec, Value, clean_value, collect_rows
from clientindex.tables.structure.alignment import ALIGNMENT
from clientindex.tables.structure.chi_square import make_df_column, make_p_column, tell_p
from clientindex.wording.invariance import FITTED, list_limits
from clientindex.wording.names import name_parameter, name_part

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

CHANGES = ("delta_cfi", "delta_rmsea", "delta_srmr")


def build_steps(result: Invariance, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a comparison and step: fit and its change from the step before."""
    frame = result.steps
    thresholds = methodology.thresholds
    sources = dict.fromkeys(
        getattr(thresholds, name).source.in_language(wording.language)
        for name in ("cfi_drop", "rmsea_rise", "srmr_rise")
    )
    limits = {name: wording.number(limit, 3) for name, limit in list_limits(methodology).items()}
    return TableSpec(
        key="invariance_steps",
        caption=wording.text("table.invariance_steps.title"),
        columns=(
            make_column("across", wording),
            make_column("step", wording),
            *(
                make_column(name, wording, kind="number", digits=3)
                for name in ("cfi", "rmsea", "srmr", *CHANGES)
            ),
            make_column("holds", wording),
        ),
        rows=collect_rows(
            *_list_keys(frame, wording),
            *(frame[name] for name in ("cfi", "rmsea", "srmr", *CHANGES)),
            [_tell_outcome(row, wording) for row in frame.to_dict("records")],
        ),
        notes=(
            wording.text(
                "table.invariance_steps.note",
                estimator=wording.text(f"estimator_long.{result.estimator}"),
                source="; ".join(sources),
                **limits,
            ),
        ),
    )


def build_tests(result: Invariance, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a comparison and step: chi-square and its difference."""
    del methodology
    frame = result.steps

    def tell(values: pd.Series) -> list[object]:
        return tell_p(values, uninformative=result.uninformative, wording=wording)

    return TableSpec(
        key="invariance_tests",
        caption=wording.text("table.invariance_tests.title"),
        columns=(
            make_column("across", wording),
            make_column("step", wording),
            make_column("chi2", wording, kind="number", digits=1),
            make_df_column(wording),
            make_p_column(wording, uninformative=result.uninformative),
            make_column("chi2_difference", wording, kind="number", digits=1),
            make_column("df_difference", wording, kind="number"),
            make_p_column(wording, uninformative=result.uninformative, key="p_difference"),
        ),
        rows=collect_rows(
            *_list_keys(frame, wording),
            frame["chi2"],
            _to_whole(frame["df"]),
            tell(frame["p"]),
            frame["chi2_difference"],
            frame["df_difference"],
            tell(frame["p_difference"]),
        ),
        notes=(wording.text("uninformative.note"),) if result.uninformative else (),
    )


def build_freed(result: Invariance, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build the parameters freed in the search for partial invariance, in their order."""
    frame = result.freed
    names = [
        name_parameter(*part, methodology, wording)
        for part in zip(frame["lhs"], frame["op"], frame["rhs"], strict=True)
    ]
    return TableSpec(
        key="invariance_freed",
        caption=wording.text("table.invariance_freed.title"),
        columns=(
            make_column("across", wording),
            make_column("step", wording),
            make_column("order", wording, kind="integer"),
            make_column("parameter", wording),
            make_column("mi", wording, kind="number", digits=1),
            make_column("delta_cfi", wording, kind="number", digits=3),
            make_column("holds", wording),
        ),
        rows=collect_rows(
            *_list_keys(frame, wording),
            frame["order"],
            names,
            frame["mi"],
            frame["delta_cfi"],
            [_say_holds(value, wording) for value in frame["holds"]],
        ),
        notes=(wording.text("table.invariance_freed.note"),),
    )


def build_parts(result: Invariance, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build every part of the data with its size and whether it was compared."""
    frame = result.parts
    return TableSpec(
        key="invariance_parts",
        caption=wording.text("table.invariance_parts.title"),
        columns=(
            *_list_part_columns(wording),
            make_column("used", wording),
            make_column("reason", wording),
        ),
        rows=collect_rows(
            *_list_parts(frame, methodology, wording),
            [_say_holds(value, wording) for value in frame["used"]],
            [_name_part_reason(key, wording) for key in frame["reason"]],
        ),
    )


def build_left_out(result: Invariance, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build the parts that could not be compared, with the reason in words."""
    frame = result.parts.loc[~result.parts["used"].astype(bool)]
    return TableSpec(
        key="invariance_left_out",
        caption=wording.text("table.invariance_left_out.title"),
        columns=(*_list_part_columns(wording), make_column("reason", wording)),
        rows=collect_rows(
            *_list_parts(frame, methodology, wording),
            [_name_part_reason(key, wording) for key in frame["reason"]],
        ),
    )


def _list_keys(frame: pd.DataFrame, wording: Wording) -> tuple[list[str], list[str]]:
    return (
        [wording.text(f"across.{key}") for key in frame["across"]],
        [wording.text(f"step.{key}") for key in frame["step"]],
    )


def _tell_outcome(row: dict[object, object], wording: Wording) -> Value:
    if row["status"] not in FITTED:
        return wording.text(f"status.{row['status']}")
    return _say_holds(row["holds"], wording)


def _say_holds(value: object, wording: Wording) -> Value:
    known = clean_value(value)
    return None if known is None else wording.text(f"answer.{'yes' if value else 'no'}")


def _name_part_reason(key: str, wording: Wording) -> str | None:
    return wording.text(f"part_reason.{key}") if key else None


def _list_part_columns(wording: Wording) -> tuple[Column, ...]:
    return (
        make_column("across", wording),
        make_column("part", wording),
        make_column("n_centres", wording, kind="integer"),
        make_column("n", wording, kind="integer"),
    )


def _list_parts(
    frame: pd.DataFrame, methodology: Methodology, wording: Wording
) -> tuple[object, ...]:
    parts = zip(frame["across"], frame["part"], strict=True)
    return (
        [wording.text(f"across.{key}") for key in frame["across"]],
        [name_part(across, part, methodology, wording) for across, part in parts],
        frame["n_centres"],
        frame["n"],
    )


def _to_whole(values: pd.Series) -> pd.Series:
    """Return degrees of freedom as whole numbers, missing ones kept."""
    return values.astype("Int64")


RECIPES = (
    make_recipe("invariance_steps", "invariance", Invariance, build_steps),
    make_recipe("invariance_tests", "invariance", Invariance, build_tests),
    make_recipe("invariance_freed", "invariance", Invariance, build_freed),
    make_recipe("invariance_left_out", "invariance", Invariance, build_left_out),
    *ALIGNMENT,
    make_recipe("invariance_parts", "invariance", Invariance, build_parts),
)
