"""Answers of simulated respondents: who answers where, what, and what stays unanswered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.simulate.latent import CENTRE_SHARE, REGION_SHARE
from clientindex.simulate.places import share_out
from clientindex.simulate.traits import draw_traits

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.simulate.latent import LatentModel
    from clientindex.simulate.traits import ClientMix

EQUAL_SHARE = 0.35
"""Part of the sample spread equally over centres, the rest in proportion to visitors. With the
visitors drawn here about one centre in thirty then stays below 30 answers, as in practice."""

MISSING_SPREAD = (0.5, 1.5)
"""Range of an indicator's share of missing answers relative to the average one."""

MISSING_KINDS = {"dont_know": 0.55, "refused": 0.15}
"""Weight of a missing code by its key in the methodology: people rather do not know than refuse."""

OTHER_MISSING_KIND = 0.15
"""Weight of a missing code with any other key."""

EMPTY_CELL = 0.30
"""Weight of a cell left empty, without any code."""

PERIODS = ("Q1", "Q2")
"""Quarters of the survey; respondents fall into each with equal probability."""

CHANNELS = {"лично": 0.7, "онлайн": 0.3}
"""How the answers were collected (in person, online) and how often; without effect on answers."""

YEAR = "2026-"
QUARTERS = {"Q1": np.datetime64(f"{YEAR}01-12"), "Q2": np.datetime64(f"{YEAR}04-06")}
"""First day of the interviews of each quarter; the edition says of which year."""

DAYS = 75
"""Days of interviews in a quarter."""

SECONDS_PER_ANSWER = 7.0
"""Median over respondents of the mean time for an indicator."""

SPREAD_OF_SECONDS = 0.45
"""SD of its logarithm; about three in a thousand then answer faster than reading allows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurveyPlan:
    """Who is asked in one segment.

    Attributes
    ----------
    segment : str
        Key of the segment; begins the identifiers of respondents.
    shift : float
        Shift of the segment in standard deviations.
    centres : ndarray of shape (N,)
        Centre of each respondent.
    effects : ndarray of shape (N, 1 + G)
        Effect of that centre with its region on halo and group factors.
    missing_shares : ndarray of shape (K,)
        Share of missing answers of each indicator.
    centre_of : ndarray of shape (N,)
        Number of that centre.
    mix : ClientMix or None
        Mix of clients of the centres; None = respondents have no traits.
    """

    segment: str
    shift: float
    centres: NDArray[np.str_]
    effects: NDArray[np.float64]
    missing_shares: NDArray[np.float64]
    centre_of: NDArray[np.intp] | None = None
    mix: ClientMix | None = None


def draw_missing_shares(
    n_indicators: int, *, average: float, rng: Generator
) -> NDArray[np.float64]:
    """Draw the share of missing answers of each indicator; their mean is exactly `average`."""
    relative = rng.uniform(*MISSING_SPREAD, size=n_indicators)
    return np.asarray(average * relative / relative.mean())


def assign_centres(visitors: NDArray[np.float64], *, n_respondents: int) -> NDArray[np.intp]:
    """Return the centre number of every respondent, in rising order, shape (n_respondents,).

    `EQUAL_SHARE` of the respondents are spread equally, the others in proportion to visitors.
    """
    weights = EQUAL_SHARE / len(visitors) + (1 - EQUAL_SHARE) * visitors / visitors.sum()
    return np.repeat(np.arange(len(visitors)), share_out(n_respondents, weights))


def draw_qualities(
    model: LatentModel,
    effects: NDArray[np.float64],
    *,
    shift: float | NDArray[np.float64],
    rng: Generator,
) -> list[NDArray[np.intp]]:
    """Draw the quality category 0..C-1 of each answer.

    Parameters
    ----------
    model : LatentModel
    effects : ndarray of shape (N, 1 + G)
        Effect of the respondent's centre and region on halo and group factors.
    shift : float or ndarray of shape (N, 1)
        Shift of the segment, or of every respondent, in standard deviations.
    rng : Generator

    Returns
    -------
    list of K ndarrays of shape (N,)
    """
    person_sd = np.sqrt(1 - REGION_SHARE - CENTRE_SHARE)
    root = np.linalg.cholesky(model.factor_correlations).T * person_sd
    factors = effects + rng.standard_normal(effects.shape) @ root
    common = shift + factors @ model.loadings.T
    own_sd = model.uniqueness_sd
    return [
        np.searchsorted(cuts, common[:, k] + own_sd[k] * rng.standard_normal(len(common)))
        for k, cuts in enumerate(model.thresholds)
    ]


def draw_missing(
    methodology: Methodology, key: str, *, share: float, n: int, rng: Generator
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Draw which answers to one indicator are missing, and what stands in their cells.

    Missing answers are drawn independently of what would have been answered, so that true scores
    stay the ones that a survey without gaps would give.

    Returns
    -------
    is_missing : bool ndarray of shape (n,)
    cells : ndarray of shape (number missing,)
        A missing code of the methodology, or NaN for an empty cell.
    """
    codes = methodology.scale_of(key).missing
    kinds = [MISSING_KINDS.get(code.key, OTHER_MISSING_KIND) for code in codes.values()]
    weights = np.array([EMPTY_CELL, *kinds])
    is_missing = rng.random(n) < share
    values = np.array([np.nan, *codes])
    return is_missing, rng.choice(values, size=int(is_missing.sum()), p=weights / weights.sum())


def simulate_survey(
    methodology: Methodology, model: LatentModel, plan: SurveyPlan, *, rng: Generator
) -> pd.DataFrame:
    """Draw the survey of one segment as it would be written into a file.

    Returns
    -------
    DataFrame of shape (N, 6 + K)
        ``respondent``, ``centre``, ``period``, one nullable whole-number column an indicator
        (answers as given on the questionnaire, missing codes, or empty), ``channel``, ``day``
        (month and day) of the interview and its ``duration`` in seconds; then, where the plan has
        a mix, ``sex``, ``age`` and ``education``.
    """
    n = len(plan.centres)
    # Streams of their own: the answers of a seed stay those without channels, days, durations and
    # traits.
    channel_rng, time_rng, trait_rng = rng.spawn(3)
    traits: dict[str, NDArray[np.str_]] = {}
    effect = np.zeros(n)
    if plan.mix is not None and plan.centre_of is not None:
        traits, effect = draw_traits(plan.mix, plan.centre_of, rng=trait_rng)
    shift = (plan.shift + effect)[:, None] if traits else plan.shift
    qualities = draw_qualities(model, plan.effects, shift=shift, rng=rng)
    columns: dict[str, object] = {
        "respondent": [f"{plan.segment}-{number:06d}" for number in range(1, n + 1)],
        "centre": plan.centres,
        "period": rng.choice(np.array(PERIODS), size=n),
    }
    for k, key in enumerate(methodology.indicator_keys):
        is_missing, cells = draw_missing(
            methodology, key, share=plan.missing_shares[k], n=n, rng=rng
        )
        answers = model.answers[k][qualities[k]].astype(np.float64)
        answers[is_missing] = cells
        columns[key] = pd.Series(answers).astype("Int64")
    shares = list(CHANNELS.values())
    columns["channel"] = channel_rng.choice(np.array(list(CHANNELS)), size=n, p=shares)
    columns["day"] = _draw_days(columns["period"], rng=time_rng)
    columns["duration"] = _draw_durations(n, len(methodology.indicator_keys), rng=time_rng)
    return pd.DataFrame({**columns, **traits})


def _draw_days(periods: Any, *, rng: Generator) -> NDArray[np.str_]:
    """Draw the day of every interview, evenly over its quarter."""
    starts = np.array([QUARTERS[period] for period in periods])
    days = (starts + rng.integers(DAYS, size=len(starts))).astype(str)
    return np.array([day.removeprefix(YEAR) for day in days])


def _draw_durations(n: int, n_indicators: int, *, rng: Generator) -> NDArray[np.int64]:
    """Draw whole seconds of every interview."""
    speed = SECONDS_PER_ANSWER * np.exp(SPREAD_OF_SECONDS * rng.standard_normal(n))
    return np.rint(n_indicators * speed).astype(np.int64)
