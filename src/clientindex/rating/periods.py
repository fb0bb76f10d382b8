"""Indicator means of several periods combined by the periods' weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import CentreMoments
from clientindex.errors import StatisticsError
from clientindex.rating.aggregation import (
    Mean,
    MissingRule,
    complete,
    compute_mean,
    compute_mean_gradient,
)
from clientindex.rating.degrees import combine_degrees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def combine_periods(
    parts: Sequence[CentreMoments], weights: NDArray[np.float64], *, mean: Mean
) -> CentreMoments:
    """Combine the moments of P periods.

    Parameters
    ----------
    parts : sequence of CentreMoments
        One a period, of the same segments and indicators; centres may differ.
    weights : ndarray of shape (P,)
    mean : Mean

    Returns
    -------
    CentreMoments
        Of all centres of any period. Numbers of answers and respondents are sums over periods.

    Raises
    ------
    StatisticsError
        Without any centre in any period: their names are then not those of the methodology.

    Notes
    -----
    A period without answers of a centre and segment to an indicator shares its weight among the
    others. Respondents of two periods are different people, so covariances are
    ``sum_p d_p d_p' S_p`` with the derivatives d of the mean: exact for the arithmetic one, else by
    the delta method. A covariance is NaN where that of a period which counts is. Degrees of freedom
    are combined from those of the periods with the sums of the variances of all indicators
    (:mod:`clientindex.rating.degrees`).
    """
    centres = tuple(sorted({centre for part in parts for centre in part.centres}))
    if not centres:
        msg = "no answers in any period that the methodology weighs: compare the periods' names"
        raise StatisticsError(msg)
    mean_of, n_of, cov_of, people, degrees = (
        np.stack([_place(part, name, centres) for part in parts])
        for name in ("mean", "n", "cov_mean", "n_respondents", "degrees")
    )
    across = np.moveaxis(mean_of, 0, -1)
    done = complete(across, weights, rule=MissingRule(treatment="reweight"))
    value = compute_mean(done.x, done.weights, mean=mean)
    gradient = compute_mean_gradient(done.x, done.weights, mean=mean)
    slope = np.moveaxis(np.where(done.weights > 0, gradient, 0.0), -1, 0)
    product = slope[..., :, None] * slope[..., None, :]
    added = np.where(product == 0, 0.0, product * cov_of)
    spread = np.nan_to_num(np.trace(added, axis1=-2, axis2=-1))
    cov = added.sum(axis=0)
    lost = np.isnan(value)
    return CentreMoments(
        centres=centres,
        segments=parts[0].segments,
        indicators=parts[0].indicators,
        mean=value,
        n=n_of.sum(axis=0),
        cov_mean=np.where(lost[..., :, None] | lost[..., None, :], np.nan, cov),
        n_respondents=people.sum(axis=0),
        std_error_method=parts[0].std_error_method,
        df=combine_degrees(spread, degrees, axis=0),
    )


def _place(part: CentreMoments, name: str, centres: tuple[str, ...]) -> NDArray[np.float64]:
    values = getattr(part, name)
    fill = 0.0 if name in ("n", "n_respondents") else np.nan
    placed = np.full((len(centres), *values.shape[1:]), fill)
    placed[pd.Index(centres).get_indexer(pd.Index(part.centres))] = values
    return placed
