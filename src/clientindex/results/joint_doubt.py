"""How sure stars are when sampling error, weights and method may all be otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.base import INDEX
from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointDoubt:
    """Stars, ranks and indices under sampling error, weights and method in one simulation.

    Attributes
    ----------
    centres : DataFrame
        Starred centres in the order of ``Stars``: ``centre``, ``name``, ``region``, ``star``,
        ``p_star`` (probability of the published star), ``p_star_se`` (Monte Carlo error),
        ``p_within_one`` (at most one star off), ``p_star_sampling``, ``p_star_weights``,
        ``p_star_method`` (with this source alone, all else as published; NaN where it does not
        move), ``estimate`` (index, published), ``mean``, ``std_dev`` (of the index over the
        simulation), ``rank`` (Int64, published), ``rank_low``, ``rank_median``, ``rank_high``
        (observed ranks at the quantiles of :attr:`level`).
    probabilities : DataFrame
        ``centre``, ``star``, ``p``: a row a starred centre and star. They sum to 1 less the share
        of runs in which the star rule could not be applied.
    parts : DataFrame
        ``centre``, ``quantity``, ``source``, ``estimate``, ``mc_error``. "doubt" is
        ``1 - p_star``; the part of a source is what it adds to the probability of another star
        when it joins those that already move, all else being as published, on average over all
        orders (Shapley value). "variance" is that of the index; the part is the Shapley effect
        (Owen 2014). Parts sum to the whole, which stands as source "all". A part may be negative:
        of doubt where one source undoes what another does, of variance by Monte Carlo error only.
    summary : DataFrame
        ``statistic``, ``source``, ``estimate``, ``mc_error``, ``share``: "expected_accuracy" (mean
        ``p_star``), "expected_within_one", and "expected_wrong" (number of stars that would be
        others) with its parts by source. ``mc_error`` is NaN for "expected_within_one". ``share``
        is the part of "expected_wrong" in the whole; NaN for the others, and where no star would
        be another.
    options : DataFrame
        ``choice``, ``option``, ``own``: between what methods were drawn.
    left_out : DataFrame
        ``kind``, ``key``, ``reason``, ``detail``: sources (kind "source") and choices that do not
        move: ``no_sampling_error``, ``no_alternative``, ``nothing_missing``, ``switched_off``.
    draws, runs : int
        Pairs of points, and runs of everything and of parts in all.
    band_pct : float
    drawn_around : {"estimate", "shrunk"}
        As in ``StarDoubt``: where draws stand when the star rule looks at them.
    level : float
    seed : int
    """

    centres: pd.DataFrame
    probabilities: pd.DataFrame
    parts: pd.DataFrame
    summary: pd.DataFrame
    options: pd.DataFrame
    left_out: pd.DataFrame
    draws: int
    runs: int
    band_pct: float
    drawn_around: str
    level: float
    seed: int

    def tidy(self) -> pd.DataFrame:
        """Return the summary, P(star) and rank intervals of centres, then parts of the sources."""
        method = "Monte Carlo; n counts pairs of points"
        centres, ranks = self.centres, self.centres.assign(estimate=self.centres["rank"])
        ranks = ranks.assign(ci_low=ranks["rank_low"], ci_high=ranks["rank_high"])
        return stack_tidy(
            [
                tidy_frame(
                    self.summary.assign(subject=INDEX, std_error=self.summary["mc_error"]),
                    subject="subject",
                    statistic=("statistic", "source"),
                    method=method,
                    n=self.draws,
                ),
                tidy_frame(
                    centres.assign(estimate=centres["p_star"], std_error=centres["p_star_se"]),
                    subject="centre",
                    statistic="p_star",
                    fixed=True,
                    method=method,
                    n=self.draws,
                ),
                tidy_frame(
                    ranks,
                    subject="centre",
                    statistic="rank",
                    fixed=True,
                    level=self.level,
                    method="quantiles over runs; n counts pairs of points",
                    n=self.draws,
                ),
                tidy_frame(
                    self.parts.assign(std_error=self.parts["mc_error"]),
                    subject="centre",
                    statistic=("quantity", "source"),
                    method=method,
                    n=self.draws,
                ),
            ]
        )
