"""Rake one scope after another, and keep how each ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.counts import add_by
from clientindex.rating.answer_weights.posing import pose_problem
from clientindex.rating.answer_weights.raking import (
    TRIM_ROOM,
    Fit,
    rake_respondents,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.methodology.answer_weights_settings import AnswerWeightsSettings
    from clientindex.rating.answer_weights.known_margins import KnownMargin
    from clientindex.rating.answer_weights.posing import Problem
    from clientindex.rating.answer_weights.raking import Margins
    from clientindex.rating.answer_weights.scopes import Scope, ScopeCells

NO_MARGIN = "no_margin"
NOT_CONVERGED = "not_converged"
LIMIT_REACHED = "limit_reached"

LeftOut = tuple[str, str, str, str, str, str]
"""Scope, segment, trait, level, reason, detail."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScopeOutcome:
    """How raking ended in a scope of P respondents.

    Attributes
    ----------
    scope : str
    cells : ScopeCells
    problem : Problem
    fit : Fit
    weight : ndarray of shape (P,)
        Weights to use: raked ones, or those before.
    cell_weight : ndarray of shape (h,)
        Their sums by cell.
    n_cut : int
        Weights that stand at the limit.
    raked : bool
        Whether `weight` are raked ones.
    """

    scope: str
    cells: ScopeCells
    problem: Problem
    fit: Fit
    weight: NDArray[np.float64]
    cell_weight: NDArray[np.float64]
    n_cut: int
    raked: bool

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """What could not be met."""
        rows: list[LeftOut] = [(self.scope, *row) for row in self.problem.left_out]
        if self.problem.margins is not None and not self.fit.converged:
            reason = LIMIT_REACHED if self.raked else NOT_CONVERGED
            rows.append((self.scope, "", "", "", reason, f"{self.fit.gap:.3g}"))
        return tuple(rows)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Raking:
    """All scopes raked.

    Attributes
    ----------
    base, weight : ndarray of shape (N,)
        Weights of all respondents before and after.
    outcomes : tuple of ScopeOutcome
        Of the scopes with margins.
    left_out : tuple of tuple of str
    """

    base: NDArray[np.float64]
    weight: NDArray[np.float64]
    outcomes: tuple[ScopeOutcome, ...]
    left_out: tuple[LeftOut, ...]


def rake_scopes(
    scopes: Iterable[Scope],
    known: Mapping[str, Sequence[KnownMargin]],
    base: NDArray[np.float64],
    *,
    settings: AnswerWeightsSettings,
) -> Raking:
    """Rake every scope that has margins.

    Parameters
    ----------
    scopes : iterable of Scope
    known : mapping of str to sequence of KnownMargin
        Margins by scope.
    base : ndarray of shape (N,)
        Weights of all respondents before raking.
    settings : AnswerWeightsSettings
    """
    weight = base.astype(np.float64)
    outcomes: list[ScopeOutcome] = []
    left_out: list[LeftOut] = []
    for scope in scopes:
        margins = known.get(scope.name, ())
        there = {margin.trait for margin in margins}
        lacking = [trait for trait in settings.traits if trait not in there]
        left_out += [(scope.name, "", trait, "", NO_MARGIN, "") for trait in lacking]
        if margins:
            outcome = rake_scope(scope, margins, settings=settings)
            weight[scope.people] = outcome.weight
            outcomes.append(outcome)
            left_out += outcome.left_out
    return Raking(base=base, weight=weight, outcomes=tuple(outcomes), left_out=tuple(left_out))


def rake_scope(
    scope: Scope, margins: Sequence[KnownMargin], *, settings: AnswerWeightsSettings
) -> ScopeOutcome:
    """Rake the respondents of one scope; where that fails they keep their weights.

    Parameters
    ----------
    scope : Scope
    margins : sequence of KnownMargin
    settings : AnswerWeightsSettings
    """
    collapse = settings.empty_level == "collapse"
    problem = pose_problem(margins, scope.cells, collapse=collapse)
    weight, fit, n_cut = scope.weight, Fit(iterations=0, gap=np.nan, converged=False), 0
    if problem.margins is not None:
        weight, fit = _fit(scope, problem.margins, settings)
        n_cut = _count_cut(weight, settings.trim)
    raked = fit.converged or n_cut > 0
    used = weight if raked else scope.weight
    return ScopeOutcome(
        scope=scope.name,
        cells=scope.cells,
        problem=problem,
        fit=fit,
        weight=used,
        cell_weight=add_by(scope.cell_of, used, len(scope.cells.at)),
        n_cut=n_cut,
        raked=raked,
    )


def _fit(
    scope: Scope, margins: Margins, settings: AnswerWeightsSettings
) -> tuple[NDArray[np.float64], Fit]:
    return rake_respondents(
        scope.weight,
        scope.cell_of,
        margins,
        limit=settings.trim,
        tolerance=settings.tolerance,
        max_iterations=settings.max_iterations,
    )


def _count_cut(weight: NDArray[np.float64], limit: float | None) -> int:
    """Return the number of weights at the limit."""
    if limit is None:
        return 0
    return int((weight >= limit * weight.mean() * (1 - TRIM_ROOM)).sum())
