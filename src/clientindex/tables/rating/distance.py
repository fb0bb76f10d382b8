"""How far a centre is from other stars, as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

SMALLEST = 0.1
"""Distances that round to less are said to be smaller; 0.0 would look like a cut point reached."""

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clientindex.wording import Wording


def write_distance(
    points: Iterable[float], errors: Iterable[float], wording: Wording
) -> list[str | None]:
    """Write distances in points with those in standard errors in brackets.

    Where no star is that way, the text says so; where nothing is known there is none.
    """
    return [_write(*pair, wording) for pair in zip(points, errors, strict=True)]


def _write(points: float, errors: float, wording: Wording) -> str | None:
    if math.isnan(points):
        return None
    if math.isinf(points):
        return wording.text("star_distance.none")
    told = _write_size(points, wording)
    if not math.isfinite(errors):
        return told
    return wording.text("star_distance.both", points=told, errors=_write_size(errors, wording))


def _write_size(distance: float, wording: Wording) -> str:
    if distance < SMALLEST / 2:
        return wording.text("star_distance.below", limit=wording.number(SMALLEST))
    return wording.number(distance)


def write_both_ways(
    up: Iterable[float], down: Iterable[float], wording: Wording
) -> list[str | None]:
    """Write the distances up and down in points; a sign for no value where no star is that way."""
    return [_write_ways(*pair, wording) for pair in zip(up, down, strict=True)]


def _write_ways(up: float, down: float, wording: Wording) -> str | None:
    if math.isnan(up) or math.isnan(down):
        return None
    ways = {
        name: _write_size(points, wording) if math.isfinite(points) else wording.missing
        for name, points in (("up", up), ("down", down))
    }
    return wording.text("star_distance.ways", **ways)
