"""Rotations of factor loadings: gradient projection of our own, and factor_analyzer's."""

from clientindex.factors.rotation.rotate import (
    ORTHOGONAL,
    ROTATIONS,
    Rotation,
    SolutionStack,
    rotate,
    rotate_replicates,
)
from clientindex.factors.solution import Solution

__all__ = [
    "ORTHOGONAL",
    "ROTATIONS",
    "Rotation",
    "Solution",
    "SolutionStack",
    "rotate",
    "rotate_replicates",
]
