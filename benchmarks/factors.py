"""Time the factor analyses beside psych, lavaan and semopy, on the same data in one run.

Our statistics start from counts by centre, so the time after the counting pass does not depend on
the number of respondents; the peers read respondents each time. Ratios are of whole runs: ours with
the counting pass. Numbers are compared before times are printed: a peer that finds something else
stops the run. Peers in R are left out where R or its package is not installed, and given up after
their time limit; semopy is always there.

Run: ``python benchmarks/factors.py``
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from areas.factors.confirmatory import (
    SEMOPY,
    ask_semopy,
    demand_converged,
    fit_ml,
    fit_wlsmv,
    take_loadings,
    take_semopy,
)
from areas.factors.exploration import (
    PSYCH_SETS,
    RANDOM_SETS,
    draw_random,
    find_mean_eigenvalues,
    make_margins,
)
from areas.factors.polychoric import PSYCH, solve
from areas.factors.shared import LAVAAN
from areas.material import ITEMS
from side_by_side import (
    N_CENTRES,
    agree,
    draw_answers,
    make_methodology,
    make_responses,
    report,
    report_peer,
    run_peer,
    timed,
)
from threadpoolctl import threadpool_limits

from clientindex.counts import count_pairs, draw_centre_weights
from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.confirmatory.ordinal import make_ordinal
from clientindex.factors.confirmatory.standard import build_standard_models
from clientindex.factors.number.ordinal_data import LARGEST_DRAWN
from clientindex.factors.number.parallel import KINDS
from clientindex.factors.number.random_data import REFERENCES
from clientindex.factors.polychoric import (
    estimate_polychoric,
    read_tables,
)
from clientindex.factors.sample import BASES, estimate_moments, replicate_polychoric

PEERS = Path(__file__).with_name("factors_peers.R")
MILLION, HUNDRED_THOUSAND, EDITION, SMALL = 1_000_000, 100_000, 15_000, 5_000
N_REPLICATES = 1_000
PSYCH_POLYCHORIC_SETS = 3
"""Random data sets that psych draws of polychorics, as in factors_peers.R."""


def time_polychoric(methodology):
    print("Polychoric correlations of 190 pairs")
    for size, peers in (
        (MILLION, (("psych_polychoric", PSYCH),)),
        (HUNDRED_THOUSAND, (("psych_polychoric", PSYCH), ("lavaan_polychoric", 1e-6))),
    ):
        codes, centre = draw_answers(size)
        counts, counting = timed(
            count_pairs, make_responses(codes, centre, methodology), methodology
        )
        rho, alone = timed(solve, (counts, methodology))
        tables = read_tables(counts, methodology)
        _, whole = timed(estimate_polychoric, tables, counts, methodology)
        report(f"{size:,} respondents: counting pass, tables of {N_CENTRES:,} centres", counting)
        report(f"{size:,} respondents: the matrix from counts", alone, 0.2)
        report(f"{size:,} respondents: with errors robust to centres", whole)
        for task, tolerance in peers:
            found, seconds = run_peer(PEERS, task, codes)
            difference = agree(task, rho, found, tolerance)
            report_peer(f"{task}, ours with counting", seconds, counting + alone, difference)
        if size == MILLION:
            time_bootstrap(counts, methodology)


def time_bootstrap(counts, methodology):
    tables = read_tables(counts, methodology)
    found = estimate_polychoric(tables, counts, methodology)
    weights = draw_centre_weights(
        ("all",) * len(counts.units), N_REPLICATES, np.random.default_rng(1)
    )
    matrices, seconds = timed(replicate_polychoric, tables, found, weights, methodology)
    report(f"{len(matrices):,} matrices of resampled centres", seconds, 30)


def time_parallel(methodology):
    """Psych draws data sets of respondents; ours come from their laws where there are many."""
    print(f"Parallel analysis, {RANDOM_SETS:,} random data sets")
    for size in (EDITION, MILLION):
        codes, centre = draw_answers(size)
        margins = count_margins(codes, centre, methodology)
        bands, seconds = timed(draw_bands, margins, size, methodology)
        report(f"{size:,} respondents: both correlations, data and kinds: 8 bands", seconds, 20)
        if size == EDITION:
            _, ours = timed(draw_band, margins, "pearson", size, methodology)
            found, theirs = run_peer(PEERS, "psych_parallel", codes)
            agree("psych_parallel", bands["pearson", "normal", "components"], found, 0.01)
            report_peer_sets("psych_parallel", theirs, PSYCH_SETS, ours)
    codes, centre = codes[:LARGEST_DRAWN], centre[:LARGEST_DRAWN]
    margins = count_margins(codes, centre, methodology)
    _, ours = timed(draw_band, margins, "polychoric", LARGEST_DRAWN, methodology)
    report(f"{LARGEST_DRAWN:,} respondents, polychoric: data sets drawn one by one", ours, 20)
    _, theirs = run_peer(PEERS, "psych_parallel_polychoric", codes)
    report_peer_sets("psych_parallel_polychoric", theirs, PSYCH_POLYCHORIC_SETS, ours)


def report_peer_sets(peer, theirs, n_sets, ours):
    """Print the time of a peer that drew fewer data sets, for one of them."""
    per_set = None if theirs is None else theirs / n_sets
    report_peer(f"{peer}, one data set of {n_sets}", per_set, ours / RANDOM_SETS)


def count_margins(codes, centre, methodology):
    responses = make_responses(codes, centre, methodology)
    return make_margins(count_pairs(responses, methodology), methodology)


def draw_band(margins, basis, n, methodology, reference="normal"):
    """Return the mean eigenvalues of random data, by kind."""
    random = draw_random(margins, methodology, n, basis=basis, reference=reference)
    return {kind: find_mean_eigenvalues(random, kind) for kind in KINDS}


def draw_bands(margins, n, methodology):
    return {
        (basis, reference, kind): mean
        for basis in BASES
        for reference in REFERENCES
        for kind, mean in draw_band(margins, basis, n, methodology, reference).items()
    }


def time_confirmatory(methodology):
    print("Five correlated factors")
    spec = build_standard_models(methodology)["correlated"]
    codes, centre = draw_answers(MILLION)
    counts = count_pairs(make_responses(codes, centre, methodology), methodology)
    moments, seconds = timed(estimate_moments, counts, methodology, "polychoric")
    report(f"{MILLION:,} respondents: polychorics with their covariance matrix", seconds)
    fit, seconds = timed(fit_model, make_ordinal(spec), moments, estimator="wlsmv")
    demand_converged(fit)
    report(f"{MILLION:,} respondents: WLSMV fit, robust to {N_CENTRES:,} centres", seconds, 2)
    for size in (HUNDRED_THOUSAND, MILLION):
        time_peers(codes[:size], centre[:size], methodology, with_lavaan=size < MILLION)
    compare_independent(codes, methodology)


def time_peers(codes, centre, methodology, *, with_lavaan):
    """Time whole runs: ours count, estimate moments with their errors, and fit."""
    responses = make_responses(codes, centre, methodology)
    if with_lavaan:
        _, ours = timed(fit_wlsmv, (responses, methodology))
        report(f"{len(codes):,} respondents: counting, polychorics, WLSMV", ours)
        report_peer("lavaan_wlsmv", run_peer(PEERS, "lavaan_wlsmv", codes)[1], ours)
    fit, ours = timed(fit_ml, (responses, methodology))
    report(f"{len(codes):,} respondents: counting, covariances, ML", ours)
    found, theirs = timed(fit_semopy, codes)
    report_peer("semopy, ML", theirs, ours, agree("semopy", take_loadings(fit), found, SEMOPY))


def compare_independent(codes, methodology):
    """Check estimates and the scaled test against lavaan: every respondent a centre of his own."""
    codes = codes[np.random.default_rng(5).choice(len(codes), SMALL, replace=False)]
    alone = make_responses(codes, np.arange(SMALL), methodology)
    fit, ours = timed(fit_wlsmv, (alone, methodology))
    report(f"{SMALL:,} respondents, each a centre: counting, polychorics, WLSMV", ours)
    found, theirs = run_peer(PEERS, "lavaan_wlsmv", codes)
    difference = None
    if found is not None:
        difference = agree("lavaan_wlsmv", take_loadings(fit), found[:-1], LAVAAN)
        agree("scaled chi-square", fit.measures["chi2_scaled"] / found[-1], 1.0, 1e-3)
    report_peer("lavaan_wlsmv", theirs, ours, difference)


def fit_semopy(codes):
    return take_semopy(ask_semopy(pd.DataFrame(codes.astype(float), columns=ITEMS)))


def main():
    with threadpool_limits(limits=1):
        methodology = make_methodology()
        codes, centre = draw_answers(1_000)
        warm = count_pairs(make_responses(codes, centre, methodology), methodology)
        estimate_polychoric(read_tables(warm, methodology), warm, methodology)
        draw_bands(count_margins(codes, centre, methodology), LARGEST_DRAWN, methodology)
        print(f"20 indicators, 5 categories, {N_CENTRES:,} centres")
        time_polychoric(methodology)
        time_parallel(methodology)
        time_confirmatory(methodology)


if __name__ == "__main__":
    main()
