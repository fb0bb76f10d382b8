"""Survey against checklist: agreement between two scores of every centre, and its stage."""

from __future__ import annotations

from frame import Area

from areas.agreement.coefficients import ICC, KRIPPENDORFF
from areas.agreement.resamples import RESAMPLES
from areas.agreement.stage import STAGE

AREA = Area(
    key="agreement",
    title="Survey against checklist",
    quantities=(ICC, KRIPPENDORFF, RESAMPLES, STAGE),
)
