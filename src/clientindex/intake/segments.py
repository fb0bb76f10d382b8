"""Read the segment of every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.intake.log import Place, Trouble
from clientindex.settings import find_nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.edition import SurveySource
    from clientindex.intake.raw import TextColumn
    from clientindex.intake.roles import RoleFinder
    from clientindex.methodology import Methodology

UNKNOWN = -1


def find_segments(
    finder: RoleFinder, source: SurveySource, methodology: Methodology
) -> NDArray[np.int8]:
    """Return the position of every row's segment in the methodology, shape (N,); -1 = fault.

    The edition's fixed segment comes first, then the segment column; a methodology with a single
    segment needs neither. Cells may hold the segment's key or its name in either language.
    """
    n_rows, keys = len(finder.table), methodology.segment_keys
    if source.segment is not None:
        return np.full(n_rows, _find_fixed(finder, source.segment, keys), dtype=np.int8)
    column = finder.find("segment", needed=len(keys) > 1)
    if column is None:
        return np.full(n_rows, 0 if len(keys) == 1 else UNKNOWN, dtype=np.int8)
    return _read_column(finder, column, methodology)


def _find_fixed(finder: RoleFinder, segment: str, keys: tuple[str, ...]) -> int:
    if segment in keys:
        return keys.index(segment)
    near = find_nearest(segment, keys)
    trouble = Trouble(
        read=f"segment: {segment}",
        allowed=f"one of {', '.join(keys)}",
        advice=f"Did you mean {near!r}?" if near else "Correct 'segment' in the edition.",
    )
    finder.log.add("E-SEGMENT", Place(file=finder.table.file), trouble)
    return UNKNOWN


def _read_column(
    finder: RoleFinder, column: TextColumn, methodology: Methodology
) -> NDArray[np.int8]:
    names = _name_segments(methodology)
    found = [_look_up(text, column, names) for text in column.distinct]
    position = column.spread([*found, UNKNOWN]).astype(np.int8)
    keys = methodology.segment_keys

    def describe(row: int) -> Trouble:
        near = find_nearest(column.text_at(row), keys)
        return Trouble(
            read=column.show(row),
            allowed=f"one of {', '.join(keys)}",
            advice=f"Did you mean {near!r}?" if near else "Correct the cell.",
        )

    finder.log.add_rows(
        "E-SEGMENT", finder.table, column=column.name, at=position == UNKNOWN, describe=describe
    )
    return position


def _name_segments(methodology: Methodology) -> dict[str, int]:
    return {
        word.casefold(): position
        for position, segment in enumerate(methodology.segments)
        for word in (segment.key, segment.name.ru, segment.name.en)
    }


def _look_up(text: str, column: TextColumn, names: dict[str, int]) -> int:
    label = column.labels.get(text, text)
    return names.get(text.casefold(), names.get(label.casefold(), UNKNOWN))
