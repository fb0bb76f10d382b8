"""Means of regions, variance between them, and funnels with over-dispersion.

`weighted`, `components`, `overdispersion` and `unusual` are functions of arrays that know no file
or label; `room` puts them to the scores of an edition.
"""

from clientindex.rating.regional.components import NestedComponents, fit_components
from clientindex.rating.regional.overdispersion import (
    Overdispersion,
    compute_winsorised_mean_square,
    estimate_overdispersion,
)
from clientindex.rating.regional.room import profile_regions
from clientindex.rating.regional.unusual import Unusual, compute_limits, find_unusual
from clientindex.rating.regional.weighted import WeightedMean, average_weighted

__all__ = [
    "NestedComponents",
    "Overdispersion",
    "Unusual",
    "WeightedMean",
    "average_weighted",
    "compute_limits",
    "compute_winsorised_mean_square",
    "estimate_overdispersion",
    "find_unusual",
    "fit_components",
    "profile_regions",
]
