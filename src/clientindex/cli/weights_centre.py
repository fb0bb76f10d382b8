"""``clientindex weights --centre``: what would move the star of one centre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.footnotes import ABSENT
from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_centre_beside import find_centre
from clientindex.cli.rating_names import (
    form_number,
    read_flag,
    say_withheld,
    shorten,
    write_between,
    write_number,
    write_star,
)
from clientindex.cli.weights_centre_doubt import tell_chances, tell_doubt_parts
from clientindex.cli.weights_direction import tell_directions
from clientindex.cli.weights_names import (
    name_part,
    name_source,
    tell_left_out,
    tell_missing,
    write_band,
    write_moved,
    write_smallest_band,
    write_stars,
)
from clientindex.results import LeaveOneOut, Unavailable, WeightBounds, WeightSources

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.cli.rated import Rated

TITLES = {
    "weight_bounds": "exact bounds",
    "weight_stability": "random weights",
    "multiverse": "variants of the method",
    "joint_doubt": "everything together",
    "leave_out": "leave one out",
    "weight_sources": "sources of weights",
}
"""What each result tells of a centre."""
SHOWN = 5
"""Parts whose absence moves the index most, beside those that change the star."""
LIMITS = (
    "Shows what the star of this centre rests on beside its answers. Cannot show whether another "
    "star would be more right: a weight says what is worth more, and no number says that."
)


def tell_centre(rated: Rated, centre: str) -> bool:
    """Print what would move the star of a centre; return whether it has one."""
    row = find_centre(rated.stars.frame, centre)
    print_words(f"{row.centre}, {row.name}, {row.region}")
    if row.withheld:
        print_words(f"No star: {say_withheld(row.withheld)}. Weights say nothing of it.")
        return False
    print_words(
        f"Index {write_between(row.estimate, row.ci_low, row.ci_high, 'z.2f')} "
        f"({rated.stars.level:.0%} interval of sampling error), star {write_star(row.star)}, "
        f"rank {row.rank}"
    )
    for tell, names in SECTIONS:
        if not all(isinstance(rated.results[name], Unavailable) for name in names):
            print_words("")
            tell(rated, centre)
    print_words("")
    tell_missing(rated, TITLES)
    print_words(LIMITS)
    return True


def _tell_range(rated: Rated, centre: str) -> None:
    """Print the range of the index within the band."""
    result = rated.take("weight_bounds", WeightBounds)
    if isinstance(result, Unavailable):
        return
    row, band = find_centre(result.frame, centre), write_band(result.band_pct)
    if row is None:
        print_words(f"Weights within {band}: not known for this centre.")
        tell_left_out(result.left_out[result.left_out["centre"] == centre], rated)
        return
    ends = f"{form_number(row.lower, 'z.2f')} to {form_number(row.upper, 'z.2f')}"
    outer = "" if row.reached else " (outer bounds, not reached by any weights)"
    stands = _say_stands(row)
    print_words(f"Weights within {band}: index from {ends}{outer}; {stands}.")


def _say_stands(row: Any) -> str:
    if read_flag(row.certain):
        return "its star stands under every one of them"
    told = write_stars(row.star_low, row.star_high)
    return "stars are not known" if told == ABSENT else f"stars from {told}"


def _tell_swaps(rated: Rated, centre: str) -> None:
    """Print what brings the centre level with its neighbours in the ranking."""
    result = rated.take("weight_bounds", WeightBounds)
    if isinstance(result, Unavailable):
        return
    swaps = result.swaps
    own = swaps[((swaps["first"] == centre) | (swaps["second"] == centre)) & swaps["neighbours"]]
    names = rated.stars.frame.set_index("centre")["name"]
    rows = [
        [
            "ahead" if row.second == centre else "behind",
            row.first if row.second == centre else row.second,
            shorten(names[row.first if row.second == centre else row.second]),
            write_number(row.difference, "z.2f"),
            write_smallest_band(row.smallest_band_pct),
            write_moved(row.l1_groups),
        ]
        for row in list_rows(own)
    ]
    if not rows:
        print_words("Neighbours in the ranking: what makes them swap is not known.")
        return
    print_words("Neighbours in the ranking that it may swap with")
    titles = ["neighbour", "centre", "name", "points apart", "level from", "moved"]
    print_table(titles, rows, keys=3)
    print_words(
        "Level from: the smallest band in which both can have one index. Moved: the smallest share "
        "of the weight of groups that must move for it."
    )


def _tell_leaving(rated: Rated, centre: str) -> None:
    """Print parts without which the star is another, then those that move the index most."""
    result = rated.take("leave_out", LeaveOneOut)
    if isinstance(result, Unavailable):
        return
    own = result.centres[result.centres["centre"] == centre].dropna(subset=["index"])
    changed = own["star"].ne(own["star_before"])
    own = own.assign(changed=changed, size=own["difference"].abs())
    own = own.sort_values(["changed", "size"], ascending=False, kind="stable")
    first = own.head(max(int(changed.sum()), SHOWN))
    print_words(f"Leave one out: {int(changed.sum())} of {len(own)} parts change the star")
    rows = [
        [
            row.kind,
            name_part(row.kind, row.key, rated.methodology),
            f"{form_number(row.index, 'z.2f')} ({form_number(row.difference, '+z.2f')})",
            f"{row.rank_before} -> {row.rank}",
            f"{write_star(row.star_before)} -> {write_star(row.star)}",
        ]
        for row in list_rows(first)
    ]
    if rows:
        print_table(["without", "name", "index", "rank", "star"], rows, keys=2)


def _tell_sources(rated: Rated, centre: str) -> None:
    """Print sources of weights that would give another star."""
    result = rated.take("weight_sources", WeightSources)
    if isinstance(result, Unavailable):
        return
    own = result.centres[result.centres["centre"] == centre]
    changed = own[own["star_change"].fillna(0) != 0]
    known = int(own["star"].notna().sum())
    print_words(f"Sources of weights: {len(changed)} of {known} give another star")
    rows = [
        [
            name_source(row["source"], rated.methodology),
            form_number(row["index"], "z.2f"),
            f"{row['rank'] - row['rank_change']} -> {row['rank']}",
            f"{write_star(row['star'] - row['star_change'])} -> {write_star(row['star'])}",
        ]
        for row in changed.to_dict("records")
    ]
    if rows:
        print_table(["weights", "index", "rank", "star"], rows, keys=1)


SECTIONS: tuple[tuple[Callable[[Rated, str], None], tuple[str, ...]], ...] = (
    (_tell_range, ("weight_bounds",)),
    (tell_directions, ("weight_bounds",)),
    (_tell_swaps, ("weight_bounds",)),
    (tell_chances, ("weight_stability", "multiverse", "joint_doubt")),
    (tell_doubt_parts, ("joint_doubt",)),
    (_tell_leaving, ("leave_out",)),
    (_tell_sources, ("weight_sources",)),
)
"""What prints a section, and results of which it needs one."""
