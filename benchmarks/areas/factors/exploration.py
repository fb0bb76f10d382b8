"""How many factors there are, and what they are: parallel analysis and the minres model."""

from __future__ import annotations

import numpy as np
from factor_analyzer import FactorAnalyzer
from frame import Contender, Quantity

from areas.factors.shared import QUICK, peer_in_r, prepare
from areas.material import ITEMS, load_codes, load_counts, load_frame
from areas.ours import make_ours
from areas.sizes import GROWTH, read_answers
from clientindex.counts import compute_correlation, compute_pair_sums, keyed_values
from clientindex.factors.exploration.extract import extract
from clientindex.factors.number.margins import Margins
from clientindex.factors.number.ordinal_data import Estimator
from clientindex.factors.number.parallel import compute_band, compute_eigenvalues
from clientindex.factors.number.random_data import draw_random_correlations
from clientindex.factors.polychoric import read_tables

N_FACTORS = 5
MINRES = 1e-4
"""factor_analyzer and psych stop about 1e-5 from the minimum; communalities are flatter."""

RANDOM = 0.02
"""Mean eigenvalues of 20 and of 1,000 random data sets, for 3,000 respondents and more."""

RANDOM_SETS, PSYCH_SETS = 1_000, 20


def make_margins(counts, methodology):
    """Return shares of the answers to every question, which are scored 1-5."""
    answers = read_tables(counts, methodology).margins.sum(axis=0).astype(np.float64)
    return Margins(
        shares=answers / answers.sum(axis=1, keepdims=True),
        values=np.tile(np.arange(1.0, 6.0), (len(ITEMS), 1)),
    )


def load_margins(folder, size):
    counts, methodology = load_counts(folder, size)
    return make_margins(counts, methodology), methodology, size.respondents


def draw_random(margins, methodology, n, *, basis, reference):
    """Draw correlations of random data sets of n respondents."""
    estimator = Estimator(
        basis=basis, values=margins.values, zero_cells=methodology.factors.zero_cells
    )
    return draw_random_correlations(
        margins,
        estimator,
        reference=reference,
        n=n,
        n_replicates=RANDOM_SETS,
        rng=np.random.default_rng(3),
    )


def find_mean_eigenvalues(drawn, kind="components"):
    return compute_band(compute_eigenvalues(drawn, kind), 0.95).mean


def draw_eigenvalues(material):
    """Return mean eigenvalues of permuted answers."""
    return find_mean_eigenvalues(draw_random(*material, basis="pearson", reference="permuted"))


def draw_eigenvalues_plainly(codes):
    """Return the same of a few data sets by numpy."""
    rng = np.random.default_rng(4)
    found = []
    for _ in range(PSYCH_SETS):
        shuffled = rng.permuted(codes, axis=0)
        found.append(np.linalg.eigvalsh(np.corrcoef(shuffled, rowvar=False))[::-1])
    return np.mean(found, axis=0)


def find_communalities(material):
    """Return communalities of the unrotated minres model of Pearson correlations."""
    counts, methodology = material
    total = compute_pair_sums(counts, keyed_values(methodology)).total()
    r = compute_correlation(total)
    found = extract(r, n_factors=N_FACTORS, method="minres")
    return np.sum(found.loadings[0] ** 2, axis=1)


def ask_factor_analyzer(frame):
    return FactorAnalyzer(n_factors=N_FACTORS, rotation=None, method="minres").fit(frame)


PARALLEL = Quantity(
    key="parallel",
    title="Parallel analysis of permuted answers, Pearson correlations",
    what=(
        f"Ours draws {RANDOM_SETS:,} data sets, from their law for large samples where there are "
        f"many respondents; numpy and psych draw {PSYCH_SETS}. Seconds are for one data set. "
        "Compared: mean eigenvalues, which are random."
    ),
    prepare=prepare,
    unit="data set",
    sizes=GROWTH[:4],
    quick=QUICK,
    contenders=(
        Contender(
            name="clientindex, from counts",
            load=load_margins,
            run=draw_eigenvalues,
            numbers=np.asarray,
            units=RANDOM_SETS,
        ),
        Contender(
            name="numpy, columns permuted",
            load=lambda folder, size: load_codes(folder)[0],
            run=draw_eigenvalues_plainly,
            numbers=np.asarray,
            tolerance=RANDOM,
            units=PSYCH_SETS,
        ),
        peer_in_r(
            name="psych::fa.parallel",
            task="psych_parallel",
            package="R:psych",
            tolerance=RANDOM,
            units=PSYCH_SETS,
        ),
    ),
)

MINRES_MODEL = Quantity(
    key="minres",
    title="Exploratory model of five factors, minres, unrotated",
    what=(
        "Of Pearson correlations. Ours walks from squared multiple correlations to the minimum "
        "itself; the peers stop near it. Compared: communalities."
    ),
    prepare=prepare,
    sizes=GROWTH,
    quick=QUICK,
    bound=read_answers,
    contenders=(
        *make_ours(find_communalities),
        Contender(
            name="factor_analyzer",
            load=load_frame,
            run=ask_factor_analyzer,
            numbers=lambda fitted: fitted.get_communalities(),
            tolerance=MINRES,
            package="factor_analyzer",
        ),
        peer_in_r(name="psych::fa", task="psych_minres", package="R:psych", tolerance=MINRES),
    ),
)
