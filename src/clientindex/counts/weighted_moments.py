"""Means of weighted or adjusted answers in every centre, with their sampling covariance.

Two passes over respondents: the first gives the means, the second the products of what every
respondent adds to them. Both are sums over respondents, so batches add.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.compiled import njit
from clientindex.counts.cells import CELL_KEYS
from clientindex.counts.centre_moments import CentreMoments, UnitPlacer
from clientindex.counts.sums import point_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts.cells import Cells
    from clientindex.intake.tables import Responses
    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Adjustment:
    """What is taken from the answers of H cells before means, and from their influence after.

    Attributes
    ----------
    cells : Cells
    offset : ndarray of shape (H, K) or None
        Points taken from every answer of a cell.
    residual : ndarray of shape (H, K) or None
        What is taken from the influence of every respondent of a cell on the mean of his own
        centre and segment, answered or not.
    """

    cells: Cells
    offset: NDArray[np.float64] | None = None
    residual: NDArray[np.float64] | None = None


def compute_weighted_moments(
    responses: Responses,
    methodology: Methodology,
    *,
    weight: NDArray[np.float64] | None = None,
    adjustment: Adjustment | None = None,
) -> CentreMoments:
    """Compute weighted indicator means of every centre and segment, and their covariance.

    With weights ``w``, answers ``x`` (less the offset of the cell) and
    ``m_a = sum w x_a / sum w``, sums over those who answered a, a respondent's influence is
    ``u_a = w (x_a - m_a) / sum w``, 0 without an answer, less ``w`` times the residual of the cell
    where one is given. The covariance of the means is ``sqrt(f_a f_b)`` times the sum of
    ``(u_a - ubar_a)(u_b - ubar_b)``, ``f_a = n_a / (n_a - 1)``: the linearised covariance of ratio
    means of independent draws with replacement within a centre and segment. Without weights and
    adjustment it is what :func:`clientindex.counts.compute_centre_moments` gives.

    Parameters
    ----------
    responses : Responses
    methodology : Methodology
    weight : ndarray of shape (N,), optional
        Positive; only ratios inside a centre and segment matter.
    adjustment : Adjustment, optional

    Returns
    -------
    CentreMoments
        ``n`` and ``n_respondents`` count people, not weights; ``df`` is Kish's effective number
        ``(sum w)² / sum w²`` less one. Without finite-population correction. NaN as there: no mean
        without answers, no covariance of a single one.

    References
    ----------
    Kish L. Survey Sampling. Wiley, 1965, 11.7.
    Särndal C.-E., Swensson B., Wretman J. Model Assisted Survey Sampling. Springer, 1992, 5.5-5.7.
    """
    groups, group_of = find_groups(responses)
    weight = np.ones(len(responses.codes)) if weight is None else weight
    values = point_values(methodology)
    cell_of, offset, residual = _unpack(adjustment, group_of, shape=(len(groups), len(values)))
    n, answered, total = (np.zeros((len(groups), len(values))) for _ in range(3))
    codes = responses.codes
    _add_totals(codes, group_of, cell_of, weight, values, offset, n, answered, total)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, scale = total / answered, 1 / answered
        factor = np.where(n > 1, np.sqrt(n / (n - 1)), np.nan)
    size = np.bincount(group_of, minlength=len(groups)).astype(np.float64)
    added, cross = np.zeros(n.shape), np.zeros((*n.shape, n.shape[1]))
    _add_products(
        codes, group_of, cell_of, weight, values, offset, residual, mean, scale, added, cross
    )
    cross -= added[:, :, None] * added[:, None, :] / np.maximum(size, 1.0)[:, None, None]
    place = UnitPlacer(
        groups, centres=tuple(groups["centre"].unique()), segments=methodology.segment_keys
    )
    return CentreMoments(
        centres=tuple(groups["centre"].unique()),
        segments=methodology.segment_keys,
        indicators=methodology.indicator_keys,
        mean=place(mean, np.nan),
        n=place(n, 0.0),
        cov_mean=place(cross * factor[:, :, None] * factor[:, None, :], np.nan),
        n_respondents=place(size, 0.0),
        std_error_method="exact",
        df=place(_count_effective(group_of, weight, len(groups)) - 1, np.inf),
    )


def _count_effective(
    group_of: NDArray[np.int32], weight: NDArray[np.float64], n_groups: int
) -> NDArray[np.float64]:
    """Return Kish's effective number of respondents of every group."""
    total = np.bincount(group_of, weights=weight, minlength=n_groups)
    squares = np.bincount(group_of, weights=weight**2, minlength=n_groups)
    return np.asarray(total**2 / np.where(squares > 0, squares, 1.0))


def find_groups(responses: Responses) -> tuple[pd.DataFrame, NDArray[np.int32]]:
    """Return the distinct centres and segments, sorted, and the row of every respondent's."""
    keys = list(CELL_KEYS)
    groups = responses.units[keys].drop_duplicates().sort_values(keys, ignore_index=True)
    row = pd.MultiIndex.from_frame(groups).get_indexer(
        pd.MultiIndex.from_frame(responses.units[keys])
    )
    return groups, row[responses.unit_of].astype(np.int32)


def _unpack(
    adjustment: Adjustment | None, group_of: NDArray[np.int32], *, shape: tuple[int, int]
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    """Return cell, offset and residual of every respondent; zeros where nothing is adjusted."""
    if adjustment is None:
        zeros = np.zeros(shape)
        return group_of, zeros, zeros
    zeros = np.zeros((len(adjustment.cells.frame), shape[1]))
    return (
        adjustment.cells.of_respondent,
        zeros if adjustment.offset is None else adjustment.offset,
        zeros if adjustment.residual is None else adjustment.residual,
    )


@njit(nogil=True)
def _add_totals(
    codes: NDArray[np.uint8],
    group_of: NDArray[np.int32],
    cell_of: NDArray[np.int32],
    weight: NDArray[np.float64],
    values: NDArray[np.float64],
    offset: NDArray[np.float64],
    n: NDArray[np.float64],
    answered: NDArray[np.float64],
    total: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Add every answer to the sums of its group."""
    for row in range(codes.shape[0]):
        group, cell, w = group_of[row], cell_of[row], weight[row]
        for a in range(codes.shape[1]):
            code = codes[row, a]
            if code > 0:
                n[group, a] += 1
                answered[group, a] += w
                total[group, a] += w * (values[a, code] - offset[cell, a])


@njit(nogil=True)
def _add_products(
    codes: NDArray[np.uint8],
    group_of: NDArray[np.int32],
    cell_of: NDArray[np.int32],
    weight: NDArray[np.float64],
    values: NDArray[np.float64],
    offset: NDArray[np.float64],
    residual: NDArray[np.float64],
    mean: NDArray[np.float64],
    scale: NDArray[np.float64],
    added: NDArray[np.float64],
    cross: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Add the influence of every respondent, and its products, to the sums of its group."""
    n_items = codes.shape[1]
    u = np.empty(n_items)
    for row in range(codes.shape[0]):
        group, cell, w = group_of[row], cell_of[row], weight[row]
        for a in range(n_items):
            code = codes[row, a]
            u[a] = -residual[cell, a]
            if code > 0:
                u[a] += (values[a, code] - offset[cell, a] - mean[group, a]) * scale[group, a]
            u[a] *= w
            added[group, a] += u[a]
        for a in range(n_items):
            for b in range(a + 1):
                cross[group, a, b] += u[a] * u[b]
    for group in range(cross.shape[0]):
        for a in range(n_items):
            for b in range(a):
                cross[group, b, a] = cross[group, a, b]
