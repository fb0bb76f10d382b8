"""Sentences about coefficients of agreement: consistency and concordance after linking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import INDEX, Agreement
from clientindex.wording.sentences.agreement.differences import COMMON, pick_leading
from clientindex.wording.sentences.agreement.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import find_row, say_interval

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

LINKED: Final = "linked"
DIGITS: Final = 2
CONSISTENCY: Final = "icc_c1"


def say_concordance(result: Agreement, methodology: Methodology, wording: Wording) -> str:
    """Say ICC(C,1) and Lin's coefficient on linked scales, then why ICC(A,1) does not lead."""
    frame = pick_leading(result, LINKED)
    groups = _list_groups(frame, CONSISTENCY)
    if not groups:
        reason = say_reasons(result.left_out, {CONSISTENCY, LINKED}, methodology, wording)
        return wording.text("sentence.agreement_concordance.undefined", reason=reason)
    classify = methodology.thresholds.icc.classify
    words = dict.fromkeys(classify(value) for value in sorted(groups))
    said = [
        wording.text(
            "sentence.agreement_concordance.groups",
            span=wording.span(min(groups), max(groups), DIGITS),
            verdicts=wording.join([wording.text(f"level.icc.{word}") for word in words]),
        )
    ]
    said += _say_lin(frame, wording)
    said += _say_index(frame, result, wording)
    said += _say_absolute(result, wording)
    return " ".join([*said, wording.text("sentence.agreement_concordance.caution")])


def _list_groups(frame: pd.DataFrame, statistic: str) -> list[float]:
    chosen = (frame["kind"] == "group") & (frame["statistic"] == statistic)
    return [float(value) for value in frame.loc[chosen, "estimate"].dropna()]


def _say_lin(frame: pd.DataFrame, wording: Wording) -> list[str]:
    values = _list_groups(frame, "ccc")
    if not values:
        return []
    span = wording.span(min(values), max(values), DIGITS)
    return [wording.text("sentence.agreement_concordance.lin", span=span)]


def _say_index(frame: pd.DataFrame, result: Agreement, wording: Wording) -> list[str]:
    row = find_row(frame, subject=INDEX, statistic=CONSISTENCY)
    if row is None:
        return []
    return [
        wording.text(
            "sentence.agreement_concordance.index",
            estimate=wording.number(row["estimate"], DIGITS),
            interval=say_interval(row, result.level, wording=wording, digits=DIGITS),
            centres=wording.counted(int(row["n"]), "centre"),
        )
    ]


def _say_absolute(result: Agreement, wording: Wording) -> list[str]:
    row = find_row(pick_leading(result, COMMON), subject=INDEX, statistic="icc_a1")
    if row is None:
        return []
    return [
        wording.text(
            "sentence.agreement_concordance.absolute",
            estimate=wording.number(row["estimate"], DIGITS),
            interval=say_interval(row, result.level, wording=wording, digits=DIGITS),
        )
    ]


RECIPES = (make_paragraph("agreement_concordance", "agreement", Agreement, say_concordance),)
