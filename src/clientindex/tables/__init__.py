"""Tables of the documents and of the files of data: results in, specifications out.

``TABLES[name](bundle, wording)`` builds a table with raw values; writers turn it into Markdown, CSV
and XLSX. Nothing is computed here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from clientindex.tables import (
    agreement,
    alpha,
    change_effects,
    factors,
    group_means,
    group_scores,
    indicator_quality,
    indicators,
    intake_warnings,
    loadings,
    no_answer,
    provenance,
    rating,
    regions,
    reliability,
    response,
    revision,
    sample,
    sensitivity,
    stability,
    stars,
    structure,
    suitability,
    suppressed,
    withheld,
)
from clientindex.tables.csv_files import to_excel_csv, to_machine_csv
from clientindex.tables.markdown import to_markdown, to_pipe_table
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.sensitivity import build_moves_of_centre
from clientindex.tables.spec import Column, TableSpec
from clientindex.tables.stars import build_stars_of_region, explain_regions

if TYPE_CHECKING:
    from collections.abc import Mapping

_RECIPES = (
    sample.RECIPE,
    response.RECIPE,
    regions.RECIPE,
    stars.RECIPE,
    withheld.RECIPE,
    group_means.RECIPE,
    group_means.REGIONS,
    group_means.INTERVALS,
    group_scores.RECIPE,
    stability.RECIPE,
    stability.LEAST,
    *rating.RECIPES,
    *sensitivity.RECIPES,
    *agreement.RECIPES,
    alpha.RECIPE,
    *reliability.RECIPES,
    suitability.MSA,
    suitability.BARTLETT,
    factors.EIGENVALUES,
    factors.VARIANCE,
    factors.CORRELATIONS,
    loadings.RECIPE,
    loadings.INTERVALS,
    *structure.RECIPES,
    no_answer.RECIPE,
    indicators.INDICATORS,
    indicator_quality.RECIPE,
    change_effects.RECIPE,
    *revision.RECIPES,
    indicators.BANDS,
    intake_warnings.RECIPE,
    suppressed.RECIPE,
    provenance.FINGERPRINTS,
    provenance.INPUTS,
    provenance.PACKAGES,
)

TABLES: Mapping[str, TableRecipe] = MappingProxyType({recipe.name: recipe for recipe in _RECIPES})
"""Name -> recipe, in the order of the workbook."""

__all__ = [
    "TABLES",
    "Column",
    "TableRecipe",
    "TableSpec",
    "build_moves_of_centre",
    "build_stars_of_region",
    "explain_regions",
    "to_excel_csv",
    "to_machine_csv",
    "to_markdown",
    "to_pipe_table",
]
