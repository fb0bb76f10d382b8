"""Ranks and their doubt: redrawn ranks, and confidence sets of one centre or of all together.

Scores and their errors are arrays; a rank is 1 for the largest score, ties share the smallest, and
scores equal to :data:`clientindex.rating.bands.TIE_DECIMALS` decimals are tied. `room` puts
them to the stars of an edition.
"""

from clientindex.rating.ranks.best import (
    find_certain_best,
    find_possible_best,
    find_possible_worst,
)
from clientindex.rating.ranks.confidence import (
    RankSets,
    compute_marginal_sets,
    compute_simultaneous_sets,
)
from clientindex.rating.ranks.intervals import RankIntervals, compute_rank_intervals, count_top
from clientindex.rating.ranks.sampling import (
    SamplingErrors,
    draw_dependent,
    draw_independent,
    take_replicates,
)

__all__ = [
    "RankIntervals",
    "RankSets",
    "SamplingErrors",
    "compute_marginal_sets",
    "compute_rank_intervals",
    "compute_simultaneous_sets",
    "count_top",
    "draw_dependent",
    "draw_independent",
    "find_certain_best",
    "find_possible_best",
    "find_possible_worst",
    "take_replicates",
]
