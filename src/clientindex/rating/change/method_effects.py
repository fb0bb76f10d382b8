"""What each change of the methodology did to stars: it is undone, and stars are given anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.rating.change.reversions import Reversion, list_reversions
from clientindex.results.methodology_effects import (
    COUNTS,
    EFFECT_COLUMNS,
    TOGETHER,
    MethodologyEffects,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.methodology import Methodology
    from clientindex.results import Stars

    Rate = Callable[[Methodology, frozenset[str]], Stars]

NOT_DEFINED = "not_defined"


def assess_effects(
    previous: Methodology, current: Methodology, stars: Stars, *, rate: Rate
) -> MethodologyEffects:
    """Undo every change of the methodology alone, then all together, on the same answers.

    Parameters
    ----------
    previous, current : Methodology
    stars : Stars
        Of the current methodology.
    rate : callable
        ``rate(methodology, kinds)`` -> stars of these answers under a methodology in which changes
        of these kinds are undone; it may raise StatisticsError.
    """
    changes = list_reversions(previous, current)
    rows = [_tell(change, current, previous, stars, rate) for change in changes]
    undone = [change for change in changes if change.undo is not None]
    if undone:
        rows.append(_tell_together(undone, current, stars, rate))
    frame = pd.DataFrame(rows, columns=[*EFFECT_COLUMNS])
    numbers = dict.fromkeys(("mean_difference", "largest_difference"), "float64")
    texts = dict.fromkeys(("kind", "key", "name_ru", "name_en", "reason"), "str")
    return MethodologyEffects(
        frame=frame.astype({**dict.fromkeys(COUNTS, "Int64"), **numbers, **texts}),
        previous_id=previous.id,
        current_id=current.id,
        n_centres=len(stars.frame),
    )


def _tell(
    change: Reversion, current: Methodology, previous: Methodology, stars: Stars, rate: Rate
) -> dict[str, Any]:
    names = _name(change, (current, previous))
    label = {"kind": change.kind, "key": change.key, "name_ru": names[0], "name_en": names[1]}
    if change.undo is None:
        return {**label, "reason": change.reason}
    found = _compare(stars, current, change.undo(current), frozenset({change.kind}), rate)
    return {**label, **found}


def _tell_together(
    changes: list[Reversion], current: Methodology, stars: Stars, rate: Rate
) -> dict[str, Any]:
    methodology = current
    for change in changes:
        assert change.undo is not None
        methodology = change.undo(methodology)
    kinds = frozenset(change.kind for change in changes)
    label = {"kind": TOGETHER, "key": "", "name_ru": "", "name_en": ""}
    return {**label, **_compare(stars, current, methodology, kinds, rate)}


def _compare(
    stars: Stars, current: Methodology, undone: Methodology, kinds: frozenset[str], rate: Rate
) -> dict[str, Any]:
    try:
        without = rate(undone, kinds)
    except StatisticsError:
        return {"reason": NOT_DEFINED}
    same_scale = current.scoring.scale == undone.scoring.scale
    return {**compare_stars(stars.frame, without.frame, same_scale=same_scale), "reason": ""}


def compare_stars(
    now: pd.DataFrame, without: pd.DataFrame, *, same_scale: bool = True
) -> dict[str, Any]:
    """Count centres whose stars a change moved, and measure what it did to the index.

    Parameters
    ----------
    now, without : DataFrame
        ``centre``, ``star``, ``estimate``; the same centres with the change and without it.
    same_scale : bool
        Whether differences of indices mean anything.
    """
    other = without.set_index("centre").reindex(now["centre"])
    star, was = (column.to_numpy(float, na_value=np.nan) for column in (now["star"], other["star"]))
    here, there = ~np.isnan(star), ~np.isnan(was)
    apart = now["estimate"].to_numpy(float) - other["estimate"].to_numpy(float)
    apart = apart[~np.isnan(apart)] if same_scale else apart[:0]
    return {
        "up": int((star > was).sum()),
        "down": int((star < was).sum()),
        "given": int((here & ~there).sum()),
        "withheld": int((~here & there).sum()),
        "same": int((star == was).sum()),
        "mean_difference": float(apart.mean()) if len(apart) else np.nan,
        "largest_difference": float(np.abs(apart).max()) if len(apart) else np.nan,
    }


def _name(change: Reversion, sides: tuple[Methodology, ...]) -> tuple[str, str]:
    """Name the indicator or group of a change, as it is called now or was before."""
    for methodology in sides:
        names = (
            {group.key: group.name for group in methodology.groups}
            if change.kind == "indicator_weights"
            else {indicator.key: indicator.name for indicator in methodology.indicators}
        )
        if change.key in names:
            return names[change.key].ru, names[change.key].en
    return "", ""
