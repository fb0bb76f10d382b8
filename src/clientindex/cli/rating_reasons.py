"""Why a number of the rating is not there, in the words of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.cli.footnotes import say_reason
from clientindex.cli.plain_tables import print_words
from clientindex.cli.rating_names import ROOM, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results import Unavailable

MOST_NAMED = 6
"""Subjects of a reason that are named; of the others the number is told."""


def say_why(reason: str, detail: str, methodology: Methodology) -> str:
    """Say a reason with its detail."""
    return say_reason(reason, detail, methodology, room=ROOM)


def tell_absent(title: str, result: Unavailable, methodology: Methodology) -> None:
    """Print why a part is not told."""
    print_words(f"{title}: {say_why(result.reason, result.detail, methodology)}")


def tell_left_out(
    frame: pd.DataFrame,
    methodology: Methodology,
    *columns: str,
    names: dict[str, str] | None = None,
) -> None:
    """Print what is left out and why, one line a reason.

    Parameters
    ----------
    frame : DataFrame
        `columns`, ``reason``, ``detail``.
    methodology : Methodology
    *columns : str
        What a line names; what is empty is not named.
    names : dict of str to str, optional
        What keys are called.
    """
    told = names or {}
    about: dict[str, list[str]] = {}
    for row in frame.to_dict("records"):
        text = say_why(str(row["reason"]), str(row["detail"]), methodology)
        keys = [str(row[name]) for name in columns if row[name]]
        parts = [told[key] if key in told else name_key(key, methodology) for key in keys]
        about.setdefault(text, []).append(", ".join(parts))
    for text, subjects in about.items():
        print_words(f"Left out: {_list(subjects)}{text}")


def _list(subjects: Sequence[str]) -> str:
    """Name what a reason is about, and how many more there are."""
    named = [subject for subject in _unique(subjects) if subject]
    if not named:
        return ""
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return f"{'; '.join(named[:MOST_NAMED])}{more}. "


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
