"""Invented centres in real places: the register of the simulated pilot."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

VISITORS_MEDIAN = 2500.0
"""Visitors a year of the middle centre: the size of a district centre."""

VISITORS_LOG_SD = 0.8
"""Spread of the lognormal number of visitors: the largest of 240 centres has about ten times the
visitors of the middle one, the smallest about a tenth."""

VISITORS_MINIMUM = 200
"""No centre has fewer visitors a year."""

VISITORS_PER_ANSWER = 20
"""The middle centre has at least this many visitors for each answer of the average centre, so that
the survey stays a sample however many answers are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region of the pilot and the names of its centres, the largest place first."""

    code: str
    name: str
    centre_names: tuple[str, ...]


@cache
def load_regions() -> tuple[Region, ...]:
    """Return the 13 regions of the pilot with the names of their centres."""
    text = files("clientindex.simulate").joinpath("places.toml").read_text(encoding="utf-8")
    return tuple(
        Region(
            code=entry["code"],
            name=entry["name"],
            centre_names=(
                *(f"ЦЗН г. {town}" for town in entry["towns"]),
                *(f"ЦЗН {district} района" for district in entry["districts"]),
            ),
        )
        for entry in tomllib.loads(text)["regions"]
    )


def share_out(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Divide `total` whole units in proportion to `weights` by the largest remainder.

    Parameters
    ----------
    total : int
        Units to give out, at least 0.
    weights : ndarray of shape (n,)
        Non-negative, not all zero.

    Returns
    -------
    ndarray of shape (n,)
        Whole numbers that sum to `total`; equal remainders go to the earlier position.
    """
    exact = total * weights / weights.sum()
    units: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    order = np.argsort(units - exact, kind="stable")
    units[order[: total - int(units.sum())]] += 1
    return units


def simulate_register(n_centres: int, *, n_answers: int, rng: Generator) -> pd.DataFrame:
    """Draw the register of centres.

    Parameters
    ----------
    n_centres : int
        Centres to place; regions get shares in proportion to their number of known places.
    n_answers : int
        Answers planned in all segments together; keeps visitors well above answers.
    rng : Generator

    Returns
    -------
    DataFrame of shape (n_centres, 4)
        ``centre`` (unique text), ``name`` (unique, Russian), ``region``, ``visitors`` (a year,
        whole number); sorted by region of the list and size of place.
    """
    regions = load_regions()
    places = np.array([len(region.centre_names) for region in regions], dtype=np.float64)
    sizes = share_out(n_centres, places)
    median = max(VISITORS_MEDIAN, VISITORS_PER_ANSWER * n_answers / n_centres)
    draws = median * rng.lognormal(sigma=VISITORS_LOG_SD, size=n_centres)
    visitors = np.maximum(np.rint(draws), VISITORS_MINIMUM).astype(np.int64)
    parts = np.split(visitors, np.cumsum(sizes)[:-1])
    return pd.concat(
        [_place_region(region, part) for region, part in zip(regions, parts, strict=True)],
        ignore_index=True,
    )


def _place_region(region: Region, visitors: NDArray[np.int64]) -> pd.DataFrame:
    numbers = range(len(visitors))
    return pd.DataFrame(
        {
            "centre": [identify_centre(region, number) for number in numbers],
            "name": [name_centre(region, number) for number in numbers],
            "region": region.name,
            "visitors": _largest_first(visitors),
        }
    )


def identify_centre(region: Region, number: int) -> str:
    """Return the identifier of the centre of this number, counted from 0."""
    return f"R{region.code}-{number + 1:03d}"


def name_centre(region: Region, number: int) -> str:
    """Return a unique name; beyond the known places, further branches in the same ones."""
    branch, place = divmod(number, len(region.centre_names))
    name = region.centre_names[place]
    return name if branch == 0 else f"{name}, отделение № {branch + 1}"


def _largest_first(visitors: NDArray[np.int64]) -> NDArray[np.int64]:
    """Swap the largest number to the first place, the region's largest town."""
    ordered = visitors.copy()
    top = int(np.argmax(visitors))
    ordered[[0, top]] = ordered[[top, 0]]
    return ordered
