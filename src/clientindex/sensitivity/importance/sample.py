"""Centres with an index, their scores, and what is known of sampling errors, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import draw_centre_weights
from clientindex.errors import StatisticsError
from clientindex.rating.joint import compute_joint_scores
from clientindex.rating.whole_index import take_index
from clientindex.results import ALL_SEGMENTS, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating import MeasureScores
    from clientindex.results import Scores

STAGE = "sensitivity"
FEWEST_CENTRES = 4

GROUP, INDICATOR = "group", "indicator"

SAME = 1e-6
"""Points by which an index computed anew may differ from the published one by rounding."""

NO_VARIANCE, FEW_VALUES, TOLD_BY_OTHERS = "no_variance", "few_values", "told_by_others"
TOO_FEW_CENTRES, EQUAL_SCORES = "too_few_centres", "equal_scores"
NO_ERROR, EXCESS = "no_sampling_error", "noise_exceeds_variance"
MEASURES, CHECKLISTS = "measures_in_index", "checklists_in_index"
UNSTABLE, NOT_ADDITIVE = "unstable_resampling", "not_additive"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """The P scores of one kind.

    Attributes
    ----------
    kind : {"group", "indicator"}
    keys : tuple of str
    x : ndarray of shape (C, P)
        NaN is missing.
    covariance : ndarray of shape (C, 1 + P, 1 + P) or None
        Sampling covariance of index and scores; NaN where unknown.
    """

    kind: str
    keys: tuple[str, ...]
    x: NDArray[np.float64]
    covariance: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """C centres with an index, sorted.

    Attributes
    ----------
    centres : tuple of str
    index : ndarray of shape (C,)
    sides : tuple of Side
        Groups, then indicators.
    weights : ndarray of shape (1 + R, C)
        How often each centre counts: ones, then bootstrap draws over centres.
    sampling : str
        "exact", "bound" or "none".
    lack : str
        Why sampling errors are unknown, or "".
    """

    centres: tuple[str, ...]
    index: NDArray[np.float64]
    sides: tuple[Side, ...]
    weights: NDArray[np.float64]
    sampling: str
    lack: str

    def side(self, kind: str) -> Side:
        """Return the scores of a kind."""
        return next(side for side in self.sides if side.kind == kind)


@dataclass(slots=True, kw_only=True)
class LeftOut:
    """What could not be told, and why."""

    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def add(self, kind: str, key: str, statistic: str, reason: str, detail: object = "") -> None:
        """Add a row."""
        self.rows.append((kind, key, statistic, reason, str(detail)))


def find_lack(scores: Scores) -> Unavailable | None:
    """Return why nothing can be told of importance, or None."""
    index = take_index(scores)["estimate"].dropna().to_numpy(np.float64)
    if len(index) < FEWEST_CENTRES:
        return Unavailable(stage=STAGE, reason=TOO_FEW_CENTRES, detail=str(len(index)))
    if np.ptp(index) <= SAME:
        return Unavailable(stage=STAGE, reason=EQUAL_SCORES)
    return None


def take_sample(
    scores: Scores,
    moments: CentreMoments,
    methodology: Methodology,
    *,
    regions: Mapping[str, str],
    visitors: Mapping[str, float] | None,
    measures: MeasureScores | None,
    replicates: int,
    seed: np.random.SeedSequence,
) -> Sample:
    """Take the published scores of all centres with an index.

    Raises
    ------
    StatisticsError
        If the region of such a centre is not given.
    """
    published = take_index(scores)["estimate"].dropna().sort_index()
    centres = tuple(published.index)
    lost = [centre for centre in centres if centre not in regions]
    if lost:
        msg = f"no region is known for centres {', '.join(lost[:5])}; add them to the register"
        raise StatisticsError(msg)
    index = published.to_numpy(np.float64)
    covariance, sampling, lack = None, "none", MEASURES
    if measures is None:
        covariance, sampling, lack = _join(
            moments, methodology, published.index, index, regions=regions, visitors=visitors
        )
    generator = np.random.default_rng(seed)
    drawn = draw_centre_weights([regions[centre] for centre in centres], replicates, generator)
    sides, first = [], 1
    for kind, keys in ((GROUP, methodology.group_keys), (INDICATOR, methodology.indicator_keys)):
        places = np.r_[0, first : first + len(keys)]
        own = None if covariance is None else covariance[:, places][:, :, places]
        x = _take_scores(scores, centres, kind, keys)
        sides.append(Side(kind=kind, keys=tuple(keys), x=x, covariance=own))
        first += len(keys)
    return Sample(
        centres=centres,
        index=index,
        sides=tuple(sides),
        weights=np.vstack([np.ones(len(centres)), drawn]),
        sampling=sampling,
        lack=lack,
    )


def _take_scores(
    scores: Scores, centres: tuple[str, ...], kind: str, keys: tuple[str, ...]
) -> NDArray[np.float64]:
    frame = scores.frame
    own = frame[(frame["segment"] == ALL_SEGMENTS) & (frame["kind"] == kind)]
    return lay_out(own, "estimate", centres, keys)


def lay_out(
    frame: pd.DataFrame, value: str, centres: Sequence[str], keys: Sequence[str]
) -> NDArray[np.float64]:
    """Return a column as (centres, keys); NaN where the frame, one row a cell, has no row."""
    row, column = (
        pd.Index(list(names)).get_indexer(pd.Index(frame[label]))
        for label, names in (("centre", centres), ("key", keys))
    )
    table = np.full((len(centres), len(keys)), np.nan)
    kept = (row >= 0) & (column >= 0)
    table[row[kept], column[kept]] = frame[value].to_numpy(np.float64)[kept]
    return table


def _join(
    moments: CentreMoments,
    methodology: Methodology,
    centres: pd.Index[str],
    index: NDArray[np.float64],
    *,
    regions: Mapping[str, str],
    visitors: Mapping[str, float] | None,
) -> tuple[NDArray[np.float64] | None, str, str]:
    """Return sampling covariances, how they are known, or why they are not."""
    joint = compute_joint_scores(moments, methodology, visitors=visitors, regions=regions)
    rows = pd.Index(joint.centres).get_indexer(centres)
    if (rows < 0).any() or not (np.abs(joint.estimate[rows, 0] - index) <= SAME).all():
        return None, "none", CHECKLISTS
    covariance = joint.covariance[rows]
    if np.isnan(covariance[:, 0, 0]).all():
        return None, "none", NO_ERROR
    return covariance, joint.method, ""
