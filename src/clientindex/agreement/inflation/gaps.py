"""Gaps of centres, checklist minus survey, with the variance of their measurement error.

Everything of this room starts here. A gap is a difference of two measurements that differ in more
than inflation: staff and visitors see different things, read the scale differently and live in
different regions. So a single gap cannot convict a centre; what can be said is how far it stands
from the gaps of other centres, measured in the spread that honest centres have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_CENTRES = 30
"""Fewer centres than the issue asks for give no spread to compare one of them with."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gaps:
    """Gaps of the centres that have both measurements.

    Attributes
    ----------
    gap : ndarray of shape (n,)
        Checklist minus survey, points.
    variance : ndarray of shape (n,)
        Error variance e² of the gap, points squared.
    regions : int ndarray of shape (n,)
        Number of the region of every centre, from 0.
    labels : ndarray of shape (R,)
        Labels of the regions, sorted.
    has_checklist_error : bool
        Whether the variance holds the error of the checklist as well.
    kept : bool ndarray of shape (C,)
        Which of the given centres have everything.
    """

    gap: NDArray[np.float64]
    variance: NDArray[np.float64]
    regions: NDArray[np.intp]
    labels: NDArray[np.generic]
    has_checklist_error: bool
    kept: NDArray[np.bool_]

    @property
    def n(self) -> int:
        """Number of centres with a gap."""
        return len(self.gap)

    @property
    def n_dropped(self) -> int:
        """Number of centres without one of the measurements, or without its error."""
        return len(self.kept) - self.n


def take_gaps(
    checklist: NDArray[np.float64],
    survey: NDArray[np.float64],
    *,
    survey_variance: NDArray[np.float64],
    regions: NDArray[np.generic],
    checklist_variance: NDArray[np.float64] | None = None,
) -> Gaps:
    r"""Take gaps of the centres with both measurements and their errors.

    Parameters
    ----------
    checklist, survey : ndarray of shape (C,)
        Points on one scale; link them first when they are not.
    survey_variance : ndarray of shape (C,)
        Sampling variance of the survey score, points squared.
    regions : ndarray of shape (C,)
        Label of the region of every centre.
    checklist_variance : ndarray of shape (C,), optional
        Error variance of the checklist, when second visits or audits tell it.

    Raises
    ------
    StatisticsError
        When shapes differ, a variance is negative, fewer than 30 centres are complete, or all gaps
        are equal.

    Notes
    -----
    :math:`d_c = x_c - y_c`, :math:`e_c^2 = s_c^2` or :math:`s_c^2 + t_c^2`; the two errors are
    independent, for other people make them. Without the error of the checklist, that error stays in
    the spread of centres: the test of a centre does not change much, but the spread is then not
    that of honest disagreement alone. Centres with a missing value are left out and counted.
    """
    columns = [checklist, survey, survey_variance]
    columns += [] if checklist_variance is None else [checklist_variance]
    arrays = [np.asarray(values, dtype=np.float64) for values in columns]
    _check_input(arrays, regions)
    kept = np.asarray(np.isfinite(np.stack(arrays)).all(axis=0))
    gap = (arrays[0] - arrays[1])[kept]
    _check_centres(gap)
    labels, codes = np.unique(np.asarray(regions)[kept], return_inverse=True)
    return Gaps(
        gap=gap,
        variance=np.sum(arrays[2:], axis=0)[kept],
        regions=codes.astype(np.intp),
        labels=labels,
        has_checklist_error=checklist_variance is not None,
        kept=kept,
    )


def _check_input(arrays: list[NDArray[np.float64]], regions: NDArray[np.generic]) -> None:
    """Refuse arrays of different lengths and negative variances, all faults at once."""
    faults = []
    shapes = {values.shape for values in arrays} | {np.shape(regions)}
    if len(shapes) > 1 or arrays[0].ndim != 1:
        faults.append(f"gaps need one value a centre everywhere, found shapes {sorted(shapes)}")
    negative = sum(int((values < 0).sum()) for values in arrays[2:])
    if negative:
        faults.append(f"{negative} error variances are negative")
    if faults:
        raise StatisticsError("; ".join(faults))


def _check_centres(gap: NDArray[np.float64]) -> None:
    if len(gap) < FEWEST_CENTRES:
        message = (
            f"inflation needs {FEWEST_CENTRES} centres with both measurements, found {len(gap)}"
        )
        raise StatisticsError(message)
    if np.ptp(gap) == 0:
        message = "inflation is not defined: all gaps are equal"
        raise StatisticsError(message)
