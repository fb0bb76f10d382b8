"""How answers are weighted: by weights that the survey delivers and to known margins."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from clientindex.methodology.texts import Key  # noqa: TC001 - pydantic reads it
from clientindex.settings import Settings


class AnswerWeightsSettings(Settings):
    """Settings of the weighting of answers; by default every answer counts once.

    `design`: use the weights of the survey files (design or non-response weights). `margins`:
    weight the answers to the known margins of visitors of every "centre" or "region", or "none".
    `traits`: the traits whose margins are met, by iterative proportional fitting; ``channel`` is
    one too. `trim`: no weight above so many times the mean weight of its scope; null = no limit.
    `empty_level`: what happens where the visitors have a level of a trait that no respondent has,
    or the other way round: "refuse" leaves that scope as it was, "collapse" joins the level with
    its neighbour in the order of the margins file; both are listed. `linearisation`: "plain" takes
    the weights as fixed; "residual" takes out what the margins explain, as calibration estimators
    do. `tolerance`: largest difference of shares from a margin at which fitting has converged.
    `max_iterations`: rounds over all margins.
    """

    design: bool = False
    margins: Literal["none", "centre", "region"] = "none"
    traits: tuple[Key, ...] = ()
    trim: Annotated[float, Field(gt=1)] | None = None
    empty_level: Literal["refuse", "collapse"] = "refuse"
    linearisation: Literal["plain", "residual"] = "plain"
    tolerance: float = Field(default=1e-9, gt=0, lt=0.01)
    max_iterations: int = Field(default=500, ge=1)

    @model_validator(mode="after")
    def _check_traits(self) -> AnswerWeightsSettings:
        if self.margins != "none" and not self.traits:
            msg = f"margins: {self.margins} needs 'traits', the traits whose margins are met"
            raise ValueError(msg)
        if len(set(self.traits)) < len(self.traits):
            msg = "every trait stands once in 'traits'"
            raise ValueError(msg)
        return self

    @property
    def active(self) -> bool:
        """Whether answers are weighted at all."""
        return self.design or self.margins != "none"
