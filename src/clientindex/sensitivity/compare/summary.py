"""The numbers that tell a change of methodology in one paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.sensitivity.tau import compute_kendall_tau, count_reversed_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = tuple[str, float, int]


def summarise(centres: pd.DataFrame, *, wrong_before: float, wrong_after: float) -> pd.DataFrame:
    """Summarise the centres of a comparison.

    Parameters
    ----------
    centres : DataFrame
        Of :func:`clientindex.sensitivity.compare.centres.compare_centres`.
    wrong_before, wrong_after : float
        Expected number of wrong stars of each methodology, NaN where unknown.

    Returns
    -------
    DataFrame
        ``statistic``, ``estimate``, ``n`` (centres).
    """
    starred = int(centres["stars_gained"].notna().sum())
    rows = [
        *_tell_ranks(centres),
        *_tell_differences(centres["difference"].dropna()),
        *_tell_stars(centres),
        ("wrong_stars_before", wrong_before, starred),
        ("wrong_stars_after", wrong_after, starred),
    ]
    return pd.DataFrame(rows, columns=["statistic", "estimate", "n"])


def _tell_ranks(centres: pd.DataFrame) -> Iterator[Row]:
    ranked = centres.dropna(subset=["rank_before", "rank_after"])
    before, after = (ranked[f"rank_{side}"].to_numpy(np.int64) for side in ("before", "after"))
    n = len(ranked)
    pairs = n * (n - 1) // 2
    moved = np.abs(after - before)
    tau = float(compute_kendall_tau(before, after[None])[0]) if n > 1 else np.nan
    reversed_ = int(count_reversed_pairs(before, after[None])[0]) if n > 1 else 0
    yield "kendall_tau", tau, n
    yield "reversed_pairs", reversed_ / pairs if pairs else np.nan, n
    yield "mean_rank_shift", float(moved.mean()) if n else np.nan, n
    yield "largest_rank_shift", float(moved.max()) if n else np.nan, n


def _tell_differences(apart: pd.Series[float]) -> Iterator[Row]:
    yield "mean_difference", float(apart.mean()), len(apart)
    yield "mean_absolute_difference", float(apart.abs().mean()), len(apart)
    yield "largest_difference", float(apart.abs().max()), len(apart)


def _tell_stars(centres: pd.DataFrame) -> Iterator[Row]:
    gained = centres["stars_gained"].dropna()
    was, now = centres["star_before"].notna(), centres["star_after"].notna()
    tested = int(centres["p_value"].notna().sum())
    flagged = centres["flagged"]
    changed = centres["stars_gained"].fillna(0) != 0
    yield "gained", float((gained > 0).sum()), len(gained)
    yield "lost", float((gained < 0).sum()), len(gained)
    yield "same", float((gained == 0).sum()), len(gained)
    yield "newly_withheld", float((was & ~now).sum()), int(was.sum())
    yield "newly_starred", float((now & ~was).sum()), int(now.sum())
    yield "tested", float(tested), len(centres)
    yield "up", float((flagged == "up").sum()), tested
    yield "down", float((flagged == "down").sum()), tested
    yield "changed_stars_flagged", float((changed & (flagged != "")).sum()), int(changed.sum())
