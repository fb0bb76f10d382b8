"""The independence model, with which incremental fit indices compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.factors.confirmatory.spec import ModelSpec, Parameter

if TYPE_CHECKING:
    from clientindex.factors.moments import SampleMoments


def build_baseline(spec: ModelSpec, moments: tuple[SampleMoments, ...]) -> ModelSpec:
    """Build the model of indicators that have nothing in common; means and thresholds saturated."""
    ordinal = moments[0].kind == "polychoric"
    variances = tuple(
        Parameter(lhs=key, op="~~", rhs=key, group=group, value=float(own.matrix[at, at]))
        for group, own in enumerate(moments)
        for at, key in enumerate(spec.indicators)
        if not ordinal
    )
    return ModelSpec(
        indicators=spec.indicators, factors=(), parameters=variances, n_groups=len(moments)
    )
