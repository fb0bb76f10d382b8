"""How the doubt of stars, ranks and scores is told."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from clientindex.settings import Settings

Covariate = Literal["region", "log_visitors", "checklist"]

FEWEST_REPLICATES = 50
"""Fewer have a standard deviation that may be a tenth off by chance alone."""


class ShrinkageSettings(Settings):
    """How scores are drawn together.

    `estimator`: of the variance of true scores about the common mean; "morris" has the error of the
    shrinkage in its intervals, the others take that variance as known once estimated.
    `covariates`: of Fay and Herriot's regression that scores are drawn to; none means the common
    mean. `model_variance`: estimator of the variance about that regression.
    """

    estimator: Literal["morris", "reml", "ml", "dersimonian_laird", "paule_mandel"] = "morris"
    covariates: tuple[Covariate, ...] = ("region",)
    model_variance: Literal[
        "reml", "ml", "fay_herriot", "prasad_rao", "adjusted_reml", "adjusted_ml"
    ] = "reml"

    @field_validator("covariates")
    @classmethod
    def _check_covariates(cls, value: tuple[Covariate, ...]) -> tuple[Covariate, ...]:
        if len(set(value)) != len(value):
            msg = "every covariate stands once"
            raise ValueError(msg)
        return value


class DoubtSettings(Settings):
    """How sure stars, ranks and scores are, and how that is found.

    `draws`: of indices, for stars and ranks. `level`: of certain stars, rank sets and intervals
    here; null takes that of all intervals. `top_share`: share of centres that are the top.
    `rank_sets`: whether confidence sets of ranks are computed. `error_replicates`: resamples of
    respondents that standard errors are checked with; 0 switches the check off. `small_sample`:
    fewer respondents are flagged, as their standard error and normal intervals are hardly known.
    """

    draws: int = Field(default=1000, ge=100)
    level: Annotated[float, Field(gt=0.5, lt=1)] | None = None
    top_share: float = Field(default=0.1, gt=0, le=1)
    rank_sets: bool = True
    error_replicates: int = Field(default=200, ge=0)
    small_sample: int = Field(default=30, ge=1)
    shrinkage: ShrinkageSettings = Field(default_factory=ShrinkageSettings)

    @field_validator("error_replicates")
    @classmethod
    def _check_replicates(cls, value: int) -> int:
        if 0 < value < FEWEST_REPLICATES:
            msg = f"at least {FEWEST_REPLICATES} replicates, or 0 for none"
            raise ValueError(msg)
        return value
