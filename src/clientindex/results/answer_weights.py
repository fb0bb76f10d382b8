"""Weights of answers: what they meet, what they cost, and what they do to the index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from clientindex.results.base import make_tidy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnswerWeights:
    """Answers weighted by delivered weights and to known margins of visitors.

    Attributes
    ----------
    margins : DataFrame
        ``scope`` (centre or region), ``segment`` ("all" where the margin is of all together),
        ``trait``, ``level``, ``joined`` (name of the joined level that it was met in, else ""),
        ``visitors``, ``n`` (respondents), ``share`` (of the visitors), ``before``, ``after``
        (share of the weights inside the margin, before and after raking). Levels in the order of
        the margins file; unknown levels stand outside.
    scopes : DataFrame
        ``scope``, ``n`` (respondents), ``n_margins`` (met or tried), ``iterations``, ``gap``
        (largest difference of a share from its margin, joined levels counting as one), ``n_cut``
        (respondents whose weight stands at the limit), ``converged`` (bool), ``raked`` (bool: the
        weights are used; else the scope is as it was before).
    centres : DataFrame
        ``centre``, ``segment`` ("all" in the last row of a centre), ``n`` (respondents), ``n_eff``
        (Kish's effective sample size), ``deff`` (n / n_eff, the design effect of unequal weights),
        ``largest`` (largest weight over the mean weight).
    scores : DataFrame
        ``centre``, ``unweighted``, ``unweighted_error``, ``weighted``, ``weighted_error``,
        ``difference``: the index of all segments with its standard errors (finite-population
        correction as in the published scores); NaN where it is not defined.
    left_out : DataFrame
        ``scope``, ``segment``, ``trait``, ``level``, ``reason``, ``detail``, all text. Reasons of a
        level: "empty_level" (visitors and no respondents) and "no_visitors_in_level" (the other
        way round; both leave the scope as it was), "collapsed" (joined with the level that
        ``detail`` names), "level_without_margin" (respondents keep their weight). Of a trait:
        "no_margin" (none given for the scope), "no_known_trait" (of no respondent), "no_visitors"
        (the margin sums to 0). Of a scope: "not_converged" (as it was before; ``detail`` the gap),
        "limit_reached" (margins not met because weights were cut; used, ``detail`` the gap). Of
        everything (empty scope): "no_weights", "no_margins": none were delivered.
    design : bool
        Whether delivered weights are used.
    level_of_margins : {"none", "centre", "region"}
    traits : tuple of str
    trim : float
        Largest weight over the mean weight of a scope; NaN without a limit.
    empty_level : {"refuse", "collapse"}
    linearisation : {"plain", "residual"}
    tolerance : float
    max_iterations : int
    """

    margins: pd.DataFrame
    scopes: pd.DataFrame
    centres: pd.DataFrame
    scores: pd.DataFrame
    left_out: pd.DataFrame
    design: bool
    level_of_margins: Literal["none", "centre", "region"]
    traits: tuple[str, ...]
    trim: float
    empty_level: Literal["refuse", "collapse"]
    linearisation: Literal["plain", "residual"]
    tolerance: float
    max_iterations: int

    def tidy(self) -> pd.DataFrame:
        """Return the weighted index, then the effective sample size of every centre."""
        import pandas as pd

        scores, centres = self.scores, self.centres
        index = make_tidy(
            {
                "subject": scores["centre"].to_numpy(),
                "segment": "all",
                "statistic": "weighted_index",
                "estimate": scores["weighted"].to_numpy(float),
                "std_error": scores["weighted_error"].to_numpy(float),
                "method": f"linearised, {self.linearisation}",
            }
        )
        sizes = make_tidy(
            {
                "subject": centres["centre"].to_numpy(),
                "segment": centres["segment"].to_numpy(),
                "statistic": "effective_sample_size",
                "estimate": centres["n_eff"].to_numpy(float),
                "method": "Kish",
                "n": centres["n"].to_numpy(),
            }
        )
        return pd.concat([index, sizes], ignore_index=True)
