"""A bundle as readers may see it: counts of few people, and what rests on them, are hidden."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from clientindex.results import Unavailable
from clientindex.results.suppression import SUPPRESSION, Suppression
from clientindex.tables.disclosure.choose import choose_hidden
from clientindex.tables.disclosure.declared import read_declared
from clientindex.tables.disclosure.facts import collect_facts, find_places, get_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from clientindex.results import Bundle
    from clientindex.results.base import Result
    from clientindex.tables.disclosure.choose import Key
    from clientindex.tables.disclosure.declared import Declared
    from clientindex.tables.disclosure.facts import Facts, Place
    from clientindex.tables.hidden import Rule

CENTRE: Final = "centre"
Masks = dict[tuple[str, str], dict[str, dict[int, "Rule"]]]
"""Result and frame -> column -> row -> rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """A bundle without what is hidden.

    Attributes
    ----------
    bundle : Bundle
        For readers: what is hidden is missing.
    whole : Bundle
        With everything: only to see which cells of a table are missing because they are hidden.
    primary : Bundle
        Without what is hidden because few people stand behind it.
    suppression : Suppression
        Also among the results of `bundle`, as "suppression".
    touched : frozenset of str
        Names of the results that something is hidden in.
    """

    bundle: Bundle
    whole: Bundle
    primary: Bundle
    suppression: Suppression
    touched: frozenset[str]

    def rename(self, change: Callable[[Bundle], Bundle]) -> Protected:
        """Return the same with every bundle changed so."""
        return replace(
            self,
            bundle=change(self.bundle),
            whole=change(self.whole),
            primary=change(self.primary),
        )


@lru_cache(maxsize=1)
def protect(bundle: Bundle) -> Protected:
    """Hide what the methodology's rule for few people does not let out.

    Parameters
    ----------
    bundle : Bundle
        With names as the register has them, so that all languages hide the same.
    """
    declared = read_declared()
    settings = bundle.methodology.disclosure
    places = find_places(bundle, declared)
    facts = {
        family: collect_facts(bundle, places, declared, family) for family in declared.families
    }
    chosen = {
        family: _choose(family, found, declared, settings.fewest) for family, found in facts.items()
    }
    suppression = Suppression(
        frame=_count(facts, chosen), fewest=settings.fewest, source=settings.source
    )
    small = {
        family: {key for key in rules if 0 < facts[family].counts[key] < settings.fewest}
        for family, rules in chosen.items()
    }
    masks = _find_masks(bundle, places, chosen, small)
    results = _mask(bundle.results, masks) | {SUPPRESSION: suppression}
    return Protected(
        bundle=replace(bundle, results=results),
        whole=bundle,
        primary=replace(bundle, results=_mask(bundle.results, masks, only="primary")),
        suppression=suppression,
        touched=frozenset(name for name, _ in masks),
    )


def _choose(family: str, facts: Facts, declared: Declared, fewest: int) -> dict[Key, Rule]:
    """Choose what is hidden; a centre's count is hidden wherever it stands."""
    chosen: dict[Key, Rule] = {}
    while True:
        places = {key[-2:] for key in chosen if _is_centre_count(key, declared)}
        forced = [key for key in facts.counts if family == "respondents" and key[-2:] in places]
        found = choose_hidden(
            facts.counts, facts.sums, fewest=fewest, forced=forced, whole=facts.whole
        )
        if found.keys() == chosen.keys():
            return found
        chosen = found


def _is_centre_count(key: Key, declared: Declared) -> bool:
    pattern = declared.centre_key
    return len(key) == len(pattern) and key[:-1] == pattern[:-1]


def _count(facts: Mapping[str, Facts], chosen: Mapping[str, dict[Key, Rule]]) -> pd.DataFrame:
    rows = [
        {
            "family": family,
            "n": len(found.counts),
            "primary": sum(rule == "primary" for rule in chosen[family].values()),
            "secondary": sum(rule == "secondary" for rule in chosen[family].values()),
        }
        for family, found in facts.items()
    ]
    return pd.DataFrame(rows)


def _find_masks(
    bundle: Bundle,
    places: Iterable[Place],
    chosen: Mapping[str, dict[Key, Rule]],
    small: Mapping[str, set[Key]],
) -> Masks:
    declared = read_declared()
    masks: Masks = defaultdict(lambda: defaultdict(dict))
    for place in places:
        cells = place.cells
        rules, few = chosen[cells.family], small[cells.family]
        found = [(int(r), k) for r, k in zip(place.rows, place.keys, strict=True) if k in rules]
        frame = get_frame(bundle.results, cells.result, cells.frame)
        if not found or frame is None:
            continue
        always = [name for name in (cells.count, *cells.given_away_by) if name in frame]
        resting = _list_resting(frame, cells.rests, declared)
        target = masks[cells.result, cells.frame]
        for row, key in found:
            for column in (*always, *resting) if key in few else always:
                _note(target[column], row, rules[key])
    centres = {k[-1] for k in small["respondents"] if _is_centre_count(k, declared)}
    _follow_centres(bundle, centres, declared, masks)
    return masks


def _note(rows: dict[int, Rule], row: int, rule: Rule) -> None:
    if rows.get(row) != "primary":
        rows[row] = rule


def _list_resting(frame: pd.DataFrame, rests: tuple[str, ...], declared: Declared) -> list[str]:
    if rests != ("*",):
        return [name for name in rests if name in frame]
    return [str(name) for name in frame if name not in declared.kept and _is_number(frame[name])]


def _is_number(values: pd.Series[Any]) -> bool:
    kinds = pd.api.types
    return kinds.is_numeric_dtype(values) and not kinds.is_bool_dtype(values)


def _follow_centres(bundle: Bundle, few: set[str], declared: Declared, masks: Masks) -> None:
    """Hide the numbers of centres with few respondents in every frame that speaks of centres."""
    for name, result in bundle.results.items() if few else ():
        for attribute, frame in _list_frames(result).items():
            if CENTRE not in frame:
                continue
            rows = np.flatnonzero(frame[CENTRE].astype(str).isin(few).to_numpy())
            for column in _list_resting(frame, ("*",), declared) if len(rows) else ():
                for row in rows:
                    _note(masks[name, attribute][column], int(row), "primary")


def _list_frames(result: Result) -> dict[str, pd.DataFrame]:
    if isinstance(result, Unavailable):
        return {}
    fields = dataclasses.fields(result)  # type: ignore[arg-type]  # every result is a dataclass
    values = {field.name: getattr(result, field.name) for field in fields}
    return {name: value for name, value in values.items() if isinstance(value, pd.DataFrame)}


def _mask(
    results: Mapping[str, Result], masks: Masks, *, only: Rule | None = None
) -> dict[str, Result]:
    masked = dict(results)
    for (name, attribute), columns in masks.items():
        result: Any = masked[name]
        frame = getattr(result, attribute)
        changed = {
            column: _mask_column(
                frame[column], [row for row, rule in rows.items() if only in (None, rule)]
            )
            for column, rows in columns.items()
        }
        masked[name] = replace(result, **{attribute: frame.assign(**changed)})
    return masked


def _mask_column(values: pd.Series[Any], rows: list[int]) -> pd.Series[Any]:
    if not rows:
        return values
    whole = pd.api.types.is_integer_dtype(values)
    told = values.astype("Int64" if whole else float).copy()
    told.iloc[rows] = None
    return told
