"""Paragraphs about what weights and methods do to stars: one module a topic."""

from __future__ import annotations

from clientindex.wording.sentences.sensitivity import (
    bounds,
    importance,
    joint,
    leave_out,
    multiverse,
    optimised,
    redundancy,
    reversals,
    sobol,
    sources,
    summary,
)

_MODULES = (
    summary,
    importance,
    redundancy,
    optimised,
    sources,
    bounds,
    multiverse,
    sobol,
    joint,
    leave_out,
    reversals,
)

RECIPES = tuple(recipe for module in _MODULES for recipe in module.RECIPES)

__all__ = ["RECIPES"]
