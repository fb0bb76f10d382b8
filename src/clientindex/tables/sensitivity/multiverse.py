"""Stars under other choices of the method: which choice matters, and what one change does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import Multiverse, Stars
from clientindex.tables.long import count, lay_out, measure, share, stars, tell
from clientindex.tables.naming import keep, say_truth
from clientindex.tables.recipe import TableRecipe, make_recipe
from clientindex.tables.sensitivity.names import (
    TOP,
    add_names,
    name_choice,
    name_option,
    write_stars,
)
from clientindex.wording.absence import take

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

DIMENSIONS: Final = (
    *("normaliser", "weights", "group_mean", "index_mean", "missing"),
    *("star_rule", "checklist"),
)


def tell_variant(
    row: dict[str, str], own: dict[str, str], methodology: Methodology, wording: Wording
) -> str:
    """Say in what a variant differs from the published methodology."""
    told = [
        wording.text(
            "variant.choice",
            choice=name_choice(name, methodology, wording),
            option=name_option(row[name], methodology, wording),
        )
        for name in DIMENSIONS
        if row[name] != own[name]
    ]
    return "; ".join(told) or wording.text("variant.own")


def describe_variants(
    frame: pd.DataFrame, own: dict[str, str], methodology: Methodology, wording: Wording
) -> pd.DataFrame:
    """Add to variants what they change, and how many choices that are."""
    rows = frame[list(DIMENSIONS)].to_dict("records")
    plain = [{str(key): str(value) for key, value in row.items()} for row in rows]
    return frame.assign(
        told=[tell_variant(row, own, methodology, wording) for row in plain],
        n_changes=[sum(row[name] != own[name] for name in DIMENSIONS) for row in plain],
    )


def find_own(result: Multiverse) -> dict[str, str]:
    """Return the choices of the published methodology, which is the first variant."""
    return {name: str(result.variants[name].iloc[0]) for name in DIMENSIONS}


COMPARED = (
    share("share_changed", digits=1, ends="exact"),
    share("share_up", digits=1, ends="exact"),
    share("share_down", digits=1, ends="exact"),
    share("share_withheld", digits=1, ends="exact"),
    measure("mean_rank_shift", digits=1),
    measure("tau", "kendall_tau", digits=3),
)


def build_single(result: Multiverse, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a variant that differs from the methodology in one choice."""
    frame = describe_variants(result.variants, find_own(result), methodology, wording)
    single = frame[frame["n_changes"] == 1]
    return lay_out(
        "multiverse_single",
        single.sort_values("share_changed", ascending=False, kind="stable"),
        (tell("changed_choice", "told", keep), *COMPARED),
        level=methodology.intervals.level,
        methodology=methodology,
        wording=wording,
        notes=(_tell_grid(result, wording),),
    )


def _tell_grid(result: Multiverse, wording: Wording) -> str:
    return wording.text(
        "table.multiverse_single.note",
        n=wording.integer(len(result.variants)),
        grid=wording.integer(result.n_grid),
        centres=wording.integer(len(result.centres)),
    )


def build_effects(result: Multiverse, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a choice: its main effect on the share of changed stars."""
    columns = (
        tell("method_choice", "dimension", name_choice),
        count("n_options", "n_choices"),
        share("effect_share", "share_of_variance", digits=1),
        share("effect_spread", "spread", digits=1),
    )
    return lay_out(
        "multiverse_effects",
        result.effects,
        columns,
        level=methodology.intervals.level,
        methodology=methodology,
        wording=wording,
        notes=_explain_effects(result, wording),
    )


def _explain_effects(result: Multiverse, wording: Wording) -> tuple[str, ...]:
    note = wording.text("table.multiverse_effects.note", n=wording.integer(len(result.variants)))
    if result.additive_share != result.additive_share:
        return (note,)
    together = wording.percent(result.additive_share)
    return (note, wording.text("table.multiverse_effects.together", share=together))


def build_options(result: Multiverse, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row an option of a choice: stars that change on average."""
    columns = (
        tell("method_choice", "dimension", name_choice),
        tell("method_option", "choice", name_option),
        tell("own_option", "is_current", say_truth),
        count("n_variants"),
        share("mean_share_changed", digits=1),
        measure("mean_tau", "mean_kendall_tau", digits=3),
    )
    return lay_out(
        "multiverse_options",
        result.choices,
        columns,
        level=methodology.intervals.level,
        methodology=methodology,
        wording=wording,
        notes=(_tell_grid(result, wording),),
    )


def build_centres(
    result: Multiverse, given: Stars, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the centres whose star depends most on the choices of the method."""
    named = add_names(result.centres, given)
    frame = named[named["share_same_star"] < 1].sort_values(
        ["share_same_star", "rank"], kind="stable"
    )
    frame = frame.head(TOP)
    ranges = [
        write_stars(low, high, wording)
        for low, high in zip(frame["star_low"], frame["star_high"], strict=True)
    ]
    columns = (
        tell("centre", "name", keep),
        stars(),
        share("variants_same_star", "share_same_star", digits=1),
        tell("variants_stars", "told", keep),
        share("variants_withheld", "share_withheld", digits=1),
        count("rank"),
        count("best_rank", "rank_low"),
        count("worst_rank", "rank_high"),
    )
    return lay_out(
        "multiverse_centres",
        frame.assign(told=[text or "" for text in ranges]),
        columns,
        level=methodology.intervals.level,
        methodology=methodology,
        wording=wording,
        notes=(_tell_grid(result, wording),),
    )


def _build_centres(bundle: Bundle, wording: Wording) -> TableSpec:
    result, given = take(bundle, "multiverse", Multiverse), take(bundle, "stars", Stars)
    return build_centres(result, given, bundle.methodology, wording)


RECIPES: tuple[TableRecipe, ...] = (
    make_recipe("multiverse_effects", "multiverse", Multiverse, build_effects),
    make_recipe("multiverse_options", "multiverse", Multiverse, build_options),
    make_recipe("multiverse_single", "multiverse", Multiverse, build_single),
    TableRecipe(name="multiverse_centres", needs=("multiverse", "stars"), build=_build_centres),
)
