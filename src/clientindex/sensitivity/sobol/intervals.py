"""Intervals of sensitivity indices: sequences left out in turn, or rows drawn again.

Rows of a Sobol sequence are not independent, and a bootstrap that takes them for it is wrong both
ways. Simulated 500 times with 512 rows of one sequence at 95 %, percentiles cover 85 to 88 % for
the first-order index of the third input of Ishigami's function, and 94 to 100 % for its others; all
of a linear function 100 %. No correction of bias helps. Several sequences, each scrambled by
itself, are independent: with 16 of them the jackknife over sequences covers 92 to 97 % (simulated
200 times) of all indices of Ishigami's, Sobol's and a linear function. They are still more precise
than a random sample, whose rows any bootstrap draws again rightly: percentiles 91 to 98 %,
bias-corrected ones 92 to 97 %, no better (300 times each).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.stats import norm, t

from clientindex.errors import StatisticsError
from clientindex.sensitivity.sobol.indices import RowSums

if TYPE_CHECKING:
    from numpy.typing import NDArray

BootstrapKind = Literal["percentile", "bias_corrected"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Interval:
    """An interval and the standard error of estimates; all of one shape."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    std_error: NDArray[np.float64]


def jackknife_indices(
    runs: NDArray[np.float64], *, sequences: int, level: float
) -> tuple[Interval, Interval]:
    r"""Find intervals of first-order and total indices from independent sequences.

    Parameters
    ----------
    runs : ndarray of shape (N, 2 + J, Q)
        Rows of one sequence after those of another, as many of each.
    sequences : int
        Number m of them, at least 2.
    level : float

    Returns
    -------
    first, total : Interval
        Of shape (Q, J).

    Raises
    ------
    StatisticsError
        If there are fewer than two sequences, or rows cannot be divided among them.

    Notes
    -----
    :math:`se^2 = \frac{m - 1}{m} \sum_s (\hat S_{(-s)} - \bar S_{(\cdot)})^2` over estimates
    without sequence s; the interval is :math:`\hat S \pm t_{m - 1} se`.

    References
    ----------
    L'Ecuyer P., Nakayama M. K., Owen A. B., Tuffin B. Confidence intervals for randomized
    quasi-Monte Carlo estimators. Winter Simulation Conference, 2023, 445-456.
    doi:10.1109/WSC60868.2023.10408613
    """
    sums = RowSums.of(runs)
    if sequences < 2 or sums.n_rows % sequences:
        msg = (
            f"{sums.n_rows} rows of {sequences} sequences have no jackknife: take two sequences or "
            "more, of the same length"
        )
        raise StatisticsError(msg)
    kept = np.repeat(1.0 - np.eye(sequences), sums.n_rows // sequences, axis=1)
    _, _, first, total = sums.estimate(np.ones((1, sums.n_rows)))
    _, _, first_without, total_without = sums.estimate(kept)
    return (
        _spread(first[0], first_without, level=level),
        _spread(total[0], total_without, level=level),
    )


def _spread(
    estimate: NDArray[np.float64], without: NDArray[np.float64], *, level: float
) -> Interval:
    m = len(without)
    error = np.sqrt((m - 1) / m * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    reach = t.ppf((1 + level) / 2, m - 1) * error
    return Interval(low=estimate - reach, high=estimate + reach, std_error=error)


def bootstrap_indices(
    runs: NDArray[np.float64],
    *,
    replicates: int,
    level: float,
    rng: np.random.Generator,
    kind: BootstrapKind = "percentile",
) -> tuple[Interval, Interval]:
    r"""Find intervals of first-order and total indices.

    Parameters
    ----------
    runs : ndarray of shape (N, 2 + J, Q)
        See :func:`clientindex.sensitivity.sobol.indices.compute_indices`.
    replicates : int
    level : float
    rng : Generator
    kind : {"percentile", "bias_corrected"}
        "percentile": quantiles of replicates. "bias_corrected" moves the quantiles by
        :math:`z_0`, from the share of replicates below the estimate.

    Returns
    -------
    first, total : Interval
        Of shape (Q, J).

    Notes
    -----
    A row is drawn with all of its runs. Outputs are centred anew in every replicate. For rows that
    are independent, i.e. as many sequences as rows.

    References
    ----------
    Efron B., Tibshirani R. J. An Introduction to the Bootstrap. Chapman & Hall, 1993, chapter 14.
    Archer G. E. B., Saltelli A., Sobol I. M. Journal of Statistical Computation and Simulation,
    1997, 58(2), 99-120. doi:10.1080/00949659708811825
    """
    sums = RowSums.of(runs)
    counts = _count_rows(sums.n_rows, replicates=replicates, rng=rng)
    _, _, first, total = sums.estimate(np.ones((1, sums.n_rows)))
    _, _, drawn_first, drawn_total = sums.estimate(counts)
    return (
        _find_interval(first[0], drawn_first, level=level, kind=kind),
        _find_interval(total[0], drawn_total, level=level, kind=kind),
    )


def _count_rows(n: int, *, replicates: int, rng: np.random.Generator) -> NDArray[np.float64]:
    counts = np.empty((replicates, n))
    for row in counts:
        row[:] = np.bincount(rng.integers(0, n, n), minlength=n)
    return counts


def _find_interval(
    estimate: NDArray[np.float64],
    drawn: NDArray[np.float64],
    *,
    level: float,
    kind: BootstrapKind,
) -> Interval:
    error = drawn.std(axis=0, ddof=1)
    z = norm.ppf((1 + level) / 2)
    bias = np.zeros_like(estimate) if kind == "percentile" else _find_bias(estimate, drawn)
    ends = [_take_quantile(drawn, norm.cdf(2 * bias + side * z)) for side in (-1, 1)]
    return Interval(low=ends[0], high=ends[1], std_error=error)


def _find_bias(estimate: NDArray[np.float64], drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return z0; replicates equal to the estimate count half, so that what cannot move has 0."""
    below = (drawn < estimate).sum(axis=0) + (drawn == estimate).sum(axis=0) / 2
    n = len(drawn)
    return np.asarray(norm.ppf(np.clip(below / n, 0.5 / n, 1 - 0.5 / n)))


def _take_quantile(drawn: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the quantile of each column at its own share (type 7)."""
    ordered = np.sort(drawn, axis=0)
    place = np.nan_to_num(share) * (len(drawn) - 1)
    low = np.floor(place).astype(np.intp)
    high = np.minimum(low + 1, len(drawn) - 1)
    lower, upper = (np.take_along_axis(ordered, at[None], axis=0)[0] for at in (low, high))
    return np.asarray(lower + (place - low) * (upper - lower))
