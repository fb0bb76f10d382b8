"""The frames of the result, from stars and probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from clientindex.factors.intervals import compute_percentile_interval
from clientindex.rating.star_doubt.accuracy import find_certain
from clientindex.rating.star_doubt.distance import compute_cut_distances
from clientindex.rating.star_doubt.given import find_near
from clientindex.rating.star_rules import PeerGroups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.rating.star_doubt.drawn import Drawn, Hits
    from clientindex.rating.star_doubt.given import Given
    from clientindex.results import Stars

ALL_PEERS = "all"
ROUTES = ("normal", "draws", "shrunk")


def list_probabilities(
    starred: pd.DataFrame, given: Given, routes: dict[str, NDArray[np.float64]]
) -> pd.DataFrame:
    """Return a row a starred centre and star."""
    n, k = routes["normal"].shape
    return pd.DataFrame(
        {
            "centre": starred["centre"].repeat(k).to_numpy(),
            "star": as_stars(np.tile(given.labels, n)),
            **{route: routes[route].ravel() for route in ROUTES},
        }
    )


def as_stars(labels: NDArray[np.float64]) -> pd.api.extensions.ExtensionArray:
    """Return stars as nullable whole numbers, or as nullable floats where there are halves."""
    missing = ~np.isfinite(labels)
    known = np.where(missing, 1.0, labels)
    if (known == np.round(known)).all():
        return pd.arrays.IntegerArray(known.astype(np.int64), missing)
    return pd.arrays.FloatingArray(known, missing)


def list_centres(
    stars: Stars,
    given: Given,
    routes: dict[str, NDArray[np.float64]],
    leading: str,
    level: float,
    small_sample: int,
) -> pd.DataFrame:
    """Return every centre of the register, with the doubt of those that have a star."""
    frame = stars.frame[
        ["centre", "name", "region", "n", "estimate", "std_error", "star", "withheld"]
    ].reset_index(drop=True)
    there = (frame["withheld"] == "").to_numpy()
    own = np.arange(len(given.levels)), given.levels - 1
    columns = {f"p_star_{route}": routes[route][own] for route in ROUTES}
    columns["p_within_one"] = (routes[leading] * find_near(given)[given.levels - 1]).sum(axis=1)
    columns |= _measure_distances(given)
    for name, values in columns.items():
        frame[name] = np.full(len(frame), np.nan)
        frame.loc[there, name] = values
    sure = find_certain(routes[leading], given.levels, level=level)
    frame["certain"] = pd.array([pd.NA] * len(frame), dtype="boolean")
    frame.loc[there, "certain"] = sure
    n = frame["n"].to_numpy(float)
    small = pd.Series(n < small_sample, dtype="boolean").mask(np.isnan(n))
    frame.insert(4, "small_n", small)
    return frame[[name for name in frame if name != "withheld"] + ["withheld"]]


def _measure_distances(given: Given) -> dict[str, NDArray[np.float64]]:
    """Return distances to the cut points that can change the star that was given."""
    scores, errors, cuts = given.scores, given.std_errors, given.found.cuts
    found = compute_cut_distances(scores, errors, cuts=cuts)
    up, down = found.up.copy(), found.down.copy()
    capped = given.found.stars >= given.limits
    up[capped] = np.inf
    rows = np.hstack(
        [np.full((len(scores), 1), -np.inf), np.broadcast_to(cuts, (len(scores), cuts.shape[-1]))]
    )
    held = given.levels < given.found.stars
    down[held] = (scores - rows[np.arange(len(scores)), given.levels - 1])[held]
    with np.errstate(divide="ignore", invalid="ignore"):
        in_errors = [np.where(errors == 0, np.inf, points / errors) for points in (up, down)]
    return {
        "points_up": up,
        "points_down": down,
        "errors_up": in_errors[0],
        "errors_down": in_errors[1],
    }


def list_cuts(given: Given, drawn: Drawn, level: float) -> pd.DataFrame:
    """Return the cut points of the rule, with the interval of those of draws."""
    rule = given.rule
    peers: tuple[str, ...] = (ALL_PEERS,)
    cuts = np.atleast_2d(given.found.cuts)
    if isinstance(rule, PeerGroups):
        peers, cuts = rule.names, rule.find_group_cuts(given.scores)
    low = high = np.full(cuts.shape, np.nan)
    if drawn.cuts is not None:
        low, high = compute_percentile_interval(drawn.cuts, level)
    return pd.DataFrame(
        {
            "peer_group": np.repeat(peers, cuts.shape[1]),
            "star": as_stars(np.tile(given.labels[1:], len(cuts))),
            "cut": cuts.ravel(),
            "ci_low": low.ravel(),
            "ci_high": high.ravel(),
        }
    )


def summarise(
    given: Given, routes: dict[str, NDArray[np.float64]], drawn: Drawn, level: float
) -> pd.DataFrame:
    """Return what the probabilities of each route sum to."""
    rows = []
    n, own = len(given.levels), (np.arange(len(given.levels)), given.levels - 1)
    near = find_near(given)[given.levels - 1]
    for route in ROUTES:
        p = routes[route]
        if not np.isfinite(p).all():
            continue
        right, close = float(p[own].sum()), float((p * near).sum())
        errors = (0.0, 0.0, 0.0)
        if route == "draws" and drawn.stars is not None:
            errors = _find_mc_errors(p[own], drawn.hits, level)
        sure = int(find_certain(p, given.levels, level=level).sum())
        told = {
            "expected_accuracy": (right / n, errors[0] / n),
            "expected_within_one": (close / n, errors[1] / n),
            "expected_wrong": (n - right, errors[0]),
            "certain": (float(sure), errors[2]),
        }
        rows += [(route, name, *values, n) for name, values in told.items()]
    return pd.DataFrame(rows, columns=["route", "statistic", "estimate", "mc_error", "n"])


def _find_mc_errors(p: NDArray[np.float64], hits: Hits, level: float) -> tuple[float, float, float]:
    """Return the errors of the numbers of right, of near and of certain stars."""
    draws = len(hits.right)
    of_sums = [
        float(np.std(counted, ddof=1)) / np.sqrt(draws) for counted in (hits.right, hits.near)
    ]
    spread = np.sqrt(p * (1 - p) / draws)
    moving = spread > 0
    above = norm.cdf((p[moving] - level) / spread[moving])
    return of_sums[0], of_sums[1], float(np.sqrt((above * (1 - above)).sum()))


def tabulate(given: Given, probabilities: NDArray[np.float64]) -> pd.DataFrame:
    """Return the expected number of centres by star given and true star."""
    k = len(given.labels)
    table = np.zeros((k, k))
    np.add.at(table, given.levels - 1, probabilities)
    return pd.DataFrame(
        {
            "star": as_stars(np.repeat(given.labels, k)),
            "true_star": as_stars(np.tile(given.labels, k)),
            "centres": table.ravel(),
        }
    )
