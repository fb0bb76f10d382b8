"""Which values of a table of centres were revised since the first publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import Revision

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from clientindex.results import Bundle
    from clientindex.wording import Wording

CHANGED: Final = {"star": "stars_changed", "index": "index_changed"}
"""Column of a table -> what says whether its value was revised."""


def find_revision(bundle: Bundle) -> pd.DataFrame | None:
    """Return the centres of a revised edition by their codes, None where nothing was revised."""
    result = bundle.results.get("revision")
    return result.centres.set_index("centre") if isinstance(result, Revision) else None


def find_marks(bundle: Bundle, centres: pd.Series[str]) -> frozenset[tuple[int, str]]:
    """Return row and column of every star and index that was revised.

    Parameters
    ----------
    bundle : Bundle
    centres : Series
        Codes of the rows of the table, in their order.
    """
    revision = find_revision(bundle)
    if revision is None:
        return frozenset()
    own = revision.reindex(centres.to_list())
    return frozenset(
        (row, column)
        for column, source in CHANGED.items()
        for row, changed in enumerate(own[source].eq(True))
        if changed
    )


def list_revised(bundle: Bundle, centres: pd.Series[str], wording: Wording) -> list[str] | None:
    """Say of every centre whether a value of it was revised; None in an edition without."""
    if find_revision(bundle) is None:
        return None
    marked = {row for row, _ in find_marks(bundle, centres)}
    said = {known: wording.text(f"yes_no.{'yes' if known else 'no'}") for known in (True, False)}
    return [said[row in marked] for row in range(len(centres))]


def explain_marks(marks: frozenset[tuple[int, str]], wording: Wording) -> Iterator[str]:
    """Say what the mark means, where it stands."""
    if marks:
        yield wording.text("revision.note")
