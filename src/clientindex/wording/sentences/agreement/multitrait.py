"""Sentences about correlations over two methods: same groups, criteria, halo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import MultitraitMatrix
from clientindex.wording.names import name_variable
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import (
    Row,
    find_row,
    is_below,
    is_known,
    list_rows,
    say_interval,
)

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

DIGITS: Final = 2
SAME: Final = "monotrait_heteromethod"
RAW: Final = "none"
SAMPLING: Final = "survey_sampling"
VISITS: Final = "survey_sampling_and_visits"
CRITERIA: Final = {"1": "one", "2": "two", "3_survey": "survey", "3_checklist": "checklist"}
"""Criterion -> its name in the sentence."""

ALL: Final = "all"


def say_multitrait(result: MultitraitMatrix, methodology: Methodology, wording: Wording) -> str:
    """Say the correlations of same groups, which error was removed, the criteria and the halo."""
    return " ".join(
        [
            _say_same(result, methodology, wording),
            *_say_criteria(result, wording, key="sentence.multitrait.criteria"),
            *_say_halo(result, wording),
            wording.text("sentence.multitrait.caution"),
        ]
    )


def say_indicators(result: MultitraitMatrix, methodology: Methodology, wording: Wording) -> str:
    """Say the same of indicators, in short."""
    del methodology
    raw, net = _list_same(result, RAW), _list_same(result, find_removed(result))
    if not raw:
        return wording.text("sentence.multitrait_indicators.undefined")
    key = "sentence.multitrait_indicators"
    values = {"raw": _span(raw, wording), "indicators": wording.counted(len(raw), "indicator_of")}
    removed = find_removed(result)
    if removed == RAW or not net:
        said = wording.text(f"{key}.same_raw", **values)
    else:
        error = wording.text(f"sentence.multitrait.error.{removed}")
        said = wording.text(f"{key}.same", error=error, net=_span(net, wording), **values)
    return " ".join([said, *_say_criteria(result, wording, key=f"{key}.criteria")])


def find_removed(result: MultitraitMatrix) -> str:
    """Return the most error whose removal leaves correlations that can be: visits, sampling, none.

    With few second checklists their error is known so badly that correlations freed of it are not
    defined, or above one; such ones are in the files only.
    """
    if SAMPLING not in set(result.correlations["removed"]):
        return RAW
    freed = _list_same(result, VISITS)
    whole = len(freed) == len(_list_same(result, RAW))
    proper = all(row["estimate"] <= 1 for row in freed)
    return VISITS if freed and whole and proper else SAMPLING


def _list_same(result: MultitraitMatrix, removed: str) -> list[Row]:
    frame = result.correlations
    chosen = frame[(frame["kind"] == SAME) & (frame["removed"] == removed)]
    return [row for row in list_rows(chosen) if is_known(row)]


def _say_same(result: MultitraitMatrix, methodology: Methodology, wording: Wording) -> str:
    removed = find_removed(result)
    raw, net = _list_same(result, RAW), _list_same(result, removed)
    if not raw:
        return wording.text("sentence.multitrait.undefined")
    least = min(net or raw, key=lambda row: row["estimate"])
    values = {
        "raw": _span(raw, wording),
        "group": name_variable(str(least["first_group"]), methodology, wording),
        "least": wording.number(least["estimate"], DIGITS),
        "interval": say_interval(least, result.level, wording=wording, digits=DIGITS),
        "centres": wording.counted(int(least["n"]), "centre"),
    }
    if removed == RAW or not net:
        return wording.text("sentence.multitrait.same_raw", **values)
    error = wording.text(f"sentence.multitrait.error.{removed}")
    said = wording.text("sentence.multitrait.same", error=error, net=_span(net, wording), **values)
    lost = sorted(
        {str(row["first_group"]) for row in raw} - {str(row["first_group"]) for row in net}
    )
    told = [said]
    if max(row["estimate"] for row in net) > 1:
        told.append(wording.text("sentence.multitrait.above_one"))
    if lost:
        names = "; ".join(name_variable(key, methodology, wording) for key in lost)
        told.append(wording.text("sentence.multitrait.lost", groups=names))
    return " ".join([*told, _say_left(result, removed, wording)])


def _say_left(result: MultitraitMatrix, removed: str, wording: Wording) -> str:
    """Say which error is still in the correlations."""
    if removed == SAMPLING and VISITS in set(result.correlations["removed"]):
        centres = wording.counted(result.n_visits, "centre")
        return wording.text("sentence.multitrait.left.visits_unusable", centres=centres)
    return wording.text(f"sentence.multitrait.left.{removed}")


def _span(rows: list[Row], wording: Wording) -> str:
    values = [row["estimate"] for row in rows]
    return wording.span(min(values), max(values), DIGITS)


def _say_criteria(result: MultitraitMatrix, wording: Wording, *, key: str) -> list[str]:
    removed = _find_judged(result)
    if removed is None:
        return []
    rows = _pick_counts(result, removed)
    counts = {name: wording.integer(int(row["estimate"])) for name, row in rows.items()}
    totals = {f"of_{name}": wording.integer(int(row["comparisons"])) for name, row in rows.items()}
    basis = wording.text(f"sentence.multitrait.basis.{removed}")
    return [wording.text(key, basis=basis, **counts, **totals)]


def _find_judged(result: MultitraitMatrix) -> str | None:
    """Return the most error that was removed while every criterion can still be counted."""
    for removed in (VISITS, SAMPLING, RAW):
        if len(_pick_counts(result, removed)) == len(CRITERIA):
            return removed
    return None


def _pick_counts(result: MultitraitMatrix, removed: str) -> dict[str, Row]:
    frame = result.criteria[result.criteria["removed"] == removed]
    rows = {
        name: find_row(frame, criterion=criterion, statistic="count", group=ALL)
        for criterion, name in CRITERIA.items()
    }
    return {name: row for name, row in rows.items() if row is not None}


def _say_halo(result: MultitraitMatrix, wording: Wording) -> list[str]:
    frame = result.criteria[result.criteria["removed"] == _find_judged(result)]
    rows = {
        side: find_row(frame, criterion=f"3_{side}", statistic="difference", group=ALL)
        for side in ("survey", "checklist")
    }
    bounded = {side: row for side, row in rows.items() if row and is_known(row, "ci_high")}
    seen = {side: row for side, row in bounded.items() if is_below(row)}
    if not seen and len(bounded) == len(rows):
        return [wording.text("sentence.multitrait.no_halo")]
    return [_say_closer(side, row, result, wording) for side, row in seen.items()]


def _say_closer(side: str, row: Row, result: MultitraitMatrix, wording: Wording) -> str:
    """Say by how much different groups inside a method are closer than a group over methods."""
    turned = {"ci_low": -row["ci_high"], "ci_high": -row["ci_low"]}
    return wording.text(
        f"sentence.multitrait.halo_{side}",
        difference=wording.number(-row["estimate"], DIGITS),
        interval=say_interval(turned, result.level, wording=wording, digits=DIGITS),
    )


RECIPES = (
    make_paragraph("multitrait", "multitrait", MultitraitMatrix, say_multitrait),
    make_paragraph(
        "multitrait_indicators", "multitrait_indicators", MultitraitMatrix, say_indicators
    ),
)
