"""Paragraphs made from results: pure functions, result -> text.

``PARAGRAPHS[name](bundle, wording)`` writes a paragraph, or the items of a list.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from clientindex.wording.sentences import (
    agreement,
    answer_quality,
    centre_reliability,
    comparing,
    confirmatory,
    congruence,
    coverage,
    edition_results,
    errata,
    exploratory,
    factor_number,
    factors,
    group_means,
    indicator_quality,
    invariance,
    levels,
    methodology_log,
    polychoric,
    provenance,
    rating,
    regions,
    reliability,
    revision,
    rules,
    scales,
    sensitivity,
    stability,
    stars,
    suppression,
    validity,
)
from clientindex.wording.sentences.recipe import Paragraph, ParagraphRecipe

if TYPE_CHECKING:
    from collections.abc import Mapping

_MODULES = (
    provenance,
    coverage,
    suppression,
    stars,
    regions,
    group_means,
    stability,
    agreement,
    reliability,
    scales,
    centre_reliability,
    answer_quality,
    polychoric,
    factors,
    factor_number,
    exploratory,
    congruence,
    confirmatory,
    validity,
    invariance,
    levels,
    indicator_quality,
    methodology_log,
    comparing,
    errata,
    revision,
    rules,
    rating,
    sensitivity,
    edition_results,
)

PARAGRAPHS: Mapping[str, ParagraphRecipe] = MappingProxyType(
    {recipe.name: recipe for module in _MODULES for recipe in module.RECIPES}
)
"""Name -> recipe."""

__all__ = ["PARAGRAPHS", "Paragraph", "ParagraphRecipe"]
