"""What a new methodology does to the country, to regions and to kinds of centres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from clientindex.results import COUNTRY
from clientindex.results.methodology_comparison import PART_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_VALUES: Final = 20
"""An attribute with more values is no kind of centres: an address, a number of rooms."""
TOO_MANY_VALUES = "too_many_values"


def compare_parts(
    centres: pd.DataFrame, attributes: pd.DataFrame | None
) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """Summarise the centres of the country, of every region and of every kind.

    Parameters
    ----------
    centres : DataFrame
        Of :func:`clientindex.sensitivity.compare.centres.compare_centres`.
    attributes : DataFrame or None
        ``centre`` and one column an attribute of the register, as text.

    Returns
    -------
    parts : DataFrame
        See :class:`clientindex.results.methodology_comparison.MethodologyComparison`.
    left_out : list of (attribute, number of values)
        Those with more than :data:`MOST_VALUES`.
    """
    rows = [_tell(COUNTRY, COUNTRY, centres)]
    rows += [_tell("region", str(name), own) for name, own in centres.groupby("region")]
    left_out = []
    for name, kinds in _list_kinds(centres, attributes):
        if kinds.nunique() > MOST_VALUES:
            left_out.append((name, str(kinds.nunique())))
            continue
        rows += [_tell(name, str(kind), own) for kind, own in centres.groupby(kinds)]
    return pd.DataFrame(rows, columns=[*PART_COLUMNS]), left_out


def _list_kinds(
    centres: pd.DataFrame, attributes: pd.DataFrame | None
) -> Iterator[tuple[str, pd.Series[str]]]:
    """Yield the attributes with the kind of every centre; the register may leave it open."""
    if attributes is None:
        return
    for name in attributes.columns.drop("centre"):
        known = attributes.set_index("centre")[name]
        kinds = known.reindex(centres["centre"]).set_axis(centres.index)
        yield str(name), kinds.mask(kinds == "")


def _tell(by: str, part: str, own: pd.DataFrame) -> dict[str, object]:
    compared = own[own["before"].notna() & own["after"].notna()]
    gained = own["stars_gained"].dropna()
    return {
        "by": by,
        "part": part,
        "n_centres": len(own),
        "n_compared": len(compared),
        "mean_before": compared["before"].mean(),
        "mean_after": compared["after"].mean(),
        "difference": own["difference"].mean(),
        "gained": int((gained > 0).sum()),
        "lost": int((gained < 0).sum()),
        "same": int((gained == 0).sum()),
        "starred_before": int(own["star_before"].notna().sum()),
        "starred_after": int(own["star_after"].notna().sum()),
        "up": int((own["flagged"] == "up").sum()),
        "down": int((own["flagged"] == "down").sum()),
    }
