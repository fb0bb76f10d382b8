"""Shares of variance: which input moves stars, ranks and indices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import FIRST, write_between, write_number
from clientindex.cli.weights_names import name_input, tell_absent, tell_left_out, write_band
from clientindex.results import SobolIndices, Unavailable
from clientindex.tables.sensitivity.names import name_output
from clientindex.wording import load_wording

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.rated import Rated

TITLE = "Shares of variance (Sobol indices)"
WHOLE = ("share_changed_stars", "mean_rank_shift")
"""Outputs of all centres together, in the order of preference."""
LEGEND = (
    "First: share of the variance that would vanish if the input were known; total: share in which "
    "it has any part, interactions included. {level:.0%} intervals, whose ends may lie beyond 0 "
    "and 100%."
)
LIMITS = (
    "Shows what the spread of the result is due to when all inputs move at once. Cannot show which "
    "way an input moves it, and depends on how far inputs are let move."
)


def tell_sobol(rated: Rated) -> bool:
    """Print indices of the sources and of the first inputs; return whether there are any."""
    result = rated.take("sobol_indices", SobolIndices)
    if isinstance(result, Unavailable):
        tell_absent(TITLE, result, rated)
        return False
    print_words(
        f"{TITLE}: weights move within {write_band(result.band_pct)}, with choices of the method "
        f"and sampling error ({result.runs:,} runs)"
    )
    _tell_outputs(result, rated)
    own = find_whole(result)
    if own is not None:
        wording = load_wording("en")
        name = name_output((own["output"].iloc[0], "", None), rated.methodology, wording)
        _tell_inputs(own, f"{name}: sources", rated, sources=True)
        _tell_inputs(own, f"{name}: single inputs", rated, sources=False)
    print_words(LEGEND.format(level=result.level))
    tell_left_out(result.left_out, rated)
    print_words(LIMITS)
    return len(result.indices) > 0


def find_whole(result: SobolIndices) -> pd.DataFrame | None:
    """Return the indices of an output of all centres together, None without any."""
    for output in WHOLE:
        own = result.indices[result.indices["output"] == output]
        if len(own):
            return own
    return None


def write_indices(row: Any) -> list[str]:
    """Write the first-order and the total index of an input."""
    return [
        write_between(row.first, row.first_low, row.first_high, "z.1%"),
        write_between(row.total, row.total_low, row.total_high, "z.1%"),
    ]


def _tell_inputs(own: pd.DataFrame, title: str, rated: Rated, *, sources: bool) -> None:
    frame = own[(own["input_kind"] == "source") == sources]
    first = frame.sort_values("total", ascending=False, kind="stable").head(FIRST)
    if first.empty:
        return
    print_words(f"{title} ({len(first)} of {len(frame)})")
    rows = [
        [name_input(row.input_kind, row.input, rated.methodology), *write_indices(row)]
        for row in list_rows(first)
    ]
    print_table(["input", "first", "total"], rows, keys=1)


def _tell_outputs(result: SobolIndices, rated: Rated) -> None:
    wording = load_wording("en")
    whole = result.outputs[result.outputs["output"].isin([*WHOLE])]
    country = result.outputs[result.outputs["key"] == "country"]
    rows = [
        [
            name_output((row.output, row.key, None), rated.methodology, wording),
            write_number(row.published, ".2f"),
            write_number(row.mean, ".2f"),
            write_number(row.std_dev, ".2f"),
            write_number(row.sum_first, ".0%"),
        ]
        for frame in (whole, country)
        for row in list_rows(frame)
    ]
    titles = ["result", "published", "mean", "SD over runs", "without interactions"]
    print_table(titles, rows, keys=1)
