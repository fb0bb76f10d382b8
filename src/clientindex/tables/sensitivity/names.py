"""Names of parts, choices, sources and reasons in tables of the sensitivity of stars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from clientindex.tables.rating.names import name_known_indicator, name_place, name_subject
from clientindex.wording import sensitivity_names
from clientindex.wording.names import name_segment
from clientindex.wording.sentences.rating.counting import name_stars

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Stars
    from clientindex.wording import Wording

TOP = 15
"""Rows of the most telling in a document."""


def add_names(frame: pd.DataFrame, given: Stars) -> pd.DataFrame:
    """Add the name of every centre of a frame."""
    return frame.merge(given.frame[["centre", "name"]], on="centre", how="left")


def name_part(part: tuple[str, str], methodology: Methodology, wording: Wording) -> str:
    """Name a group, indicator, region or segment by its kind and key."""
    kind, key = part
    if kind == "region":
        return name_place(key, methodology, wording)
    if kind == "segment":
        known = {segment.key for segment in methodology.segments}
        return name_segment(key, methodology, wording) if key in known else key
    name = name_known_indicator if kind == "indicator" else name_subject
    return name(key, methodology, wording)


def name_source(source: str, methodology: Methodology, wording: Wording) -> str:
    """Name a source of weights."""
    del methodology
    return sensitivity_names.name_weight_source(source, wording)


def name_choice(choice: str, methodology: Methodology, wording: Wording) -> str:
    """Name a choice of the method."""
    del methodology
    return sensitivity_names.name_dimension(choice, wording)


def name_option(option: str, methodology: Methodology, wording: Wording) -> str:
    """Name what a choice may be."""
    del methodology
    return sensitivity_names.name_option(option, wording)


def name_input(part: tuple[str, str], methodology: Methodology, wording: Wording) -> str:
    """Name an input of the variance-based analysis by its kind and key."""
    return sensitivity_names.name_input(*part, methodology, wording)


def name_output(part: tuple[str, str, Any], methodology: Methodology, wording: Wording) -> str:
    """Name an output of the variance-based analysis by its name, key and name of the centre."""
    del methodology
    output, key, centre = part
    names = {} if pd.isna(centre) else {key: str(centre)}
    return sensitivity_names.name_output(output, key, names, wording)


def name_doubt(source: str, methodology: Methodology, wording: Wording) -> str:
    """Name a source of doubt, or all together."""
    if source == "all":
        return wording.text("sensitivity_source.all")
    return sensitivity_names.name_input("source", source, methodology, wording)


def say_gap(reason: str, methodology: Methodology, wording: Wording) -> str:
    """Say why something is not defined, or stands out."""
    del methodology
    return wording.text(f"sensitivity_gap.{reason}")


def name_keys(detail: str, methodology: Methodology, wording: Wording) -> str | None:
    """Name the groups and indicators of a detail; nothing where it is something else."""
    known = {"index", *methodology.group_keys, *methodology.indicator_keys}
    parts = detail.split(", ")
    if not detail or not known.issuperset(parts):
        return None
    named = [
        name_part(
            ("indicator" if p in methodology.indicator_keys else "group", p), methodology, wording
        )
        for p in parts
    ]
    return ", ".join(named)


def write_stars(low: Any, high: Any, wording: Wording) -> str | None:
    """Write a range of stars; nothing where it is not known."""
    if pd.isna(low) or pd.isna(high):
        return None
    first, last = name_stars(float(low), wording), name_stars(float(high), wording)
    return first if first == last else f"{first}–{last}"
