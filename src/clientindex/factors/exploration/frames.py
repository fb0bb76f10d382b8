"""Arrays of a factor model told as frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.factors.exploration.verdicts import VERDICTS, find_places, judge
from clientindex.factors.intervals import compute_percentile_interval
from clientindex.factors.matching import compute_congruence, compute_group_squares
from clientindex.results.base import INDEX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.exploration.solve import Fitted, FittedReplicates, Plan
    from clientindex.methodology import Methodology

Frame = pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """A fitted model with its replicates and the words that name its parts."""

    plan: Plan
    fitted: Fitted
    replicates: FittedReplicates
    methodology: Methodology

    @property
    def indicators(self) -> tuple[str, ...]:
        """Keys of the K indicators."""
        return self.methodology.indicator_keys

    @property
    def level(self) -> float:
        """Level of the intervals."""
        return self.methodology.intervals.level


def tabulate_loadings(m: Material) -> Frame:
    """Tell pattern loadings with intervals, and structure coefficients."""
    solution = m.fitted.solution
    n_items, n_factors = solution.loadings.shape
    groups = [m.methodology.group_of(key) for key in m.indicators]
    return tabulate_stack(
        {
            "indicator": np.repeat(m.indicators, n_factors),
            "group": np.repeat(groups, n_factors),
            "factor": np.tile(m.plan.names, n_items),
        },
        solution.loadings,
        m.replicates.loadings,
        m.level,
    ).assign(structure=(solution.loadings @ solution.phi).ravel())


def tabulate_communalities(m: Material) -> Frame:
    """Tell communalities ``diag(L Phi L')`` with intervals, uniquenesses and Heywood cases."""
    communality = compute_communalities(m.fitted.solution.loadings, m.fitted.solution.phi)
    low, high = compute_percentile_interval(
        compute_communalities(m.replicates.loadings, m.replicates.phi), m.level
    )
    return Frame(
        {
            "indicator": m.indicators,
            "communality": communality,
            "uniqueness": 1 - communality,
            "ci_low": low,
            "ci_high": high,
            "heywood": m.fitted.extraction.heywood[0],
            "heywood_share": m.replicates.heywood.mean(axis=0),
        }
    )


def compute_communalities(
    loadings: NDArray[np.float64], phi: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute ``diag(L Phi L')`` of stacks of shape (..., K, F), (..., F, F)."""
    communalities: NDArray[np.float64] = np.sum((loadings @ phi) * loadings, axis=-1)
    return communalities


def tabulate_factor_correlations(m: Material) -> Frame:
    """Tell correlations of factors for every ordered pair."""
    names, phi = m.plan.names, m.fitted.solution.phi
    frame = tabulate_stack(
        {"factor": np.repeat(names, len(names)), "other": np.tile(names, len(names))},
        phi,
        m.replicates.phi,
        m.level,
    )
    same = frame["factor"] == frame["other"]
    return frame.assign(
        estimate=frame["estimate"].where(~same, 1.0),
        ci_low=frame["ci_low"].where(~same & m.plan.oblique),
        ci_high=frame["ci_high"].where(~same & m.plan.oblique),
    )


def tabulate_variance(m: Material) -> Frame:
    """Tell the variance of every factor, ``diag(Phi L' L)``, which sums to the communalities."""
    solution = m.fitted.solution
    n_items = len(solution.loadings)
    ss_loadings = compute_ss_loadings(solution.loadings, solution.phi)
    shares = compute_ss_loadings(m.replicates.loadings, m.replicates.phi) / n_items
    low, high = compute_percentile_interval(shares, m.level)
    return Frame(
        {
            "factor": m.plan.names,
            "matched_group": name_groups(m),
            "ss_loadings": ss_loadings,
            "share": ss_loadings / n_items,
            "ci_low": low,
            "ci_high": high,
        }
    )


def compute_ss_loadings(
    loadings: NDArray[np.float64], phi: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute ``diag(Phi L' L)`` of stacks of shape (..., K, F), (..., F, F)."""
    inner = np.swapaxes(loadings, -1, -2) @ loadings
    ss_loadings: NDArray[np.float64] = np.sum(phi * inner, axis=-1)
    return ss_loadings


def name_groups(m: Material) -> list[str]:
    """Name the group of every factor; the general one speaks of the index."""
    squares = compute_group_squares(m.fitted.solution.loadings, m.plan.membership)
    best = np.where(m.fitted.groups >= 0, m.fitted.groups, squares.argmax(axis=0))
    named = [m.methodology.group_keys[group] for group in best]
    return [INDEX, *named[1:]] if m.plan.has_general else named


def tabulate_residuals(
    r: NDArray[np.float64], implied: NDArray[np.float64], indicators: tuple[str, ...]
) -> Frame:
    """Tell observed and residual correlations of every pair (upper triangle)."""
    first, second = np.triu_indices(len(r), 1)
    keys = np.array(indicators)
    return Frame(
        {
            "indicator": keys[first],
            "other": keys[second],
            "observed": r[first, second],
            "residual": (r - implied)[first, second],
        }
    )


def tabulate_congruence(m: Material) -> Frame:
    """Tell Tucker's congruence of every factor with the pattern of every group."""
    pattern = m.plan.membership.T.astype(np.float64)
    keys = m.methodology.group_keys
    return tabulate_stack(
        {
            "factor": np.repeat(m.plan.names, len(keys)),
            "group": np.tile(keys, len(m.plan.names)),
        },
        compute_congruence(m.fitted.solution.loadings, pattern),
        compute_congruence(m.replicates.loadings, pattern),
        m.level,
    )


def tabulate_verdicts(m: Material) -> Frame:
    """Tell where every indicator loads, and how often replicates say the same."""
    places = find_places(m.plan.membership, m.fitted.groups, has_general=m.plan.has_general)
    salient = m.methodology.factors.salient_loading
    loadings = m.fitted.solution.loadings
    verdicts = judge(loadings, places, salient)
    own, _ = _pick_largest(loadings, places.own)
    other, position = _pick_largest(loadings, places.other)
    names = np.array(m.plan.names)
    return Frame(
        {
            "indicator": m.indicators,
            "group": [m.methodology.group_of(key) for key in m.indicators],
            "verdict": np.array(VERDICTS)[verdicts],
            "own_loading": own,
            "largest_other": other,
            "other_factor": np.where(np.isnan(other), "", names[position]),
            "share": np.mean(judge(m.replicates.loadings, places, salient) == verdicts, axis=0),
        }
    )


def _pick_largest(
    loadings: NDArray[np.float64], allowed: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return each row's largest allowed loading in absolute value (NaN if none) and its place."""
    sizes = np.where(allowed, np.abs(loadings), -1.0)
    position = sizes.argmax(axis=1)
    values = loadings[np.arange(len(loadings)), position]
    return np.where(allowed.any(axis=1), values, np.nan), position


def tabulate_stack(
    labels: dict[str, Any],
    estimate: NDArray[np.float64],
    replicates: NDArray[np.float64],
    level: float,
) -> Frame:
    """Tell an estimate with percentile intervals, in the order of its elements.

    Parameters
    ----------
    labels : dict of sequences
        Columns that say what each element is.
    estimate : ndarray
    replicates : ndarray of shape (R, *estimate.shape)
    level : float
    """
    low, high = compute_percentile_interval(replicates, level)
    return Frame(
        {
            **labels,
            "estimate": estimate.ravel(),
            "ci_low": low.ravel(),
            "ci_high": high.ravel(),
        }
    )
