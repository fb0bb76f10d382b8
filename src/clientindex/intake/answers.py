"""Turn answers as written into categories, or say why that cannot be done."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.intake.log import Trouble
from clientindex.intake.numbers import advise_number, parse_number
from clientindex.intake.tables import NO_ANSWER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.intake.raw import TextColumn
    from clientindex.intake.roles import RoleFinder
    from clientindex.methodology import Scale

EMPTY, DECLARED = "empty", "declared_missing"
"""Reasons of a missing answer beyond the methodology's codes: an empty cell; a value that the file
declares missing and the methodology does not list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one text means: a category, a reason for having none, or a fault code."""

    category: int = NO_ANSWER
    reason: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnswerColumn:
    """One column of answers.

    Attributes
    ----------
    category : uint8 ndarray of shape (N,)
        1..C, 0 = no answer.
    reason : int8 ndarray of shape (N,)
        Position in `reasons` of why there is no answer; -1 = answered or faulty.
    reasons : tuple of str
    """

    category: NDArray[np.uint8]
    reason: NDArray[np.int8]
    reasons: tuple[str, ...]


def list_reasons(scale: Scale) -> tuple[str, ...]:
    """Return every reason that an answer on this scale can be missing for."""
    listed = [code.key for code in scale.missing.values()]
    return tuple(dict.fromkeys([*listed, DECLARED, EMPTY]))


def read_answers(
    finder: RoleFinder,
    column: TextColumn,
    scale: Scale,
    *,
    within: NDArray[np.bool_] | None = None,
) -> AnswerColumn:
    """Read a column of answers on one scale and log what is no answer.

    Accepted are the scale's numbers, its missing codes, and the labels of both in either language.

    Parameters
    ----------
    finder : RoleFinder
        Of the file.
    column : TextColumn
    scale : Scale
    within : bool ndarray of shape (N,), optional
        Rows on this scale; faults elsewhere are not logged.

    Returns
    -------
    AnswerColumn
    """
    reader = AnswerReader(scale, decimal=finder.table.decimal)
    answers = [reader.read(text, column) for text in column.distinct]
    empty = Answer(reason=EMPTY)
    for code in sorted({answer.fault for answer in answers} - {""}):
        faulty = column.spread([*(answer.fault == code for answer in answers), False])
        finder.log.add_rows(
            code,
            finder.table,
            column=column.name,
            at=faulty if within is None else faulty & within,
            describe=lambda row, code=code: reader.describe(code, column, row),  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        )
    reasons = list_reasons(scale)
    place = {reason: position for position, reason in enumerate(reasons)}
    return AnswerColumn(
        category=np.array([a.category for a in (*answers, empty)], np.uint8)[column.codes],
        reason=np.array([place.get(a.reason, -1) for a in (*answers, empty)], np.int8)[
            column.codes
        ],
        reasons=reasons,
    )


class AnswerReader:
    """Reads single texts on one scale."""

    def __init__(self, scale: Scale, *, decimal: str) -> None:
        self._scale = scale
        self._decimal = decimal
        self._words: dict[str, int] = {}
        for number, label in scale.labels.items():
            self._words.update(dict.fromkeys((label.ru.casefold(), label.en.casefold()), number))
        for number, code in scale.missing.items():
            self._words.update(dict.fromkeys((code.ru.casefold(), code.en.casefold()), number))

    def read(self, text: str, column: TextColumn) -> Answer:
        """Return what a text of `column` means."""
        number = parse_number(text, decimal=self._decimal)
        worded = self._words.get(text.casefold())
        value = float(worded) if math.isnan(number) and worded is not None else number
        if value in self._scale.missing:
            return Answer(reason=self._scale.missing[int(value)].key)
        if text in column.declared_missing:
            return Answer(reason=DECLARED)
        if math.isnan(value):
            return Answer(fault="E-NUMBER")
        if not value.is_integer():
            return Answer(fault="E-FRACTION")
        if int(value) not in self._scale.answers:
            return Answer(fault="E-SCALE")
        if self._contradicts(int(value), column.labels.get(text)):
            return Answer(fault="E-LABEL")
        return Answer(category=int(value) - self._scale.minimum + 1)

    def describe(self, code: str, column: TextColumn, row: int) -> Trouble:
        """Return the words for a faulty cell."""
        advice = {
            "E-NUMBER": advise_number(column.text_at(row), decimal=self._decimal),
            "E-FRACTION": "Single answers are whole numbers; if these are means, write "
            "'kind: unit_means' in the edition.",
            "E-SCALE": "Correct the cell, or add the code to 'missing' of the methodology's scale.",
            "E-LABEL": "Recode the file, or correct the labels of the methodology's scale.",
        }[code]
        return Trouble(read=column.show(row), allowed=self._allowed(), advice=advice)

    def _contradicts(self, value: int, label: str | None) -> bool:
        """Return whether the file's label is the methodology's label of another answer."""
        meant = None if label is None else self._words.get(label.casefold())
        return meant is not None and meant != value

    def _allowed(self) -> str:
        scale = self._scale
        codes = ", ".join(f"{code} {text.key}" for code, text in scale.missing.items())
        missing = f"; missing: {codes}" if codes else ""
        return f"whole numbers {scale.minimum}-{scale.maximum}{missing}; or an empty cell"
