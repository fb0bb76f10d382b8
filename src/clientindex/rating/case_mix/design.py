"""Indicators of the levels of traits, without those that cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import add_by
from clientindex.intake.tables import UNKNOWN_LEVEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RARE_LEVEL = "rare_level"
SINGLE_LEVEL = "single_level"
COLLINEAR = "collinear"

REFERENCE, USED, JOINED, DROPPED = "reference", "used", "joined", "dropped"

COLLINEAR_SHARE = 1e-9
"""A column with less than this share of its variance left beside the others is no column."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TraitDesign:
    """q indicators of levels in H cells.

    Attributes
    ----------
    columns : tuple of tuple of str
        Trait and level of every indicator.
    z : ndarray of shape (H, q)
    reference : dict of str to str
        Level that the others of a trait are compared with.
    levels : DataFrame
        ``trait``, ``level``, ``n``, ``use`` ("reference", "used", "joined").
    left_out : tuple of tuple of str
        Trait, level, reason, detail.
    """

    columns: tuple[tuple[str, str], ...]
    z: NDArray[np.float64]
    reference: dict[str, str]
    levels: pd.DataFrame
    left_out: tuple[tuple[str, str, str, str], ...]

    def keep(self, kept: NDArray[np.bool_]) -> TraitDesign:
        """Return the design without the columns that are collinear with those before them."""
        dropped = [pair for pair, stays in zip(self.columns, kept, strict=True) if not stays]
        at = [pair in dropped for pair in self.levels[["trait", "level"]].itertuples(False, None)]
        use = self.levels["use"].mask(pd.Series(at, index=self.levels.index, dtype=bool), DROPPED)
        lost = tuple((trait, level, COLLINEAR, "") for trait, level in dropped)
        return TraitDesign(
            columns=tuple(pair for pair, stays in zip(self.columns, kept, strict=True) if stays),
            z=self.z[:, kept],
            reference=self.reference,
            levels=self.levels.assign(use=use),
            left_out=self.left_out + lost,
        )


def make_design(
    cells: pd.DataFrame, n: NDArray[np.float64], *, traits: Sequence[str], minimum: int
) -> TraitDesign:
    """Make indicators of all levels of the traits but one each, the reference.

    The reference is the known level that most respondents have (of equal ones the first).
    "Unknown" is a level like others. A level that fewer than `minimum` respondents have is joined
    with the reference.

    Parameters
    ----------
    cells : DataFrame with H rows
        One column a trait.
    n : ndarray of shape (H,)
        Respondents.
    traits : sequence of str
    minimum : int

    Returns
    -------
    TraitDesign
    """
    columns: list[tuple[str, str]] = []
    parts: list[NDArray[np.bool_]] = []
    reference: dict[str, str] = {}
    rows: list[tuple[str, str, int, str]] = []
    left_out: list[tuple[str, str, str, str]] = []
    for trait in traits:
        code, names = pd.factorize(cells[trait])
        counts = add_by(code, n, len(names)).astype(int)
        levels = [str(name) for name in names]
        order = sorted(range(len(levels)), key=lambda at: levels[at])
        base = max(order, key=lambda at: (levels[at] != UNKNOWN_LEVEL, counts[at]))
        reference[trait] = levels[base]
        if len(levels) == 1:
            left_out.append((trait, "", SINGLE_LEVEL, levels[0]))
        for at in order:
            use = REFERENCE if at == base else USED if counts[at] >= minimum else JOINED
            rows.append((trait, levels[at], counts[at], use))
            if use == JOINED:
                left_out.append((trait, levels[at], RARE_LEVEL, str(counts[at])))
            elif use == USED:
                columns.append((trait, levels[at]))
                parts.append(code == at)
    return TraitDesign(
        columns=tuple(columns),
        z=np.column_stack([np.zeros((len(cells), 0)), *parts]).astype(np.float64),
        reference=reference,
        levels=pd.DataFrame(rows, columns=["trait", "level", "n", "use"]),
        left_out=tuple(left_out),
    )


def find_independent(gram: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which columns add something to those before them.

    Parameters
    ----------
    gram : ndarray of shape (q, q)
        Sums of products of the columns; a column without variance is not independent.

    Returns
    -------
    bool ndarray of shape (q,)
    """
    left = gram.astype(np.float64)
    kept = np.zeros(len(gram), dtype=bool)
    for column in range(len(gram)):
        pivot = left[column, column]
        if pivot > COLLINEAR_SHARE * gram[column, column] and gram[column, column] > 0:
            kept[column] = True
            left = left - np.outer(left[:, column], left[column]) / pivot
    return kept
