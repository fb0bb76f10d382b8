"""A rotated factor model of the whole sample, its factors in the order of the groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.exploration.extract import Method, extract, extract_stack
from clientindex.factors.matching import assign_groups, find_alignment, find_signs
from clientindex.factors.rotation import ORTHOGONAL, Rotation, Solution, rotate, rotate_replicates
from clientindex.factors.rotation.rotate import find_target_groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.exploration.newton import Extraction
    from clientindex.methodology import Methodology

GENERAL = "general"
"""Name of the factor that all indicators share."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """A factor model that is asked for.

    A bifactor rotation has a general factor beside `n_factors` group factors, so it is fitted with
    one factor more.

    Attributes
    ----------
    n_factors : int
        Factors without the general one.
    method : str
    rotation : str
    membership : bool ndarray of shape (G, K)
    """

    n_factors: int
    method: Method
    rotation: Rotation
    membership: NDArray[np.bool_]

    @property
    def has_general(self) -> bool:
        """Whether the first factor is a general one."""
        return self.rotation == "bifactor"

    @property
    def n_columns(self) -> int:
        """Factors with the general one."""
        return self.n_factors + self.has_general

    @property
    def oblique(self) -> bool:
        """Whether factors may be correlated."""
        return self.rotation not in ORTHOGONAL

    @property
    def names(self) -> list[str]:
        """Names of the factors."""
        numbered = [f"F{number}" for number in range(1, self.n_factors + 1)]
        return [GENERAL, *numbered] if self.has_general else numbered


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """A factor model of the whole sample.

    Attributes
    ----------
    extraction : Extraction
        Of one matrix.
    solution : Solution
        Ordered and signed.
    groups : int ndarray of shape (F,)
        Position of each factor's group; -1 for the general factor and those left over.
    """

    extraction: Extraction
    solution: Solution
    groups: NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedReplicates:
    """Rotated models of the R bootstrap replicates that converge, aligned to the whole sample.

    Attributes
    ----------
    loadings : ndarray of shape (R, K, F)
    phi : ndarray of shape (R, F, F)
    heywood : bool ndarray of shape (R, K)
    rows : int ndarray of shape (R,)
        Which of the given replicates these are.
    """

    loadings: NDArray[np.float64]
    phi: NDArray[np.float64]
    heywood: NDArray[np.bool_]
    rows: NDArray[np.intp]


def find_membership(methodology: Methodology) -> NDArray[np.bool_]:
    """Return which indicator belongs to which group, shape (G, K)."""
    owner = np.array([methodology.group_of(key) for key in methodology.indicator_keys])
    return np.array([owner == group for group in methodology.group_keys])


def compute_degrees_of_freedom(n_items: int, n_factors: int) -> int:
    """Compute ``((K - F)^2 - (K + F)) / 2``: correlations less free parameters."""
    return ((n_items - n_factors) ** 2 - (n_items + n_factors)) // 2


def fit_plan(r: NDArray[np.float64], plan: Plan) -> Fitted:
    """Fit, rotate and order a factor model of one correlation matrix.

    Raises
    ------
    StatisticsError
        If the model or its rotation does not converge.
    """
    extraction = extract(r, n_factors=plan.n_columns, method=plan.method)
    rotated = rotate(extraction.loadings[0], plan.rotation, membership=plan.membership)
    order, signs, groups = _arrange(rotated, extraction.loadings[0], plan)
    return Fitted(extraction=extraction, solution=rotated.reorder(order, signs), groups=groups)


def _arrange(
    rotated: Solution, unrotated: NDArray[np.float64], plan: Plan
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
    """Return order, signs and groups; the general factor is first, targets keep their places."""
    loadings, membership = rotated.loadings, plan.membership
    if plan.rotation == "target" and plan.n_factors > 1:
        groups = find_target_groups(unrotated, membership)
        return np.arange(len(groups)), find_signs(loadings, membership, groups), groups
    if not plan.has_general:
        found = assign_groups(loadings, membership)
        return found.order, found.signs, found.groups
    found = assign_groups(loadings[:, 1:], membership)
    groups = np.concatenate([[-1], found.groups])
    first = find_signs(loadings[:, :1], membership, groups[:1])
    return (
        np.concatenate([[0], found.order + 1]),
        np.concatenate([first, found.signs]),
        groups,
    )


def fit_replicates(
    correlations: NDArray[np.float64], fitted: Fitted, plan: Plan
) -> FittedReplicates:
    """Fit and rotate bootstrap replicates and align their factors to the whole sample.

    Parameters
    ----------
    correlations : ndarray of shape (R, K, K)
    fitted : Fitted
    plan : Plan

    Returns
    -------
    FittedReplicates
        Those that converge.
    """
    sample = fitted.extraction
    found = extract_stack(
        correlations, n_factors=plan.n_columns, method=plan.method, start=sample.uniquenesses[0]
    )
    usable = found.converged
    rotated = rotate_replicates(
        found.loadings[usable],
        plan.rotation,
        unrotated=sample.loadings[0],
        reference=fitted.solution,
        membership=plan.membership,
    )
    loadings, phi = align_stack(
        fitted.solution.loadings,
        rotated.loadings[rotated.converged],
        rotated.phi[rotated.converged],
        fixed=count_fixed(plan),
    )
    heywood = found.heywood[usable][rotated.converged]
    rows = np.flatnonzero(usable)[rotated.converged]
    return FittedReplicates(loadings=loadings, phi=phi, heywood=heywood, rows=rows)


def count_fixed(plan: Plan) -> int:
    """Count the first factors whose place the rotation itself fixes."""
    if plan.rotation == "target":
        return plan.n_factors
    return int(plan.has_general)


def align_stack(
    reference: NDArray[np.float64],
    loadings: NDArray[np.float64],
    phi: NDArray[np.float64],
    *,
    fixed: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Permute and sign the factors of R replicates; the first `fixed` are only signed.

    Parameters
    ----------
    reference : ndarray of shape (K, F)
    loadings : ndarray of shape (R, K, F)
    phi : ndarray of shape (R, F, F)
    fixed : int

    Returns
    -------
    loadings, phi : ndarrays of the same shapes
    """
    orders = np.tile(np.arange(reference.shape[1]), (len(loadings), 1))
    for row, replicate in enumerate(loadings):
        order, _ = find_alignment(reference[:, fixed:], replicate[:, fixed:])
        orders[row, fixed:] = order + fixed
    ordered = np.take_along_axis(loadings, orders[:, None, :], axis=2)
    signs = np.where(np.einsum("kf,rkf->rf", reference, ordered) < 0, -1.0, 1.0)
    turned = np.take_along_axis(phi, orders[:, :, None], axis=1)
    turned = np.take_along_axis(turned, orders[:, None, :], axis=2)
    return ordered * signs[:, None, :], turned * signs[:, :, None] * signs[:, None, :]
