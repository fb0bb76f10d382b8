"""Polychoric correlations told as a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from clientindex.factors.polychoric.estimate import STAGE, estimate_polychoric
from clientindex.factors.polychoric.tables import read_tables
from clientindex.results import PolychoricTable, Unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.factors.polychoric.estimate import PolychoricEstimate
    from clientindex.factors.sample import FactorSample
    from clientindex.methodology import Methodology


def tabulate_polychoric(
    sample: FactorSample, methodology: Methodology
) -> PolychoricTable | Unavailable:
    """Tell the polychoric correlations of a sample beside Pearson's.

    Standard errors are robust to clustering by centre; intervals are Wald on Fisher's z:
    ``tanh(atanh(r) ± z se / (1 - r^2))``.

    Returns
    -------
    PolychoricTable or Unavailable
        Unavailable for the reasons of
        :func:`~clientindex.factors.polychoric.estimate.estimate_polychoric`, and ``one_centre``.
    """
    if len(sample.counts.units) < 2:
        return Unavailable(stage=STAGE, reason="one_centre")
    tables = read_tables(sample.counts, methodology)
    found = estimate_polychoric(tables, sample.counts, methodology)
    if isinstance(found, Unavailable):
        return found
    errors = np.sqrt((found.moments.influence**2).sum(axis=0))
    n_thresholds = sum(len(cuts) for cuts in found.moments.thresholds)
    settings = methodology.factors
    return PolychoricTable(
        frame=_tabulate_pairs(sample, found, errors[n_thresholds:], methodology),
        thresholds=_tabulate_thresholds(sample, found, errors[:n_thresholds]),
        unused=_list_unused(sample.counts, methodology),
        estimator=settings.polychoric,
        zero_cell_2x2=settings.zero_cells.two_by_two,
        zero_cell=settings.zero_cells.larger,
        smallest_eigenvalue=found.smoothed.smallest_eigenvalue,
        smoothed=found.smoothed.changed,
        largest_change=found.smoothed.largest_change,
        n=int(found.moments.n),
        n_centres=len(sample.counts.units),
        level=methodology.intervals.level,
    )


def _tabulate_pairs(
    sample: FactorSample,
    found: PolychoricEstimate,
    errors: NDArray[np.float64],
    methodology: Methodology,
) -> pd.DataFrame:
    first, second = np.triu_indices(len(sample.indicators), 1)
    keys = np.array(sample.indicators)
    z = float(ndtri((1 + methodology.intervals.level) / 2))
    half = z * errors / (1 - found.rho**2)
    pearson = sample.correlations["pearson"][first, second]
    used_rows, used_columns = found.total.sum(axis=2) > 0, found.total.sum(axis=1) > 0
    inside = used_rows[:, :, None] & used_columns[:, None, :]
    return pd.DataFrame(
        {
            "indicator": keys[first],
            "other": keys[second],
            "estimate": found.rho,
            "std_error": errors,
            "ci_low": np.tanh(np.arctanh(found.rho) - half),
            "ci_high": np.tanh(np.arctanh(found.rho) + half),
            "pearson": pearson,
            "difference": found.rho - pearson,
            "n": found.total.sum(axis=(1, 2)).astype(np.int64),
            "zero_cells": (inside & (found.total == 0)).sum(axis=(1, 2)),
        }
    )


def _tabulate_thresholds(
    sample: FactorSample, found: PolychoricEstimate, errors: NDArray[np.float64]
) -> pd.DataFrame:
    sizes = [len(cuts) for cuts in found.moments.thresholds]
    return pd.DataFrame(
        {
            "indicator": np.repeat(sample.indicators, sizes),
            "position": np.concatenate([np.arange(1, size + 1) for size in sizes]),
            "estimate": np.concatenate(found.moments.thresholds),
            "std_error": errors,
        }
    )


def _list_unused(counts: PairCounts, methodology: Methodology) -> pd.DataFrame:
    """Return the answers of each scale, as they were given, that nobody chose."""
    total = counts.margins.sum(axis=0)
    rows = [
        {"indicator": key, "answer": answer}
        for position, key in enumerate(counts.indicators)
        for code, answer in enumerate(methodology.scale_of(key).answers, start=1)
        if total[position, code] == 0
    ]
    return pd.DataFrame(rows, columns=["indicator", "answer"])
