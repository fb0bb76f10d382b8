"""Sentences about survey against checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import GroupAgreement
from clientindex.wording.absence import take
from clientindex.wording.names import name_group
from clientindex.wording.sentences.recipe import ParagraphRecipe
from clientindex.wording.sentences.rows import list_rows, say_interval

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording


def say_agreement(agreement: GroupAgreement, *, methodology: Methodology, wording: Wording) -> str:
    """Say in how many groups staff rate higher, where most, and how far the sources agree."""
    bias = _select(agreement, "bias")
    largest = max(list_rows(bias), key=lambda row: abs(row["estimate"]))
    said = wording.text(
        "sentence.agreement.bias",
        above=wording.integer(int((bias["ci_low"] > 0).sum())),
        below=wording.integer(int((bias["ci_high"] < 0).sum())),
        groups=wording.integer(len(bias)),
        group=name_group(str(largest["group"]), methodology, wording),
        largest=wording.number(largest["estimate"]),
        interval=say_interval(largest, agreement.level, wording=wording),
        centres=wording.counted(int(largest["n"]), "centre"),
    )
    return f"{said} {_say_icc(agreement, methodology, wording)}"


def say_left_out(agreement: GroupAgreement, *, wording: Wording) -> str:
    """Say how many centres have one source only."""
    return wording.text(
        "sentence.agreement.left_out",
        survey=wording.integer(agreement.n_survey_only),
        checklist=wording.integer(agreement.n_checklist_only),
    )


def _say_icc(agreement: GroupAgreement, methodology: Methodology, wording: Wording) -> str:
    icc = _select(agreement, "icc_a1").dropna(subset="estimate")
    if icc.empty:
        return wording.text("sentence.agreement.no_icc")
    threshold = methodology.thresholds.icc
    words = dict.fromkeys(threshold.classify(x) for x in sorted(icc["estimate"]))
    return wording.text(
        "sentence.agreement.icc",
        span=wording.span(icc["estimate"].min(), icc["estimate"].max(), 2),
        verdicts=wording.join([wording.text(f"level.icc.{word}") for word in words]),
    )


def _select(agreement: GroupAgreement, statistic: str) -> pd.DataFrame:
    return agreement.frame.loc[agreement.frame["statistic"] == statistic]


def _build(bundle: Bundle, wording: Wording) -> str:
    agreement = take(bundle, "agreement", GroupAgreement)
    return say_agreement(agreement, methodology=bundle.methodology, wording=wording)


def _build_left_out(bundle: Bundle, wording: Wording) -> str:
    return say_left_out(take(bundle, "agreement", GroupAgreement), wording=wording)


RECIPES = (
    ParagraphRecipe(name="agreement", needs=("agreement",), build=_build),
    ParagraphRecipe(name="left_out", needs=("agreement",), build=_build_left_out),
)
