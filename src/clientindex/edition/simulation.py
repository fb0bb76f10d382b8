"""Sizes of the simulated pilot that stands in for data when there are none."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from clientindex.edition.paths import AbsolutePath  # noqa: TC001 - pydantic reads annotations
from clientindex.settings import Settings


class EarlierThan(Settings):
    """Which simulated edition this one is a year earlier than, and what changed in between.

    Centres of the later edition are taken over with their identifiers, names and regions, except
    those that its `renamed` lists: those had the previous identifiers, and several previous ones of
    one centre were centres of their own, merged since.
    """

    edition: AbsolutePath
    """The later edition, which has a simulation too."""
    correlation: float = Field(default=0.85, ge=0, le=1)
    """Of what makes a centre better or worse (its region, its halo, its groups) in both years,
    before anything is set as below; 1 = nothing else changed."""
    change: float = 0.0
    """Mean true change of the index towards the later edition, in points, over centres of both, by
    the later methodology with the indicators and segments of both."""
    improved: int = Field(default=0, ge=0)
    """Centres that improved much, a part of those that the mean is of."""
    improvement: float = Field(default=10.0, gt=0, lt=100)
    """True change of each of these, in points."""
    new: int = Field(default=0, ge=0)
    """Centres of the later edition that there were not yet."""
    closed: int = Field(default=0, ge=0)
    """Centres that the later edition has no more."""
    moved: dict[str, str] = Field(default_factory=dict)
    """Identifier in the later edition -> region that the centre was of before."""


class Simulation(Settings):
    """Sizes of the simulated pilot that stands in for data when there are none."""

    centres: int = Field(default=240, ge=26)
    """Not with `earlier_than`, by which the later edition says which centres there are."""
    citizens: int = Field(default=12_000, ge=100)
    employers: int = Field(default=3_000, ge=0)
    inflating_share: float = Field(default=0.25, ge=0, le=1)
    second_share: float = Field(default=0.15, ge=0, le=1)
    missing_share: float = Field(default=0.03, ge=0, lt=0.5)
    traits: bool = False
    """Whether citizens have a sex, age and education that colour their answers and differ in
    their mix between centres."""
    earlier_than: EarlierThan | None = None
    """Makes the pilot a previous year of another simulated edition."""

    @model_validator(mode="after")
    def _refuse_own_centres(self) -> Self:
        if self.earlier_than is not None and "centres" in self.model_fields_set:
            msg = "give 'centres' or 'earlier_than', whose edition says which centres there are"
            raise ValueError(msg)
        return self
