"""Indicator means of every centre with their sampling covariance: what scores are made from.

Single answers give the covariance exactly. Where only totals were delivered, variances are known
but covariances are not, and they are set by the methodology's assumed correlation (1 = the widest
interval that any data could give).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from clientindex.counts.sums import PairSums, compute_pair_sums, point_values
from clientindex.methodology.model import SCORE_MAX, SCORE_MIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts.pair_counts import PairCounts
    from clientindex.intake.tables import IntakeTables
    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CentreMoments:
    """Means of K indicators in C centres and S segments, periods summed.

    Attributes
    ----------
    centres, segments, indicators : tuple of str
        Centres sorted; segments and indicators in the order of the methodology.
    mean : ndarray of shape (C, S, K)
        Mean points 0-100; NaN without answers.
    n : ndarray of shape (C, S, K)
        Answers; 0 without answers, NaN when means were delivered without n.
    cov_mean : ndarray of shape (C, S, K, K)
        Sampling covariance of the means without finite-population correction; NaN where unknown.
    n_respondents : ndarray of shape (C, S)
        Respondents, or the largest number of answers to one indicator where only totals are known.
    std_error_method : {"exact", "bound"}
    df : ndarray of shape (C, S), optional
        Degrees of freedom of the covariances where they are not the number of respondents less
        one: of weighted answers, and of several periods.
    """

    centres: tuple[str, ...]
    segments: tuple[str, ...]
    indicators: tuple[str, ...]
    mean: NDArray[np.float64]
    n: NDArray[np.float64]
    cov_mean: NDArray[np.float64]
    n_respondents: NDArray[np.float64]
    std_error_method: Literal["exact", "bound"]
    df: NDArray[np.float64] | None = None

    @property
    def degrees(self) -> NDArray[np.float64]:
        """Degrees of freedom of the covariances, shape (C, S); inf without a number of people."""
        if self.df is not None:
            return self.df
        return np.where(self.n_respondents > 0, self.n_respondents - 1, np.inf)


def compute_centre_moments(counts: PairCounts, methodology: Methodology) -> CentreMoments:
    """Compute indicator means and their covariance from pair counts.

    With ``C_ab`` the sum of ``(x_a - m_a)(x_b - m_b)`` over respondents who answered both and
    ``f_a = n_a / (n_a - 1)``, ``cov(m_a, m_b) = sqrt(f_a f_b) C_ab / (n_a n_b)``: the linearised
    (Taylor) covariance of the means. It is ``S / n`` for complete answers, ``S_aa / n_a`` on the
    diagonal always, and positive semi-definite for any pattern of missing answers. Missing
    answers: each mean uses everybody who answered the indicator. NaN where only one did.

    Parameters
    ----------
    counts : PairCounts
    methodology : Methodology

    Returns
    -------
    CentreMoments
        With ``std_error_method`` "exact".
    """
    summed = counts.sum_over("period", "channel")
    sums = compute_pair_sums(summed, point_values(methodology))
    n = np.diagonal(sums.n, axis1=1, axis2=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.diagonal(sums.s, axis1=1, axis2=2) / n
    centres = tuple(sorted(summed.units["centre"].unique()))
    place = UnitPlacer(summed.units, centres=centres, segments=methodology.segment_keys)
    return CentreMoments(
        centres=centres,
        segments=methodology.segment_keys,
        indicators=counts.indicators,
        mean=place(mean, np.nan),
        n=place(n, 0.0),
        cov_mean=place(_linearise(sums, mean), np.nan),
        n_respondents=place(summed.n.astype(np.float64), 0.0),
        std_error_method="exact",
    )


def _linearise(sums: PairSums, mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the covariance of the means, shape (U, K, K)."""
    first, second = mean[:, :, None], mean[:, None, :]
    n = np.diagonal(sums.n, axis1=1, axis2=2)
    cross = sums.q - second * sums.s - first * np.swapaxes(sums.s, 1, 2) + sums.n * first * second
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(n > 1, np.sqrt(n / (n - 1)) / n, np.nan)
    return cross * scale[:, :, None] * scale[:, None, :]


class UnitPlacer:
    """Puts rows of units into an array of centres by segments."""

    def __init__(
        self, units: pd.DataFrame, *, centres: tuple[str, ...], segments: tuple[str, ...]
    ) -> None:
        self._row = pd.Index(centres).get_indexer(pd.Index(units["centre"]))
        self._column = pd.Index(segments).get_indexer(pd.Index(units["segment"]))
        self._shape = (len(centres), len(segments))

    def __call__(self, values: NDArray[np.float64], fill: float) -> NDArray[np.float64]:
        """Place values of units, (U, ...), into (C, S, ...) with `fill` where there is no unit."""
        placed = np.full((*self._shape, *values.shape[1:]), fill)
        placed[self._row, self._column] = values
        return placed


def compute_moments_from_totals(tables: IntakeTables, methodology: Methodology) -> CentreMoments:
    """Compute indicator means and a bound on their covariance from delivered totals.

    Option counts give mean, n and SD. Delivered means replace the mean, and their own n and SD
    count where given. Where the SD is unknown it is bounded by
    ``sqrt(n / (n - 1) (100 - m)(m - 0))`` (Bhatia and Davis 2000, with n - 1 in the denominator
    as everywhere); where n is unknown it is the centre's largest known n. Covariances are
    ``rho se_a se_b`` with the methodology's assumed correlation rho; NaN where only one answered.

    Parameters
    ----------
    tables : IntakeTables
        With ``option_counts``, ``unit_means`` or both.
    methodology : Methodology

    Returns
    -------
    CentreMoments
        With ``std_error_method`` "bound".

    References
    ----------
    Bhatia R., Davis C. A better bound on the variance. American Mathematical Monthly, 2000,
    107(4), 353-357. doi:10.2307/2589180
    """
    cells = _merge_totals(tables, methodology)
    centres = tuple(sorted(cells["centre"].unique()))
    mean, n, sd = (_pivot(cells, name, centres, methodology) for name in ("points", "n", "sd"))
    known = ~np.isnan(mean)
    largest = np.nan_to_num(n).max(axis=2, keepdims=True)
    n_used = np.where(np.isnan(n) & known, np.where(largest > 0, largest, np.nan), n)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.clip((SCORE_MAX - mean) * (mean - SCORE_MIN), 0, None)
        bound = np.sqrt(spread * n_used / (n_used - 1))
        se = np.where(n_used > 1, np.where(np.isnan(sd), bound, sd) / np.sqrt(n_used), np.nan)
    rho = methodology.aggregates.assumed_correlation
    n_items = len(methodology.indicator_keys)
    correlation = np.where(np.eye(n_items, dtype=bool), 1.0, rho)
    return CentreMoments(
        centres=centres,
        segments=methodology.segment_keys,
        indicators=methodology.indicator_keys,
        mean=mean,
        n=np.where(known, n_used, 0.0),
        cov_mean=correlation * se[..., :, None] * se[..., None, :],
        n_respondents=largest[..., 0],
        std_error_method="bound",
    )


_CELL = ["centre", "segment", "indicator"]


def _merge_totals(tables: IntakeTables, methodology: Methodology) -> pd.DataFrame:
    """Return one row a centre, segment and indicator: points, n, sd."""
    parts = []
    if tables.option_counts is not None:
        parts.append(_summarise_options(tables.option_counts, methodology))
    if tables.unit_means is not None:
        parts.append(_summarise_means(tables.unit_means))
    cells = parts[-1]
    if len(parts) == 2:
        cells = parts[1].merge(parts[0], on=_CELL, how="outer", suffixes=("", "_counted"))
        for name in ("points", "n", "sd"):
            cells[name] = cells[name].fillna(cells[f"{name}_counted"])
    return cells


def _summarise_options(options: pd.DataFrame, methodology: Methodology) -> pd.DataFrame:
    answered = options[options["category"] > 0]
    row = pd.Index(methodology.indicator_keys).get_indexer(pd.Index(answered["indicator"]))
    value = point_values(methodology)[row, answered["category"]]
    frame = answered[_CELL].assign(
        n=answered["n"], total=answered["n"] * value, squares=answered["n"] * value**2
    )
    sums = frame.groupby(_CELL, as_index=False)[["n", "total", "squares"]].sum()
    sums = sums[sums["n"] > 0]
    points = sums["total"] / sums["n"]
    variance = (sums["squares"] - sums["n"] * points**2) / (sums["n"] - 1).where(sums["n"] > 1)
    return sums[_CELL].assign(points=points, n=sums["n"], sd=np.sqrt(variance.clip(lower=0)))


def _summarise_means(means: pd.DataFrame) -> pd.DataFrame:
    """Combine periods: the n-weighted mean, or the plain mean where an n is unknown.

    A period with a single answer adds nothing to the spread inside periods, whatever its SD.
    """
    if not means.duplicated(_CELL).any():
        return means[_CELL].assign(points=means["points"], n=means["n"], sd=means["sd_points"])
    rows = []
    for cell, part in means.groupby(_CELL):
        weight = part["n"] if part["n"].notna().all() else pd.Series(1.0, part.index)
        points = float((weight * part["points"]).sum() / weight.sum())
        between = (weight * (part["points"] - points) ** 2).sum()
        inside = ((part["n"] - 1) * part["sd_points"] ** 2).mask(part["n"] == 1, 0.0)
        squares = inside.sum(skipna=False) + between
        n = float(part["n"].sum(skipna=False))
        sd = float(np.sqrt(squares / (n - 1))) if n > 1 else np.nan
        rows.append((*cell, points, n, sd))
    return pd.DataFrame(rows, columns=[*_CELL, "points", "n", "sd"])


def _pivot(
    cells: pd.DataFrame, name: str, centres: tuple[str, ...], methodology: Methodology
) -> NDArray[np.float64]:
    shape = (len(centres), len(methodology.segment_keys), len(methodology.indicator_keys))
    placed = np.full(shape, np.nan)
    positions = (
        pd.Index(centres).get_indexer(pd.Index(cells["centre"])),
        pd.Index(methodology.segment_keys).get_indexer(pd.Index(cells["segment"])),
        pd.Index(methodology.indicator_keys).get_indexer(pd.Index(cells["indicator"])),
    )
    placed[positions] = cells[name].to_numpy(float)
    return placed
