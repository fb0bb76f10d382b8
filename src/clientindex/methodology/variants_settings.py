"""Which other methods the stars are compared with: the grid of the multiverse table."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from clientindex.methodology.scoring_settings import MeanRule, Missing, Normaliser
from clientindex.methodology.star_settings import RuleName  # noqa: TC001 - pydantic reads it
from clientindex.methodology.texts import Key  # noqa: TC001 - pydantic reads it
from clientindex.settings import Settings

CURRENT = "current"
"""Name of the methodology's own choice, which every dimension has first."""

EQUAL_GROUPS, EQUAL_INDICATORS = "equal_groups", "equal_indicators"

Share = Annotated[float, Field(ge=0, le=1)]


class NormaliserVariant(Settings):
    """Another way to bring answers, measures and groups to scores; null leaves one as it is.

    `measures`: normaliser of every measure. `answers`: "linear" or "top_box". `groups`: "z" brings
    group scores to z scores, on the scale "standard".
    """

    measures: Normaliser | None = None
    answers: Literal["linear", "top_box"] | None = None
    groups: Literal["none", "z"] | None = None


class WeightsVariant(Settings):
    """Other weights: of groups, and of indicators inside groups; what is not given stays."""

    groups: dict[Key, Share] = Field(default_factory=dict)
    indicators: dict[Key, dict[Key, Share]] = Field(default_factory=dict)


class MissingVariant(Settings):
    """Other treatments of missing values; a name alone is that of missing indicators."""

    indicator: Missing | None = None
    group: Missing | None = None

    @model_validator(mode="before")
    @classmethod
    def _accept_name(cls, data: Any) -> Any:
        return {"indicator": data} if isinstance(data, str) else data


class VariantsSettings(Settings):
    """The grid of method variants: every choice of one list with every choice of the others.

    The methodology's own choice comes first in every dimension and need not be listed. A list that
    is empty leaves the dimension out.

    `normalisers`: by name. `group_means`, `index_means`: means from indicators to groups and from
    groups to the index. `equal_weights`: "equal_groups" (equal groups of equal indicators),
    "equal_indicators" (all indicators equal, a group weighing as many as it has). `weights`: other
    weights by name. `missing`: treatments of missing values. `star_rules`: cut points of the same
    number of stars; "fixed" takes those of the published stars as stated. `checklists`: whether a
    checklist has a share of every score ("with") or none ("without"): the share of the methodology,
    or where that does not blend `checklist_weight`. `most_variants`: a longer grid is refused.
    """

    normalisers: dict[Key, NormaliserVariant] = Field(default_factory=dict)
    group_means: tuple[MeanRule, ...] = (MeanRule(kind="geometric"),)
    index_means: tuple[MeanRule, ...] = (MeanRule(kind="geometric"),)
    equal_weights: tuple[Literal["equal_groups", "equal_indicators"], ...] = (
        "equal_groups",
        "equal_indicators",
    )
    weights: dict[Key, WeightsVariant] = Field(default_factory=dict)
    missing: tuple[MissingVariant, ...] = (MissingVariant(indicator="refuse"),)
    star_rules: tuple[RuleName, ...] = ("quantiles",)
    checklists: tuple[Literal["with", "without"], ...] = ("with", "without")
    checklist_weight: float = Field(default=0.5, gt=0, lt=1)
    most_variants: int = Field(default=500, ge=2, le=20_000)

    @field_validator("normalisers", "weights")
    @classmethod
    def _check_names(cls, value: dict[str, Any]) -> dict[str, Any]:
        taken = {CURRENT, EQUAL_GROUPS, EQUAL_INDICATORS} & set(value)
        if taken:
            msg = f"the names {', '.join(sorted(taken))} have a meaning of their own: take others"
            raise ValueError(msg)
        return value
