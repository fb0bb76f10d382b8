"""How traits of the clients are read before answers are weighted or adjusted by them."""

from __future__ import annotations

from itertools import pairwise

from pydantic import Field, field_validator

from clientindex.settings import Settings


class TraitSettings(Settings):
    """Settings of the clients' traits.

    `age_bands`: first years of all age groups but the youngest, rising: ``[25, 45, 60]`` cuts ages
    in years into ``0-24``, ``25-44``, ``45-59`` and ``60+``. Survey files that hold age groups
    instead of years must use these names; without bands any names.
    """

    age_bands: tuple[int, ...] = Field(default=())

    @field_validator("age_bands")
    @classmethod
    def _check_rising(cls, bands: tuple[int, ...]) -> tuple[int, ...]:
        if bands and (bands[0] < 1 or any(a >= b for a, b in pairwise(bands))):
            msg = f"age bands must rise and start above 0, not {', '.join(map(str, bands))}"
            raise ValueError(msg)
        return bands
