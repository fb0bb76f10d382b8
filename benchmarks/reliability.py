"""Time the bootstrap of alpha, standardised alpha and omega beside pingouin and psych, in one run.

Measured: 1,000 replicates of three coefficients of five groups of five indicators, with whole
centres drawn inside regions, from counts of 2,000 centres. The bar is 2 s on two cores, whatever
the number of respondents. Numbers are compared before times are printed, and a difference stops the
run: estimates with pingouin and psych on the same answers, replicates with the same centres' rows
repeated. The peers read respondents in every replicate, so that a few are measured and scaled to
1,000; psych draws respondents, which makes its intervals too short but its work no longer. Peers in
R are left out where R or psych is not installed.

Run: ``python benchmarks/reliability.py``
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pingouin
from areas.reliability import PSYCH_OMEGA, ROUNDING, compute_by_group
from scipy.optimize import least_squares
from side_by_side import (
    N_CENTRES,
    agree,
    draw_answers,
    list_regions,
    make_methodology,
    make_responses,
    report,
    report_peer,
    run_peer,
    take_best,
    timed,
)
from threadpoolctl import threadpool_limits

from clientindex.counts import count_pairs
from clientindex.reliability.draws import draw
from clientindex.reliability.scopes import list_groups, list_scopes

PEERS = Path(__file__).with_name("reliability_peers.R")
GROUP_SIZE = 5
GROUPS = {
    group: [f"{group}{number}" for number in range(1, GROUP_SIZE + 1)]
    for group in ("one", "two", "three", "four", "five")
}
STATISTICS = ("alpha", "standardised alpha", "omega")
N_REGIONS = 13
LIMIT = 2.0
REPEATS = 3

SIZES = {20_000: 20, 280_000: 6, 1_000_000: 4}
"""Respondents, and the replicates that are measured of a peer."""

SMALL, SMALL_CENTRES, SMALL_REPLICATES = 1_500, 60, 50
WHOLE = 12
"""Weights of replicates are multiples of m / (m - 1), with four and five centres a region."""

PSYCH_LOADINGS = 1e-4
"""psych stops within about 1e-5 of the minres minimum."""

MINIMISER = 1e-7
"""scipy's least squares against our Newton steps."""


def replicate(counts, regions, methodology):
    """Return the three coefficients of every group: of the sample, then of its replicates.

    Returns
    -------
    ndarray of shape (1 + R, groups, 3)
    """
    scope = list_scopes(counts, methodology, regions, kinds=())[0]
    draws = draw(scope, methodology, np.random.SeedSequence(1))
    return compute_by_group(draws, methodology)


def replicate_by_rows(codes, centre, regions, methodology):
    """Compute the same replicates the long way: rows of the drawn centres, pingouin, scipy."""
    counts = count_pairs(make_responses(codes, centre, methodology), methodology)
    scope = list_scopes(counts, methodology, regions, kinds=())[0]
    weights = draw(scope, methodology, np.random.SeedSequence(1)).weights
    answers = pd.DataFrame(np.where(codes == 0, np.nan, codes))
    found = []
    for row in np.rint(WHOLE * weights[: 1 + SMALL_REPLICATES]).astype(int):
        taken = answers.iloc[np.repeat(np.arange(len(codes)), row[centre])]
        found.append(
            [describe_rows(taken[list(items)]) for items in list_groups(methodology).values()]
        )
    return np.array(found)


def describe_rows(answers):
    """Compute the three coefficients from answers, with other people's programs where there are."""
    cov = answers.cov().to_numpy()
    sd = np.sqrt(np.diag(cov))
    r = cov / np.outer(sd, sd)
    k = len(r)
    common = fit_by_scipy(r) * sd
    omega = common.sum() ** 2 / (common.sum() ** 2 + (sd**2 - common**2).sum())
    return pingouin.cronbach_alpha(data=answers)[0], k / (k - 1) * (1 - k / r.sum()), omega


def fit_by_scipy(r):
    """Return the loadings of one minres factor."""
    pairs = np.triu_indices(len(r), 1)
    return least_squares(
        lambda loadings: (r - np.outer(loadings, loadings))[pairs],
        np.full(len(r), 0.7),
        xtol=1e-15,
        ftol=1e-15,
        gtol=1e-15,
    ).x


def compare_replicates(methodology):
    """Check replicates against rows repeated.

    Nothing is missing: repeating rows changes n - 1, and with it covariances, by pairs then.
    """
    codes, centre = draw_answers(SMALL, group_size=GROUP_SIZE)
    centre = centre * SMALL_CENTRES // N_CENTRES
    counts = count_pairs(make_responses(codes, centre, methodology), methodology)
    regions = list_regions(counts.units["centre"], N_REGIONS)
    ours = replicate(counts, regions, methodology)[: 1 + SMALL_REPLICATES]
    theirs = replicate_by_rows(codes, centre, regions, methodology)
    errors = [found[1:].std(axis=0, ddof=1) for found in (ours, theirs)]
    print(
        f"{SMALL_REPLICATES} replicates of {SMALL:,} respondents in {SMALL_CENTRES} centres, "
        "against rows repeated"
    )
    for at, name in enumerate(STATISTICS):
        difference = agree(name, ours[..., at], theirs[..., at], MINIMISER)
        spread = agree(f"error of {name}", errors[0][:, at], errors[1][:, at], MINIMISER)
        print(
            f"  {name:<20} replicates differ by {difference:.0e}, standard errors by {spread:.0e}"
        )


def compare_estimates(codes, ours):
    """Check estimates against the peers on the same answers."""
    frame = pd.DataFrame(codes.astype(float))
    theirs = [
        pingouin.cronbach_alpha(data=frame.iloc[:, at : at + GROUP_SIZE])[0]
        for at in range(0, codes.shape[1], GROUP_SIZE)
    ]
    print(f"  alpha: pingouin differs by {agree('pingouin', ours[:, 0], theirs, ROUNDING):.0e}")
    found, _ = run_peer(PEERS, "psych_estimates", codes, codes.shape[1], 1)
    if found is None:
        print("  psych: not installed, or R is not; nothing is compared with it or timed")
        return
    found = found.reshape(len(GROUPS), 4)
    plan = (("alpha", 0, 0, ROUNDING), ("standardised alpha", 1, 1, ROUNDING))
    plan += (("omega", 2, 2, PSYCH_LOADINGS), ("omega, psych::omega", 2, 3, PSYCH_OMEGA))
    for name, own, at, tolerance in plan:
        difference = agree(f"psych, {name}", ours[:, own], found[:, at], tolerance)
        print(f"  {name}: psych differs by {difference:.0e}")


def time_pingouin(codes, centre, counts, n_replicates):
    """Return the seconds of one replicate: rows of drawn centres, alpha of five groups."""
    frame = pd.DataFrame(codes.astype(float))
    bounds = np.searchsorted(centre, np.arange(len(counts.units) + 1))
    rng = np.random.default_rng(3)

    def run():
        for _ in range(n_replicates):
            drawn = rng.integers(0, len(counts.units), len(counts.units))
            rows = np.concatenate([np.arange(bounds[c], bounds[c + 1]) for c in drawn])
            taken = frame.iloc[rows]
            for at in range(0, codes.shape[1], GROUP_SIZE):
                pingouin.cronbach_alpha(data=taken.iloc[:, at : at + GROUP_SIZE])

    return timed(run)[1] / n_replicates


def time_size(size, n_measured, methodology):
    """Compare numbers at one number of respondents, then print times."""
    print(f"{size:,} respondents")
    codes, centre = draw_answers(size, group_size=GROUP_SIZE)
    responses = make_responses(codes, centre, methodology)
    counts, counting = take_best(REPEATS, count_pairs, responses, methodology)
    regions = list_regions(counts.units["centre"], N_REGIONS)
    found, ours = take_best(REPEATS, replicate, counts, regions, methodology)
    compare_estimates(codes, found[0])
    n = len(found) - 1
    report("counting pass, once for all statistics", counting)
    report(f"{n:,} replicates of three coefficients, five groups", ours, LIMIT)
    scaled = f"x {n:,}, {n_measured} measured"
    report_peer(
        f"pingouin, alpha alone, {scaled}",
        n * time_pingouin(codes, centre, counts, n_measured),
        ours,
    )
    for task, what in (("psych_alpha", "both alphas"), ("psych_omega", "omega alone")):
        _, seconds = run_peer(PEERS, task, codes, codes.shape[1], n_measured)
        report_peer(f"psych, {what}, {scaled}", None if seconds is None else n * seconds, ours)
    return ours


def main():
    with threadpool_limits(limits=2):
        methodology = make_methodology(GROUPS)
        print(f"{len(methodology.indicator_keys)} indicators in five groups, {N_CENTRES:,} centres")
        compare_replicates(methodology)
        times = [time_size(size, n, methodology) for size, n in SIZES.items()]
    print(f"Slowest over fastest of our times by respondents: {max(times) / min(times):.2f}")


if __name__ == "__main__":
    main()
