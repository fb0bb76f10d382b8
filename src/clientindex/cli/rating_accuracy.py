"""How many stars are expected to be right, by route, and how far from the true ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from clientindex.cli.plain_tables import print_table, print_words
from clientindex.cli.rating_names import ROUTES, form_number, name_route, write_number, write_star
from clientindex.cli.rating_reasons import tell_absent, tell_left_out
from clientindex.cli.reliability_names import key_rows
from clientindex.results import StarDoubt, Unavailable

if TYPE_CHECKING:
    from typing import Any

    from clientindex.cli.rated import Rated

COLUMNS = {
    "expected_accuracy": ("right stars", ".1%"),
    "expected_within_one": ("at most one off", ".1%"),
    "expected_wrong": ("wrong stars", ".1f"),
    "certain": ("certain stars", ".0f"),
}
LEGEND = (
    "P(star) {leading} leads (*). By the centre's own answers: the true index has Student's t "
    "about the estimate. By draws: indicators are redrawn {draws} times about {around}, and the "
    "whole rule is applied anew; +- is their Monte Carlo error. Among centres like it: the true "
    "index is so about its empirical-Bayes mean. Certain: the star has a probability of at least "
    "{level:.0%}."
)
ALL, NEARLY_ALL = "100.0%", ">99.9%"
"""What is nearly all is not rounded to all."""
AROUND = {"estimate": "the estimates", "shrunk": "empirical-Bayes means"}
LIMITS = (
    "Shows how often stars would be right if the only doubt were who answered. Cannot show "
    "whether the indicators measure the service, nor bias of those who answer."
)


def tell_accuracy(rated: Rated) -> bool:
    """Print what share of stars is expected to be right; return whether it is known."""
    result = rated.take("star_doubt", StarDoubt)
    if isinstance(result, Unavailable):
        tell_absent("How sure stars are", result, rated.methodology)
        return False
    found = key_rows(result.summary, "route", "statistic")
    n = max((row.n for row in found.values()), default=0)
    print_words(f"How sure stars are ({n} centres with a star)")
    rows = [
        [
            f"{name_route(route)}{'*' if route == result.leading else ''}",
            *(_write(found.get((route, key)), form) for key, (_, form) in COLUMNS.items()),
        ]
        for route in ROUTES
    ]
    print_table(["route", *(title for title, _ in COLUMNS.values())], rows, keys=1)
    print_words(
        LEGEND.format(
            leading=name_route(result.leading),
            draws=result.draws,
            around=AROUND[result.drawn_around],
            level=result.level,
        )
    )
    if result.refused:
        print_words(f"{result.refused} of {result.draws} draws were refused by the star rule.")
    names = {route: name_route(route) for route in ROUTES}
    tell_left_out(result.left_out, rated.methodology, "statistic", names=names)
    _tell_table(result)
    print_words(LIMITS)
    return True


def _write(row: Any, form: str) -> str:
    if row is None or math.isnan(row.estimate):
        return "-"
    error = f" +- {form_number(row.mc_error, form)}" if row.mc_error > 0 else ""
    told = form_number(row.estimate, form)
    return f"{NEARLY_ALL if told == ALL and row.estimate < 1 else told}{error}"


def _tell_table(result: StarDoubt) -> None:
    """Print the expected number of centres with every pair of given and true star."""
    table = result.table.pivot_table(index="star", columns="true_star", values="centres")
    if table.empty:
        return
    print_words("Expected centres by the star given (down) and the true one (across):")
    rows = [
        [f"given {write_star(star)}", *(write_number(value) for value in row)]
        for star, row in zip(table.index, table.to_numpy(float), strict=True)
    ]
    print_table(["star", *(f"true {write_star(star)}" for star in table)], rows, keys=1)
