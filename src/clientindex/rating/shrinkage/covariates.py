"""What scores are drawn to: regions, visitors and checklists of centres as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

REGION, LOG_VISITORS, CHECKLIST = "region", "log_visitors", "checklist"
NO_VISITORS, NO_CHECKLIST, ONE_REGION = "no_visitors", "no_checklist", "one_region"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covariates:
    """Columns of the regression for the centres that have all of them.

    Attributes
    ----------
    names : tuple of str of length p
        As in the names of coefficients.
    columns : ndarray of shape (C, p)
        NaN where a centre lacks one.
    reasons : ndarray of str of shape (C,)
        The first reason for which a centre lacks one; "" for none.
    one_region : bool
        Whether regions were asked for and there is only one, which explains nothing.
    """

    names: tuple[str, ...]
    columns: NDArray[np.float64]
    reasons: NDArray[np.str_]
    one_region: bool


def gather_covariates(
    asked: Sequence[str], centres: pd.DataFrame, *, checklist: NDArray[np.float64]
) -> Covariates:
    """Make the columns of the regression.

    Parameters
    ----------
    asked : sequence of {"region", "log_visitors", "checklist"}
    centres : DataFrame
        ``region`` and ``visitors`` of C centres.
    checklist : ndarray of shape (C,)
        Checklist score of the same subject; NaN where there is none.

    Notes
    -----
    Regions are indicators of all but the first in alphabetical order. Visitors of 0 or fewer have
    no logarithm and count as unknown.
    """
    n = len(centres)
    names: list[str] = []
    columns: list[NDArray[np.float64]] = []
    reasons = np.full(n, "", dtype=object)
    one_region = False
    for name in asked:
        if name == REGION:
            region = centres["region"].to_numpy(dtype=str)
            others = np.unique(region)[1:]
            one_region = not len(others)
            names += [f"region.{other}" for other in others]
            columns += [(region == other).astype(np.float64) for other in others]
            continue
        values, reason = (checklist, NO_CHECKLIST)
        if name == LOG_VISITORS:
            visitors = centres["visitors"].to_numpy(float)
            values = np.log(np.where(visitors > 0, visitors, np.nan))
            reason = NO_VISITORS
        reasons[np.isnan(values) & (reasons == "")] = reason
        names.append(name)
        columns.append(values)
    stacked = np.column_stack(columns) if columns else np.empty((n, 0))
    return Covariates(
        names=tuple(names), columns=stacked, reasons=reasons.astype(str), one_region=one_region
    )
