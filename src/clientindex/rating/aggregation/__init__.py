"""From indicator values to scores: normalisers, means of several kinds, missing values, levels.

Pure functions of arrays. A normaliser is fitted on data or stated, then applied (and inverted where
that is possible); means take weights, and tell how they change with each value.
"""

from clientindex.rating.aggregation.levels import (
    Aggregated,
    Level,
    aggregate_levels,
    compute_level_gradients,
)
from clientindex.rating.aggregation.linear import (
    LinearNormaliser,
    fit_distance_to_best,
    fit_min_max,
    fit_target,
    fit_z,
    make_goalposts,
)
from clientindex.rating.aggregation.means import Mean, compute_mean, compute_mean_gradient
from clientindex.rating.aggregation.missing import Completed, MissingRule, complete
from clientindex.rating.aggregation.order import OrderNormaliser, fit_order
from clientindex.rating.aggregation.share_of_best import ShareOfBest, fit_share_of_best

__all__ = [
    "Aggregated",
    "Completed",
    "Level",
    "LinearNormaliser",
    "Mean",
    "MissingRule",
    "OrderNormaliser",
    "ShareOfBest",
    "aggregate_levels",
    "complete",
    "compute_level_gradients",
    "compute_mean",
    "compute_mean_gradient",
    "fit_distance_to_best",
    "fit_min_max",
    "fit_order",
    "fit_share_of_best",
    "fit_target",
    "fit_z",
    "make_goalposts",
]
