"""How sure stars are: the probability of every star, and how many stars are right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.results.base import INDEX, make_tidy
from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd

Route = Literal["normal", "draws", "shrunk"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StarDoubt:
    """The probability of every star of every starred centre, by three routes.

    "normal" takes the true index for normal about the estimate, cut points as they are: how sure
    the star is when nothing is known but the centre's own answers. "draws" redraws the means of all
    indicators together, makes indices of them as the methodology does and applies the whole rule
    anew, so that the end of the scale, aggregation that is not linear and cut points that come from
    the data are in it. "shrunk" takes the true index for normal about its empirical-Bayes mean: the
    probability among centres like these, and the one that is calibrated.

    Attributes
    ----------
    probabilities : DataFrame
        ``centre``, ``star``, ``normal``, ``draws``, ``shrunk``: a row a starred centre and star.
        Each route sums to 1 over the stars of a centre; NaN for all where the route is left out.
    centres : DataFrame
        Every centre of the register: ``centre``, ``name``, ``region``, ``n`` (respondents),
        ``small_n`` (nullable: fewer than :attr:`small_sample`; missing where n is), ``estimate``,
        ``std_error``, ``star`` (nullable, missing when withheld), ``p_star_normal``,
        ``p_star_draws``, ``p_star_shrunk`` (of the star given), ``p_within_one`` (true star at most
        one star off, by the leading route), ``points_up``, ``points_down`` (to the next cut points;
        inf where there is none, or a cap holds), ``errors_up``, ``errors_down`` (the same in
        standard errors; inf also for a standard error of 0), ``certain`` (nullable: P(star) by the
        leading route at least :attr:`level`), ``withheld`` (reason as in ``Stars``, "" when given).
        NaN or missing where the star is withheld. Rows in the order of ``Stars``.
    cuts : DataFrame
        ``peer_group`` ("all", or the name of a peer group), ``star``, ``cut`` (lowest index
        that earns it), ``ci_low``, ``ci_high``: over draws, of the cut points that the rule finds
        in indices without sampling error. These lie nearer to each other than those of indices with
        errors, so that an interval may leave out its cut. NaN for rules whose cut points are
        stated.
    summary : DataFrame
        ``route``, ``statistic``, ``estimate``, ``mc_error``, ``n``: "expected_accuracy" (share of
        right stars), "expected_within_one" (share at most one star off), "expected_wrong" (number
        of wrong stars), "certain" (number at the level). ``n`` counts starred centres; ``mc_error``
        is the Monte Carlo error of draws, 0 for the routes in closed form.
    table : DataFrame
        ``star`` (given), ``true_star``, ``centres``: expected number by the leading route.
    left_out : DataFrame
        ``statistic``, ``reason``, ``detail``: "draws" and "shrunk" with ``too_few_centres``,
        "draws" with ``rule_refused``.
    leading : {"normal", "draws"}
        "normal" for stated cut points, "draws" for cut points that come from the data.
    drawn_around : {"estimate", "shrunk"}
        Where draws stand: around the estimates for stated cut points; else around empirical-Bayes
        means with their posterior spread, because estimates redrawn with their errors would be
        further apart than true scores, and the rule would find cut points too far apart.
    rule : str
        "fixed", "quantiles", "k_means", "optimal_k_means", "hierarchical"; "peer_groups" and
        "guarded" stand before the rule they hold, with a dot.
    estimator : str
        Of the empirical-Bayes means.
    draws, refused : int
        Draws asked for, and those that the rule refused (too few distinct indices): left out.
    clipped : float
        Share of drawn indicator means beyond the scale, set to its end.
    small_sample : int
    level : float
    seed : int
        Of the edition.
    """

    probabilities: pd.DataFrame
    centres: pd.DataFrame
    cuts: pd.DataFrame
    summary: pd.DataFrame
    table: pd.DataFrame
    left_out: pd.DataFrame
    leading: Literal["normal", "draws"]
    drawn_around: Literal["estimate", "shrunk"]
    rule: str
    estimator: str
    draws: int
    refused: int
    clipped: float
    small_sample: int
    level: float
    seed: int

    def tidy(self) -> pd.DataFrame:
        """Return the summary, cut points, then P(star given) of every starred centre by route."""
        summary, starred = self.summary, self.centres[self.centres["withheld"] == ""]
        return stack_tidy(
            [
                tidy_frame(
                    summary.assign(subject=INDEX, std_error=summary["mc_error"]),
                    subject="subject",
                    statistic=("route", "statistic"),
                    method="Monte Carlo error",
                    n=summary["n"].to_numpy(),
                ),
                tidy_frame(
                    self.cuts.assign(estimate=self.cuts["cut"], statistic="cut"),
                    subject="peer_group",
                    statistic=("statistic", "star"),
                    level=self.level,
                    method="percentiles of draws",
                ),
                *(_tell_route(starred, route) for route in ("normal", "draws", "shrunk")),
            ]
        )


def _tell_route(starred: pd.DataFrame, route: Route) -> pd.DataFrame:
    known = starred[np.isfinite(starred[f"p_star_{route}"].to_numpy(float))]
    if known.empty:
        return make_tidy({})
    return tidy_frame(
        known,
        subject="centre",
        statistic="p_star",
        fixed=True,
        value=f"p_star_{route}",
        method=route,
        n=known["n"].to_numpy(),
    )
