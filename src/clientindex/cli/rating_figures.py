"""Figures of the rating as files: of the whole, of one region or of one centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.cli.rating_study import RATING_RESULTS
from clientindex.errors import EditionError
from clientindex.figures import FIGURES, figure_to_png, figure_to_svg, house_style
from clientindex.figures.legends import add_common_legend
from clientindex.figures.rank_intervals import LEGEND_WIDTH, draw_rank_intervals
from clientindex.figures.recipe import mark_synthetic
from clientindex.figures.region_centres import draw_region_centres
from clientindex.figures.score_parts import draw_score_parts
from clientindex.figures.star_probabilities import draw_star_probabilities
from clientindex.figures.style import new_figure, row_height
from clientindex.results import Bundle, RankTable, ScoreParts, StarDoubt, Unavailable
from clientindex.results.manifest import Manifest, RunRecord
from clientindex.wording import load_wording
from clientindex.wording.catalogue import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.cli.rating_study import Rated
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.27, 1.2
"""Height of a row, and of what stands around the rows, inches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plot:
    """A figure of a region or a centre: its name, its rows, whether keys stand below, its maker."""

    name: str
    n_rows: int
    has_legend: bool = False
    draw: Callable[[Axes, Wording, float], object]


def write_figures(rated: Rated, folder: Path, *, region: str | None, centre: str | None) -> str:
    """Write ``<name>.<language>.png`` and ``.svg`` of every figure; return what was written.

    Raises
    ------
    EditionError
        If a file cannot be written.
    """
    if region is None and centre is None:
        drawn = _draw_whole(rated)
    else:
        plots = _list_region(rated, region) if region is not None else _list_centre(rated, centre)
        drawn = {
            f"{plot.name}.{language}": _draw(plot, rated, load_wording(language))
            for plot in plots
            for language in LANGUAGES
        }
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


def _draw_whole(rated: Rated) -> dict[str, Figure]:
    """Draw every figure of the documents that is made from results of the rating alone."""
    bundle = _make_bundle(rated)
    recipes = [
        recipe
        for recipe in FIGURES.values()
        if {need.name for need in recipe.needs} <= set(RATING_RESULTS)
        and not recipe.find_faults(bundle)
    ]
    return {
        f"{recipe.name}.{language}": recipe(bundle, load_wording(language))
        for recipe in recipes
        for language in LANGUAGES
    }


def _make_bundle(rated: Rated) -> Bundle:
    """Return the results as figures take them; nothing is known of files behind them."""
    nothing = dict.fromkeys(
        (
            *("fingerprint", "edition_sha256", "methodology_sha256", "code_sha256"),
            *("code_version", "python_version"),
        ),
        "",
    )
    manifest = Manifest(
        **nothing,
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


def _draw(plot: _Plot, rated: Rated, wording: Wording) -> Figure:
    row_in = row_height(plot.n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    with house_style():
        figure = new_figure(ROOM_IN + row_in * plot.n_rows)
        ax = figure.subplots()
        plot.draw(ax, wording, row_in)
        if plot.has_legend:
            add_common_legend(figure, [ax], width=LEGEND_WIDTH)
        if rated.edition.synthetic:
            mark_synthetic(figure, wording)
        figure.draw_without_rendering()
    return figure


def _list_region(rated: Rated, region: str) -> list[_Plot]:
    """List the figures of a region: indices, probabilities of stars, ranks."""
    stars = rated.stars
    own = stars.frame[stars.frame["region"] == region]
    given = own.loc[own["withheld"] == "", "centre"].tolist()
    names = dict(zip(own["centre"], own["name"], strict=True))
    plots = [
        _Plot(
            name="region_centres",
            has_legend=True,
            n_rows=len(own),
            draw=lambda ax, wording, row_in: draw_region_centres(
                stars,
                ax=ax,
                wording=wording,
                methodology=rated.methodology,
                region=region,
                row_in=row_in,
            ),
        )
    ]
    doubt = rated.take("star_doubt", StarDoubt)
    if given and not isinstance(doubt, Unavailable):
        plots.append(
            _Plot(
                name="star_probabilities",
                n_rows=len(given),
                draw=lambda ax, wording, row_in: draw_star_probabilities(
                    doubt, ax=ax, wording=wording, centres=given, row_in=row_in
                ),
            )
        )
    ranks = rated.take("ranks", RankTable)
    if not isinstance(ranks, Unavailable) and (ranks.frame["scope"] == region).any():
        plots.append(
            _Plot(
                name="rank_intervals",
                has_legend=True,
                n_rows=len(given),
                draw=lambda ax, wording, row_in: draw_rank_intervals(
                    ranks,
                    ax=ax,
                    wording=wording,
                    scope=region,
                    names=names,
                    height_in=row_in * len(given),
                ),
            )
        )
    return plots


def _list_centre(rated: Rated, centre: str | None) -> list[_Plot]:
    """List the figures of a centre: what its index is made of, the probability of its stars."""
    plots = []
    parts = rated.take("score_parts", ScoreParts)
    if not isinstance(parts, Unavailable):
        n_rows = int((parts.frame["centre"] == centre).sum())
        if n_rows:
            plots.append(
                _Plot(
                    name="score_parts",
                    n_rows=n_rows,
                    draw=lambda ax, wording, row_in: draw_score_parts(
                        parts,
                        ax=ax,
                        wording=wording,
                        methodology=rated.methodology,
                        centre=str(centre),
                        row_in=row_in,
                    ),
                )
            )
    doubt = rated.take("star_doubt", StarDoubt)
    if not isinstance(doubt, Unavailable):
        given = doubt.probabilities["centre"] == centre
        if given.any():
            plots.append(
                _Plot(
                    name="star_probabilities",
                    n_rows=1,
                    draw=lambda ax, wording, row_in: draw_star_probabilities(
                        doubt, ax=ax, wording=wording, centres=[str(centre)], row_in=row_in
                    ),
                )
            )
    return plots
