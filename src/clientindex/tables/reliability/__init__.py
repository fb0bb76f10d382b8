"""Tables of reliability, in the order of the chapter that shows them; long ones for files last."""

from clientindex.tables.reliability import (
    centres,
    consistency,
    files,
    gaps,
    items,
    quality,
    sets,
)

RECIPES = (
    *consistency.RECIPES,
    *items.RECIPES,
    *centres.RECIPES,
    *quality.RECIPES,
    *sets.RECIPES,
    *files.RECIPES,
    *gaps.RECIPES,
)

__all__ = ["RECIPES"]
