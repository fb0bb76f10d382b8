"""Margins of visitors as they were delivered, by scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownMargin:
    """Visitors of one scope by the L levels of a trait, in the order of the file."""

    segment: str
    trait: str
    levels: tuple[str, ...]
    visitors: NDArray[np.float64]


def group_margins(frame: pd.DataFrame, traits: Sequence[str]) -> dict[str, list[KnownMargin]]:
    """Return the margins of every scope, in the order of the traits of the methodology.

    Parameters
    ----------
    frame : DataFrame
        ``scope``, ``segment``, ``trait``, ``level``, ``visitors``.
    traits : sequence of str
        Margins of other traits are passed over.
    """
    order = {name: at for at, name in enumerate(traits)}
    levels: dict[tuple[str, str, str], dict[str, float]] = {}
    names = ["scope", "segment", "trait", "level"]
    texts = zip(*(frame[name].tolist() for name in names), strict=True)
    for (scope, segment, trait, level), n in zip(texts, frame["visitors"].tolist(), strict=True):
        if trait in order:
            levels.setdefault((scope, segment, trait), {})[level] = n
    grouped: dict[str, list[KnownMargin]] = {}
    for (scope, segment, trait), known in levels.items():
        margin = KnownMargin(
            segment=segment,
            trait=trait,
            levels=tuple(known),
            visitors=np.array(list(known.values()), dtype=np.float64),
        )
        grouped.setdefault(scope, []).append(margin)
    return {
        scope: sorted(margins, key=lambda margin: order[margin.trait])
        for scope, margins in grouped.items()
    }
