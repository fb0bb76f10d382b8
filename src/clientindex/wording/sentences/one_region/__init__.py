"""Paragraphs of the report of one region; how the country fares is told by the rooms beside."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from clientindex.wording.sentences.one_region import (
    change,
    checklists,
    coverage,
    mean,
    stars,
    unusual,
)
from clientindex.wording.sentences.recipe import ParagraphRecipe

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.results import Bundle
    from clientindex.wording.sentences.recipe import Paragraph
    from clientindex.wording.words import Wording

    Tell = Callable[[Bundle, Wording, str], Paragraph]

_PARTS: tuple[tuple[str, tuple[str, ...], Tell], ...] = (
    ("region_coverage", ("stars", "regions"), coverage.tell_coverage),
    ("region_mean", ("regions",), mean.tell_mean),
    ("region_verdict", ("regions",), mean.tell_verdict),
    ("region_given", ("stars",), stars.tell_given),
    ("region_distribution", ("regions",), stars.tell_distribution),
    ("region_withheld", ("stars",), stars.tell_withheld),
    ("region_small", ("star_doubt",), stars.tell_small),
    ("region_change", ("change",), change.tell_change),
    ("region_change_parts", ("change",), change.tell_parts),
    ("region_change_centres", ("change",), change.tell_centres),
    ("region_unusual", ("regional",), unusual.tell_unusual),
    ("region_bias", ("inflation",), checklists.tell_bias),
    ("region_audit", ("audit",), checklists.tell_audit),
)
"""Name, results that must be there, and what tells it."""


def list_region_paragraphs(region: str) -> tuple[ParagraphRecipe, ...]:
    """Return the recipes of the paragraphs of a region, named as the bundle names it."""
    return tuple(
        ParagraphRecipe(name=name, needs=needs, build=partial(_tell, tell, region))
        for name, needs, tell in _PARTS
    )


def _tell(tell: Tell, region: str, bundle: Bundle, wording: Wording) -> Paragraph:
    return tell(bundle, wording, region)
