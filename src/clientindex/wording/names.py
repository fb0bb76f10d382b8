"""Names of what a row speaks of, in the language of the document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from clientindex.results import ALL_SEGMENTS, COUNTRY, INDEX

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording


def name_group(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name a group, or all indicators together."""
    if key == INDEX:
        return wording.text("subject.index")
    return methodology.group(key).name.in_language(wording.language)


def name_indicator(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name an indicator."""
    return methodology.indicator(key).name.in_language(wording.language)


def name_segment(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name a segment, or all segments together."""
    if key == ALL_SEGMENTS:
        return wording.text("subject.all_segments")
    found = {segment.key: segment.name for segment in methodology.segments}
    return found[key].in_language(wording.language)


def name_value(kind: str, value: str, methodology: Methodology, wording: Wording) -> str:
    """Name a value that data deliver; one that the methodology does not name stands as delivered.

    Parameters
    ----------
    kind : str
        What it is a value of, as in ``value_names`` of the methodology.
    value : str
    methodology : Methodology
    wording : Wording
    """
    names = methodology.value_names.get(kind, {})
    return names[value].in_language(wording.language) if value in names else value


def name_trait(trait: str, methodology: Methodology, wording: Wording) -> str:
    """Name a trait of clients; one that neither methodology nor catalogue names keeps its key."""
    if trait in methodology.value_names.get(TRAIT, {}):
        return name_value(TRAIT, trait, methodology, wording)
    key = f"client_trait.{trait}"
    return wording.text(key) if key in wording.texts else trait


def name_level(trait: str, level: str, methodology: Methodology, wording: Wording) -> str:
    """Name a level of a trait; without a text it is unknown."""
    if not level:
        return wording.text("trait_level.unknown")
    named = name_value(trait, level, methodology, wording)
    return _YEARS.sub("\\1–\\2", named)


def name_joined(trait: str, joined: str, methodology: Methodology, wording: Wording) -> str:
    """Name the levels that were joined into one; nothing where there are none."""
    if not joined:
        return ""
    levels = joined.split(JOINED)
    return JOINED.join(name_level(trait, level, methodology, wording) for level in levels)


def name_region(region: str, wording: Wording) -> str:
    """Name a region, or the whole country."""
    return wording.text("subject.country") if region == COUNTRY else region


TRAIT: Final = "trait"
"""Kind of the names of traits and attributes themselves."""
SET: Final = "set"
"""Kind of the names of sets of traits."""
JOINED: Final = " + "
"""Between the levels of a joined one, as results write it."""
_YEARS: Final = re.compile(r"^(\d+)-(\d+)$")
"""An age group as data write it."""

GENERAL: Final = "general"
"""Name of the general factor in models and results."""

STANDARD_MODELS: Final = ("one_factor", "correlated", "second_order", "bifactor")
"""Confirmatory models that every methodology has."""

_PARAMETER: Final = re.compile(r"(\w+)\s*(=~|~\*~|~~|~1|~|\|)\s*(\w*)")
"""A parameter as the models write it."""

_PARAMETERS: Final = {
    "=~": "loading",
    "~~": "covariance",
    "~": "regression",
    "~1": "intercept",
    "|": "threshold",
    "~*~": "scale",
}


def name_model(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name a confirmatory model; one that the methodology does not name keeps its key."""
    if key in STANDARD_MODELS:
        return wording.text(f"model.{key}")
    own = {model.key: model.name for model in methodology.factors.models}
    return own[key].in_language(wording.language) if key in own else key


def name_variable(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name an indicator, a group or the general factor; other factors keep their names."""
    if key == GENERAL:
        return wording.text("factor_name.general")
    if key in methodology.group_keys:
        return name_group(key, methodology, wording)
    if key in methodology.indicator_keys:
        return name_indicator(key, methodology, wording)
    return key


def name_factor(key: str, wording: Wording) -> str:
    """Name an exploratory factor: "F1" and so on stay, the general factor has a name."""
    return wording.text("factor_name.general") if key == GENERAL else key


def name_parameter(lhs: str, op: str, rhs: str, methodology: Methodology, wording: Wording) -> str:
    """Name a parameter of a model written as lavaan has it: ``lhs op rhs``."""
    kind = "variance" if op == "~~" and lhs == rhs else _PARAMETERS[op]
    values = {"lhs": name_variable(lhs, methodology, wording)}
    if kind in ("loading", "covariance", "regression"):
        values["rhs"] = name_variable(rhs, methodology, wording)
    if kind == "threshold":
        values["number"] = rhs.removeprefix("t")
    return wording.text(f"parameter.{kind}", **values)


def name_detail(detail: str, methodology: Methodology, wording: Wording) -> str:
    """Name the groups, indicators and parameters of a list of keys; leave everything else."""
    return ", ".join(_name_key(part, methodology, wording) for part in detail.split(", "))


def _name_key(part: str, methodology: Methodology, wording: Wording) -> str:
    if part == INDEX:
        return wording.text("subject.index")
    found = _PARAMETER.fullmatch(part)
    if found:
        lhs, op, rhs = found.group(1), found.group(2), found.group(3)
        return name_parameter(lhs, op, rhs, methodology, wording)
    return name_variable(part, methodology, wording)


def name_part(across: str, part: str, methodology: Methodology, wording: Wording) -> str:
    """Name a part of the data that is compared with others: a segment, region, channel, period."""
    if across == "segment":
        return name_segment(part, methodology, wording)
    return name_value(across, part, methodology, wording)


def name_scope(kind: str, part: str, methodology: Methodology, wording: Wording) -> str:
    """Name a part of the data for which reliability is told: all, a segment, region, period."""
    if kind in {"region", "period"}:
        return name_value(kind, part, methodology, wording)
    return name_segment(part, methodology, wording)


def name_rule(rule: str, reference: str, wording: Wording) -> str:
    """Name a rule for the number of factors, with the random data that it compares with."""
    name = wording.text(f"rule.{rule}")
    if not reference:
        return name
    data = wording.text(f"random_data.{reference}")
    return wording.text("rule.with_reference", rule=name, data=data)
