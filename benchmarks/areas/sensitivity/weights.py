"""Random weights: ranks and stars of all centres under each weighting."""

from __future__ import annotations

import numpy as np
import pandas as pd
from frame import Bound, Contender, Quantity, Size
from side_by_side import make_methodology

from clientindex.counts import CentreMoments
from clientindex.methodology.sensitivity_settings import SensitivitySettings
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.weighting import make_weight_plan
from clientindex.sensitivity.draws import DrawScheme, draw_weightings
from clientindex.sensitivity.simulation import Running
from clientindex.sensitivity.stability import compute_weight_stability

DRAWS, FEW = 1_000, 50
"""Weightings of ours, and of the peer: the first of them."""

MISSING = 0.02
"""Share of missing indicators: such centres take the long way."""

ROUNDING = 1e-9
SEED = 2026


def draw_means(n_centres):
    """Make up indicator means of centres that differ, in two segments; some are missing."""
    rng = np.random.default_rng(0)
    level = rng.normal(70, 8, (n_centres, 1, 1))
    mean = np.clip(level + rng.normal(0, 10, (n_centres, 2, 20)), 0, 100)
    lost = rng.random(mean.shape) < MISSING
    mean[n_centres // 4 :][lost[n_centres // 4 :]] = np.nan
    return mean


def prepare_means(size, folder):
    np.save(folder / "mean.npy", draw_means(size.centres))


def load_means(folder, size):
    del size
    return rate_means(np.load(folder / "mean.npy"))


def rate_means(mean):
    """Return moments of the centres, their stars, and the methodology."""
    methodology, n_centres = make_methodology(), len(mean)
    variance = np.where(np.isnan(mean), np.nan, 4.0)
    moments = CentreMoments(
        centres=tuple(f"c{place:05d}" for place in range(n_centres)),
        segments=methodology.segment_keys,
        indicators=methodology.indicator_keys,
        mean=mean,
        n=np.where(np.isnan(mean), 0.0, 40.0),
        cov_mean=np.where(np.eye(20, dtype=bool), variance[..., None], 0.0),
        n_respondents=np.full((n_centres, 2), 40.0),
        std_error_method="exact",
    )
    register = pd.DataFrame({"centre": moments.centres, "name": "n", "region": "r"})
    stars = assign_stars(compute_scores(moments, methodology), methodology, register=register)
    return moments, stars, methodology


def weigh(material, draws=DRAWS, *, workers=1):
    return compute_weight_stability(
        *material,
        seed=np.random.SeedSequence(SEED),
        settings=SensitivitySettings(draws=draws),
        running=Running(workers=workers),
    )


def weigh_few(material):
    return weigh(material, FEW)


def weigh_plainly(material, draws=FEW):
    """Return ranks and stars of all weightings by numpy and pandas, all in memory."""
    moments, stars, methodology = material
    plan = make_weight_plan(methodology)
    seed = np.random.SeedSequence(SEED)
    drawn = draw_weightings(plan, DrawScheme(), first=0, size=draws, seed=seed)
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
    return np.array(ranks), np.array(given)


def summarise_plainly(material):
    """Return mean rank and share of the same star, by centre."""
    ranks, given = weigh_plainly(material)
    return np.array([ranks.mean(axis=0), (given == list_stars(material)).mean(axis=0)])


def list_stars(material):
    """Return the stars of all centres that have one."""
    star = material[1].frame["star"]
    return star[star.notna()].to_numpy(np.int64)


def take_ranks(found):
    """Return mean rank and share of the same star, by centre."""
    return found.frame[["rank_mean", "share_same_star"]].to_numpy(float).T


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
            run=summarise_plainly,
            numbers=np.asarray,
            tolerance=ROUNDING,
            units=FEW,
            package="pandas",
        ),
    ),
)
