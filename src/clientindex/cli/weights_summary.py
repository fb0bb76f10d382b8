"""What a methodologist wants first: one screen on weights, stars, methods and doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.cli.footnotes import ABSENT
from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import form_number, write_estimate, write_number
from clientindex.cli.reliability_names import key_rows
from clientindex.cli.weights_bounds import say_certain
from clientindex.cli.weights_importance import list_importance, write_side
from clientindex.cli.weights_names import (
    ALL,
    SOURCES,
    name_choice,
    name_doubt,
    name_part,
    name_source,
    tell_missing,
    write_smallest_band,
)
from clientindex.results import (
    JointDoubt,
    LeaveOneOut,
    Multiverse,
    Unavailable,
    WeightBounds,
    WeightImportance,
    WeightSources,
    WeightStability,
)

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated

TITLES = {
    "weight_importance": "weights that matter",
    "weight_bounds": "stars that stand",
    "weight_stability": "random weights",
    "multiverse": "choice of method",
    "leave_out": "leave one out",
    "weight_sources": "other weights",
    "joint_doubt": "doubt about stars",
}
"""What each result tells in the summary."""
FURTHER = "More of each: --what {parts}; of one centre or region: --centre ID, --region NAME."


def tell_summary(rated: Rated, parts: tuple[str, ...]) -> None:
    """Print the summary; `parts` are those that can be asked for in full."""
    _tell_weights(rated)
    _tell_stars(rated)
    _tell_draws(rated)
    _tell_choice(rated)
    _tell_parts(rated)
    _tell_sources(rated)
    _tell_doubt(rated)
    tell_missing(rated, TITLES)
    print_words(FURTHER.format(parts=", ".join(parts)))


def _tell_weights(rated: Rated) -> None:
    result = rated.take("weight_importance", WeightImportance)
    if isinstance(result, Unavailable):
        return
    print_words(f"Weights that matter ({result.n} centres, {result.level:.0%} intervals)")
    rows = []
    for row, shares in list_importance(result, "group"):
        share = shares["linear_share"]
        rows.append(
            [
                name_part("group", row.key, rated.methodology),
                write_number(row.effective, ".1%"),
                ABSENT if share is None else write_estimate(share, ".1%"),
                write_side(share, row.effective),
            ]
        )
    print_table(["group", "weight", "importance", "matters"], rows, keys=1)


def _tell_stars(rated: Rated) -> None:
    result = rated.take("weight_bounds", WeightBounds)
    if isinstance(result, Unavailable):
        return
    print_words(f"Stars that stand: {say_certain(result)}")
    near = result.frame.dropna(subset=["smallest_band_pct"])
    if len(near):
        row = near.sort_values(["smallest_band_pct", "rank"], kind="stable").iloc[0]
        name = rated.stars.frame.set_index("centre")["name"][row["centre"]]
        band = write_smallest_band(row["smallest_band_pct"])
        print_words(f"First to change: {row['centre']}, {name}, from {band}.")


def _tell_draws(rated: Rated) -> None:
    result = rated.take("weight_stability", WeightStability)
    if isinstance(result, Unavailable):
        return
    always = int((result.frame["share_same_star"] >= 1).sum())
    print_words(
        f"Random weights: {always} of {len(result.frame)} stars are the same in all "
        f"{result.draws:,} weightings; a centre keeps its star in "
        f"{form_number(result.mean_share_same_star, '.1%')} of them on average."
    )


def _tell_choice(rated: Rated) -> None:
    result = rated.take("multiverse", Multiverse)
    if isinstance(result, Unavailable):
        return
    known = result.effects.dropna(subset=["share_of_variance"])
    n = len(result.variants)
    if known.empty:
        print_words(f"Choice of method: no choice changes a star ({n} variants).")
        return
    row = known.iloc[0]
    print_words(
        f"Choice of method that moves most stars: "
        f"{name_choice(row['dimension'], rated.methodology)} - means of its options lie "
        f"{form_number(100 * row['spread'], '.1f')} percentage points of centres apart, it "
        f"explains {form_number(row['share_of_variance'], '.0%')} of the differences between {n} "
        "variants."
    )


def _tell_parts(rated: Rated) -> None:
    """Print the group on which most stars rest."""
    result = rated.take("leave_out", LeaveOneOut)
    if isinstance(result, Unavailable):
        return
    groups = result.parts[result.parts["kind"] == "group"]
    if groups.empty:
        return
    row = groups.sort_values("share_same_star", kind="stable").iloc[0]
    changed = int(row["n_star_up"] + row["n_star_down"] + row["n_no_star"])
    print_words(
        f"Group that most stars rest on: {name_part('group', row['key'], rated.methodology)} - "
        f"without it {changed} of {row['n_centres']} stars change."
    )


def _tell_sources(rated: Rated) -> None:
    """Print the sources of weights that change fewest and most stars."""
    result = rated.take("weight_sources", WeightSources)
    if isinstance(result, Unavailable):
        return
    others = result.comparison[result.comparison["distance"] > 0]
    if others.empty:
        return
    order = others.sort_values(["n_changed", "distance"], kind="stable")
    told = [
        f"{name_source(row.source, rated.methodology)} {row.n_changed}"
        for row in list_rows(order.iloc[[0, -1]] if len(order) > 1 else order)
    ]
    n = int(order["n"].max())
    print_words(f"Other weights, stars changed of {n}, fewest and most: {'; '.join(told)}.")


def _tell_doubt(rated: Rated) -> None:
    result = rated.take("joint_doubt", JointDoubt)
    if isinstance(result, Unavailable):
        return
    found = key_rows(result.summary, "statistic", "source")
    whole = found.get(("expected_wrong", ALL))
    if whole is None:
        return
    told = [
        f"{name_doubt(source, rated.methodology)} {form_number(row.estimate, 'z.1f')}"
        for source in SOURCES
        if (row := found.get(("expected_wrong", source))) is not None
    ]
    error = "" if whole.mc_error != whole.mc_error else f" +- {form_number(whole.mc_error, '.2f')}"
    print_words(
        f"Doubt about stars: if all moves at once, {form_number(whole.estimate, '.1f')}{error} of "
        f"{len(result.centres)} centres would have another star: {', '.join(told)}."
    )
