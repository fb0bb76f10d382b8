"""Stars under every combination of the choices of the method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import FIRST, form_number, shorten, write_number, write_star
from clientindex.cli.weights_names import (
    name_choice,
    name_option,
    tell_absent,
    write_counted,
    write_rank,
    write_stars,
)
from clientindex.results import Multiverse, Unavailable
from clientindex.wording import load_wording

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated

TITLE = "Variants of the method"
LEGEND = (
    "Explains: share of the differences between variants in changed stars that the choice accounts "
    "for by itself; apart: how far the means of its options lie apart, percentage points of "
    "centres. * the methodology's own."
)
LIMITS = (
    "Shows which choices stars depend on. Cannot say which choice is right, and knows only the "
    "alternatives that the methodology lists."
)


def tell_variants(rated: Rated) -> bool:
    """Print the multiverse of methods; return whether there is any."""
    result = rated.take("multiverse", Multiverse)
    if isinstance(result, Unavailable):
        tell_absent(TITLE, result, rated)
        return False
    print_words(
        f"{TITLE} ({len(result.variants)} of {result.n_grid} combinations make sense, "
        f"{len(result.centres)} centres)"
    )
    others = result.variants.iloc[1:]["share_changed"]
    if len(others):
        print_words(
            f"In the others than the published one, from {others.min():.1%} to {others.max():.1%} "
            f"of stars change; main effects explain {form_number(result.additive_share, '.0%')} of "
            "the differences, the rest are interactions."
        )
    _tell_effects(result, rated)
    _tell_centres(result, rated)
    _tell_left_out(result, rated)
    print_words(LIMITS)
    return len(result.variants) > 0


def _tell_effects(result: Multiverse, rated: Rated) -> None:
    methodology = rated.methodology
    rows = []
    for effect in list_rows(result.effects):
        own = result.choices[result.choices["dimension"] == effect.dimension]
        for place, row in enumerate(list_rows(own)):
            rows.append(
                [
                    name_choice(effect.dimension, methodology) if place == 0 else "",
                    write_number(effect.share_of_variance, ".0%") if place == 0 else "",
                    write_number(100 * effect.spread, ".1f") if place == 0 else "",
                    f"{name_option(row.choice, methodology)}{'*' if row.is_current else ''}",
                    f"{row.n_variants}",
                    write_number(row.mean_share_changed, ".1%"),
                    write_number(row.mean_kendall_tau, "z.3f"),
                ]
            )
    if rows:
        titles = ["choice", "explains", "apart", "option", "variants", "stars changed", "tau"]
        print_table(titles, rows, keys=1)
        print_words(LEGEND)


def _tell_centres(result: Multiverse, rated: Rated) -> None:
    frame = result.centres
    always = int((frame["share_same_star"] >= 1).sum())
    print_words(f"{always} of {len(frame)} stars are the same in all variants.")
    names = rated.stars.frame.set_index("centre")["name"]
    changed = frame[frame["share_same_star"] < 1]
    first = changed.sort_values(["share_same_star", "rank"], kind="stable").head(FIRST)
    rows = [
        [
            row.centre,
            shorten(names[row.centre]),
            write_star(row.star),
            write_stars(row.star_low, row.star_high),
            write_rank(row),
            write_counted(row.share_same_star),
        ]
        for row in list_rows(first)
    ]
    if rows:
        print_words(f"Stars that depend most on the method (first {len(rows)} of {len(changed)})")
        titles = ["centre", "name", "star", "over variants", "rank", "same star"]
        print_table(titles, rows, keys=2)


def _tell_left_out(result: Multiverse, rated: Rated) -> None:
    wording = load_wording("en")
    for reason, own in result.left_out.groupby("reason", sort=False):
        said = wording.text(f"sensitivity_gap.{reason}")
        print_words(f"Left out: {len(own)} combinations. {said}")
    del rated
