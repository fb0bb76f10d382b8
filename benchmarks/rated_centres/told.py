"""What one survey tells of its centres, held against the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from clientindex.methodology.doubt_settings import DoubtSettings, ShrinkageSettings
from clientindex.rating import find_stars
from clientindex.rating.bands import rank_scores
from clientindex.rating.index_draws import draw_indices
from clientindex.rating.ranks.room import assess_ranks
from clientindex.rating.shrinkage.room import assess_shrinkage
from clientindex.rating.star_doubt.room import assess_star_doubt
from clientindex.rating.star_rules import QuantileCuts, apply_rule

DRAWS = 400
STARS = 5
SETTINGS = DoubtSettings(draws=DRAWS, shrinkage=ShrinkageSettings(covariates=()))
ENDS = {
    "score": ("ci_low", "ci_high"),
    "empirical Bayes": ("ci_low", "ci_high"),
    "robust": ("robust_low", "robust_high"),
    "Fay-Herriot": ("fay_herriot_low", "fay_herriot_high"),
    "rank, redrawn": ("rank_low", "rank_high"),
    "rank, posterior": ("posterior_low", "posterior_high"),
    "rank, marginal set": ("marginal_low", "marginal_high"),
    "rank, simultaneous set": ("simultaneous_low", "simultaneous_high"),
}


def examine_survey(survey, seed):
    """Return what intervals cover and how long they are, and probabilities with what happened.

    Returns
    -------
    intervals : dict of str to (share covered, mean length)
        "all ranks at once" has 1 or 0 in place of a share.
    probabilities : dict of str to ndarray of shape (2, values)
        Probability of each star of each centre, and whether it is the true one.
    """
    draw_seed, rank_seed = seed.spawn(2)
    starred = survey.stars.frame[survey.stars.frame["withheld"] == ""]
    draws = draw_indices(
        survey.moments,
        survey.methodology,
        centres=list(starred["centre"]),
        draws=DRAWS,
        seed=draw_seed,
    )
    truth = survey.truth[starred["centre"]].to_numpy()
    ranks = assess_ranks(survey.stars, draws, survey.methodology, seed=rank_seed, settings=SETTINGS)
    return _cover(survey, starred, truth, ranks), _list_stars(survey, starred, truth, draws, ranks)


def _cover(survey, starred, truth, ranks):
    whole = survey.scores.frame
    only = replace(survey.scores, frame=whole[whole["kind"] == "index"])
    shrunken = assess_shrinkage(
        only, survey.methodology, register=survey.register, settings=SETTINGS
    )
    index = shrunken.centres[shrunken.centres["subject"] == "index"]
    country = ranks.frame[ranks.frame["scope"] == "country"]
    true_ranks = pd.Series(rank_scores(truth), index=starred["centre"].to_numpy())
    found = {}
    for name, ends in ENDS.items():
        frame, true = index, survey.truth
        if name == "score":
            frame = starred
        elif name.startswith("rank"):
            frame, true = country, true_ranks
        low, high = (frame[end].to_numpy(float) for end in ends)
        value = true[frame["centre"]].to_numpy()
        inside = (low <= value) & (value <= high)
        found[name] = (inside.mean(), (high - low).mean())
    found["all ranks at once"] = (float(found["rank, simultaneous set"][0] == 1), np.nan)
    return found


def _list_stars(survey, starred, truth, draws, ranks):
    """Return probabilities of stars by bands, of stars by quantiles, and of the top."""
    bands = survey.methodology.stars.bands
    doubt = assess_star_doubt(survey.stars, draws, survey.methodology, settings=SETTINGS)
    found = _pair(doubt, find_stars(truth, bands), ("normal", "draws", "shrunk"), "bands")
    rule = QuantileCuts.of_equal_shares(STARS)
    given = apply_rule(rule, starred["estimate"].to_numpy(float)).stars
    frame = survey.stars.frame.copy()
    frame.loc[frame["withheld"] == "", "star"] = given
    stars = replace(survey.stars, frame=frame)
    doubt = assess_star_doubt(stars, draws, survey.methodology, settings=SETTINGS, rule=rule)
    true = apply_rule(rule, truth).stars
    found |= _pair(doubt, true, ("normal", "draws", "shrunk"), "quantiles")
    country = ranks.frame[ranks.frame["scope"] == "country"].set_index("centre")
    top = country["p_top"][starred["centre"]].to_numpy(float)
    happened = rank_scores(truth) <= ranks.scopes["top_count"].iloc[0]
    found["top tenth, posterior"] = np.array([top, happened])
    return found


def _pair(doubt, true, routes, rule):
    happened = (true[:, None] == np.arange(1, STARS + 1)).ravel().astype(float)
    return {
        f"{rule}, {route}": np.array([doubt.probabilities[route].to_numpy(), happened])
        for route in routes
    }
