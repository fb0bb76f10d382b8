"""Measurement invariance across every key that the methodology names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.factors.invariance.aligned_parts import align_parts
from clientindex.factors.invariance.parts import split_parts
from clientindex.factors.invariance.specs import StepDesign
from clientindex.factors.invariance.steps import fit_steps
from clientindex.factors.sample import estimate_moments
from clientindex.results import Invariance, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clientindex.counts import PairCounts
    from clientindex.factors.confirmatory.fit import Estimator
    from clientindex.factors.invariance.parts import Across, Part
    from clientindex.factors.invariance.steps import FittedStep
    from clientindex.factors.moments import SampleMoments
    from clientindex.methodology import Methodology

STAGE = "factors"

MAX_STEP_PARTS = 6
"""Parts up to which equal models are fitted. With more, some parameter differs between some parts,
equality fails always, and alignment says where; it is done for any number."""

UNINFORMATIVE_N = 100_000
"""Respondents above which every chi-square test rejects every model."""

FRAMES = {
    "parts": ("across", "part", "n", "n_centres", "used", "reason"),
    "steps": (
        "across",
        "step",
        "estimator",
        "status",
        "chi2",
        "df",
        "p",
        "cfi",
        "rmsea",
        "srmr",
        "delta_cfi",
        "delta_rmsea",
        "delta_srmr",
        "chi2_difference",
        "df_difference",
        "p_difference",
        "holds",
    ),
    "freed": ("across", "step", "order", "lhs", "op", "rhs", "mi", "delta_cfi", "holds"),
    "alignment": ("across", "part", "factor", "mean", "mean_se", "sd"),
    "alignment_items": ("across", "indicator", "parameter", "r2", "n_differing", "n_parts"),
}


def assess_invariance(
    counts: PairCounts, methodology: Methodology, *, strata: Mapping[str, str]
) -> Invariance | Unavailable:
    """Assess whether the five factors are measured alike in different parts of the data.

    Up to six parts: configural, (thresholds,) metric and scalar models by the methodology's first
    estimator, with a search for partial invariance. Any number of parts: alignment of the linear
    factor model. Missing answers: pairwise or complete, as the methodology says.

    Parameters
    ----------
    counts : PairCounts
        Units with their segments, periods and channels.
    methodology : Methodology
        Groups, ``factors.invariance``, ``factors.estimators`` and thresholds.
    strata : mapping
        Region of every centre.

    Returns
    -------
    Invariance or Unavailable
        Unavailable with reason ``single_part`` when nothing divides the data into two usable
        parts, ``no_invariance_asked`` when the methodology asks for nothing.
    """
    if not methodology.factors.invariance:
        return Unavailable(stage=STAGE, reason="no_invariance_asked")
    collected = _Collected()
    for across in methodology.factors.invariance:
        _assess_across(counts, methodology, across=across, strata=strata, into=collected)
    if not any(row["used"] for row in collected.parts):
        return Unavailable(stage=STAGE, reason="single_part")
    n = int(counts.n.sum())
    return Invariance(
        parts=_tabulate("parts", collected.parts),
        steps=_tabulate("steps", collected.steps).astype({"holds": "boolean"}),
        freed=_tabulate("freed", collected.freed).astype({"holds": bool}),
        alignment=_stack("alignment", collected.alignment),
        alignment_items=_stack("alignment_items", collected.items),
        estimator=methodology.factors.estimators[0],
        n=n,
        uninformative=n > UNINFORMATIVE_N,
    )


@dataclass(slots=True, kw_only=True)
class _Collected:
    """Rows of the frames as they are found."""

    parts: list[dict[str, object]] = field(default_factory=list)
    steps: list[dict[str, object]] = field(default_factory=list)
    freed: list[dict[str, object]] = field(default_factory=list)
    alignment: list[pd.DataFrame] = field(default_factory=list)
    items: list[pd.DataFrame] = field(default_factory=list)


def _assess_across(
    counts: PairCounts,
    methodology: Methodology,
    *,
    across: Across,
    strata: Mapping[str, str],
    into: _Collected,
) -> None:
    estimator = methodology.factors.estimators[0]
    ordinal = estimator in ("wlsmv", "uls")
    parts = split_parts(counts, methodology, across=across, regions=strata, ordinal=False)
    linear, reasons = _estimate_all(parts, methodology, ordinal=False)
    if len(linear) < 2:
        reasons |= {part.name: "single_part" for part in parts if part.name in linear}
        into.parts += _list_parts(parts, reasons)
        return
    design = StepDesign(factors=_list_factors(methodology), n_parts=1)
    aligned = align_parts(design, linear)
    reasons |= dict.fromkeys(aligned.failed, "not_converged")
    into.parts += _list_parts(parts, reasons)
    into.alignment.append(aligned.means.assign(across=across))
    into.items.append(aligned.items.assign(across=across))
    if len(linear) > MAX_STEP_PARTS:
        return
    moments, thresholds = list(linear.values()), {}
    if ordinal:
        usable = split_parts(counts, methodology, across=across, regions=strata, ordinal=True)
        moments = list(_estimate_all(usable, methodology, ordinal=True)[0].values())
        thresholds = _count_thresholds(moments, methodology)
    if len(moments) < 2:
        return
    steps = fit_steps(
        StepDesign(
            factors=_list_factors(methodology), n_parts=len(moments), n_thresholds=thresholds
        ),
        moments,
        estimator=estimator,
        methodology=methodology,
    )
    into.steps += [_tell_step(step, across, estimator) for step in steps]
    into.freed += [row for step in steps for row in _tell_freed(step, across)]


def _estimate_all(
    parts: Sequence[Part], methodology: Methodology, *, ordinal: bool
) -> tuple[dict[str, SampleMoments], dict[str, str]]:
    """Return moments of the usable parts, and the reason of every other one."""
    moments: dict[str, SampleMoments] = {}
    reasons: dict[str, str] = {}
    for part in parts:
        if part.reason:
            reasons[part.name] = part.reason
            continue
        basis = "polychoric" if ordinal else "pearson"
        own = estimate_moments(part.counts, methodology, basis)  # type: ignore[arg-type]  # one of two
        if isinstance(own, Unavailable):
            reasons[part.name] = own.reason
        else:
            moments[part.name] = own
    return moments, reasons


def _list_factors(methodology: Methodology) -> dict[str, tuple[str, ...]]:
    return {group.key: tuple(group.indicators) for group in methodology.groups}


def _count_thresholds(moments: Sequence[SampleMoments], methodology: Methodology) -> dict[str, int]:
    if not moments:
        return {}
    sizes = [len(cuts) for cuts in moments[0].thresholds]
    return dict(zip(methodology.indicator_keys, sizes, strict=True))


def _list_parts(parts: Sequence[Part], reasons: Mapping[str, str]) -> list[dict[str, object]]:
    return [
        {
            "across": part.across,
            "part": part.name,
            "n": part.n,
            "n_centres": part.n_centres,
            "used": part.name not in reasons,
            "reason": reasons.get(part.name, ""),
        }
        for part in parts
    ]


def _tell_step(step: FittedStep, across: Across, estimator: Estimator) -> dict[str, object]:
    measures, difference = step.fit.measures, step.difference

    def take(name: str) -> float:
        return measures.get(f"{name}_scaled", measures.get(name, np.nan))

    row = {name: take(name) for name in ("chi2", "p", "cfi", "rmsea", "srmr")}
    changes = ("delta_cfi", "delta_rmsea", "delta_srmr")
    row |= {name: np.nan if difference is None else getattr(difference, name) for name in changes}
    tests = {"chi2_difference": "chi2", "df_difference": "df", "p_difference": "p"}
    row |= {
        name: np.nan if difference is None else float(getattr(difference, source))
        for name, source in tests.items()
    }
    return {
        "across": across,
        "step": step.step,
        "estimator": estimator,
        "status": step.fit.status,
        "df": measures.get("df", np.nan),
        "holds": step.holds,
        **row,
    }


def _tell_freed(step: FittedStep, across: Across) -> list[dict[str, object]]:
    return [
        {
            "across": across,
            "step": step.step,
            "order": order,
            "lhs": freed.key[0],
            "op": freed.key[1],
            "rhs": freed.key[2],
            "mi": freed.mi,
            "delta_cfi": freed.delta_cfi,
            "holds": freed.holds,
        }
        for order, freed in enumerate(step.freed, start=1)
    ]


def _tabulate(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(FRAMES[name]))


def _stack(name: str, frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    empty = pd.DataFrame(columns=list(FRAMES[name]))
    return pd.concat(filled, ignore_index=True)[list(FRAMES[name])] if filled else empty
