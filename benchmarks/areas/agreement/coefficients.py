"""Intraclass correlations and Krippendorff's alpha."""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path

import numpy as np
from frame import Bound, Contender, RPeer, Size

from areas.agreement.scores import LEVEL, ROUNDING, ask_pingouin, load_long, load_pair, of_scores
from clientindex.agreement.coefficients import compute_krippendorff, estimate_icc

peer_in_r = partial(RPeer, script=Path(__file__).with_name("peers.R"))
REML = 1e-4
"""Where lme4's search stops."""


def find_icc(ratings):
    found = estimate_icc(ratings, level=LEVEL)
    return found.consistency.estimate, found.absolute.estimate


def take_icc(found):
    return found["ICC"].to_numpy()[[2, 1]]


def find_alpha(ratings):
    return compute_krippendorff(ratings, metric="interval")


def find_alpha_of_pairs(ratings):
    """Return alpha by its definition: observed differences over those of all pairs of values."""
    values = ratings.ravel()
    observed = np.mean((ratings[:, 0] - ratings[:, 1]) ** 2)
    expected = np.mean((values[:, None] - values) ** 2) * len(values) / (len(values) - 1)
    return 1 - observed / expected


def ask_krippendorff(ratings):
    peer = importlib.import_module("krippendorff")
    return peer.alpha(reliability_data=ratings.T, level_of_measurement="interval")


def read_scores(size):
    return Bound(
        what="reading both scores from memory once", amount=16 * size.centres, resource="memory"
    )


ICC = of_scores(
    key="icc",
    title="Intraclass correlations of two scores",
    what=(
        "ICC(C,1) and ICC(A,1) of one indicator with intervals. pingouin and psych give six kinds; "
        "psych by lme4, which searches for a maximum of the likelihood."
    ),
    bound=read_scores,
    contenders=(
        Contender(name="clientindex", load=load_pair, run=find_icc, numbers=np.asarray),
        Contender(
            name="pingouin",
            load=load_long,
            run=ask_pingouin,
            numbers=take_icc,
            tolerance=ROUNDING,
            package="pingouin",
        ),
        peer_in_r(
            name="psych::ICC",
            task="psych_icc",
            package="R:psych",
            tolerance=REML,
            largest=Size(centres=6_000),
            why_not=(
                "its lmer stops short of the smallest criterion (286,723.0, from another start "
                "286,722.5) and finds a variance of sources of 82 where it is 25"
            ),
        ),
    ),
)

KRIPPENDORFF = of_scores(
    key="krippendorff",
    title="Krippendorff's alpha of two scores, interval metric",
    what=(
        "Continuous scores, so that nearly all values differ: packages that tabulate values need "
        "memory that grows with the square of their number, or its cube."
    ),
    bound=read_scores,
    contenders=(
        Contender(name="clientindex", load=load_pair, run=find_alpha, numbers=np.asarray),
        Contender(
            name="numpy, all pairs of values",
            load=load_pair,
            run=find_alpha_of_pairs,
            numbers=np.asarray,
            tolerance=ROUNDING,
        ),
        Contender(
            name="krippendorff",
            load=load_pair,
            run=ask_krippendorff,
            numbers=np.asarray,
            tolerance=ROUNDING,
            package="krippendorff",
        ),
        peer_in_r(name="irr::kripp.alpha", task="irr_alpha", package="R:irr", tolerance=ROUNDING),
        peer_in_r(
            name="irrCAC::krippen.alpha.raw",
            task="irrCAC_alpha",
            package="R:irrCAC",
            tolerance=ROUNDING,
        ),
    ),
)
