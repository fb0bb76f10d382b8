"""The rules that need the matrix alone, over the sample and all its replicates at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.factors.number.acceleration import choose_bend, compute_accelerations
from clientindex.factors.number.empirical_kaiser import compute_kaiser_references
from clientindex.factors.number.factor_fits import fit_factors
from clientindex.factors.number.hull import choose_hull, compute_common_parts
from clientindex.factors.number.parallel import compute_eigenvalues, count_leading
from clientindex.factors.number.partial_average import choose_smallest, compute_partial_averages
from clientindex.factors.number.rule_votes import RuleVotes
from clientindex.factors.number.simple_structure import choose_best, compute_simple_fits
from clientindex.factors.number.varimax import rotate_varimax

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAP_POWERS = {"map": 2, "map_revised": 4}
COMPLEXITIES = {"vss_1": 1, "vss_2": 2}


def vote_by_matrix(r: NDArray[np.float64], n: int) -> list[RuleVotes]:
    """Vote by MAP, the empirical Kaiser criterion and the acceleration factor.

    Parameters
    ----------
    r : ndarray of shape (1 + R, K, K)
        The sample's correlations, then its replicates'.
    n : int
    """
    eigenvalues = compute_eigenvalues(r, "components")
    found = []
    averages = compute_partial_averages(r)
    for rule, power in MAP_POWERS.items():
        votes = choose_smallest(averages[power])
        found.append(RuleVotes(rule=rule, votes=votes, values=averages[power][0], first=0))
    references = compute_kaiser_references(eigenvalues, n)
    bends = compute_accelerations(eigenvalues)
    found += [
        RuleVotes(
            rule="empirical_kaiser",
            votes=count_leading(eigenvalues, references),
            values=references[0],
        ),
        RuleVotes(rule="acceleration", votes=choose_bend(bends), values=bends[0]),
    ]
    return found


def vote_by_fits(
    r: NDArray[np.float64], *, n_tried: int, parallel: NDArray[np.float64]
) -> list[RuleVotes]:
    """Vote by Hull and by very simple structure of complexities 1 and 2.

    Parameters
    ----------
    r : ndarray of shape (1 + R, K, K)
    n_tried : int
        Largest number of factors fitted; may be 0.
    parallel : ndarray of shape (1 + R,)
        Votes of parallel analysis, from which Hull takes its bound.
    """
    fits = fit_factors(r, n_tried)
    parts = compute_common_parts(r, fits)
    hull, scree = choose_hull(parts, r.shape[1], parallel=parallel)
    found = [RuleVotes(rule="hull", votes=hull, values=scree[0], first=0)]
    rotated = [rotate_varimax(loadings) for loadings in fits]
    for rule, complexity in COMPLEXITIES.items():
        simple = compute_simple_fits(r, rotated, complexity=complexity)
        found.append(RuleVotes(rule=rule, votes=choose_best(simple), values=simple[0]))
    return found
