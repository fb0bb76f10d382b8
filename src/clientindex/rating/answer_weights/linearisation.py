"""Moments of raked answers with the error that the margins leave."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from clientindex.counts import Adjustment, compute_weighted_moments, count_cells, find_groups
from clientindex.rating.answer_weights.residuals import RakedScope, explain_by_margins

if TYPE_CHECKING:
    from clientindex.counts import Cells, CentreMoments
    from clientindex.intake.tables import Responses
    from clientindex.methodology import Methodology
    from clientindex.rating.answer_weights.scope_raking import Raking


def take_residuals(
    moments: CentreMoments,
    raking: Raking,
    responses: Responses,
    methodology: Methodology,
    *,
    cells: Cells,
) -> CentreMoments:
    """Return the moments with the covariance of residuals from the margins.

    Parameters
    ----------
    moments : CentreMoments
        With raked weights, as if these had been given.
    raking : Raking
    responses : Responses
    methodology : Methodology
    cells : Cells
        Of the traits of the margins.
    """
    raked = tuple(
        RakedScope(at=outcome.cells.at, margins=outcome.problem.margins)
        for outcome in raking.outcomes
        if outcome.raked and outcome.problem.margins is not None
    )
    if not raked:
        return moments
    groups, _ = find_groups(responses)
    keys = ["centre", "segment"]
    group_of = pd.MultiIndex.from_frame(groups).get_indexer(
        pd.MultiIndex.from_frame(cells.frame[keys])
    )
    explained = explain_by_margins(
        raked,
        base=count_cells(responses, methodology, cells=cells, weight=raking.base),
        raked=count_cells(responses, methodology, cells=cells, weight=raking.weight),
        group_of=group_of,
        methodology=methodology,
    )
    taken = compute_weighted_moments(
        responses,
        methodology,
        weight=raking.weight,
        adjustment=Adjustment(cells=cells, residual=explained.residual),
    )
    row = pd.Index(moments.centres).get_indexer(pd.Index(groups["centre"]))
    column = pd.Index(moments.segments).get_indexer(pd.Index(groups["segment"]))
    covariance = taken.cov_mean.copy()
    covariance[row, column] += explained.others
    return replace(taken, cov_mean=covariance)
