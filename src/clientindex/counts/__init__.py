"""One pass over responses to pair counts per centre, and the moments that follow from them."""

from clientindex.counts.accumulator import PairAccumulator, add_counts
from clientindex.counts.cells import (
    CellCounts,
    Cells,
    add_by,
    count_cells,
    find_levels,
    make_cells,
    name_age_bands,
)
from clientindex.counts.centre_moments import (
    CentreMoments,
    compute_centre_moments,
    compute_moments_from_totals,
)
from clientindex.counts.pair_counts import (
    ARRAYS,
    UNIT_COLUMNS,
    PairCounts,
    count_pairs,
    iterate_batches,
)
from clientindex.counts.resample import code_strata, draw_centre_weights, read_seed, split_task
from clientindex.counts.sums import (
    PairSums,
    compute_complete_sums,
    compute_correlation,
    compute_covariance,
    compute_pair_sums,
    keyed_values,
    point_values,
)
from clientindex.counts.weighted_moments import (
    Adjustment,
    compute_weighted_moments,
    find_groups,
)
from clientindex.counts.wire import (
    pack_counts,
    pack_units,
    sum_packed,
    unpack_counts,
    unpack_units,
)

__all__ = [
    "ARRAYS",
    "UNIT_COLUMNS",
    "Adjustment",
    "CellCounts",
    "Cells",
    "CentreMoments",
    "PairAccumulator",
    "PairCounts",
    "PairSums",
    "add_by",
    "add_counts",
    "code_strata",
    "compute_centre_moments",
    "compute_complete_sums",
    "compute_correlation",
    "compute_covariance",
    "compute_moments_from_totals",
    "compute_pair_sums",
    "compute_weighted_moments",
    "count_cells",
    "count_pairs",
    "draw_centre_weights",
    "find_groups",
    "find_levels",
    "iterate_batches",
    "keyed_values",
    "make_cells",
    "name_age_bands",
    "pack_counts",
    "pack_units",
    "point_values",
    "read_seed",
    "split_task",
    "sum_packed",
    "unpack_counts",
    "unpack_units",
]
