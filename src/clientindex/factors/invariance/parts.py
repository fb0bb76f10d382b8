"""The parts of the data between which measurement is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology

Across = Literal["segment", "region", "channel", "period"]

MIN_CENTRES = 5
"""Working threshold: the spread between fewer centres says next to nothing about sampling error."""

ANSWERS_PER_INDICATOR = 10
"""Working threshold: fewer respondents for each indicator do not carry a factor model."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One part of the data: a segment, region, channel or period.

    Attributes
    ----------
    across, name : str
    counts : PairCounts
        One unit a centre.
    n, n_centres : int
    reason : str
        Why the part is left out: "too_few_centres", "too_few_answers", "unused_category"; else "".
    """

    across: Across
    name: str
    counts: PairCounts
    n: int
    n_centres: int
    reason: str


def split_parts(
    counts: PairCounts,
    methodology: Methodology,
    *,
    across: Across,
    regions: Mapping[str, str],
    ordinal: bool,
) -> tuple[Part, ...]:
    """Split counts by the values of one key; respondents whose value is unknown belong nowhere.

    Parts stand in the order of the methodology for segments, else in that of their names. With
    `ordinal`, a part that lacks an answer category is left out: its thresholds could not be equal.
    """
    labels = _label_units(counts, across, regions)
    if labels is None:
        return ()
    names = sorted(set(labels) - {""})
    if across == "segment":
        names = [key for key in methodology.segment_keys if key in names]
    used = _find_used(counts, ordinal=ordinal)
    return tuple(_cut(counts, across, name, labels == name, used=used) for name in names)


def _label_units(
    counts: PairCounts, across: Across, regions: Mapping[str, str]
) -> NDArray[np.str_] | None:
    if across == "region":
        return np.array([regions[centre] for centre in counts.units["centre"]], dtype=str)
    if across not in counts.units:
        return None
    return counts.units[across].to_numpy(dtype=str)


def _find_used(counts: PairCounts, *, ordinal: bool) -> NDArray[np.bool_]:
    """Return which categories are used, shape (K, C); with numbers, whether there is variance."""
    used: NDArray[np.bool_] = counts.margins[:, :, 1:].sum(axis=0) > 0
    return used if ordinal else used.sum(axis=1, keepdims=True) > 1


def _cut(
    counts: PairCounts,
    across: Across,
    name: str,
    chosen: NDArray[np.bool_],
    *,
    used: NDArray[np.bool_],
) -> Part:
    part = counts.sum_over("segment", "period", "channel", where=chosen)
    n, n_centres = int(part.n.sum()), len(part.units)
    reason = ""
    if n_centres < MIN_CENTRES:
        reason = "too_few_centres"
    elif n < ANSWERS_PER_INDICATOR * len(part.indicators):
        reason = "too_few_answers"
    elif (_find_used(part, ordinal=used.shape[1] > 1) != used).any():
        reason = "unused_category"
    return Part(across=across, name=name, counts=part, n=n, n_centres=n_centres, reason=reason)
