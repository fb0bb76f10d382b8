"""Parts from other processes: tables of counts go through a file, which is quicker than a pipe."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from clientindex.counts import ARRAYS, PairCounts

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.streaming.part import SurveyPart


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeftPart:
    """A part whose counts are in a file.

    Attributes
    ----------
    part : SurveyPart
        Its counts have the units and empty tables.
    path : Path
    """

    part: SurveyPart
    path: Path


def leave_part(part: SurveyPart, path: Path) -> LeftPart:
    """Write the tables of a part's counts into a file for one other process."""
    counts = part.counts
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        for name in ARRAYS:
            np.save(stream, getattr(counts, name))
    return LeftPart(part=replace(part, counts=counts.without_tables()), path=path)


def fetch_part(left: LeftPart) -> SurveyPart:
    """Return the part that :func:`leave_part` left, and remove its file."""
    counts: PairCounts = left.part.counts
    with left.path.open("rb") as stream:
        arrays = {name: np.load(stream) for name in ARRAYS}
    left.path.unlink()
    return replace(left.part, counts=replace(counts, **arrays))
