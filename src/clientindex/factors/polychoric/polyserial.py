r"""The polyserial correlation of a continuous covariate with every indicator.

A covariate :math:`x` and the normal variable behind an answer are bivariate normal. Given
:math:`z = (x - \mu) / \sigma`, an answer falls below the cut point :math:`\tau` with probability
:math:`\Phi((\tau - \rho z) / \sqrt{1 - \rho^2})`. Two steps take :math:`\mu, \sigma, \tau` from the
margins and then maximise over :math:`\rho`. Full maximum likelihood is an ordered probit regression
of the answers on :math:`z`: with its slope :math:`\beta`, :math:`\rho = \beta / \sqrt{1 +
\beta^2}`, because the margin of :math:`x` and the regression on :math:`x` share no parameter.

References
----------
Olsson U., Drasgow F., Dorans N. J. The polyserial correlation coefficient. Psychometrika, 1982,
47(3), 337-347. doi:10.1007/BF02294164
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from scipy.special import ndtri

from clientindex.errors import StatisticsError
from clientindex.factors.polychoric.influence import compute_threshold_influence
from clientindex.factors.polychoric.probit import fit_probit
from clientindex.factors.polychoric.serial_two_step import (
    compute_serial_influence,
    solve_serial,
)
from clientindex.factors.polychoric.tables import compute_cuts, read_margins
from clientindex.results import PolyserialTable, Unavailable

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology

STAGE = "factors"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covariate:
    """A covariate of U units, standardised over their respondents.

    Attributes
    ----------
    z : ndarray of shape (U,)
        0 where it is unknown.
    known : bool ndarray of shape (U,)
    mean, sd : float
    by_mean, by_sd : ndarray of shape (U,)
        Influence of each unit on `mean` and `sd`.
    """

    z: NDArray[np.float64]
    known: NDArray[np.bool_]
    mean: float
    sd: float
    by_mean: NDArray[np.float64]
    by_sd: NDArray[np.float64]


def estimate_polyserial(
    counts: PairCounts,
    covariate: ArrayLike,
    methodology: Methodology,
    *,
    estimator: Literal["two_step", "ml"] | None = None,
) -> PolyserialTable | Unavailable:
    """Estimate the polyserial correlation of a covariate with every indicator.

    Missing values: the mean and spread of the covariate rest on all respondents of units where it
    is known, thresholds on everybody who answered the indicator (two steps), the correlation on
    answers in units where the covariate is known. Reverse-keyed indicators are turned round.

    Parameters
    ----------
    counts : PairCounts
        Of U units.
    covariate : array_like of shape (U,)
        Value of every unit, in the order of ``counts.units``; NaN where it is unknown.
    methodology : Methodology
    estimator : {"two_step", "ml"}, optional
        Default: ``factors.polychoric`` of the methodology.

    Returns
    -------
    PolyserialTable or Unavailable
        Unavailable with reason ``one_centre`` (fewer than two centres with a known covariate),
        ``too_few_answers``, ``zero_variance`` (fewer than two categories were chosen) and
        ``perfect_covariate`` (it separates the answers without error), with the indicators as
        detail.

    Raises
    ------
    StatisticsError
        If the covariate has another length than the units, or a single value.
    """
    used = estimator or methodology.factors.polychoric
    spread = standardise_covariate(counts, covariate)
    centres = counts.units["centre"].to_numpy()
    if len(set(centres[spread.known])) < 2:
        return Unavailable(stage=STAGE, reason="one_centre")
    margins = read_margins(counts, methodology)
    answered = np.where(spread.known[:, None, None], margins, 0)
    if (obstacle := _find_unusable(answered, spread.z, counts.indicators)) is not None:
        return obstacle
    solve = _solve_ml if used == "ml" else _solve_two_step
    rho, influence = solve(margins, answered, spread)
    by_centre = pd.DataFrame(influence).groupby(centres).sum().to_numpy()
    return PolyserialTable(
        frame=_tabulate(
            counts.indicators,
            rho,
            np.sqrt((by_centre**2).sum(axis=0)),
            answered.sum(axis=(0, 2)),
            methodology.intervals.level,
        ),
        estimator=used,
        mean=spread.mean,
        sd=spread.sd,
        n_centres=len(set(centres[spread.known])),
        level=methodology.intervals.level,
    )


def standardise_covariate(counts: PairCounts, covariate: ArrayLike) -> Covariate:
    """Standardise a covariate over the respondents of its units.

    Raises
    ------
    StatisticsError
        If it has another length than the units, or fewer than two values.
    """
    x = np.asarray(covariate, dtype=np.float64)
    if x.shape != (len(counts.units),):
        msg = (
            f"the covariate has shape {x.shape}, but the counts have {len(counts.units)} units; "
            "give one value for every row of counts.units"
        )
        raise StatisticsError(msg)
    known = np.isfinite(x)
    n = np.where(known, counts.n, 0).astype(np.float64)
    used = n > 0
    if len(np.unique(x[used])) < 2:
        value = f"the same value, {x[used][0]:g}," if used.any() else "no value"
        msg = (
            f"the covariate has {value} in all units with answers; a correlation needs at least "
            "two different values"
        )
        raise StatisticsError(msg)
    share = n / n.sum()
    mean = float(share @ np.where(known, x, 0.0))
    deviation = np.where(known, x - mean, 0.0)
    sd = float(np.sqrt(share @ deviation**2))
    return Covariate(
        z=deviation / sd,
        known=known,
        mean=mean,
        sd=sd,
        by_mean=share * deviation,
        by_sd=share * (deviation**2 - sd**2) / (2 * sd),
    )


def _find_unusable(
    answered: NDArray[np.integer[Any]], z: NDArray[np.float64], indicators: tuple[str, ...]
) -> Unavailable | None:
    total = answered.sum(axis=0)
    items = range(len(indicators))
    faults = {
        "too_few_answers": total.sum(axis=1) < 2,
        "zero_variance": (total > 0).sum(axis=1) < 2,
        "perfect_covariate": np.array([_is_perfect(answered[:, item], z) for item in items]),
    }
    for reason, wrong in faults.items():
        if wrong.any():
            named = [key for key, faulty in zip(indicators, wrong, strict=True) if faulty]
            return Unavailable(stage=STAGE, reason=reason, detail=", ".join(named))
    return None


def _is_perfect(table: NDArray[np.integer[Any]], z: NDArray[np.float64]) -> bool:
    """Return whether higher answers never have a lower covariate, or never a higher one."""
    low = np.array([z[column > 0].min() for column in table.T if column.any()])
    high = np.array([z[column > 0].max() for column in table.T if column.any()])
    return bool((high[:-1] <= low[1:]).all() or (low[:-1] >= high[1:]).all())


def _solve_two_step(
    margins: NDArray[np.integer[Any]], answered: NDArray[np.integer[Any]], spread: Covariate
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    cuts = compute_cuts(margins.sum(axis=0).astype(np.float64))
    rho = solve_serial(answered, spread.z, cuts)
    influence = compute_serial_influence(
        answered,
        spread.z,
        cuts,
        rho,
        by_cut=compute_threshold_influence(margins, cuts),
        by_mean=spread.by_mean / spread.sd,
        by_sd=spread.by_sd / spread.sd,
    )
    return rho, influence


def _solve_ml(
    _margins: NDArray[np.integer[Any]], answered: NDArray[np.integer[Any]], spread: Covariate
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    slope, influence = fit_probit(answered, spread.z)
    root = np.sqrt(1 + slope**2)
    moved = influence + slope * (spread.by_sd / spread.sd)[:, None]
    return slope / root, moved / root**3


def _tabulate(
    indicators: tuple[str, ...],
    rho: NDArray[np.float64],
    errors: NDArray[np.float64],
    n: NDArray[np.integer[Any]],
    level: float,
) -> pd.DataFrame:
    half = float(ndtri((1 + level) / 2)) * errors / (1 - rho**2)
    return pd.DataFrame(
        {
            "indicator": list(indicators),
            "estimate": rho,
            "std_error": errors,
            "ci_low": np.tanh(np.arctanh(rho) - half),
            "ci_high": np.tanh(np.arctanh(rho) + half),
            "n": n.astype(np.int64),
        }
    )
