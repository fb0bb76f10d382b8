"""Weights of an edition optimised so that realised importance has stated shares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.rating.bands import rank_scores
from clientindex.reliability.draws import Summary, summarise
from clientindex.results import Unavailable
from clientindex.results.weight_importance import OptimisedWeights
from clientindex.sensitivity.importance.correlation import compute_covariances, correlate_many
from clientindex.sensitivity.importance.optimum import (
    REACHED,
    Optimum,
    optimise,
    share_importance,
    solve_sum,
)
from clientindex.sensitivity.importance.recompute import Recomputed, compare_ranks, sum_groups
from clientindex.sensitivity.importance.redundancy import is_flat
from clientindex.sensitivity.importance.sample import (
    CHECKLISTS,
    FEW_VALUES,
    GROUP,
    NO_VARIANCE,
    STAGE,
    TOLD_BY_OTHERS,
    TOO_FEW_CENTRES,
    LeftOut,
    Sample,
    Side,
    find_lack,
    take_sample,
)
from clientindex.sensitivity.importance.smooth import fit_many, make_basis
from clientindex.sensitivity.importance.stated import Stated, find_stated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.methodology.weight_importance_settings import WeightImportanceSettings
    from clientindex.rating import MeasureScores
    from clientindex.results import Scores
    from clientindex.sensitivity.importance.smooth import Basis

LINEAR, SMOOTH = "linear", "smooth"
WEIGHT_ZERO, NO_INDEX, NO_IMPORTANCE = "weight_zero", "no_index", "no_importance"
NOT_A_SUM, NOT_RESAMPLED = "not_a_weighted_sum", "not_resampled"

MOST_ROUNDS = 8
"""Times that the smoothness of curves is chosen anew."""

AS_EXACTLY = 1e-9
"""Largest distance of a share from that of the weighted sum, for the index to be one."""

AS_A_SUM = 0.01
"""Largest distance of a weight from that of the weighted sum, for its interval to be taken."""

FRAME = (
    *("kind", "measure", "key", "group", "target", "weight_now", "share_now", "weight"),
    *("std_error", "ci_low", "ci_high", "share", "n"),
)
SUMMARY = (
    *("kind", "measure", "outcome", "route", "steps", "gap_now", "gap", "distance", "tau"),
    *("mean_abs_rank_shift", "n"),
)
CENTRES = ("kind", "measure", "centre", "index_now", "rank_now", "index", "rank")
LEFT_OUT = ("kind", "measure", "key", "reason", "detail")


def optimise_weights(
    scores: Scores,
    moments: CentreMoments,
    methodology: Methodology,
    *,
    settings: WeightImportanceSettings,
    regions: Mapping[str, str],
    seed: np.random.SeedSequence,
    measures: MeasureScores | None = None,
) -> OptimisedWeights | Unavailable:
    """Find weights of groups, and of indicators, whose realised importance has stated shares.

    Parameters
    ----------
    scores : Scores
        As published.
    moments : CentreMoments
        Behind them.
    methodology : Methodology
    settings : WeightImportanceSettings
    regions : mapping of str to str
        Region of every centre.
    seed : numpy.random.SeedSequence
    measures : MeasureScores, optional

    Returns
    -------
    OptimisedWeights or Unavailable
        Unavailable with ``too_few_centres``, ``equal_scores``, or ``checklists_in_index`` where the
        published index is not what answers and measures give.

    Raises
    ------
    StatisticsError
        If a target names no group of the methodology or not all of them, or the region of a centre
        is not given.

    Notes
    -----
    Over the centres that have all scores of the kind. The index is computed anew under all weights
    that are tried, by the methodology's own means and rules; the search starts from the weights
    that are exact for weighted sums. Importance of a score that runs against the index counts as
    negative.
    """
    target = _read_target(methodology, settings, find_stated(methodology, measures))
    lack = find_lack(scores)
    if lack is not None:
        return lack
    replicates = methodology.intervals.bootstrap_replicates
    sample = take_sample(
        scores,
        moments,
        methodology,
        regions=regions,
        visitors=None,
        measures=measures,
        replicates=replicates,
        seed=seed,
    )
    recomputed = Recomputed.of(sample, moments, methodology, regions=regions, measures=measures)
    if recomputed is None:
        return Unavailable(stage=STAGE, reason=CHECKLISTS)
    left_out = LeftOut()
    told: list[_Told] = []
    for side in sample.sides:
        problem = _pose(sample, side, recomputed, target[side.kind], left_out)
        if problem is not None:
            told += _solve(problem, sample, recomputed, methodology, settings, left_out)
    return OptimisedWeights(
        frame=_stack([one.frame for one in told], FRAME),
        summary=_stack([one.summary for one in told], SUMMARY),
        centres=_stack([one.centres for one in told], CENTRES),
        left_out=pd.DataFrame(
            [(kind, measure, key, *why) for kind, key, measure, *why in left_out.rows],
            columns=LEFT_OUT,
            dtype="str",
        ),
        target=settings.target if isinstance(settings.target, str) else "given",
        replicates=replicates,
        source=settings.source,
        level=methodology.intervals.level,
    )


def _stack(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _read_target(
    methodology: Methodology, settings: WeightImportanceSettings, stated: Stated
) -> dict[str, NDArray[np.float64]]:
    """Return target shares of groups and of indicators."""
    groups, wanted = methodology.group_keys, settings.target
    if isinstance(wanted, dict):
        unknown, lacking = sorted(set(wanted) - set(groups)), sorted(set(groups) - set(wanted))
        if unknown or lacking:
            msg = "a target of importance names every group once;"
            msg += f" unknown: {', '.join(unknown)};" if unknown else ""
            msg += f" missing: {', '.join(lacking)};" if lacking else ""
            msg += f" the groups are {', '.join(groups)}"
            raise StatisticsError(msg)
        outer = np.array([wanted[key] for key in groups])
    elif wanted == "equal":
        outer = (stated.of_groups > 0) / np.count_nonzero(stated.of_groups)
    else:
        outer = stated.of_groups
    group_of = np.array([groups.index(methodology.group_of(k)) for k in methodology.indicator_keys])
    total = sum_groups(stated.of_indicators, group_of)[group_of]
    inside = stated.of_indicators / np.where(total > 0, total, 1.0)
    return {GROUP: outer, "indicator": outer[group_of] * inside}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Problem:
    """Weights of the P' scores of a kind that have weight, over the C' centres with all scores.

    `now` and `target` sum to 1; `active` are places among the P scores, `rows` among the centres.
    """

    side: Side
    active: NDArray[np.intp]
    rows: NDArray[np.intp]
    now: NDArray[np.float64]
    target: NDArray[np.float64]

    @property
    def x(self) -> NDArray[np.float64]:
        """Scores, shape (C', P')."""
        return self.side.x[np.ix_(self.rows, self.active)]

    def spread(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return weights (B, P') as weights of all P scores."""
        full = np.zeros((len(weights), len(self.side.keys)))
        full[:, self.active] = weights
        return full


def _pose(
    sample: Sample,
    side: Side,
    recomputed: Recomputed,
    target: NDArray[np.float64],
    left_out: LeftOut,
) -> _Problem | None:
    now = recomputed.effective(side.kind)
    active = np.flatnonzero(now > 0)
    for place in np.flatnonzero((now == 0) & (target > 0)):
        left_out.add(side.kind, side.keys[place], "", WEIGHT_ZERO, f"{target[place]:g}")
    rows = np.flatnonzero(np.isfinite(side.x[:, active]).all(axis=1))
    if len(rows) < len(active) + 2 or not target[active].sum() > 0:
        left_out.add(side.kind, "", "", TOO_FEW_CENTRES, len(rows))
        return None
    wanted = target[active] / target[active].sum()
    problem = _Problem(side=side, active=active, rows=rows, now=now[active], target=wanted)
    flat = active[is_flat(problem.x)]
    for place in flat:
        left_out.add(side.kind, side.keys[place], "", NO_VARIANCE)
    return None if len(flat) else problem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Told:
    """Tables of one kind and measure."""

    frame: pd.DataFrame
    summary: pd.DataFrame
    centres: pd.DataFrame


def _solve(
    problem: _Problem,
    sample: Sample,
    recomputed: Recomputed,
    methodology: Methodology,
    settings: WeightImportanceSettings,
    left_out: LeftOut,
) -> list[_Told]:
    """Optimise for lines, then for curves starting from there."""
    kind = problem.side.kind
    weights = sample.weights[:, problem.rows]
    covariances = compute_covariances(problem.x, weights)
    try:
        start = solve_sum(covariances[0], problem.target)
    except StatisticsError:
        left_out.add(kind, "", "", TOLD_BY_OTHERS)
        return []
    told = []
    for measure in (LINEAR, SMOOTH):
        realised = _Realised.of(problem, recomputed, measure, knots=settings.knots)
        if realised is None:
            left_out.add(kind, "", measure, FEW_VALUES)
            continue
        try:
            found = _optimise(realised, problem, start)
        except StatisticsError:
            left_out.add(kind, "", measure, NO_IMPORTANCE)
            continue
        spread = None
        if measure == LINEAR:
            spread = _resample(covariances, problem, start, found, methodology.intervals.level)
        if spread is None:
            left_out.add(kind, "", measure, NOT_RESAMPLED if measure == SMOOTH else NOT_A_SUM)
        now = share_importance(realised.compute(problem.now[None]))[0]
        told.append(
            _Told(
                frame=_tabulate(problem, found, now, spread, methodology, measure),
                summary=_summarise(problem, found, now, sample, recomputed, measure),
                centres=_list_centres(problem, found, sample, recomputed, measure, left_out),
            )
        )
        start = found
    return told


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Realised:
    """Signed importance of the scores in the index of the methodology.

    `bases` has a spline basis a score; without any, importance is by lines.
    """

    problem: _Problem
    recomputed: Recomputed
    bases: tuple[Basis, ...]

    @classmethod
    def of(
        cls, problem: _Problem, recomputed: Recomputed, measure: str, *, knots: int
    ) -> _Realised | None:
        """Prepare; None where a score has too few values for a curve."""
        bases: list[Basis] = []
        if measure == SMOOTH:
            x = problem.x
            made = [make_basis(column, n_knots=min(knots, len(x) - 1)) for column in x.T]
            bases = [basis for basis in made if basis is not None]
            if len(bases) < len(made):
                return None
        return cls(problem=problem, recomputed=recomputed, bases=tuple(bases))

    def compute(
        self, weights: NDArray[np.float64], smoothness: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return importance (B, P') under weights (B, P'), by curves of given smoothness (P',)."""
        index = self._index(weights)
        r = correlate_many(index, self.problem.x)
        if not self.bases:
            return np.asarray(r * np.abs(r))
        given = [None] * len(self.bases) if smoothness is None else smoothness
        ratios = [
            fit_many(basis, index, penalty=penalty).importance
            for basis, penalty in zip(self.bases, given, strict=True)
        ]
        return np.asarray(np.sign(r) * np.stack(ratios, axis=-1))

    def find_smoothness(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the penalties (P',) that cross-validation chooses under weights (P',)."""
        index = self._index(weights[None])
        return np.array([fit_many(basis, index).penalty[0] for basis in self.bases])

    def _index(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        spread = self.problem.spread(weights)
        return self.recomputed.compute_for(self.problem.side.kind, spread)[:, self.problem.rows]


def _optimise(realised: _Realised, problem: _Problem, start: Optimum) -> Optimum:
    """Optimise; by curves with the smoothness held, chosen anew, and so on until it rests.

    Cross-validation may jump from one smoothness to another, and importance with it, so that no
    search could go by its slope.
    """
    starts = [start.weights, problem.now]
    if not realised.bases:
        shares = share_importance(realised.compute(start.weights[None]))[0]
        if np.abs(shares - start.shares).max() < AS_EXACTLY:
            return start
        return optimise(realised.compute, problem.target, starts=starts)
    steps = 0
    for _ in range(MOST_ROUNDS):
        smoothness = realised.find_smoothness(starts[0])
        found = optimise(
            partial(realised.compute, smoothness=smoothness), problem.target, starts=starts
        )
        steps += found.steps
        shares = share_importance(realised.compute(found.weights[None]))[0]
        if np.abs(shares - found.shares).max() < REACHED:
            return replace(found, shares=shares, steps=steps)
        starts = [found.weights]
    return replace(found, shares=shares, outcome="not_converged", steps=steps)


def _resample(
    covariances: NDArray[np.float64],
    problem: _Problem,
    start: Optimum,
    found: Optimum,
    level: float,
) -> Summary | None:
    """Return intervals of weights from those of weighted sums; None where the index is none."""
    if np.abs(start.weights - found.weights).max() > AS_A_SUM:
        return None
    drawn = np.full((len(covariances), len(problem.active)), np.nan)
    drawn[0] = found.weights
    for row, covariance in enumerate(covariances[1:], start=1):
        try:
            drawn[row] = solve_sum(covariance, problem.target).weights
        except StatisticsError:
            continue
    return summarise(drawn, level)


def _tabulate(
    problem: _Problem,
    found: Optimum,
    now: NDArray[np.float64],
    spread: Summary | None,
    methodology: Methodology,
    measure: str,
) -> pd.DataFrame:
    kind = problem.side.kind
    keys = [problem.side.keys[place] for place in problem.active]
    nothing = np.full(len(keys), np.nan)
    return pd.DataFrame(
        {
            "kind": kind,
            "measure": measure,
            "key": keys,
            "group": [key if kind == GROUP else methodology.group_of(key) for key in keys],
            "target": problem.target,
            "weight_now": problem.now,
            "share_now": now,
            "weight": found.weights,
            "std_error": nothing if spread is None else spread.std_error,
            "ci_low": nothing if spread is None else spread.ci_low,
            "ci_high": nothing if spread is None else spread.ci_high,
            "share": found.shares,
            "n": len(problem.rows),
        },
        columns=FRAME,
    )


def _summarise(
    problem: _Problem,
    found: Optimum,
    now: NDArray[np.float64],
    sample: Sample,
    recomputed: Recomputed,
    measure: str,
) -> pd.DataFrame:
    index = recomputed.compute_for(problem.side.kind, problem.spread(found.weights[None]))
    tau, shift = compare_ranks(sample.index, index)
    row = {
        "kind": problem.side.kind,
        "measure": measure,
        "outcome": found.outcome,
        "route": "weighted_sum" if found.steps == 0 else "search",
        "steps": found.steps,
        "gap_now": float(np.abs(now - problem.target).max()),
        "gap": float(np.abs(found.shares - problem.target).max()),
        "distance": float(np.abs(found.weights - problem.now).sum() / 2),
        "tau": float(tau[0]),
        "mean_abs_rank_shift": float(shift[0]),
        "n": len(problem.rows),
    }
    return pd.DataFrame([row], columns=SUMMARY)


def _list_centres(
    problem: _Problem,
    found: Optimum,
    sample: Sample,
    recomputed: Recomputed,
    measure: str,
    left_out: LeftOut,
) -> pd.DataFrame:
    kind = problem.side.kind
    index = recomputed.compute_for(kind, problem.spread(found.weights[None]))[0]
    both = np.isfinite(index)
    for place in np.flatnonzero(~both):
        left_out.add(kind, sample.centres[place], measure, NO_INDEX)
    return pd.DataFrame(
        {
            "kind": kind,
            "measure": measure,
            "centre": np.array(sample.centres, dtype=object)[both],
            "index_now": sample.index[both],
            "rank_now": rank_scores(sample.index[both]),
            "index": index[both],
            "rank": rank_scores(index[both]),
        },
        columns=CENTRES,
    )
