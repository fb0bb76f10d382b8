"""Names of subjects, parts, traits and reasons of stars and their uncertainty."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from clientindex.wording.absence import name_reason
from clientindex.wording.names import (
    SET,
    name_detail,
    name_group,
    name_indicator,
    name_joined,
    name_level,
    name_region,
    name_segment,
    name_trait,
    name_value,
)
from clientindex.wording.sentences.rating.counting import name_stars

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

CONDITIONS = ("withheld", "absent")
"""What stands in place of stars in a table of transitions."""

ARROW = "\u00a0→\u00a0"
"""Between a value of the earlier edition and that of the later."""

REGION_COEFFICIENT = "coefficient.region."

NUMBER = re.compile(r"-?\d+\.\d+")
"""A detail that is a number with decimals."""


def name_subject(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name the index, or a group; one that the methodology no longer has keeps its key."""
    if key == "index":
        return wording.text("compared.index")
    known = key in methodology.group_keys
    return name_group(key, methodology, wording) if known else key


def name_former_group(key: str, methodology: Methodology, wording: Wording) -> str | None:
    """Name a group of one of two methodologies; nothing where there is none."""
    return name_subject(key, methodology, wording) if key else None


def name_known_indicator(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name an indicator; one that the methodology no longer has keeps its key."""
    known = key in methodology.indicator_keys
    return name_indicator(key, methodology, wording) if known else key


def name_compared_indicator(
    names: tuple[str, str, str], methodology: Methodology, wording: Wording
) -> str:
    """Name an indicator of one of two methodologies by its key and its own names, ru and en."""
    key, ru, en = names
    if key in methodology.indicator_keys:
        return name_indicator(key, methodology, wording)
    return ru if wording.language == "ru" else en


def name_part_of_index(part: tuple[str, str], methodology: Methodology, wording: Wording) -> str:
    """Name a group or indicator by its kind and key."""
    kind, key = part
    name = name_subject if kind == "group" else name_known_indicator
    return name(key, methodology, wording)


def name_place(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name a region, or the whole country."""
    del methodology
    return name_region(key, wording)


def name_known_segment(key: str, methodology: Methodology, wording: Wording) -> str | None:
    """Name a segment; nothing where none is meant."""
    return name_segment(key, methodology, wording) if key else None


def name_known_trait(key: str, methodology: Methodology, wording: Wording) -> str | None:
    """Name a trait of clients; nothing where none is meant."""
    return name_trait(key, methodology, wording) if key else None


def name_traits(keys: str, methodology: Methodology, wording: Wording) -> str:
    """Name the traits of a list of keys."""
    return ", ".join(name_trait(key, methodology, wording) for key in keys.split(", "))


def name_level_of(level: tuple[str, str], methodology: Methodology, wording: Wording) -> str:
    """Name a level by its trait and itself; without a text it is unknown."""
    return name_level(*level, methodology, wording)


def name_joined_of(
    joined: tuple[str, str], methodology: Methodology, wording: Wording
) -> str | None:
    """Name joined levels by their trait and themselves; nothing where there are none."""
    return name_joined(*joined, methodology, wording) or None


def name_set(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name a set of traits."""
    return name_value(SET, key, methodology, wording)


def name_peers(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name a peer group by the attribute that makes it; regions and numbers of groups stay."""
    peers = methodology.stars.peer_groups
    kind = "" if peers is None else peers.attribute or ""
    return name_value(kind, key, methodology, wording)


def name_star(key: str, methodology: Methodology, wording: Wording) -> str:
    """Write stars of a transition, or say that there were none."""
    del methodology
    if key in CONDITIONS:
        return wording.text(f"star_condition.{key}")
    return f"{name_stars(float(key), wording)}\u00a0★"


def name_scores_then_now(
    scores: tuple[float, float], methodology: Methodology, wording: Wording
) -> str:
    """Write the scores of two editions, the earlier first."""
    del methodology
    return ARROW.join(wording.number(score) for score in scores)


def name_stars_then_now(stars: tuple[Any, Any], methodology: Methodology, wording: Wording) -> str:
    """Write the stars of two editions, the earlier first; where there are none, this is said."""
    del methodology
    none = wording.text("star_condition.withheld")
    return ARROW.join(none if pd.isna(star) else name_stars(star, wording) for star in stars)


def name_withheld(reason: str, methodology: Methodology, wording: Wording) -> str | None:
    """Say why a star is withheld; nothing where it is given."""
    del methodology
    return wording.text(f"withheld.{reason}") if reason else None


def name_condition(reason: str, methodology: Methodology, wording: Wording) -> str | None:
    """Say why there is no star in an edition: withheld, absent from the register or merged."""
    if f"no_star.{reason}" in wording.texts:
        return wording.text(f"no_star.{reason}")
    return name_withheld(reason, methodology, wording)


def say_reason(reason: str, methodology: Methodology, wording: Wording) -> str | None:
    """Say why something is not defined; nothing where it is."""
    if not reason:
        return None
    return name_reason(f"rating.{reason}", "", methodology, wording=wording)


def name_model_statistic(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name a statistic of a model of scores; the coefficient of a region names the region."""
    del methodology
    if key.startswith(REGION_COEFFICIENT):
        region = key.removeprefix(REGION_COEFFICIENT)
        return wording.text("score_model.region", region=region)
    return wording.text(f"score_model.{key.replace('.', '_')}")


def name_compared_statistic(
    names: tuple[str, str], methodology: Methodology, wording: Wording
) -> str:
    """Name a statistic of a model of scores.

    `names` end with the region that others are compared with; where it is known, the note of the
    table says it, and a row names its own region only.
    """
    key, first = names
    if first and key.startswith(REGION_COEFFICIENT):
        region = key.removeprefix(REGION_COEFFICIENT)
        return wording.text("score_model.region_row", region=region)
    return name_model_statistic(key, methodology, wording)


def name_rest(
    detail: str, methodology: Methodology, wording: Wording, *, trait: str = ""
) -> str | None:
    """Name the groups, indicators, traits, levels of `trait` and settings of a detail.

    Numbers stay, and what nothing names.
    """
    if not detail:
        return None
    level = name_level(trait, detail, methodology, wording) if trait else detail
    if level != detail:
        return level
    if NUMBER.fullmatch(detail):
        minus, point = wording.number(-1.5)[0], wording.signs.decimal
        return detail.replace("-", minus).replace(".", point)
    for prefix in ("client_trait", "sentence.setting"):
        if f"{prefix}.{detail}" in wording.texts:
            return wording.text(f"{prefix}.{detail}")
    return name_detail(detail, methodology, wording)
