"""The counts of people in the results of a bundle, and the sums that they are in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from clientindex.results import COUNTRY, Stars, Unavailable
from clientindex.tables.disclosure.choose import Key, Sum

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from clientindex.results import Bundle
    from clientindex.results.base import Result
    from clientindex.tables.disclosure.declared import Declared, DeclaredCells, DeclaredSum

REGION: Final = "{region}"
_ELSEWHERE: Final = ("",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Rows of one frame whose counts have a key.

    Attributes
    ----------
    cells : DeclaredCells
    rows : ndarray of shape (n,)
        Positions in the frame.
    keys : list of tuple of str
        One a row.
    """

    cells: DeclaredCells
    rows: np.ndarray[tuple[int], np.dtype[np.int64]]
    keys: list[Key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Counts of one family.

    Attributes
    ----------
    counts : dict
        Key -> count; of counts that are hidden together the smallest that is not 0.
    sums : list of Sum
    whole : bool
        Whether counts of one key are hidden together.
    """

    counts: dict[Key, int]
    sums: list[Sum]
    whole: bool


def find_places(bundle: Bundle, declared: Declared) -> list[Place]:
    """Return where counts of people stand in the results that are there."""
    found = []
    for cells in declared.cells:
        frame = get_frame(bundle.results, cells.result, cells.frame)
        if frame is None or not _has_columns(frame, cells):
            continue
        chosen = np.ones(len(frame), dtype=bool)
        for column, allowed in cells.where.items():
            chosen &= frame[column].isin(allowed).to_numpy()
        rows = np.flatnonzero(chosen)
        found.append(Place(cells=cells, rows=rows, keys=_list_keys(frame.iloc[rows], cells.key)))
    return found


def get_frame(results: Mapping[str, Result], result: str, frame: str) -> pd.DataFrame | None:
    """Return a frame of a result; None where there is none."""
    found = results.get(result)
    if found is None or isinstance(found, Unavailable):
        return None
    value = getattr(found, frame)
    return value if isinstance(value, pd.DataFrame) else None


def collect_facts(
    bundle: Bundle, places: Sequence[Place], declared: Declared, family: str
) -> Facts:
    """Collect the counts of a family with the sums that they are in."""
    own = [p for p in places if p.cells.family == family and p.cells.count]
    whole = any(place.cells.whole for place in own)
    values: dict[Key, int] = {}
    for place in own:
        frame = get_frame(bundle.results, place.cells.result, place.cells.frame)
        assert frame is not None  # found by find_places
        counts = pd.to_numeric(frame[place.cells.count].iloc[place.rows]).to_numpy(float)
        for key, count in zip(place.keys, counts, strict=True):
            if not np.isfinite(count):
                continue
            known = values.get(key)
            if known is None or (whole and count > 0 and (known == 0 or count < known)):
                values[key] = int(count)
    regions = _list_regions(bundle)
    segments = bundle.methodology.segment_keys
    sums = [
        found
        for declared_sum in declared.sums
        if declared_sum.family == family
        for found in _find_sums(declared_sum, values, regions, segments, whole=whole)
    ]
    return Facts(counts=values, sums=list(dict.fromkeys(sums)), whole=whole)


def _has_columns(frame: pd.DataFrame, cells: DeclaredCells) -> bool:
    named = [word[1:-1] for word in cells.key if word.startswith("{")]
    wanted = {*named, *cells.where, *([cells.count] if cells.count else [])}
    return wanted <= set(frame.columns)


def _list_keys(frame: pd.DataFrame, pattern: Sequence[str]) -> list[Key]:
    words: list[list[str]] = [
        frame[word[1:-1]].astype(str).tolist() if word.startswith("{") else [word] * len(frame)
        for word in pattern
    ]
    return list(zip(*words, strict=True))


def _list_regions(bundle: Bundle) -> dict[str, str]:
    stars = bundle.results.get("stars")
    if not isinstance(stars, Stars):
        return {}
    frame = stars.frame
    return dict(zip(frame["centre"].astype(str), frame["region"].astype(str), strict=True))


def _find_sums(
    declared: DeclaredSum,
    values: Mapping[Key, int],
    regions: Mapping[str, str],
    segments: Sequence[str],
    *,
    whole: bool,
) -> Iterator[Sum]:
    groups: dict[Key, list[Key]] = defaultdict(list)
    for key in values:
        total = _match(key, declared, regions, segments)
        if total is not None:
            groups[total].append(key)
    for total, parts in groups.items():
        if total[:1] == _ELSEWHERE:
            yield Sum(total=None, parts=tuple(parts))
        elif total in values and (whole or sum(values[k] for k in parts) == values[total]):
            yield Sum(total=total, parts=tuple(parts))


def _match(
    key: Key, declared: DeclaredSum, regions: Mapping[str, str], segments: Sequence[str]
) -> Key | None:
    """Return the key of the total that a cell is part of; None where it is of none."""
    if len(key) != len(declared.parts):
        return None
    allowed: dict[str, Any] = {
        "*segments": segments,
        "*centres": regions,
        "*regions": _AllBut(COUNTRY),
        "*": _AllBut(),
    }
    filled = {REGION: ""}
    for place, (word, pattern) in enumerate(zip(key, declared.parts, strict=True)):
        if pattern.startswith("*"):
            if word not in allowed[pattern]:
                return None
        elif not pattern.startswith("{") and word != pattern:
            return None
        if pattern == "*centres":
            filled[REGION] = regions[word]
        filled[f"{{{place}}}"] = word
    if declared.total == _ELSEWHERE:
        own = [filled[p] for p in declared.parts if p.startswith("{")]
        return ("", *own)
    return tuple(filled.get(word, word) for word in declared.total)


class _AllBut:
    """Every word but some."""

    def __init__(self, *words: str) -> None:
        self._words = words

    def __contains__(self, word: object) -> bool:
        return word not in self._words
