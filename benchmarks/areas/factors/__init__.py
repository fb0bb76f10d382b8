"""Polychoric correlations, numbers of factors, exploratory and confirmatory models."""

from __future__ import annotations

from frame import Area

from areas.factors.confirmatory import CLUSTERED, CONFIRMATORY, ORDINAL
from areas.factors.exploration import MINRES_MODEL, PARALLEL
from areas.factors.polychoric import POLYCHORIC, RESAMPLED
from areas.ours import make_stage
from clientindex import factors

STAGE = make_stage(
    factors.assess,
    seed=2026,
    title="The stage of factors",
    what=(
        "`factors.assess` from counts with the standard numbers of replicates. Nobody else does "
        "the same."
    ),
)

AREA = Area(
    key="factors",
    title="Factors",
    quantities=(
        POLYCHORIC,
        RESAMPLED,
        PARALLEL,
        MINRES_MODEL,
        CONFIRMATORY,
        ORDINAL,
        CLUSTERED,
        STAGE,
    ),
)
