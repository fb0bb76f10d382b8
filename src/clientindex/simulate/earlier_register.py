"""Which centres there were a year earlier: identifiers, names, regions, visitors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import EditionError
from clientindex.simulate.places import (
    VISITORS_MINIMUM,
    identify_centre,
    load_regions,
    name_centre,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.random import Generator
    from numpy.typing import NDArray

    from clientindex.edition import EarlierThan

VISITORS_CHANGE = 0.1
"""SD of the logarithm of the change in visitors from year to year."""

CLOSED = -1
COLUMNS = ["centre", "name", "region", "visitors"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EarlierCentres:
    """The V centres of the earlier year.

    Attributes
    ----------
    register : DataFrame
        ``centre``, ``name``, ``region``, ``visitors``; regions in the order of the later register,
        centres of a region by identifier.
    source : int64 ndarray of shape (V,)
        Row of the later register that each became, -1 of one that closed.
    """

    register: pd.DataFrame
    source: NDArray[np.int64]


def draw_earlier_centres(
    later: pd.DataFrame, settings: EarlierThan, *, renamed: Mapping[str, str], rng: Generator
) -> EarlierCentres:
    """Draw the register of the earlier year.

    Parameters
    ----------
    later : DataFrame
        The later register of U centres.
    settings : EarlierThan
    renamed : mapping of str to str
        Earlier identifier -> later one.
    rng : Generator

    Raises
    ------
    EditionError
        If `renamed` or ``moved`` name what the later register does not have, a centre would stand
        twice, or there are fewer centres than are to be new.
    """
    _check_names(later, settings, renamed)
    is_new = _choose_new(later, settings, renamed=renamed, rng=rng)
    previous: dict[str, list[str]] = {}
    for old, new in renamed.items():
        previous.setdefault(new, []).append(old)
    ids, names, regions = (later[name].tolist() for name in ("centre", "name", "region"))
    visitors = later["visitors"].tolist()
    taken = {*ids, *renamed}, set(names)
    rows: list[tuple[str, str, str, float, int]] = []
    for at in np.flatnonzero(~is_new).tolist():
        earlier_ids = previous.get(ids[at], [ids[at]])
        region = settings.moved.get(ids[at], regions[at])
        for place, centre in enumerate(earlier_ids):
            # Of merged centres the first has the name of today.
            name = names[at] if place == 0 else _find_place(regions[at], taken)[1]
            rows.append((centre, name, region, visitors[at] / len(earlier_ids), at))
    for at in rng.integers(len(later), size=settings.closed).tolist():
        centre, name = _find_place(regions[at], taken)
        rows.append((centre, name, regions[at], visitors[at], CLOSED))
    return _settle(pd.DataFrame(rows, columns=[*COLUMNS, "source"]), later, rng=rng)


def _check_names(later: pd.DataFrame, settings: EarlierThan, renamed: Mapping[str, str]) -> None:
    regions = {region.name for region in load_regions()} & set(later["region"])
    for what, given, known in (
        ("'renamed' of the later edition", renamed.values(), set(later["centre"])),
        ("'simulation.earlier_than.moved'", settings.moved, set(later["centre"])),
        ("'simulation.earlier_than.moved'", settings.moved.values(), regions),
    ):
        unknown = sorted(set(given) - known)
        if unknown:
            msg = f"{what}: the simulated later year does not have {', '.join(unknown)}"
            raise EditionError(msg)
    region_of = dict(zip(later["centre"], later["region"], strict=True))
    unmoved = sorted(centre for centre, old in settings.moved.items() if region_of[centre] == old)
    if unmoved:
        msg = f"'simulation.earlier_than.moved': of the same region later: {', '.join(unmoved)}"
        raise EditionError(msg)


def _choose_new(
    later: pd.DataFrame, settings: EarlierThan, *, renamed: Mapping[str, str], rng: Generator
) -> NDArray[np.bool_]:
    """Choose the centres that there were not yet; those with a history told by hand had one."""
    told = {*renamed.values(), *settings.moved}
    free = np.flatnonzero(~later["centre"].isin(told))
    if settings.new > len(free):
        msg = (
            f"'simulation.earlier_than.new': {settings.new} of the later edition's {len(later)} "
            f"centres; at most {len(free)} can be new"
        )
        raise EditionError(msg)
    is_new = np.zeros(len(later), dtype=bool)
    is_new[rng.permutation(free)[: settings.new]] = True
    return is_new


def _find_place(region_name: str, taken: tuple[set[str], set[str]]) -> tuple[str, str]:
    """Return an identifier and a name that nobody has, and take them."""
    region = next(region for region in load_regions() if region.name == region_name)
    ids, names = taken
    number = 0
    while identify_centre(region, number) in ids or name_centre(region, number) in names:
        number += 1
    found = identify_centre(region, number), name_centre(region, number)
    ids.add(found[0])
    names.add(found[1])
    return found


def _settle(frame: pd.DataFrame, later: pd.DataFrame, *, rng: Generator) -> EarlierCentres:
    """Let visitors change, and sort."""
    _refuse_twice(frame["centre"])
    order = {region: place for place, region in enumerate(later["region"].unique())}
    by_region = frame.assign(place=frame["region"].map(order))
    frame = by_region.sort_values(["place", "centre"], ignore_index=True).drop(columns="place")
    factor = np.exp(VISITORS_CHANGE * rng.standard_normal(len(frame)))
    visitors = np.rint(frame["visitors"].to_numpy(float) * factor)
    frame["visitors"] = np.maximum(visitors, VISITORS_MINIMUM).astype(np.int64)
    return EarlierCentres(register=frame[COLUMNS], source=frame["source"].to_numpy(np.int64))


def _refuse_twice(centres: Collection[str]) -> None:
    counts = pd.Series(list(centres)).value_counts()
    twice = sorted(counts.index[counts > 1])
    if twice:
        msg = (
            f"'renamed' of the later edition: {', '.join(twice)} would stand twice in the earlier "
            "year; a previous identifier that another centre still has was not free before"
        )
        raise EditionError(msg)
