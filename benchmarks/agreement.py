"""Time survey against checklist beside pingouin, krippendorff and R, in one run.

Measured, each with numbers compared before times are printed (a difference stops the run):

- 1,000 bootstrap resamples of bias, SD, r and CCC of 20 indicators in 2,000 centres, drawing of
  centres included. Bar: 1 s. pingouin's intraclass_corr, from which CCC follows, is timed on a few
  resamples of one indicator and scaled to all; so is psych::ICC.
- The factors of exact limits of agreement. Bar: 5 ms. Peers: base R's noncentral t, and numerical
  integration of the same distribution.
- Krippendorff's alpha of 2 x 2,000 continuous scores. Bar: 10 ms. Peer: the package krippendorff,
  which is no dependency of ours and needs too much memory for so many different values, so that
  it is compared on 200 centres; pingouin has no such coefficient.

The exit code is not 0 where a bar is missed. Run: ``python benchmarks/agreement.py``
"""

from __future__ import annotations

import importlib
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from areas.agreement.coefficients import REML, find_alpha, find_icc, take_icc
from areas.agreement.resamples import COMPARED, describe_rows, resample_singly
from areas.agreement.scores import (
    LEVEL,
    N_INDICATORS,
    ROUNDING,
    ask_pingouin,
    draw_scores,
    make_long,
)
from areas.replicates import count_draws, repeat_rows
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import chi2, norm
from side_by_side import agree, list_regions, report, report_peer, run_peer, take_best, timed
from threadpoolctl import threadpool_limits

from clientindex.agreement.coefficients.limits import compute_factors
from clientindex.agreement.resampled import STATISTICS, resample_pairs
from clientindex.counts import draw_centre_weights

PEERS = Path(__file__).with_name("agreement_peers.R")
N_CENTRES, N_REGIONS = 2_000, 13
RESAMPLES, MEASURED = 1_000, 5
REPEATS = 5

RESAMPLING_LIMIT, FACTORS_LIMIT, ALPHA_LIMIT = 1.0, 0.005, 0.010
FEW = 200
"""Centres for the package krippendorff, which keeps a table of values by values for each centre."""

INTEGRATION = 1e-6
"""Two ways to a quantile."""

EXACT_IN_R, FAR_IN_R = 37.62, 1e-3
"""Noncentrality up to which R computes the distribution, and what its approximation may miss."""


def report_short(task, ours, limit=None):
    """Print one of our times in milliseconds, and the limit that it has to keep."""
    kept = "" if limit is None else f"  {'below' if ours < limit else 'ABOVE'} {1000 * limit:g} ms"
    print(f"  {task:<66} {1000 * ours:>8.3f} ms{kept}")


def report_short_peer(peer, theirs, ours, difference):
    """Print the time of a peer in milliseconds beside ours for the same task."""
    if theirs is None:
        report_peer(peer, theirs, ours)
        return
    print(
        f"    {peer:<64} {1000 * theirs:>8.3f} ms, {theirs / ours:,.1f} times ours, "
        f"numbers differ by {difference:.1g}"
    )


def compare_resamples(survey, checklist):
    """Check resamples of one stratum of one indicator with pingouin, rows repeated."""
    x, y = survey[:, 0], checklist[:, 0]
    weights = draw_centre_weights(["all"] * N_CENTRES, MEASURED, np.random.default_rng(2))
    found = resample_singly(x[:, None], y[:, None], weights)
    theirs = []
    for row in count_draws(weights):
        rows = repeat_rows(np.arange(N_CENTRES), row)
        theirs.append((*describe_rows(x[rows], y[rows]), spread_differences(x[rows], y[rows])))
    for at, name in enumerate((*COMPARED, "sd_difference")):
        difference = agree(
            name, found[:, STATISTICS.index(name)], np.array(theirs)[:, at], ROUNDING
        )
        print(
            f"  {name:<16} of {MEASURED} resamples differs from rows repeated by {difference:.0e}"
        )


def spread_differences(x, y):
    """Return the SD, with the divisor of the centres: a resample has one row less."""
    return (y - x).std() * np.sqrt((len(x) + 1) / len(x))


def time_resamples():
    """Compare and time 1,000 resamples; return our time."""
    print(f"{RESAMPLES:,} resamples of {N_INDICATORS} indicators in {N_CENTRES:,} centres")
    survey, checklist = draw_scores(N_CENTRES)
    regions = list(list_regions(range(N_CENTRES), N_REGIONS).values())
    compare_resamples(survey, checklist)

    def run():
        weights = draw_centre_weights(regions, RESAMPLES, np.random.default_rng(1))
        return resample_pairs(survey, checklist, weights=weights, level=LEVEL)

    _, ours = take_best(REPEATS, run)
    processors = time.process_time()
    run()
    processors = time.process_time() - processors
    report(
        "bias, SD, r, CCC and alpha with their intervals, drawing included", ours, RESAMPLING_LIMIT
    )
    print(f"    of processors {processors:.3f} s")
    x, y = survey[:, 0], checklist[:, 0]
    mine = np.array(find_icc(np.column_stack([x, y])))
    found, spent = timed(lambda: [ask_pingouin(make_long(x, y)) for _ in range(MEASURED)])
    theirs = take_icc(found[0])
    times = RESAMPLES * N_INDICATORS
    scaled = f"one indicator, {MEASURED} times, scaled to {times:,}"
    report_peer(
        f"pingouin.intraclass_corr, {scaled}",
        times * spent / MEASURED,
        ours,
        agree("ICC of pingouin", mine, theirs, ROUNDING),
    )
    found, spent = run_peer(PEERS, "psych_icc", np.column_stack([x, y]))
    report_peer(
        f"psych::ICC, one indicator, 2 times, scaled to {times:,}",
        None if spent is None else times * spent,
        ours,
        agree("ICC of psych", mine, found, REML),
    )
    return ours


def integrate_factors(n, *, coverage):
    """Find quantiles of the noncentral t by integrating over the chi-square of its denominator."""
    df, shift = n - 1, norm.ppf((1 + coverage) / 2) * np.sqrt(n)
    ends = chi2.ppf([1e-15, 1 - 1e-15], df)

    def distribute(t):
        return quad(
            lambda v: norm.cdf(t * np.sqrt(v / df) - shift) * chi2.pdf(v, df),
            *ends,
            points=[df],
            epsabs=1e-12,
            limit=200,
        )[0]

    bounds = (0.0, 20 * shift)
    tails = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    return [brentq(lambda t, p=p: distribute(t) - p, *bounds) / np.sqrt(n) for p in tails]


def time_factors():
    """Compare and time the factors of exact limits; return the longest of our times."""
    times = []
    for n in (30, 240, N_CENTRES):
        print(f"Factors of exact limits of agreement, {n:,} differences")
        found, ours = take_best(
            REPEATS, compute_factors, n, level=LEVEL, coverage=LEVEL, interval="exact"
        )
        theirs, spent = timed(integrate_factors, n, coverage=LEVEL)
        difference = agree("integration", found, theirs, INTEGRATION)
        in_r, spent_in_r = run_peer(PEERS, "stats_limits", np.zeros((n, 1)), LEVEL, LEVEL)
        exact = norm.ppf((1 + LEVEL) / 2) * np.sqrt(n) <= EXACT_IN_R
        apart = agree("qt of R", found, in_r, INTEGRATION if exact else FAR_IN_R)
        report_short("both factors", ours, FACTORS_LIMIT)
        report_short_peer("numerical integration and root finding", spent, ours, difference)
        told = "" if exact else ", approximate beyond 37.62"
        report_short_peer(f"R, qt(ncp = ){told}", spent_in_r, ours, apart)
        times.append(ours)
    return max(times)


def time_alpha():
    """Compare and time Krippendorff's alpha; return our time."""
    print(f"Krippendorff's alpha of 2 x {N_CENTRES:,} continuous scores, interval")
    survey, checklist = draw_scores(N_CENTRES)
    ratings = np.column_stack([survey[:, 0], checklist[:, 0]])
    _, ours = take_best(REPEATS, find_alpha, ratings)
    report_short("alpha", ours, ALPHA_LIMIT)
    size = 8 * N_CENTRES * (2 * N_CENTRES) ** 2 / 2**30
    print(f"    krippendorff would need {size:,.0f} GiB; so, {FEW} centres:")
    few = ratings[:FEW]
    found, short = take_best(REPEATS, find_alpha, few)
    report_short("alpha", short)
    try:
        peer = importlib.import_module("krippendorff")
    except ImportError:
        report_peer("krippendorff", None, short)
    else:
        theirs, spent = timed(peer.alpha, reliability_data=few.T, level_of_measurement="interval")
        difference = agree("krippendorff", found, theirs, ROUNDING)
        report_short_peer("krippendorff", spent, short, difference)
    print("    pingouin has no such coefficient")
    return ours


def main():
    # pingouin writes to copies of frames, which pandas warns of.
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="pingouin")
    warnings.filterwarnings("ignore", category=pd.errors.Pandas4Warning)
    with threadpool_limits(limits=1):
        bars = [
            ("resampling", time_resamples(), RESAMPLING_LIMIT),
            ("factors", time_factors(), FACTORS_LIMIT),
            ("alpha", time_alpha(), ALPHA_LIMIT),
        ]
    missed = [
        f"{name}: {value:.3g}, not below {limit:g}" for name, value, limit in bars if value >= limit
    ]
    if missed:
        raise SystemExit("\n".join(missed))
    print("All bars are kept.")


if __name__ == "__main__":
    main()
