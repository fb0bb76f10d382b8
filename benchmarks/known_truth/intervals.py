"""The intervals of one survey: ours, and those that take respondents as independent."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from side_by_side import make_methodology, make_responses

from clientindex.counts import code_strata, compute_covariance, count_pairs
from clientindex.factors import compute_centre_sums
from clientindex.reliability.centres import assess_centres
from clientindex.reliability.coefficients import (
    compute_cronbach,
    compute_duhachek,
    compute_feldt,
    compute_omega,
    compute_standardised_alpha,
    fit_one_factor,
)
from clientindex.reliability.draws import draw, summarise
from clientindex.reliability.scopes import Scope
from known_truth.population import compute_centre_variances

GROUP = "group"
METHODOLOGY = make_methodology({GROUP: ["one", "two", "three", "four"]})
LEVEL = METHODOLOGY.intervals.level
WEIGHTS = np.full(4, 1 / 4)
NAIVE_REPLICATES = 200
WANTED = 0.8
"""Level of reliability for which answers are counted."""


class Interval(NamedTuple):
    estimate: float
    low: float
    high: float
    truth: float


ABSENT = Interval(np.nan, np.nan, np.nan, np.nan)
"""Of a statistic that a survey does not define; it covers nothing."""


def make_intervals(survey, population, truth, *, seed, kind, thorough):
    """Return the intervals of a survey by name.

    Parameters
    ----------
    kind : {"all", "region"}
        As what the survey is analysed; a region has fewer replicates.
    thorough : bool
        Whether to make more than the intervals of the three coefficients.
    """
    counts = count_pairs(make_responses(survey.codes, survey.centre, METHODOLOGY), METHODOLOGY)
    regions = tuple(f"r{region:02d}" for region in population.region_of)
    scope = Scope(
        kind=kind,
        part="all",
        counts=counts,
        regions=regions,
        source=counts,
        chosen=np.ones(len(counts.units), dtype=bool),
    )
    intervals = resample_centres(scope, truth, seed)
    if thorough:
        intervals |= ignore_centres(survey, truth, seed)
        intervals |= tell_centres_apart(scope, survey, truth)
    return intervals


def compute(cov):
    """Compute alpha, standardised alpha and omega of covariances (B, k, k), shape (B, 3)."""
    sd = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
    r = cov / (sd[:, :, None] * sd[:, None, :])
    omega = compute_omega(fit_one_factor(r).loadings, sd)["omega_total"]
    return np.stack([compute_cronbach(cov), compute_standardised_alpha(r), omega], axis=1)


def resample_centres(scope, truth, seed):
    """Return our intervals of the three coefficients, and that of alpha by plain draws."""
    draws = draw(scope, METHODOLOGY, seed)
    true = compute(truth.total[None])[0]
    names = ("alpha", "standardised alpha", "omega")
    intervals = enclose(compute(compute_covariance(draws.sums)), true, names)
    weights = draw_plain(scope.regions, len(draws.weights) - 1, np.random.default_rng(seed))
    sums = compute_centre_sums(scope.counts, METHODOLOGY).sums.combine(weights)
    drawn = compute_cronbach(compute_covariance(sums))[:, None]
    return intervals | enclose(drawn, true[:1], ("alpha, m of m drawn",))


def enclose(drawn, true, names):
    """Return percentile intervals from the sample followed by its replicates, (1 + R, names)."""
    found = summarise(drawn, LEVEL)
    return {
        name: Interval(found.estimate[at], found.ci_low[at], found.ci_high[at], true[at])
        for at, name in enumerate(names)
    }


def draw_plain(regions, n_replicates, rng):
    """Draw as many centres of every region as it has, which is not what the package does."""
    codes = code_strata(regions)
    weights = np.ones((1 + n_replicates, len(codes)))
    for code in np.unique(codes):
        members = np.flatnonzero(codes == code)
        m = len(members)
        weights[1:, members] = rng.multinomial(m, np.full(m, 1 / m), size=n_replicates)
    return weights


def ignore_centres(survey, truth, seed):
    """Return intervals of alpha for independent respondents."""
    answers = survey.codes.astype(np.float64)
    n, k = answers.shape
    cov = np.cov(answers, rowvar=False)
    alpha, true = float(compute_cronbach(cov)), float(compute_cronbach(truth.total))
    replicates = compute_cronbach(draw_covariances(answers, np.random.default_rng(seed)))
    low, high = np.quantile(replicates, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="weibull")
    ends = {
        "alpha, Feldt": compute_feldt(alpha, n=n, k=k, level=LEVEL),
        "alpha, Duhachek and Iacobucci": compute_duhachek(cov, alpha, n=n, level=LEVEL)[1:],
        "alpha, respondents drawn": (low, high),
    }
    return {name: Interval(alpha, *found, true) for name, found in ends.items()}


def draw_covariances(answers, rng):
    """Return covariances of resampled respondents, shape (R, k, k)."""
    n, k = answers.shape
    products = (answers[:, :, None] * answers[:, None, :]).reshape(n, -1)
    drawn = [np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(NAIVE_REPLICATES)]
    weights = np.array(drawn, dtype=np.float64)
    means = weights @ answers / n
    second = (weights @ products).reshape(-1, k, k) / n
    return n / (n - 1) * (second - means[:, :, None] * means[:, None, :])


def tell_centres_apart(scope, survey, truth):
    """Return our intervals of what is said of centres; NaN where there is none."""
    # As one region: components of regions are not looked at, and take most of the time.
    found = assess_centres([replace(scope, kind="region")], METHODOLOGY)
    rows = {
        f"{row.statistic}, {row.method}": row
        for row in found.coefficients.itertuples()
        if row.group == GROUP
    }
    chosen = (found.answers["group"] == GROUP) & (found.answers["level"] == WANTED)
    if chosen.any():
        rows["answers needed, reml"] = next(found.answers[chosen].itertuples())
    return {
        name: Interval(rows[name].estimate, rows[name].ci_low, rows[name].ci_high, true)
        if name in rows
        else ABSENT
        for name, true in list_truths(survey, truth).items()
    }


def list_truths(survey, truth):
    """Return what is true of centres, by statistic and method."""
    within = truth.total - truth.between
    between, inside = (WEIGHTS @ cov @ WEIGHTS for cov in (truth.between, within))
    error = compute_centre_variances(survey, WEIGHTS) / np.bincount(survey.centre)
    icc = between / (between + inside)
    return {
        "icc1, anova": icc,
        "icc1, reml": icc,
        "answers needed, reml": WANTED / (1 - WANTED) * inside / between,
        "mean_reliability, reml": float(np.mean(between / (between + error))),
        "alpha_within, jackknife": compute(within[None])[0, 0],
        "alpha_between, jackknife": compute(truth.between[None])[0, 0],
        "omega_between, jackknife": compute(truth.between[None])[0, 2],
    }
