"""Read files of means: one row a centre and indicator, or one column an indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.intake.log import Place, Trouble
from clientindex.intake.numbers import advise_number, parse_numbers
from clientindex.intake.totals import TotalsBatch, find_indicators, name_indicators, read_units
from clientindex.methodology.model import SCORE_MAX, SCORE_MIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.edition import SurveySource
    from clientindex.intake.raw import TextColumn
    from clientindex.intake.roles import CentreList, RoleFinder
    from clientindex.methodology import Methodology

CELL = ("centre", "segment", "period", "indicator")
MEAN_COLUMNS = [*CELL, "points", "n", "sd_points"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanScale:
    """Ends of the scale that means are on, one entry an indicator.

    ``points = 100 (mean - lower) / (upper - lower)``, turned round where `reverse`; kept within
    0-100 against rounding. Means off their scale must be taken out before.
    """

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    reverse: NDArray[np.bool_]

    def to_points(
        self, mean: NDArray[np.float64], indicator: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """Return means on 0-100, higher is better."""
        points = SCORE_MAX * (mean - self.lower[indicator]) / self._width(indicator)
        turned = np.where(self.reverse[indicator], SCORE_MAX + SCORE_MIN - points, points)
        return np.clip(turned, SCORE_MIN, SCORE_MAX)

    def to_spread(
        self, sd: NDArray[np.float64], indicator: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """Return standard deviations in points."""
        return np.asarray(SCORE_MAX * sd / self._width(indicator), dtype=np.float64)

    def holds(self, mean: NDArray[np.float64], indicator: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return whether each mean lies on its scale."""
        return np.asarray((mean >= self.lower[indicator]) & (mean <= self.upper[indicator]))

    def _width(self, indicator: NDArray[np.intp]) -> NDArray[np.float64]:
        return np.asarray(self.upper[indicator] - self.lower[indicator], dtype=np.float64)


def make_mean_scale(source: SurveySource, methodology: Methodology) -> MeanScale:
    """Return the scale that the edition gives, else each indicator's own with its direction."""
    keys = methodology.indicator_keys
    if source.mean_scale is not None:
        lower, upper = (np.full(len(keys), end) for end in source.mean_scale)
        return MeanScale(lower=lower, upper=upper, reverse=np.zeros(len(keys), dtype=bool))
    scales = [methodology.scale_of(key) for key in keys]
    return MeanScale(
        lower=np.array([scale.minimum for scale in scales], dtype=np.float64),
        upper=np.array([scale.maximum for scale in scales], dtype=np.float64),
        reverse=np.array([methodology.indicator(key).direction == "negative" for key in keys]),
    )


def read_unit_means(
    finder: RoleFinder, source: SurveySource, methodology: Methodology, *, centres: CentreList
) -> TotalsBatch:
    """Read one file of means and log its faults; cells without a mean are left out."""
    units = read_units(finder, source, methodology, centres=centres)
    scale = make_mean_scale(source, methodology)
    _refuse_own_points(finder, source, methodology)
    read = _read_wide if source.layout == "wide" else _read_long
    return read(finder, source, methodology, units=units, scale=scale)


def _refuse_own_points(finder: RoleFinder, source: SurveySource, methodology: Methodology) -> None:
    """Log scales whose points are not linear: their mean does not follow from a mean answer."""
    keys = methodology.indicator_keys
    own = [key for key in keys if not methodology.has_linear_points(key)]
    shares = methodology.scoring.answers == "top_box"
    why = "which are scored by top-box shares" if shares else "whose scale lists its own points"
    if own and source.mean_scale is None:
        trouble = Trouble(
            read=f"means of answers to {', '.join(own)}, {why}",
            allowed="means on a scale whose points are linear in the answer",
            advice="Deliver means of points and write 'mean_scale: [0, 100]', or option counts.",
        )
        finder.log.add("E-SETTING", Place(file=finder.table.file), trouble)


def _read_long(
    finder: RoleFinder,
    source: SurveySource,
    methodology: Methodology,
    *,
    units: pd.DataFrame,
    scale: MeanScale,
) -> TotalsBatch:
    position = find_indicators(finder, source.indicators, methodology)
    mean = _read_means(finder, finder.find("mean", needed=True), position, scale=scale)
    given = ~np.isnan(mean)
    n = _read_sizes(finder, given=given)
    sd = _read_deviations(finder)
    rows = units.assign(
        indicator=pd.Series(name_indicators(position, methodology), dtype="str"),
        points=scale.to_points(mean, position),
        n=n,
        sd_points=scale.to_spread(sd, position),
    )
    table = finder.table.name_rows(finder.table.rows[given])
    return TotalsBatch(data=rows[given], cell=CELL, table=table, column=finder.name_of("centre"))


def _read_wide(
    finder: RoleFinder,
    source: SurveySource,
    methodology: Methodology,
    *,
    units: pd.DataFrame,
    scale: MeanScale,
) -> TotalsBatch:
    parts = []
    for at, key in enumerate(methodology.indicator_keys):
        column = finder.find_heading(source.indicators.get(key, key))
        position = np.full(len(finder.table), at, dtype=np.intp)
        mean = _read_means(finder, column, position, scale=scale)
        points = scale.to_points(mean, position)
        parts.append(units.assign(indicator=key, points=points, n=np.nan, sd_points=np.nan))
    rows = pd.concat(parts, ignore_index=True).astype({"indicator": "str"})
    given = rows["points"].notna().to_numpy()
    table = finder.table.name_rows(np.tile(finder.table.rows, len(parts))[given])
    return TotalsBatch(data=rows[given], cell=CELL, table=table, column=finder.name_of("centre"))


def _read_means(
    finder: RoleFinder,
    column: TextColumn | None,
    position: NDArray[np.intp],
    *,
    scale: MeanScale,
) -> NDArray[np.float64]:
    """Return the mean of every row; NaN where the cell is empty or faulty."""
    if column is None:
        return np.full(len(finder.table), np.nan)
    column = column.blank_declared()
    mean = read_numbers(finder, column)
    outside = ~np.isnan(mean) & (position >= 0) & ~scale.holds(mean, position)

    def describe(row: int) -> Trouble:
        at = position[row]
        return Trouble(
            read=column.show(row),
            allowed=f"a mean from {scale.lower[at]:g} to {scale.upper[at]:g}",
            advice="Correct the cell, or give the scale of the means as 'mean_scale' in the "
            "edition.",
        )

    finder.log.add_rows("E-MEAN", finder.table, column=column.name, at=outside, describe=describe)
    return np.where(outside, np.nan, mean)


def read_numbers(finder: RoleFinder, column: TextColumn) -> NDArray[np.float64]:
    """Return the number of every row, NaN for empty cells; log cells that hold something else."""
    decimal = finder.table.decimal
    numbers = parse_numbers(column, decimal=decimal)
    finder.log.add_rows(
        "E-NUMBER",
        finder.table,
        column=column.name,
        at=np.isnan(numbers) & ~column.is_empty,
        describe=lambda row: Trouble(
            read=column.show(row),
            allowed=f"a number with the decimal mark {decimal!r}, or an empty cell",
            advice=advise_number(column.text_at(row), decimal=decimal),
        ),
    )
    return numbers


def _read_sizes(finder: RoleFinder, *, given: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the number of answers behind every mean; NaN where unknown."""
    column = finder.find("n", needed=False)
    if column is None:
        return np.full(len(finder.table), np.nan)
    n = read_numbers(finder, column)
    finder.log.add_rows(
        "E-N",
        finder.table,
        column=column.name,
        at=given & (n <= 0),
        describe=lambda row: Trouble(
            read=column.show(row),
            allowed="a number above 0, or an empty cell when it is unknown",
            advice="Correct the cell, or empty the mean when nobody answered.",
        ),
    )
    return n


def _read_deviations(finder: RoleFinder) -> NDArray[np.float64]:
    """Return the standard deviation behind every mean; NaN where unknown."""
    column = finder.find("sd", needed=False)
    if column is None:
        return np.full(len(finder.table), np.nan)
    sd = read_numbers(finder, column)
    finder.log.add_rows(
        "E-SD",
        finder.table,
        column=column.name,
        at=sd < 0,
        describe=lambda row: Trouble(
            read=column.show(row),
            allowed="a number from 0, or an empty cell when it is unknown",
            advice="Correct the cell.",
        ),
    )
    return sd


def combine_unit_means(batches: Sequence[TotalsBatch]) -> pd.DataFrame:
    """Put the files together, sorted by centre, segment, period and indicator."""
    rows = pd.concat([batch.data for batch in batches], ignore_index=True)
    return rows[MEAN_COLUMNS].sort_values(list(CELL), ignore_index=True)
