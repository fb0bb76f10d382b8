"""Paragraphs about survey and checklist: one module a topic, in the order of the chapter."""

from __future__ import annotations

from clientindex.wording.sentences.agreement import (
    audit,
    comparability,
    concordance,
    differences,
    inflation,
    method_model,
    method_variance,
    multitrait,
    side_reliability,
    star_agreement,
    structural,
)

_MODULES = (
    comparability,
    side_reliability,
    multitrait,
    method_variance,
    method_model,
    differences,
    concordance,
    star_agreement,
    structural,
    inflation,
    audit,
)

RECIPES = tuple(recipe for module in _MODULES for recipe in module.RECIPES)

__all__ = ["RECIPES"]
