"""Figures of the rating as files: of the whole, of one region or of one centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.cli.rating_plots import draw_plot, list_centre_plots, list_region_plots
from clientindex.cli.rating_study import RATING_RESULTS
from clientindex.errors import EditionError
from clientindex.figures import FIGURES, figure_to_png, figure_to_svg
from clientindex.results import Bundle
from clientindex.results.manifest import Manifest, RunRecord
from clientindex.wording import load_wording
from clientindex.wording.catalogue import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from clientindex.cli.rated import Rated
    from clientindex.figures.recipe import Recipe


def write_figures(rated: Rated, folder: Path, *, region: str | None, centre: str | None) -> str:
    """Write ``<name>.<language>.png`` and ``.svg`` of every figure; return what was written.

    Raises
    ------
    EditionError
        If a file cannot be written.
    """
    if region is None and centre is None:
        drawn = draw_recipes(rated, _list_recipes(rated))
    else:
        plots = (
            list_region_plots(rated, region)
            if region is not None
            else list_centre_plots(rated, centre)
        )
        drawn = {
            f"{plot.name}.{language}": draw_plot(plot, rated, load_wording(language))
            for plot in plots
            for language in LANGUAGES
        }
    return write_drawn(drawn, folder)


def write_drawn(drawn: Mapping[str, Figure], folder: Path) -> str:
    """Write figures by their names, as PNG and SVG; return what was written.

    Raises
    ------
    EditionError
        If a file cannot be written.
    """
    for name, figure in drawn.items():
        _write(folder / f"{name}.png", figure_to_png(figure))
        _write(folder / f"{name}.svg", figure_to_svg(figure))
    if not drawn:
        return "No figures: no result that they are drawn from is there"
    n = len(drawn) // len(LANGUAGES)
    return f"{n} figures, as PNG and SVG in {len(LANGUAGES)} languages, in {folder}"


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as exc:
        msg = f"{path}: cannot be written ({exc.strerror}); close it, or name another folder"
        raise EditionError(msg) from exc


def _list_recipes(rated: Rated) -> list[Recipe]:
    """List the figures of the documents that are made from results of the rating alone."""
    bundle = make_bundle(rated)
    return [
        recipe
        for recipe in FIGURES.values()
        if {need.name for need in recipe.needs} <= set(RATING_RESULTS)
        and not recipe.find_faults(bundle)
    ]


def draw_recipes(rated: Rated, recipes: Sequence[Recipe]) -> dict[str, Figure]:
    """Draw figures of the documents in every language, by ``<name>.<language>``."""
    bundle = make_bundle(rated)
    return {
        f"{recipe.name}.{language}": recipe(bundle, load_wording(language))
        for recipe in recipes
        for language in LANGUAGES
    }


def make_bundle(rated: Rated) -> Bundle:
    """Return the results as figures take them; nothing is known of files behind them."""
    manifest = Manifest(
        fingerprint="",
        edition_sha256="",
        methodology_sha256="",
        code_sha256="",
        code_version="",
        python_version="",
        edition_id=rated.edition.id,
        methodology_id=rated.methodology.id,
        packages={},
        seed=rated.edition.seed,
        inputs=(),
        files={},
    )
    return Bundle(
        folder=rated.edition.results_dir,
        manifest=manifest,
        run=RunRecord(seconds={}, peak_memory_mib=0.0),
        edition=rated.edition.card,
        methodology=rated.methodology,
        results=rated.results,
    )
