"""Where weights could come from, side by side, and what each would do to stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clientindex.cli.footnotes import ABSENT
from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import FIRST, write_estimate, write_number, write_q
from clientindex.cli.weights_names import name_part, name_source, tell_absent, tell_left_out
from clientindex.results import Unavailable, WeightSources

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated

TITLE = "Where weights could come from"
LEGEND = (
    "Behind: centres or experts that the weights were found from. Moved: share of the weight of "
    "indicators that would move. tau: Kendall's, of ranks. Stars: centres whose star would change "
    "(more, fewer)."
)
LIMITS = (
    "Shows what each source would do to the stars of now. Cannot say which source is right: that "
    "is what the index is meant to tell."
)


def tell_sources(rated: Rated) -> bool:
    """Print sources of weights; return whether there are any."""
    result = rated.take("weight_sources", WeightSources)
    if isinstance(result, Unavailable):
        tell_absent(TITLE, result, rated)
        return False
    n = int(result.comparison["n"].max()) if len(result.comparison) else 0
    print_words(f"{TITLE} (stars of {n} centres)")
    rows = [
        [
            name_source(row.source, rated.methodology),
            ABSENT if pd.isna(row.n_used) else f"{row.n_used}",
            write_number(row.distance, ".1%"),
            write_number(row.kendall_tau, "z.3f"),
            write_number(row.mean_abs_rank_shift, ".1f"),
            f"{row.n_changed} (+{row.n_up}, -{row.n_down})",
        ]
        for row in list_rows(result.comparison)
    ]
    titles = ["weights", "behind", "moved", "tau", "mean shift of rank", "stars"]
    print_table(titles, rows, keys=1)
    print_words(LEGEND)
    _tell_weights(result, rated)
    _tell_experts(result, rated)
    _tell_regression(result, rated)
    tell_left_out(result.left_out, rated)
    print_words(LIMITS)
    return len(result.comparison) > 0


def _tell_weights(result: WeightSources, rated: Rated) -> None:
    """Print weights of groups by source; those of indicators are in files."""
    frame = result.weights[result.weights["kind"] == "group"]
    table = frame.pivot_table(index="source", columns="key", values="effective", sort=False)
    print_words("Weights of groups")
    rows = [
        [name_source(str(source), rated.methodology), *(f"{value:.1%}" for value in values)]
        for source, values in zip(table.index, table.to_numpy(float), strict=True)
    ]
    titles = [name_part("group", str(key), rated.methodology) for key in table]
    print_table(["weights", *titles], rows, keys=1)


def _tell_experts(result: WeightSources, rated: Rated) -> None:
    """Print how far experts agree, and whose judgements contradict one another."""
    rows = [
        [
            name_source(row.source, rated.methodology),
            _name_parent(row.parent, rated),
            f"{row.n}",
            write_number(row.w, "z.2f"),
            write_q(row.p),
        ]
        for row in list_rows(result.concordance)
    ]
    if rows:
        print_words("Agreement of experts (Kendall's W)")
        print_table(["source", "asked about", "experts", "W", "p"], rows, keys=2)
    bad = result.consistency[result.consistency["inconsistent"]]
    if len(result.consistency):
        print_words(
            f"Pairwise judgements contradict one another (consistency ratio above "
            f"{result.consistency_limit:g}) in {len(bad)} of {len(result.consistency)} tables."
        )
    rows = [
        [
            row.expert,
            f"{name_part('group', row.first, rated.methodology)} / "
            f"{name_part('group', row.second, rated.methodology)}",
            f"{row.judgement:.2f}",
            f"{row.implied:.2f}",
            f"{row.ratio:.3f}",
        ]
        for row in list_rows(result.judgements.head(FIRST))
    ]
    if rows:
        print_words("Judgements to look at: as given, as the others imply, ratio if mended")
        print_table(["expert", "judgement", "given", "implied", "ratio then"], rows, keys=2)


def _name_parent(parent: str, rated: Rated) -> str:
    return "groups" if parent == "index" else name_part("group", parent, rated.methodology)


def _tell_regression(result: WeightSources, rated: Rated) -> None:
    """Print how much of overall satisfaction the indicators explain."""
    whole = result.importance[result.importance["kind"] == "index"]
    for row in list_rows(whole):
        told = write_estimate(row, ".1%")
        print_words(
            f"Regression: the other indicators explain {told} of overall satisfaction "
            f"({name_part('indicator', result.outcome, rated.methodology)})."
        )
