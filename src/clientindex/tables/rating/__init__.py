"""Tables of stars and their uncertainty, in the order of their chapters; long ones for files."""

from clientindex.tables.rating import (
    case_mix,
    change,
    doubt,
    files,
    gaps,
    ranks,
    regional,
    scores,
    weights,
)

RECIPES = (
    *doubt.RECIPES,
    *ranks.RECIPES,
    *regional.RECIPES,
    *scores.RECIPES,
    *change.RECIPES,
    *weights.RECIPES,
    *case_mix.RECIPES,
    *files.RECIPES,
    *gaps.RECIPES,
)

__all__ = ["RECIPES"]
