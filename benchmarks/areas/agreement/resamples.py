"""Resamples of centres: bias, correlation and concordance of both scores."""

from __future__ import annotations

import numpy as np
import pingouin
from frame import Contender

from areas.agreement.scores import (
    LEVEL,
    N_INDICATORS,
    ROUNDING,
    ask_pingouin,
    load_both,
    make_long,
    of_scores,
)
from areas.replicates import count_draws, repeat_rows
from clientindex.agreement.resampled import STATISTICS, resample_pairs
from clientindex.counts import draw_centre_weights

COMPARED = ("bias", "pearson_r", "ccc")
REPLICATES, FEW = 1_000, 3
"""Of ours, and of the peer: the first of them."""


def draw_weights(centres):
    return draw_centre_weights(["all"] * centres, REPLICATES, np.random.default_rng(2))


def resample(scores):
    survey, checklist = scores
    return resample_pairs(survey, checklist, weights=draw_weights(len(survey)), level=LEVEL)


def resample_few(scores):
    """Return bias, r and CCC of the first resamples: an interval over two equal ones is they."""
    survey, checklist = scores
    found = resample_singly(survey[:, :1], checklist[:, :1], draw_weights(len(survey))[:FEW])
    return found[:, [STATISTICS.index(name) for name in COMPARED]]


def resample_singly(survey, checklist, weights):
    """Return all statistics of every resample, shape (B, statistics)."""
    found = [
        resample_pairs(survey, checklist, weights=row[None].repeat(2, axis=0), level=LEVEL)
        for row in weights
    ]
    return np.array([one.ci_low[0] for one in found])


def resample_by_pingouin(scores):
    """Return the same of rows repeated, one indicator; CCC is made of the variances."""
    survey, checklist = scores
    centre = np.arange(len(survey))
    drawn = count_draws(draw_weights(len(survey))[:FEW])
    return [
        describe_rows(survey[rows, 0], checklist[rows, 0])
        for rows in (repeat_rows(centre, row) for row in drawn)
    ]


def describe_rows(x, y):
    """Return bias, r and CCC; r and what CCC is made of from pingouin."""
    n = len(x)
    f = ask_pingouin(make_long(x, y))["F"].to_numpy()
    columns = n * f[2] / f[0] - (n - 1)
    ccc = (f[2] - 1) / (f[2] + 1 + 2 * columns / (n - 1))
    return (y - x).mean(), pingouin.corr(x, y)["r"].iloc[0], ccc


RESAMPLES = of_scores(
    key="resamples",
    title="Bootstrap of bias, correlation and concordance over centres",
    what=(
        f"Ours takes {REPLICATES:,} resamples of {N_INDICATORS} indicators at once, drawing and "
        f"intervals included. pingouin takes {FEW} resamples of one indicator with its rows "
        "repeated. "
        "Seconds are for one resample of one indicator. Compared: bias, r and CCC of the same "
        "resamples, which ours computes in a row of its own, one resample at a time."
    ),
    unit="resample and indicator",
    contenders=(
        Contender(
            name="clientindex, one resample at a time",
            load=load_both,
            run=resample_few,
            numbers=np.asarray,
            units=FEW,
        ),
        Contender(
            name="clientindex, all at once",
            load=load_both,
            run=resample,
            units=REPLICATES * N_INDICATORS,
        ),
        Contender(
            name="pingouin, rows repeated",
            load=load_both,
            run=resample_by_pingouin,
            numbers=np.asarray,
            tolerance=ROUNDING,
            units=FEW,
            package="pingouin",
        ),
    ),
)
