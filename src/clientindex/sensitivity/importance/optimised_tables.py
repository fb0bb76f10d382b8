"""Tables of optimised weights: the weights, how near they come, and what they do to centres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.rating.bands import rank_scores
from clientindex.sensitivity.importance.recompute import compare_ranks
from clientindex.sensitivity.importance.sample import GROUP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.reliability.draws import Summary
    from clientindex.sensitivity.importance.optimum import Optimum
    from clientindex.sensitivity.importance.problem import Problem
    from clientindex.sensitivity.importance.sample import LeftOut, Sample

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """Weights found for one kind and measure.

    Attributes
    ----------
    problem : Problem
    measure : {"linear", "smooth"}
    found : Optimum
    share_now : ndarray of shape (P',)
        Realised importance under the weights in use, as shares.
    spread : Summary or None
        Of the weights, where they can be resampled.
    index : ndarray of shape (C,)
        Of all centres under the weights found; NaN without one.
    """

    problem: Problem
    measure: str
    found: Optimum
    share_now: NDArray[np.float64]
    spread: Summary | None
    index: NDArray[np.float64]


def tabulate_weights(solutions: Iterable[Solution], methodology: Methodology) -> pd.DataFrame:
    """Return a row a kind, measure and score that has weight."""
    return _stack([_list_weights(solution, methodology) for solution in solutions], FRAME)


def tabulate_summary(solutions: Iterable[Solution], sample: Sample) -> pd.DataFrame:
    """Return a row a kind and measure."""
    rows = [_summarise(solution, sample) for solution in solutions]
    return pd.DataFrame(rows, columns=SUMMARY)


def tabulate_centres(solutions: Iterable[Solution], sample: Sample) -> pd.DataFrame:
    """Return a row a kind, measure and centre that has an index under the weights found."""
    return _stack([_list_centres(solution, sample) for solution in solutions], CENTRES)


def tabulate_left_out(left_out: LeftOut) -> pd.DataFrame:
    """Return a row a thing that could not be told."""
    rows = [(kind, measure, key, *why) for kind, key, measure, *why in left_out.rows]
    return pd.DataFrame(rows, columns=LEFT_OUT, dtype="str")


def _stack(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _list_weights(solution: Solution, methodology: Methodology) -> pd.DataFrame:
    problem, found, spread = solution.problem, solution.found, solution.spread
    kind = problem.side.kind
    keys = [problem.side.keys[place] for place in problem.active]
    nothing = np.full(len(keys), np.nan)
    return pd.DataFrame(
        {
            "kind": kind,
            "measure": solution.measure,
            "key": keys,
            "group": [key if kind == GROUP else methodology.group_of(key) for key in keys],
            "target": problem.target,
            "weight_now": problem.now,
            "share_now": solution.share_now,
            "weight": found.weights,
            "std_error": nothing if spread is None else spread.std_error,
            "ci_low": nothing if spread is None else spread.ci_low,
            "ci_high": nothing if spread is None else spread.ci_high,
            "share": found.shares,
            "n": len(problem.rows),
        },
        columns=FRAME,
    )


def _summarise(solution: Solution, sample: Sample) -> dict[str, object]:
    problem, found = solution.problem, solution.found
    tau, shift = compare_ranks(sample.index, solution.index[None])
    return {
        "kind": problem.side.kind,
        "measure": solution.measure,
        "outcome": found.outcome,
        "route": "weighted_sum" if found.steps == 0 else "search",
        "steps": found.steps,
        "gap_now": float(np.abs(solution.share_now - problem.target).max()),
        "gap": float(np.abs(found.shares - problem.target).max()),
        "distance": float(np.abs(found.weights - problem.now).sum() / 2),
        "tau": float(tau[0]),
        "mean_abs_rank_shift": float(shift[0]),
        "n": len(problem.rows),
    }


def _list_centres(solution: Solution, sample: Sample) -> pd.DataFrame:
    both = np.isfinite(solution.index)
    return pd.DataFrame(
        {
            "kind": solution.problem.side.kind,
            "measure": solution.measure,
            "centre": np.array(sample.centres, dtype=object)[both],
            "index_now": sample.index[both],
            "rank_now": rank_scores(sample.index[both]),
            "index": solution.index[both],
            "rank": rank_scores(solution.index[both]),
        },
        columns=CENTRES,
    )
