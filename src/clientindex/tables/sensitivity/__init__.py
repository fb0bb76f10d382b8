"""Tables of what weights and methods do to stars in the order of chapters; long ones last."""

from clientindex.tables.sensitivity import (
    bounds,
    files,
    gaps,
    importance,
    joint,
    leave_out,
    moves,
    multiverse,
    optimised,
    redundancy,
    sobol,
    sources,
    stability,
)
from clientindex.tables.sensitivity.moves import build_moves_of_centre

RECIPES = (
    *importance.RECIPES,
    *redundancy.RECIPES,
    *optimised.RECIPES,
    *sources.RECIPES,
    *stability.RECIPES,
    *bounds.RECIPES,
    *moves.RECIPES,
    *multiverse.RECIPES,
    *sobol.RECIPES,
    *joint.RECIPES,
    *leave_out.RECIPES,
    *files.RECIPES,
    *gaps.RECIPES,
)

__all__ = ["RECIPES", "build_moves_of_centre"]
