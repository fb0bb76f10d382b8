"""Tables of the factor structure, in the order of the chapter that shows them."""

from clientindex.tables.structure import (
    congruence,
    exploratory,
    factor_number,
    invariance,
    levels,
    models,
    parameters,
    polychoric,
    suitability,
    validity,
)

RECIPES = (
    *polychoric.RECIPES,
    *suitability.RECIPES,
    *factor_number.RECIPES,
    *exploratory.RECIPES,
    *congruence.RECIPES,
    *models.RECIPES,
    *parameters.RECIPES,
    *validity.RECIPES,
    *invariance.RECIPES,
    *levels.RECIPES,
)

__all__ = ["RECIPES"]
