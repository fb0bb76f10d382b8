"""Numbers of stars with their nouns, and shares that are nearly all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.wording.numbers import NO_BREAK

NEARLY_ALL: Final = 0.99
WHOLE_FROM: Final = 10

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


def say_about(number: float, wording: Wording) -> str:
    """Write an expected number of things: whole from ten on, because it is known no better."""
    if number < WHOLE_FROM:
        return wording.number(number)
    return wording.text("sentence.about", n=wording.number(number, 0))


def say_share(share: float, wording: Wording) -> str:
    """Write a share in per cent; nearly all is not rounded to all."""
    said = wording.percent(share)
    if share < 1 and said == wording.percent(1):
        return wording.text("sentence.nearly_all", share=wording.percent(NEARLY_ALL))
    return said
