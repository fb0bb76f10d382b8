"""Every difference between two methodology files: its place, what stood there, what stands now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from clientindex.results.methodology_comparison import CHANGE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.methodology import Methodology

CHANGED, ADDED, REMOVED, MOVED, REORDERED = "changed", "added", "removed", "moved", "reordered"
TOLERANCE: Final = 1e-12
"""Weights that differ by less are equal: 1/3 may be written twice."""
LIST_KEYS: Final = ("key", "reason")
"""Fields by which the items of a list are told apart: of indicators, of caps."""
WHOLE: Final = frozenset({("stars", "bands")})
"""Places told as one value: a cut point stands in two bands."""
OWN_KEYS: Final = frozenset({"groups", "indicators", "segments", "items"})
"""Settings whose keys are names that the file makes itself."""

TEXT_AREAS: Final = frozenset({"schema", "id", "title", "status", "source", "changes"})
TEXT_FIELDS: Final = frozenset({"name", "question", "text", "labels", "ru", "en"})
INDEX_AREAS: Final = frozenset(
    {"scale", "segments", "groups", "scoring", "answer_weights", "case_mix", "traits"}
)
INDEX_FIELDS: Final = frozenset({"direction", "scale", "kind", "normaliser", "minimum_centres"})
"""Of an indicator; its texts, checklist and `verifiable` leave the index as it is."""

Difference = tuple[tuple[str, ...], Any, Any]
ABSENT: Final = object()


def list_changes(before: Methodology, after: Methodology) -> pd.DataFrame:
    """List everything in which two methodologies differ.

    Parameters
    ----------
    before, after : Methodology

    Returns
    -------
    DataFrame
        See :attr:`clientindex.results.methodology_comparison.MethodologyComparison.changes`; in
        the order of the file, what acts on the index first.

    Notes
    -----
    The checked models are compared, so that a default that is written out is no difference, nor is
    the order of settings. Lists of groups, indicators, segments, bands and caps are matched by
    their keys; other lists are one value. An indicator that changes its group gives one row
    "moved"; one that comes or goes gives one row, and its membership of the group none.
    """
    differences = list(_walk(_dump(before), _dump(after), ()))
    rows = [_tell(item, before, after) for item in _join_members(differences, before, after)]
    frame = pd.DataFrame(rows, columns=[*CHANGE_COLUMNS], dtype="str")
    order = frame["effect"].map({"index": 0, "stars": 1, "other": 2, "text": 3})
    return frame.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def _dump(methodology: Methodology) -> dict[str, Any]:
    return methodology.model_dump(mode="json", by_alias=True)


def _walk(before: Any, after: Any, place: tuple[str, ...]) -> Iterator[Difference]:
    """Yield the places at which two dumps differ; what one of them lacks is not entered."""
    first, second = (before, after) if place in WHOLE else (_by_key(before), _by_key(after))
    if isinstance(first, dict) and isinstance(second, dict):
        for key in [*first, *(key for key in second if key not in first)]:
            yield from _walk(first.get(key, ABSENT), second.get(key, ABSENT), (*place, str(key)))
        shared = [key for key in first if key in second]
        if isinstance(before, list) and shared != [key for key in second if key in first]:
            yield (*place, "order"), [*first], [*second]
    elif not _equal(before, after):
        yield place, before, after


def _by_key(value: Any) -> Any:
    """Return a list of keyed items as a mapping, anything else as it is."""
    if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
        return {} if value == [] else value
    for name in LIST_KEYS:
        keys = [str(item.get(name)) for item in value]
        if all(name in item for item in value) and len(set(keys)) == len(keys):
            return dict(zip(keys, value, strict=True))
    return value


def _equal(before: Any, after: Any) -> bool:
    if isinstance(before, float) or isinstance(after, float):
        numbers = all(
            isinstance(v, (int, float)) and not isinstance(v, bool) for v in (before, after)
        )
        return numbers and abs(before - after) <= TOLERANCE
    return bool(before == after)


def _join_members(
    differences: list[Difference], before: Methodology, after: Methodology
) -> Iterator[Difference]:
    """Yield the differences with one row for an indicator that comes, goes or moves."""
    old, new = set(before.indicator_keys), set(after.indicator_keys)
    moved = {key for key in old & new if before.group_of(key) != after.group_of(key)}
    told: set[str] = set()
    for place, first, second in differences:
        member = _find_member(place)
        if member is None or member not in (old ^ new) | moved:
            yield place, first, second
        elif member in moved and member not in told:
            told.add(member)
            yield ("groups", "indicators", member), before.group_of(member), after.group_of(member)


def _find_member(place: tuple[str, ...]) -> str | None:
    is_member = len(place) == 4 and place[0] == "groups" and place[2] == "indicators"
    return place[3] if is_member else None


def _tell(difference: Difference, before: Methodology, after: Methodology) -> dict[str, str]:
    place, first, second = difference
    subject = _find_subject(place)
    name = _find_name(place, subject, (after, before))
    return {
        "place": ".".join(place),
        "area": place[0],
        "setting": ".".join(_generalise(place)),
        "kind": _find_kind(place, first, second),
        "effect": _find_effect(place, (before, after)),
        "subject": subject,
        "name_ru": name[0],
        "name_en": name[1],
        "before": _write(first),
        "after": _write(second),
    }


def _find_kind(place: tuple[str, ...], first: Any, second: Any) -> str:
    if place[:2] == ("groups", "indicators"):
        return MOVED
    if place[-1] == "order":
        return REORDERED
    if first is ABSENT or first is None:
        return ADDED
    return REMOVED if second is ABSENT or second is None else CHANGED


def _find_subject(place: tuple[str, ...]) -> str:
    """Return the key of the group, indicator or segment that a place speaks of."""
    if place[:2] == ("groups", "indicators") or _find_member(place):
        return place[-1]
    keyed = place[0] in OWN_KEYS and len(place) > 1 and place[1] != "order"
    return place[1] if keyed else ""


def _find_name(
    place: tuple[str, ...], subject: str, sides: tuple[Methodology, ...]
) -> tuple[str, str]:
    is_group = place[0] == "groups" and place[1:2] == (subject,)
    for methodology in sides:
        if is_group:
            names = {group.key: group.name for group in methodology.groups}
        elif place[0] == "segments":
            names = {segment.key: segment.name for segment in methodology.segments}
        else:
            names = {indicator.key: indicator.name for indicator in methodology.indicators}
        if subject in names:
            return names[subject].ru, names[subject].en
    return "", ""


def _generalise(place: tuple[str, ...]) -> tuple[str, ...]:
    """Return a place without the keys that the file makes itself."""
    if place[:2] == ("groups", "indicators"):
        return ("groups", "member")
    if _find_member(place):
        return ("groups", "indicators", "weight")
    if place[0] in OWN_KEYS and len(place) > 1 and place[1] != "order":
        return (place[0], *place[2:3])
    return place[:2]


def _find_effect(place: tuple[str, ...], sides: tuple[Methodology, ...]) -> str:
    area, last = place[0], place[-1]
    if area in TEXT_AREAS or TEXT_FIELDS & set(place[1:]) or last == "order":
        return "text" if area != "indicators" or last != "order" else "other"
    if area == "indicators":
        whole = len(place) == 2
        return "index" if whole or place[2] in INDEX_FIELDS else "other"
    if area == "checklist":
        return "index" if "answers" not in place or _scores_checklists(sides) else "other"
    if area == "agreement" and any(m.checklist and m.checklist.use == "precision" for m in sides):
        return "index"
    return "index" if area in INDEX_AREAS else "stars" if area == "stars" else "other"


def _scores_checklists(sides: tuple[Methodology, ...]) -> bool:
    return any(m.checklist is not None and m.checklist.use != "verify" for m in sides)


def _write(value: Any) -> str:
    return "" if value is ABSENT else json.dumps(value, ensure_ascii=False)
