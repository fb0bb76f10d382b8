"""Sampling error, weights and method in one simulation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from clientindex.methodology.sobol_settings import MethodAlternatives
from clientindex.settings import Settings

Source = Literal["sampling", "weights", "method"]
SOURCES: tuple[Source, ...] = ("sampling", "weights", "method")


class TogetherSettings(Settings):
    """What moves in the simulation of everything together.

    `draws`: of pairs of points; each pair gives 8 runs of everything, and 6 of parts of it for the
    decomposition. `sources`: what moves; the others stay as published. `band_pct`: of weights; null
    takes that of the sensitivity. `level`: of rank intervals; null takes that of all intervals.
    """

    draws: int = Field(default=1000, ge=2)
    sources: tuple[Source, ...] = Field(default=SOURCES, min_length=1)
    band_pct: Annotated[float, Field(gt=0, le=100)] | None = None
    level: Annotated[float, Field(gt=0.5, lt=1)] | None = None
    alternatives: MethodAlternatives = Field(default_factory=MethodAlternatives)

    @field_validator("sources")
    @classmethod
    def _check_sources(cls, value: tuple[Source, ...]) -> tuple[Source, ...]:
        if len(set(value)) != len(value):
            msg = "every source stands once"
            raise ValueError(msg)
        return value
