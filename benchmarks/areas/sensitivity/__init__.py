"""Random weights, and indices of sensitivity by Sobol's design."""

from __future__ import annotations

from frame import Area

from areas.sensitivity.sobol import SOBOL
from areas.sensitivity.weights import WEIGHTS

AREA = Area(
    key="sensitivity",
    title="Sensitivity to weights",
    quantities=(WEIGHTS, SOBOL),
)
