"""What the settings of the sensitivity must satisfy together with groups and indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.settings import Location, SettingFault, find_nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientindex.methodology.model import Methodology

SUM_TOLERANCE = 1e-6


def check_sensitivity(m: Methodology) -> Iterator[SettingFault]:
    """Yield what names groups or indicators that do not fit."""
    yield from _outcome(m)
    yield from _target(m)
    for name, variant in m.variants.weights.items():
        place: Location = ("variants", "weights", name)
        if variant.groups:
            yield from _weights((*place, "groups"), variant.groups, m.group_keys, "groups")
        for group, inner in variant.indicators.items():
            at = (*place, "indicators")
            if group not in m.group_keys:
                yield _unknown((*at, group), group, m.group_keys, "group")
            else:
                own = (*m.group(group).indicators,)
                yield from _weights((*at, group), inner, own, f"indicators of {group}")


def _outcome(m: Methodology) -> Iterator[SettingFault]:
    outcome = m.weight_sources.outcome
    if outcome is not None and outcome not in m.answer_keys:
        known = m.answer_keys
        what = "a measure" if outcome in m.measure_keys else "unknown"
        yield SettingFault(
            location=("weight_sources", "outcome"),
            read=f"{outcome!r}, which is {what}",
            allowed="an indicator of answers, which asks for overall satisfaction; null for none",
            nearest=find_nearest(outcome, known),
        )


def _target(m: Methodology) -> Iterator[SettingFault]:
    target = m.weight_importance.target
    if isinstance(target, dict):
        place: Location = ("weight_importance", "target")
        yield from _members(place, target, m.group_keys, "groups")


def _weights(
    place: Location, weights: Mapping[str, float], known: tuple[str, ...], what: str
) -> Iterator[SettingFault]:
    """Yield weights that do not name all of their kind, or do not sum to 1."""
    faults = [*_members(place, weights, known, what)]
    total = sum(weights.values())
    if not faults and abs(total - 1) > SUM_TOLERANCE:
        yield SettingFault(
            location=place, read=f"weights that sum to {total:.6g}", allowed="weights must sum to 1"
        )
    yield from faults


def _members(
    place: Location, given: Iterable[str], known: tuple[str, ...], what: str
) -> Iterator[SettingFault]:
    """Yield keys that are unknown, and those that are not named."""
    named = set(given)
    for key in sorted(named - set(known)):
        yield _unknown((*place, key), key, known, what)
    lacking = [key for key in known if key not in named]
    if lacking and named <= set(known):
        yield SettingFault(
            location=place,
            read=f"nothing for {', '.join(lacking)}",
            allowed=f"all {what} stand here: {', '.join(known)}",
        )


def _unknown(place: Location, key: str, known: tuple[str, ...], what: str) -> SettingFault:
    return SettingFault(
        location=place,
        read=f"the unknown key {key!r}",
        allowed=f"one of the {what}: {', '.join(known)}",
        nearest=find_nearest(key, known),
    )
