"""Sentences about stars by survey and by checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import CategoryAgreement
from clientindex.wording.sentences.agreement.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import find_row, is_known, list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

DIGITS: Final = 2
STARS: Final = "stars"
LEVEL_DECIMALS: Final = 9
"""One less a level such as 0.95 is not 0.05 in binary."""


def say_star_agreement(
    result: CategoryAgreement, methodology: Methodology, wording: Wording
) -> str:
    """Say how many stars are equal, how far beyond chance, and whether their shares differ."""
    table = result.table[result.table["kind"] == STARS]
    total = int(table["n"].sum())
    if not total:
        reason = say_reasons(
            result.left_out, {"percent", "kappa"}, methodology, wording, subjects={STARS}
        )
        return wording.text("sentence.star_agreement.undefined", reason=reason)
    survey, checklist, n = table["survey"], table["checklist"], table["n"]
    said = [
        wording.text(
            "sentence.star_agreement.equal",
            equal=wording.integer(int(n[survey == checklist].sum())),
            total=wording.counted(total, "centre_of"),
            more=wording.integer(int(n[checklist > survey].sum())),
            fewer=wording.integer(int(n[checklist < survey].sum())),
        )
    ]
    said += _say_kappa(result, wording)
    said += _say_margins(result, wording)
    said += _say_indicators(result, methodology, wording)
    return " ".join(said)


def _say_kappa(result: CategoryAgreement, wording: Wording) -> list[str]:
    rows = {
        name: find_row(result.frame, kind=STARS, statistic=statistic)
        for name, statistic in (("kappa", "kappa_quadratic"), ("gwet", "ac2"))
    }
    found = {name: row for name, row in rows.items() if row is not None}
    if len(found) < len(rows):
        return [wording.text("sentence.star_agreement.no_kappa")]
    numbers = {name: wording.number(row["estimate"], DIGITS) for name, row in found.items()}
    intervals = {
        f"{name}_interval": say_interval(row, result.level, wording=wording, digits=DIGITS)
        for name, row in found.items()
    }
    return [wording.text("sentence.star_agreement.kappa", **numbers, **intervals)]


def _say_margins(result: CategoryAgreement, wording: Wording) -> list[str]:
    rows = list_rows(result.margins[result.margins["kind"] == STARS])
    if not rows or not is_known(rows[0], "p_value"):
        return []
    row = rows[0]
    differ = row["p_value"] < round(1 - result.level, LEVEL_DECIMALS)
    return [
        wording.text(
            f"sentence.star_agreement.{'margins_differ' if differ else 'margins_alike'}",
            statistic=wording.number(row["statistic"]),
            df=wording.integer(int(row["df"])),
            p=wording.p_value(row["p_value"]),
        )
    ]


def _say_indicators(
    result: CategoryAgreement, methodology: Methodology, wording: Wording
) -> list[str]:
    frame = result.frame
    chosen = (frame["kind"] == "indicator") & (frame["statistic"] == "kappa_quadratic")
    values = frame.loc[chosen, "estimate"].dropna()
    if values.empty:
        return []
    tests = result.margins[result.margins["kind"] == "indicator"]["q_value"].dropna()
    rate = methodology.agreement.fdr
    return [
        wording.text(
            "sentence.star_agreement.indicators",
            span=wording.span(values.min(), values.max(), DIGITS),
            differing=wording.integer(int((tests < rate).sum())),
            indicators=wording.counted(len(tests), "indicator_of"),
            rate=wording.percent(rate),
        )
    ]


RECIPES = (
    make_paragraph("star_agreement", "category_agreement", CategoryAgreement, say_star_agreement),
)
