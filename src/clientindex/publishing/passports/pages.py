"""The pages of many centres in one language, one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from clientindex.publishing.passports.gather import gather_passports
from clientindex.publishing.passports.moves import BY_CENTRE, MoveFinder
from clientindex.publishing.passports.page import PageWriter
from clientindex.publishing.place_names import find_place_names, name_places
from clientindex.results import Unavailable
from clientindex.wording import load_wording

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from clientindex.results import Bundle

NEEDED: Final = (
    *("stars", "scores", "group_means", "star_doubt", "ranks", "agreement", "change"),
    *BY_CENTRE,
)
"""Results that a passport reads."""


def write_pages(
    bundle: Bundle, language: str, *, centres: Collection[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the code and the page of each of these centres, places named in the language."""
    wording = load_wording(language)
    needed = {name: bundle.results[name] for name in NEEDED if name in bundle.results}
    slim = replace(bundle, results=needed)
    named = name_places(slim, find_place_names(bundle.results, language))
    writer = PageWriter(bundle=named, wording=wording)
    bounds = named.results.get("weight_bounds")
    has_moves = bounds is not None and not isinstance(bounds, Unavailable)
    finder = MoveFinder.read(named) if has_moves else None
    for passport in gather_passports(named, centres=centres):
        known = finder is not None and passport.star is not None
        moves = finder.build(passport.centre, wording) if finder and known else None
        yield passport.centre, writer.write(passport, moves)
