"""What of a model text polychoric correlations determine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from clientindex.factors.confirmatory.spec import ModelSpec, Parameter


def make_ordinal(spec: ModelSpec) -> ModelSpec:
    """Return the model of the latent responses behind the answers (delta parameterisation).

    A latent response has variance 1, so the residual variance of an indicator is what its factors
    leave and no parameter: a specification for polychorics has no ``x ~~ x`` of an indicator. A
    residual variance fixed to 0 (the only indicator of a factor) says that the factor *is* the
    latent response: loading and variance are 1; where other factors explain the factor, its
    residual variance is 0 and what they leave stays with the indicator. Intercepts of indicators go
    with the thresholds and are left out where the text names none.

    Raises
    ------
    StatisticsError
        If the text fixes the residual variance of an indicator to anything but 0, or two to be
        equal: latent responses have no such parameter.
    """
    observed = set(spec.indicators)
    residuals = [p for p in spec.parameters if _is_residual(p, observed)]
    _check_residuals(residuals)
    exact = {(p.lhs, p.group) for p in residuals if not p.free}
    with_thresholds = any(p.op == "|" for p in spec.parameters)
    kept = [
        p
        for p in spec.parameters
        if not _is_residual(p, observed)
        and (with_thresholds or p.op != "~1" or p.lhs not in observed)
    ]
    return replace(spec, parameters=tuple(_fix_exact(kept, exact)))


def _is_residual(parameter: Parameter, observed: set[str]) -> bool:
    return parameter.op == "~~" and parameter.lhs == parameter.rhs and parameter.lhs in observed


def _check_residuals(residuals: list[Parameter]) -> None:
    for p in residuals:
        if p.label or (not p.free and p.value != 0):
            constraint = p.label or f"{p.value:g}"
            msg = (
                f"{constraint}*{p.lhs}: the residual variance of an ordinal indicator is what its "
                "factors leave of 1 and cannot be constrained; use the estimators ml or mlr"
            )
            raise StatisticsError(msg)


def _fix_exact(parameters: list[Parameter], exact: set[tuple[str, int]]) -> list[Parameter]:
    """Give factors that are a latent response the loading and variance of one."""
    own = {(p.lhs, p.group) for p in parameters if p.op == "=~" and (p.rhs, p.group) in exact}
    below = {(p.rhs, p.group) for p in parameters if p.op == "=~"}
    below |= {(p.lhs, p.group) for p in parameters if p.op == "~"}
    fixed = []
    for p in parameters:
        place = (p.lhs, p.group)
        if p.op == "=~" and p.free and (p.rhs, p.group) in exact:
            fixed.append(replace(p, free=False, value=1.0, label=""))
        elif p.op == "~~" and p.lhs == p.rhs and place in own and (p.free or place in below):
            value = 0.0 if place in below else 1.0
            fixed.append(replace(p, free=False, value=value, label=""))
        else:
            fixed.append(p)
    return fixed
