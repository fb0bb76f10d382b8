"""Read the traits and weights of respondents, where the edition lists their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.intake.log import FaultLog, Place, Trouble
from clientindex.intake.numbers import advise_number, parse_number, parse_numbers
from clientindex.intake.raw import format_cell
from clientindex.intake.tables import UNKNOWN_LEVEL, Trait

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.edition import SurveySource
    from clientindex.intake.raw import TextColumn
    from clientindex.intake.roles import RoleFinder

LISTED_TRAITS = ("sex", "age", "education")
"""Traits that have a role of their own; others are named under ``traits``."""

OLDEST = 120
"""No client is older, in years."""

ALLOWED_AGES = f"a number of years from 0 to {OLDEST}, or an empty cell; or age groups in all cells"


def read_traits(
    finder: RoleFinder, source: SurveySource, *, check_ages: bool = True
) -> dict[str, TextColumn]:
    """Return the column of every trait that the edition names; an empty cell is unknown.

    Ages are years or groups by the whole column: `check_ages` is false for a piece of it. Value
    labels of SPSS files stand in place of their codes. Unknown values are counted in a
    warning, and stay a level of their own.
    """
    found = {name: finder.find_listed(name) for name in LISTED_TRAITS}
    found |= {name: finder.find_listed(name, spec) for name, spec in source.traits.items()}
    columns = {name: column.prefer_labels() for name, column in found.items() if column is not None}
    if check_ages and "age" in columns:
        columns["age"] = _read_ages(finder, columns["age"])
    for name, column in columns.items():
        _warn_unknown(finder, name, column)
    return columns


def _read_ages(finder: RoleFinder, column: TextColumn) -> TextColumn:
    """Return ages as texts: years where any cell is a number, else age groups as they are."""
    decimal = finder.table.decimal
    years = _parse_ages(column.distinct, decimal=decimal)
    if not years:
        return column
    wrong = find_wrong_ages(column.distinct, decimal=decimal)
    at = np.asarray(column.spread([*(text in wrong for text in column.distinct), False]))
    finder.log.add_rows(
        "E-AGE",
        finder.table,
        column=column.name,
        at=at.astype(bool),
        describe=lambda row: describe_age(column.text_at(row), decimal=decimal),
    )
    return column.convert(lambda text: format_cell(years[text]))


def _parse_ages(texts: Iterable[str], *, decimal: str) -> dict[str, float]:
    """Return the years of every text, NaN where it is no number; nothing of age groups alone."""
    years = {text: parse_number(text, decimal=decimal) for text in texts}
    return {} if all(np.isnan(age) for age in years.values()) else years


def find_wrong_ages(texts: Iterable[str], *, decimal: str) -> frozenset[str]:
    """Return the texts of a whole column of ages that are wrong.

    Where any text is a number, all must be years that a client may have; else they are age groups,
    which are right whatever they say.

    Examples
    --------
    >>> sorted(find_wrong_ages(["19", "18-24", "121"], decimal="."))
    ['121', '18-24']
    >>> sorted(find_wrong_ages(["25-34", "18-24"], decimal="."))
    []
    """
    years = _parse_ages(texts, decimal=decimal)
    return frozenset(text for text, age in years.items() if not 0 <= age <= OLDEST)


def describe_age(text: str, *, decimal: str) -> Trouble:
    """Return the words for a wrong age."""
    is_text = np.isnan(parse_number(text, decimal=decimal))
    return Trouble(
        read=text,
        allowed=ALLOWED_AGES,
        advice=advise_number(text, decimal=decimal) if is_text else "Correct the cell.",
    )


def _warn_unknown(finder: RoleFinder, name: str, column: TextColumn) -> None:
    finder.log.add_share(
        "W-TRAIT-EMPTY",
        Place(file=finder.table.file, column=column.name),
        n=int(column.is_empty.sum()),
        of=len(finder.table),
        trouble=Trouble(
            read=f"without {name}",
            allowed="the trait of every respondent",
            advice="Nothing, if it was not asked; unknown is a level of its own.",
        ),
    )


def read_weights(finder: RoleFinder) -> NDArray[np.float64] | None:
    """Return the weight of every respondent, or None where the edition lists no column of it."""
    column = finder.find_listed("weight")
    if column is None:
        return None
    decimal = finder.table.decimal
    weight = parse_numbers(column, decimal=decimal)
    is_text = np.isnan(weight) & ~column.is_empty

    def describe(row: int) -> Trouble:
        advice = "Correct the cell: every answer in the file needs a weight; 1 is an answer as is."
        return Trouble(
            read=column.show(row),
            allowed="a number above 0",
            advice=advise_number(column.text_at(row), decimal=decimal) if is_text[row] else advice,
        )

    finder.log.add_rows(
        "E-WEIGHT", finder.table, column=column.name, at=~(weight > 0), describe=describe
    )
    return weight


def report_unweighted_files(weighted: Mapping[str, bool], log: FaultLog) -> None:
    """Warn of files without weights where others have them: `weighted` tells it by file."""
    if not any(weighted.values()):
        return
    for file in (name for name, given in weighted.items() if not given):
        trouble = Trouble(
            read="no column of weights, though other survey files have one",
            allowed="weights in all survey files of respondents, or in none",
            advice="Nothing, if these answers count once each; else name the column "
            "('columns: {weight: ...}').",
        )
        log.add("W-WEIGHT-NONE", Place(file=file), trouble)


def combine_traits(
    parts: Sequence[Mapping[str, TextColumn]], sizes: Sequence[int]
) -> dict[str, Trait]:
    """Put the traits of all files together; a file without a trait does not know it.

    Parameters
    ----------
    parts : sequence of mapping
        Column of every trait, a file each.
    sizes : sequence of int
        Rows of each file.
    """
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: _combine_trait([part.get(name) for part in parts], sizes) for name in names}


def _combine_trait(columns: Sequence[TextColumn | None], sizes: Sequence[int]) -> Trait:
    texts = sorted({text for column in columns if column is not None for text in column.distinct})
    levels = pd.Index([UNKNOWN_LEVEL, *texts])
    codes = [
        np.zeros(size, dtype=np.int32)
        if column is None
        else levels.get_indexer(pd.Index([*column.distinct, UNKNOWN_LEVEL]))[column.codes]
        for column, size in zip(columns, sizes, strict=True)
    ]
    return Trait(levels=tuple(levels), codes=np.concatenate(codes).astype(np.int32))


def combine_weights(
    weights: Sequence[NDArray[np.float64] | None], sizes: Sequence[int]
) -> NDArray[np.float64] | None:
    """Put the weights of all files together, 1 where a file has none; None where no file has."""
    if all(weight is None for weight in weights):
        return None
    filled = zip(weights, sizes, strict=True)
    return np.concatenate([np.ones(n) if weight is None else weight for weight, n in filled])
