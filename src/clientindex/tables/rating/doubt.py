"""How sure stars are: what routes say together, true stars, cut points, the least sure centres."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import StarDoubt, Stars
from clientindex.tables.columns import make_column, make_interval, make_star_column
from clientindex.tables.long import bound, count, lay_out, measure, share, stars, tell
from clientindex.tables.naming import say
from clientindex.tables.rating.distance import write_distance
from clientindex.tables.rating.names import name_peers
from clientindex.tables.rating.wide import lay_wide
from clientindex.tables.recipe import TableRecipe, make_recipe
from clientindex.tables.spec import Column, TableSpec, collect_rows, pair_ends
from clientindex.wording.absence import take
from clientindex.wording.sentences.rating.counting import name_stars

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

N_UNSURE = 15
"""Centres in the table of the least sure."""

ONE_RULE = "all"


def build_summary(result: StarDoubt, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a route: right stars, nearly right ones, wrong ones, certain ones."""
    frame = lay_wide(result.summary, "route", "statistic", ("estimate", "mc_error", "n"))
    frame = frame.assign(error_points=100 * frame["expected_accuracy_mc_error"])
    columns = (
        tell("star_route", "route", say("sentence.route")),
        share("expected_accuracy", "expected_accuracy_estimate", digits=1),
        measure("accuracy_error", "error_points", digits=2),
        share("expected_within_one", "expected_within_one_estimate", digits=1, ends="exact"),
        measure("expected_wrong", "expected_wrong_estimate", digits=1),
        measure("wrong_error", "expected_wrong_mc_error", digits=2),
        count("certain_count", "certain_estimate"),
        count("n_starred", "certain_n"),
    )
    leading = wording.text(f"sentence.route.{result.leading}")
    return lay_out(
        "doubt_summary",
        frame,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.doubt_summary.note",
                level=wording.percent(result.level),
                draws=wording.integer(result.draws),
                leading=leading,
            ),
        ),
    )


def build_true_stars(result: StarDoubt, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a star given and one column a true star: expected numbers of centres."""
    del methodology
    true_stars = result.table["true_star"].unique()
    wide = lay_wide(result.table, "star", "true_star", ("centres",))
    shown = [
        Column(
            key=f"true_{float(star):g}".replace(".", "_"),
            header=wording.text("column.true_star", stars=name_stars(star, wording)),
            kind="number",
            digits=1,
        )
        for star in true_stars
    ]
    given = wide["star"]
    return TableSpec(
        key="doubt_table",
        caption=wording.text("table.doubt_table.title"),
        columns=(make_star_column("star_given", given, wording), *shown),
        rows=collect_rows(given, *(wide[f"{star}_centres"] for star in true_stars)),
        notes=(
            wording.text(
                "table.doubt_table.note", leading=wording.text(f"sentence.route.{result.leading}")
            ),
        ),
    )


def build_cuts(result: StarDoubt, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a cut point that the rule found in the scores; none where they are stated."""
    frame = result.cuts[result.cuts["ci_low"].notna()]
    grouped = not frame["peer_group"].eq(ONE_RULE).all()
    columns = [tell("peer_group", "peer_group", name_peers)] if grouped else []
    columns += [stars(), measure("star_cut", "cut", digits=2), bound(digits=2, key="cut_ci")]
    return lay_out(
        "star_cuts",
        frame,
        columns,
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(wording.text("table.star_cuts.note", draws=wording.integer(result.draws)),),
    )


def build_unsure(doubt: StarDoubt, given: Stars, wording: Wording) -> TableSpec:
    """Build the centres whose star is the least sure, nearest to a cut first among equals."""
    ends = given.frame[["centre", "ci_low", "ci_high"]]
    p_star = f"p_star_{doubt.leading}"
    frame = doubt.centres[doubt.centres["withheld"] == ""].merge(ends, on="centre", how="left")
    nearest = frame[["errors_up", "errors_down"]].min(axis=1)
    frame = frame.assign(nearest=nearest).sort_values([p_star, "nearest", "centre"])
    frame = frame.head(N_UNSURE)
    return TableSpec(
        key="unsure_centres",
        caption=wording.text("table.unsure_centres.title"),
        columns=(
            make_column("centre", wording),
            make_star_column("star", frame["star"], wording),
            make_column("index", wording, kind="number", digits=1),
            make_interval("index_ci", wording, level=given.level),
            make_column("n", wording, kind="integer"),
            make_column("p_star", wording, kind="number", digits=2),
            make_column("up_distance", wording),
            make_column("down_distance", wording),
        ),
        rows=collect_rows(
            frame["name"],
            frame["star"],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
            frame["n"],
            frame[p_star],
            write_distance(frame["points_up"], frame["errors_up"], wording),
            write_distance(frame["points_down"], frame["errors_down"], wording),
        ),
        notes=(
            wording.text(
                "table.unsure_centres.note",
                route=wording.text(f"sentence.route.{doubt.leading}"),
                most=wording.integer(N_UNSURE),
            ),
            wording.text("table.stars.unrounded"),
        ),
    )


def build_certain(result: StarDoubt, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a number of stars: centres that have them, and those that surely do."""
    starred = result.centres[result.centres["star"].notna()]
    groups = starred.assign(certain=starred["certain"].astype("Int64")).groupby("star")["certain"]
    return lay_out(
        "certain_stars",
        groups.agg(["size", "sum"]).reset_index(),
        (stars(), count("n_starred", "size"), count("certain_count", "sum")),
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.certain_stars.note",
                level=wording.percent(result.level),
                route=wording.text(f"sentence.route.{result.leading}"),
            ),
        ),
    )


def _build_unsure(bundle: Bundle, wording: Wording) -> TableSpec:
    doubt, given = take(bundle, "star_doubt", StarDoubt), take(bundle, "stars", Stars)
    return build_unsure(doubt, given, wording)


RECIPES = (
    make_recipe("doubt_summary", "star_doubt", StarDoubt, build_summary),
    make_recipe("doubt_table", "star_doubt", StarDoubt, build_true_stars),
    make_recipe("star_cuts", "star_doubt", StarDoubt, build_cuts),
    TableRecipe(name="unsure_centres", needs=("star_doubt", "stars"), build=_build_unsure),
    make_recipe("certain_stars", "star_doubt", StarDoubt, build_certain),
)
