"""The model of every step of an invariance analysis.

Continuous answers: configural, metric (equal loadings), scalar (equal intercepts too). Ordered
categories follow Wu and Estabrook (2016), delta parameterisation: configural, thresholds (equal
thresholds; intercepts and scales of latent responses free in every part but the first), metric,
scalar (intercepts 0). An indicator of two categories has too few thresholds to free its scale
before its loading and intercept are equal.

References
----------
Meredith W. Measurement invariance, factor analysis and factorial invariance. Psychometrika, 1993,
58(4), 525-543. doi:10.1007/BF02294825
Wu H., Estabrook R. Identification of confirmatory factor analysis models of different levels of
invariance for ordered categorical outcomes. Psychometrika, 2016, 81(4), 1014-1045.
doi:10.1007/s11336-016-9506-0
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from clientindex.factors.confirmatory.spec import ModelSpec, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Step = Literal["configural", "thresholds", "metric", "scalar"]

ORDINAL_STEPS: tuple[Step, ...] = ("configural", "thresholds", "metric", "scalar")
CONTINUOUS_STEPS: tuple[Step, ...] = ("configural", "metric", "scalar")

Key = tuple[str, str, str]
"""``lhs``, ``op``, ``rhs`` of a parameter in every part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDesign:
    """What the model of a step is made from.

    Attributes
    ----------
    factors : mapping of str to tuple of str
        Factor -> its indicators.
    n_parts : int
    n_thresholds : mapping of str to int
        Indicator -> thresholds; empty for continuous answers.
    freed : frozenset of tuple
        Parameters that the step would make equal, and which differ all the same.
    """

    factors: Mapping[str, tuple[str, ...]]
    n_parts: int
    n_thresholds: Mapping[str, int] = field(default_factory=dict)
    freed: frozenset[Key] = frozenset()

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators of all factors."""
        return tuple(key for items in self.factors.values() for key in items)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Steps in their order."""
        return ORDINAL_STEPS if self.n_thresholds else CONTINUOUS_STEPS


def build_step(design: StepDesign, step: Step) -> ModelSpec:
    """Build the model of a step: correlated factors, each indicator on its own factor.

    Factors have variance 1 and mean 0 in the first part; in the others variances are free once
    loadings are equal, and means once intercepts are.
    """
    parameters = tuple(
        parameter for part in range(design.n_parts) for parameter in _build_part(design, step, part)
    )
    return ModelSpec(
        indicators=design.indicators,
        factors=tuple(design.factors),
        parameters=parameters,
        n_groups=design.n_parts,
    )


def list_equalities(design: StepDesign, step: Step) -> tuple[Key, ...]:
    """List the parameters that a step newly makes equal and that are not freed."""
    if step == "thresholds":
        keys = [_threshold_key(x, k) for x, n in design.n_thresholds.items() for k in range(n)]
    elif step == "metric":
        keys = [(factor, "=~", x) for factor, items in design.factors.items() for x in items]
    elif step == "scalar":
        keys = [(x, "~1", "") for x in design.indicators]
    else:
        keys = []
    return tuple(key for key in keys if key not in design.freed)


def _build_part(design: StepDesign, step: Step, part: int) -> Iterator[Parameter]:
    yield from _build_loadings(design, step, part)
    yield from _build_factors(design, step, part)
    if design.n_thresholds:
        yield from _build_latent_responses(design, step, part)
    else:
        for x in design.indicators:
            yield Parameter(lhs=x, op="~~", rhs=x, group=part)
            yield _share((x, "~1", ""), part, equal=step == "scalar", design=design)


def _build_loadings(design: StepDesign, step: Step, part: int) -> Iterator[Parameter]:
    for factor, items in design.factors.items():
        for x in items:
            equal = step in ("metric", "scalar")
            yield _share((factor, "=~", x), part, equal=equal, design=design)


def _build_factors(design: StepDesign, step: Step, part: int) -> Iterator[Parameter]:
    names = tuple(design.factors)
    scaled = part > 0 and step in ("metric", "scalar")
    shifted = part > 0 and step == "scalar"
    for position, factor in enumerate(names):
        yield _fix_unless((factor, "~~", factor), part, free=scaled, value=1.0)
        for other in names[position + 1 :]:
            yield Parameter(lhs=factor, op="~~", rhs=other, group=part)
        yield _fix_unless((factor, "~1", ""), part, free=shifted, value=0.0)


def _build_latent_responses(design: StepDesign, step: Step, part: int) -> Iterator[Parameter]:
    for x, n in design.n_thresholds.items():
        for k in range(n):
            equal = step != "configural"
            yield _share(_threshold_key(x, k), part, equal=equal, design=design)
        moved = part > 0 and (
            step in ("thresholds", "metric") or (step == "scalar" and (x, "~1", "") in design.freed)
        )
        yield _fix_unless((x, "~1", ""), part, free=moved, value=0.0)
        stretched = part > 0 and (step == "scalar" or (step != "configural" and n > 1))
        yield _fix_unless((x, "~*~", x), part, free=stretched, value=1.0)


def _threshold_key(indicator: str, position: int) -> Key:
    return indicator, "|", f"t{position + 1}"


def _share(key: Key, part: int, *, equal: bool, design: StepDesign) -> Parameter:
    """Return a free parameter, equal in all parts where asked and not freed."""
    lhs, op, rhs = key
    label = f"{lhs}{op}{rhs}" if equal and key not in design.freed else ""
    return Parameter(lhs=lhs, op=op, rhs=rhs, group=part, label=label)  # type: ignore[arg-type]  # keys are made here


def _fix_unless(key: Key, part: int, *, free: bool, value: float) -> Parameter:
    lhs, op, rhs = key
    return Parameter(
        lhs=lhs,
        op=op,  # type: ignore[arg-type]  # keys are made here
        rhs=rhs,
        group=part,
        free=free,
        value=None if free else value,
    )
