"""What changes when a part is left out, and whether leaving centres reverse the order of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import FIRST, write_number
from clientindex.cli.weights_names import name_part, tell_absent, tell_left_out
from clientindex.results import LeaveOneOut, RankReversals, Unavailable

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated

TITLE = "Leave one out"
KINDS = {"group": "Groups", "indicator": "Indicators", "segment": "Segments", "region": "Regions"}
TIES = {
    "z_scores": "groups are brought to z scores",
    "region_means": "means of the region stand in for missing values",
    "measures": "measures are normalised over all centres",
    "cut_points": "cut points of stars are found in the indices",
}
LEGEND = (
    "Stars: centres with another star (more, fewer, none). tau: Kendall's, of ranks before and "
    "after. Index: mean change, largest change, points."
)
LIMITS = (
    "Shows what stars rest on one part. Cannot show that a part is needless: what changes no star "
    "now may do so next year."
)


def tell_leave_out(rated: Rated) -> bool:
    """Print what parts do by their absence; return whether it is known."""
    result = rated.take("leave_out", LeaveOneOut)
    if isinstance(result, Unavailable):
        tell_absent(TITLE, result, rated)
        return False
    print_words(TITLE)
    for kind, title in KINDS.items():
        _tell_kind(result, kind, title, rated)
    print_words(LEGEND)
    tell_left_out(result.left_out, rated)
    _tell_reversals(rated)
    print_words(LIMITS)
    return len(result.parts) > 0


def _tell_kind(result: LeaveOneOut, kind: str, title: str, rated: Rated) -> None:
    frame = result.parts[result.parts["kind"] == kind]
    order = ["share_same_star", "kendall_tau"]
    first = frame.sort_values(order, kind="stable").head(FIRST)
    if first.empty:
        return
    if (frame["share_same_star"] == 1).all():
        print_words(f"{title} ({len(frame)}): without any one of them, no star changes.")
        return
    print_words(f"{title}, most stars first ({len(first)} of {len(frame)})")
    rows = [
        [
            name_part(kind, row.key, rated.methodology),
            f"{row.n_centres}",
            f"{row.n_star_up + row.n_star_down + row.n_no_star} (+{row.n_star_up}, "
            f"-{row.n_star_down}, {row.n_no_star})",
            write_number(row.share_same_star, ".1%"),
            write_number(row.kendall_tau, "z.3f"),
            f"{write_number(row.mean_difference, '+z.2f')}, "
            f"{write_number(row.max_abs_difference, 'z.2f')}",
        ]
        for row in list_rows(first)
    ]
    titles = [f"without {kind}", "centres", "stars", "same star", "tau", "index"]
    print_table(titles, rows, keys=1)


def _tell_reversals(rated: Rated) -> None:
    """Print whether the leaving of one centre changes the order or the stars of others."""
    result = rated.take("rank_reversals", RankReversals)
    if isinstance(result, Unavailable):
        tell_absent("Rank reversals", result, rated)
        return
    if not result.depends_on:
        print_words(
            "Rank reversals: none can be, as index and star of a centre do not depend on others."
        )
        return
    ties = "; ".join(TIES[tie] for tie in result.depends_on)
    stars = int((result.frame["n_star_changed"] > 0).sum())
    print_words(
        f"Rank reversals: of {len(result.frame)} centres that leave, {result.n_with_reversal} turn "
        f"the order of a pair of others, {stars} change the star of another ({ties})."
    )
