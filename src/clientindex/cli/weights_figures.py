"""Figures of weights and methods as files: of the whole, of one region or of one centre."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clientindex.cli.rating_figures import draw_recipes, make_bundle, write_drawn
from clientindex.cli.weights_study import NEEDED, WEIGHT_RESULTS
from clientindex.figures import FIGURES
from clientindex.results import WeightBounds, WeightStability

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.cli.rated import Rated
    from clientindex.figures.recipe import Recipe
    from clientindex.results import Result

BY_CENTRE = ("star_margins", "star_stability", "rank_acceptability")
"""Figures with a row a centre that say the same of some centres as of all."""


def write_figures(rated: Rated, folder: Path, *, region: str | None, centre: str | None) -> str:
    """Write ``<name>.<language>.png`` and ``.svg`` of every figure; return what was written.

    Raises
    ------
    EditionError
        If a file cannot be written.
    """
    if region is None and centre is None:
        return write_drawn(draw_recipes(rated, _list_recipes(rated, tuple(FIGURES))), folder)
    frame = rated.stars.frame
    asked = frame["region"] == region if centre is None else frame["centre"] == centre
    own = take_centres(rated, frame.loc[asked, "centre"].tolist())
    return write_drawn(draw_recipes(own, _list_recipes(own, BY_CENTRE)), folder)


def take_centres(rated: Rated, centres: list[str]) -> Rated:
    """Return the results with nothing but some centres in frames of centres."""
    results: dict[str, Result] = dict(rated.results)
    bounds, drawn = results["weight_bounds"], results["weight_stability"]
    if isinstance(bounds, WeightBounds):
        kept = bounds.frame[bounds.frame["centre"].isin(centres)]
        results["weight_bounds"] = replace(bounds, frame=kept)
    if isinstance(drawn, WeightStability):
        frames = {
            name: frame[frame["centre"].isin(centres)]
            for name in ("frame", "acceptability", "star_shares")
            for frame in [getattr(drawn, name)]
        }
        results["weight_stability"] = replace(drawn, **frames)
    return replace(rated, results=results)


def _list_recipes(rated: Rated, names: tuple[str, ...]) -> list[Recipe]:
    """List the figures of these names that results of the weights alone are enough for."""
    bundle = make_bundle(rated)
    found = []
    for name in names:
        recipe = FIGURES[name]
        needs = {need.name for need in recipe.needs}
        if needs & {*WEIGHT_RESULTS} and needs <= {*NEEDED} and not recipe.find_faults(bundle):
            found.append(recipe)
    return found
