"""What a methodology must satisfy beyond single fields: one small check a rule."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from clientindex.methodology.sensitivity_checks import check_sensitivity
from clientindex.methodology.star_checks import check_star_rule
from clientindex.methodology.weighting_checks import check_weighting
from clientindex.settings import Location, SettingFault, find_nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from clientindex.methodology.model import Methodology, Scale

WEIGHT_SUM_TOLERANCE = 1e-6
"""Room for weights written with six decimals, such as 0.333333."""


def check_methodology(methodology: Methodology) -> list[SettingFault]:
    """Return every fault that needs more than one field to be seen."""
    found = [*_duplicates(methodology), *_membership(methodology)]
    # Keys that do not fit hide which indicator is of which group and kind.
    by_kind = (_answers, _top_boxes, _measures, _checklists, check_weighting, check_sensitivity)
    checks = (
        *(_weights, _scales, *(() if found else by_kind)),
        *(_periods, check_star_rule, _levels, _factor_count),
    )
    return found + [fault for check in checks for fault in check(methodology)]


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
    if m.segments:
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


def _answers(m: Methodology) -> Iterator[SettingFault]:
    """Yield what a survey needs and the file lacks."""
    if not m.answer_keys:
        return
    for name in ("scale", "segments"):
        if name not in m.model_fields_set or not getattr(m, name):
            yield SettingFault(
                location=(name,), read="nothing", allowed="this key is required for answers"
            )
    if m.scoring.scale == "standard" and not m.measure_keys:
        yield from _unbounded_answers(m)


def _unbounded_answers(m: Methodology) -> Iterator[SettingFault]:
    if m.scoring.normalise_groups == "none":
        yield SettingFault(
            location=("scoring", "scale"),
            read="standard",
            allowed="answers alone give points; standard is for z scores of measures or groups",
        )


def _measures(m: Methodology) -> Iterator[SettingFault]:
    for i, indicator in enumerate(m.indicators):
        location = ("indicators", i)
        if indicator.kind == "answers" and indicator.normaliser is not None:
            yield SettingFault(
                location=(*location, "normaliser"),
                read="a normaliser of answers",
                allowed="answers have their scale; a normaliser is for 'kind: measure'",
            )
        if indicator.kind == "measure" and (indicator.scale or indicator.checklist):
            yield SettingFault(
                location=(*location, "scale" if indicator.scale else "checklist"),
                read="a scale of answers or a checklist of a measure",
                allowed="a measure is a number, brought to points by its normaliser",
            )
        if (
            indicator.kind == "measure"
            and m.scoring.scale == "points"
            and indicator.normaliser is not None
            and (indicator.normaliser.to[0] < 0 or indicator.normaliser.to[1] > 100)
        ):
            yield SettingFault(
                location=(*location, "normaliser", "to"),
                read=f"{indicator.normaliser.to[0]:g} to {indicator.normaliser.to[1]:g}",
                allowed="points lie from 0 to 100; 'scoring: scale: standard' has no ends",
            )
    if m.scoring.normalise_groups == "z" and m.scoring.scale == "points":
        yield SettingFault(
            location=("scoring", "normalise_groups"),
            read="z scores of groups on the scale of points",
            allowed="z scores are not 0-100: write 'scoring: scale: standard'",
        )


def _checklists(m: Methodology) -> Iterator[SettingFault]:
    if m.checklist is None or m.checklist.use == "verify":
        return
    if m.scoring.scale != "points":
        yield SettingFault(
            location=("checklist", "use"),
            read=m.checklist.use,
            allowed="verify; checklists are points, and scores here are not",
        )
    if m.checklist.use == "precision" and m.stars.peer_groups is not None:
        yield SettingFault(
            location=("checklist", "use"),
            read="precision, with cut points that differ between peer groups",
            allowed="verify or blend; the decision rule needs the same cut points for all",
        )


def _top_boxes(m: Methodology) -> Iterator[SettingFault]:
    if m.scoring.answers != "top_box":
        return
    places = {indicator.key: at for at, indicator in enumerate(m.indicators)}
    for key in m.answer_keys:
        scale = m.scale_of(key)
        least = scale.top_box_from if m.indicator(key).scale is not None else None
        least = m.scoring.top_box_from if least is None else least
        if least is None or not scale.minimum < least <= scale.maximum:
            yield SettingFault(
                location=("indicators", places[key]),
                read=f"top-box shares of {key!r} from {'nothing' if least is None else least}",
                allowed=f"'top_box_from' above {scale.minimum} and up to {scale.maximum}, under "
                "scoring, or in the indicator's own scale",
            )


def _periods(m: Methodology) -> Iterator[SettingFault]:
    if m.scoring.periods is not None:
        yield from _sum_fault(("scoring", "periods", "weights"), m.scoring.periods.weights.values())


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
    n_indicators = sum(indicator.kind == "answers" for indicator in m.indicators)
    if n_indicators and m.factors.n_factors >= n_indicators:
        yield SettingFault(
            location=("factors", "n_factors"),
            read=str(m.factors.n_factors),
            allowed=f"fewer factors than the {n_indicators} indicators",
        )
