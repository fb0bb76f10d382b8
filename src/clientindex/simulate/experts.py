"""What simulated experts answer about weights: points, and pairwise judgements of the groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.simulate.places import share_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology

    Cell = str | int | None
    Sheet = list[list[Cell]]

N_POINTS, N_PAIRS = 8, 5
"""Experts who share out points, and those of them who compare groups in pairs."""

TASTE_SD = 0.3
"""Standard deviation of the logarithm of what an expert takes for a weight, around the stated one.
"""

STEPS = 20
"""A budget of 100 is shared out in so many steps, of five points each."""

STRETCH = 2
"""Compared in pairs, differences are told larger than they are in points: this power of them."""

STRONGEST = 9
"""Judgements go from 1 to 9 (Saaty)."""

POINTS, PAIRS = "Баллы", "Сравнения"
"""Names of the sheets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertSheets:
    """Sheets of a workbook by name, each with its heading in the first row.

    Attributes
    ----------
    sheets : dict
        Empty where nothing is to be weighed.
    """

    sheets: dict[str, Sheet]


def simulate_experts(methodology: Methodology, *, rng: Generator) -> ExpertSheets:
    """Draw experts who mostly agree with the weights of the methodology.

    Every expert shares out 100 points among the groups and among the indicators of each group; the
    first ones also compare every two groups. The last of these contradicts himself: what he finds
    most important he calls much less important than what he finds least important.

    Parameters
    ----------
    methodology : Methodology
        Groups and indicators that weigh 0 are not asked about.
    rng : numpy.random.Generator

    Returns
    -------
    ExpertSheets
    """
    groups = [group for group in methodology.groups if group.weight > 0]
    parents = [{group.key: group.weight for group in groups}]
    parents += [{key: w for key, w in group.indicators.items() if w > 0} for group in groups]
    headings = _name(methodology, [key for parent in parents for key in parent])
    tastes = [[_draw_taste([*parent.values()], rng) for parent in parents] for _ in range(N_POINTS)]
    asked = [place for place, parent in enumerate(parents) if len(parent) > 1]
    sheets: dict[str, Sheet] = {}
    if asked:
        named = [headings[key] for place in asked for key in parents[place]]
        sheets[POINTS] = [["Эксперт", *named]]
        sheets[POINTS] += [
            [f"Эксперт {number}", *_share(taste[place] for place in asked)]
            for number, taste in enumerate(tastes, 1)
        ]
    if len(parents[0]) > 2:
        named = [headings[key] for key in parents[0]]
        sheets[PAIRS] = [["Эксперт", "Ключ", *named]]
        for number in range(1, N_PAIRS + 1):
            matrix = _judge(tastes[number - 1][0], torn=number == N_PAIRS)
            sheets[PAIRS] += [
                [f"Эксперт {number}", name, *row] for name, row in zip(named, matrix, strict=True)
            ]
    return ExpertSheets(sheets=sheets)


def _name(methodology: Methodology, keys: Sequence[str]) -> dict[str, str]:
    """Return the Russian name of every key, or the key where two share a name."""
    names = {
        key: (
            methodology.group(key) if key in methodology.group_keys else methodology.indicator(key)
        ).name.ru
        for key in keys
    }
    folded = [name.casefold() for name in names.values()] + [key.casefold() for key in keys]
    return {k: name if folded.count(name.casefold()) == 1 else k for k, name in names.items()}


def _draw_taste(weights: Sequence[float], rng: Generator) -> NDArray[np.float64]:
    """Return what an expert takes for the weights; they sum to 1."""
    raw = np.array(weights) * np.exp(rng.normal(0.0, TASTE_SD, size=len(weights)))
    return np.asarray(raw / raw.sum())


def _share(tastes: Iterable[NDArray[np.float64]]) -> list[Cell]:
    """Return points of one expert, 100 for every parent."""
    step = 100 // STEPS
    return [int(units) * step for taste in tastes for units in share_out(STEPS, taste)]


def _judge(taste: NDArray[np.float64], *, torn: bool) -> Sheet:
    """Return the upper half of a matrix of judgements, ones on the diagonal."""
    n, order = len(taste), np.argsort(-taste, kind="stable")
    ends = {int(order[0]), int(order[-1])} if torn else set()
    rows: Sheet = []
    for i in range(n):
        row: list[Cell] = [*[None] * i, 1]
        for j in range(i + 1, n):
            ratio = float(taste[i] / taste[j]) ** STRETCH
            if {i, j} == ends:
                ratio = 1 / STRONGEST if i == order[0] else float(STRONGEST)
            row.append(_write(ratio))
        rows.append(row)
    return rows


def _write(ratio: float) -> Cell:
    """Return a judgement as experts write it: 3, or 1/3."""
    times = min(int(np.floor(max(ratio, 1 / ratio) + 0.5)), STRONGEST)
    return times if ratio >= 1 or times == 1 else f"1/{times}"
