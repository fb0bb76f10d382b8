"""The same indicators under other rotations and the other kind of correlations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.factors.exploration.solve import (
    Plan,
    align_stack,
    compute_degrees_of_freedom,
    count_fixed,
    fit_plan,
)
from clientindex.factors.exploration.verdicts import VERDICTS, find_places, judge
from clientindex.factors.matching import compute_congruence
from clientindex.factors.rotation import ROTATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.factors.exploration.solve import Fitted
    from clientindex.factors.sample import Basis

COUNTED = ("own", "cross", "other", "none")


def compare_rotations(
    r: NDArray[np.float64], fitted: Fitted, plan: Plan, *, salient: float
) -> pd.DataFrame:
    """Judge the groups under every rotation of the same correlations.

    Parameters
    ----------
    r : ndarray of shape (K, K)
    fitted : Fitted
        The leading model, which is not fitted again.
    plan : Plan
    salient : float

    Returns
    -------
    DataFrame
        ``rotation``, ``congruence_mean``, ``congruence_min``, ``n_own``, ``n_cross``,
        ``n_other``, ``n_none``.
    """
    rows = []
    for rotation in ROTATIONS:
        asked = replace(plan, rotation=rotation)
        found = fitted if rotation == plan.rotation else _try(r, asked)
        judged = {} if found is None else _judge_groups(found, asked, salient)
        rows.append({"rotation": rotation, **judged})
    columns = ["rotation", "congruence_mean", "congruence_min"]
    counts = [f"n_{verdict}" for verdict in COUNTED]
    frame = pd.DataFrame(rows).reindex(columns=[*columns, *counts])
    return frame.astype(dict.fromkeys(columns[1:], float) | dict.fromkeys(counts, "Int64"))


def _try(r: NDArray[np.float64], plan: Plan) -> Fitted | None:
    """Return the model, or None where it is not defined or does not converge."""
    if compute_degrees_of_freedom(len(r), plan.n_columns) < 0:
        return None
    try:
        return fit_plan(r, plan)
    except StatisticsError:
        return None


def _judge_groups(fitted: Fitted, plan: Plan, salient: float) -> dict[str, float]:
    loadings, groups = fitted.solution.loadings, fitted.groups
    factors = np.flatnonzero(groups >= 0)
    congruence = compute_congruence(loadings, plan.membership.T.astype(np.float64))
    own = congruence[factors, groups[factors]]
    places = find_places(plan.membership, groups, has_general=plan.has_general)
    verdicts = np.array(VERDICTS)[judge(loadings, places, salient)]
    return {
        "congruence_mean": float(own.mean()),
        "congruence_min": float(own.min()),
        **{f"n_{verdict}": int((verdicts == verdict).sum()) for verdict in COUNTED},
    }


def compare_bases(
    correlations: Mapping[Basis, NDArray[np.float64]],
    leading: Basis,
    fitted: Fitted,
    plan: Plan,
    *,
    indicators: tuple[str, ...],
) -> pd.DataFrame:
    """Fit the leading model to the other kind of correlations and align its factors.

    Returns
    -------
    DataFrame
        ``basis``, ``indicator``, ``factor``, ``estimate``.
    """
    frames = []
    for basis, r in correlations.items():
        found = fitted if basis == leading else _try(r, plan)
        if found is not None:
            aligned, _ = align_stack(
                fitted.solution.loadings,
                found.solution.loadings[None],
                found.solution.phi[None],
                fixed=count_fixed(plan),
            )
            frames.append(
                pd.DataFrame(
                    {
                        "basis": basis,
                        "indicator": np.repeat(indicators, plan.n_columns),
                        "factor": np.tile(plan.names, len(indicators)),
                        "estimate": aligned[0].ravel(),
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)
