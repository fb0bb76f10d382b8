"""Which regions have a colour of their own in a figure of centres; the rest share grey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.figures import colours
from clientindex.results import ChecklistInflation

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from clientindex.results import Bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionLook:
    """Marks of one region; ``region`` is empty for all regions without a colour of their own."""

    region: str
    colour: str
    marker: str


def list_looks(regions: pd.Series, order: Sequence[str] = ()) -> tuple[RegionLook, ...]:
    """Return the looks of regions; with more regions than colours, grey for the others first.

    Colours go to the regions that stand first in the order, then to those with most rows. Regions
    that have a colour are told in the order of their names.

    Parameters
    ----------
    regions : Series
        Region of every centre (rows of several subjects may repeat it).
    order : sequence of str
        Regions, those to be coloured first.
    """
    names = sorted(set(regions))
    if len(names) > len(colours.REGIONS):
        size = regions.value_counts()
        known = [name for name in order if name in size.index]
        rest = sorted(set(names) - set(known), key=lambda name: (-int(size[name]), name))
        names = sorted([*known, *rest][: len(colours.REGIONS)])
    looks = [
        RegionLook(region=name, colour=colour, marker=marker)
        for number, name in enumerate(names)
        for colour, marker in (colours.region_look(number),)
    ]
    others = RegionLook(region="", colour=colours.OTHER_REGIONS, marker="o")
    return (others, *looks) if len(set(regions)) > len(names) else tuple(looks)


def rank_regions(bundle: Bundle) -> list[str]:
    """Return the regions by their effect on the gap, farthest from zero first.

    Equal effects (there is one for all where regions do not differ) go by the median gap, then by
    name. Empty where the bundle has no effects.
    """
    result = bundle.results.get("inflation")
    if not isinstance(result, ChecklistInflation):
        return []
    frame = result.regions[result.regions["estimate"].notna()]
    far = frame.assign(effect=-frame["estimate"].abs().round(9), middle=-frame["median"].abs())
    return list(far.sort_values(["effect", "middle", "region"])["region"])


def split_by_look(
    points: pd.DataFrame, looks: Sequence[RegionLook]
) -> list[tuple[RegionLook, pd.DataFrame]]:
    """Return the rows of every look that has some."""
    own = [look.region for look in looks if look.region]
    parts = []
    for look in looks:
        chosen = points["region"] == look.region if look.region else ~points["region"].isin(own)
        if chosen.any():
            parts.append((look, points[chosen]))
    return parts
