r"""Normalisers that are straight lines: min-max, z, goalposts, target, distance to best.

:math:`y = level + slope\,(x - origin)`, one line an indicator. The direction is +1 where more is
better and -1 where less is better; y always grows with quality.

References
----------
OECD, European Union, JRC. Handbook on constructing composite indicators: methodology and user
guide. OECD Publishing, 2008. doi:10.1787/9789264043466-en
Becker W., Caperna G., Del Sorbo M., Norlén H., Papadimitriou E., Saisana M. COINr: an R package for
developing composite indicators. Journal of Open Source Software, 2022, 7(78), 4567.
doi:10.21105/joss.04567
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.aggregation.columns import check_columns

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

PERCENT = (0.0, 100.0)
UNIT = (0.0, 1.0)
STANDARD = (0.0, 1.0)
"""Mean and standard deviation of z scores."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearNormaliser:
    """Lines, fitted or stated.

    Attributes
    ----------
    origin, slope : ndarray of shape (K,)
        Slopes are not 0; negative where less is better.
    level : float
        Normalised value at the origin.
    lowest, highest : float or None
        Ends to which normalised values are clipped.
    """

    origin: NDArray[np.float64]
    slope: NDArray[np.float64]
    level: float
    lowest: float | None = None
    highest: float | None = None

    def apply(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Normalise values of shape (..., K); NaN stays NaN."""
        y: NDArray[np.float64] = self.level + self.slope * (x - self.origin)
        if self.lowest is None and self.highest is None:
            return y
        return np.clip(y, self.lowest, self.highest)

    def invert(self, y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values that normalise to y, of shape (..., K).

        Raises
        ------
        StatisticsError
            If y lies beyond the ends to which normalised values are clipped. At an end itself, the
            value where clipping begins is returned.
        """
        y = np.asarray(y, dtype=np.float64)
        low = -np.inf if self.lowest is None else self.lowest
        high = np.inf if self.highest is None else self.highest
        if ((y < low) | (y > high)).any():
            msg = f"no value normalises to a point outside {low:g} to {high:g}"
            raise StatisticsError(msg)
        x: NDArray[np.float64] = (y - self.level) / self.slope + self.origin
        return x


def fit_min_max(
    x: ArrayLike,
    *,
    direction: ArrayLike,
    ends: ArrayLike | None = None,
    to: tuple[float, float] = PERCENT,
) -> LinearNormaliser:
    """Fit min-max: the worst value becomes the lower end, the best the upper; nothing is clipped.

    Parameters
    ----------
    x : array_like of shape (U, K)
        NaN is left out.
    direction : array_like of shape (K,)
        +1 or -1.
    ends : array_like of shape (K, 2), optional
        Smallest and largest value of each indicator, instead of those of `x`.
    to : (float, float)

    Raises
    ------
    StatisticsError
        Naming the columns, from 0, without values or with one value only; if ends do not rise.
    """
    columns, signs = check_columns(x, direction)
    if ends is None:
        low, high = np.nanmin(columns, axis=0), np.nanmax(columns, axis=0)
    else:
        low, high = _read_ends(ends, columns.shape[1])
    return _span(np.where(signs > 0, low, high), np.where(signs > 0, high, low), to=to)


def fit_distance_to_best(x: ArrayLike, *, direction: ArrayLike) -> LinearNormaliser:
    """Fit ``1 - |best - x| / |best - worst|``: 1 for the best, 0 for the worst.

    The ``dist2max`` of COINr; min-max to 0-1 by another name. Parameters and errors are those of
    :func:`fit_min_max`.
    """
    return fit_min_max(x, direction=direction, to=UNIT)


def fit_z(
    x: ArrayLike, *, direction: ArrayLike, to: tuple[float, float] = STANDARD
) -> LinearNormaliser:
    """Fit z scores: mean and standard deviation (n - 1) become those of `to`.

    Parameters
    ----------
    x : array_like of shape (U, K)
        NaN is left out.
    direction : array_like of shape (K,)
    to : (float, float)
        Mean and standard deviation, the latter positive.

    Raises
    ------
    StatisticsError
        Naming the columns without values or with one value only; if the deviation is not positive.
    """
    columns, signs = check_columns(x, direction)
    if not to[1] > 0:
        msg = f"z scores need a positive standard deviation, got {to[1]}"
        raise StatisticsError(msg)
    spread = np.nanstd(columns, axis=0, ddof=1)
    return LinearNormaliser(
        origin=np.nanmean(columns, axis=0), slope=signs * to[1] / spread, level=to[0]
    )


def make_goalposts(
    low: ArrayLike,
    high: ArrayLike,
    *,
    direction: ArrayLike,
    to: tuple[float, float] = PERCENT,
    clip: bool = True,
) -> LinearNormaliser:
    """Make a normaliser from stated goalposts; values beyond them count as on them.

    Parameters
    ----------
    low, high : array_like of shape (K,)
        Goalposts, rising.
    direction : array_like of shape (K,)
    to : (float, float)
    clip : bool

    Raises
    ------
    StatisticsError
        If goalposts do not rise.
    """
    posts = np.stack([np.asarray(low, np.float64), np.asarray(high, np.float64)], axis=-1)
    _read_ends(posts, len(posts))
    return _clip(fit_min_max(posts.T, direction=direction, ends=posts, to=to), to=to, clip=clip)


def fit_target(
    x: ArrayLike,
    *,
    targets: ArrayLike,
    direction: ArrayLike,
    to: tuple[float, float] = UNIT,
    clip: bool = True,
) -> LinearNormaliser:
    """Fit the way from the worst value to a target: the upper end of `to` is reached at the target.

    Parameters
    ----------
    x : array_like of shape (U, K)
    targets : array_like of shape (K,)
        Each better than the worst value.
    direction : array_like of shape (K,)
    to : (float, float)
    clip : bool
        Whether more than the target counts as the target.

    Raises
    ------
    StatisticsError
        Naming the columns in which even the worst value reaches the target.
    """
    columns, signs = check_columns(x, direction)
    aims = np.asarray(targets, dtype=np.float64)
    worst = np.where(signs > 0, np.nanmin(columns, axis=0), np.nanmax(columns, axis=0))
    reached = np.flatnonzero(~(signs * (aims - worst) > 0))
    if len(reached):
        msg = f"every value reaches the target in columns {reached.tolist()}: nothing is measured"
        raise StatisticsError(msg)
    fitted = _span(worst, aims, to=to)
    return LinearNormaliser(
        origin=fitted.origin,
        slope=fitted.slope,
        level=fitted.level,
        highest=to[1] if clip else None,
    )


def _span(
    worst: NDArray[np.float64], best: NDArray[np.float64], *, to: tuple[float, float]
) -> LinearNormaliser:
    if not to[1] > to[0]:
        msg = f"the ends of the normalised scale must rise, got {to[0]} and {to[1]}"
        raise StatisticsError(msg)
    return LinearNormaliser(origin=worst, slope=(to[1] - to[0]) / (best - worst), level=to[0])


def _clip(fitted: LinearNormaliser, *, to: tuple[float, float], clip: bool) -> LinearNormaliser:
    return LinearNormaliser(
        origin=fitted.origin,
        slope=fitted.slope,
        level=fitted.level,
        lowest=to[0] if clip else None,
        highest=to[1] if clip else None,
    )


def _read_ends(ends: ArrayLike, n_columns: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    known = np.asarray(ends, dtype=np.float64)
    if known.shape != (n_columns, 2) or not (known[:, 0] < known[:, 1]).all():
        msg = f"{n_columns} indicators need as many pairs of a smaller and a larger end"
        raise StatisticsError(msg)
    return known[:, 0], known[:, 1]
