"""The decomposition of the groups' scores, with its check by likelihood, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.agreement.comparison import link_subject
from clientindex.agreement.decomposition.estimate import estimate_decomposition
from clientindex.agreement.decomposition.faults import find_faults
from clientindex.agreement.decomposition.levels import (
    FEWEST_DF,
    FEWEST_GROUPS,
    take_measured_twice,
)
from clientindex.agreement.decomposition.mixed_model import fit_mixed_model
from clientindex.results.base import Unavailable
from clientindex.results.method_variance import MethodVariance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.decomposition.levels import MeasuredTwice
    from clientindex.agreement.sources import TwoSources
    from clientindex.methodology import Methodology

STAGE = "agreement"
GROUP, CHECK, REGION_PREFIX = "group", "check", "region_"

NOT_LINKED = "not_linked"
NO_VARIANCE_LEFT = "no_variance_left"
NO_INTERVAL = "no_interval"
NOT_CONVERGED = "not_converged"

LEFT_OUT = ["statistic", "reason", "detail"]


def assess_method_variance(
    sources: TwoSources, methodology: Methodology
) -> MethodVariance | Unavailable:
    """Split the variance of the groups' scores by moments, and by likelihood as a check.

    Where the methodology links scales, checklists are put on the survey's scale first, and links
    are taken for known: intervals do not widen for them.

    Parameters
    ----------
    sources : TwoSources
    methodology : Methodology

    Returns
    -------
    MethodVariance or Unavailable
        Unavailable with reason ``no_sampling_error`` (of no centre is the survey's sampling
        covariance known), ``one_group`` (fewer than two groups), ``too_few_degrees`` (complete
        centres less regions are fewer than ten; detail "7/10"), or, where groups that say nothing
        leave fewer than two, the reason of the first of them: ``no_survey_scores``,
        ``no_checklist_scores``, ``constant_survey``, ``constant_checklist``, ``not_linked`` (detail
        names all of them).

    Notes
    -----
    Missing data: centres with every group by both sources. A group that says nothing is left out
    and listed under "group", and the means over groups are those of the others. Shares of a
    variance that is not positive are listed with ``no_variance_left``, estimates without an error
    with ``no_interval``; a mixed model whose search fails with ``not_converged`` under "check".
    """
    faults = find_faults(sources, GROUP)
    checklist = _link(sources, methodology, faults)
    groups = tuple(key for key in sources.keys(GROUP) if key not in faults)
    at = np.array([sources.place(key) for key in groups], dtype=np.intp)
    obstacle = _find_obstacle(sources, checklist, at, faults)
    if obstacle is not None:
        return obstacle
    measured = take_measured_twice(
        sources.survey[:, at],
        checklist[:, at],
        sampling=sources.covariance[:, at[:, None], at],
        regions=sources.region_codes,
    )
    rows = [(GROUP, reason, key) for key, reason in faults.items()]
    return _assess(measured, groups, rows, level=methodology.intervals.level)


def _link(
    sources: TwoSources, methodology: Methodology, faults: dict[str, str]
) -> NDArray[np.float64]:
    """Return checklist scores on the survey's scale; groups without a link join the faults."""
    if methodology.agreement.scales != "linked":
        return sources.checklist
    linked = sources.checklist.copy()
    for key in sources.keys(GROUP):
        if key in faults:
            continue
        scores = link_subject(sources, key, methodology)
        if np.isfinite(scores).any():
            linked[:, sources.place(key)] = scores
        else:
            faults[key] = NOT_LINKED
    return linked


def _find_obstacle(
    sources: TwoSources,
    checklist: NDArray[np.float64],
    at: NDArray[np.intp],
    faults: dict[str, str],
) -> Unavailable | None:
    if len(at) < FEWEST_GROUPS:
        reason = next(iter(faults.values()), "one_group")
        return Unavailable(stage=STAGE, reason=reason, detail=", ".join(faults))
    known = np.isfinite(sources.covariance[:, at[:, None], at]).all(axis=(1, 2))
    if not known.any():
        return Unavailable(stage=STAGE, reason="no_sampling_error")
    scores = np.hstack([sources.survey[:, at], checklist[:, at]])
    complete = known & np.isfinite(scores).all(axis=1)
    df = int(complete.sum()) - len(np.unique(sources.regions[complete]))
    if df < FEWEST_DF:
        return Unavailable(stage=STAGE, reason="too_few_degrees", detail=f"{df}/{FEWEST_DF}")
    return None


def _assess(
    measured: MeasuredTwice,
    groups: tuple[str, ...],
    rows: list[tuple[str, str, str]],
    *,
    level: float,
) -> MethodVariance:
    decomposition = estimate_decomposition(measured, groups=groups, level=level)
    model = fit_mixed_model(measured, level=level)
    check = model.frame
    if not model.converged:
        rows = [*rows, (CHECK, NOT_CONVERGED, "")]
        check = check.iloc[:0]
    frame = decomposition.frame
    undefined = frame["estimate"].isna()
    unsure = ~undefined & frame["std_error"].isna()
    rows = [
        *rows,
        *_list_rows(frame[undefined], NO_VARIANCE_LEFT),
        *_list_rows(frame[unsure], NO_INTERVAL),
    ]
    return MethodVariance(
        frame=frame[~undefined].reset_index(drop=True),
        check=check,
        left_out=pd.DataFrame(rows, columns=LEFT_OUT, dtype="str"),
        level=level,
        n=decomposition.n,
        n_dropped=decomposition.n_dropped,
        n_regions=decomposition.n_regions,
    )


def _list_rows(frame: pd.DataFrame, reason: str) -> list[tuple[str, str, str]]:
    """Return rows of what is not defined, by statistic (of regions with "region_") and subject."""
    prefix = frame["level_of"].map({"centre": "", "region": REGION_PREFIX})
    names = zip(prefix + frame["statistic"], frame["subject"], strict=True)
    return [(statistic, reason, subject) for statistic, subject in names]
