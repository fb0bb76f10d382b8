"""Agreement of survey and checklist: differences, limits, tolerance, correlations of agreement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.agreement.coefficients import (
    MINIMUM_PAIRS,
    Estimate,
    estimate_bias,
    estimate_concordance,
    estimate_pearson,
    estimate_sd_difference,
)
from clientindex.agreement.comparison import find_fault, link_subject, take_strata
from clientindex.agreement.left_out import (
    NO_SAMPLING_ERROR,
    NO_VARIANCE_LEFT,
    TOO_FEW_CENTRES,
    UNSTABLE,
    explain_undefined,
    leave_out,
    make_frame,
    tabulate_left_out,
)
from clientindex.agreement.net import (
    compute_limits_by_answers,
    estimate_net_correlation,
    estimate_net_limits,
)
from clientindex.agreement.repeated_limits import describe_repeated
from clientindex.agreement.resampled import resample_pairs
from clientindex.agreement.subject_estimates import (
    describe_concordance,
    describe_differences,
    describe_regression,
)
from clientindex.counts import draw_centre_weights
from clientindex.results import BOOTSTRAP, Agreement, Unavailable
from clientindex.results.agreement import CHECKLIST_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.sources import TwoSources
    from clientindex.methodology import Methodology

STAGE = "agreement"
NO_SHARED_CENTRES = "no_shared_centres"
SCALES_LINKED = "scales_linked"
LINK_UNDEFINED = "link_undefined"

COMMON, LINKED = "common", "linked"
LEVELS_OF_LINKED = ("icc_c1", "icc_ck", "ccc", "ccc_components", "ccc_u", "alpha_interval")

FRAME = [
    "kind",
    "subject",
    "scale",
    "statistic",
    "estimate",
    "std_error",
    "ci_low",
    "ci_high",
    "method",
    "n",
]
POINTS = ["centre", "region", "kind", "subject", "survey", "survey_error", "checklist", "linked"]
REGRESSION = [
    "subject",
    "intercept",
    "slope",
    "spread_intercept",
    "spread_slope",
    "p_value",
    "mean_low",
    "mean_high",
]


@dataclass(slots=True)
class _Found:
    """Rows of all frames, as they are collected."""

    frame: list[dict[str, Any]] = field(default_factory=list)
    by_answers: list[dict[str, Any]] = field(default_factory=list)
    regression: list[dict[str, Any]] = field(default_factory=list)
    absent: list[dict[str, str]] = field(default_factory=list)


def assess_agreement(
    sources: TwoSources, methodology: Methodology, *, seed: np.random.SeedSequence
) -> Agreement | Unavailable:
    """Compare both sources for the index, every group and every indicator.

    Parameters
    ----------
    sources : TwoSources
    methodology : Methodology
        Settings under ``agreement`` and ``intervals``.
    seed : SeedSequence
        Of the bootstrap over centres, stratified by region.

    Returns
    -------
    Agreement or Unavailable
        Unavailable where no centre has both sources (``no_shared_centres``), or no subject three
        of them (``too_few_centres``, the detail tells how many centres there are).

    Notes
    -----
    Missing data: each subject uses the centres that have both of its scores. Every centre counts
    once. Where the methodology says that scales are linked, bias and what holds it are left out
    (``scales_linked``).
    """
    subjects = list(zip(sources.kinds, sources.subjects, strict=True))
    pairs = {key: sources.has_both(key) for key in sources.subjects}
    shared = np.any([pairs[key] for kind, key in subjects if kind == "group"], axis=0)
    if not shared.any():
        return Unavailable(stage=STAGE, reason=NO_SHARED_CENTRES)
    found = _Found()
    for kind, key in subjects:
        if kind != "indicator":
            _assess_subject(sources, methodology, kind=kind, subject=key, found=found)
    _assess_indicators(sources, methodology, found)
    _resample(sources, methodology, seed, found)
    if not found.frame:
        return Unavailable(
            stage=STAGE, reason=TOO_FEW_CENTRES, detail=f"{int(shared.sum())}/{MINIMUM_PAIRS}"
        )
    repeated, absent = describe_repeated(sources, methodology)
    settings = methodology.agreement
    return Agreement(
        frame=make_frame(found.frame, FRAME),
        points=make_frame(_list_points(sources, methodology), [*POINTS, "n"]),
        by_answers=make_frame(found.by_answers, ["subject", "answers", "low", "high"]),
        regression=make_frame(found.regression, REGRESSION),
        repeated=repeated,
        left_out=tabulate_left_out([*found.absent, *absent]),
        level=methodology.intervals.level,
        coverage=settings.limits.coverage,
        content=settings.content,
        acceptable=settings.acceptable_difference,
        replicates=methodology.intervals.bootstrap_replicates,
        n_survey_only=_count_only(sources.survey, sources.checklist, sources),
        n_checklist_only=_count_only(sources.checklist, sources.survey, sources),
        checklists=make_frame(_list_checklists(sources), list(CHECKLIST_COLUMNS)),
    )


def _count_only(one: NDArray[np.float64], other: NDArray[np.float64], sources: TwoSources) -> int:
    """Return the centres with group scores of one source and none of the other."""
    groups = sources.places("group")
    has_one, has_other = (np.isfinite(v[:, groups]).any(axis=1) for v in (one, other))
    return int((has_one & ~has_other).sum())


def _assess_subject(
    sources: TwoSources, methodology: Methodology, *, kind: str, subject: str, found: _Found
) -> None:
    """Add everything about the index or a group."""
    fault = find_fault(sources, subject)
    if fault == TOO_FEW_CENTRES:
        detail = f"{int(sources.has_both(subject).sum())}/{MINIMUM_PAIRS}"
        found.absent.append(leave_out(subject, "", fault, detail))
        return
    both = sources.has_both(subject)
    at = sources.place(subject)
    x, y = sources.survey[both, at], sources.checklist[both, at]
    estimates: dict[str, Estimate] = {}
    if methodology.agreement.scales == COMMON:
        estimates = describe_differences(x, y, methodology)
        estimates |= describe_concordance(x, y, methodology.intervals.level)
        found.regression += describe_regression(x, y, subject, methodology)
        estimates |= _remove_sampling(sources, subject, methodology, found)
    else:
        found.absent.append(leave_out(subject, "bias", SCALES_LINKED))
        estimates["pearson_r"] = estimate_pearson(x, y, level=methodology.intervals.level)
    _add(estimates, kind=kind, subject=subject, scale=COMMON, found=found)
    linked = link_subject(sources, subject, methodology)[both]
    if not np.isfinite(linked).all():
        reason = fault or LINK_UNDEFINED
        found.absent.append(leave_out(subject, LINKED, reason))
        return
    concordance = describe_concordance(x, linked, methodology.intervals.level)
    kept = {name: value for name, value in concordance.items() if name in LEVELS_OF_LINKED}
    _add(kept, kind=kind, subject=subject, scale=LINKED, found=found)


def _add(
    estimates: dict[str, Estimate], *, kind: str, subject: str, scale: str, found: _Found
) -> None:
    """Add rows of defined estimates, and reasons of the others."""
    for name, value in estimates.items():
        if np.isnan(value.estimate):
            found.absent.append(leave_out(subject, name, explain_undefined(value.method)))
            continue
        found.frame.append(
            {
                "kind": kind,
                "subject": subject,
                "scale": scale,
                "statistic": name,
                "estimate": value.estimate,
                "std_error": value.std_error,
                "ci_low": value.ci_low,
                "ci_high": value.ci_high,
                "method": value.method,
                "n": value.n,
            }
        )


def _remove_sampling(
    sources: TwoSources, subject: str, methodology: Methodology, found: _Found
) -> dict[str, Estimate]:
    """Return what is free of the survey's sampling error; add limits by answers.

    Centres whose sampling error is not known do not count.
    """
    at = sources.place(subject)
    variance = sources.covariance[:, at, at]
    known = sources.has_both(subject) & np.isfinite(variance)
    if known.sum() < MINIMUM_PAIRS:
        found.absent.append(leave_out(subject, "net", NO_SAMPLING_ERROR))
        return {}
    x, y, error = sources.survey[known, at], sources.checklist[known, at], variance[known]
    level, coverage = methodology.intervals.level, methodology.agreement.limits.coverage
    strata = take_strata(sources, known)
    net = estimate_net_limits(
        x, y, sampling_variance=error, level=level, coverage=coverage, strata=strata
    )
    estimates: dict[str, Estimate] = {}
    if net is None:
        found.absent.append(leave_out(subject, "net", NO_VARIANCE_LEFT))
    else:
        estimates = {"sd_net": net.sd, "loa_net_low": net.low, "loa_net_high": net.high}
        rows = compute_limits_by_answers(
            float((y - x).mean()),
            net,
            sampling_variance=error,
            n=sources.n[known, at],
            coverage=coverage,
        )
        found.by_answers += [{"subject": subject, **row} for row in rows]
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return estimates
    r = estimate_net_correlation(x, y, sampling_variance=error, level=level, strata=strata)
    if np.isnan(r.estimate):
        found.absent.append(leave_out(subject, "r_net", NO_VARIANCE_LEFT))
        return estimates
    return estimates | {"r_net": r}


def _assess_indicators(sources: TwoSources, methodology: Methodology, found: _Found) -> None:
    """Add bias, SD, r and CCC of every indicator."""
    level = methodology.intervals.level
    for subject in sources.keys("indicator"):
        both = sources.has_both(subject)
        at = sources.place(subject)
        if not both.any():
            found.absent.append(leave_out(subject, "", TOO_FEW_CENTRES, f"0/{MINIMUM_PAIRS}"))
            continue
        x, y = sources.survey[both, at], sources.checklist[both, at]
        estimates = {"pearson_r": estimate_pearson(x, y, level=level)}
        if methodology.agreement.scales == COMMON:
            estimates |= {
                "bias": estimate_bias(x, y, level=level),
                "sd_difference": estimate_sd_difference(x, y, level=level),
                "ccc": estimate_concordance(x, y, level=level).ccc,
            }
        _add(estimates, kind="indicator", subject=subject, scale=COMMON, found=found)


def _resample(
    sources: TwoSources, methodology: Methodology, seed: np.random.SeedSequence, found: _Found
) -> None:
    """Add the second rows of bias, SD, limits, r, CCC and alpha: the bootstrap over centres."""
    shared = np.isfinite(sources.survey + sources.checklist).any(axis=1)
    if shared.sum() < 2:
        return
    weights = draw_centre_weights(
        list(sources.regions[shared]),
        methodology.intervals.bootstrap_replicates,
        np.random.default_rng(seed),
    )
    drawn = resample_pairs(
        sources.survey[shared],
        sources.checklist[shared],
        weights=weights,
        level=methodology.intervals.level,
        coverage=methodology.agreement.limits.coverage,
    )
    leading = {
        (row["subject"], row["statistic"]): row
        for row in list(found.frame)
        if row["scale"] == COMMON
    }
    for (subject, statistic), row in leading.items():
        if statistic not in drawn.statistics:
            continue
        place = (sources.place(subject), drawn.statistics.index(statistic))
        if np.isnan(drawn.ci_low[place]):
            found.absent.append(leave_out(subject, statistic, UNSTABLE))
            continue
        found.frame.append(
            {
                **row,
                "std_error": float(drawn.std_error[place]),
                "ci_low": float(drawn.ci_low[place]),
                "ci_high": float(drawn.ci_high[place]),
                "method": BOOTSTRAP,
            }
        )


def _list_points(sources: TwoSources, methodology: Methodology) -> list[dict[str, Any]]:
    """Return the pairs of the index and the groups."""
    rows: list[dict[str, Any]] = []
    for kind, subject in zip(sources.kinds, sources.subjects, strict=True):
        if kind == "indicator":
            continue
        at = sources.place(subject)
        linked = link_subject(sources, subject, methodology)
        rows += [
            {
                "centre": sources.centres[c],
                "region": str(sources.regions[c]),
                "kind": kind,
                "subject": subject,
                "survey": sources.survey[c, at],
                "survey_error": np.sqrt(sources.covariance[c, at, at]),
                "checklist": sources.checklist[c, at],
                "linked": linked[c],
                "n": sources.n[c, at],
            }
            for c in np.flatnonzero(sources.has_both(subject))
        ]
    return rows


def _list_checklists(sources: TwoSources) -> list[dict[str, Any]]:
    """Return the points of every checklist, in the order of centres and subjects."""
    return [
        {
            "centre": sources.centres[centre],
            "kind": sources.kinds[at],
            "subject": sources.subjects[at],
            "checklist": float(sources.checklist[centre, at]),
        }
        for centre, at in zip(*np.nonzero(~np.isnan(sources.checklist)), strict=True)
    ]
