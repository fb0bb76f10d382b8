"""Values that stand in a document as data deliver them, because nothing names them in its language.

In English documents these are values in Russian letters. In Russian documents these are the keys of
traits, of their sets and of attributes of the register, which are Latin by nature.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

import pandas as pd

from clientindex.results import CaseMix
from clientindex.wording.names import SET, TRAIT, name_level, name_trait, name_value
from clientindex.wording.transliteration import has_cyrillic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.results.base import Result
    from clientindex.wording.words import Wording

DIVISIONS: Final = ("channel", "period")
"""Divisions of data whose parts are named by data."""
PLACES: Final = (("across", "part"), ("kind", "part"), ("trait", "level"))
"""Columns that say of what a value is, and the value."""
MOST: Final = 12
"""Values that are listed; of the others the number is told."""


def tell_unnamed_values(bundle: Bundle, wording: Wording) -> str | None:
    """Say which values stand as delivered; None where there are none.

    Parameters
    ----------
    bundle : Bundle
    wording : Wording
    """
    listed = list_unnamed_values(bundle, wording)
    if not listed:
        return None
    values = ", ".join(wording.text("sentence.quoted", name=value) for value in listed[:MOST])
    if len(listed) <= MOST:
        return wording.text("callout.unnamed_values", values=values)
    n = wording.integer(len(listed) - MOST)
    return wording.text("callout.more_unnamed_values", values=values, n=n)


def list_unnamed_values(bundle: Bundle, wording: Wording) -> list[str]:
    """Return the values that nothing names in the language, sorted, each once."""
    methodology = bundle.methodology
    if wording.language == "ru":
        return sorted(set(_list_bare_keys(bundle, wording)))
    found = {
        value
        for kind, value in _list_values(bundle.results.values(), methodology)
        if has_cyrillic(_name(kind, value, methodology, wording))
    }
    return sorted(found)


def _name(kind: str, value: str, methodology: Methodology, wording: Wording) -> str:
    named = name_level if kind not in DIVISIONS else name_value
    return named(kind, value, methodology, wording)


def _list_bare_keys(bundle: Bundle, wording: Wording) -> Iterator[str]:
    """Yield the keys of sets, traits and attributes that have no name."""
    methodology, peers = bundle.methodology, bundle.methodology.stars.peer_groups
    result = bundle.results.get("case_mix")
    if isinstance(result, CaseMix):
        yield from _keep_equal(SET, result.summary["set"], methodology, wording)
        traits = (key for listed in result.summary["traits"] for key in str(listed).split(", "))
        yield from (key for key in traits if name_trait(key, methodology, wording) == key)
    attributes = [cap.flag for cap in methodology.stars.caps]
    attributes += [] if peers is None else [peers.attribute]
    yield from _keep_equal(TRAIT, filter(None, attributes), methodology, wording)


def _keep_equal(
    kind: str, keys: Iterable[str], methodology: Methodology, wording: Wording
) -> Iterator[str]:
    return (key for key in keys if name_value(kind, key, methodology, wording) == key)


def _list_values(results: Iterable[Result], methodology: Methodology) -> Iterator[tuple[str, str]]:
    """Yield kind and value of everything that data name, some more than once."""
    peers = methodology.stars.peer_groups
    for result in results:
        for frame in _list_frames(result):
            for kinds, values in PLACES:
                if {kinds, values} <= set(frame.columns):
                    pairs = frame[[kinds, values]].drop_duplicates().astype(str)
                    own = pairs if kinds == TRAIT else pairs[pairs[kinds].isin(DIVISIONS)]
                    yield from own.itertuples(index=False, name=None)
            if peers is not None and peers.attribute and "peer_group" in frame:
                yield from ((peers.attribute, str(v)) for v in frame["peer_group"].unique())
    for cap in methodology.stars.caps:
        if cap.flag is not None:
            yield from ((cap.flag, value) for value in cap.holds)


def _list_frames(result: Result) -> Iterator[pd.DataFrame]:
    for field in dataclasses.fields(result):  # type: ignore[arg-type]  # results are dataclasses
        value = getattr(result, field.name)
        if isinstance(value, pd.DataFrame):
            yield value
