"""Random weights, and indices of sensitivity by Sobol's design."""

from __future__ import annotations

import numpy as np
import pandas as pd
from frame import Area, Bound, Contender, Quantity, Size
from SALib.analyze import sobol as salib
from side_by_side import make_methodology

from areas.material import load_counts, name_regions, write_survey
from clientindex.counts import CentreMoments, compute_centre_moments
from clientindex.methodology.sensitivity_settings import SensitivitySettings
from clientindex.methodology.sobol_settings import MethodAlternatives
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.weighting import make_weight_plan
from clientindex.sensitivity import compute_weight_stability
from clientindex.sensitivity.draws import DrawScheme, draw_weightings
from clientindex.sensitivity.runs.room import set_up_runs
from clientindex.sensitivity.simulation import Running
from clientindex.sensitivity.sobol.design import make_design
from clientindex.sensitivity.sobol.indices import compute_indices
from clientindex.sensitivity.sobol.inputs import list_inputs
from clientindex.sensitivity.sobol.outputs import list_outputs
from clientindex.sensitivity.sobol.room import run_design

DRAWS, FEW = 1_000, 50
"""Weightings of ours, and of the peer: the first of them."""

MISSING = 0.02
ROUNDING = 1e-9
SEED = 2026
SALIB_ROWS = 64
ONLY_WEIGHTS = MethodAlternatives(aggregation=(), missing_indicator=(), star_rule=())


def prepare_means(size, folder):
    """Make up indicator means of centres that differ; some are missing."""
    rng = np.random.default_rng(0)
    level = rng.normal(70, 8, (size.centres, 1, 1))
    mean = np.clip(level + rng.normal(0, 10, (size.centres, 2, 20)), 0, 100)
    lost = rng.random(mean.shape) < MISSING
    mean[size.centres // 4 :][lost[size.centres // 4 :]] = np.nan
    np.save(folder / "mean.npy", mean)


def load_means(folder, size):
    methodology, mean = make_methodology(), np.load(folder / "mean.npy")
    variance = np.where(np.isnan(mean), np.nan, 4.0)
    moments = CentreMoments(
        centres=tuple(f"c{place:05d}" for place in range(size.centres)),
        segments=methodology.segment_keys,
        indicators=methodology.indicator_keys,
        mean=mean,
        n=np.where(np.isnan(mean), 0.0, 40.0),
        cov_mean=np.where(np.eye(20, dtype=bool), variance[..., None], 0.0),
        n_respondents=np.full((size.centres, 2), 40.0),
        std_error_method="exact",
    )
    register = pd.DataFrame({"centre": moments.centres, "name": "n", "region": "r"})
    stars = assign_stars(compute_scores(moments, methodology), methodology, register=register)
    return moments, stars, methodology


def weigh(material, draws=DRAWS):
    return compute_weight_stability(
        *material,
        seed=np.random.SeedSequence(SEED),
        settings=SensitivitySettings(draws=draws),
        running=Running(workers=1),
    )


def weigh_few(material):
    return weigh(material, FEW)


def weigh_plainly(material):
    """Return ranks and stars of all weightings by numpy and pandas, all in memory."""
    moments, stars, methodology = material
    plan = make_weight_plan(methodology)
    seed = np.random.SeedSequence(SEED)
    drawn = draw_weightings(plan, DrawScheme(), first=0, size=FEW, seed=seed)
    starred = stars.frame[stars.frame["star"].notna()]
    mean = moments.mean[pd.Index(moments.centres).get_indexer(pd.Index(starred["centre"]))]
    there = (~np.isnan(mean)).astype(float)
    member = plan.group_of == np.arange(len(plan.outer))[:, None]
    cuts = [band.lower for band in methodology.stars.bands[1:]]
    ranks, given = [], []
    for inner, outer in zip(drawn.inner, drawn.outer, strict=True):
        spread = (member * inner).T
        groups = (np.nan_to_num(mean) @ spread) / (there @ spread)
        index = pd.Series(((groups @ outer) * plan.segment).sum(axis=1)).round(9)
        ranks.append(index.rank(ascending=False, method="min").to_numpy(np.int64))
        given.append(np.digitize(index, cuts) + 1)
    star = starred["star"].to_numpy(np.int64)
    return np.array([np.mean(ranks, axis=0), (np.array(given) == star).mean(axis=0)])


def take_ranks(found):
    """Return mean rank and share of the same star, by centre."""
    return found.frame[["rank_mean", "share_same_star"]].to_numpy(float).T


def prepare_survey(size, folder):
    write_survey(Size(respondents=50 * size.centres, centres=size.centres), folder)


def load_runs(folder, size):
    """Return the outputs of all runs of Sobol's design, and the names of the weights."""
    counts, methodology = load_counts(folder, size)
    moments = compute_centre_moments(counts, methodology)
    regions = name_regions(moments.centres)
    register = pd.DataFrame(
        {"centre": list(regions), "name": "n", "region": list(regions.values()), "visitors": np.nan}
    )
    stars = assign_stars(compute_scores(moments, methodology), methodology, register=register)
    seed = np.random.SeedSequence(SEED)
    setup = set_up_runs(moments, stars, methodology, alternatives=ONLY_WEIGHTS, seed=seed)
    inputs = list_inputs(setup, methodology, band=0.25, weights=True, sampling=False)
    outputs = list_outputs(setup, centres=(), n_centres=5)
    design = make_design(inputs.names, base_size=size.rows, seed=seed, sequences=16)
    runs = run_design(design, setup, inputs, outputs)
    return runs[..., runs[:, 0].std(axis=0) > 0], inputs.names


def find_indices(material):
    """Return first-order and total indices; SALib centres by the mean of all runs, as here."""
    runs, _ = material
    found = compute_indices(runs)
    base = runs[:, :2]
    off = base.mean(axis=(0, 1)) - runs.mean(axis=(0, 1))
    change = (runs[:, 2:] - runs[:, :1]).mean(axis=0).T
    return np.stack([found.first + off[:, None] * change / found.variance[:, None], found.total])


def analyse_by_salib(material):
    runs, names = material
    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    order = [0, *range(2, 2 + len(names)), 1]
    found = []
    for at in range(runs.shape[2]):
        y = runs[:, order, at].ravel()
        one = salib.analyze(problem, y, calc_second_order=False, num_resamples=2, seed=1)
        found.append((one["S1"], one["ST"]))
    return np.moveaxis(np.array(found), 1, 0)


WEIGHTS = Quantity(
    key="weights",
    title="Random weights: ranks and stars of all centres",
    what=(
        f"20 indicators, five groups, two segments. Ours draws {DRAWS:,} weightings and gives rank "
        "bands, acceptability of ranks, shares of stars and Kendall's tau; numpy and pandas find "
        "ranks "
        f"and stars only, of {FEW} weightings. Seconds are for one. Compared: mean rank and share "
        "of "
        f"the same star of every centre over the same {FEW} weightings, which ours computes in a "
        "row "
        "of its own."
    ),
    prepare=prepare_means,
    warm=Size(centres=20),
    unit="weighting",
    sizes=tuple(Size(centres=n) for n in (200, 600, 2_000, 6_000, 20_000)),
    quick=tuple(Size(centres=n) for n in (200, 600)),
    bound=lambda size: Bound(
        what="two segments of 20 products and sums a centre",
        amount=2 * 2 * 20 * size.centres,
        resource="flops64",
    ),
    contenders=(
        Contender(
            name=f"clientindex, {FEW} weightings",
            load=load_means,
            run=weigh_few,
            numbers=take_ranks,
            units=FEW,
        ),
        Contender(
            name=f"clientindex, {DRAWS:,} weightings", load=load_means, run=weigh, units=DRAWS
        ),
        Contender(
            name="numpy and pandas, ranks and stars only",
            load=load_means,
            run=weigh_plainly,
            numbers=np.asarray,
            tolerance=ROUNDING,
            units=FEW,
            package="pandas",
        ),
    ),
)

SOBOL = Quantity(
    key="sobol",
    title="First-order and total indices of weights",
    what=(
        "From the outputs of the same runs; `rows` are those of the base sample. SALib analyses "
        "one "
        "output at a time and resamples at least twice for intervals; ours takes intervals "
        "from a jackknife, apart from this. SALib's centre is the mean of all runs, which is put "
        "into our first-order indices before they are compared."
    ),
    prepare=prepare_survey,
    warm=Size(centres=20, rows=SALIB_ROWS),
    sizes=tuple(Size(centres=200, rows=n) for n in (64, 256, 1_024, 4_096, 16_384)),
    quick=tuple(Size(centres=50, rows=n) for n in (64, 256)),
    contenders=(
        Contender(name="clientindex", load=load_runs, run=find_indices, numbers=np.asarray),
        Contender(
            name="SALib",
            load=load_runs,
            run=analyse_by_salib,
            numbers=np.asarray,
            tolerance=ROUNDING,
            package="SALib",
        ),
    ),
)

AREA = Area(
    key="sensitivity",
    title="Sensitivity to weights",
    quantities=(WEIGHTS, SOBOL),
)
