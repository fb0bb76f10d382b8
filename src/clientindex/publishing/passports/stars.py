"""Stars of a passport in words: how many, how sure, or why there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.results import Stars
from clientindex.wording.sentences.rating.counting import name_stars, say_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.publishing.passports.values import Passport
    from clientindex.results import Bundle
    from clientindex.wording import Wording

SMALL_SAMPLE = "small_sample"
HARDLY = 0.01
"""Smaller probabilities that round to nothing are said to be smaller than this."""


def describe_stars(passport: Passport, bundle: Bundle, wording: Wording) -> dict[str, Any]:
    """Return the stars as numbers for the drawing, their words, and a bar a star."""
    most = float(bundle.methodology.stars.star_values[-1])
    star = passport.star
    bars = [
        {
            "label": name_stars(chance.star, wording),
            "share": chance.p,
            "text": write_chance(chance.p, wording),
            "given": chance.star == star,
        }
        for chance in passport.chances
    ]
    return {
        "given": star,
        "of": most,
        "text": wording.text("passport.stars.none")
        if star is None
        else wording.text(
            "passport.stars.given", stars=name_stars(star, wording), of=name_stars(most, wording)
        ),
        "notes": list(_list_notes(passport, bundle, wording)),
        "bars": bars,
        "bars_title": wording.text("passport.stars.bars") if bars else "",
    }


def write_chance(p: float, wording: Wording) -> str:
    """Write a probability in per cent; what is hardly possible is not rounded to impossible."""
    if p > 0 and wording.percent(p) == wording.percent(0):
        return wording.text("passport.stars.hardly", share=wording.percent(HARDLY))
    return say_share(p, wording)


def _list_notes(passport: Passport, bundle: Bundle, wording: Wording) -> Iterator[str]:
    if passport.star is None:
        yield from _explain_withheld(passport, bundle, wording)
        return
    if passport.p_star is None:
        yield wording.text("passport.stars.no_chance")
    else:
        yield wording.text("passport.stars.chance", share=write_chance(passport.p_star, wording))
    if passport.uncapped is not None and passport.uncapped != passport.star:
        yield wording.text("passport.stars.capped", stars=name_stars(passport.uncapped, wording))
    if not passport.chances:
        yield wording.text("passport.stars.no_bars")


def _explain_withheld(passport: Passport, bundle: Bundle, wording: Wording) -> Iterator[str]:
    reason = wording.text(f"withheld.{passport.withheld}")
    yield wording.text("passport.stars.reason", reason=reason)
    stars = bundle.results.get("stars")
    if passport.withheld == SMALL_SAMPLE and isinstance(stars, Stars):
        minimum = wording.counted(stars.minimum_sample, "respondent_of")
        yield wording.text("passport.stars.minimum", minimum=minimum)
    yield wording.text("passport.stars.no_worse")
