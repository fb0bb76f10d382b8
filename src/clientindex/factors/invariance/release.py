"""Score tests of equality: what a parameter would add to the fit if parts could differ in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.confirmatory.modification import compute_residual_statistics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.fit import ConfirmatoryFit
    from clientindex.factors.invariance.specs import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The score test of letting parts differ in one parameter.

    Attributes
    ----------
    key : tuple of str
        ``lhs``, ``op``, ``rhs``.
    mi : float
        Chi-square with as many degrees of freedom as there are parts less one.
    """

    key: Key
    mi: float


def compute_releases(fit: ConfirmatoryFit, keys: Iterable[Key]) -> tuple[Release, ...]:
    r"""Compute the score test of every equality, the largest first.

    A parameter shared by all parts has one column in the Jacobian; the column of one part is its
    rows of that part. With ``C`` the columns of all parts but the first, ``r`` the residuals of the
    statistics and ``V = C'WC - C'W\Delta(\Delta'W\Delta)^{-1}\Delta'WC``, the test is
    ``(C'Wr)' V^{-1} (C'Wr)``. Agrees with lavaan's ``lavTestScore()``.

    Parameters
    ----------
    fit : ConfirmatoryFit
        With the equalities.
    keys : iterable of tuple
        Parameters that are equal in all parts.
    """
    blocks = _locate_parts(fit)
    residual = fit.weight @ compute_residual_statistics(fit)
    information = np.asarray(
        np.linalg.pinv(fit.jacobian.T @ fit.weight @ fit.jacobian, hermitian=True), dtype=np.float64
    )
    tests = [_test(fit, key, blocks, residual, information) for key in keys]
    return tuple(sorted(tests, key=lambda test: -test.mi))


def _locate_parts(fit: ConfirmatoryFit) -> list[NDArray[np.bool_]]:
    """Return which rows of the Jacobian belong to each part."""
    owner = np.repeat(np.arange(len(fit.moments)), [len(m.statistics) for m in fit.moments])
    return [owner == part for part in range(len(fit.moments))]


def _test(
    fit: ConfirmatoryFit,
    key: Key,
    blocks: list[NDArray[np.bool_]],
    residual: NDArray[np.float64],
    information: NDArray[np.float64],
) -> Release:
    place = next(
        position
        for position, parameter in enumerate(fit.spec.parameters)
        if (parameter.lhs, parameter.op, parameter.rhs) == key
    )
    shared = fit.jacobian[:, fit.position[place]]
    columns = np.column_stack([np.where(rows, shared, 0.0) for rows in blocks[1:]])
    weighted = fit.weight @ columns
    cross = fit.jacobian.T @ weighted
    left = columns.T @ weighted - cross.T @ information @ cross
    score = columns.T @ residual
    return Release(key=key, mi=float(score @ np.linalg.pinv(left, hermitian=True) @ score))
