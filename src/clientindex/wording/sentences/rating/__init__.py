"""Paragraphs about the index, stars and their uncertainty: one module a topic."""

from __future__ import annotations

from clientindex.wording.sentences.rating import (
    answer_weights,
    between_regions,
    case_mix,
    change,
    change_centres,
    change_parts,
    change_stars,
    dispersion,
    error_check,
    fay_herriot,
    rank_sets,
    ranks,
    regional_means,
    score_parts,
    scoring,
    shrinkage,
    star_distance,
    star_doubt,
    star_routes,
    star_rule,
    unusual,
)

_MODULES = (
    scoring,
    answer_weights,
    case_mix,
    score_parts,
    error_check,
    shrinkage,
    fay_herriot,
    star_rule,
    star_doubt,
    star_routes,
    star_distance,
    ranks,
    rank_sets,
    regional_means,
    between_regions,
    dispersion,
    unusual,
    change,
    change_parts,
    change_stars,
    change_centres,
)

RECIPES = tuple(recipe for module in _MODULES for recipe in module.RECIPES)

__all__ = ["RECIPES"]
