"""One pass over responses to pair counts per centre, and the moments that follow from them."""

from clientindex.counts.centre_moments import (
    CentreMoments,
    compute_centre_moments,
    compute_moments_from_totals,
)
from clientindex.counts.pair_counts import PairCounts, add_counts, count_pairs, iterate_batches
from clientindex.counts.resample import code_strata, draw_centre_weights, read_seed
from clientindex.counts.sums import (
    PairSums,
    compute_complete_sums,
    compute_correlation,
    compute_covariance,
    compute_pair_sums,
    keyed_values,
    point_values,
)

__all__ = [
    "CentreMoments",
    "PairCounts",
    "PairSums",
    "add_counts",
    "code_strata",
    "compute_centre_moments",
    "compute_complete_sums",
    "compute_correlation",
    "compute_covariance",
    "compute_moments_from_totals",
    "compute_pair_sums",
    "count_pairs",
    "draw_centre_weights",
    "iterate_batches",
    "keyed_values",
    "point_values",
    "read_seed",
]
