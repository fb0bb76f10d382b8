"""Cut points of the stars: where they lie, how sure they are, and what holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import write_between, write_number, write_star
from clientindex.cli.reliability_names import key_rows
from clientindex.results import StarDoubt, Unavailable

if TYPE_CHECKING:
    from typing import Any

    from clientindex.cli.rated import Rated

HELD = {"": "free", "absolute": "absolute limit", "relative": "relative limit"}
STATED = "The methodology states them: they hold for all centres and have no interval."
FOUND = (
    "Found in the scores; {level:.0%} intervals: over draws of indices without sampling error, "
    "which lie nearer to each other, so an interval may leave out its cut."
)
GUARDED = "Held by: the limit of the guardrail that keeps it near the previous one."


def tell_cuts(rated: Rated) -> bool:
    """Print cut points with intervals where they were found; return whether there are any."""
    cuts = rated.stars.cuts
    rule = rated.methodology.stars
    print_words(f"Cut points ({rule.rule.replace('_', ' ')})")
    if cuts.empty:
        print_words("There are none: the rule gives no cut points for these scores.")
        return False
    doubt = rated.take("star_doubt", StarDoubt)
    drawn = {} if isinstance(doubt, Unavailable) else key_rows(doubt.cuts, "peer_group", "star")
    grouped = bool((cuts["peer_group"] != "all").any())
    guarded = rule.guardrail is not None
    rows = [_write(row, drawn, grouped=grouped, guarded=guarded) for row in list_rows(cuts)]
    titles = [*["peer group"] * grouped, "star", "from index"]
    titles += ["wanted", "previous", "held by"] * guarded
    print_table(titles, rows, keys=1 + grouped)
    if rule.is_stated:
        print_words(STATED)
    elif not isinstance(doubt, Unavailable):
        print_words(FOUND.format(level=doubt.level))
    if guarded:
        print_words(GUARDED)
    return True


def _write(row: Any, drawn: dict[Any, Any], *, grouped: bool, guarded: bool) -> list[str]:
    own = drawn.get((row.peer_group, row.star))
    low, high = (None, None) if own is None else (own.ci_low, own.ci_high)
    cells = [*[row.peer_group] * grouped, write_star(row.star)]
    cells.append(write_between(row.cut, low, high, "z.2f"))
    if guarded:
        cells += [write_number(row.wanted, "z.2f"), write_number(row.previous, "z.2f")]
        cells.append(HELD.get(row.held_by, row.held_by))
    return cells
