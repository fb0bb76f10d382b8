"""Scores, stars and ranks of centres."""

from __future__ import annotations

import numpy as np
import pandas as pd
from frame import Area, Bound, Contender, Quantity, Size
from scipy.stats import norm

from areas.material import load_codes, load_responses, make_register, write_survey
from areas.ours import make_ours
from areas.sizes import CENTRES, GROWTH, read_answers
from clientindex.counts import compute_centre_moments
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.ranks import compute_simultaneous_sets, draw_independent
from clientindex.rating.star_doubt import compute_star_probabilities

ROUNDING = 1e-9
DRAWS, LEVEL = 1_000, 0.95
SEED = np.random.SeedSequence(2026)


def list_cuts(methodology):
    return np.array([band.lower for band in methodology.stars.bands[1:]])


def rate(material):
    """Return index, error and P(star) of every centre, one row a centre."""
    counts, methodology = material
    moments = compute_centre_moments(counts, methodology)
    scores = compute_scores(moments, methodology)
    stars = assign_stars(scores, methodology, register=make_register(moments.centres))
    index = stars.frame["estimate"].to_numpy(float)
    error = stars.frame["std_error"].to_numpy(float)
    order = np.argsort(stars.frame["centre"].to_numpy(), kind="stable")
    p = compute_star_probabilities(index, error, cuts=list_cuts(methodology))
    return np.column_stack([index, error, p])[order]


def load_answers(folder, size):
    _, methodology = load_responses(folder, size)
    return *load_codes(folder), methodology


def rate_by_pandas(material):
    """Return the same from complete answers."""
    codes, centre, methodology = material
    points = pd.Series(25.0 * (codes.astype(float) - 1) @ methodology.effective_weights)
    parts = points.groupby(centre)
    index, error = parts.mean().to_numpy(), parts.sem().to_numpy()
    ends = np.array([-np.inf, *list_cuts(methodology), np.inf])
    p = np.diff(norm.cdf((ends - index[:, None]) / error[:, None]), axis=1)
    return np.column_stack([index, error, p])


def prepare_scores(size, folder):
    """Write scores of centres that differ, and their standard errors."""
    rng = np.random.default_rng(4)
    errors = rng.uniform(1, 4, size.centres)
    scores = 60 + 6 * rng.standard_normal(size.centres)
    np.save(folder / "scores.npy", np.stack([scores, errors]))


def load_scores(folder, size):
    del size
    scores, std_errors = np.load(folder / "scores.npy")
    return scores, draw_independent(std_errors, draws=DRAWS, seed=SEED)


def find_sets(material):
    found = compute_simultaneous_sets(*material, level=LEVEL)
    return np.array([found.low, found.high])


def find_sets_of_all_pairs(material):
    """Return simultaneous sets with stepdown, all pairs and draws in memory."""
    scores, errors = material
    spread = np.sqrt(np.add.outer(errors.variance, errors.variance))
    np.fill_diagonal(spread, np.inf)
    drawn = (errors.draws[:, None] - errors.draws[None]) / spread[..., None]
    statistic = np.subtract.outer(scores, scores) / spread
    place = int(np.ceil(LEVEL * (errors.size + 1) - 1e-9)) - 1
    kept = np.ones(statistic.shape, dtype=bool)
    while True:
        limit = np.sort(drawn[kept].max(axis=0))[place]
        still = statistic <= limit
        if (still == kept).all():
            break
        kept = still
    np.fill_diagonal(still, val=True)
    return np.array([1 + (~still).sum(axis=0), len(scores) - (~still).sum(axis=1)])


SCORES = Quantity(
    key="scores",
    title="Index, standard error and probability of every star, by centre",
    what=(
        "Ours goes by counts: scores of groups and indicators, stars and the covariances behind "
        "them as well; pandas and scipy take the index alone from complete answers. Compared: "
        "index, "
        "standard error and five probabilities of every centre."
    ),
    prepare=write_survey,
    sizes=(*GROWTH[1:], *CENTRES),
    quick=(Size(respondents=10_000, centres=200), Size(respondents=30_000, centres=200)),
    bound=read_answers,
    contenders=(
        *make_ours(rate),
        Contender(
            name="pandas and scipy, index only",
            load=load_answers,
            run=rate_by_pandas,
            numbers=np.asarray,
            tolerance=ROUNDING,
            package="pandas",
        ),
    ),
)

RANKS = Quantity(
    key="ranks",
    title="Simultaneous confidence sets of ranks",
    what=(
        f"With stepdown, {DRAWS:,} draws. scipy and statsmodels have no such sets; the peer is "
        "what "
        "one would write in numpy, with all pairs of centres and draws in memory. The set of a "
        "centre "
        "depends on all pairs of centres, so time grows with their square. Compared: the sets."
    ),
    prepare=prepare_scores,
    patience=4.0,
    warm=Size(centres=30),
    sizes=tuple(Size(centres=n) for n in (50, 200, 600, 2_000, 6_000, 20_000)),
    quick=tuple(Size(centres=n) for n in (50, 200)),
    bound=lambda size: Bound(
        what="a subtraction and a comparison for every pair and draw",
        amount=2 * DRAWS * size.centres * (size.centres - 1) / 2,
        resource="flops64",
    ),
    contenders=(
        Contender(name="clientindex", load=load_scores, run=find_sets, numbers=np.asarray),
        Contender(
            name="numpy, all pairs and draws in memory",
            load=load_scores,
            run=find_sets_of_all_pairs,
            numbers=np.asarray,
        ),
    ),
)

AREA = Area(key="rating", title="Scores, stars and ranks", quantities=(SCORES, RANKS))
