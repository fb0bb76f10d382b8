"""Changes of a methodology, each with the methodology in which it alone is undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from clientindex.methodology import Methodology
from clientindex.rating.change.method import (
    BOTH,
    GONE,
    NEW,
    RESCALED,
    find_one_method,
    keep_indicators,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from clientindex.methodology.model import Group

NOT_ASKED, NOT_SEPARATED = "not_asked", "not_separated"
FIELDS: Final = ("segments", "scoring", "stars", "answer_weights", "case_mix", "checklist")
"""Settings that are undone as a whole."""
TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversion:
    """A change and how it is undone.

    Attributes
    ----------
    kind, key : str
        See :class:`clientindex.results.MethodologyEffects`.
    undo : callable or None
        Takes a methodology and returns it without the change; None where that cannot be done.
    reason : str
        Why it cannot be undone, else "".
    """

    kind: str
    key: str = ""
    undo: Callable[[Methodology], Methodology] | None = None
    reason: str = ""


def list_reversions(previous: Methodology, current: Methodology) -> list[Reversion]:
    """List the changes that act on stars: indicators, weights, then other settings.

    Parameters
    ----------
    previous, current : Methodology

    Notes
    -----
    An indicator that is gone was not asked in this edition, so its return cannot be computed.
    Weights are undone among what both methodologies have; what is new keeps its share.
    """
    table = find_one_method(previous, current).indicators
    status = dict(zip(table["indicator"], table["status"], strict=True))
    both = {key for key, word in status.items() if word in (BOTH, RESCALED)}
    moved = {key for key in both if previous.group_of(key) != current.group_of(key)}
    return [
        *_list_indicators(status, moved),
        *_list_weights(previous, current, common=both - moved),
        *_list_fields(previous, current),
    ]


def _list_indicators(status: Mapping[str, str], moved: set[str]) -> Iterator[Reversion]:
    for key, word in status.items():
        if word == NEW:
            yield Reversion(kind="indicator_new", key=key, undo=_make_leave(key))
        elif word == GONE:
            yield Reversion(kind="indicator_gone", key=key, reason=NOT_ASKED)
        elif word == RESCALED:
            yield Reversion(kind="indicator_rescaled", key=key, reason=NOT_SEPARATED)
        if key in moved:
            yield Reversion(kind="indicator_moved", key=key, reason=NOT_SEPARATED)


def _list_weights(
    previous: Methodology, current: Methodology, *, common: set[str]
) -> Iterator[Reversion]:
    old = {group.key: group for group in previous.groups}
    shared = [group for group in current.groups if group.key in old]
    before = {group.key: old[group.key].weight for group in shared}
    if not _are_alike({group.key: group.weight for group in shared}, before):
        yield Reversion(kind="group_weights", undo=lambda m: _weigh_groups(m, before))
    for group in shared:
        inner = {k: w for k, w in old[group.key].indicators.items() if k in common}
        now = {k: w for k, w in group.indicators.items() if k in inner}
        if not _are_alike(now, inner):
            undo = _make_weigh_inside(group.key, inner)
            yield Reversion(kind="indicator_weights", key=group.key, undo=undo)


def _list_fields(previous: Methodology, current: Methodology) -> Iterator[Reversion]:
    for name in FIELDS:
        if _dump(previous, name) == _dump(current, name):
            continue
        if name == "segments" and previous.segment_keys != current.segment_keys:
            yield Reversion(kind=name, reason=NOT_SEPARATED)
        else:
            yield Reversion(kind=name, undo=_make_put(name, getattr(previous, name)))


def _dump(methodology: Methodology, name: str) -> Any:
    """Return a setting as plain values, without the names that readers see."""
    if name == "segments":
        return [(segment.key, segment.weight) for segment in methodology.segments]
    value = getattr(methodology, name)
    if value is None:
        return None
    return value.model_dump(mode="json", exclude={"answers"} if name == "checklist" else None)


def _make_leave(key: str) -> Callable[[Methodology], Methodology]:
    return lambda m: keep_indicators(m, tuple(k for k in m.indicator_keys if k != key))


def _make_put(name: str, value: Any) -> Callable[[Methodology], Methodology]:
    return lambda m: put_fields(m, {name: value})


def _make_weigh_inside(
    group: str, before: Mapping[str, float]
) -> Callable[[Methodology], Methodology]:
    def undo(methodology: Methodology) -> Methodology:
        groups = tuple(
            own.model_copy(update={"indicators": _share(own.indicators, before)})
            if own.key == group
            else own
            for own in methodology.groups
        )
        return put_fields(methodology, {"groups": groups})

    return undo


def _weigh_groups(methodology: Methodology, before: Mapping[str, float]) -> Methodology:
    weights = _share({group.key: group.weight for group in methodology.groups}, before)
    groups: tuple[Group, ...] = tuple(
        group.model_copy(update={"weight": weights[group.key]}) for group in methodology.groups
    )
    return put_fields(methodology, {"groups": groups})


def put_fields(methodology: Methodology, fields: Mapping[str, Any]) -> Methodology:
    """Return the methodology with these fields; nothing that it found before is kept."""
    own = {name: getattr(methodology, name) for name in type(methodology).model_fields}
    return Methodology.model_construct(**{**own, **fields})


def _share(now: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    """Return weights of now in which those of `before` share in their own total as they did then.

    Where they weighed nothing then, weights stay.
    """
    known = [key for key in now if key in before]
    total, was = sum(now[key] for key in known), sum(before[key] for key in known)
    if was <= 0:
        return dict(now)
    return {key: total * before[key] / was if key in before else now[key] for key in now}


def _are_alike(now: Mapping[str, float], before: Mapping[str, float]) -> bool:
    """Return whether weights share in their totals alike."""
    undone = _share(now, before)
    return all(abs(undone[key] - now[key]) <= TOLERANCE for key in now)
