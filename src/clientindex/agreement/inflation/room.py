"""Do staff inflate their checklists: every part of the answer, from both sources of all centres."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from clientindex.agreement.inflation.bunching import Bunching, find_bunching
from clientindex.agreement.inflation.checklist_error import estimate_checklist_variance
from clientindex.agreement.inflation.gaps import FEWEST_CENTRES, Gaps, take_gaps
from clientindex.agreement.inflation.grid import find_grid_step, fit_width
from clientindex.agreement.inflation.mixture import (
    FEWEST_CENTRES as FEWEST_FOR_SHARE,
)
from clientindex.agreement.inflation.mixture import (
    InflatingShare,
    compute_probabilities,
    estimate_inflating_share,
)
from clientindex.agreement.inflation.outlying import (
    FUNNEL_LEVELS,
    Outlying,
    compute_funnel_limits,
    standardise_against_zero,
    standardise_gaps,
)
from clientindex.agreement.inflation.power import find_smallest_inflation
from clientindex.agreement.inflation.regions import GapModel, fit_gap_model
from clientindex.agreement.inflation.signs import (
    ChecklistSigns,
    UnverifiableGap,
    compare_unverifiable,
    compute_set_difference,
    find_checklist_signs,
)
from clientindex.agreement.inflation.summary import summarise
from clientindex.agreement.left_out import STAGE, TOO_FEW_CENTRES
from clientindex.errors import StatisticsError
from clientindex.methodology.model import SCORE_MAX
from clientindex.results import INDEX, ChecklistInflation, Unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.sources import TwoSources
    from clientindex.methodology import Methodology

TIE_DECIMALS = 9
FUNNEL_POINTS = 101

CONSTANT_CHECKLIST = "constant_checklist"
EQUAL_GAPS, NO_SPREAD = "equal_gaps", "no_spread"
TOO_FEW_FOR_SHARE, NO_SHIFTED, ONE_REGION = "too_few_for_share", "no_shifted_part", "one_region"
NO_UNVERIFIABLE, NO_VERIFIABLE = "no_unverifiable_indicators", "no_verifiable_indicators"
OVERLAPPING, EMPTY_WINDOW, NO_INDICATORS = "overlapping_windows", "empty_window", "no_indicators"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """Everything that the frames are made of; None is left out, with a row in `left_out`."""

    gaps: Gaps
    model: GapModel
    outlying: Outlying
    naive: Outlying
    signs: ChecklistSigns
    unverifiable: UnverifiableGap | None
    share: InflatingShare | None
    left_out: list[tuple[str, str, str]] = field(default_factory=list)

    def leave_out(self, statistic: str, reason: str, detail: object = "") -> None:
        """Tell why a statistic is not there."""
        self.left_out.append((statistic, reason, str(detail)))


def assess_inflation(
    sources: TwoSources, methodology: Methodology, *, filled_in: TwoSources | None = None
) -> ChecklistInflation | Unavailable:
    """Find which gaps stand out from those of honest centres, how many, and what could be seen.

    Gaps of the index, checklist less survey, are compared with those of other centres of the
    region, in the robust spread of honest centres. No single gap proves inflation: it asks for an
    audit. Inflation that all centres share cannot be told from a lenient scale.

    Parameters
    ----------
    sources : TwoSources
        On the scale that the methodology declares.
    methodology : Methodology
        ``agreement`` (rate, power, kind of spread, width of windows), ``stars`` (cuts) and which
        indicators are not ``verifiable``.
    filled_in : TwoSources, optional
        Checklists as they were filled in, where `sources` has them linked: signs inside a
        checklist and at the cuts of stars are theirs.

    Returns
    -------
    ChecklistInflation or Unavailable
        Reasons: ``too_few_centres`` (fewer than 30 with both sources and the survey's error; the
        detail is their number and the number needed), ``constant_checklist`` (one score for all
        centres tells none from another), ``equal_gaps``, ``no_spread`` (most gaps are equal and
        have no error).

    Notes
    -----
    Missing data: gaps need both indices and the survey's sampling variance; indicators without an
    answer are left out of signs. The error of a checklist is known from second visits of ten
    centres or more, see :func:`estimate_checklist_variance`; without it, it stays in the spread.

    Where checklist indices lie on a grid the windows at cuts are whole steps of it, see
    :func:`fit_width`; ``width`` is the one that was used.

    What is not defined stands in ``left_out``: "share", "shift" and "separation"
    (``too_few_for_share`` with fewer than 100 centres, ``no_shifted_part``), "between_regions",
    "mean" and "shrinkage" (``one_region``), "unverifiable_flagged" (``no_unverifiable_indicators``,
    ``no_verifiable_indicators``, ``too_few_centres``, ``no_spread``), "bunching"
    (``overlapping_windows``, ``empty_window``), "z" (``no_spread``), "at_ceiling" and "no_spread"
    (``no_indicators``).
    """
    at = sources.place(INDEX)
    checklist, survey = sources.checklist[:, at], sources.survey[:, at]
    variance = sources.covariance[:, at, at]
    complete = np.isfinite(checklist) & np.isfinite(survey) & np.isfinite(variance)
    if complete.sum() < FEWEST_CENTRES:
        return Unavailable(
            stage=STAGE, reason=TOO_FEW_CENTRES, detail=f"{int(complete.sum())}/{FEWEST_CENTRES}"
        )
    if np.ptp(np.round(checklist[complete], TIE_DECIMALS)) == 0:
        return Unavailable(stage=STAGE, reason=CONSTANT_CHECKLIST)
    if np.ptp(np.round((checklist - survey)[complete], TIE_DECIMALS)) == 0:
        return Unavailable(stage=STAGE, reason=EQUAL_GAPS)
    second = None if sources.second is None else sources.second[:, at]
    error = estimate_checklist_variance(checklist, second)
    gaps = take_gaps(
        checklist,
        survey,
        survey_variance=variance,
        regions=sources.regions,
        checklist_variance=None if error is None else np.full(len(checklist), error),
    )
    settings, level = methodology.agreement, methodology.intervals.level
    try:
        model = fit_gap_model(gaps, level=level, method=settings.spread)
    except StatisticsError:
        return Unavailable(stage=STAGE, reason=NO_SPREAD)
    filled = filled_in or sources
    parts = _judge(sources, gaps, model, methodology, filled=filled)
    return _assemble(parts, sources, methodology, filled=filled)


def _judge(
    sources: TwoSources,
    gaps: Gaps,
    model: GapModel,
    methodology: Methodology,
    *,
    filled: TwoSources,
) -> Parts:
    """Compute everything about the centres with a gap."""
    fdr, level = methodology.agreement.fdr, methodology.intervals.level
    left_out: list[tuple[str, str, str]] = []
    outlying = standardise_gaps(gaps, model, fdr=fdr)
    indicators = filled.checklist[np.ix_(gaps.kept, filled.places("indicator"))]
    return Parts(
        gaps=gaps,
        model=model,
        outlying=outlying,
        naive=standardise_against_zero(gaps, fdr=fdr),
        signs=find_checklist_signs(np.round(indicators, TIE_DECIMALS), highest=SCORE_MAX),
        unverifiable=_compare_unverifiable(sources, gaps, methodology, left_out),
        share=_estimate_share(outlying.z, level, left_out),
        left_out=left_out,
    )


def _estimate_share(
    z: NDArray[np.float64], level: float, left_out: list[tuple[str, str, str]]
) -> InflatingShare | None:
    known = int(np.isfinite(z).sum())
    if known < FEWEST_FOR_SHARE:
        left_out += [
            (name, TOO_FEW_FOR_SHARE, f"{known}/{FEWEST_FOR_SHARE}")
            for name in ("share", "shift", "separation")
        ]
        return None
    # Small searches slow down many times where threads of BLAS wait for each other.
    with threadpool_limits(limits=1):
        share = estimate_inflating_share(z, level=level)
    if share.share == 0:
        left_out += [(name, NO_SHIFTED, "") for name in ("shift", "separation")]
    return share


def _compare_unverifiable(
    sources: TwoSources,
    gaps: Gaps,
    methodology: Methodology,
    left_out: list[tuple[str, str, str]],
) -> UnverifiableGap | None:
    """Compare indicators that nobody can verify with the others, or tell why not."""
    places = sources.places("indicator")
    unverifiable = np.array(
        [not methodology.indicator(key).verifiable for key in sources.keys("indicator")]
    )
    members = np.ix_(gaps.kept, places)
    gap = sources.checklist[members] - sources.survey[members]
    covariance = sources.covariance[np.ix_(gaps.kept, places, places)]
    reason, detail = "", ""
    if unverifiable.all() or not unverifiable.any():
        reason = NO_VERIFIABLE if unverifiable.all() else NO_UNVERIFIABLE
    else:
        pairs = np.isfinite(np.sum(compute_set_difference(gap, covariance, unverifiable), axis=0))
        if pairs.sum() < FEWEST_CENTRES:
            reason, detail = TOO_FEW_CENTRES, f"{int(pairs.sum())}/{FEWEST_CENTRES}"
    if not reason:
        try:
            return compare_unverifiable(
                gap,
                covariance=covariance,
                unverifiable=unverifiable,
                fdr=methodology.agreement.fdr,
                level=methodology.intervals.level,
                method=methodology.agreement.spread,
            )
        except StatisticsError:
            reason = NO_SPREAD
    left_out.append(("unverifiable_flagged", reason, detail))
    return None


def _assemble(
    parts: Parts, sources: TwoSources, methodology: Methodology, *, filled: TwoSources
) -> ChecklistInflation:
    settings, level = methodology.agreement, methodology.intervals.level
    bunching, width = _look_at_cuts(parts, filled, methodology)
    error = np.sqrt(parts.gaps.variance)
    tau = parts.model.spread.tau
    power = find_smallest_inflation(
        error, tau=tau, p=parts.outlying.p_value, fdr=settings.fdr, power=settings.power
    )
    _tell_undefined(parts)
    return ChecklistInflation(
        regions=_list_regions(parts),
        summary=summarise(parts, level),
        centres=_list_centres(parts, sources),
        funnel=_draw_funnel(error, tau),
        bunching=bunching,
        power=pd.DataFrame({"share": power.shares, "estimate": power.quantiles}),
        left_out=pd.DataFrame(
            parts.left_out, columns=["statistic", "reason", "detail"], dtype="str"
        ),
        fdr=settings.fdr,
        power_level=settings.power,
        width=width,
        level=level,
        has_checklist_error=parts.gaps.has_checklist_error,
    )


def _tell_undefined(parts: Parts) -> None:
    """Tell which numbers of centres and regions are not defined."""
    if parts.model.regions.between is None:
        for statistic in ("between_regions", "mean", "shrinkage"):
            parts.leave_out(statistic, ONE_REGION)
    without = int((~np.isfinite(parts.outlying.z)).sum())
    if without:
        parts.leave_out("z", NO_SPREAD, without)
    if not (parts.signs.n_items > 1).any():
        for statistic in ("at_ceiling", "no_spread"):
            parts.leave_out(statistic, NO_INDICATORS)


def _list_regions(parts: Parts) -> pd.DataFrame:
    regions = parts.model.regions
    frame = pd.DataFrame(
        {
            "region": regions.labels,
            "n": regions.n,
            "median": regions.median,
            "median_error": regions.median_error,
            "estimate": regions.effect,
            "std_error": regions.std_error,
            "ci_low": regions.ci_low,
            "ci_high": regions.ci_high,
            "shrinkage": regions.shrinkage,
        }
    )
    return frame.sort_values(["estimate", "region"], kind="stable", ignore_index=True)


def _list_centres(parts: Parts, sources: TwoSources) -> pd.DataFrame:
    """Return one row a centre with a gap, the largest z first."""
    kept, at = parts.gaps.kept, sources.place(INDEX)
    found, signs = parts.outlying, parts.signs
    absent = np.full(parts.gaps.n, np.nan)
    frame = pd.DataFrame(
        {
            "centre": np.array(sources.centres)[kept],
            "region": sources.regions[kept],
            "survey": sources.survey[kept, at],
            "checklist": sources.checklist[kept, at],
            "gap": parts.gaps.gap,
            "error": np.sqrt(parts.gaps.variance),
            "expected": found.expected,
            "spread": found.spread,
            "z": found.z,
            "p_value": found.p_value,
            "q_value": found.q_value,
            "flagged": found.flagged,
            "probability": (
                absent if parts.share is None else compute_probabilities(found.z, parts.share)
            ),
            "items": signs.n_items,
            "ceiling_share": signs.ceiling_share,
            **mark_signs(signs),
            **_list_unverifiable(parts),
        }
    )
    frame[["centre", "region"]] = frame[["centre", "region"]].astype("str")
    return frame.sort_values(
        ["z", "centre"], ascending=[False, True], kind="stable", ignore_index=True
    )


def mark_signs(signs: ChecklistSigns) -> dict[str, pd.api.extensions.ExtensionArray]:
    """Return both signs as nullable booleans, missing with fewer than two indicators."""
    few = signs.n_items < 2
    return {
        "at_ceiling": _mask(signs.is_at_ceiling, few),
        "no_spread": _mask(signs.has_no_spread, few),
    }


def _mask(
    values: NDArray[np.bool_], missing: NDArray[np.bool_]
) -> pd.api.extensions.ExtensionArray:
    return pd.arrays.BooleanArray(values.copy(), missing.copy())


def _list_unverifiable(parts: Parts) -> dict[str, object]:
    found = parts.unverifiable
    if found is None:
        absent = np.full(parts.gaps.n, np.nan)
        nowhere = np.zeros(parts.gaps.n, dtype=bool)
        return {
            "unverifiable_gap": absent,
            "unverifiable_z": absent,
            "unverifiable_q": absent,
            "unverifiable_flagged": _mask(nowhere, ~nowhere),
        }
    return {
        "unverifiable_gap": found.difference,
        "unverifiable_z": found.z,
        "unverifiable_q": found.q_value,
        "unverifiable_flagged": _mask(found.flagged, ~np.isfinite(found.z)),
    }


def _draw_funnel(error: NDArray[np.float64], tau: float) -> pd.DataFrame:
    """Return limits of gaps less their region effects, from no error to the largest."""
    limits = compute_funnel_limits(np.linspace(0.0, error.max(), FUNNEL_POINTS), tau=tau)
    return pd.DataFrame(
        {
            "error": np.tile(limits.error, len(FUNNEL_LEVELS)),
            "level": np.repeat(FUNNEL_LEVELS, FUNNEL_POINTS),
            "low": limits.low.ravel(),
            "high": limits.high.ravel(),
        }
    )


def _look_at_cuts(
    parts: Parts, sources: TwoSources, methodology: Methodology
) -> tuple[pd.DataFrame, float]:
    """Return what is found at cuts, among all checklists, and the width of the windows."""
    scores = sources.checklist[:, sources.place(INDEX)]
    scores = np.round(scores[np.isfinite(scores)], TIE_DECIMALS)
    cuts = np.array([band.lower for band in methodology.stars.bands[1:]])
    width = fit_width(methodology.agreement.bunching_width, step=find_grid_step(scores), cuts=cuts)
    columns = ["cut", "below", "above", "share", "ci_low", "ci_high", "p_value"]
    try:
        found = find_bunching(scores, cuts=cuts, width=width, level=methodology.intervals.level)
    except StatisticsError:
        parts.leave_out("bunching", OVERLAPPING, f"{width:g}")
        return pd.DataFrame(columns=columns, dtype=float), width
    _tell_empty(parts, found)
    frame = pd.DataFrame({"cut": found.cuts, **{c: getattr(found, c) for c in columns[1:]}})
    return frame, width


def _tell_empty(parts: Parts, found: Bunching) -> None:
    for cut in found.cuts[(found.below + found.above) == 0]:
        parts.leave_out("bunching", EMPTY_WINDOW, f"{cut:g}" if np.isfinite(cut) else "all")
