"""Factors of each level, turned to the groups, and how alike they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.factors.exploration.solve import (
    Plan,
    compute_degrees_of_freedom,
    find_membership,
    fit_plan,
    fit_replicates,
)
from clientindex.factors.matching import compute_congruence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.exploration.solve import Fitted
    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelStructure:
    """Loadings of both levels in the order of the groups, with paired replicates.

    Attributes
    ----------
    within, between : ndarray of shape (K, G)
    within_replicates, between_replicates : ndarray of shape (R, K, G)
        Of the draws in which both levels converge.
    """

    within: NDArray[np.float64]
    between: NDArray[np.float64]
    within_replicates: NDArray[np.float64]
    between_replicates: NDArray[np.float64]

    @property
    def congruence(self) -> NDArray[np.float64]:
        """Tucker's congruence of each factor within and between, shape (G,)."""
        return _match(self.within, self.between)

    @property
    def congruence_replicates(self) -> NDArray[np.float64]:
        """The same in every replicate, shape (R, G)."""
        return _match(self.within_replicates, self.between_replicates)


def fit_structure(
    within: tuple[NDArray[np.float64], NDArray[np.float64]],
    between: tuple[NDArray[np.float64], NDArray[np.float64]],
    methodology: Methodology,
) -> LevelStructure | None:
    """Fit minres factors to the correlations of both levels and rotate them to the groups.

    Parameters
    ----------
    within, between : tuple of ndarray
        Correlation matrix (K, K) and replicates (R, K, K), positive definite, drawn together.

    Returns
    -------
    LevelStructure or None
        None where there are more groups than the indicators carry, a level does not converge, or
        its loadings carry fewer factors.
    """
    plan = Plan(
        n_factors=len(methodology.groups),
        method="minres",
        rotation="target",
        membership=find_membership(methodology),
    )
    levels = (within, between)
    if compute_degrees_of_freedom(len(within[0]), plan.n_factors) < 0:
        return None
    try:
        fits = [fit_plan(level[0], plan) for level in levels]
        pairs = zip(levels, fits, strict=True)
        drawn = [fit_replicates(level[1], fit, plan) for level, fit in pairs]
    except StatisticsError:
        return None
    _, *places = np.intersect1d(drawn[0].rows, drawn[1].rows, return_indices=True)
    paired = [found.loadings[place] for found, place in zip(drawn, places, strict=True)]
    orders = [_order(fit) for fit in fits]
    return LevelStructure(
        within=fits[0].solution.loadings[:, orders[0]],
        between=fits[1].solution.loadings[:, orders[1]],
        within_replicates=paired[0][:, :, orders[0]],
        between_replicates=paired[1][:, :, orders[1]],
    )


def _order(fitted: Fitted) -> NDArray[np.intp]:
    """Return the columns in the order of the groups."""
    return np.argsort(fitted.groups, kind="stable")


def _match(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.diagonal(compute_congruence(first, second), axis1=-2, axis2=-1)
