"""Editions made up from indicator means, so that what changed is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import CentreMoments
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.change import PublishedEdition

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology

ERROR, CORRELATION = 2.0, 0.4


def draw_truth(seed: int, centres: int, methodology: Methodology) -> NDArray[np.float64]:
    """Draw true indicator means of centres, shape (C, S, K)."""
    rng = np.random.default_rng(seed)
    shape = (centres, len(methodology.segment_keys), len(methodology.indicator_keys))
    return 70 + rng.normal(0, 6, (centres, 1, 1)) + rng.normal(0, 3, shape)


def make_edition(
    means: NDArray[np.float64],
    methodology: Methodology,
    *,
    centres: list[str] | None = None,
    regions: list[str] | None = None,
    n: int = 50,
    seed: int | None = None,
    with_moments: bool = True,
) -> PublishedEdition:
    """Make an edition of these means; with a seed, of means measured with their errors."""
    count, segments, items = means.shape
    names = centres or [f"C{i:03d}" for i in range(count)]
    order = np.argsort(names)
    corr = np.where(np.eye(items, dtype=bool), 1.0, CORRELATION)
    cov = np.broadcast_to(corr * ERROR**2, (count, segments, items, items)).copy()
    if seed is not None:
        noise = np.random.default_rng(seed).standard_normal(means.shape)
        means = means + noise @ np.linalg.cholesky(corr * ERROR**2).T
    missing = np.isnan(means)
    cov[missing[..., None] | missing[..., None, :]] = np.nan
    answered = ~missing.all(axis=-1)
    moments = CentreMoments(
        centres=tuple(np.array(names)[order].tolist()),
        segments=methodology.segment_keys,
        indicators=methodology.indicator_keys,
        mean=means[order],
        n=np.where(missing, 0.0, float(n))[order],
        cov_mean=cov[order],
        n_respondents=np.where(answered, float(n), 0.0)[order],
        std_error_method="exact",
    )
    where = regions or [f"R{i % 4}" for i in range(count)]
    scores = compute_scores(moments, methodology, regions=dict(zip(names, where, strict=True)))
    register = pd.DataFrame({"centre": names, "name": names, "region": where})
    return PublishedEdition(
        scores=scores,
        stars=assign_stars(scores, methodology, register=register),
        methodology=methodology,
        moments=moments if with_moments else None,
    )
