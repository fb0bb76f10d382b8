"""How many centres and respondents the numbers of a region come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Regions, Stars
from clientindex.wording.absence import take
from clientindex.wording.sentences.rows import list_rows

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.wording.sentences.rows import Row
    from clientindex.wording.words import Wording


def tell_coverage(bundle: Bundle, wording: Wording, region: str) -> str:
    """Say how many centres of the region there are, have an index, and how many people answered."""
    stars = take(bundle, "stars", Stars).frame
    own = stars[stars["region"] == region]
    scored = int(own["estimate"].notna().sum())
    said = _say_scored(len(own), scored, wording)
    row = find_region(take(bundle, "regions", Regions), region)
    n = int(row["n"]) if row is not None and row["n"] == row["n"] else 0
    if not n:
        return said
    respondents = wording.counted(n, "respondent_of")
    return f"{said} {wording.text('sentence.coverage.respondents', respondents=respondents)}"


def _say_scored(total: int, scored: int, wording: Wording) -> str:
    register = wording.counted(total, "centre")
    if scored in (0, total):
        name = "all" if scored else "none"
        return wording.text(f"sentence.region_coverage.{name}", register=register)
    told = wording.counted(scored, "centre_of")
    return wording.text("sentence.region_coverage.some", register=register, scored=told)


def find_region(regions: Regions, region: str) -> Row | None:
    """Return the row of a region, None where there is none."""
    rows = list_rows(regions.frame[regions.frame["region"] == region])
    return rows[0] if rows else None
