"""What the index of one centre is made of, against the mean of the centres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import LONGEST_SUBJECT, name_key, shorten, write_number
from clientindex.cli.rating_reasons import say_why, tell_absent
from clientindex.cli.reliability_names import key_rows
from clientindex.results import ScoreParts, Unavailable

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated

LEGEND = (
    "Contribution: points of the index that come from it, those of the groups sum to the index; "
    "difference: from the mean contribution over centres, these sum to index less mean index."
)


def tell_score_parts(rated: Rated, centre: str) -> None:
    """Print contributions of groups, each with its indicators."""
    result = rated.take("score_parts", ScoreParts)
    if isinstance(result, Unavailable):
        tell_absent("What the index is made of", result, rated.methodology)
        return
    own = result.frame[result.frame["centre"] == centre]
    if own.empty:
        _tell_why(result, centre, rated)
        return
    found = key_rows(own, "kind", "key")
    rows = []
    for group in rated.methodology.groups:
        if ("group", group.key) in found:
            rows.append(_write(found["group", group.key], _name(group.key, rated)))
        rows += [
            _write(found["indicator", key], f"  {_name(key, rated)}")
            for key in group.indicators
            if ("indicator", key) in found
        ]
    groups = own[own["kind"] == "group"]
    print_words(
        "What the index is made of (groups and indicators; groups sum to "
        f"{groups['contribution'].sum():.2f}, differences from the mean to "
        f"{groups['difference'].sum():+.2f})"
    )
    titles = ["group, indicator", "weight", "score", "contribution", "mean contribution"]
    print_table([*titles, "difference"], rows, keys=1)
    print_words(LEGEND)


def _name(key: str, rated: Rated) -> str:
    return shorten(name_key(key, rated.methodology), LONGEST_SUBJECT)


def _tell_why(result: ScoreParts, centre: str, rated: Rated) -> None:
    row: Any = next(list_rows(result.left_out[result.left_out["centre"] == centre]), None)
    why = "" if row is None else f" {say_why(row.reason, row.detail, rated.methodology)}"
    print_words(f"What the index is made of: not told.{why}")


def _write(row: Any, name: str) -> list[str]:
    return [
        name,
        write_number(row.weight, "z.3f"),
        write_number(row.estimate),
        write_number(row.contribution, "z.2f"),
        write_number(row.mean_contribution, "z.2f"),
        write_number(row.difference, "+z.2f"),
    ]
