"""Names of what the sensitivity of stars speaks of: sources, inputs, choices, outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import COUNTRY
from clientindex.wording.names import name_group, name_indicator, name_region

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.methodology import Methodology
    from clientindex.results import WeightStability
    from clientindex.wording.words import Wording

KEY: Final = "figures.sensitivity"


def name_weight_source(source: str, wording: Wording) -> str:
    """Name a source of weights."""
    return wording.text(f"{KEY}.weight_source.{source}")


def name_dimension(dimension: str, wording: Wording) -> str:
    """Name a choice that a methodology makes."""
    return wording.text(f"{KEY}.dimension.{dimension}")


def name_option(option: str, wording: Wording) -> str:
    """Name what a choice may be; a name that the settings gave stays as it is.

    Several joined by "+" or "/" are named one by one.
    """
    for sign in ("+", "/"):
        if sign in option:
            return " / ".join(name_option(part, wording) for part in option.split(sign))
    key = f"{KEY}.option.{option}"
    if key in wording.texts:
        return wording.text(key)
    power = option.removeprefix("power ")
    return wording.text(f"{KEY}.option.power", power=power) if power != option else option


def name_input(kind: str, key: str, methodology: Methodology, wording: Wording) -> str:
    """Name an input of the variance-based analysis, or a source of several."""
    if kind == "group":
        return wording.text(f"{KEY}.weight_of", name=name_group(key, methodology, wording))
    if kind == "indicator":
        return wording.text(f"{KEY}.weight_of", name=name_indicator(key, methodology, wording))
    if kind == "choice":
        return wording.text(f"{KEY}.choice_of", name=name_dimension(key, wording))
    return wording.text(f"{KEY}.doubt_source.{key}")


def name_output(output: str, key: str, centres: Mapping[str, str], wording: Wording) -> str:
    """Name an output of the variance-based analysis; `centres` has the names of centres."""
    if output == "region_mean":
        if key == COUNTRY:
            return wording.text(f"{KEY}.output.country_mean")
        return wording.text(f"{KEY}.output.{output}", name=name_region(key, wording))
    if output == "centre_index":
        return wording.text(f"{KEY}.output.{output}", name=centres.get(key, key))
    return wording.text(f"{KEY}.output.{output}")


def write_band(band_pct: float, wording: Wording) -> str:
    """Write per cent of a band, whole where they are."""
    return wording.number(band_pct, 0 if band_pct % 1 == 0 else 1)


def tell_weightings(result: WeightStability, wording: Wording) -> str:
    """Say which weights were drawn, and how."""
    values = {
        "band": {"band": write_band(result.band_pct, wording)},
        "dirichlet": {"concentration": wording.number(result.concentration, digits=0)}
        if result.kind == "dirichlet"
        else {},
        "simplex": {},
    }[result.kind]
    told = wording.text(f"{KEY}.weightings.{result.kind}", **values)
    vary = wording.text(f"{KEY}.vary.{result.vary}")
    return wording.text(f"{KEY}.weightings.told", vary=vary, told=told)
