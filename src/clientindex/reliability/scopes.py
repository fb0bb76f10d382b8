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
    regions : tuple of str
        Region of each unit.
    source : PairCounts
        Where the part was taken from.
    chosen : bool ndarray
        Which units of the source are in the part.
    """

    kind: Kind
    part: str
    counts: PairCounts
    regions: tuple[str, ...]
    source: PairCounts
    chosen: NDArray[np.bool_]

    @property
    def by_segment(self) -> PairCounts:
        """The same answers, one unit a centre and segment; summed anew whenever asked for."""
        return self.source.sum_over("period", "channel", where=self.chosen)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Name of a part of the data, and which units are in it (shape (U,))."""

    kind: Kind
    part: str
    chosen: NDArray[np.bool_]


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
    parts = list_parts(counts, methodology, strata, kinds=kinds)
    return tuple(_make(part, counts, strata) for part in parts)


def list_parts(
    counts: PairCounts,
    methodology: Methodology,
    strata: Mapping[str, str],
    *,
    kinds: Iterable[Kind] = KINDS,
) -> tuple[Part, ...]:
    """List the same parts by name, without their counts."""
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
    found = [Part(kind="all", part=WHOLE, chosen=np.ones(len(units), dtype=bool))]
    for kind, (values, keys) in parts.items():
        chosen = list(keys)
        if len(chosen) > 1 and kind in kinds:
            found += [Part(kind=kind, part=key, chosen=np.asarray(values == key)) for key in chosen]
    return tuple(found)


def _check_regions(centres: Iterable[str], strata: Mapping[str, str]) -> None:
    homeless = sorted(set(centres) - set(strata))
    if homeless:
        msg = f"no region is known for centres {', '.join(homeless[:5])}; add them to the register"
        raise StatisticsError(msg)


def _make(part: Part, counts: PairCounts, strata: Mapping[str, str]) -> Scope:
    summed = counts.sum_over("segment", "period", "channel", where=part.chosen)
    return Scope(
        kind=part.kind,
        part=part.part,
        counts=summed,
        regions=tuple(strata[centre] for centre in summed.units["centre"]),
        source=counts,
        chosen=part.chosen,
    )


def list_groups(methodology: Methodology) -> dict[str, NDArray[np.intp]]:
    """Return positions of the indicators of every group, without those of all indicators."""
    owner = np.array([methodology.group_of(key) for key in methodology.indicator_keys])
    return {key: np.flatnonzero(owner == key) for key in methodology.group_keys}
