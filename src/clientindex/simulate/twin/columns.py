"""What every column of a survey file is to a twin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.errors import ReproductionError
from clientindex.intake.answers import AnswerReader
from clientindex.intake.raw import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from clientindex.edition import SurveySource
    from clientindex.intake.raw import RawTable
    from clientindex.methodology import Methodology

KEPT_ROLES: Final = ("centre", "segment", "period", "channel")
"""Roles whose cells stay in their rows."""
MOVED_ROLES: Final = ("duration",)
DATED_ROLES: Final = ("period", "day")
LISTED_ROLES: Final = ("sex", "age", "education", "weight")
"""Roles that are read only where the edition lists them."""

FEWEST: Final = 10
"""Respondents of a stratum; answers of smaller ones are dealt out among all small ones of their
segment together, since the counts of a few respondents would be their answers."""


@dataclass(slots=True, kw_only=True)
class ColumnPlan:
    """Headings of a file by what a twin does with them.

    Attributes
    ----------
    kept : list of str
        Cells stay in their rows: centre, segment, period, channel, and what `where` asks for.
    stratum : list of str
        Those of `kept` that say which counts must stay: all but period and channel.
    ids : list of str
        New ids in their place.
    answers : dict of str to str
        Heading -> indicator.
    moved : list of str
        Cells move among the rows of a stratum, each column for itself.
    dated : list of str
        Days, whose cells move among the rows of a stratum and period.
    periods : list of str
        Those of `kept` that hold the period.
    dropped : list of str
        Not in the twin: nothing reads them, and they may hold free text.
    """

    kept: list[str] = field(default_factory=list)
    stratum: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)
    dated: list[str] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def plan_columns(
    table: RawTable, sources: Iterable[SurveySource], methodology: Methodology
) -> ColumnPlan:
    """Sort the columns of a file, which several entries of the edition may read.

    Raises
    ------
    ReproductionError
        If one column holds the respondent and something that has to stay, such as the centre.
    """
    plan = ColumnPlan()
    for source in sources:
        roles = (*KEPT_ROLES, *MOVED_ROLES, *DATED_ROLES, "respondent")
        names = {role: _heading(source, role) for role in roles}
        plan.kept += [*(names[role] for role in KEPT_ROLES), *source.where]
        plan.stratum += [names["centre"], names["segment"], *source.where]
        plan.ids.append(names["respondent"])
        plan.periods.append(names["period"])
        plan.dated.append(names["day"])
        listed = [spec.column for role, spec in source.columns.items() if role in LISTED_ROLES]
        traits = [spec.column for spec in source.traits.values()]
        plan.moved += [*(names[role] for role in MOVED_ROLES), *listed, *traits]
        for key in methodology.indicator_keys:
            plan.answers.setdefault(clean_text(source.indicators.get(key, key)), key)
    return _settle(plan, table)


def _heading(source: SurveySource, role: str) -> str:
    spec = dict(source.columns).get(role)  # type: ignore[call-overload]  # any role may be asked
    return clean_text(role if spec is None else spec.column)


def _settle(plan: ColumnPlan, table: RawTable) -> ColumnPlan:
    """Leave out what the file does not have, and say what nothing reads."""
    there = list(table.columns)
    both = sorted(set(plan.ids) & set(plan.kept) & set(there))
    if both:
        msg = (
            f"{table.file}: the column {both[0]!r} holds the respondent and what says where the "
            "answer belongs. A twin has new respondents: give the centre a column of its own."
        )
        raise ReproductionError(msg)
    kept = _in_file(plan.kept, there, without=())
    ids = _in_file(plan.ids, there, without=())
    answers = {name: key for name, key in plan.answers.items() if name in there}
    dated = _in_file(plan.dated, there, without=(*kept, *ids, *answers))
    moved = _in_file(plan.moved, there, without=(*kept, *ids, *answers, *dated))
    used = {*kept, *ids, *answers, *moved, *dated}
    return ColumnPlan(
        kept=kept,
        stratum=_in_file(plan.stratum, there, without=()),
        ids=ids,
        answers={name: key for name, key in answers.items() if name not in {*kept, *ids}},
        moved=moved,
        dated=dated,
        periods=_in_file(plan.periods, there, without=()),
        dropped=[name for name in there if name not in used],
    )


def _in_file(names: Iterable[str], there: Sequence[str], *, without: Iterable[str]) -> list[str]:
    left = {*names} - {*without}
    return [name for name in there if name in left]


def read_codes(table: RawTable, plan: ColumnPlan, methodology: Methodology) -> NDArray[np.uint8]:
    """Return the category of every answer, shape (N, number of answer columns); 0 = none."""
    columns = []
    for name, key in plan.answers.items():
        column = table.columns[name]
        reader = AnswerReader(methodology.scale_of(key), decimal=table.decimal)
        found = [reader.read(text, column).category for text in column.distinct]
        columns.append(column.spread([*found, 0]).astype(np.uint8))
    return np.stack(columns, axis=1) if columns else np.zeros((len(table), 0), dtype=np.uint8)


def number_rows(table: RawTable, names: Iterable[str]) -> NDArray[np.int64]:
    """Return a number for every row, equal where all these columns are; in the order of texts."""
    numbers = np.zeros(len(table), dtype=np.int64)
    for name in names:
        _, inverse = np.unique(table.columns[name].texts().astype(str), return_inverse=True)
        numbers = numbers * (int(inverse.max()) + 1) + inverse
        _, numbers = np.unique(numbers, return_inverse=True)
    return numbers


def pool_small(
    strata: NDArray[np.int64], wider: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Put strata of fewer than :data:`FEWEST` rows together, within what `wider` says.

    Returns
    -------
    strata : int64 ndarray of shape (N,)
        Numbers from 0.
    pooled : bool ndarray of shape (N,)
        Rows of small strata, whose counts are exact for all of them together only.
    """
    small = np.bincount(strata)[strata] < FEWEST
    merged = np.where(small, int(strata.max()) + 1 + wider, strata)
    _, numbers = np.unique(merged, return_inverse=True)
    return numbers.astype(np.int64), small
