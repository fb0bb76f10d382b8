"""Figures of the documents: results in, matplotlib figures out, nothing computed.

``FIGURES[name](bundle, wording)`` makes a whole figure; ``draw_<thing>(result, ax=...)`` draws into
axes of one's own, for notebooks.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from clientindex.errors import RenderError
from clientindex.figures import (
    agreement_bland_altman,
    case_mix_effect,
    ceiling,
    centre_changes,
    centre_funnel,
    centre_intervals,
    centre_reliability,
    change_parts,
    consistency_groups,
    decision_study,
    eigenvalues,
    error_check,
    factor_votes,
    gap_funnel,
    gap_regions,
    group_means,
    htmt_matrix,
    item_rest,
    joint_doubt,
    levels,
    levels_correlations,
    loadings_heatmap,
    method_variance,
    multitrait_matrix,
    multiverse,
    path_diagram,
    rank_acceptability,
    rank_bands,
    rank_intervals,
    region_caterpillar,
    region_centres,
    region_congruence,
    region_tiles,
    regional_means,
    residuals_heatmap,
    score_parts,
    score_shrinkage,
    sobol_indices,
    source_slopes,
    star_cross,
    star_margins,
    star_probabilities,
    star_stability,
    star_transitions,
    stars_by_region,
    structural_lines,
    weight_importance,
    weight_margins,
    weight_simplex,
    weight_sources,
)
from clientindex.figures.agreement_bland_altman import draw_bland_altman
from clientindex.figures.case_mix_effect import draw_case_mix_effect
from clientindex.figures.ceiling import draw_ceiling
from clientindex.figures.centre_changes import draw_centre_changes
from clientindex.figures.centre_funnel import draw_centre_funnel
from clientindex.figures.centre_intervals import draw_centre_intervals
from clientindex.figures.centre_reliability import draw_centre_reliability
from clientindex.figures.change_parts import draw_change_parts
from clientindex.figures.consistency_groups import draw_consistency_groups
from clientindex.figures.decision_study import draw_decision_study
from clientindex.figures.eigenvalues import draw_eigenvalues
from clientindex.figures.error_check import draw_error_check
from clientindex.figures.factor_votes import draw_factor_votes
from clientindex.figures.gap_funnel import draw_gap_funnel
from clientindex.figures.gap_regions import draw_gap_regions
from clientindex.figures.group_means import draw_group_means
from clientindex.figures.htmt_matrix import draw_htmt_matrix
from clientindex.figures.item_rest import draw_item_rest
from clientindex.figures.joint_doubt import draw_joint_doubt, draw_wrong_stars
from clientindex.figures.levels import draw_levels
from clientindex.figures.levels_correlations import draw_levels_correlations
from clientindex.figures.loadings_heatmap import draw_loadings_heatmap
from clientindex.figures.method_variance import draw_method_variance
from clientindex.figures.multitrait_matrix import draw_multitrait_matrix
from clientindex.figures.multiverse import draw_multiverse_choices, draw_multiverse_curve
from clientindex.figures.path_diagram import draw_path_diagram
from clientindex.figures.rank_acceptability import draw_rank_acceptability
from clientindex.figures.rank_bands import draw_rank_bands
from clientindex.figures.rank_intervals import draw_rank_intervals
from clientindex.figures.region_caterpillar import draw_region_caterpillar
from clientindex.figures.region_centres import draw_region_centres
from clientindex.figures.region_congruence import draw_region_congruence
from clientindex.figures.region_tiles import draw_region_tiles
from clientindex.figures.regional_means import draw_regional_means
from clientindex.figures.residuals_heatmap import draw_residuals_heatmap
from clientindex.figures.score_parts import draw_score_parts
from clientindex.figures.score_shrinkage import draw_score_shrinkage
from clientindex.figures.sobol_indices import draw_sobol_indices
from clientindex.figures.source_slopes import draw_source_slopes
from clientindex.figures.star_cross import draw_star_cross
from clientindex.figures.star_margins import draw_star_margins
from clientindex.figures.star_probabilities import draw_star_probabilities
from clientindex.figures.star_stability import draw_star_stability
from clientindex.figures.star_transitions import draw_star_transitions
from clientindex.figures.stars_by_region import draw_stars_by_region
from clientindex.figures.structural_lines import draw_structural_lines
from clientindex.figures.style import figure_to_png, figure_to_svg, house_style
from clientindex.figures.weight_importance import draw_weight_importance
from clientindex.figures.weight_margins import draw_weight_margins
from clientindex.figures.weight_simplex import draw_weight_simplex
from clientindex.figures.weight_sources import draw_source_changes, draw_weight_sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.figures.recipe import Recipe
    from clientindex.results import Bundle

_RECIPES = (
    stars_by_region.RECIPE,
    region_caterpillar.RECIPE,
    centre_intervals.RECIPE,
    group_means.RECIPE,
    consistency_groups.RECIPE,
    item_rest.RECIPE,
    ceiling.RECIPE,
    centre_reliability.RECIPE,
    decision_study.RECIPE,
    eigenvalues.RECIPE,
    factor_votes.RECIPE,
    loadings_heatmap.RECIPE,
    region_congruence.RECIPE,
    *path_diagram.RECIPES,
    residuals_heatmap.RECIPE,
    htmt_matrix.RECIPE,
    levels.RECIPE,
    levels_correlations.RECIPE,
    rank_bands.RECIPE,
    rank_acceptability.RECIPE,
    star_stability.RECIPE,
    weight_simplex.RECIPE,
    star_margins.RECIPE,
    weight_importance.RECIPE,
    weight_sources.RECIPE,
    source_slopes.RECIPE,
    sobol_indices.RECIPE,
    multiverse.RECIPE,
    joint_doubt.RECIPE,
    star_probabilities.RECIPE,
    rank_intervals.RECIPE,
    region_centres.RECIPE,
    score_parts.RECIPE,
    score_shrinkage.RECIPE,
    error_check.RECIPE,
    region_tiles.RECIPE,
    regional_means.RECIPE,
    centre_funnel.RECIPE,
    change_parts.RECIPE,
    star_transitions.RECIPE,
    centre_changes.RECIPE,
    weight_margins.RECIPE,
    case_mix_effect.RECIPE,
    agreement_bland_altman.RECIPE,
    structural_lines.RECIPE,
    multitrait_matrix.RECIPE,
    method_variance.RECIPE,
    star_cross.RECIPE,
    gap_regions.RECIPE,
    gap_funnel.RECIPE,
)

FIGURES: Mapping[str, Recipe] = MappingProxyType({recipe.name: recipe for recipe in _RECIPES})
"""Name -> recipe; call it with a bundle and a wording to get a ``matplotlib.figure.Figure``."""


def is_drawable(name: str, bundle: Bundle) -> bool:
    """Return whether every result that the figure needs is in the bundle, defined and not empty.

    Raises
    ------
    RenderError
        If there is no figure of this name.
    """
    if name not in FIGURES:
        msg = f"no figure {name!r}; there are {', '.join(FIGURES)}."
        raise RenderError(msg)
    return not FIGURES[name].find_faults(bundle)


__all__ = [
    "FIGURES",
    "draw_bland_altman",
    "draw_case_mix_effect",
    "draw_ceiling",
    "draw_centre_changes",
    "draw_centre_funnel",
    "draw_centre_intervals",
    "draw_centre_reliability",
    "draw_change_parts",
    "draw_consistency_groups",
    "draw_decision_study",
    "draw_eigenvalues",
    "draw_error_check",
    "draw_factor_votes",
    "draw_gap_funnel",
    "draw_gap_regions",
    "draw_group_means",
    "draw_htmt_matrix",
    "draw_item_rest",
    "draw_joint_doubt",
    "draw_levels",
    "draw_levels_correlations",
    "draw_loadings_heatmap",
    "draw_method_variance",
    "draw_multitrait_matrix",
    "draw_multiverse_choices",
    "draw_multiverse_curve",
    "draw_path_diagram",
    "draw_rank_acceptability",
    "draw_rank_bands",
    "draw_rank_intervals",
    "draw_region_caterpillar",
    "draw_region_centres",
    "draw_region_congruence",
    "draw_region_tiles",
    "draw_regional_means",
    "draw_residuals_heatmap",
    "draw_score_parts",
    "draw_score_shrinkage",
    "draw_sobol_indices",
    "draw_source_changes",
    "draw_source_slopes",
    "draw_star_cross",
    "draw_star_margins",
    "draw_star_probabilities",
    "draw_star_stability",
    "draw_star_transitions",
    "draw_stars_by_region",
    "draw_structural_lines",
    "draw_weight_importance",
    "draw_weight_margins",
    "draw_weight_simplex",
    "draw_weight_sources",
    "draw_wrong_stars",
    "figure_to_png",
    "figure_to_svg",
    "house_style",
    "is_drawable",
]
