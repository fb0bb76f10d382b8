"""Reliability of centre scores in every part of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.counts import (
    code_strata,
    compute_centre_moments,
    compute_pair_sums,
    point_values,
)
from clientindex.reliability.centres.between import describe_levels, read_sample
from clientindex.reliability.centres.components import describe_components
from clientindex.reliability.centres.jackknife import Strata
from clientindex.reliability.centres.score_reliability import list_weights
from clientindex.reliability.centres.scores import score_centres
from clientindex.results import CentreReliability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.reliability.centres.between import LevelSample
    from clientindex.reliability.centres.rows import Rows
    from clientindex.reliability.scopes import Scope


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    """A part of the data with what every group takes from it."""

    scope: Scope
    moments: CentreMoments
    sample: LevelSample


def assess_centres(scopes: Sequence[Scope], methodology: Methodology) -> CentreReliability:
    """Compute how reliably centres are told apart, by everybody and by parts of the data.

    Scores are in points 0-100 with the weights of the methodology; with several segments a centre's
    score is the weighted mean of its segments' scores, as the rating has it. Components, ICC(1) and
    ICC(2) are by moments (with Wald's interval) and REML (profile likelihood); REML with regions
    where there are two or more. The reliability of a centre is ``R = tau^2 / (tau^2 + e)`` with e
    the sampling variance of its score and tau^2 by REML. What follows from the covariances of
    indicators within and between centres (generalizability, alpha and omega of both levels) has
    intervals from leaving out each centre in turn, in strata of regions.

    Missing answers: every mean uses everybody who answered the indicator; covariances are pairwise.

    What is not defined stands in ``left_out`` with its reason: ``one_centre``, ``too_few_answers``,
    ``zero_variance`` (answers inside centres do not differ), ``no_between_variance`` (no number of
    answers is enough), ``one_indicator`` and ``two_indicators``, ``one_region``,
    ``not_positive_definite`` (of a level), ``unstable_resampling`` (the interval only).

    Parameters
    ----------
    scopes : sequence of Scope
        Parts of the data, see :func:`~clientindex.reliability.scopes.list_scopes`.
    methodology : Methodology

    Returns
    -------
    CentreReliability
    """
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in FRAMES}
    for scope in scopes:
        part = _read(scope, methodology)
        for group, (items, weights) in list_weights(methodology).items():
            label = {"kind": scope.kind, "part": scope.part, "group": group}
            for name, rows in _describe(part, items, weights, methodology).items():
                found[name] += [{**label, **row} for row in rows]
    frames = {
        name: pd.DataFrame(rows, columns=[*LABEL, *FRAMES[name]]) for name, rows in found.items()
    }
    return CentreReliability(
        **frames,
        confidence=methodology.intervals.level,
        minimum_sample=methodology.stars.minimum_sample,
    )


LABEL = ("kind", "part", "group")
_INTERVAL = ("estimate", "ci_low", "ci_high")

FRAMES: dict[str, tuple[str, ...]] = {
    "components": (
        *("method", "component", "estimate", "share", "ci_low", "ci_high"),
        *("share_low", "share_high"),
    ),
    "coefficients": ("statistic", "method", *_INTERVAL, "n", "n_centres", "mean_size", "bent"),
    "centres": ("centre", "region", "n", "score", "error", "own", *_INTERVAL),
    "answers": ("level", "share", "share_low", "share_high", *_INTERVAL),
    "generalizability": ("component", *_INTERVAL),
    "curves": ("facet", "indicators", "respondents", "statistic", *_INTERVAL),
    "left_out": ("statistic", "reason", "detail"),
}


def _read(scope: Scope, methodology: Methodology) -> _Part:
    sums = compute_pair_sums(scope.counts, point_values(methodology))
    return _Part(
        scope=scope,
        moments=compute_centre_moments(scope.by_segment, methodology),
        sample=read_sample(sums, Strata(codes=code_strata(scope.regions))),
    )


def _describe(
    part: _Part, items: NDArray[np.intp], weights: NDArray[np.float64], methodology: Methodology
) -> Rows:
    """Compute everything of one group in one part of the data."""
    scope = part.scope
    if len(scope.regions) < 2:
        return {"left_out": [{"statistic": "", "reason": "one_centre", "detail": ""}]}
    segments = np.array([segment.weight for segment in methodology.segments])
    scores = score_centres(part.moments, weights, segments)
    if scores is None or len(scores.rows) < 2:
        return {"left_out": [{"statistic": "", "reason": "too_few_answers", "detail": ""}]}
    rows = describe_components(scores, scope, methodology)
    levels = describe_levels(part.sample, items, scope, methodology)
    return {name: [*rows.get(name, []), *levels.get(name, [])] for name in FRAMES}
