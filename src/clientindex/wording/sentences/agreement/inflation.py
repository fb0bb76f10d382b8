"""Sentences about gaps between checklist and survey: regions, centres, signs, power."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import ChecklistInflation
from clientindex.wording.sentences.agreement.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import (
    Row,
    find_row,
    is_above,
    is_known,
    list_rows,
    say_interval,
    say_percents,
)

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

SEPARATED: Final = 2.0
"""Standard deviations between two normal components from which their mixture has two peaks."""

NAIVE: Final = "flagged_naively"


def say_regions(result: ChecklistInflation, methodology: Methodology, wording: Wording) -> str:
    """Say how far gaps differ between regions, and where they are largest and smallest."""
    between = find_row(result.summary, statistic="between_regions")
    rows = [row for row in list_rows(result.regions) if is_known(row)]
    if between is None or len(rows) < 2:
        named = {"between_regions", "regions"}
        reason = say_reasons(result.left_out, named, methodology, wording)
        return wording.text("sentence.inflation_regions.undefined", reason=reason)
    said = _say_between(between, rows, result, wording)
    return f"{said} {wording.text('sentence.inflation_regions.caution')}"


def say_inflation(result: ChecklistInflation, methodology: Methodology, wording: Wording) -> str:
    """Say how many centres stand out, how many may inflate, and what could have been seen."""
    said = [
        *_say_flagged(result, methodology, wording),
        *_say_naive(result, wording),
        *_say_share(result, methodology, wording),
        *_say_power(result, wording),
    ]
    if not result.has_checklist_error:
        said.append(wording.text("sentence.inflation.no_checklist_error"))
    return " ".join([*said, wording.text("sentence.inflation.caution")])


def say_signs(result: ChecklistInflation, methodology: Methodology, wording: Wording) -> str:
    """Say how many checklists show other signs of inflation, and whether they bunch at cuts."""
    rows = {name: _count(result, name) for name in ("at_ceiling", "no_spread")}
    counts = {name: wording.counted(n, "checklist") for name, n in rows.items() if n is not None}
    said = []
    if len(counts) == len(rows):
        said.append(wording.text("sentence.inflation_signs.counts", **counts))
    unverifiable = _count(result, "unverifiable_flagged")
    if unverifiable is not None:
        n = wording.counted(unverifiable, "centre")
        said.append(wording.text("sentence.inflation_signs.unverifiable", n=n))
    said += _say_bunching(result, methodology, wording)
    return " ".join([*said, wording.text("sentence.inflation_signs.caution")])


def _say_between(
    between: Row, rows: list[Row], result: ChecklistInflation, wording: Wording
) -> str:
    """Say the variance between regions, and the ends of their effects if they differ in writing."""
    low, high = rows[0], rows[-1]
    values = {
        "variance": wording.number(between["estimate"]),
        "interval": say_interval(between, result.level, wording=wording),
        "regions": wording.counted(len(rows), "region"),
    }
    effect = wording.number(low["estimate"])
    if effect == wording.number(high["estimate"]) and not is_above(between):
        return wording.text("sentence.inflation_regions.equal", effect=effect, **values)
    return wording.text(
        f"sentence.inflation_regions.{'all' if is_above(between) else 'alike'}",
        highest=_say_region(high, result, wording),
        lowest=_say_region(low, result, wording),
        **values,
    )


def _say_region(row: Row, result: ChecklistInflation, wording: Wording) -> str:
    return wording.text(
        "sentence.inflation_regions.one",
        region=str(row["region"]),
        effect=wording.number(row["estimate"]),
        interval=say_interval(row, result.level, wording=wording),
        centres=wording.counted(int(row["n"]), "centre"),
    )


def _count(result: ChecklistInflation, statistic: str) -> int | None:
    row = find_row(result.summary, statistic=statistic)
    return None if row is None else int(row["estimate"])


def _say_flagged(
    result: ChecklistInflation, methodology: Methodology, wording: Wording
) -> list[str]:
    row = find_row(result.summary, statistic="flagged")
    spread = find_row(result.summary, statistic="spread")
    if row is None or spread is None:
        reason = say_reasons(result.left_out, {"flagged", "spread"}, methodology, wording)
        return [wording.text("sentence.inflation.undefined", reason=reason)]
    flagged, total = int(row["estimate"]), int(row["n"])
    values = {
        "spread": wording.number(spread["estimate"]),
        "rate": wording.percent(result.fdr),
        "total": wording.counted(total, "centre_of" if flagged else "centre"),
    }
    if not flagged:
        return [wording.text("sentence.inflation.none_flagged", **values)]
    return [wording.text("sentence.inflation.flagged", n=wording.integer(flagged), **values)]


def _say_naive(result: ChecklistInflation, wording: Wording) -> list[str]:
    naive = _count(result, NAIVE)
    if naive is None:
        return []
    return [wording.text("sentence.inflation.naive", n=wording.counted(naive, "centre"))]


def _say_share(result: ChecklistInflation, methodology: Methodology, wording: Wording) -> list[str]:
    row = find_row(result.summary, statistic="share")
    if row is None:
        reason = say_reasons(result.left_out, {"share", "mixture"}, methodology, wording)
        return [wording.text("sentence.inflation.no_share", reason=reason)]
    said = wording.text(
        "sentence.inflation.share",
        share=wording.percent(row["estimate"], 1),
        interval=say_percents(row, result.level, wording=wording, digits=1),
    )
    separation = find_row(result.summary, statistic="separation")
    apart = separation is not None and separation["estimate"] >= SEPARATED
    key = "two_kinds" if apart and is_above(row) else "one_kind"
    return [said, wording.text(f"sentence.inflation.{key}")]


def _say_power(result: ChecklistInflation, wording: Wording) -> list[str]:
    """Say the smallest inflation found, over centres: the median, and from least to most."""
    known = sorted((row for row in list_rows(result.power) if is_known(row)), key=_share)
    if not known:
        return []
    middle = min(known, key=lambda row: abs(row["share"] - 0.5))
    return [
        wording.text(
            "sentence.inflation.power",
            power=wording.percent(result.power_level),
            middle=wording.number(middle["estimate"]),
            least=wording.number(known[0]["estimate"]),
            most=wording.number(known[-1]["estimate"]),
        )
    ]


def _share(row: Row) -> float:
    return float(row["share"])


def _say_bunching(
    result: ChecklistInflation, methodology: Methodology, wording: Wording
) -> list[str]:
    frame = result.bunching
    rows = [row for row in list_rows(frame[frame["cut"].isna()]) if is_known(row, "share")]
    if not rows:
        reason = say_reasons(result.left_out, {"bunching"}, methodology, wording)
        return [wording.text("sentence.inflation_signs.no_bunching", reason=reason)]
    row = rows[0]
    values = {
        "width": wording.number(result.width),
        "above": wording.integer(int(row["above"])),
        "below": wording.integer(int(row["below"])),
        "share": wording.percent(row["share"]),
        "interval": say_percents(row, result.level, wording=wording),
        "p": wording.p_value(row["p_value"]),
    }
    key = "bunching_seen" if is_above(row, 0.5) else "bunching_not_seen"
    said = wording.text("sentence.inflation_signs.bunching", **values)
    return [said, wording.text(f"sentence.inflation_signs.{key}")]


RECIPES = (
    make_paragraph("inflation_regions", "inflation", ChecklistInflation, say_regions),
    make_paragraph("inflation", "inflation", ChecklistInflation, say_inflation),
    make_paragraph("inflation_signs", "inflation", ChecklistInflation, say_signs),
)
