"""A revised edition against what was first published."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from clientindex.reproduction.edition_lock import (
    PublishedCentre,
    PublishedNumbers,
    PublishedRegion,
)
from clientindex.results import COUNTRY, Regions, Stars, Unavailable
from clientindex.results.revision import CHANGED, GONE, NEW, SAME, Revision
from clientindex.wording.numbers import write_rounded

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from clientindex.results import Result

DIGITS: Final = 1
"""Decimals of an index in documents."""
NUMBERS: Final = ("before", "before_low", "before_high", "after", "after_low", "after_high")


def gather_published(
    results: Mapping[str, Result], *, published: dt.date, level: float
) -> PublishedNumbers:
    """Return the numbers of a bundle that a lock keeps; none where there are no stars.

    Parameters
    ----------
    results : mapping
        Results by name.
    published : date
    level : float
        Of the intervals, where no result tells it.
    """
    stars, regions = results.get("stars"), results.get("regions")
    return PublishedNumbers(
        published=published,
        level=stars.level if isinstance(stars, Stars) else level,
        centres=_list_centres(stars.frame) if isinstance(stars, Stars) else (),
        regions=_list_regions(regions.frame) if isinstance(regions, Regions) else (),
    )


def _list_centres(frame: pd.DataFrame) -> tuple[PublishedCentre, ...]:
    return tuple(
        PublishedCentre(
            centre=row["centre"],
            name=row["name"],
            region=row["region"],
            index=_keep(row["estimate"]),
            low=_keep(row["ci_low"]),
            high=_keep(row["ci_high"]),
            stars=_keep(row["star"]),
        )
        for row in frame.sort_values("centre").to_dict("records")
    )


def _list_regions(frame: pd.DataFrame) -> tuple[PublishedRegion, ...]:
    return tuple(
        PublishedRegion(
            region=row["region"],
            n_centres=int(row["n_centres"]),
            mean=_keep(row["estimate"]),
            low=_keep(row["ci_low"]),
            high=_keep(row["ci_high"]),
        )
        for row in frame.to_dict("records")
    )


def _keep(value: Any) -> float | None:
    """Return a number as a plain one; what is missing or infinite is None."""
    return None if pd.isna(value) or not math.isfinite(value) else float(value)


def compare_with_published(
    published: PublishedNumbers, results: Mapping[str, Result]
) -> Revision | Unavailable:
    """Compare the numbers of now with those of the first publication.

    Parameters
    ----------
    published : PublishedNumbers
        Of the edition's lock.
    results : mapping
        Results by name; without stars there is nothing to compare.
    """
    stars = results.get("stars")
    if not isinstance(stars, Stars):
        if isinstance(stars, Unavailable):
            return stars
        return Unavailable(stage="rating", reason="no_stars")
    now = gather_published(results, published=published.published, level=stars.level)
    return Revision(
        centres=_compare_centres(published, now),
        regions=_compare_regions(published, now),
        published=published.published.isoformat(),
        digits=DIGITS,
        level=stars.level,
    )


def _compare_centres(before: PublishedNumbers, after: PublishedNumbers) -> pd.DataFrame:
    old = {row.centre: row for row in before.centres}
    new = {row.centre: row for row in after.centres}
    rows = [_compare_centre(old.get(key), new.get(key)) for key in dict.fromkeys((*new, *old))]
    columns = [*("centre", "name", "region", "status"), *NUMBERS]
    columns += ["star_before", "star_after", "difference", "index_changed", "stars_changed"]
    frame = pd.DataFrame(rows, columns=columns)
    numbers = [*NUMBERS, "star_before", "star_after", "difference"]
    frame = frame.astype(dict.fromkeys(numbers, "float64"))
    return frame.sort_values(["region", "centre"], ignore_index=True)


def _compare_centre(old: PublishedCentre | None, new: PublishedCentre | None) -> dict[str, Any]:
    told: Any = new or old
    index = _differs(_get(old, "index"), _get(new, "index"))
    stars = _get(old, "stars") != _get(new, "stars")
    status = GONE if new is None else NEW if old is None else CHANGED if index or stars else SAME
    return {
        "centre": told.centre,
        "name": told.name,
        "region": told.region,
        "status": status,
        **_pair(old, new, "index"),
        "star_before": _get(old, "stars"),
        "star_after": _get(new, "stars"),
        "index_changed": index,
        "stars_changed": stars,
    }


def _compare_regions(before: PublishedNumbers, after: PublishedNumbers) -> pd.DataFrame:
    old = {row.region: row for row in before.regions}
    new = {row.region: row for row in after.regions}
    keys = sorted({*old, *new}, key=lambda key: (key == COUNTRY, key))
    rows = [
        {
            "region": key,
            "n_before": old[key].n_centres if key in old else 0,
            "n_after": new[key].n_centres if key in new else 0,
            **_pair(old.get(key), new.get(key), "mean"),
            "changed": _differs(_get(old.get(key), "mean"), _get(new.get(key), "mean")),
        }
        for key in keys
    ]
    columns = ["region", "n_before", "n_after", *NUMBERS, "difference", "changed"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype(dict.fromkeys([*NUMBERS, "difference"], "float64"))


def _pair(old: Any, new: Any, value: str) -> dict[str, float | None]:
    """Return a number and its interval then and now, and their difference."""
    before, after = _get(old, value), _get(new, value)
    known = before is not None and after is not None
    return {
        "before": before,
        "before_low": _get(old, "low"),
        "before_high": _get(old, "high"),
        "after": after,
        "after_low": _get(new, "low"),
        "after_high": _get(new, "high"),
        "difference": after - before if known else None,  # type: ignore[operator]  # both known
    }


def _get(row: Any, name: str) -> float | None:
    return None if row is None else getattr(row, name)


def _differs(before: float | None, after: float | None) -> bool:
    """Return whether the published numbers differ: rounded, or only one of them there."""
    if before is None or after is None:
        return before is not after
    return write_rounded(before, digits=DIGITS) != write_rounded(after, digits=DIGITS)
