"""Ranks of the centres with a star, in the country and in every region, with their doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.counts import read_seed
from clientindex.errors import StatisticsError
from clientindex.methodology.doubt_settings import DoubtSettings
from clientindex.rating.bands import rank_scores
from clientindex.rating.posterior import count_fewest, find_posterior
from clientindex.rating.ranks.best import find_certain_best, find_possible_best
from clientindex.rating.ranks.confidence import (
    RankSets,
    compute_marginal_sets,
    compute_simultaneous_sets,
)
from clientindex.rating.ranks.intervals import RankIntervals, compute_rank_intervals, count_top
from clientindex.rating.ranks.pairs import find_maxima
from clientindex.rating.ranks.sampling import SamplingErrors, draw_independent, take_replicates
from clientindex.results import COUNTRY, Stars, Unavailable
from clientindex.results.ranks import RankTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.rating.index_draws import IndexDraws
    from clientindex.rating.posterior import Posterior

STAGE = "rating"
NO_STARS, UNKNOWN_ERROR = "no_stars", "unknown_error"
ONE_CENTRE, TOO_FEW_CENTRES = "one_centre", "too_few_centres"
SWITCHED_OFF, TOO_FEW_DRAWS = "switched_off", "too_few_draws"
FEWEST = 2

_COLUMNS = (
    *("scope", "centre", "rank", "expected_rank", "rank_low", "rank_high"),
    *("posterior_low", "posterior_high", "marginal_low", "marginal_high"),
    *("simultaneous_low", "simultaneous_high", "p_top", "possible_best", "certain_best"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Starred:
    """The centres with a star; `around` are draws about the scores, `posterior` about shrunk ones.

    `normal` are the errors that confidence sets are made from.
    """

    centres: NDArray[np.str_]
    regions: NDArray[np.str_]
    scores: NDArray[np.float64]
    std_errors: NDArray[np.float64]
    around: NDArray[np.float64]
    posterior: tuple[Posterior, NDArray[np.float64]] | None
    normal: NDArray[np.float64] | None

    def take(self, members: NDArray[np.intp]) -> _Starred:
        """Return some of the centres with the same draws."""
        posterior = self.posterior
        return _Starred(
            centres=self.centres[members],
            regions=self.regions[members],
            scores=self.scores[members],
            std_errors=self.std_errors[members],
            around=self.around[:, members],
            posterior=None if posterior is None else (posterior[0], posterior[1][:, members]),
            normal=None if self.normal is None else self.normal[members],
        )


def assess_ranks(
    stars: Stars,
    draws: IndexDraws,
    methodology: Methodology,
    *,
    seed: np.random.SeedSequence,
    settings: DoubtSettings | None = None,
) -> RankTable | Unavailable:
    """Rank the centres with a star and say what is known of their ranks.

    Parameters
    ----------
    stars : Stars
    draws : IndexDraws
        Of the centres with a star, in their order in `stars`.
    methodology : Methodology
        Level of intervals.
    seed : numpy.random.SeedSequence
        Of the normal errors that confidence sets are made from.
    settings : DoubtSettings, optional
        By default the standard ones.

    Returns
    -------
    RankTable or Unavailable
        Reasons: ``no_stars``; ``one_centre`` (a single starred centre has no rank to doubt);
        ``unknown_error`` (stars without a standard error: how many of how many).

    Raises
    ------
    StatisticsError
        If draws are of other centres.

    Notes
    -----
    Centres are independent. Ranks within a region use the draws of the country, so that both agree,
    and the level of simultaneous sets holds within each scope, not over all of them together.
    Posterior draws keep the form of the draws about the scores, see
    :mod:`clientindex.rating.posterior`. Confidence sets take normal errors with the exact standard
    errors, one normal draw a centre and replicate.

    Memory grows with centres times draws. A rank of a region of one is left out.
    """
    settings = settings or DoubtSettings()
    level = settings.level or methodology.intervals.level
    given = stars.frame[stars.frame["withheld"] == ""]
    if len(given) < FEWEST:
        reason = ONE_CENTRE if len(given) else NO_STARS
        return Unavailable(stage=STAGE, reason=reason)
    unknown = int(given["std_error"].isna().sum())
    if unknown:
        return Unavailable(stage=STAGE, reason=UNKNOWN_ERROR, detail=f"{unknown}/{len(given)}")
    draws.check(given)
    left_out: list[tuple[str, str, str, str]] = []
    starred = _gather(given, draws, settings, level=level, seed=seed)
    _tell_whole(starred, settings, left_out)
    frames, scopes = [], []
    for scope, members in _list_scopes(starred.regions):
        if len(members) < FEWEST:
            left_out.append((scope, "rank", ONE_CENTRE, str(starred.centres[members[0]])))
            continue
        frame, row = _rank_scope(scope, starred.take(members), settings, level, left_out)
        frames.append(frame)
        scopes.append(row)
    return RankTable(
        frame=pd.concat(frames, ignore_index=True),
        scopes=_tabulate_scopes(scopes),
        left_out=pd.DataFrame(
            left_out, columns=["scope", "statistic", "reason", "detail"], dtype="str"
        ),
        top_share=settings.top_share,
        draws=len(draws.indices),
        level=level,
        seed=read_seed(seed),
        estimator=settings.shrinkage.estimator,
    )


def _gather(
    given: pd.DataFrame,
    draws: IndexDraws,
    settings: DoubtSettings,
    *,
    level: float,
    seed: np.random.SeedSequence,
) -> _Starred:
    scores, errors = given["estimate"].to_numpy(float), given["std_error"].to_numpy(float)
    estimator = settings.shrinkage.estimator
    posterior = find_posterior(scores, errors, estimator=estimator, level=level)
    normal = None
    if settings.rank_sets:
        normal = draw_independent(errors, draws=len(draws.indices), seed=seed).draws
    return _Starred(
        centres=given["centre"].to_numpy(dtype=str),
        regions=given["region"].to_numpy(dtype=str),
        scores=scores,
        std_errors=errors,
        around=draws.indices,
        posterior=None
        if posterior is None
        else (posterior, posterior.move(draws.indices, scores, errors)),
        normal=normal,
    )


def _tell_whole(
    starred: _Starred, settings: DoubtSettings, left_out: list[tuple[str, str, str, str]]
) -> None:
    """Tell what is left out in every scope."""
    if starred.posterior is None:
        few = f"{int((starred.std_errors > 0).sum())}/{count_fewest(settings.shrinkage.estimator)}"
        left_out.append((COUNTRY, "posterior", TOO_FEW_CENTRES, few))
    if starred.normal is None:
        left_out.append((COUNTRY, "sets", SWITCHED_OFF, ""))


def _list_scopes(regions: NDArray[np.str_]) -> list[tuple[str, NDArray[np.intp]]]:
    """Return the country and every region with the places of their centres."""
    whole = [(COUNTRY, np.arange(len(regions)))]
    return whole + [(str(name), np.flatnonzero(regions == name)) for name in np.unique(regions)]


def _rank_scope(
    scope: str,
    starred: _Starred,
    settings: DoubtSettings,
    level: float,
    left_out: list[tuple[str, str, str, str]],
) -> tuple[pd.DataFrame, dict[str, Any]]:
    share, n = settings.top_share, len(starred.scores)
    count = count_top(n, share)
    columns: dict[str, Any] = {
        "scope": scope,
        "centre": starred.centres,
        "rank": rank_scores(starred.scores),
    }
    redrawn = compute_rank_intervals(
        starred.scores,
        take_replicates(starred.scores, starred.around, std_errors=starred.std_errors),
        level=level,
        top_share=share,
    )
    columns |= {"rank_low": redrawn.low, "rank_high": redrawn.high}
    posterior = _rank_posterior(starred, level, share)
    if posterior is not None:
        columns |= {"posterior_low": posterior.low, "posterior_high": posterior.high}
        columns |= {"expected_rank": posterior.expected, "p_top": posterior.top}
    sets = _find_sets(scope, starred, level, left_out)
    if sets is not None:
        columns |= _list_sets(*sets, count)
    row = {"scope": scope, "n": n, "top_count": count, **_describe(sets)}
    frame = _complete(columns, n)
    return frame.sort_values(["rank", "centre"], kind="stable", ignore_index=True), row


def _rank_posterior(starred: _Starred, level: float, share: float) -> RankIntervals | None:
    if starred.posterior is None:
        return None
    # Ranks of the draws themselves: the scores they are taken from have no part in them.
    errors = take_replicates(starred.scores, starred.posterior[1], std_errors=starred.std_errors)
    return compute_rank_intervals(starred.scores, errors, level=level, top_share=share)


def _find_sets(
    scope: str,
    starred: _Starred,
    level: float,
    left_out: list[tuple[str, str, str, str]],
) -> tuple[RankSets, RankSets] | None:
    """Return marginal and simultaneous sets."""
    if starred.normal is None:
        return None
    errors = SamplingErrors(draws=starred.normal, variance=starred.std_errors**2, covariance=None)
    try:
        maxima = find_maxima(errors)
        return (
            compute_marginal_sets(starred.scores, errors, level=level, maxima=maxima),
            compute_simultaneous_sets(starred.scores, errors, level=level, maxima=maxima),
        )
    except StatisticsError:
        left_out.append((scope, "sets", TOO_FEW_DRAWS, str(errors.size)))
        return None


def _list_sets(marginal: RankSets, simultaneous: RankSets, count: int) -> dict[str, Any]:
    return {
        "marginal_low": marginal.low,
        "marginal_high": marginal.high,
        "simultaneous_low": simultaneous.low,
        "simultaneous_high": simultaneous.high,
        "possible_best": find_possible_best(simultaneous, count),
        "certain_best": find_certain_best(simultaneous, count),
    }


def _describe(sets: tuple[RankSets, RankSets] | None) -> dict[str, Any]:
    if sets is None:
        return {"critical_value": np.nan, "first_critical_value": np.nan, "steps": pd.NA}
    one = sets[1]
    return {
        "critical_value": float(one.critical_value[0]),
        "first_critical_value": float(one.first_critical_value[0]),
        "steps": int(one.steps[0]),
    }


def _complete(columns: dict[str, Any], n: int) -> pd.DataFrame:
    """Return all columns in order with their kinds, missing where a statistic is left out."""
    kinds = dict.fromkeys(_COLUMNS, "Int64") | dict.fromkeys(_COLUMNS[-2:], "boolean")
    kinds |= {"expected_rank": "float64", "p_top": "float64"}
    kinds |= {"scope": "str", "centre": "str"}
    missing: dict[str, Any] = dict.fromkeys(_COLUMNS, np.nan)
    told = missing | columns
    return pd.DataFrame(
        {name: pd.Series(told[name], range(n), dtype=kinds[name]) for name in _COLUMNS}
    )


def _tabulate_scopes(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows).astype({"scope": "str", "steps": "Int64"})
