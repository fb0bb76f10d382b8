"""Reliability of each side: of visitors' scores, and of checklists that were filled in twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import f as fisher

from clientindex.agreement.coefficients import (
    Estimate,
    estimate_bias,
    estimate_icc,
    estimate_sd_difference,
)
from clientindex.agreement.left_out import (
    CONSTANT,
    NO_SAMPLING_ERROR,
    TOO_FEW_CENTRES,
    leave_out,
    make_frame,
    tabulate_left_out,
)
from clientindex.reliability.centres import estimate_score_reliability
from clientindex.results import SideReliability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.sources import TwoSources
    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.reliability.centres import ScoreReliability

FRAME = ["subject", "side", "statistic", "estimate", "ci_low", "ci_high", "method", "n"]
CENTRES = ["subject", "centre", "region", "n", "estimate", "ci_low", "ci_high"]

NO_SECOND = "no_second_checklist"

FEWEST_TWICE = 10
"""Checklists seen twice below which their error is not known well enough to be told."""

REML = "REML, profile likelihood"
F_RATIO = "F, error of checklists seen twice over the variance of all"
CHI_SQUARE = "chi-square"


def assess_sides(
    sources: TwoSources, moments: CentreMoments, methodology: Methodology
) -> SideReliability:
    """Estimate the reliability of both sources for the index and every group.

    The survey's is that of the reliability analysis: ``R_c = tau² / (tau² + e²_c)`` by REML, with
    the sampling variance of the centre's own answers. The checklist's error variance is half the
    variance of the differences of two checklists of the same centres, its reliability one less
    that over the variance of all first checklists.

    Parameters
    ----------
    sources : TwoSources
    moments : CentreMoments
        Of the survey.
    methodology : Methodology
        The limit below which a star is provisional, and the level of the intervals.

    Returns
    -------
    SideReliability
        Left out: ``no_sampling_error``, ``no_second_checklist``, ``too_few_centres``,
        ``constant_source``.
    """
    limit = methodology.agreement.decision.provisional_below
    rows: list[dict[str, Any]] = []
    centres: list[dict[str, Any]] = []
    absent: list[dict[str, str]] = []
    survey = estimate_score_reliability(moments, methodology)
    twice = 0
    for subject in (*sources.keys("index"), *sources.keys("group")):
        found = survey.get(subject)
        if found is None:
            absent.append(leave_out(subject, "survey", NO_SAMPLING_ERROR))
        else:
            rows += _describe_survey(subject, found, limit)
            centres += _list_centres(subject, found, moments, sources)
        told, reason, n = _describe_checklist(sources, subject, methodology.intervals.level)
        rows += told
        twice = max(twice, n)
        if reason:
            detail = f"{n}/{FEWEST_TWICE}" if reason == TOO_FEW_CENTRES else ""
            absent.append(leave_out(subject, "checklist", reason, detail))
    return SideReliability(
        frame=make_frame(rows, FRAME),
        centres=make_frame(centres, CENTRES),
        left_out=tabulate_left_out(absent),
        provisional_below=limit,
        level=methodology.intervals.level,
        n_twice=twice,
    )


def _describe_survey(subject: str, found: ScoreReliability, limit: float) -> list[dict[str, Any]]:
    row = {"subject": subject, "side": "survey", "method": REML, "n": len(found.estimate)}
    below = {
        "estimate": np.mean(found.estimate < limit),
        "ci_low": np.mean(found.high < limit),
        "ci_high": np.mean(found.low < limit),
    }
    mean = {
        "estimate": found.estimate.mean(),
        "ci_low": found.low.mean(),
        "ci_high": found.high.mean(),
    }
    named = {"mean_reliability": mean, "share_provisional": below}
    return [
        {**row, "statistic": name, **{key: float(value) for key, value in numbers.items()}}
        for name, numbers in named.items()
    ]


def _list_centres(
    subject: str, found: ScoreReliability, moments: CentreMoments, sources: TwoSources
) -> list[dict[str, Any]]:
    regions = dict(zip(sources.centres, sources.regions, strict=True))
    names = [moments.centres[row] for row in found.rows]
    columns = (names, found.respondents, found.estimate, found.low, found.high)
    return [
        {
            "subject": subject,
            "centre": centre,
            "region": str(regions.get(centre, "")),
            "n": float(n),
            "estimate": float(estimate),
            "ci_low": float(low),
            "ci_high": float(high),
        }
        for centre, n, estimate, low, high in zip(*columns, strict=True)
    ]


def _describe_checklist(
    sources: TwoSources, subject: str, level: float
) -> tuple[list[dict[str, Any]], str, int]:
    """Return rows, the reason why there are none, and the centres seen twice."""
    if sources.second is None:
        return [], NO_SECOND, 0
    at = sources.place(subject)
    first, second = sources.checklist[:, at], sources.second[:, at]
    both = np.isfinite(first) & np.isfinite(second)
    n = int(both.sum())
    if n < FEWEST_TWICE:
        return [], NO_SECOND if n == 0 else TOO_FEW_CENTRES, n
    everywhere = first[np.isfinite(first)]
    if np.ptp(everywhere) == 0:
        return [], CONSTANT, n
    pair = (first[both], second[both])
    difference = estimate_sd_difference(*pair, level=level)
    icc = estimate_icc(np.column_stack(pair), level=level)
    named = {
        "bias": estimate_bias(*pair, level=level),
        "sd_difference": difference,
        "error_sd": _halve(difference),
        "icc_a1": icc.absolute,
        "icc_c1": icc.consistency,
        "reliability": _relate(difference, everywhere, level),
    }
    rows = [
        {
            "subject": subject,
            "side": "checklist",
            "statistic": name,
            "estimate": found.estimate,
            "ci_low": found.ci_low,
            "ci_high": found.ci_high,
            "method": found.method,
            "n": n,
        }
        for name, found in named.items()
        if np.isfinite(found.estimate)
    ]
    return rows, "", n


def _halve(difference: Estimate) -> Estimate:
    """Return the error SD of one checklist: that of a difference over the square root of two."""
    root = float(np.sqrt(2))
    return Estimate(
        estimate=difference.estimate / root,
        ci_low=difference.ci_low / root,
        ci_high=difference.ci_high / root,
        level=difference.level,
        n=difference.n,
        method=CHI_SQUARE,
    )


def _relate(difference: Estimate, everywhere: NDArray[np.float64], level: float) -> Estimate:
    """Return one less the error variance over the variance of all first checklists.

    The interval takes both variances for independent, which they nearly are where few centres are
    seen twice.
    """
    ratio = difference.estimate**2 / 2 / float(everywhere.var(ddof=1))
    df = (difference.n - 1, len(everywhere) - 1)
    low, high = fisher.ppf([(1 - level) / 2, (1 + level) / 2], *df)
    return Estimate(
        estimate=1 - ratio,
        ci_low=float(1 - ratio / low),
        ci_high=float(1 - ratio / high),
        level=level,
        n=difference.n,
        method=F_RATIO,
    )
