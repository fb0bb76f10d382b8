"""Polychoric correlations of all pairs, of the sample and of resampled centres."""

from __future__ import annotations

import numpy as np
from frame import Contender, Quantity
from semopy.polycorr import hetcor

from areas.factors.shared import LAVAAN, QUICK, peer_in_r, prepare
from areas.material import ITEMS, load_codes, load_counts
from areas.ours import make_ours
from areas.replicates import count_draws, write_rows_for_r
from areas.sizes import CENTRES, GROWTH, read_answers, read_counts
from clientindex.counts import draw_centre_weights
from clientindex.factors.polychoric import (
    compute_cuts,
    estimate_polychoric,
    read_tables,
    solve_two_step,
)
from clientindex.factors.sample import replicate_polychoric

PAIRS = np.triu_indices(len(ITEMS), 1)
REPLICATES = 100
PSYCH = 5e-4
"""psych integrates the bivariate normal to about 1e-5 a cell."""


def solve(material):
    """Return polychoric correlations of all pairs from counts."""
    counts, methodology = material
    tables = read_tables(counts, methodology)
    pairs = tables.pairs.sum(axis=0).astype(np.float64)
    cuts = compute_cuts(tables.margins.sum(axis=0).astype(np.float64))
    return solve_two_step(pairs[None], cuts[None])[0]


def ask_hetcor(answers):
    """Ask semopy with an array: with a table it does not find its columns."""
    return hetcor(answers, ords=range(len(ITEMS)))


def draw_weights(size):
    return draw_centre_weights(["all"] * size.centres, REPLICATES, np.random.default_rng(1))


def prepare_replicates(size, folder):
    """Write the rows of the first replicate for R."""
    prepare(size, folder)
    write_rows_for_r(load_codes(folder)[1], count_draws(draw_weights(size)[0]), folder)


def load_replicates(folder, size):
    counts, methodology = load_counts(folder, size)
    return counts, methodology, draw_weights(size)


def replicate(material):
    counts, methodology, weights = material
    tables = read_tables(counts, methodology)
    found = estimate_polychoric(tables, counts, methodology)
    return replicate_polychoric(tables, found, weights, methodology)


POLYCHORIC = Quantity(
    key="polychoric",
    title="Polychoric correlations of 190 pairs",
    what=(
        "Two-step estimates without errors. factor_analyzer, pingouin, statsmodels and girth have "
        "none."
    ),
    prepare=prepare,
    sizes=GROWTH,
    quick=QUICK,
    bound=read_answers,
    contenders=(
        *make_ours(solve),
        Contender(
            name="semopy, hetcor",
            load=lambda folder, size: load_codes(folder)[0].astype(float),
            run=ask_hetcor,
            numbers=lambda r: np.asarray(r)[PAIRS],
            tolerance=PSYCH,
            package="semopy",
        ),
        peer_in_r(
            name="psych::polychoric",
            task="psych_polychoric",
            package="R:psych",
            tolerance=PSYCH,
        ),
        peer_in_r(
            name="lavaan::lavCor",
            task="lavaan_polychoric",
            package="R:lavaan",
            tolerance=LAVAAN,
        ),
    ),
)

RESAMPLED = Quantity(
    key="bootstrap",
    title="Polychoric matrices of resampled centres",
    what=(
        f"Ours finds {REPLICATES} matrices from counts, with the estimate of the sample that they "
        "start from; psych finds the first of them from its rows repeated. Seconds are for one "
        "matrix. Compared: the first matrix."
    ),
    prepare=prepare_replicates,
    unit="matrix",
    sizes=(*GROWTH[1:4], *CENTRES),
    quick=QUICK,
    bound=read_counts,
    contenders=(
        Contender(
            name="clientindex, from counts",
            load=load_replicates,
            run=replicate,
            numbers=lambda found: found[0][PAIRS],
            units=REPLICATES,
        ),
        peer_in_r(
            name="psych::polychoric, rows repeated",
            task="psych_resampled",
            package="R:psych",
            tolerance=PSYCH,
        ),
    ),
)
