"""What differs between two methodologies in the reader's language: what, before, after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.results.methodology_comparison import MethodologyComparison
    from clientindex.wording.words import Wording

MOST_NAMED: Final = 2
"""Indicators of one row that are named; of the others the number is told."""
LONGEST: Final = 60
"""Characters of a value that is written out; a longer one is said to be set otherwise."""
KEY: Final = "compare"
TEXTS: Final = frozenset({"title", "status", "source"})
"""Areas that are one text in both languages."""
OUTER: Final = "groups.weight"
INNER: Final = "groups.indicators.weight"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChange:
    """A row of the table of changes: what it is, what it was, what it is now."""

    what: str
    before: str
    after: str


def tell_changes(
    result: MethodologyComparison,
    wording: Wording,
    *,
    effects: Iterable[str],
    together: bool = False,
) -> list[ToldChange]:
    """Tell the differences that act on something: the star rule, weights, the rest.

    Parameters
    ----------
    result : MethodologyComparison
    wording : Wording
    effects : iterable of str
        Of :data:`clientindex.results.methodology_comparison.EFFECTS`.
    together : bool
        Whether weights of all groups are one row.

    Notes
    -----
    Weights inside one group that change alike are one row: where an indicator goes, those of all
    others of its group rise by the same. They stand last, since they often only follow.
    """
    frame = result.changes[result.changes["effect"].isin(set(effects))]
    frame = frame.iloc[_order(frame).argsort(kind="stable")]
    return [_tell(rows, result, wording) for rows in _gather(frame, together=together)]


def _order(frame: pd.DataFrame) -> NDArray[np.int64]:
    """Return 0 for the star rule, 1 for weights, 2 for the rest, 3 for weights inside groups."""
    setting = frame["setting"]
    outer = setting.isin([OUTER, "segments.weight"])
    return np.select([frame["effect"] == "stars", outer, setting == INNER], [0, 1, 3], default=2)


def _gather(frame: pd.DataFrame, *, together: bool) -> Iterator[list[Any]]:
    """Yield rows that are told together."""
    gathered: dict[tuple[str, ...], list[Any]] = {}
    rows: Iterator[Any] = frame.itertuples(index=False)
    for row in rows:
        group = row.place.split(".")[1] if row.setting == INNER else row.place
        key: tuple[str, ...] = (row.setting, group, row.before, row.after)
        key = (OUTER,) if together and row.setting == OUTER else key
        gathered.setdefault(key, []).append(row)
    yield from gathered.values()


def _tell(rows: list[Any], result: MethodologyComparison, wording: Wording) -> ToldChange:
    first = rows[0]
    write = _choose_writer(first, result, wording)
    told = rows if first.setting == OUTER else rows[:1]
    return ToldChange(
        what=_name(rows, wording),
        before="; ".join(write(row.before, 0) for row in told),
        after="; ".join(write(row.after, 1) for row in told),
    )


def _name(rows: list[Any], wording: Wording) -> str:
    first = rows[0]
    what = name_setting(first.setting, first.place, wording)
    names = [_pick(row, wording) for row in rows]
    if not names[0]:
        return what
    if first.setting == OUTER and len(rows) > 1:
        return wording.text(f"{KEY}.all_weights", groups="; ".join(names))
    told = ", ".join(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        n = wording.integer(len(names) - MOST_NAMED)
        told = wording.text(f"{KEY}.joined", first=told, n=n)
    return wording.text(f"{KEY}.also", what=what, subject=told)


def name_setting(setting: str, place: str, wording: Wording) -> str:
    """Name a setting; one without a name of its own by its area and its place in the file."""
    key = f"{KEY}.setting.{setting.replace('.', '_')}"
    if key in wording.texts:
        return wording.text(key)
    area, _, rest = place.partition(".")
    named = wording.text(f"{KEY}.area.{area}")
    plain = not rest or area in TEXTS
    return named if plain else wording.text(f"{KEY}.other_settings", area=named, place=rest)


def _pick(row: Any, wording: Wording) -> str:
    return str(row.name_ru if wording.language == "ru" else row.name_en)


def _choose_writer(
    row: Any, result: MethodologyComparison, wording: Wording
) -> Callable[[str, int], str]:
    """Return what writes the value of a side, 0 before and 1 after, of this kind of setting."""

    def write(text: str, side: int) -> str:
        value = json.loads(text) if text else None
        if value is None:
            own_scale = row.setting == "indicators.scale"
            return wording.text(f"{KEY}.value.scale_common" if own_scale else f"{KEY}.absent")
        if row.setting == "indicators":
            return _write_weight(row.subject, side, result, wording)
        if row.setting == "groups.member":
            return _name_group(str(value), result, wording)
        if row.setting in ("groups", "segments"):
            return wording.percent(value["weight"], digits=_count_digits(value["weight"]))
        if row.setting.endswith("weight") or row.setting == "scoring.periods":
            return _write_shares(value, wording)
        return _write_value(row.setting, value, result, wording)

    return write


def _write_weight(key: str, side: int, result: MethodologyComparison, wording: Wording) -> str:
    """Write the weight that an indicator has, or had, in the index."""
    column = ("weight_before", "weight_after")[side]
    weight = float(result.weights.set_index("indicator")[column].to_dict()[key])
    told = wording.percent(weight, digits=_count_digits(weight))
    return wording.text(f"{KEY}.weight_in_index", weight=told)


def _count_digits(share: float) -> int:
    return 0 if abs(100 * share - round(100 * share)) < 1e-6 else 1


def _name_group(key: str, result: MethodologyComparison, wording: Wording) -> str:
    names = result.group_names.get(key)
    return key if names is None else names[0 if wording.language == "ru" else 1]


def _write_shares(value: Any, wording: Wording) -> str:
    shares = value.get("weights", {}) if isinstance(value, dict) else {"": value}
    told = [
        f"{name} {wording.percent(share, digits=_count_digits(share))}".strip()
        for name, share in shares.items()
    ]
    return "; ".join(told)


def _write_value(setting: str, value: Any, result: MethodologyComparison, wording: Wording) -> str:
    if isinstance(value, (list, dict)) and not value:
        return wording.text(f"{KEY}.absent")
    if setting == "stars.bands":
        return "; ".join(_write_number(band["to"], wording) for band in value[:-1])
    if setting == "stars.caps":
        return _write_cap(value, result, wording)
    if setting == "indicators.scale":
        return _write_scale(value, wording)
    if isinstance(value, dict):
        value = [item for item in value.values() if item is not None]
    if isinstance(value, list):
        simple = all(not isinstance(item, (dict, list)) for item in value)
        told = "; ".join(_write_scalar(setting, item, wording) for item in value) if simple else ""
        return told if 0 < len(told) <= LONGEST else wording.text(f"{KEY}.changed_value")
    return _write_scalar(setting, value, wording)


def _write_scalar(setting: str, value: Any, wording: Wording) -> str:
    """Write one value; a setting may have a text of its own for a value that others share."""
    name = str(value).lower()
    for key in (f"{KEY}.value.{setting.replace('.', '_')}_{name}", f"{KEY}.value.{name}"):
        if isinstance(value, (bool, str)) and key in wording.texts:
            return wording.text(key)
    if value is None:
        return wording.text(f"{KEY}.absent")
    if isinstance(value, (int, float)):
        return _write_number(value, wording)
    text = str(value)
    return text if len(text) <= LONGEST else wording.text(f"{KEY}.changed_value")


def _write_number(value: float, wording: Wording) -> str:
    if float(value).is_integer():
        return wording.integer(int(value))
    digits = next((d for d in range(1, 5) if abs(value - round(value, d)) < 1e-9), 5)
    return wording.number(value, digits=digits)


def _write_cap(value: Any, result: MethodologyComparison, wording: Wording) -> str:
    most = float(value["at_most"])
    noun = wording.plural(int(most) if most.is_integer() else 2, "star_of")
    stars = f"{_write_number(most, wording)}\u00a0{noun}"
    limit = value["score_below"] if value["score_below"] is not None else value["stars_below"]
    if limit is None:
        return wording.text(f"{KEY}.value.cap", stars=stars)
    told = _write_number(float(limit), wording)
    if value["group"] is None:
        return wording.text(f"{KEY}.value.cap_index", stars=stars, limit=told)
    group = _name_group(value["group"], result, wording)
    return wording.text(f"{KEY}.value.cap_group", stars=stars, limit=told, group=group)


def _write_scale(value: Any, wording: Wording) -> str:
    if value.get("points"):
        points = "; ".join(_write_number(point, wording) for point in value["points"].values())
        return wording.text(f"{KEY}.value.scale_points", points=points)
    low, high = (_write_number(value[name], wording) for name in ("minimum", "maximum"))
    return wording.text(f"{KEY}.value.scale", low=low, high=high)
