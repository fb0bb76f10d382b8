"""Scores, stars and draws made from plain numbers, for tests of what comes after them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from clientindex.rating import assign_stars
from clientindex.rating.index_draws import IndexDraws
from clientindex.results import Scores

LEVEL = 0.95
N = 100


def make_register(regions, visitors=np.nan):
    """Return a register of centres C000, C001 ..., one a region given."""
    centres = [f"C{place:03d}" for place in range(len(regions))]
    names = [f"Centre {place}" for place in range(len(regions))]
    frame = {"centre": centres, "name": names, "region": list(regions), "visitors": visitors}
    return pd.DataFrame(frame)


def make_scores(register, estimates, std_errors, *, n=N, groups=()):
    """Return scores of all segments; every group has the estimates of the index."""
    estimates = np.asarray(estimates, dtype=float)
    base = pd.DataFrame(
        {
            "centre": register["centre"],
            "segment": "all",
            "estimate": estimates,
            "std_error": np.asarray(std_errors, dtype=float),
            "n": n,
        }
    )
    base["ci_low"] = np.clip(base["estimate"] - 1.96 * base["std_error"], 0, 100)
    base["ci_high"] = np.clip(base["estimate"] + 1.96 * base["std_error"], 0, 100)
    kinds = [("index", "index"), *(("group", key) for key in groups)]
    parts = [base.assign(kind=kind, key=key) for kind, key in kinds]
    return Scores(
        frame=pd.concat(parts, ignore_index=True),
        level=LEVEL,
        std_error_method="exact",
        fpc_used=False,
        n_reweighted=0,
    )


def make_stars(methodology, estimates, std_errors, *, regions=None, n=N):
    """Return the stars of indices by the bands of the methodology."""
    register = make_register(regions or ["North"] * len(estimates))
    scores = make_scores(register, estimates, std_errors, n=n)
    return assign_stars(scores, methodology, register=register)


def replace_stars(stars, star):
    """Return stars with other values for the starred centres, in their order."""
    frame = stars.frame.copy()
    given = frame["withheld"] == ""
    frame["star"] = frame["star"].astype("Float64")
    frame.loc[given, "star"] = star
    return replace(stars, frame=frame)


def draw_normal(stars, *, draws=2000, seed=1):
    """Return normal draws of the indices of the starred centres."""
    starred = stars.frame[stars.frame["withheld"] == ""]
    rng = np.random.default_rng(seed)
    centre, error = starred["estimate"].to_numpy(float), starred["std_error"].to_numpy(float)
    return IndexDraws(
        centres=tuple(starred["centre"]),
        indices=centre + error * rng.standard_normal((draws, len(starred))),
        found=centre,
        clipped=0.0,
        seed=seed,
    )
