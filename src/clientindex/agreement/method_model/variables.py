"""Which indicators enter the model, and which centres: everything that the others lack is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.agreement.decomposition.levels import take_measured_twice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.agreement.decomposition.levels import MeasuredTwice
    from clientindex.agreement.sources import TwoSources
    from clientindex.methodology import Methodology

INDICATOR, GROUP = "indicator", "group"

NO_VARIANCE_LEFT = "no_variance_left"
NO_INDICATORS = "no_indicators"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """The K indicators of the model.

    Attributes
    ----------
    indicators : tuple of str of length K
        Keys, group by group.
    groups : tuple of str of length G
    group_of : int ndarray of shape (K,)
        Position of each indicator's group.
    places : int ndarray of shape (K,)
        Positions among the scores of both sources.
    left_out : DataFrame
        ``statistic`` ("indicator" or "group"), ``reason``, ``detail`` (its key).
    """

    indicators: tuple[str, ...]
    groups: tuple[str, ...]
    group_of: NDArray[np.intp]
    places: NDArray[np.intp]
    left_out: pd.DataFrame


def choose_indicators(
    sources: TwoSources, methodology: Methodology, faults: dict[str, str]
) -> Chosen:
    """Choose the indicators without a fault, and the groups that keep one at least.

    Parameters
    ----------
    sources : TwoSources
    methodology : Methodology
    faults : dict
        Reason by key of an indicator.
    """
    kept = [(g.key, i) for g in methodology.groups for i in g.indicators if i not in faults]
    groups = tuple(dict.fromkeys(group for group, _ in kept))
    lost = [key for key in methodology.group_keys if key not in groups]
    rows = [
        (INDICATOR, faults[i], i) for g in methodology.groups for i in g.indicators if i in faults
    ]
    rows += [(GROUP, NO_INDICATORS, key) for key in lost]
    at = {key: int(place) for key, place in _place_indicators(sources).items()}
    return Chosen(
        indicators=tuple(key for _, key in kept),
        groups=groups,
        group_of=np.array([groups.index(group) for group, _ in kept], dtype=np.intp),
        places=np.array([at[key] for _, key in kept], dtype=np.intp),
        left_out=pd.DataFrame(rows, columns=["statistic", "reason", "detail"], dtype="str"),
    )


def count_df(sources: TwoSources, chosen: Chosen, *, removed: bool) -> int:
    """Count the centres that :func:`take_centres` would take, less their regions."""
    survey, checklist, sampling = _select(sources, chosen, removed=removed)
    complete = np.isfinite(survey).all(axis=1) & np.isfinite(checklist).all(axis=1)
    complete &= np.isfinite(sampling).all(axis=(1, 2))
    return int(complete.sum()) - len(np.unique(sources.region_codes[complete]))


def take_centres(sources: TwoSources, chosen: Chosen, *, removed: bool) -> MeasuredTwice:
    """Take the centres with all chosen indicators by both sources.

    Parameters
    ----------
    removed : bool
        Whether to take the survey's sampling covariance along; else it is zero.

    Raises
    ------
    StatisticsError
        When fewer than two indicators, or too few centres, are complete.
    """
    survey, checklist, sampling = _select(sources, chosen, removed=removed)
    return take_measured_twice(survey, checklist, sampling=sampling, regions=sources.region_codes)


def _select(
    sources: TwoSources, chosen: Chosen, *, removed: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    at = chosen.places
    sampling = sources.covariance[:, at[:, None], at]
    taken = sampling if removed else np.zeros_like(sampling)
    return sources.survey[:, at], sources.checklist[:, at], taken


def _place_indicators(sources: TwoSources) -> dict[str, np.intp]:
    return dict(zip(sources.keys("indicator"), sources.places("indicator"), strict=True))
