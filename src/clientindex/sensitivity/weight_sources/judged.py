"""Weights from experts' answers, the experts' agreement, and how consistent each of them is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.intake.expert_answers import WHOLE
from clientindex.sensitivity.weight_sources.ahp import (
    Prioritisation,
    combine_judgements,
    find_suspects,
    fit_priorities,
)
from clientindex.sensitivity.weight_sources.budget import allocate_budget
from clientindex.sensitivity.weight_sources.concordance import compute_concordance
from clientindex.sensitivity.weight_sources.contradictions import SHOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.intake.expert_answers import ExpertTable
    from clientindex.sensitivity.weight_sources.concordance import Concordance

TOGETHER = "all"
"""Stands for the combined judgements of all experts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """Weights of the children of one parent, from E experts.

    Attributes
    ----------
    weights : ndarray of shape (n,)
    single : ndarray of shape (E, n)
        Of each expert.
    geometric : ndarray of shape (n,)
        By geometric means of rows; NaN of points.
    """

    weights: NDArray[np.float64]
    single: NDArray[np.float64]
    geometric: NDArray[np.float64]


def judge_points(table: ExpertTable) -> Judged:
    """Average the experts' shares."""
    found = allocate_budget(table.values)
    nothing = np.full(len(table.keys), np.nan)
    return Judged(weights=found.weights, single=found.shares, geometric=nothing)


def judge_pairs(table: ExpertTable, *, by: Prioritisation) -> Judged:
    """Find weights of the combined judgements, and of each expert's own."""
    combined = combine_judgements(table.values)
    return Judged(
        weights=fit_priorities(combined, by=by).weights,
        single=np.array([fit_priorities(own, by=by).weights for own in table.values]),
        geometric=fit_priorities(combined, by="geometric_mean").weights,
    )


def tell_experts(source: str, table: ExpertTable, judged: Judged) -> list[dict[str, Any]]:
    """Return rows of ``experts`` of :class:`clientindex.results.weight_sources.WeightSources`."""
    n = len(table.experts)
    spread = judged.single.std(axis=0, ddof=1) if n > 1 else np.full(len(table.keys), np.nan)
    return [
        {
            "source": source,
            "parent": table.parent,
            "key": key,
            "n": n,
            "estimate": judged.weights[place],
            "std_dev": spread[place],
            "lowest": judged.single[:, place].min(),
            "highest": judged.single[:, place].max(),
            "geometric": judged.geometric[place],
        }
        for place, key in enumerate(table.keys)
    ]


def tell_concordance(source: str, table: ExpertTable, judged: Judged) -> dict[str, Any]:
    """Return a row of ``concordance``."""
    found: Concordance = compute_concordance(judged.single)
    row = asdict(found)
    return {"source": source, "parent": table.parent, "n": row.pop("n_experts"), **row}


def tell_consistency(table: ExpertTable, *, limit: float) -> list[dict[str, Any]]:
    """Return rows of ``consistency``: every expert, then all together."""
    matrices = [*table.values, combine_judgements(table.values)]
    rows = []
    for expert, matrix in zip((*table.experts, TOGETHER), matrices, strict=True):
        found = fit_priorities(matrix)
        rows.append(
            {
                "parent": table.parent,
                "expert": expert,
                "lambda_max": found.lambda_max,
                "index": found.index,
                "ratio": found.ratio,
                "inconsistent": found.ratio > limit,
            }
        )
    return rows


def tell_judgements(table: ExpertTable, *, limit: float) -> list[dict[str, Any]]:
    """Return rows of ``judgements``: of inconsistent experts, those to look at."""
    rows = []
    for expert, matrix in zip(table.experts, table.values, strict=True):
        if fit_priorities(matrix).ratio <= limit:
            continue
        for found in find_suspects(matrix)[:SHOWN]:
            row = asdict(found)
            names = {end: table.keys[row.pop(end)] for end in ("first", "second")}
            rows.append({"parent": table.parent, "expert": expert, **names, **row})
    return rows


def list_unasked(tables: Mapping[str, ExpertTable], parents: Sequence[str]) -> list[str]:
    """Return the parents of two or more children about which no expert answered."""
    return [p for p in parents if p not in tables or not len(tables[p].experts)]


def weigh_judged(
    judged: Mapping[str, Judged],
    group_keys: Sequence[str],
    *,
    group_of: NDArray[np.intp],
    inner: NDArray[np.float64],
    outer: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Put experts' weights in place of the current ones, parent by parent.

    Parameters
    ----------
    judged : mapping of str to Judged
        By parent: "index" or a group key.
    group_keys : sequence of str of length G
    group_of : int ndarray of shape (K,)
    inner, outer : ndarray of shape (K,) and (G,)
        Current weights, which parents that are absent keep.

    Returns
    -------
    inner, outer : ndarray
    """
    inner = inner.copy()
    for place, key in enumerate(group_keys):
        if key in judged:
            inner[group_of == place] = judged[key].weights
    return inner, judged[WHOLE].weights if WHOLE in judged else outer
