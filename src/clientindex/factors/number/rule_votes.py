"""Votes of a rule over the sample and its bootstrap, told as one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.factors.intervals import find_unstable

if TYPE_CHECKING:
    from numpy.typing import NDArray

STAGE = "factors"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RuleVotes:
    """What a rule says of the sample and of the replicates it was repeated on.

    Attributes
    ----------
    rule, reference : str
    votes : ndarray of shape (1 + R,)
        The sample's first; R is 0 where the rule is not resampled. NaN where it is not defined.
    mean_vote : float
        Vote of parallel analysis against the mean of random data; NaN for other rules.
    values : ndarray of shape (M,)
        What the rule looks at in the sample.
    first : int
        Number of factors that ``values[0]`` speaks of.
    """

    rule: str
    votes: NDArray[np.float64]
    reference: str = ""
    mean_vote: float = np.nan
    values: NDArray[np.float64]
    first: int = 1

    def tell(self, basis: str, level: float) -> dict[str, Any]:
        """Return the row of ``FactorNumber.votes``.

        The range holds the central share `level` of the defined votes of replicates, its ends being
        votes that occur. It is left out, as the share is, where the sample has no vote or fewer
        than half of the replicates have one.
        """
        vote, drawn = self.votes[0], self.votes[1:]
        defined = drawn[np.isfinite(drawn)]
        low, high, share = np.nan, np.nan, np.nan
        if np.isfinite(vote) and find_unstable(len(defined), len(drawn), stage=STAGE) is None:
            tails = [(1 - level) / 2, (1 + level) / 2]
            low, high = np.quantile(defined, tails, method="inverted_cdf")
            share = float(np.mean(drawn == vote))
        return {
            "rule": self.rule,
            "basis": basis,
            "reference": self.reference,
            "n_factors": vote,
            "n_low": low,
            "n_high": high,
            "share": share,
            "n_factors_mean": self.mean_vote,
        }

    def list_criteria(self, basis: str) -> list[dict[str, Any]]:
        """Return the rows of ``FactorNumber.criteria``: the defined values."""
        return [
            {"rule": self.rule, "basis": basis, "n_factors": number, "value": float(value)}
            for number, value in enumerate(self.values, self.first)
            if np.isfinite(value)
        ]
