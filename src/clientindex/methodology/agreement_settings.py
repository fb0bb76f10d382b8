"""How survey and checklist are compared, and what is decided from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from clientindex.settings import Settings

Share = Annotated[float, Field(gt=0, lt=1)]


class DecisionRule(Settings):
    """What the gap of a centre does to its star.

    The composite weighs survey and checklist by their precision. `cap_from`: from a z above this
    the star is not above that of the survey alone. `drop_from`: where z is above this, or below its
    negative, the checklist is dropped and an audit asked. `provisional_below`: a star is
    provisional where the survey's reliability of the centre is lower. `random_share`: centres drawn
    for audit by lot. `source` is that of the limits of z; the other numbers are working thresholds.
    """

    cap_from: float = Field(default=1.96, gt=0)
    drop_from: float = Field(default=3.09, gt=0)
    provisional_below: Share = 0.6
    random_share: float = Field(default=0.05, ge=0, le=1)
    source: str = Field(
        default="Spiegelhalter D. J. Funnel plots for comparing institutional performance."
        " Statistics in Medicine, 2005, 24(8), 1185–1202",
        min_length=1,
    )

    @model_validator(mode="after")
    def _check_order(self) -> DecisionRule:
        if self.drop_from < self.cap_from:
            msg = f"drop_from ({self.drop_from:g}) must not be below cap_from ({self.cap_from:g})"
            raise ValueError(msg)
        return self


class LimitsSettings(Settings):
    """Limits of agreement: the share of differences they bound, and the kind of interval."""

    coverage: Share = 0.95
    interval: Literal["exact", "mover", "approx"] = "exact"


class AgreementSettings(Settings):
    """Settings of the comparison of survey and checklist.

    `scales`: "common" declares that a point of the checklist means what a point of the survey
    means, so that bias can be seen; "linked" puts checklists on the survey's scale by `linking`,
    and bias is gone. `acceptable_difference`: points that the coverage probability speaks of.
    `content`: share bounded by tolerance interval and total deviation index. `fdr`: false discovery
    rate of every list of centres. `spread`: robust estimate of the spread of honest gaps.
    `bunching_width`: points on each side of a star's cut. `power`: of the smallest inflation told.
    """

    scales: Literal["common", "linked"] = "common"
    linking: Literal["mean_sigma", "equipercentile"] = "mean_sigma"
    limits: LimitsSettings = Field(default_factory=LimitsSettings)
    acceptable_difference: float = Field(default=10.0, gt=0, le=100)
    content: Share = 0.9
    fdr: Share = 0.05
    spread: Literal["lower_quantile", "mad"] = "lower_quantile"
    bunching_width: float = Field(default=2.0, gt=0)
    power: Share = 0.8
    decision: DecisionRule = Field(default_factory=DecisionRule)
