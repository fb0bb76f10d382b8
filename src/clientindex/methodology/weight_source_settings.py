"""Where weights could come from: which sources are put side by side, and how each is read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from clientindex.methodology.texts import Key  # noqa: TC001 - pydantic reads it
from clientindex.settings import Settings

WeightSource = Literal[
    "current",
    "equal_groups",
    "equal_indicators",
    "budget",
    "ahp",
    "entropy",
    "critic",
    "components",
    "loadings",
    "regression",
    "reliability",
    "benefit",
]

ALL_SOURCES: tuple[WeightSource, ...] = (
    "current",
    "equal_groups",
    "equal_indicators",
    "budget",
    "ahp",
    "entropy",
    "critic",
    "components",
    "loadings",
    "regression",
    "reliability",
    "benefit",
)


class WeightSourceSettings(Settings):
    """Sources of weights that are compared with the current ones.

    `sources`: in the order in which they are told; "current" is always among them. `outcome`:
    indicator of overall satisfaction that the others are regressed on; it should weigh 0. Null, and
    there is no regression. `prioritisation`: how weights follow from pairwise judgements;
    `consistency_limit`: ratio above which judgements contradict each other (Saaty 1980).
    `reliability_statistic`: coefficient of groups in the reliability results; `reliability_form`:
    weights in proportion to it, or by precision. `smallest_eigenvalue`: principal components above
    it are kept. `lowest_share`, `highest_share`: how many times its stated weight a group's share
    in a centre's most favourable score may be at least and at most.
    """

    sources: tuple[WeightSource, ...] = ALL_SOURCES
    outcome: Key | None = None
    prioritisation: Literal["eigenvector", "geometric_mean"] = "eigenvector"
    consistency_limit: float = Field(default=0.1, gt=0, lt=1)
    reliability_statistic: str = Field(default="alpha", min_length=1)
    reliability_form: Literal["proportional", "precision"] = "proportional"
    smallest_eigenvalue: float = Field(default=1.0, ge=0)
    lowest_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    highest_share: Annotated[float, Field(ge=1)] = 2.0

    @field_validator("sources")
    @classmethod
    def _check_sources(cls, value: tuple[WeightSource, ...]) -> tuple[WeightSource, ...]:
        if len(set(value)) != len(value) or "current" not in value:
            msg = "every source stands once, and 'current' is among them"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _check_outcome(self) -> WeightSourceSettings:
        if self.outcome is not None and "regression" not in self.sources:
            msg = "an outcome is named, but 'regression' is not among the sources"
            raise ValueError(msg)
        return self
