"""How the tables on weights name parts, sources and choices, and write shares and bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from clientindex.cli.footnotes import ABSENT, say_reason
from clientindex.cli.plain_tables import print_words
from clientindex.cli.rating_names import (
    LONGEST_SUBJECT,
    form_number,
    shorten,
    write_chance,
    write_star,
)
from clientindex.results import Unavailable
from clientindex.tables.sensitivity import names
from clientindex.wording import load_wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.cli.rated import Rated
    from clientindex.methodology import Methodology

ROOM = "sensitivity"
NEVER = "never"
LEAST_PCT = 0.05
"""Bands that one decimal does not tell from none, per cent."""
SOURCES = ("sampling", "weights", "method")
"""Where doubt about stars comes from."""
ALL = "all"
HALF = 2.0
"""Weight that moves is counted twice in a sum of absolute changes: where it goes, and whence."""

MOST_NAMED = 6
"""Subjects of a reason that are named; of the others the number is told."""


def name_part(kind: str, key: str, methodology: Methodology) -> str:
    """Name a group, indicator, region or segment."""
    return shorten(names.name_part((kind, key), methodology, load_wording("en")), LONGEST_SUBJECT)


def name_source(source: str, methodology: Methodology) -> str:
    """Name a source of weights."""
    return names.name_source(source, methodology, load_wording("en"))


def name_choice(choice: str, methodology: Methodology) -> str:
    """Name a choice of the method."""
    return names.name_choice(choice, methodology, load_wording("en"))


def name_option(option: str, methodology: Methodology) -> str:
    """Name what a choice may be."""
    return names.name_option(option, methodology, load_wording("en"))


def name_input(kind: str, key: str, methodology: Methodology) -> str:
    """Name what moves in the analysis of variance."""
    return names.name_input((kind, key), methodology, load_wording("en"))


def name_doubt(source: str, methodology: Methodology) -> str:
    """Name a source of doubt, or all together."""
    return names.name_doubt(source, methodology, load_wording("en"))


def write_band(pct: float) -> str:
    """Write a band of weights, per cent."""
    return f"+-{pct:g}%"


def write_smallest_band(pct: Any) -> str:
    """Write the smallest band in which something can happen."""
    if pd.isna(pct):
        return NEVER
    if 0 < pct < LEAST_PCT:
        return "<+-0.1%"
    return f"+-{form_number(float(pct), '.1f')}%"


def write_moved(l1: Any) -> str:
    """Write a sum of absolute changes as the share of all weight that moves."""
    if pd.isna(l1):
        return NEVER
    share = float(l1) / HALF
    return "<0.1%" if 0 < share < LEAST_PCT / 100 else form_number(share, ".1%")


def write_counted(share: Any) -> str:
    """Write a share of things that were counted: all of them is 100%, not nearly all."""
    return "100%" if share == 1 else write_chance(share)


def write_stars(low: Any, high: Any) -> str:
    """Write stars from one number to another."""
    if pd.isna(low) or pd.isna(high):
        return ABSENT
    first, last = write_star(low), write_star(high)
    return first if first == last else f"{first} to {last}"


def write_rank(row: Any) -> str:
    """Write a rank with the ends of its interval."""
    ends = (form_number(float(end), ".0f") for end in (row.rank_low, row.rank_high))
    return ABSENT if pd.isna(row.rank_low) else f"{row.rank} [{', '.join(ends)}]"


def tell_absent(title: str, result: Unavailable, rated: Rated) -> None:
    """Print why a part is not told."""
    print_words(f"{title}: {say_why(result, rated)}")


def say_why(result: Unavailable, rated: Rated) -> str:
    """Say why there is no result."""
    return say_reason(result.reason, result.detail, rated.methodology, room=ROOM)


def tell_missing(rated: Rated, titles: Mapping[str, str]) -> None:
    """Print which of several results are not there, one line a reason.

    Parameters
    ----------
    rated : Rated
    titles : mapping
        Name of a result -> what its part is called.
    """
    found: dict[str, list[str]] = {}
    for name, title in titles.items():
        result = rated.results[name]
        if isinstance(result, Unavailable):
            found.setdefault(say_why(result, rated), []).append(title)
    for reason, missing in found.items():
        print_words(f"Not told: {', '.join(missing)}. {reason}")


def tell_left_out(frame: pd.DataFrame, rated: Rated) -> None:
    """Print what is left out and why, one line a reason.

    Parameters
    ----------
    frame : DataFrame
        ``reason``, ``detail`` and what it is about: ``source``, ``centre``, ``kind`` with ``key``.
    rated : Rated
    """
    wording, told = load_wording("en"), dict[str, list[str]]()
    for row in frame.to_dict("records"):
        detail = names.name_keys(str(row["detail"]), rated.methodology, wording)
        said = names.say_gap(str(row["reason"]), rated.methodology, wording)
        text = f"{said} ({detail})" if detail else said
        about = told.setdefault(text, [])
        about += [name for name in [_name_subject(row, rated)] if name and name not in about]
    for text, about in told.items():
        more = f" and {len(about) - MOST_NAMED} more" if len(about) > MOST_NAMED else ""
        named = f"{'; '.join(about[:MOST_NAMED])}{more}. " if about else ""
        print_words(f"Left out: {named}{text}")


def _name_subject(row: dict[Any, Any], rated: Rated) -> str:
    """Name what a row of what is left out is about."""
    methodology, wording = rated.methodology, load_wording("en")
    if row.get("source"):
        return name_source(str(row["source"]), methodology)
    parts = [str(row["centre"])] if row.get("centre") else []
    kind, key = str(row.get("kind") or ""), str(row.get("key") or "")
    if key:
        parts.append(_name_key(kind, key, methodology))
    for column, prefix in (("statistic", "gap_statistic"), ("measure", "importance_measure")):
        if row.get(column):
            parts.append(wording.text(f"{prefix}.{row[column]}"))
    return ", ".join(parts)


def _name_key(kind: str, key: str, methodology: Methodology) -> str:
    wording = load_wording("en")
    if kind == "source":
        return name_doubt(key, methodology)
    if kind == "choice":
        return name_choice(key, methodology)
    if kind == "output":
        output, _, of = key.partition("/")
        return names.name_output((output, of, None), methodology, wording)
    if kind == "sampling":
        return name_input(kind, key, methodology)
    return name_part(kind, key, methodology)
