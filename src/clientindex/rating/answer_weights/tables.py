"""Tables of weighting: margins met, how raking ended, what weights cost and do to the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.counts import add_by, find_groups
from clientindex.rating.answer_weights.raking import count_effective
from clientindex.rating.whole_index import take_index
from clientindex.results.base import ALL_SEGMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from clientindex.intake.tables import Responses
    from clientindex.methodology import Methodology
    from clientindex.rating.answer_weights.scope_raking import LeftOut, ScopeOutcome
    from clientindex.results import Scores

LEFT_OUT = ["scope", "segment", "trait", "level", "reason", "detail"]
MARGINS = {
    **dict.fromkeys(("scope", "segment", "trait", "level", "joined"), "str"),
    "visitors": "float64",
    "n": "int64",
    **dict.fromkeys(("share", "before", "after"), "float64"),
}
SCOPES = {
    "scope": "str",
    **dict.fromkeys(("n", "n_margins", "iterations"), "int64"),
    "gap": "float64",
    "n_cut": "int64",
    **dict.fromkeys(("converged", "raked"), "bool"),
}
"""Columns of frames with their types, which also hold without rows."""


def tabulate_margins(outcomes: Sequence[ScopeOutcome]) -> pd.DataFrame:
    """Return the margins of all scopes before and after."""
    rows = [row for outcome in outcomes for row in _list_margins(outcome)]
    return pd.DataFrame(rows, columns=list(MARGINS)).astype(MARGINS)


def _list_margins(outcome: ScopeOutcome) -> Iterator[tuple[Any, ...]]:
    problem, cells = outcome.problem, outcome.cells
    for margin, place, joined in zip(problem.known, problem.places, problem.joined, strict=True):
        inside, size = place >= 0, len(margin.levels)
        parts = (cells.weight, outcome.cell_weight)
        sums = [add_by(place[inside], part[inside], size) for part in parts]
        before, after = (part / part.sum() for part in sums)
        n = add_by(place[inside], cells.n[inside], size).astype(np.int64)
        head = (outcome.scope, margin.segment or ALL_SEGMENTS, margin.trait)
        columns = (
            margin.levels,
            joined,
            margin.visitors.tolist(),
            n.tolist(),
            (margin.visitors / margin.visitors.sum()).tolist(),
            before.tolist(),
            after.tolist(),
        )
        yield from ((*head, *row) for row in zip(*columns, strict=True))


def tabulate_scopes(outcomes: Sequence[ScopeOutcome]) -> pd.DataFrame:
    """Return how raking ended in every scope."""
    rows = [
        (
            outcome.scope,
            len(outcome.weight),
            len(outcome.problem.known),
            outcome.fit.iterations,
            outcome.fit.gap,
            outcome.n_cut,
            outcome.fit.converged,
            outcome.raked,
        )
        for outcome in outcomes
    ]
    return pd.DataFrame(rows, columns=list(SCOPES)).astype(SCOPES)


def tabulate_left_out(rows: Sequence[LeftOut]) -> pd.DataFrame:
    """Return what could not be met."""
    return pd.DataFrame(rows, columns=LEFT_OUT, dtype="str")


def tabulate_centres(
    responses: Responses, weight: NDArray[np.float64], methodology: Methodology
) -> pd.DataFrame:
    """Return how unequal the weights are in every centre, by segment and in all."""
    groups, group_of = find_groups(responses)
    frame = groups.assign(
        n=np.bincount(group_of, minlength=len(groups)).astype(np.int64),
        weight=add_by(group_of, weight, len(groups)),
        squared=add_by(group_of, weight**2, len(groups)),
        largest=_find_largest(group_of, weight, len(groups)),
    )
    sums = frame.groupby("centre", as_index=False)[["n", "weight", "squared"]].sum()
    largest = frame.groupby("centre")["largest"].max().to_numpy()
    frame = pd.concat(
        [frame, sums.assign(segment=ALL_SEGMENTS, largest=largest)], ignore_index=True
    )
    n_eff = count_effective(frame["weight"].to_numpy(), frame["squared"].to_numpy())
    frame = frame.assign(
        n_eff=n_eff,
        deff=frame["n"] / n_eff,
        largest=frame["largest"] * frame["n"] / frame["weight"],
    )
    order = {key: at for at, key in enumerate((*methodology.segment_keys, ALL_SEGMENTS))}
    frame = frame.assign(order=frame["segment"].map(order))
    frame = frame.sort_values(["centre", "order"], ignore_index=True)
    return frame[["centre", "segment", "n", "n_eff", "deff", "largest"]]


def _find_largest(
    group_of: NDArray[np.int32], weight: NDArray[np.float64], size: int
) -> NDArray[np.float64]:
    largest = np.zeros(size)
    np.maximum.at(largest, group_of, weight)
    return largest


def compare_scores(plain: Scores, weighted: Scores) -> pd.DataFrame:
    """Return the index of every centre without and with weights."""
    parts = []
    for name, scores in (("unweighted", plain), ("weighted", weighted)):
        columns = {"estimate": name, "std_error": f"{name}_error"}
        parts.append(take_index(scores)[list(columns)].rename(columns=columns))
    both = parts[0].join(parts[1]).reset_index()
    return both.assign(difference=both["weighted"] - both["unweighted"])
