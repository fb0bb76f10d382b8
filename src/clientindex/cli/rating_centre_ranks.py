"""Ranks of one centre in the country and in its region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import write_chance, write_number, write_set
from clientindex.cli.rating_ranks import SETS, say_top
from clientindex.cli.rating_reasons import tell_absent
from clientindex.cli.reliability_names import key_rows
from clientindex.results import COUNTRY, RankTable, Unavailable

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated


def tell_centre_ranks(rated: Rated, centre: str) -> None:
    """Print the ranks of a centre with their sets, by scope."""
    result = rated.take("ranks", RankTable)
    if isinstance(result, Unavailable):
        tell_absent("Ranks", result, rated.methodology)
        return
    own = result.frame[result.frame["centre"] == centre]
    if own.empty:
        print_words("Ranks: none, as the star is withheld.")
        return
    scopes = key_rows(result.scopes, "scope")
    print_words(f"Ranks ({result.level:.0%} intervals)")
    titles = ["in", "of", "rank", *SETS.values(), "P(top)", "in the top"]
    print_table(titles, [_write(row, scopes) for row in list_rows(own)], keys=1)
    if COUNTRY in set(own["scope"]) and len(own) == 1:
        print_words("Inside its region it has no rank: no other centre of the region has a star.")


def _write(row: Any, scopes: dict[Any, Any]) -> list[str]:
    scope = scopes.get((row.scope,))
    return [
        "the country" if row.scope == COUNTRY else row.scope,
        write_number(None if scope is None else scope.n, "d"),
        write_number(row.rank, "d"),
        *(write_set(getattr(row, f"{kind}_low"), getattr(row, f"{kind}_high")) for kind in SETS),
        write_chance(row.p_top),
        say_top(row),
    ]
