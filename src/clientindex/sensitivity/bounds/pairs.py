"""Pairs of centres, and which of them have an exact answer to what makes them swap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.sensitivity.bounds.subject import find_known
from clientindex.sensitivity.bounds.swaps import find_swaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.sensitivity.bounds.subject import Subject

SWAP_COLUMNS = (
    *("first", "second", "neighbours", "difference", "smallest_band_pct"),
    *("l1_indicators", "l1_groups"),
)
MEANS_DIFFER, DIFFERENT, CHECKLISTS = (
    *("means_differ", "different_indicators", "checklists_in_index"),
)


def list_pairs(centres: list[str], pairs: Sequence[tuple[str, str]]) -> NDArray[np.intp]:
    """Return places of neighbours, then of the pairs that were asked for, shape (P, 2).

    Parameters
    ----------
    centres : list of str
        By rank.
    pairs : sequence of two centres

    Raises
    ------
    StatisticsError
        If a pair names a centre that has no star, or one centre twice.
    """
    known = {centre: place for place, centre in enumerate(centres)}
    lost = sorted({centre for pair in pairs for centre in pair} - set(known))
    if lost:
        msg = f"centres without a star cannot swap places: {', '.join(lost)}"
        raise StatisticsError(msg)
    twice = [one for one, other in pairs if one == other]
    if twice:
        msg = f"a pair needs two different centres: {', '.join(twice)}"
        raise StatisticsError(msg)
    asked = [sorted((known[one], known[other])) for one, other in pairs]
    beside = [[place, place + 1] for place in range(len(centres) - 1)]
    rows = beside + [pair for pair in asked if pair[1] - pair[0] > 1]
    return np.array(rows, dtype=np.intp).reshape(-1, 2)


def tabulate_swaps(
    subject: Subject,
    pairs: NDArray[np.intp],
    *,
    centres: list[str],
    estimate: NDArray[np.float64],
    tolerance: float,
) -> tuple[pd.DataFrame, list[tuple[str, str, str, str]]]:
    """Find what makes pairs swap.

    Returns
    -------
    swaps : DataFrame
    left_out : list of (centre, statistic, reason, detail)
    """
    nest = subject.units.nest
    if not nest.has_one_power:
        detail = f"{nest.power_group:g}, {nest.power_index:g}"
        return _make_frame({}), [("", "swap", MEANS_DIFFER, detail)] if len(pairs) else []
    reason = _find_reasons(subject, pairs)
    names = np.array(centres, dtype=object)
    left_out = [
        ("/".join(names[pair]), "swap", why, "")
        for pair, why in zip(pairs, reason, strict=True)
        if why
    ]
    first, second = pairs[reason == ""].T
    found = find_swaps(
        subject.take_values(first), subject.take_values(second), nest, tolerance=tolerance
    )
    return _make_frame(
        {
            "first": names[first],
            "second": names[second],
            "neighbours": second - first == 1,
            "difference": estimate[first] - estimate[second],
            "smallest_band_pct": 100 * found.band,
            "l1_indicators": found.l1_indicators,
            "l1_groups": found.l1_groups,
        }
    ), left_out


def _find_reasons(subject: Subject, pairs: NDArray[np.intp]) -> NDArray[np.object_]:
    known = find_known(subject, np.arange(subject.n))
    exact = subject.units.exact[pairs].all(axis=1)
    alike = (known[pairs[:, 0]] == known[pairs[:, 1]]).all(axis=1)
    mixed = subject.blended[pairs].any(axis=1)
    reason = np.full(len(pairs), "", dtype=object)
    reason[~(exact & alike)] = DIFFERENT
    reason[mixed] = CHECKLISTS
    return reason


def _make_frame(columns: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame(columns, columns=list(SWAP_COLUMNS))
    numbers = dict.fromkeys(SWAP_COLUMNS[3:], "float64")
    return frame.astype({"first": "str", "second": "str", "neighbours": "bool", **numbers})
