"""One entry to every rotation of a loading matrix, and its twin for bootstrap replicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.factors.adapter import rotate_loadings
from clientindex.factors.matching import assign_groups
from clientindex.factors.rotation import criteria
from clientindex.factors.rotation.gradient_projection import RotationStack, project_gradient
from clientindex.factors.rotation.promax import rotate_promax, rotate_varimax
from clientindex.factors.rotation.starts import carry_start, draw_starts, find_transformation
from clientindex.factors.rotation.target import build_target
from clientindex.factors.solution import Solution

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.rotation.criteria import Criterion

Rotation = Literal["oblimin", "promax", "varimax", "geomin", "bifactor", "target", "none"]

ROTATIONS: tuple[Rotation, ...] = (
    "oblimin",
    "promax",
    "varimax",
    "geomin",
    "bifactor",
    "target",
)
"""All rotations, in the order in which they are compared."""

ORTHOGONAL: tuple[Rotation, ...] = ("varimax", "bifactor", "none")
"""Rotations whose factors are not correlated."""

EQUAL_VALUE = 1e-8
"""Criteria that differ by less are the same minimum; the first start that found it is taken."""


def rotate(
    loadings: NDArray[np.float64], rotation: Rotation, *, membership: NDArray[np.bool_]
) -> Solution:
    """Rotate unrotated loadings.

    Oblimin (gamma 0), promax (power 4) and varimax come from factor_analyzer; promax and varimax
    normalise rows. Geomin (oblique, delta 0.01), bifactor (orthogonal bi-quartimin of Jennrich and
    Bentler 2011, the general factor first) and target (oblique, zeros where an indicator is not in
    the group of the factor) are found by gradient projection from random starts, the lowest
    criterion of which is taken. One factor is not rotated.

    Parameters
    ----------
    loadings : ndarray of shape (K, F)
    rotation : {"oblimin", "promax", "varimax", "geomin", "bifactor", "target", "none"}
    membership : bool ndarray of shape (G, K)
        Which indicator belongs to which group; only target looks at it.

    Returns
    -------
    Solution

    Raises
    ------
    StatisticsError
        If the loadings cannot be rotated or the rotation does not converge.
    """
    n_factors = loadings.shape[1]
    if rotation == "none" or n_factors == 1:
        return Solution(loadings=loadings, phi=np.eye(n_factors))
    if rotation in ("oblimin", "promax", "varimax"):
        return rotate_loadings(loadings, rotation)
    criterion = _find_criterion(rotation, loadings, membership)
    starts = draw_starts(n_factors)
    stack = project_gradient(
        np.broadcast_to(loadings, (len(starts), *loadings.shape)),
        starts,
        criterion,
        oblique=rotation not in ORTHOGONAL,
    )
    return _take_lowest(stack, rotation)


def find_target_groups(
    loadings: NDArray[np.float64], membership: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Find the group that each factor of a target rotation aims at, -1 for none, shape (F,).

    The groups in their order; where there are more groups than factors, those that varimax finds.
    """
    n_factors, n_groups = loadings.shape[1], len(membership)
    if n_factors < n_groups:
        varimax = rotate_varimax(loadings[None], np.eye(n_factors)[None]).loadings[0]
        return np.sort(assign_groups(varimax, membership).groups)
    return np.where(np.arange(n_factors) < n_groups, np.arange(n_factors), -1)


def _find_criterion(
    rotation: Rotation, loadings: NDArray[np.float64], membership: NDArray[np.bool_]
) -> Criterion:
    if rotation == "target":
        groups = find_target_groups(loadings, membership)
        return criteria.TargetCriterion(build_target(membership, groups))
    return {
        "oblimin": criteria.oblimin,
        "geomin": criteria.geomin,
        "bifactor": criteria.bifactor,
    }[rotation]


def _take_lowest(stack: RotationStack, rotation: Rotation) -> Solution:
    if not stack.converged.any():
        msg = f"the {rotation} rotation did not converge from any of {len(stack.values)} starts"
        raise StatisticsError(msg)
    values = np.where(stack.converged, stack.values, np.inf)
    first = int(np.argmax(values <= values.min() + EQUAL_VALUE))
    return Solution(loadings=stack.loadings[first], phi=stack.phi[first])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SolutionStack:
    """Rotated solutions of R replicates.

    Attributes
    ----------
    loadings : ndarray of shape (R, K, F)
    phi : ndarray of shape (R, F, F)
    converged : bool ndarray of shape (R,)
    """

    loadings: NDArray[np.float64]
    phi: NDArray[np.float64]
    converged: NDArray[np.bool_]


def rotate_replicates(
    replicates: NDArray[np.float64],
    rotation: Rotation,
    *,
    unrotated: NDArray[np.float64],
    reference: Solution,
    membership: NDArray[np.bool_],
) -> SolutionStack:
    """Rotate the unrotated loadings of bootstrap replicates, each from the full sample's place.

    All rotations are gradient projections here; they equal those of :func:`rotate` to 1e-6.

    Parameters
    ----------
    replicates : ndarray of shape (R, K, F)
    rotation : str
    unrotated : ndarray of shape (K, F)
        Unrotated loadings of the full sample.
    reference : Solution
        Their rotation.
    membership : bool ndarray of shape (G, K)

    Returns
    -------
    SolutionStack

    Raises
    ------
    StatisticsError
        If loadings cannot be rotated.
    """
    n_factors = unrotated.shape[1]
    if rotation == "none" or n_factors == 1:
        return _keep(replicates)
    if rotation in ("promax", "varimax"):
        axes = rotate_varimax(unrotated[None], np.eye(n_factors)[None]).transformations[0]
        starts = carry_start(unrotated, replicates, axes)
        if rotation == "promax":
            loadings, phi, converged = rotate_promax(replicates, starts)
            return SolutionStack(loadings=loadings, phi=phi, converged=converged)
        stack = rotate_varimax(replicates, starts)
    else:
        transformation = find_transformation(unrotated, reference.loadings)
        starts = carry_start(unrotated, replicates, transformation)
        criterion = _find_criterion(rotation, unrotated, membership)
        oblique = rotation not in ORTHOGONAL
        stack = project_gradient(replicates, starts, criterion, oblique=oblique)
    return SolutionStack(loadings=stack.loadings, phi=stack.phi, converged=stack.converged)


def _keep(replicates: NDArray[np.float64]) -> SolutionStack:
    n_replicates, _, n_factors = replicates.shape
    return SolutionStack(
        loadings=replicates,
        phi=np.broadcast_to(np.eye(n_factors), (n_replicates, n_factors, n_factors)),
        converged=np.ones(n_replicates, dtype=bool),
    )
