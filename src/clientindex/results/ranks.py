"""Ranks of centres in the country and in their regions, with what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.results.base import make_tidy
from clientindex.results.tidying import stack_tidy

_INTERVALS = {
    "rank_interval": ("rank", "percentiles of redrawn scores"),
    "posterior": ("expected_rank", "empirical Bayes"),
    "marginal": ("rank", "marginal confidence set"),
    "simultaneous": ("rank", "simultaneous confidence set"),
}
_ENDS = {"rank_interval": "rank"}

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankTable:
    """Ranks of the centres that have a star, 1 = best, ties take the smallest.

    Four intervals answer four questions. ``rank_low`` to ``rank_high`` is how far the rank moves
    when scores are redrawn with their errors; it is what is usually published and **no** confidence
    interval of the true rank: errors count twice, and the first can only fall. ``posterior_low`` to
    ``posterior_high`` holds the true rank with the probability of the level among centres like
    these (empirical Bayes). ``marginal_low`` to ``marginal_high`` holds the true rank of this one
    centre, and ``simultaneous_low`` to ``simultaneous_high`` those of all centres of the scope
    together, in repeated surveys at least at the level.

    Attributes
    ----------
    frame : DataFrame
        ``scope`` ("country", or a region with two starred centres or more), ``centre``, ``rank``,
        ``expected_rank`` (mean of posterior ranks), ``rank_low``, ``rank_high``,
        ``posterior_low``, ``posterior_high``, ``marginal_low``, ``marginal_high``,
        ``simultaneous_low``, ``simultaneous_high``, ``p_top`` (posterior probability of a rank
        within the top), ``possible_best`` (may be in the top: simultaneous), ``certain_best`` (is
        shown to be). Ranks and their ends are nullable Int64, flags nullable boolean; missing where
        the statistic is left out. Sorted by scope (country first), rank, centre.
    scopes : DataFrame
        ``scope``, ``n`` (starred centres), ``top_count`` (of the top share, at least 1),
        ``critical_value`` (simultaneous, in standard errors of a difference, last step),
        ``first_critical_value``, ``steps`` (nullable).
    left_out : DataFrame
        ``scope``, ``statistic``, ``reason``, ``detail``. "rank" with ``one_centre`` (a region with
        a single starred centre), "posterior" with ``too_few_centres``, "sets" with
        ``switched_off`` and ``too_few_draws``.
    top_share : float
    draws : int
    level : float
    seed : int
        Of the edition.
    estimator : str
        Of the empirical-Bayes means; all starred centres of the country are drawn together, also
        for ranks within a region.
    """

    frame: pd.DataFrame
    scopes: pd.DataFrame
    left_out: pd.DataFrame
    top_share: float
    draws: int
    level: float
    seed: int
    estimator: str

    def tidy(self) -> pd.DataFrame:
        """Return a row a scope, centre and kind of interval, then P(top)."""
        frame = self.frame
        subject = (frame["scope"] + "/" + frame["centre"]).to_numpy()
        n = frame["scope"].map(self.scopes.set_index("scope")["n"]).to_numpy()
        common = {"segment": "all", "subject": subject, "level": self.level, "n": n}
        parts = [
            make_tidy(
                {
                    **common,
                    "statistic": f"rank.{kind}",
                    "estimate": _numbers(frame[value]),
                    "ci_low": _numbers(frame[f"{_ENDS.get(kind, kind)}_low"]),
                    "ci_high": _numbers(frame[f"{_ENDS.get(kind, kind)}_high"]),
                    "method": method,
                }
            )
            for kind, (value, method) in _INTERVALS.items()
        ]
        top = {"statistic": "p_top", "estimate": _numbers(frame["p_top"]), "level": np.nan}
        parts.append(make_tidy({**common, **top, "method": "empirical Bayes"}))
        return stack_tidy(parts)


def _numbers(column: pd.Series[Any]) -> Any:
    return column.to_numpy(float, na_value=np.nan)
