"""How sure stars are when sampling error, weights and method move at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import (
    FIRST,
    shorten,
    write_chance,
    write_number,
    write_star,
)
from clientindex.cli.reliability_names import key_rows
from clientindex.cli.weights_names import (
    ALL,
    SOURCES,
    name_doubt,
    tell_absent,
    tell_left_out,
    write_band,
    write_rank,
)
from clientindex.results import JointDoubt, Unavailable

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated

TITLE = "Everything together"
ALONE = [f"{source} alone" for source in SOURCES]
LEGEND = (
    "P: probability of the star given, when everything moves and when one source alone does; a "
    "dash: the source does not move. Rank: published, with its {level:.0%} interval over runs."
)
LIMITS = (
    "Shows how much of the stars is doubtful, and why. Cannot show doubts that no source stands "
    "for, such as who does not answer at all."
)


def tell_together(rated: Rated) -> bool:
    """Print P(star) under everything and doubt by source; return whether it is known."""
    result = rated.take("joint_doubt", JointDoubt)
    if isinstance(result, Unavailable):
        tell_absent(TITLE, result, rated)
        return False
    print_words(
        f"{TITLE}: sampling error, weights within {write_band(result.band_pct)} and choices of "
        f"the method ({result.runs:,} runs, {len(result.centres)} centres)"
    )
    tell_doubt(result, rated)
    names = rated.stars.frame.set_index("centre")["name"]
    order = result.centres.sort_values(["p_star", "rank"], kind="stable").head(FIRST)
    print_words(f"Least sure stars (first {len(order)} of {len(result.centres)})")
    rows = [
        [row.centre, shorten(names[row.centre]), write_star(row.star), *write_chances(row)]
        for row in list_rows(order)
    ]
    print_table(["centre", "name", "star", "P", *ALONE, "rank"], rows, keys=2)
    print_words(LEGEND.format(level=result.level))
    tell_left_out(result.left_out, rated)
    print_words(LIMITS)
    return len(result.centres) > 0


def tell_doubt(result: JointDoubt, rated: Rated) -> None:
    """Print how many stars would be others, and the part of every source."""
    found = key_rows(result.summary, "statistic", "source")
    right = found.get(("expected_accuracy", ALL))
    if right is not None:
        print_words(f"A centre has its star with a probability of {_with_error(right, '.1%')}.")
    rows = [
        [
            name_doubt(source, rated.methodology),
            _with_error(row, ".2f"),
            write_number(row.share, ".0%"),
        ]
        for source in (ALL, *SOURCES)
        if (row := found.get(("expected_wrong", source))) is not None
    ]
    print_table(["source of doubt", "stars that would be others", "share"], rows, keys=1)


def _with_error(row: Any, form: str) -> str:
    told = write_number(row.estimate, form)
    return told if row.mc_error != row.mc_error else f"{told} +- {write_number(row.mc_error, form)}"


def write_chances(row: Any) -> list[str]:
    """Write P(star) under everything and under each source, and the rank."""
    return [
        write_chance(row.p_star),
        *(write_chance(getattr(row, f"p_star_{source}")) for source in SOURCES),
        write_rank(row),
    ]
