"""How much of what moves is due to what: for readers of the methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.sobol_indices import SobolIndices
from clientindex.wording.sensitivity_names import name_dimension, name_input, write_band
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, is_known, list_rows, say_percents
from clientindex.wording.sentences.sensitivity.shares import (
    list_choices,
    name_row,
)

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

KEY = "sentence.sobol_indices"
STARS = "share_changed_stars"


def say_sobol(result: SobolIndices, methodology: Methodology, wording: Wording) -> str:
    """Say the parts of weights, method and sampling in changed stars, and the largest input."""
    said = [
        wording.text(
            f"{KEY}.design",
            band=write_band(result.band_pct, wording),
            runs=wording.integer(result.runs),
        )
    ]
    rows = [row for row in list_rows(result.indices) if row["output"] == STARS]
    known = [row for row in rows if is_known(row, "total")]
    if not known:
        return " ".join([*said, wording.text(f"{KEY}.no_stars")])
    sources = [row for row in known if row["input_kind"] == "source"]
    sources.sort(key=lambda row: -row["total"])
    if sources:
        told = [_say_source(row, methodology, wording) for row in sources]
        said.append(wording.text(f"{KEY}.sources", sources="; ".join(told)))
    said += _say_largest(known, result, methodology, wording)
    return " ".join([*said, *_say_rest(result, wording)])


def _say_source(row: Row, methodology: Methodology, wording: Wording) -> str:
    return wording.text(
        f"{KEY}.source",
        name=name_input(row["input_kind"], row["input"], methodology, wording),
        total=wording.percent(row["total"], 1),
        low=wording.number(100 * row["total_low"]),
        high=wording.number(100 * row["total_high"]),
        first=wording.percent(row["first"], 1),
    )


def _say_largest(
    rows: list[Row], result: SobolIndices, methodology: Methodology, wording: Wording
) -> list[str]:
    single = [row for row in rows if row["input_kind"] != "source"]
    if not single:
        return []
    row = max(single, key=lambda row: row["total"])
    ends = {"ci_low": row["total_low"], "ci_high": row["total_high"]}
    said = [
        wording.text(
            f"{KEY}.largest",
            name=name_input(row["input_kind"], row["input"], methodology, wording),
            total=wording.percent(row["total"], 1),
            interval=say_percents(ends, result.level, wording=wording, digits=1),
        )
    ]
    weights = [row for row in single if row["input_kind"] in ("group", "indicator")]
    if weights:
        heaviest = max(weights, key=lambda row: row["total"])
        said.append(
            wording.text(
                f"{KEY}.weight",
                name=name_row(
                    {"kind": heaviest["input_kind"], "key": heaviest["input"]},
                    methodology,
                    wording,
                ),
                total=wording.percent(heaviest["total"], 1),
            )
        )
    return said


def _say_rest(result: SobolIndices, wording: Wording) -> list[str]:
    """Say what interactions have, which choices moved, and which could not."""
    rows = [row for row in list_rows(result.outputs) if row["output"] == STARS]
    said = [
        wording.text(
            f"{KEY}.interactions", share=wording.percent(max(0.0, 1 - row["sum_first"]), 1)
        )
        for row in rows
        if is_known(row, "sum_first")
    ]
    moved = list_choices(result.options, wording)
    if moved:
        said.append(wording.text(f"{KEY}.moved", names=wording.join(moved)))
    idle = [
        name_dimension(row["key"], wording)
        for row in list_rows(result.left_out)
        if row["kind"] == "choice"
    ]
    if idle:
        said.append(wording.text(f"{KEY}.idle", names=wording.join(idle)))
    return said


RECIPES = (make_paragraph("sobol_indices", "sobol_indices", SobolIndices, say_sobol),)
