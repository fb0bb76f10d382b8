"""Put twins in place of the survey files of an edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.errors import ReproductionError
from clientindex.intake.log import FaultLog
from clientindex.intake.open_table import open_table
from clientindex.simulate.twin.columns import (
    ColumnPlan,
    number_rows,
    plan_columns,
    pool_small,
    read_codes,
)
from clientindex.simulate.twin.draw import deal_answers, shuffle_within
from clientindex.simulate.twin.files import write_like

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from clientindex.edition import Edition, SurveySource
    from clientindex.intake.raw import RawTable
    from clientindex.methodology import Methodology

_STREAM: Final = 20_26_09
"""Sets the random numbers of a twin apart from those of the statistics of the same seed."""
ID_PREFIX: Final = "twin-"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurveyTwin:
    """One file and its twin, row by row.

    Attributes
    ----------
    file : str
    indicators : tuple of str
    centre : str ndarray of shape (N,)
        Of both: rows keep their centre.
    original, twin : uint8 ndarray of shape (N, K)
        Categories; 0 = no answer.
    strata : int64 ndarray of shape (N,)
        Rows whose counts stay exactly.
    pooled : bool ndarray of shape (N,)
        Rows of small strata, dealt out together.
    moved, dropped : tuple of str
        Columns whose cells moved one by one, and columns that the twin does not have.
    """

    file: str
    indicators: tuple[str, ...]
    centre: NDArray[np.str_]
    original: NDArray[np.uint8]
    twin: NDArray[np.uint8]
    strata: NDArray[np.int64]
    pooled: NDArray[np.bool_]
    moved: tuple[str, ...]
    dropped: tuple[str, ...]


def write_twin(edition: Edition, methodology: Methodology) -> list[SurveyTwin]:
    """Write twins over the survey files of an edition that hold single answers.

    Parameters
    ----------
    edition : Edition
        Names files that may be overwritten: copies, never originals.
    methodology : Methodology

    Returns
    -------
    list of SurveyTwin
        One a file, in the order of the edition; none where only totals were delivered.

    Raises
    ------
    ReproductionError
        If a file cannot be read, or has no column of its own for the respondent.
    """
    answers = methodology.of_answers
    if answers is None:
        return []
    seeds = np.random.SeedSequence([_STREAM, edition.seed]).spawn(len(edition.data.survey))
    made = []
    first_id = 1
    for (_, sources), seed in zip(_group(edition).items(), seeds, strict=False):
        twin = _write_one(sources, answers, np.random.default_rng(seed), first_id=first_id)
        first_id += len(twin.centre)
        made.append(twin)
    return made


def _group(edition: Edition) -> dict[tuple[Path, str | None], list[SurveySource]]:
    """Return the entries of the edition that hold single answers, by file and sheet."""
    grouped: dict[tuple[Path, str | None], list[SurveySource]] = {}
    for source in edition.data.survey:
        if source.kind == "respondents":
            grouped.setdefault((source.file, source.sheet), []).append(source)
    files = [file for file, _ in grouped]
    repeated = {file for file in files if files.count(file) > 1}
    if repeated:
        msg = (
            f"{min(repeated)}: several sheets of one workbook hold answers, which no twin can be "
            "made of. Save every sheet as a file of its own."
        )
        raise ReproductionError(msg)
    return grouped


def _write_one(
    sources: list[SurveySource],
    methodology: Methodology,
    rng: np.random.Generator,
    *,
    first_id: int,
) -> SurveyTwin:
    table = _open(sources[0])
    plan = plan_columns(table, sources, methodology)
    strata, pooled = _find_strata(table, plan, sources)
    codes = read_codes(table, plan, methodology)
    dealt = deal_answers(codes, strata, rng=rng)
    shown = {name: np.arange(len(table)) for name in plan.kept}
    shown |= {name: dealt[:, at] for at, name in enumerate(plan.answers)}
    shown |= {name: shuffle_within(strata, rng=rng) for name in plan.moved}
    dates = number_rows(table, dict.fromkeys((*plan.stratum, *plan.periods)))
    shown |= {name: shuffle_within(dates, rng=rng) for name in plan.dated}
    ids = [f"{ID_PREFIX}{first_id + row:07d}" for row in range(len(table))]
    write_like(sources[0], table, shown=shown, ids=dict.fromkeys(plan.ids, ids))
    return SurveyTwin(
        file=sources[0].file.name,
        indicators=tuple(plan.answers.values()),
        centre=_find_centres(table, sources[0]),
        original=codes,
        twin=np.take_along_axis(codes, dealt, axis=0),
        strata=strata,
        pooled=pooled,
        moved=(*plan.moved, *plan.dated),
        dropped=tuple(plan.dropped),
    )


def _open(source: SurveySource) -> RawTable:
    """Read all rows of a file, also those that no entry of the edition takes."""
    log = FaultLog()
    whole = source.model_copy(update={"where": {}})
    opened = open_table(whole, log, file=source.file.name)
    if opened is None:
        msg = f"{source.file}: cannot be read. Run `clientindex validate` to see what is wrong."
        raise ReproductionError(msg)
    return opened.table


def _find_strata(
    table: RawTable, plan: ColumnPlan, sources: list[SurveySource]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    centre = sources[0].columns.get("centre")
    heading = "centre" if centre is None else centre.column
    wider = [name for name in plan.stratum if name != heading]
    return pool_small(number_rows(table, plan.stratum), number_rows(table, wider))


def _find_centres(table: RawTable, source: SurveySource) -> NDArray[np.str_]:
    spec = source.columns.get("centre")
    return table.columns["centre" if spec is None else spec.column].texts().astype(str)
