"""The change log of the methodology: what changed, why, and what each change did to stars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import MethodologyEffects
from clientindex.results.methodology_effects import TOGETHER
from clientindex.wording.absence import explain_absence, take
from clientindex.wording.sentences.recipe import ParagraphRecipe, make_paragraph
from clientindex.wording.sentences.rows import Row, list_rows

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording

KEY: Final = "sentence.methodology_log"


def list_history(bundle: Bundle, wording: Wording) -> tuple[str, ...]:
    """List the versions and the changes as those who made the methodology tell them."""
    methodology, language = bundle.methodology, wording.language
    reason = explain_absence(bundle, ["methodology_effects"], wording=wording)
    if reason:
        first = wording.text(f"{KEY}.alone", current=methodology.id, reason=reason)
    else:
        result = take(bundle, "methodology_effects", MethodologyEffects)
        key = "same" if result.previous_id == result.current_id else "versions"
        first = wording.text(f"{KEY}.{key}", current=result.current_id, previous=result.previous_id)
    notes = [
        wording.text(
            f"{KEY}.note", what=note.what.in_language(language), why=note.why.in_language(language)
        )
        for note in methodology.changes
    ]
    return (first, *(notes or [wording.text(f"{KEY}.no_notes")]))


def say_effects(result: MethodologyEffects, methodology: Methodology, wording: Wording) -> str:
    """Say what all changes together did to stars, which did most, and what is not known."""
    del methodology
    rows = list_rows(result.frame)
    if not rows:
        return wording.text(f"{KEY}.nothing")
    known = [row for row in rows if not row["reason"]]
    whole = [row for row in known if row["kind"] == TOGETHER]
    single = [row for row in known if row["kind"] != TOGETHER]
    said = [_say_whole(row, wording) for row in whole]
    if single:
        most = max(single, key=_count_moved)
        key = "most" if _count_moved(most) else "none_alone"
        n = wording.counted(_count_moved(most), "centre_of")
        values = {"change": name_change(most, wording), "n": n} if key == "most" else {}
        said.append(wording.text(f"{KEY}.{key}", **values))
    unknown = [row for row in rows if row["reason"]]
    said += [
        wording.text(
            f"{KEY}.unknown",
            change=name_change(row, wording),
            reason=wording.text(f"unavailable.rating.{row['reason']}"),
        )
        for row in unknown
    ]
    return " ".join(said)


def name_change(row: Row, wording: Wording) -> str:
    """Name a change by its kind, and by the indicator or group where there is one."""
    name = str(row["name_ru"] if wording.language == "ru" else row["name_en"])
    kind = wording.text(f"{KEY}.kind.{row['kind']}")
    return wording.text(f"{KEY}.named", kind=kind, name=name) if name else kind


def _say_whole(row: Row, wording: Wording) -> str:
    counts = {name: wording.integer(row[name]) for name in ("up", "down", "given", "withheld")}
    n = int(row["up"] + row["down"] + row["same"])
    said = wording.text(f"{KEY}.together", n=wording.counted(n, "centre_of"), **counts)
    mean = row["mean_difference"]
    if mean != mean:
        return f"{said} {wording.text(f'{KEY}.other_scale')}"
    index = wording.text(
        f"{KEY}.index",
        mean=wording.number(mean, 2),
        largest=wording.number(row["largest_difference"]),
    )
    return f"{said} {index}"


def _count_moved(row: Row) -> int:
    return int(row["up"] + row["down"] + row["given"] + row["withheld"])


RECIPES = (
    ParagraphRecipe(name="methodology_history", needs=(), build=list_history),
    make_paragraph("change_effects", "methodology_effects", MethodologyEffects, say_effects),
)
