"""Polychoric correlations, numbers of factors, exploratory and confirmatory models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from factor_analyzer import FactorAnalyzer
from frame import Area, Contender, Quantity, RPeer, Size
from semopy import Model
from semopy.polycorr import hetcor
from threadpoolctl import threadpool_limits

from areas.material import (
    GROUPS,
    ITEMS,
    load_codes,
    load_counts,
    load_frame,
    load_responses,
    name_regions,
    write_survey,
)
from areas.reliability import read_answers, read_counts, repeat_rows
from clientindex import factors
from clientindex.counts import (
    compute_correlation,
    compute_pair_sums,
    count_pairs,
    draw_centre_weights,
    keyed_values,
)
from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.confirmatory.ordinal import make_ordinal
from clientindex.factors.confirmatory.standard import build_standard_models
from clientindex.factors.confirmatory.standardised import compute_standardised
from clientindex.factors.exploration.extract import extract
from clientindex.factors.number.margins import Margins
from clientindex.factors.number.ordinal_data import Estimator
from clientindex.factors.number.parallel import compute_band, compute_eigenvalues
from clientindex.factors.number.random_data import draw_random_correlations
from clientindex.factors.polychoric import (
    compute_cuts,
    estimate_polychoric,
    read_tables,
    solve_two_step,
)
from clientindex.factors.sample import estimate_moments, replicate_polychoric

SCRIPT = Path(__file__).with_suffix(".R")
PAIRS = np.triu_indices(len(ITEMS), 1)
N_FACTORS = 5
SEED = 2026

PSYCH_POLYCHORIC = 5e-4
"""psych integrates the bivariate normal to about 1e-5 a cell."""

LAVAAN, SEMOPY = 1e-4, 1e-3
MINRES = 1e-4
"""factor_analyzer and psych stop about 1e-5 from the minimum; communalities are flatter."""

RANDOM = 0.02
"""Mean eigenvalues of 20 and of 1,000 random data sets, for 3,000 respondents and more."""

REPLICATES, RANDOM_SETS, PSYCH_SETS = 100, 1_000, 20


def prepare(size, folder):
    write_survey(size, folder, for_r=True)


def solve(material):
    """Return polychoric correlations of all pairs from counts."""
    counts, methodology = material
    tables = read_tables(counts, methodology)
    pairs = tables.pairs.sum(axis=0).astype(np.float64)
    cuts = compute_cuts(tables.margins.sum(axis=0).astype(np.float64))
    return solve_two_step(pairs[None], cuts[None])[0]


def solve_from_answers(material):
    responses, methodology = material
    return solve((count_pairs(responses, methodology), methodology))


def ask_hetcor(answers):
    """Ask semopy with an array: with a table it does not find its columns."""
    return hetcor(answers, ords=range(len(ITEMS)))


def draw_weights(size):
    return draw_centre_weights(["all"] * size.centres, REPLICATES, np.random.default_rng(1))


def prepare_replicates(size, folder):
    """Write the rows of the first replicate for R."""
    prepare(size, folder)
    drawn = np.rint(draw_weights(size)[0] * (size.centres - 1) / size.centres).astype(int)
    rows = repeat_rows(load_codes(folder)[1], drawn)
    (folder / "drawn_rows.bin").write_bytes(rows.astype(np.int32).tobytes())


def load_replicates(folder, size):
    counts, methodology = load_counts(folder, size)
    return counts, methodology, draw_weights(size)


def replicate(material):
    counts, methodology, weights = material
    tables = read_tables(counts, methodology)
    found = estimate_polychoric(tables, counts, methodology)
    return replicate_polychoric(tables, found, weights, methodology)


def load_margins(folder, size):
    counts, methodology = load_counts(folder, size)
    answers = read_tables(counts, methodology).margins.sum(axis=0).astype(np.float64)
    margins = Margins(
        shares=answers / answers.sum(axis=1, keepdims=True),
        values=np.tile(np.arange(1.0, 6.0), (len(ITEMS), 1)),
    )
    return margins, methodology, size.respondents


def draw_eigenvalues(material):
    """Return mean eigenvalues of permuted answers."""
    margins, methodology, n = material
    estimator = Estimator(
        basis="pearson", values=margins.values, zero_cells=methodology.factors.zero_cells
    )
    drawn = draw_random_correlations(
        margins,
        estimator,
        reference="permuted",
        n=n,
        n_replicates=RANDOM_SETS,
        rng=np.random.default_rng(3),
    )
    return compute_band(compute_eigenvalues(drawn, "components"), 0.95).mean


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


def find_communalities_from_answers(material):
    responses, methodology = material
    return find_communalities((count_pairs(responses, methodology), methodology))


def ask_factor_analyzer(frame):
    return FactorAnalyzer(n_factors=N_FACTORS, rotation=None, method="minres").fit(frame)


def fit_from_answers(material, basis, estimator):
    """Count, estimate moments with their errors, and fit five correlated factors."""
    responses, methodology = material
    counts = count_pairs(responses, methodology)
    moments = estimate_moments(counts, methodology, basis)
    spec = build_standard_models(methodology)["correlated"]
    chosen = make_ordinal(spec) if basis == "polychoric" else spec
    fit = fit_model(chosen, moments, estimator=estimator)
    if fit.status != "ok":
        message = f"{fit.status}: {fit.detail}"
        raise RuntimeError(message)
    return fit


def fit_ml(material):
    return fit_from_answers(material, "pearson", "ml")


def fit_wlsmv(material):
    return fit_from_answers(material, "polychoric", "wlsmv")


def take_loadings(fit):
    """Return standardised loadings in the order of the indicators."""
    standardised = compute_standardised(fit).estimates
    return [
        value
        for value, parameter in zip(standardised, fit.spec.parameters, strict=True)
        if parameter.op == "=~"
    ]


def ask_semopy(frame):
    lines = [f"{group} =~ " + " + ".join(members) for group, members in GROUPS.items()]
    model = Model("\n".join(lines))
    model.fit(frame, obj="MLW")
    return model


def take_semopy(model):
    table = model.inspect(std_est=True)
    chosen = table[(table["op"] == "~") & table["lval"].isin(ITEMS)].set_index("lval")
    return chosen.loc[ITEMS, "Est. Std"].to_numpy(float)


def load_alone(folder, size):
    """Return answers in which every respondent is a centre of his own, as lavaan takes them."""
    responses, methodology = load_responses(folder, size)
    n = len(responses.codes)
    units = pd.DataFrame(
        {"centre": [f"r{number:07d}" for number in range(n)], "segment": "citizens", "period": ""}
    )
    alone = type(responses)(
        units=units, unit_of=np.arange(n, dtype=np.int32), codes=responses.codes
    )
    return alone, methodology


def assess(material):
    counts, methodology = material
    with threadpool_limits(limits=1):
        return factors.assess(
            counts,
            methodology=methodology,
            strata=name_regions(counts.units["centre"].unique()),
            seed=SEED,
        )


GROWTH = tuple(
    Size(respondents=n, centres=2_000)
    for n in (3_000, 30_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
)
QUICK = (Size(respondents=3_000, centres=200), Size(respondents=10_000, centres=200))

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
        Contender(
            name="clientindex, counting included",
            load=load_responses,
            run=solve_from_answers,
            numbers=np.asarray,
        ),
        Contender(name="clientindex, from counts", load=load_counts, run=solve, numbers=np.asarray),
        Contender(
            name="semopy, hetcor",
            load=lambda folder, size: load_codes(folder)[0].astype(float),
            run=ask_hetcor,
            numbers=lambda r: np.asarray(r)[PAIRS],
            tolerance=PSYCH_POLYCHORIC,
            package="semopy",
        ),
        RPeer(
            name="psych::polychoric",
            script=SCRIPT,
            task="psych_polychoric",
            package="R:psych",
            tolerance=PSYCH_POLYCHORIC,
        ),
        RPeer(
            name="lavaan::lavCor",
            script=SCRIPT,
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
    sizes=(*GROWTH[1:4], *(Size(respondents=1_000_000, centres=n) for n in (200, 20_000))),
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
        RPeer(
            name="psych::polychoric, rows repeated",
            script=SCRIPT,
            task="psych_resampled",
            package="R:psych",
            tolerance=PSYCH_POLYCHORIC,
        ),
    ),
)

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
    sizes=GROWTH[:5],
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
        RPeer(
            name="psych::fa.parallel",
            script=SCRIPT,
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
        "Of Pearson correlations. Ours takes a start from factor_analyzer and goes on to the "
        "minimum. Compared: communalities."
    ),
    prepare=prepare,
    sizes=GROWTH,
    quick=QUICK,
    bound=read_answers,
    contenders=(
        Contender(
            name="clientindex, counting included",
            load=load_responses,
            run=find_communalities_from_answers,
            numbers=np.asarray,
        ),
        Contender(
            name="clientindex, from counts",
            load=load_counts,
            run=find_communalities,
            numbers=np.asarray,
        ),
        Contender(
            name="factor_analyzer",
            load=load_frame,
            run=ask_factor_analyzer,
            numbers=lambda fitted: fitted.get_communalities(),
            tolerance=MINRES,
            package="factor_analyzer",
        ),
        RPeer(
            name="psych::fa",
            script=SCRIPT,
            task="psych_minres",
            package="R:psych",
            tolerance=MINRES,
        ),
    ),
)

CONFIRMATORY = Quantity(
    key="confirmatory",
    title="Confirmatory model of five factors, maximum likelihood",
    what=(
        "From answers: ours counts, estimates covariances and fits, with errors robust to centres. "
        "Compared: standardised loadings."
    ),
    prepare=prepare,
    sizes=GROWTH,
    quick=QUICK,
    bound=read_answers,
    contenders=(
        Contender(
            name="clientindex, counting included",
            load=load_responses,
            run=fit_ml,
            numbers=take_loadings,
        ),
        Contender(
            name="semopy",
            load=load_frame,
            run=ask_semopy,
            numbers=take_semopy,
            tolerance=SEMOPY,
            package="semopy",
        ),
        RPeer(
            name="lavaan",
            script=SCRIPT,
            task="lavaan_ml",
            package="R:lavaan",
            tolerance=LAVAAN,
        ),
    ),
)

ORDINAL = Quantity(
    key="wlsmv",
    title="Confirmatory model of five factors, ordinal answers (WLSMV)",
    what=(
        "From answers, whose weights depend on the clustering: here every respondent is a centre "
        "of his own, as lavaan takes them, which is the dearest case for ours. Compared: "
        "standardised "
        "loadings."
    ),
    prepare=prepare,
    warm=Size(respondents=1_000, centres=40),
    sizes=tuple(Size(respondents=n, centres=200) for n in (1_000, 3_000, 10_000, 30_000)),
    quick=tuple(Size(respondents=n, centres=200) for n in (1_000, 3_000)),
    contenders=(
        Contender(
            name="clientindex, counting included",
            load=load_alone,
            run=fit_wlsmv,
            numbers=take_loadings,
        ),
        RPeer(
            name="lavaan",
            script=SCRIPT,
            task="lavaan_wlsmv",
            package="R:lavaan",
            tolerance=LAVAAN,
        ),
    ),
)

CLUSTERED = Quantity(
    key="wlsmv_centres",
    title="The same model, robust to centres",
    what=(
        "From answers of 2,000 centres. lavaan has no WLSMV for clusters, so that nobody stands "
        "beside ours."
    ),
    prepare=lambda size, folder: write_survey(size, folder),
    sizes=GROWTH[1:],
    quick=QUICK,
    bound=read_answers,
    contenders=(
        Contender(
            name="clientindex, counting included",
            load=load_responses,
            run=fit_wlsmv,
            numbers=take_loadings,
        ),
    ),
)

STAGE = Quantity(
    key="stage",
    title="The stage of factors",
    what=(
        "`factors.assess` from counts with the standard numbers of replicates. Nobody else does "
        "the same."
    ),
    prepare=lambda size, folder: write_survey(size, folder, missing=0.03),
    patience=4.0,
    warm=Size(respondents=1_000, centres=20),
    sizes=(
        Size(respondents=30_000, centres=2_000),
        Size(respondents=1_000_000, centres=200),
        Size(respondents=1_000_000, centres=2_000),
        Size(respondents=10_000_000, centres=2_000),
    ),
    quick=(Size(respondents=1_000, centres=30), Size(respondents=10_000, centres=30)),
    contenders=(Contender(name="clientindex, from counts", load=load_counts, run=assess),),
)

AREA = Area(
    key="factors",
    title="Factors",
    quantities=(
        POLYCHORIC,
        RESAMPLED,
        PARALLEL,
        MINRES_MODEL,
        CONFIRMATORY,
        ORDINAL,
        CLUSTERED,
        STAGE,
    ),
)
