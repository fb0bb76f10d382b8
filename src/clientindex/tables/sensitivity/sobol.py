"""How much of what moves is due to each input: first-order and total indices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import COUNTRY, SobolIndices, Stars
from clientindex.tables.long import bound, lay_out, measure, share, tell
from clientindex.tables.recipe import TableRecipe, make_recipe
from clientindex.tables.sensitivity.names import TOP, name_input, name_output
from clientindex.wording.absence import take
from clientindex.wording.sensitivity_names import write_band

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

LED_BY: Final = "share_changed_stars"
"""The output whose single inputs stand in documents."""

REGION_MEAN: Final = "region_mean"

INDICES = (
    share("first_index", "first", digits=1),
    bound("first", "first_index", scale=100, digits=1),
    share("total_index", "total", digits=1),
    bound("total", "total_index", scale=100, digits=1),
)


def name_outputs(frame: pd.DataFrame, given: Stars) -> pd.DataFrame:
    """Add the names of centres to outputs that are about one."""
    names = given.frame.set_index("centre")["name"]
    return frame.assign(centre_name=frame["key"].map(names))


def build_outputs(
    result: SobolIndices, given: Stars, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row an output: its spread, and what single inputs leave to interactions."""
    columns = (
        tell("sensitivity_output", ("output", "key", "centre_name"), name_output),
        measure("output_mean", "mean", digits=2),
        measure("output_sd", "std_dev", digits=2),
        share("sum_first", digits=1),
    )
    return lay_out(
        "sobol_outputs",
        name_outputs(_leave_regions_out(result.outputs), given),
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(_tell_design(result, wording),),
    )


def _leave_regions_out(frame: pd.DataFrame) -> pd.DataFrame:
    """Return outputs without means of single regions, which stand in files."""
    return frame[(frame["output"] != REGION_MEAN) | (frame["key"] == COUNTRY)]


def _tell_design(result: SobolIndices, wording: Wording) -> str:
    return wording.text(
        "table.sobol_outputs.note",
        band=write_band(result.band_pct, wording),
        base=wording.integer(result.base_size),
        runs=wording.integer(result.runs),
    )


def build_sources(
    result: SobolIndices, given: Stars, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row an output and source: all weights, all choices, sampling error."""
    frame = name_outputs(_leave_regions_out(result.indices), given)
    columns = (
        tell("sensitivity_output", ("output", "key", "centre_name"), name_output),
        tell("doubt_of", ("input_kind", "input"), name_input),
        *INDICES,
    )
    return lay_out(
        "sobol_sources",
        frame[frame["input_kind"] == "source"],
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(wording.text("table.sobol_sources.note"), _tell_interval(result, wording)),
    )


def _tell_interval(result: SobolIndices, wording: Wording) -> str:
    return wording.text(
        f"table.sobol_sources.{result.interval}",
        sequences=wording.integer(result.sequences),
    )


def build_inputs(result: SobolIndices, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build the single inputs that matter most to the share of changed stars."""
    frame = result.indices
    single = frame[(frame["output"] == LED_BY) & (frame["input_kind"] != "source")]
    columns = (tell("sensitivity_input", ("input_kind", "input"), name_input), *INDICES)
    return lay_out(
        "sobol_inputs",
        single.sort_values("total", ascending=False, kind="stable").head(TOP),
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.sobol_inputs.note",
                most=wording.integer(TOP),
                n=wording.integer(len(single)),
            ),
        ),
    )


def _build_outputs(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_outputs(*_take(bundle), bundle.methodology, wording)


def _build_sources(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_sources(*_take(bundle), bundle.methodology, wording)


def _take(bundle: Bundle) -> tuple[SobolIndices, Stars]:
    return take(bundle, "sobol_indices", SobolIndices), take(bundle, "stars", Stars)


NEEDS = ("sobol_indices", "stars")
RECIPES: tuple[TableRecipe, ...] = (
    TableRecipe(name="sobol_sources", needs=NEEDS, build=_build_sources),
    make_recipe("sobol_inputs", "sobol_indices", SobolIndices, build_inputs),
    TableRecipe(name="sobol_outputs", needs=NEEDS, build=_build_outputs),
)
