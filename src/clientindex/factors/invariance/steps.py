"""Ever more equal models of several parts, each compared with the one before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.confirmatory.nested import compare_nested
from clientindex.factors.invariance.release import compute_releases
from clientindex.factors.invariance.specs import build_step, list_equalities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.factors.confirmatory.fit import ConfirmatoryFit, Estimator
    from clientindex.factors.confirmatory.nested import Difference
    from clientindex.factors.invariance.specs import Key, Step, StepDesign
    from clientindex.factors.moments import SampleMoments
    from clientindex.methodology import Methodology

MAX_FREED = 5
"""Parameters that the search for partial invariance frees at most in a step; more than a quarter of
the loadings differing is no longer partial invariance."""

FITTED = ("ok", "heywood")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedStep:
    """One step.

    Attributes
    ----------
    step : str
    fit : ConfirmatoryFit
    difference : Difference or None
        From the step before with its freed parameters; None for the first.
    holds : bool or None
    freed : tuple of Freed
    """

    step: Step
    fit: ConfirmatoryFit
    difference: Difference | None
    holds: bool | None
    freed: tuple[Freed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """A parameter that the search let differ, and where the fit stood then."""

    key: Key
    mi: float
    delta_cfi: float
    holds: bool


def fit_steps(
    design: StepDesign,
    moments: Sequence[SampleMoments],
    *,
    estimator: Estimator,
    methodology: Methodology,
) -> tuple[FittedStep, ...]:
    """Fit every step, freeing what differs most where a step does not hold.

    A step holds when CFI falls and RMSEA and SRMR rise by less than the methodology's limits
    (thresholds ``cfi_drop``, ``rmsea_rise``, ``srmr_rise``). Where it does not, the equality with
    the largest score test is freed, then the next, until the step holds or :data:`MAX_FREED` are
    free; the next step keeps them free. Steps end at the first model that does not converge.

    Returns
    -------
    tuple of FittedStep
        The last one may have status "not_converged".
    """
    found: list[FittedStep] = []
    current, base = design, None
    for step in design.steps:
        fit = fit_model(build_step(current, step), moments, estimator=estimator)
        if base is None or fit.status not in FITTED:
            found.append(FittedStep(step=step, fit=fit, difference=None, holds=None))
            if fit.status not in FITTED:
                break
            base = fit
            continue
        difference = compare_nested(fit, base)
        holds = _holds(difference, methodology)
        freed: tuple[Freed, ...] = ()
        last = fit
        if not holds:
            freed, current, last = _search(
                current, step, fit, base, moments=moments, methodology=methodology
            )
        found.append(
            FittedStep(step=step, fit=fit, difference=difference, holds=holds, freed=freed)
        )
        if not (holds or (freed and freed[-1].holds)):
            break
        base = last
    return tuple(found)


def _search(
    design: StepDesign,
    step: Step,
    fit: ConfirmatoryFit,
    base: ConfirmatoryFit,
    *,
    moments: Sequence[SampleMoments],
    methodology: Methodology,
) -> tuple[tuple[Freed, ...], StepDesign, ConfirmatoryFit]:
    """Free one equality after another; return them, the design with them and its fit."""
    freed: list[Freed] = []
    current = fit
    while len(freed) < MAX_FREED and not (freed and freed[-1].holds):
        keys = _list_candidates(design, step)
        if not keys:
            break
        worst = compute_releases(current, keys)[0]
        trial = replace(design, freed=design.freed | {worst.key})
        next_fit = fit_model(build_step(trial, step), moments, estimator=fit.estimator)
        if next_fit.status not in FITTED or next_fit.measures["df"] <= base.measures["df"]:
            break
        design, current = trial, next_fit
        difference = compare_nested(current, base)
        freed.append(
            Freed(
                key=worst.key,
                mi=worst.mi,
                delta_cfi=difference.delta_cfi,
                holds=_holds(difference, methodology),
            )
        )
    return tuple(freed), design, current


def _list_candidates(design: StepDesign, step: Step) -> tuple[Key, ...]:
    """List equalities of the step whose release leaves every factor and indicator identified.

    A factor keeps at least two equal loadings and two indicators with equal intercepts; an ordinal
    indicator keeps two equal thresholds, by which its intercept and scale are identified.
    """
    keys = list_equalities(design, step)
    if step == "thresholds":
        return tuple(key for key in keys if _count_equal(keys, lhs=key[0]) > 2)
    if step == "metric":
        return tuple(key for key in keys if _count_equal(keys, lhs=key[0]) > 2)
    owner = {x: factor for factor, items in design.factors.items() for x in items}
    left = [owner[key[0]] for key in keys]
    return tuple(key for key in keys if left.count(owner[key[0]]) > 2)


def _count_equal(keys: tuple[Key, ...], *, lhs: str) -> int:
    return sum(key[0] == lhs for key in keys)


def _holds(difference: Difference, methodology: Methodology) -> bool:
    """Return whether the loss of fit stays within all limits; an undefined one counts as a loss."""
    limits = methodology.thresholds
    changes = (
        (limits.cfi_drop, -difference.delta_cfi),
        (limits.rmsea_rise, difference.delta_rmsea),
        (limits.srmr_rise, difference.delta_srmr),
    )
    return all(
        np.isfinite(change) and threshold.classify(change) == threshold.levels[0].key
        for threshold, change in changes
    )
