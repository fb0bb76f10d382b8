"""Names of regions and centres in the language of a document.

A bundle holds the names of the register. Before a document or table in English is made from it,
places get the English names that the register gives; of the others, regions get their usual English
names and centres are written in Latin letters. Before any document, a name that several centres
have is followed by the code of the centre. Nothing is stored.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from clientindex.results import COUNTRY, Coverage, Stars, Unavailable
from clientindex.wording.region_names import find_english_name
from clientindex.wording.transliteration import has_cyrillic, transliterate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clientindex.results import Bundle
    from clientindex.results.base import Result

LATIN: Final = "en"
"""The language in which names are not written as the register has them."""
CENTRE: Final = "centre"
CENTRE_NAME: Final = "name"
REGION_COLUMNS: Final = ("region", "region_before")
KEPT_COLUMNS: Final = (CENTRE, "name_ru", "name_en")
"""Never renamed: identifiers, and names that a methodology has in both languages."""
REGION_COEFFICIENT: Final = "coefficient.region."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceNames:
    """How places are named.

    Attributes
    ----------
    regions : mapping
        Name in the bundle -> name shown, of those that differ.
    centres : mapping
        Code -> English name that the register gives, where it is shown.
    repeated : frozenset of str
        Names shown that several centres have.
    latin : bool
        Whether other names of centres are written in Latin letters.
    """

    regions: Mapping[str, str]
    centres: Mapping[str, str] = field(default_factory=dict)
    repeated: frozenset[str] = frozenset()
    latin: bool = False

    def name_centre(self, centre: str, name: str) -> str:
        """Name a centre by its code and the name of the register, without its code."""
        return self.centres.get(centre) or (transliterate(name) if self.latin else name)


def find_place_names(
    results: Mapping[str, Result], language: str, *, codes: bool = True
) -> PlaceNames:
    """Return how a document in a language names the places of results.

    Parameters
    ----------
    results : mapping
        Name -> result, as in a bundle.
    language : {"ru", "en"}
    codes : bool
        Put the code of a centre after a name that several centres have.
    """
    latin = language == LATIN
    given = _list_given(results, "region") if latin else {}
    names = PlaceNames(
        regions=translate_regions(_list_regions(results.values()), given) if latin else {},
        centres=_list_given(results, CENTRE) if latin else {},
        latin=latin,
    )
    return replace(names, repeated=_find_repeated(results, names)) if codes else names


def translate_regions(
    regions: Iterable[str], given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the English names of regions that have Russian ones; different ones stay different.

    Parameters
    ----------
    regions : iterable of str
    given : mapping, optional
        Region -> English name that the register gives, all different.

    Notes
    -----
    A region without a name in the register has its usual English name; what is no region of Russia,
    or would be named as another one is, is written in Latin letters.
    """
    named = given or {}
    listed = sorted(set(regions))
    english = {name: find_english_name(name) or transliterate(name) for name in listed} | {
        name: named[name] for name in listed if name in named
    }
    for rename in (transliterate, str):
        shared = {name for name, n in Counter(english.values()).items() if n > 1}
        free = {name: said for name, said in english.items() if name not in named}
        english |= {name: rename(name) for name, said in free.items() if said in shared}
    return {name: said for name, said in english.items() if said != name}


def _list_given(results: Mapping[str, Result], kind: str) -> dict[str, str]:
    """Return place -> English name that the register gives."""
    coverage = results.get("coverage")
    frame = coverage.english_names if isinstance(coverage, Coverage) else None
    if frame is None:
        return {}
    own = frame[frame["kind"] == kind]
    return dict(zip(own["place"], own["name"], strict=True))


def _find_repeated(results: Mapping[str, Result], names: PlaceNames) -> frozenset[str]:
    """Return the names shown that several centres have."""
    stars = results.get("stars")
    if not isinstance(stars, Stars):
        return frozenset()
    known = stars.frame[[CENTRE, CENTRE_NAME]].drop_duplicates().astype(str)
    shown = (names.name_centre(*pair) for pair in known.itertuples(index=False, name=None))
    return frozenset(name for name, n in Counter(shown).items() if n > 1)


def name_places(bundle: Bundle, names: PlaceNames) -> Bundle:
    """Return a bundle whose results name places so."""
    if not (names.regions or names.centres or names.repeated or names.latin):
        return bundle
    results = {name: rename_places(result, names) for name, result in bundle.results.items()}
    return replace(bundle, results=results)


def are_names_rewritten(bundle: Bundle, names: PlaceNames) -> bool:
    """Return whether a document has names of centres or regions that the register does not give."""
    own = set(_list_given(bundle.results, "region").values())
    if set(names.regions.values()) - own:
        return True
    stars = bundle.results.get("stars")
    if not names.latin or not isinstance(stars, Stars):
        return False
    unnamed = stars.frame.loc[~stars.frame[CENTRE].isin(names.centres), CENTRE_NAME]
    return any(map(has_cyrillic, unnamed.astype(str)))


def rename_places(result: Result, names: PlaceNames) -> Result:
    """Return a result that names places so."""
    if isinstance(result, Unavailable):
        return replace(result, detail=names.regions.get(result.detail, result.detail))
    frames = {name: _rename_frame(frame, names) for name, frame in _list_frames(result).items()}
    return replace(result, **frames)  # type: ignore[type-var]  # every result is a dataclass


def _list_regions(results: Iterable[Result]) -> set[str]:
    found: set[str] = set()
    for result in results:
        for frame in _list_frames(result).values():
            for column in REGION_COLUMNS:
                if column in frame:
                    found |= set(frame[column].dropna().astype(str))
    return found - {"", COUNTRY}


def _list_frames(result: Result) -> dict[str, pd.DataFrame]:
    fields = dataclasses.fields(result)  # type: ignore[arg-type]  # every result is a dataclass
    values = {field.name: getattr(result, field.name) for field in fields}
    return {name: value for name, value in values.items() if isinstance(value, pd.DataFrame)}


def _rename_frame(frame: pd.DataFrame, names: PlaceNames) -> pd.DataFrame:
    changed = {
        column: _rename_regions(frame[column], names.regions)
        for column in frame.columns
        if column not in (*KEPT_COLUMNS, CENTRE_NAME) and _holds_text(frame[column])
    }
    if CENTRE_NAME in frame and CENTRE in frame:
        changed[CENTRE_NAME] = _rename_centres(frame, names)
    return frame.assign(**changed)


def _holds_text(values: pd.Series[str]) -> bool:
    return pd.api.types.is_string_dtype(values) or pd.api.types.is_object_dtype(values)


def _rename_regions(values: pd.Series[str], regions: Mapping[str, str]) -> pd.Series[str]:
    """Rename regions, and coefficients of regions; other texts are left as they are."""
    met = [text for text in values.dropna().unique() if isinstance(text, str)]
    renamed = {text: _rename_text(text, regions) for text in met}
    differing = {text: said for text, said in renamed.items() if text != said}
    return values.replace(differing) if differing else values


def _rename_text(text: str, regions: Mapping[str, str]) -> str:
    bare = text.removeprefix(REGION_COEFFICIENT)
    prefix = text[: len(text) - len(bare)]
    return prefix + regions[bare] if bare in regions else text


def _rename_centres(frame: pd.DataFrame, names: PlaceNames) -> pd.Series[str]:
    shown = [
        _name_centre(str(name), str(centre), names)
        for centre, name in zip(frame[CENTRE], frame[CENTRE_NAME], strict=True)
    ]
    return pd.Series(shown, index=frame.index, dtype=frame[CENTRE_NAME].dtype)


def _name_centre(name: str, centre: str, names: PlaceNames) -> str:
    written = names.name_centre(centre, name)
    return f"{written} ({centre})" if written in names.repeated and name != centre else written
