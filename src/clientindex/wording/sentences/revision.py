"""A revised edition: why, and what changed since it was first published."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from clientindex.results import COUNTRY
from clientindex.results.revision import CHANGED, GONE, NEW, Revision
from clientindex.wording.sentences.recipe import make_paragraph

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.edition import EditionCard, RevisionNote
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

KEY: Final = "sentence.revision"


def list_banner(edition: EditionCard, *, wording: Wording) -> tuple[str, ...]:
    """List the notes of revision, the first one first; nothing where there are none."""
    return tuple(_say_note(note, "item", wording) for note in edition.revisions)


def list_cover(edition: EditionCard, *, wording: Wording) -> tuple[str, ...]:
    """Return the lines of a cover that say the same, and what the mark means."""
    told = tuple(_say_note(note, "cover", wording) for note in edition.revisions)
    return (*told, wording.text("revision.note")) if told else ()


def say_first(edition: EditionCard, *, wording: Wording) -> str:
    """Say when the edition was published first."""
    return wording.text(f"{KEY}.first", date=wording.date(edition.published))


def _say_note(note: RevisionNote, pattern: str, wording: Wording) -> str:
    return wording.text(
        f"{KEY}.{pattern}",
        date=wording.date(note.date),
        reason=note.reason.in_language(wording.language),
        what=note.what.in_language(wording.language),
    )


def say_changes(result: Revision, methodology: Methodology, wording: Wording) -> str:
    """Count the centres and regions whose published values changed, and say what counts."""
    del methodology
    told = [_count_centres(result, wording)]
    if result.regions["region"].eq(COUNTRY).any():
        told.append(_count_regions(result.regions, wording))
    step = wording.number(10.0**-result.digits, result.digits)
    told.append(wording.text(f"{KEY}.tolerance", step=step))
    return " ".join(told)


def _count_centres(result: Revision, wording: Wording) -> str:
    frame = result.centres
    date = wording.date(dt.date.fromisoformat(result.published))
    new, gone = (int(frame["status"].eq(status).sum()) for status in (NEW, GONE))
    both = frame[~frame["status"].isin([NEW, GONE])]
    counts = {
        "centres": int(both["status"].eq(CHANGED).sum()),
        "index": int(both["index_changed"].sum()),
        "stars": int(both["stars_changed"].sum()),
    }
    total = wording.counted(len(both), "centre_of")
    if not counts["centres"]:
        said = [wording.text(f"{KEY}.none", date=date, total=total)]
    else:
        told = {name: wording.integer(n) for name, n in counts.items()}
        said = [wording.text(f"{KEY}.all", date=date, total=total, **told)]
    if counts["stars"]:
        said.append(wording.text(f"{KEY}.stars", **_count_stars(both, wording)))
    if new or gone:
        moved = {"new": wording.integer(new), "gone": wording.integer(gone)}
        said.append(wording.text(f"{KEY}.moved", **moved))
    return " ".join(said)


def _count_stars(frame: pd.DataFrame, wording: Wording) -> dict[str, str]:
    before, after = frame["star_before"], frame["star_after"]
    counts = {
        "up": after > before,
        "down": after < before,
        "given": before.isna() & after.notna(),
        "lost": before.notna() & after.isna(),
    }
    return {name: wording.integer(int(found.sum())) for name, found in counts.items()}


def _count_regions(frame: pd.DataFrame, wording: Wording) -> str:
    regions = frame[frame["region"] != COUNTRY]
    (country,) = frame[frame["region"] == COUNTRY].to_dict("records")
    return wording.text(
        f"{KEY}.regions",
        regions=wording.integer(int(regions["changed"].sum())),
        total=wording.counted(len(regions), "region_of"),
        country=_say_country(country, wording),
    )


def _say_country(row: dict[Any, Any], wording: Wording) -> str:
    if row["difference"] != row["difference"]:
        return wording.text(f"{KEY}.country_unknown")
    told = {name: _say_mean(row, name, wording) for name in ("before", "after")}
    if row["changed"]:
        return wording.text(f"{KEY}.country_changed", **told)
    return wording.text(f"{KEY}.country_same", after=told["after"])


def _say_mean(row: dict[Any, Any], name: str, wording: Wording) -> str:
    """Write a mean with its interval, where there is one."""
    mean, low, high = (row[key] for key in (name, f"{name}_low", f"{name}_high"))
    said = wording.number(mean)
    return said if low != low else f"{said} {wording.interval(low, high)}"


RECIPES = (make_paragraph("revision_changes", "revision", Revision, say_changes),)
