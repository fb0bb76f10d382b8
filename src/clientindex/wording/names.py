"""Names of what a row speaks of, in the language of the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import ALL_SEGMENTS, COUNTRY, INDEX

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording


def name_group(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name a group, or all indicators together."""
    if key == INDEX:
        return wording.text("subject.index")
    return methodology.group(key).name.in_language(wording.language)


def name_indicator(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name an indicator."""
    return methodology.indicator(key).name.in_language(wording.language)


def name_segment(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name a segment, or all segments together."""
    if key == ALL_SEGMENTS:
        return wording.text("subject.all_segments")
    found = {segment.key: segment.name for segment in methodology.segments}
    return found[key].in_language(wording.language)


def name_region(region: str, wording: Wording) -> str:
    """Name a region, or the whole country."""
    return wording.text("subject.country") if region == COUNTRY else region
