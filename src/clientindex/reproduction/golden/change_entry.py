"""The entry of the changelog that says why golden results changed, and what changed."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Final

from clientindex.errors import ReproductionError
from clientindex.reproduction.comparison.tolerance import parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.results.verification import Difference

UNRELEASED: Final = "## [Unreleased]"
CHANGED: Final = "### Changed"
WIDTH: Final = 100
MAX_NAMED: Final = 6
"""Tables that the entry names; it counts all of them."""


def describe_changes(differences: Sequence[Difference], *, edition: str) -> str:
    """Say how many values of which tables changed, and which number changed most."""
    tables = list(dict.fromkeys(difference.part for difference in differences))
    named = ", ".join(f"`{name}`" for name in tables[:MAX_NAMED])
    more = f" and {len(tables) - MAX_NAMED} more" if len(tables) > MAX_NAMED else ""
    whole = [d for d in differences if not d.row and not d.column]
    n_values = len(differences) - len(whole)
    told = f"{_count(n_values, 'golden value')} of {edition} in {_count(len(tables), 'table')}"
    return f"{told} ({named}{more}){_tell_largest(differences)}"


def add_entry(changelog: str, *, why: str, what: str) -> str:
    """Return the changelog with an entry as the last one of [Unreleased], Changed.

    Raises
    ------
    ReproductionError
        The changelog has no part [Unreleased].
    """
    start = changelog.find(f"{UNRELEASED}\n")
    if start < 0:
        msg = f"CHANGELOG.md: has no part '{UNRELEASED}', under which the change is told. Add it."
        raise ReproductionError(msg)
    after = re.search(r"^## ", changelog[start + len(UNRELEASED) :], re.MULTILINE)
    end = start + len(UNRELEASED) + after.start() if after else len(changelog)
    part, rest = changelog[start:end].rstrip("\n"), changelog[end:]
    entry = textwrap.fill(
        f"- **numbers**: {why.strip().rstrip('.')}. {what}.",
        WIDTH,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    body = _insert(part, entry)
    return changelog[:start] + body + ("\n\n" + rest if rest else "\n")


def _insert(part: str, entry: str) -> str:
    """Put an entry at the end of the section of changes, which is made where there is none."""
    found = re.search(rf"^{CHANGED}[ ]*$", part, re.MULTILINE)
    if not found:
        return f"{part}\n\n{CHANGED}\n\n{entry}"
    following = re.search(r"^### ", part[found.end() :], re.MULTILINE)
    end = found.end() + following.start() if following else len(part)
    section, rest = part[:end].rstrip("\n"), part[end:]
    gap = "\n" if section.endswith(CHANGED) else ""
    return f"{section}\n{gap}{entry}" + (f"\n\n{rest}" if rest else "")


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _tell_largest(differences: Sequence[Difference]) -> str:
    """Name the number of a cell that changed most, relative to itself."""
    sized = [
        (abs(b - a) / max(abs(a), abs(b)), difference)
        for difference in differences
        if (a := parse_number(difference.published)) is not None
        and (b := parse_number(difference.rebuilt)) is not None
        and a != b
    ]
    if not sized:
        return ""
    _, most = max(sized, key=lambda pair: pair[0])
    place = ", ".join(part for part in (most.row, most.column) if part)
    values = f"{float(most.published):.6g} is {float(most.rebuilt):.6g}"
    return f"; the largest change is in `{most.part}`, {place}: {values}"
