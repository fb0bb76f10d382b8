"""Sentences about differences of the two sources: bias, limits, and how they change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import BOOTSTRAP, INDEX, Agreement
from clientindex.wording.names import name_group
from clientindex.wording.sentences.agreement.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import (
    Row,
    find_row,
    is_above,
    is_below,
    is_known,
    list_rows,
    say_interval,
    say_percents,
)

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

COMMON: Final = "common"
SLOPE_DIGITS: Final = 2


def say_differences(result: Agreement, methodology: Methodology, wording: Wording) -> str:
    """Say where staff rate higher and by how much, the limits, and what bias cannot show."""
    frame = pick_leading(result, COMMON)
    chosen = frame[(frame["kind"] == "group") & (frame["statistic"] == "bias")]
    groups = [row for row in list_rows(chosen) if is_known(row)]
    if not groups:
        keys = {INDEX, *methodology.group_keys}
        reason = say_reasons(result.left_out, {"bias"}, methodology, wording, subjects=keys)
        return wording.text("sentence.agreement.undefined", reason=reason)
    said = [
        _say_bias(groups, result, methodology, wording),
        *_say_index(frame, result, wording),
        *_say_limits(frame, result, wording),
        *_say_acceptable(frame, result, wording),
        wording.text("sentence.agreement.caution"),
    ]
    return " ".join(said)


def say_proportional(result: Agreement, methodology: Methodology, wording: Wording) -> str:
    """Say whether differences change with the level of scores, and why that proves little."""
    row = find_row(pick_leading(result, COMMON), subject=INDEX, statistic="proportional_slope")
    if row is None:
        named = {"proportional_slope", "bias"}
        reason = say_reasons(result.left_out, named, methodology, wording, subjects={INDEX})
        return wording.text("sentence.agreement_proportional.undefined", reason=reason)
    seen = is_above(row) or is_below(row)
    said = wording.text(
        f"sentence.agreement_proportional.{'slope' if seen else 'none'}",
        slope=wording.number(row["estimate"], SLOPE_DIGITS),
        interval=say_interval(row, result.level, wording=wording, digits=SLOPE_DIGITS),
    )
    return f"{said} {wording.text('sentence.agreement_proportional.caution')}"


def say_repeated(result: Agreement, methodology: Methodology, wording: Wording) -> str:
    """Say the limits from repeated measurements of every design, or that there are none."""
    frame = result.repeated[result.repeated["subject"] == INDEX]
    said = [
        text
        for design in ("periods", "visits")
        for text in _say_design(frame[frame["design"] == design], design, result, wording)
    ]
    if not said:
        return _say_no_repeated(result, methodology, wording)
    return " ".join([*said, wording.text("sentence.agreement_repeated.caution")])


def _say_no_repeated(result: Agreement, methodology: Methodology, wording: Wording) -> str:
    left_out = result.left_out[result.left_out["subject"] == INDEX]
    named = {"repeated", "bias"}
    if not left_out["statistic"].isin(named).any():
        return wording.text("sentence.agreement_repeated.none")
    reason = say_reasons(left_out, named, methodology, wording)
    return wording.text("sentence.agreement_repeated.undefined", reason=reason)


def pick_leading(result: Agreement, scale: str) -> pd.DataFrame:
    """Return the rows of a scale that lead: those that are no bootstrap."""
    frame = result.frame
    return frame[(frame["scale"] == scale) & (frame["method"] != BOOTSTRAP)]


def _say_bias(
    groups: list[Row], result: Agreement, methodology: Methodology, wording: Wording
) -> str:
    largest = max(groups, key=lambda row: abs(row["estimate"]))
    return wording.text(
        "sentence.agreement.bias",
        above=wording.integer(sum(is_above(row) for row in groups)),
        below=wording.integer(sum(is_below(row) for row in groups)),
        groups=wording.counted(len(groups), "group_of"),
        group=name_group(str(largest["subject"]), methodology, wording),
        **_tell(largest, "largest", result, wording),
    )


def _say_index(frame: pd.DataFrame, result: Agreement, wording: Wording) -> list[str]:
    row = find_row(frame, subject=INDEX, statistic="bias")
    if row is None:
        return []
    told = _tell(row, "bias", result, wording)
    return [wording.text("sentence.agreement.index", **told)]


def _tell(row: Row, name: str, result: Agreement, wording: Wording) -> dict[str, str]:
    return {
        name: wording.number(row["estimate"]),
        "interval": say_interval(row, result.level, wording=wording),
        "centres": wording.counted(int(row["n"]), "centre"),
    }


def _say_limits(frame: pd.DataFrame, result: Agreement, wording: Wording) -> list[str]:
    low, high, net_low, net_high = (
        find_row(frame, subject=INDEX, statistic=name)
        for name in ("loa_low", "loa_high", "loa_net_low", "loa_net_high")
    )
    if low is None or high is None:
        return []
    values = {
        "share": wording.percent(result.coverage),
        "limits": wording.span(low["estimate"], high["estimate"]),
    }
    if net_low is None or net_high is None:
        return [wording.text("sentence.agreement.limits", **values)]
    net = wording.span(net_low["estimate"], net_high["estimate"])
    return [wording.text("sentence.agreement.limits_net", net=net, **values)]


def _say_acceptable(frame: pd.DataFrame, result: Agreement, wording: Wording) -> list[str]:
    row = find_row(frame, subject=INDEX, statistic="coverage_probability")
    if row is None:
        return []
    return [
        wording.text(
            "sentence.agreement.acceptable",
            acceptable=wording.number(result.acceptable),
            share=wording.percent(row["estimate"]),
            interval=say_percents(row, result.level, wording=wording),
        )
    ]


def _say_design(frame: pd.DataFrame, design: str, result: Agreement, wording: Wording) -> list[str]:
    rows = [find_row(frame, statistic=name) for name in ("bias", "loa_low", "loa_high")]
    bias, low, high = rows
    if bias is None or low is None or high is None:
        return []
    return [
        wording.text(
            f"sentence.agreement_repeated.{design}",
            centres=wording.counted(int(bias["n"]), "centre"),
            pairs=wording.counted(int(bias["n_pairs"]), "pair"),
            bias=wording.number(bias["estimate"]),
            share=wording.percent(result.coverage),
            limits=wording.span(low["estimate"], high["estimate"]),
        )
    ]


RECIPES = (
    make_paragraph("agreement", "agreement", Agreement, say_differences),
    make_paragraph("agreement_proportional", "agreement", Agreement, say_proportional),
    make_paragraph("agreement_repeated", "agreement", Agreement, say_repeated),
)
