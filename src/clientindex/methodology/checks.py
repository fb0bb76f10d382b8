"""What a methodology must satisfy beyond single fields: one small check a rule."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from clientindex.methodology.model import SCORE_MAX, SCORE_MIN
from clientindex.settings import Location, SettingFault, find_nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from clientindex.methodology.model import Methodology, Scale

WEIGHT_SUM_TOLERANCE = 1e-6
"""Room for weights written with six decimals, such as 0.333333."""


def check_methodology(methodology: Methodology) -> list[SettingFault]:
    """Return every fault that needs more than one field to be seen."""
    checks = (_duplicates, _membership, _weights, _scales, _bands, _levels, _factor_count)
    return [fault for check in checks for fault in check(methodology)]


def _duplicates(m: Methodology) -> Iterator[SettingFault]:
    yield from _repeated("segments", [s.key for s in m.segments])
    yield from _repeated("groups", [g.key for g in m.groups])
    yield from _repeated("indicators", [i.key for i in m.indicators])
    seen: set[str] = set()
    for i, indicator in enumerate(m.indicators):
        for j, item in enumerate(indicator.checklist):
            if item.key in seen:
                location = ("indicators", i, "checklist", j, "key")
                yield _duplicate_fault(location, item.key)
            seen.add(item.key)


def _repeated(section: str, keys: Sequence[str]) -> Iterator[SettingFault]:
    for position, key in enumerate(keys):
        if key in keys[:position]:
            yield _duplicate_fault((section, position, "key"), key)


def _duplicate_fault(location: Location, key: str) -> SettingFault:
    return SettingFault(
        location=location, read=f"the key {key!r} a second time", allowed="every key stands once"
    )


def _membership(m: Methodology) -> Iterator[SettingFault]:
    known = [indicator.key for indicator in m.indicators]
    uses = Counter(key for group in m.groups for key in group.indicators)
    for g, group in enumerate(m.groups):
        for key in group.indicators:
            location = ("groups", g, "indicators", key)
            if key not in known:
                yield SettingFault(
                    location=location,
                    read=f"the unknown indicator {key!r}",
                    allowed="every key must stand in the list of indicators",
                    nearest=find_nearest(key, known),
                )
            elif uses[key] > 1:
                yield SettingFault(
                    location=location,
                    read=f"{key!r} in {uses[key]} groups",
                    allowed="an indicator belongs to exactly one group",
                )
    for i, key in enumerate(known):
        if uses[key] == 0:
            yield SettingFault(
                location=("indicators", i, "key"),
                read=f"{key!r}, which is in no group",
                allowed="an indicator belongs to exactly one group; add it to one or remove it",
            )


def _weights(m: Methodology) -> Iterator[SettingFault]:
    yield from _sum_fault(("segments",), [s.weight for s in m.segments])
    yield from _sum_fault(("groups",), [g.weight for g in m.groups])
    for g, group in enumerate(m.groups):
        yield from _sum_fault(("groups", g, "indicators"), group.indicators.values())


def _sum_fault(location: Location, weights: Iterable[float]) -> Iterator[SettingFault]:
    total = sum(weights)
    if abs(total - 1) > WEIGHT_SUM_TOLERANCE:
        yield SettingFault(
            location=location,
            read=f"weights that sum to {total:.6g}",
            allowed="weights must sum to 1",
        )


def _scales(m: Methodology) -> Iterator[SettingFault]:
    yield from _scale_faults(m.scale, ("scale",))
    for i, indicator in enumerate(m.indicators):
        if indicator.scale is not None:
            yield from _scale_faults(indicator.scale, ("indicators", i, "scale"))


def _scale_faults(scale: Scale, location: Location) -> Iterator[SettingFault]:
    if scale.maximum <= scale.minimum:
        yield SettingFault(
            location=(*location, "maximum"),
            read=str(scale.maximum),
            allowed=f"it must exceed the minimum {scale.minimum}",
        )
        return
    for code in scale.missing:
        if code in scale.answers:
            yield SettingFault(
                location=(*location, "missing", code),
                read=f"the code {code}, which is also an answer",
                allowed=f"missing codes lie outside {scale.minimum}-{scale.maximum}",
            )
    for name, given in (("labels", scale.labels), ("points", scale.points or {})):
        if given and set(given) != set(scale.answers):
            yield SettingFault(
                location=(*location, name),
                read=f"answers {', '.join(map(str, sorted(given)))}",
                allowed=f"exactly the answers {', '.join(map(str, scale.answers))}",
            )


def _bands(m: Methodology) -> Iterator[SettingFault]:
    bands = m.stars.bands
    yield from _band_ends(m)
    for position, (before, after) in enumerate(pairwise(bands), start=1):
        location = ("stars", "bands", position)
        if after.stars != before.stars + 1:
            yield SettingFault(
                location=(*location, "stars"),
                read=str(after.stars),
                allowed=f"stars rise by one; {before.stars + 1} is next",
            )
        if after.lower != before.upper:
            word = "a gap" if after.lower > before.upper else "an overlap"
            yield SettingFault(
                location=(*location, "from"),
                read=f"{after.lower:g}, which leaves {word} after {before.upper:g}",
                allowed=f"each band starts where the one before ends ({before.upper:g})",
            )


def _band_ends(m: Methodology) -> Iterator[SettingFault]:
    bands = m.stars.bands
    ends = (
        (0, "from", bands[0].lower, SCORE_MIN),
        (len(bands) - 1, "to", bands[-1].upper, SCORE_MAX),
    )
    for position, name, read, wanted in ends:
        if read != wanted:
            yield SettingFault(
                location=("stars", "bands", position, name),
                read=f"{read:g}",
                allowed=f"the bands must reach {wanted:g}, or some scores have no star",
            )
    for position, band in enumerate(bands):
        if band.upper <= band.lower:
            yield SettingFault(
                location=("stars", "bands", position, "to"),
                read=f"{band.upper:g}",
                allowed=f"it must exceed the band's start {band.lower:g}",
            )


def _levels(m: Methodology) -> Iterator[SettingFault]:
    for name in type(m.thresholds).model_fields:
        levels = getattr(m.thresholds, name).levels
        bounds = [level.lower for level in levels]
        location = ("thresholds", name, "levels")
        rising = [b for b in bounds[1:] if b is not None]
        if bounds[0] is not None or len(rising) != len(bounds) - 1 or rising != sorted(set(rising)):
            yield SettingFault(
                location=location,
                read=f"from {', '.join('null' if b is None else f'{b:g}' for b in bounds)}",
                allowed="the first level starts from null and the others rise",
            )
        yield from _repeated_levels(location, [level.key for level in levels])


def _repeated_levels(location: Location, keys: Sequence[str]) -> Iterator[SettingFault]:
    for position, key in enumerate(keys):
        if key in keys[:position]:
            yield _duplicate_fault((*location, position, "key"), key)


def _factor_count(m: Methodology) -> Iterator[SettingFault]:
    n_indicators = len(m.indicators)
    if m.factors.n_factors >= n_indicators:
        yield SettingFault(
            location=("factors", "n_factors"),
            read=str(m.factors.n_factors),
            allowed=f"fewer factors than the {n_indicators} indicators",
        )
