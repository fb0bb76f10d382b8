"""The parts of the data for which reliability is told: all, and each segment, region and period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology

Kind = Literal["all", "segment", "region", "period"]
WHOLE = "all"
KINDS: tuple[Kind, ...] = ("segment", "region", "period")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scope:
    """A part of the data, with its centres.

    Attributes
    ----------
    kind : {"all", "segment", "region", "period"}
    part : str
        Key of the segment or period, name of the region; "all" for everybody.
    counts : PairCounts
        One unit a centre, sorted by centre.
    by_segment : PairCounts
        The same answers, one unit a centre and segment.
    regions : tuple of str
        Region of each unit.
    """

    kind: Kind
    part: str
    counts: PairCounts
    by_segment: PairCounts
    regions: tuple[str, ...]


def list_scopes(
    counts: PairCounts,
    methodology: Methodology,
    strata: Mapping[str, str],
    *,
    kinds: Iterable[Kind] = KINDS,
) -> tuple[Scope, ...]:
    """List the parts of the data: everybody, then each part of what has several.

    Parameters
    ----------
    counts : PairCounts
    methodology : Methodology
        Gives the order of segments.
    strata : mapping
        Region of every centre.
    kinds : iterable of str
        Those that are wanted beside "all".

    Raises
    ------
    StatisticsError
        If a centre has no region.
    """
    units = counts.units
    _check_regions(units["centre"], strata)
    regions = units["centre"].map(dict(strata)).to_numpy()
    present = set(units["segment"])
    segments = [key for key in methodology.segment_keys if key in present]
    parts: dict[Kind, tuple[NDArray[np.object_], Iterable[str]]] = {
        "segment": (units["segment"].to_numpy(), segments),
        "region": (regions, sorted(set(regions))),
        "period": (units["period"].to_numpy(), sorted(set(units["period"]))),
    }
    everybody = np.ones(len(units), dtype=bool)
    found = [_make("all", WHOLE, counts, everybody, strata)]
    for kind, (values, keys) in parts.items():
        chosen = list(keys)
        if len(chosen) > 1 and kind in kinds:
            found += [_make(kind, key, counts, values == key, strata) for key in chosen]
    return tuple(found)


def _check_regions(centres: Iterable[str], strata: Mapping[str, str]) -> None:
    homeless = sorted(set(centres) - set(strata))
    if homeless:
        msg = f"no region is known for centres {', '.join(homeless[:5])}; add them to the register"
        raise StatisticsError(msg)


def _make(
    kind: Kind, part: str, counts: PairCounts, mask: NDArray[np.bool_], strata: Mapping[str, str]
) -> Scope:
    by_segment = counts.select(np.asarray(mask)).sum_over("period", "channel")
    summed = by_segment.sum_over("segment")
    regions = tuple(strata[centre] for centre in summed.units["centre"])
    return Scope(kind=kind, part=part, counts=summed, by_segment=by_segment, regions=regions)


def list_groups(methodology: Methodology) -> dict[str, NDArray[np.intp]]:
    """Return positions of the indicators of every group, without those of all indicators."""
    owner = np.array([methodology.group_of(key) for key in methodology.indicator_keys])
    return {key: np.flatnonzero(owner == key) for key in methodology.group_keys}
