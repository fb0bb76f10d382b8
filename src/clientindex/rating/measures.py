"""Measures of centres brought to the scale of scores by the methodology's normalisers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.methodology.model import SCORE_MAX, SCORE_MIN
from clientindex.rating.aggregation import (
    LinearNormaliser,
    OrderNormaliser,
    ShareOfBest,
    fit_distance_to_best,
    fit_min_max,
    fit_order,
    fit_share_of_best,
    fit_target,
    fit_z,
    make_goalposts,
)
from clientindex.results.rating import LEFT_OUT_COLUMNS, MEASURE_COLUMNS, make_empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.methodology import Indicator, Methodology
    from clientindex.methodology.scoring_settings import Normaliser

    Fitted = LinearNormaliser | OrderNormaliser | ShareOfBest

FEW_CENTRES, NO_VARIANCE = "few_centres", "no_variance"
TARGET_REACHED, NOT_POSITIVE = "target_reached", "not_positive"

Z_IN_POINTS = (50.0, 10.0)
Z_IN_STANDARD = (0.0, 1.0)
"""Mean and deviation of z scores unless the methodology states them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeasureScores:
    """Scores of the measures of C centres.

    Attributes
    ----------
    centres : tuple of str
        Sorted.
    indicators : tuple of str
        The M measures in the order of the methodology.
    value : ndarray of shape (C, M)
        On the scale of scores, higher is better; NaN where not reported, or the measure is dropped.
    variance : ndarray of shape (C, M)
        Sampling variance; NaN where the standard error is unknown, and for ranks and percentiles.
    n : ndarray of shape (C, M)
        Cases behind it; 0 where not reported, NaN where unknown.
    fits, left_out : DataFrame
        See ``measures`` and ``left_out`` of :class:`clientindex.results.Scores`.
    """

    centres: tuple[str, ...]
    indicators: tuple[str, ...]
    value: NDArray[np.float64]
    variance: NDArray[np.float64]
    n: NDArray[np.float64]
    fits: pd.DataFrame
    left_out: pd.DataFrame

    @property
    def dropped(self) -> frozenset[str]:
        """Measures that are left out of the scores."""
        return frozenset(self.left_out["key"])

    def take(self, centres: Sequence[str]) -> MeasureScores:
        """Return the measures of these centres, all NaN for those without."""
        rows = pd.Index(self.centres).get_indexer(pd.Index(centres))
        fills = {"value": np.nan, "variance": np.nan, "n": 0.0}
        taken = {
            name: np.where((rows >= 0)[:, None], getattr(self, name)[rows], fill)
            if len(self.centres)
            else np.full((len(centres), len(self.indicators)), fill)
            for name, fill in fills.items()
        }
        return MeasureScores(
            centres=tuple(centres),
            indicators=self.indicators,
            fits=self.fits,
            left_out=self.left_out,
            **taken,
        )


def score_measures(table: pd.DataFrame | None, methodology: Methodology) -> MeasureScores | None:
    """Normalise the measures of all centres of an edition.

    Parameters
    ----------
    table : DataFrame or None
        ``centre``, ``indicator``, ``value``, ``std_error``, ``n``, as intake hands it on.
    methodology : Methodology

    Returns
    -------
    MeasureScores or None
        None where the methodology has no measures.

    Notes
    -----
    Every normaliser is fitted on all centres that report the measure; its parameters are then taken
    for known, so the variance of a score is ``slope² se²`` (for a share of the best, with the slope
    of the ratio at the value). Clipping leaves variances as they are. On the scale of points scores
    are kept within 0-100.

    A measure that cannot be normalised is left out with its reason, not refused: which centres
    report it is no fault of the methodology.
    """
    keys = methodology.measure_keys
    if not keys:
        return None
    rows = table if table is not None else make_empty(("centre", "indicator"))
    centres = tuple(sorted(set(rows["centre"])))
    raw, error, n = (_pivot(rows, name, centres, keys) for name in ("value", "std_error", "n"))
    value, variance = np.full_like(raw, np.nan), np.full_like(raw, np.nan)
    fits: list[dict[str, Any]] = []
    left_out: list[dict[str, str]] = []
    for place, key in enumerate(keys):
        indicator, column = methodology.indicator(key), raw[:, place]
        reason = _find_reason(column, indicator)
        if reason is not None:
            left_out.append({"kind": "indicator", "key": key, **reason})
            continue
        fitted = _fit(column, indicator, scale=methodology.scoring.scale)
        scaled, slope = _apply(fitted, column, _normaliser(indicator))
        value[:, place], variance[:, place] = scaled, (slope * error[:, place]) ** 2
        fits.append(_describe(key, column, indicator, fitted))
    if methodology.scoring.scale == "points":
        value = np.clip(value, SCORE_MIN, SCORE_MAX)
    return MeasureScores(
        centres=centres,
        indicators=keys,
        value=value,
        variance=variance,
        n=np.where(np.isnan(raw), 0.0, n),
        fits=pd.DataFrame(fits, columns=list(MEASURE_COLUMNS)),
        left_out=pd.DataFrame(left_out, columns=list(LEFT_OUT_COLUMNS), dtype="str"),
    )


def _pivot(
    rows: pd.DataFrame, name: str, centres: tuple[str, ...], keys: tuple[str, ...]
) -> NDArray[np.float64]:
    placed = np.full((len(centres), len(keys)), np.nan)
    if len(rows):
        at = pd.Index(centres).get_indexer(pd.Index(rows["centre"]))
        to = pd.Index(keys).get_indexer(pd.Index(rows["indicator"]))
        placed[at, to] = rows[name].to_numpy(np.float64)
    return placed


def _normaliser(indicator: Indicator) -> Normaliser:
    if indicator.normaliser is None:
        msg = f"measure {indicator.key} has no normaliser"
        raise StatisticsError(msg)
    return indicator.normaliser


def _sign(indicator: Indicator) -> float:
    return -1.0 if indicator.direction == "negative" else 1.0


def _find_reason(column: NDArray[np.float64], indicator: Indicator) -> dict[str, str] | None:
    """Return why a measure cannot be scored, None where it can."""
    known, rule = column[~np.isnan(column)], _normaliser(indicator)
    if len(known) < indicator.minimum_centres:
        return {"reason": FEW_CENTRES, "detail": str(len(known))}
    if rule.kind != "goalposts" and known.min() == known.max():
        return {"reason": NO_VARIANCE, "detail": f"{known[0]:g}"}
    worst, best = (known.min(), known.max())[:: int(_sign(indicator))]
    if rule.target is not None and not _sign(indicator) * (rule.target - worst) > 0:
        return {"reason": TARGET_REACHED, "detail": f"{rule.target:g}"}
    if rule.kind == "share_of_best" and not (best > 0 and known.min() >= 0):
        return {"reason": NOT_POSITIVE, "detail": f"{min(best, known.min()):g}"}
    return None


def _fit(column: NDArray[np.float64], indicator: Indicator, *, scale: str) -> Fitted:
    x, rule, direction = column[:, None], _normaliser(indicator), [_sign(indicator)]
    stated = np.array([rule.target, rule.low, rule.high], dtype=np.float64)
    if rule.kind == "z":
        mean, deviation = Z_IN_POINTS if scale == "points" else Z_IN_STANDARD
        to = (
            mean if rule.mean is None else rule.mean,
            deviation if rule.deviation is None else rule.deviation,
        )
        return fit_z(x, direction=direction, to=to)
    if rule.kind == "target":
        return fit_target(x, targets=stated[:1], direction=direction, to=rule.to)
    if rule.kind == "goalposts":
        return make_goalposts(stated[1:2], stated[2:], direction=direction, to=rule.to)
    if rule.kind == "share_of_best":
        return fit_share_of_best(x, direction=direction)
    if rule.kind in ("rank", "percentile"):
        return fit_order(
            x, direction=direction, kind="rank" if rule.kind == "rank" else "percentile"
        )
    if rule.kind == "distance_to_best":
        return fit_distance_to_best(x, direction=direction)
    return fit_min_max(x, direction=direction, to=rule.to)


def _apply(
    fitted: Fitted, column: NDArray[np.float64], rule: Normaliser
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return scores and what one unit of the measure changes them by; NaN slope of ranks."""
    y = fitted.apply(column[:, None])[:, 0]
    if isinstance(fitted, OrderNormaliser):
        n = len(fitted.reference[0])
        return SCORE_MAX * y / (n if rule.kind == "rank" else 1), np.full(len(column), np.nan)
    if isinstance(fitted, ShareOfBest):
        rising = fitted.direction[0] > 0
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.where(rising, 1 / fitted.best[0], -y / column)
        return SCORE_MAX * y, SCORE_MAX * slope
    unit = SCORE_MAX if rule.kind == "distance_to_best" else 1.0
    return unit * y, np.full(len(column), unit * fitted.slope[0])


def _describe(
    key: str, column: NDArray[np.float64], indicator: Indicator, fitted: Fitted
) -> dict[str, Any]:
    rule, known = _normaliser(indicator), column[~np.isnan(column)]
    line = {"origin": np.nan, "slope": np.nan, "level": np.nan}
    if isinstance(fitted, LinearNormaliser):
        unit = SCORE_MAX if rule.kind == "distance_to_best" else 1.0
        line = {
            "origin": float(fitted.origin[0]),
            "slope": unit * float(fitted.slope[0]),
            "level": unit * fitted.level,
        }
    return {
        "indicator": key,
        "normaliser": rule.kind,
        "n_centres": len(known),
        "minimum": known.min(),
        "maximum": known.max(),
        "mean": known.mean(),
        "std_deviation": known.std(ddof=1),
        **line,
    }
