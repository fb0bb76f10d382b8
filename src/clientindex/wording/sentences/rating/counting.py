"""Numbers of stars and distances with their nouns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.wording.numbers import NO_BREAK

if TYPE_CHECKING:
    from clientindex.wording.words import Wording


def count_stars(stars: float, wording: Wording) -> str:
    """Write a number of stars in the genitive: "3 stars", "2.5 stars"."""
    if float(stars).is_integer():
        return wording.counted(int(stars), "star_of")
    noun = wording.text("plural_part.star")
    return f"{wording.number(stars)}{NO_BREAK}{noun}"


def name_stars(stars: float, wording: Wording) -> str:
    """Write a number of stars without a noun."""
    return wording.number(stars, 0 if float(stars).is_integer() else 1)
