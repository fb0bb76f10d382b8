"""Mean factor scores of centres, from how many of their respondents gave which answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import keyed_values
from clientindex.errors import StatisticsError
from clientindex.factors.confirmatory.scores import (
    SCORE_METHODS,
    compute_scores,
    expect_latent_responses,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.factors.confirmatory.attempt import Attempt
    from clientindex.factors.confirmatory.fit import ConfirmatoryFit
    from clientindex.methodology import Methodology

COLUMNS = ("model", "estimator", "method", "factor", "centre", "estimate")


def tabulate_scores(
    attempts: Sequence[Attempt], counts: PairCounts, methodology: Methodology
) -> pd.DataFrame:
    """Compute the mean factor score of every centre by every fitted model.

    Scores are linear in the answers, so the mean score of a centre is the score of its mean
    answers. By estimators on polychorics an answer counts as the mean latent response of those who
    gave it. An indicator that nobody in the centre answered takes the sample's mean. A model whose
    scores are not defined has no rows.

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`.
    """
    parts = []
    for attempt in attempts:
        if attempt.fit is None:
            continue
        answers = compute_centre_answers(attempt.fit, counts, methodology)
        for method in SCORE_METHODS:
            try:
                scores = compute_scores(attempt.fit, answers, method)
            except StatisticsError:
                continue
            parts.append(_tabulate(attempt, method, scores, counts))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def compute_centre_answers(
    fit: ConfirmatoryFit, counts: PairCounts, methodology: Methodology
) -> NDArray[np.float64]:
    """Return the mean answer, or mean latent response, of every centre to every indicator.

    Returns
    -------
    ndarray of shape (centres, P)
        Columns in the order of ``fit.spec.indicators``; NaN where nobody answered.
    """
    values = keyed_values(methodology)[:, 1:]
    if fit.moments[0].kind == "polychoric":
        values = _value_latent(fit, counts, values)
    rows = [counts.indicators.index(name) for name in fit.spec.indicators]
    margins = counts.margins[:, rows, 1:].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.einsum("ukc,kc->uk", margins, values[rows]) / margins.sum(axis=2)
    return np.asarray(mean)


def _value_latent(
    fit: ConfirmatoryFit, counts: PairCounts, keyed: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the mean latent response behind each category, shape (K, C).

    Thresholds divide the categories that somebody chose, in keyed order.
    """
    values = np.zeros_like(keyed)
    chosen = counts.margins[:, :, 1:].sum(axis=0) > 0
    for name, thresholds in zip(fit.moments[0].indicators, fit.moments[0].thresholds, strict=True):
        row = counts.indicators.index(name)
        codes = np.flatnonzero(chosen[row])
        ordered = codes[np.argsort(keyed[row, codes])]
        values[row, ordered] = expect_latent_responses(thresholds)
    return values


def _tabulate(
    attempt: Attempt, method: str, scores: NDArray[np.float64], counts: PairCounts
) -> pd.DataFrame:
    centres = counts.units["centre"].to_numpy()
    factors = () if attempt.spec is None else attempt.spec.factors
    return pd.DataFrame(
        {
            "model": attempt.model,
            "estimator": attempt.estimator,
            "method": method,
            "factor": np.repeat(factors, len(centres)),
            "centre": np.tile(centres, len(factors)),
            "estimate": scores.T.ravel(),
        }
    )
