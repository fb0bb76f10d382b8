"""The doubt of every star that was given: probabilities by three routes, and what they sum to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from clientindex.methodology.doubt_settings import DoubtSettings
from clientindex.rating.posterior import count_fewest, find_posterior
from clientindex.rating.star_doubt.drawn import count_draws
from clientindex.rating.star_doubt.frames import (
    list_centres,
    list_cuts,
    list_probabilities,
    summarise,
    tabulate,
)
from clientindex.rating.star_doubt.given import (
    RuleRefusedError,
    depends_on_scores,
    gather_given,
    name_rule,
)
from clientindex.rating.star_doubt.normal import cap_probabilities, compute_star_probabilities
from clientindex.results import Stars, Unavailable
from clientindex.results.star_doubt import StarDoubt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.rating.index_draws import IndexDraws
    from clientindex.rating.posterior import Posterior
    from clientindex.rating.star_doubt.drawn import Drawn
    from clientindex.rating.star_doubt.given import Given
    from clientindex.rating.star_rules import StarRule

STAGE = "rating"
NO_STARS, UNKNOWN_ERROR = "no_stars", "unknown_error"
RULE_REFUSED, TOO_FEW_CENTRES = "rule_refused", "too_few_centres"


def assess_star_doubt(
    stars: Stars,
    draws: IndexDraws,
    methodology: Methodology,
    *,
    settings: DoubtSettings | None = None,
    rule: StarRule | None = None,
    labels: Sequence[float] | None = None,
    limits: NDArray[np.int64] | None = None,
) -> StarDoubt | Unavailable:
    """Find the probability of every star of the centres that have one.

    Parameters
    ----------
    stars : Stars
        As given.
    draws : IndexDraws
        Of the centres with a star, in their order in `stars`; see
        :func:`clientindex.rating.index_draws.draw_indices`.
    methodology : Methodology
        Bands, and the level of intervals.
    settings : DoubtSettings, optional
        By default the standard ones.
    rule : StarRule, optional
        The rule that gave the stars; its arrays (peer groups) in the order of the starred centres
        in `stars`. By default the bands of the methodology.
    labels : sequence of float, optional
        Stars of the levels 1 to K of the rule. By default those of the bands where they are as many
        as the rule has levels, else 1 to K.
    limits : int ndarray of shape (starred centres,), optional
        Highest level that a cap leaves a centre; caps are taken to hold in every draw.

    Returns
    -------
    StarDoubt or Unavailable
        Reasons: ``no_stars``; ``unknown_error`` (stars without a standard error: how many of how
        many); ``rule_refused`` (the rule cannot be applied to these indices).

    Raises
    ------
    StatisticsError
        If draws are of other centres, or the rule does not give the stars of `stars`.

    Notes
    -----
    Centres whose star is withheld move nobody's cut points and have no probabilities.

    For stated cut points draws stand around the estimates, and differ from the normal route by the
    ends of the scale and aggregation only. For cut points that come from the data they stand around
    empirical-Bayes means (:mod:`clientindex.rating.posterior`); with too few centres for those, the
    route is left out. "Leading" is the route that knows the most of the rule: normal for stated cut
    points, draws for others (normal where draws are left out).

    The Monte Carlo error of sums over centres is from the sums of single draws, so that centres
    tied by common cut points are counted as tied; that of "certain" takes shares of draws for
    binomial.
    """
    settings = settings or DoubtSettings()
    level = settings.level or methodology.intervals.level
    starred = stars.frame[stars.frame["withheld"] == ""]
    if starred.empty:
        return Unavailable(stage=STAGE, reason=NO_STARS)
    unknown = int(starred["std_error"].isna().sum())
    if unknown:
        return Unavailable(stage=STAGE, reason=UNKNOWN_ERROR, detail=f"{unknown}/{len(starred)}")
    draws.check(starred)
    try:
        given = gather_given(starred, methodology, rule, labels, limits)
    except RuleRefusedError as refused:
        return Unavailable(stage=STAGE, reason=RULE_REFUSED, detail=str(refused))
    estimator = settings.shrinkage.estimator
    posterior = find_posterior(given.scores, given.std_errors, estimator=estimator, level=level)
    drawn = count_draws(given, draws, posterior)
    left_out = _tell_left_out(given, posterior, drawn, estimator)
    routes = _find_routes(given, posterior, drawn)
    leading: Literal["normal", "draws"] = "normal"
    if depends_on_scores(given.rule) and drawn.stars is not None:
        leading = "draws"
    return StarDoubt(
        probabilities=list_probabilities(starred, given, routes),
        centres=list_centres(stars, given, routes, leading, level, settings.small_sample),
        cuts=list_cuts(given, drawn, level),
        summary=summarise(given, routes, drawn, level),
        table=tabulate(given, routes[leading]),
        left_out=left_out,
        leading=leading,
        drawn_around=drawn.around,
        rule=name_rule(given.rule),
        estimator=estimator,
        draws=len(draws.indices),
        refused=0 if drawn.stars is None else drawn.stars.n_refused,
        clipped=draws.clipped,
        small_sample=settings.small_sample,
        level=level,
        seed=draws.seed,
    )


def _find_routes(
    given: Given, posterior: Posterior | None, drawn: Drawn
) -> dict[str, NDArray[np.float64]]:
    """Return probabilities of shape (C, K) by route, NaN where one is left out."""
    absent = np.full((len(given.scores), given.rule.n_stars), np.nan)
    cuts = given.found.cuts
    normal = compute_star_probabilities(given.scores, given.std_errors, cuts=cuts, df=given.degrees)
    routes = {
        "normal": cap_probabilities(normal, given.limits),
        "draws": absent if drawn.stars is None else drawn.stars.probabilities,
        "shrunk": absent,
    }
    if posterior is not None:
        degrees = posterior.count_degrees(given.degrees)
        shrunk = compute_star_probabilities(
            posterior.mean, posterior.deviation, cuts=cuts, df=degrees
        )
        routes["shrunk"] = cap_probabilities(shrunk, given.limits)
    return routes


def _tell_left_out(
    given: Given, posterior: Posterior | None, drawn: Drawn, estimator: Any
) -> pd.DataFrame:
    rows = []
    few = f"{int((given.std_errors > 0).sum())}/{count_fewest(estimator)}"
    if drawn.stars is None:
        reason = TOO_FEW_CENTRES if posterior is None else RULE_REFUSED
        rows.append(("draws", reason, few if posterior is None else name_rule(given.rule)))
    if posterior is None:
        rows.append(("shrunk", TOO_FEW_CENTRES, few))
    return pd.DataFrame(rows, columns=["statistic", "reason", "detail"], dtype="str")
