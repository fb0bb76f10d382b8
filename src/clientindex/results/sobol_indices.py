"""How much of what stars and ranks do is due to each weight, each choice and sampling error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_COLUMNS = {"estimate": "", "std_error": "_se", "ci_low": "_low", "ci_high": "_high"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SobolIndices:
    """Variance-based sensitivity indices.

    The first-order index of an input is the share of the variance of an output that is due to it
    alone: what would vanish, on average, if it were known. The total index is the share in which it
    has any part, interactions included; for an input that does not matter it is 0.

    Attributes
    ----------
    outputs : DataFrame
        A row an output: ``output`` ("mean_rank_shift", "share_changed_stars", "region_mean",
        "centre_index"), ``key`` (region, "country" or centre, "" for the first two), ``published``
        (0 for the first two), ``mean``, ``std_dev`` over runs, ``sum_first`` (of single inputs:
        below 1 by what interactions have).
    indices : DataFrame
        A row an output and input: ``output``, ``key``, ``input_kind`` ("indicator" and "group": the
        factor on that weight; "choice"; "sampling"; "source": all inputs of it together), ``input``
        (key of it; for sources "weights", "method", "sampling"), ``first``, ``first_se``,
        ``first_low``, ``first_high``, ``total``, ``total_se``, ``total_low``, ``total_high``. Ends
        of intervals may lie below 0 or above 1.
    convergence : DataFrame
        The same estimates from the first ``n`` rows, an eighth, a quarter, a half and all of them:
        ``output``, ``key``, ``input_kind``, ``input``, ``n``, ``first``, ``total``.
    options : DataFrame
        ``choice``, ``option``, ``own`` (whether it is the methodology's): between what choices
        choose.
    left_out : DataFrame
        ``kind``, ``key``, ``reason``, ``detail``. Inputs that cannot move: ``no_weight`` (of 0),
        ``sole_weight`` (nothing else in its parent), ``no_sampling_error``, ``nothing_missing``,
        ``no_alternative``, ``switched_off``. Outputs (kind "output", key as in "region_mean/key")
        that never move: ``no_variance``.
    base_size, sequences, runs : int
        Rows of the base sample, independently scrambled sequences they consist of, runs in all.
    band_pct : float
        Weights move by up to plus-minus this per cent, re-scaled inside their parents.
    interval : str
        "jackknife" (over sequences), "percentile" or "bias_corrected" (bootstrap over rows).
    replicates : int
        Of the bootstrap; 0 for the jackknife.
    level : float
    seed : int
    """

    outputs: pd.DataFrame
    indices: pd.DataFrame
    convergence: pd.DataFrame
    options: pd.DataFrame
    left_out: pd.DataFrame
    base_size: int
    sequences: int
    runs: int
    band_pct: float
    interval: str
    replicates: int
    level: float
    seed: int

    def tidy(self) -> pd.DataFrame:
        """Return first-order, then total indices: subject is the output, statistic the input."""
        return stack_tidy([self._tell(kind) for kind in ("first", "total")])

    def _tell(self, kind: str) -> pd.DataFrame:
        frame = self.indices.assign(
            index_kind=kind, **{name: self._take(kind + end) for name, end in _COLUMNS.items()}
        )
        frame = frame[np.isfinite(frame["estimate"].to_numpy(float))]
        return tidy_frame(
            frame,
            subject=("output", "key"),
            statistic=("index_kind", "input_kind", "input"),
            level=self.level,
            method=f"{self.interval}; n counts rows of the base sample",
            n=self.base_size,
        )

    def _take(self, column: str) -> NDArray[np.float64]:
        return self.indices[column].to_numpy(np.float64)
