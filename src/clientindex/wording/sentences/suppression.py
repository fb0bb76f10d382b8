"""Sentences about counts of few people, which are not published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.suppression import SUPPRESSION, Suppression
from clientindex.wording.sentences.recipe import ParagraphRecipe

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording


def tell_suppression(bundle: Bundle, *, wording: Wording) -> tuple[str, ...]:
    """Say how many counts are hidden, or that none is; nothing where nobody looked."""
    found = bundle.results.get(SUPPRESSION)
    if not isinstance(found, Suppression):
        return ()
    n = int(found.frame["primary"].sum()), int(found.frame["secondary"].sum())
    if not sum(n):
        return (wording.text("sentence.suppression.none"),)
    primary, secondary = map(wording.integer, n)
    return (wording.text("sentence.suppression.some", primary=primary, secondary=secondary),)


def _say(bundle: Bundle, wording: Wording) -> str:
    settings = bundle.methodology.disclosure
    if settings.fewest == 1:
        return wording.text("sentence.suppression.off")
    fewest = wording.integer(settings.fewest)
    rule = wording.text("sentence.suppression.rule", n=fewest, source=settings.source)
    return " ".join((rule, *tell_suppression(bundle, wording=wording)))


RECIPES = (ParagraphRecipe(name="suppression", needs=("coverage",), build=_say),)
