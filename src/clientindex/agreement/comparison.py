"""Whether survey and checklist can be compared, and how their scales are linked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.agreement.comparability import (
    ChecklistItems,
    describe_comparability,
    link_equipercentile,
    link_mean_sigma,
)
from clientindex.agreement.comparability.shares import UNDEFINED_EMPTY
from clientindex.agreement.left_out import (
    CONSTANT,
    NO_VARIANCE_LEFT,
    TOO_FEW_CENTRES,
    leave_out,
    make_frame,
    tabulate_left_out,
)
from clientindex.agreement.structural.pairs import FEWEST_PAIRS
from clientindex.counts import code_strata
from clientindex.methodology.model import SCORE_MAX, SCORE_MIN
from clientindex.reliability.centres.jackknife import Strata
from clientindex.results import INDEX, SourceComparison

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.agreement.sources import TwoSources
    from clientindex.methodology import Methodology

ENDS = (SCORE_MIN, SCORE_MAX)
SHARES = ["subject", "side", "statistic", "estimate", "ci_low", "ci_high", "method", "n"]
LINKS = ["subject", "link", "statistic", "estimate", "ci_low", "ci_high", "method", "n"]
KNOTS = ["subject", "checklist", "survey"]

NO_PAIRS, NO_INTERVAL = "no_pairs", "no_interval"


def compare_sources(
    sources: TwoSources, methodology: Methodology, *, seed: np.random.SeedSequence
) -> SourceComparison:
    """Describe who is compared, the ends of scales, ties, straight lines, and links.

    Mean-sigma links take the survey's sampling variance out of its spread where it is known.

    Parameters
    ----------
    sources : TwoSources
    methodology : Methodology
        Settings under ``agreement`` and ``intervals``.
    seed : SeedSequence
        Of the bootstrap of equipercentile links.

    Returns
    -------
    SourceComparison
    """
    level = methodology.intervals.level
    shares = _describe(sources, methodology)
    links: list[dict[str, Any]] = []
    knots: list[dict[str, Any]] = []
    absent: list[dict[str, str]] = []
    subjects = [*sources.keys("index"), *sources.keys("group")]
    for subject, child in zip(subjects, seed.spawn(len(subjects)), strict=True):
        reason = find_fault(sources, subject)
        if reason:
            absent.append(leave_out(subject, "link", reason))
            continue
        links += _link_mean_sigma(sources, subject, level, absent)
        found, rows = _link_equipercentile(
            sources, subject, level, child, methodology.intervals.bootstrap_replicates
        )
        links += found
        knots += rows
    undefined = shares["estimate"].isna()
    absent += [
        leave_out(str(row["subject"]), f"{row['side']}_{row['statistic']}", NO_PAIRS)
        for row in shares[undefined].to_dict("records")
    ]
    settings = methodology.agreement
    return SourceComparison(
        shares=shares[~undefined].reset_index(drop=True),
        links=make_frame(links, LINKS),
        knots=make_frame(knots, KNOTS),
        centres=sources.excluded,
        left_out=tabulate_left_out(absent),
        scales=settings.scales,
        linking=settings.linking,
        sampling=sources.sampling,
        level=level,
        n=len(sources.centres),
        n_shared=int(
            np.any([sources.has_both(key) for key in sources.keys("group")], axis=0).sum()
        ),
    )


def find_fault(sources: TwoSources, subject: str) -> str:
    """Return why the pairs of a subject cannot be linked or correlated; "" if they can."""
    both = sources.has_both(subject)
    at = sources.place(subject)
    if both.sum() < FEWEST_PAIRS:
        return TOO_FEW_CENTRES
    flat = [np.ptp(values[both, at]) == 0 for values in (sources.survey, sources.checklist)]
    return CONSTANT if any(flat) else ""


def take_strata(sources: TwoSources, kept: NDArray[np.bool_]) -> Strata:
    """Return the regions of the centres that are kept, those of one centre joined."""
    return Strata(codes=code_strata(list(sources.regions[kept])))


def link_subject(
    sources: TwoSources, subject: str, methodology: Methodology
) -> NDArray[np.float64]:
    """Return the checklist of a subject on the survey's scale, by the methodology's link.

    Returns
    -------
    ndarray of shape (C,)
        NaN where there is no checklist, and everywhere where the link is not defined.
    """
    return find_link(sources, subject, methodology)(sources.checklist[:, sources.place(subject)])


def link_sources(sources: TwoSources, methodology: Methodology) -> TwoSources:
    """Put every checklist score, of second checklists too, on the survey's scale.

    Answers to single items stay as they were filled in.
    """
    links = [find_link(sources, subject, methodology) for subject in sources.subjects]

    def apply(scores: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([link(scores[:, at]) for at, link in enumerate(links)])

    second = None if sources.second is None else apply(sources.second)
    return replace(sources, checklist=apply(sources.checklist), second=second)


def find_link(
    sources: TwoSources, subject: str, methodology: Methodology
) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Return what puts checklist scores of a subject on the survey's scale; NaN where undefined."""
    if find_fault(sources, subject):
        return lambda scores: np.full(len(scores), np.nan)
    at = sources.place(subject)
    survey, checklist = sources.survey[:, at], sources.checklist[:, at]
    level = methodology.intervals.level
    if methodology.agreement.linking == "equipercentile":
        return link_equipercentile(
            survey, checklist, level=level, seed=np.random.SeedSequence(0), resamples=2
        ).apply
    return link_mean_sigma(
        survey,
        checklist,
        level=level,
        sampling_variance=_take_variance(sources, subject),
        low=SCORE_MIN,
        high=SCORE_MAX,
    ).apply


def _take_variance(sources: TwoSources, subject: str) -> NDArray[np.float64] | None:
    """Return the sampling variance of a subject, None where it is nowhere known."""
    at = sources.place(subject)
    variance = sources.covariance[:, at, at]
    both = sources.has_both(subject)
    return variance if np.isfinite(variance[both]).sum() >= FEWEST_PAIRS else None


def _describe(sources: TwoSources, methodology: Methodology) -> pd.DataFrame:
    keys = (*sources.keys("index"), *sources.keys("group"))
    places = [sources.place(key) for key in keys]
    owners = [methodology.group_of(methodology.indicator_keys[k]) for k in sources.item_of]
    member = np.array(
        [[key in (INDEX, owner) for owner in owners] for key in keys], dtype=bool
    ).reshape(len(keys), len(owners))
    items = ChecklistItems(answers=sources.items, membership=member, low=0.0, high=1.0)
    found = describe_comparability(
        sources.survey[:, places],
        sources.checklist[:, places],
        groups=keys,
        ends=ENDS,
        level=methodology.intervals.level,
        items=items if sources.items.shape[1] else None,
    )
    frame = found.frame.rename(columns={"group": "subject"})
    frame.loc[frame["method"] == UNDEFINED_EMPTY, "estimate"] = np.nan
    return frame[SHARES]


def _link_mean_sigma(
    sources: TwoSources, subject: str, level: float, absent: list[dict[str, str]]
) -> list[dict[str, Any]]:
    at = sources.place(subject)
    known = _take_variance(sources, subject)
    survey, checklist = sources.survey[:, at], sources.checklist[:, at]
    kept = sources.has_both(subject)
    kept &= True if known is None else np.isfinite(known)
    line = link_mean_sigma(
        survey,
        checklist,
        level=level,
        sampling_variance=known,
        low=SCORE_MIN,
        high=SCORE_MAX,
        strata=take_strata(sources, kept),
    )
    if np.isnan(line.slope.estimate):
        absent.append(leave_out(subject, "mean_sigma", NO_VARIANCE_LEFT))
        return []
    if np.isnan(line.slope.std_error):
        absent.append(leave_out(subject, "mean_sigma", NO_INTERVAL))
    row = {"subject": subject, "link": "mean_sigma", "method": line.method, "n": line.n}
    ends = ("estimate", "ci_low", "ci_high")
    lines = [
        {**row, "statistic": name, **{end: getattr(part, end) for end in ends}}
        for name, part in (("intercept", line.intercept), ("slope", line.slope))
    ]
    cut = {**row, "statistic": "cut", "method": "count", "estimate": line.count_cut(checklist)}
    return [*lines, cut]


def _link_equipercentile(
    sources: TwoSources,
    subject: str,
    level: float,
    seed: np.random.SeedSequence,
    resamples: int,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    at = sources.place(subject)
    link = link_equipercentile(
        sources.survey[:, at],
        sources.checklist[:, at],
        level=level,
        seed=seed,
        resamples=resamples,
        strata=take_strata(sources, sources.has_both(subject)),
    )
    top = link.knots.iloc[-1]
    ceiling = {
        "subject": subject,
        "link": "equipercentile",
        "statistic": "ceiling",
        "estimate": top["estimate"],
        "ci_low": top["ci_low"],
        "ci_high": top["ci_high"],
        "method": link.method,
        "n": link.n,
    }
    knots = [
        {"subject": subject, "checklist": row["checklist"], "survey": row["estimate"]}
        for row in link.knots.to_dict("records")
    ]
    return [ceiling], knots
