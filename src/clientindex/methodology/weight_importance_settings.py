"""How the importance of groups and indicators is measured, and what it should be."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from clientindex.methodology.texts import Key  # noqa: TC001 - pydantic reads it
from clientindex.settings import Settings

SUM_TOLERANCE = 1e-9

Share = Annotated[float, Field(ge=0, le=1)]


class WeightImportanceSettings(Settings):
    """Realised importance of weights, what is redundant, and weights optimised for a target.

    `knots`: of the smooth curves. `redundancy`: correlation between two indicators from which they
    are told as redundant. `same_ranks`: Kendall's tau of ranks with and without an indicator from
    which ranks are told to be as they were. `weak_quantile`: centres whose group score is at this
    quantile or below are weak in the group. The thresholds are working ones. `target`: shares of
    importance that groups should have: "weights" as stated, "equal", or shares by group that sum
    to 1; inside a group indicators share by their weights.
    """

    knots: int = Field(default=10, ge=3, le=50)
    redundancy: float = Field(default=0.9, gt=0, le=1)
    same_ranks: float = Field(default=0.99, gt=0, le=1)
    weak_quantile: float = Field(default=0.25, gt=0, lt=0.5)
    target: Literal["weights", "equal"] | dict[Key, Share] = "weights"
    source: str = Field(
        default="Becker W., Saisana M., Paruolo P., Vandecasteele I. Weights and importance in"
        " composite indicators: closing the gap. Ecological Indicators, 2017, 80, 12–22",
        min_length=1,
    )

    @model_validator(mode="after")
    def _check_target(self) -> WeightImportanceSettings:
        if isinstance(self.target, dict):
            total = sum(self.target.values())
            if abs(total - 1) > SUM_TOLERANCE:
                msg = f"target shares of importance must sum to 1, they sum to {total:g}"
                raise ValueError(msg)
        return self
