"""What the weights of an edition do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.results.weight_importance import WeightImportance
from clientindex.sensitivity.importance.groups import (
    tabulate_compensation,
    tabulate_weak,
    take_parts,
)
from clientindex.sensitivity.importance.ratios import Ratios, compute_ratios
from clientindex.sensitivity.importance.recompute import Recomputed
from clientindex.sensitivity.importance.redundancy import tabulate_pairs, tabulate_removal
from clientindex.sensitivity.importance.sample import (
    GROUP,
    NOT_ADDITIVE,
    LeftOut,
    Sample,
    Side,
    find_lack,
    take_sample,
)
from clientindex.sensitivity.importance.stated import Stated, find_stated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.methodology.weight_importance_settings import WeightImportanceSettings
    from clientindex.rating import MeasureScores
    from clientindex.results import Scores, Unavailable
    from clientindex.results.score_parts import ScoreParts

WEIGHTS = ("kind", "key", "group", "nominal", "effective", "applied", "n")
IMPORTANCE = ("kind", "key", "statistic", "estimate", "std_error", "ci_low", "ci_high", "n")
CURVES = ("kind", "key", "edf", "penalty", "knots", "n")
LEFT_OUT = ("kind", "key", "statistic", "reason", "detail")


def assess_importance(
    scores: Scores,
    parts: ScoreParts,
    moments: CentreMoments,
    methodology: Methodology,
    *,
    settings: WeightImportanceSettings,
    regions: Mapping[str, str],
    seed: np.random.SeedSequence,
    visitors: Mapping[str, float] | None = None,
    measures: MeasureScores | None = None,
) -> WeightImportance | Unavailable:
    """Compare weights with the importance that groups and indicators have in the index.

    Parameters
    ----------
    scores : Scores
        As published.
    parts : ScoreParts
        What their index is made of.
    moments : CentreMoments
        Behind them.
    methodology : Methodology
    settings : WeightImportanceSettings
    regions : mapping of str to str
        Region of every centre.
    seed : numpy.random.SeedSequence
    visitors : mapping of str to float, optional
    measures : MeasureScores, optional
        As in :func:`clientindex.rating.compute_scores`.

    Returns
    -------
    WeightImportance or Unavailable
        Unavailable with fewer than four centres with an index (``too_few_centres``), or equal
        indices (``equal_scores``).

    Raises
    ------
    StatisticsError
        If the region of a centre with an index is not given.

    Notes
    -----
    Importance is that of published scores among these centres: noise of an indicator's scores
    lowers what it shares with the index, except for the noise that it brings into the index
    itself; "net" takes the mean sampling covariance out of both. Where scores of an indicator are
    missing, statistics of it are over the centres that have it.
    """
    lack = find_lack(scores)
    if lack is not None:
        return lack
    replicates = methodology.intervals.bootstrap_replicates
    sample = take_sample(
        scores,
        moments,
        methodology,
        regions=regions,
        visitors=visitors,
        measures=measures,
        replicates=replicates,
        seed=seed,
    )
    left_out = LeftOut()
    recomputed = Recomputed.of(sample, moments, methodology, regions=regions, measures=measures)
    level = methodology.intervals.level
    stated = find_stated(methodology, measures)
    ratios = _find_ratios(sample, stated, knots=settings.knots, level=level, left_out=left_out)
    return WeightImportance(
        weights=_tabulate_weights(sample, parts, methodology, stated, left_out=left_out),
        importance=_tabulate_importance(sample, ratios),
        curves=_tabulate_curves(sample, ratios),
        compensation=tabulate_compensation(sample, parts, level=level, left_out=left_out),
        weak=tabulate_weak(sample, quantile=settings.weak_quantile, level=level, left_out=left_out),
        pairs=tabulate_pairs(sample, methodology, threshold=settings.redundancy, level=level),
        removal=tabulate_removal(
            sample, recomputed, methodology, settings=settings, left_out=left_out
        ),
        left_out=pd.DataFrame(left_out.rows, columns=LEFT_OUT, dtype="str"),
        n=len(sample.centres),
        replicates=replicates,
        sampling=sample.sampling,
        redundancy=settings.redundancy,
        same_ranks=settings.same_ranks,
        weak_quantile=settings.weak_quantile,
        source=settings.source,
        level=level,
    )


def _find_ratios(
    sample: Sample, stated: Stated, *, knots: int, level: float, left_out: LeftOut
) -> dict[str, Ratios]:
    """Return the correlation ratios of scores by kind."""
    return {
        side.kind: compute_ratios(
            sample,
            side,
            effective=stated.effective(side.kind),
            knots=knots,
            level=level,
            left_out=left_out,
        )
        for side in sample.sides
    }


def _tabulate_importance(sample: Sample, ratios: dict[str, Ratios]) -> pd.DataFrame:
    """Return a row a score and statistic, scores in the order of the methodology."""
    told = [
        (side.kind, key, name, *summary.row(place).values(), int(ratios[side.kind].n[name][place]))
        for side in sample.sides
        for place, key in enumerate(side.keys)
        for name, summary in ratios[side.kind].summaries.items()
    ]
    return pd.DataFrame(told, columns=IMPORTANCE)


def _tabulate_curves(sample: Sample, ratios: dict[str, Ratios]) -> pd.DataFrame:
    """Return a row a score that has a curve."""
    told = [
        (side.kind, side.keys[place], *rest)
        for side in sample.sides
        for place, *rest in ratios[side.kind].curves
    ]
    return pd.DataFrame(told, columns=CURVES)


def _tabulate_weights(
    sample: Sample,
    parts: ScoreParts,
    methodology: Methodology,
    stated: Stated,
    *,
    left_out: LeftOut,
) -> pd.DataFrame:
    """Return a row a score, with its weights as stated and as applied."""
    frames = [
        _list_weights(sample, side, parts, methodology, stated, left_out=left_out)
        for side in sample.sides
    ]
    return pd.concat(frames, ignore_index=True)


def _list_weights(
    sample: Sample,
    side: Side,
    parts: ScoreParts,
    methodology: Methodology,
    stated: Stated,
    *,
    left_out: LeftOut,
) -> pd.DataFrame:
    derivative, _, rows = take_parts(sample, parts, side.kind, side.keys)
    applied: NDArray[np.float64] = np.full(len(side.keys), np.nan)
    if len(rows):
        applied = derivative.mean(axis=0)
    else:
        left_out.add(side.kind, "", "applied", NOT_ADDITIVE, len(sample.centres))
    groups = [key if side.kind == GROUP else methodology.group_of(key) for key in side.keys]
    return pd.DataFrame(
        {
            "kind": side.kind,
            "key": list(side.keys),
            "group": groups,
            "nominal": stated.nominal(side.kind),
            "effective": stated.effective(side.kind),
            "applied": applied,
            "n": len(rows),
        },
        columns=WEIGHTS,
    )
