"""How means of regions are told, and which centres and regions stand out of the funnel."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from clientindex.settings import Settings

Share = Annotated[float, Field(gt=0, lt=1)]
Points = Annotated[float, Field(ge=0, le=100)]

LIMITS = (0.95, 0.998)
"""Warning and alarm limits, |z| of 1.96 and 3.09."""


class RegionalSettings(Settings):
    """Means of regions, and the funnels of centres and of regions.

    `centres`: "drawn" takes the centres of a region as drawn from all that there could be, so that
    intervals hold their spread; "finite" takes the register as all there are, so that spread counts
    only for the share of centres without a score. `target` is what an ordinary centre has: the
    median or the mean, both weighted by precision, or a number of points set from outside.
    `winsorised`: share of z-values at each end that are drawn in before over-dispersion is
    estimated (Spiegelhalter takes 0.1). `limits`: levels of the funnel's limits, rising. `fdr`:
    false discovery rate of every list of unusual centres or regions.
    """

    centres: Literal["drawn", "finite"] = "drawn"
    target: Literal["median", "mean"] | Points = "median"
    winsorised: float = Field(default=0.1, ge=0, lt=0.5)
    limits: tuple[Share, ...] = Field(default=LIMITS, min_length=1)
    fdr: Share = 0.05
    source: str = Field(
        default="Spiegelhalter D. J. Funnel plots for comparing institutional performance."
        " Statistics in Medicine, 2005, 24(8), 1185–1202",
        min_length=1,
    )

    @model_validator(mode="after")
    def _check_rising(self) -> RegionalSettings:
        if list(self.limits) != sorted(set(self.limits)):
            msg = f"limits must rise, not be {', '.join(f'{level:g}' for level in self.limits)}"
            raise ValueError(msg)
        return self
