"""The multitrait-multimethod matrix of groups or of indicators, or why there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from clientindex.agreement.decomposition.faults import (
    NO_CHECKLIST,
    NO_SURVEY,
    find_faults,
)
from clientindex.agreement.decomposition.levels import (
    FEWEST_DF,
    FEWEST_GROUPS,
    take_measured_twice,
)
from clientindex.agreement.multitrait.errors import NONE
from clientindex.agreement.multitrait.matrix import (
    UNDEFINED_CONSTANT,
    estimate_multitrait,
    list_pairs,
)
from clientindex.results.base import Unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.decomposition.levels import MeasuredTwice
    from clientindex.agreement.multitrait.errors import Removed
    from clientindex.agreement.sources import TwoSources
    from clientindex.methodology import Methodology
    from clientindex.results.multitrait import MultitraitMatrix

STAGE = "agreement"
UNDEFINED_ABSENT = "undefined: one of the methods has no score of it"


def assess_multitrait(
    sources: TwoSources, methodology: Methodology, *, kind: Literal["group", "indicator"]
) -> MultitraitMatrix | Unavailable:
    """Estimate the multitrait-multimethod matrix of groups or of indicators.

    Second checklists serve as second visits where ten centres have them.

    Parameters
    ----------
    sources : TwoSources
    methodology : Methodology
    kind : {"group", "indicator"}

    Returns
    -------
    MultitraitMatrix or Unavailable
        Unavailable with reason ``no_items`` (ready scores of groups, and indicators are asked),
        ``one_group`` (one group, or one indicator), ``too_few_degrees`` (complete centres less
        regions are fewer than ten; detail "7/10"), or, where subjects that say nothing leave fewer
        than two, the reason of the first: ``no_survey_scores``, ``no_checklist_scores``,
        ``constant_survey``, ``constant_checklist`` (detail names all of them).

    Notes
    -----
    Missing data: centres with every subject by both sources. A subject that says nothing has its
    correlations, undefined and with the cause in place of the method, and takes no part in criteria
    and ratios. Where no sampling covariance of the survey is known, there is the matrix with
    nothing removed alone.
    """
    if kind == "indicator" and not np.isfinite(sources.checklist[:, sources.places(kind)]).any():
        return Unavailable(stage=STAGE, reason="no_items")
    faults = find_faults(sources, kind)
    keys = tuple(key for key in sources.keys(kind) if key not in faults)
    at = np.array([sources.place(key) for key in keys], dtype=np.intp)
    if len(keys) < FEWEST_GROUPS:
        reason = next(iter(faults.values()), "one_group")
        return Unavailable(stage=STAGE, reason=reason, detail=", ".join(faults))
    measured, known = _take(sources, at)
    if isinstance(measured, Unavailable):
        return measured
    second = None if sources.second is None else sources.second[:, at]
    found = estimate_multitrait(
        measured,
        groups=keys,
        level=methodology.intervals.level,
        second=second if known and _are_enough(measured, second) else None,
    )
    found = found if known else _keep_plain(found)
    return _add_undefined(found, sources.keys(kind), faults) if faults else found


def _take(sources: TwoSources, at: NDArray[np.intp]) -> tuple[MeasuredTwice | Unavailable, bool]:
    """Return the complete centres, and whether sampling errors are known."""
    sampling = sources.covariance[:, at[:, None], at]
    known = np.isfinite(sampling).all(axis=(1, 2))
    if not known.any():
        sampling = np.zeros_like(sampling)
    scores = np.hstack([sources.survey[:, at], sources.checklist[:, at]])
    complete = (known | ~known.any()) & np.isfinite(scores).all(axis=1)
    df = int(complete.sum()) - len(np.unique(sources.regions[complete]))
    if df < FEWEST_DF:
        detail = f"{df}/{FEWEST_DF}"
        return Unavailable(stage=STAGE, reason="too_few_degrees", detail=detail), False
    measured = take_measured_twice(
        sources.survey[:, at],
        sources.checklist[:, at],
        sampling=sampling,
        regions=sources.region_codes,
    )
    return measured, bool(known.any())


def _are_enough(measured: MeasuredTwice, second: NDArray[np.float64] | None) -> bool:
    if second is None:
        return False
    return bool(np.isfinite(second[measured.kept]).all(axis=1).sum() >= FEWEST_DF)


def _keep_plain(found: MultitraitMatrix) -> MultitraitMatrix:
    """Keep the estimates from which nothing is removed."""
    frames = {
        name: frame[frame["removed"] == NONE].reset_index(drop=True)
        for name, frame in (
            ("correlations", found.correlations),
            ("criteria", found.criteria),
            ("htmt", found.htmt),
        )
    }
    return replace(found, **frames)  # type: ignore[arg-type]  # keys are its frames


def _add_undefined(
    found: MultitraitMatrix, keys: tuple[str, ...], faults: dict[str, str]
) -> MultitraitMatrix:
    """Add the correlations of subjects that say nothing, so that the matrix is whole."""
    tables = []
    for removed, rows in found.correlations.groupby("removed", sort=False):
        pairs: Removed = removed  # type: ignore[assignment]  # the groups are what was removed
        whole = list_pairs(keys, pairs).assign(removed=removed)
        whole = whole.merge(rows, how="left", on=list(whole.columns))
        absent = [
            _explain(one, other, faults)
            for one, other in zip(whole["first_group"], whole["second_group"], strict=True)
        ]
        whole["method"] = whole["method"].where(whole["method"].notna(), absent)
        tables.append(whole.assign(n=found.n)[list(rows.columns)])
    return replace(found, correlations=pd.concat(tables, ignore_index=True))


def _explain(one: str, other: str, faults: dict[str, str]) -> str:
    reasons = {faults.get(one), faults.get(other)}
    return UNDEFINED_ABSENT if reasons & {NO_SURVEY, NO_CHECKLIST} else UNDEFINED_CONSTANT
