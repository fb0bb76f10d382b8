"""Ranks and stars under random weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import FIRST, shorten, write_number, write_star
from clientindex.cli.weights_names import tell_absent, write_rank
from clientindex.results import Unavailable, WeightStability
from clientindex.wording import load_wording
from clientindex.wording.sensitivity_names import tell_weightings

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.rated import Rated

TITLE = "Random weights"
LEGEND = "Rank: under the current weights, with its {level:.0%} interval over weightings."
LIMITS = (
    "Shows how often stars stand when weights are drawn in this way. Cannot show that a star "
    "stands under all weights: for that see bounds."
)


def tell_stability(rated: Rated) -> bool:
    """Print what random weights do; return whether it is known."""
    result = rated.take("weight_stability", WeightStability)
    if isinstance(result, Unavailable):
        tell_absent(TITLE, result, rated)
        return False
    told = tell_weightings(result, load_wording("en"))
    print_words(f"{TITLE} ({result.draws:,} weightings of {len(result.frame)} centres: {told})")
    print_words(
        f"A centre keeps its star in {result.mean_share_same_star:.1%} of weightings on average "
        f"(+- {result.mean_share_same_star_se:.1%}); ranks shift by "
        f"{result.mean_abs_rank_shift:.1f} places, Kendall's tau with the current ones is "
        f"{result.mean_kendall_tau:.3f}."
    )
    _tell_stars(result.frame)
    order = result.frame.sort_values(["share_same_star", "rank"], kind="stable").head(FIRST)
    print_words(f"Stars that change most often (first {len(order)} of {len(result.frame)})")
    names = rated.stars.frame.set_index("centre")["name"]
    rows = [
        [
            row.centre,
            shorten(names[row.centre]),
            write_star(row.star),
            write_rank(row),
            write_number(row.share_same_star, ".1%"),
        ]
        for row in list_rows(order)
    ]
    print_table(["centre", "name", "star", "rank", "same star"], rows, keys=2)
    print_words(LEGEND.format(level=result.level))
    print_words(LIMITS)
    return len(result.frame) > 0


def _tell_stars(frame: pd.DataFrame) -> None:
    """Print by star how many centres keep it always, mostly, and at the least."""
    rows = [
        [
            write_star(star),
            f"{len(own)}",
            f"{int((own >= 1).sum())}",
            f"{int((own >= 0.95).sum())}",
            f"{own.min():.1%}",
        ]
        for star, own in frame.groupby("star")["share_same_star"]
    ]
    titles = ["star", "centres", "always the same", "in 95% or more", "least"]
    print_table(titles, rows, keys=1)
