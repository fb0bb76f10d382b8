"""Indicator means of the survey, periods pooled or combined by their weights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from clientindex.counts import (
    CentreMoments,
    compute_centre_moments,
    compute_moments_from_totals,
)
from clientindex.rating.levels import make_mean
from clientindex.rating.periods import combine_periods

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.counts import PairCounts
    from clientindex.intake import IntakeTables
    from clientindex.methodology import Methodology


def measure_survey(
    tables: IntakeTables, methodology: Methodology | None, *, counts: PairCounts | None
) -> CentreMoments:
    """Compute the indicator means of every centre with their covariance.

    Parameters
    ----------
    tables : IntakeTables
    methodology : Methodology or None
        Of the answers alone; None where there is no survey, which gives no centres.
    counts : PairCounts or None
        Of single answers; without them totals are used.

    Returns
    -------
    CentreMoments
        Periods pooled, every respondent counting once, unless the methodology weighs them.
    """
    if methodology is None:
        return make_no_moments()
    periods = methodology.scoring.periods
    if periods is None:
        return _measure(tables, methodology, counts)
    parts = [
        _measure_period(tables, methodology, counts, period=period) for period in periods.weights
    ]
    return combine_periods(
        parts,
        np.array([*periods.weights.values()]),
        mean=make_mean(methodology, "periods"),
    )


def _measure(
    tables: IntakeTables, methodology: Methodology, counts: PairCounts | None
) -> CentreMoments:
    if counts is None:
        return compute_moments_from_totals(tables, methodology)
    return compute_centre_moments(counts, methodology)


def _measure_period(
    tables: IntakeTables, methodology: Methodology, counts: PairCounts | None, *, period: str
) -> CentreMoments:
    if counts is not None:
        return _measure(
            tables, methodology, counts.select((counts.units["period"] == period).to_numpy())
        )
    own = replace(
        tables,
        option_counts=_select(tables.option_counts, period),
        unit_means=_select(tables.unit_means, period),
    )
    return _measure(own, methodology, None)


def _select(table: pd.DataFrame | None, period: str) -> pd.DataFrame | None:
    return None if table is None else table[table["period"] == period]


def make_no_moments() -> CentreMoments:
    """Return moments of no centre: there is no survey."""
    return CentreMoments(
        centres=(),
        segments=(),
        indicators=(),
        mean=np.empty((0, 0, 0)),
        n=np.empty((0, 0, 0)),
        cov_mean=np.empty((0, 0, 0, 0)),
        n_respondents=np.empty((0, 0)),
        std_error_method="exact",
    )
