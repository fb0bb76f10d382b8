"""The pages of many centres in one language, one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from clientindex.publishing.passports.gather import gather_passports
from clientindex.publishing.passports.moves import BY_CENTRE, MoveFinder
from clientindex.publishing.passports.page import PageWriter
from clientindex.publishing.place_names import find_place_names, name_places
from clientindex.results import Unavailable
from clientindex.tables.disclosure import protect
from clientindex.wording import load_wording

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from clientindex.publishing.passports.values import Passport
    from clientindex.results import Bundle

NEEDED: Final = (
    *("stars", "scores", "group_means", "star_doubt", "ranks", "agreement", "change"),
    *BY_CENTRE,
)
"""Results that a passport reads."""


def _slim(bundle: Bundle) -> Bundle:
    needed = {name: bundle.results[name] for name in NEEDED if name in bundle.results}
    return replace(bundle, results=needed)


def mark_hidden(passport: Passport, whole: Passport) -> Passport:
    """Say which numbers of a passport are known and not published."""
    index = tuple(
        (segment, estimate.mark_hidden(other))
        for (segment, estimate), (_, other) in zip(passport.index, whole.index, strict=True)
    )
    scores = tuple(
        replace(scored, survey=scored.survey.mark_hidden(other.survey))
        for scored, other in zip(passport.scores, whole.scores, strict=True)
    )
    return replace(passport, index=index, scores=scores)


def write_pages(
    bundle: Bundle, language: str, *, centres: Collection[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the code and the page of each of these centres, places named in the language."""
    wording = load_wording(language)
    protected = protect(bundle)
    names = find_place_names(bundle.results, language)
    named, whole = (name_places(_slim(own), names) for own in (protected.bundle, protected.whole))
    writer = PageWriter(bundle=named, wording=wording)
    bounds = named.results.get("weight_bounds")
    has_moves = bounds is not None and not isinstance(bounds, Unavailable)
    finder = MoveFinder.read(named) if has_moves else None
    passports = gather_passports(named, centres=centres)
    if not protected.touched.isdisjoint(NEEDED):
        passports = map(mark_hidden, passports, gather_passports(whole, centres=centres))
    for passport in passports:
        known = finder is not None and passport.star is not None
        moves = finder.build(passport.centre, wording) if finder and known else None
        yield passport.centre, writer.write(passport, moves)
