"""Does the edition have the inputs that its methodology scores, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.intake.log import FaultLog, Place, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.edition import Edition
    from clientindex.methodology import Methodology


def report_unmatched_inputs(edition: Edition, methodology: Methodology, log: FaultLog) -> None:
    """Log answers, measures and attributes that one has and the other lacks."""
    pairs = (
        ("survey", bool(edition.data.survey), methodology.answer_keys, "answers"),
        ("measures", bool(edition.data.measures), methodology.measure_keys, "measure"),
    )
    for name, given, keys, kind in pairs:
        if given != bool(keys):
            log.add("E-SETTING", Place(file=""), _describe(name, kind, given=given))
    register = edition.data.register_
    named = set() if register is None else set(register.attributes)
    for name in sorted(set(list_attributes(methodology)) - named):
        trouble = Trouble(
            read=f"no attribute {name!r} of the register, which the star rule names",
            allowed=f"'attributes: {{{name}: <column>}}' under 'register' in the edition",
            advice="Name the column of the register there, or change the star rule.",
        )
        log.add("E-SETTING", Place(file=""), trouble)
    weighted = methodology.answer_weights.active or methodology.case_mix.active
    if weighted and edition.respondents == "count":
        log.add("E-SETTING", Place(file=""), _describe_weighted())
    for name in sorted(list_traits(methodology) - _list_given_traits(edition)):
        trouble = Trouble(
            read=f"no trait {name!r} of the clients, which the methodology weights or adjusts by",
            allowed=f"a column of {name!r} in a survey file of single answers",
            advice="Name the column under 'columns' or 'traits' of the survey in the edition, or "
            "take the trait out of 'answer_weights' and 'case_mix' in the methodology.",
        )
        log.add("E-SETTING", Place(file=""), trouble)


def _describe(name: str, kind: str, *, given: bool) -> Trouble:
    if given:
        return Trouble(
            read=f"'{name}' in the edition, but no indicator of kind {kind} in the methodology",
            allowed=f"{name} that the methodology scores",
            advice=f"Take '{name}' out of the edition, or add indicators of kind {kind}.",
        )
    return Trouble(
        read=f"indicators of kind {kind} in the methodology, but no '{name}' in the edition",
        allowed=f"'{name}' under 'data' in the edition",
        advice=f"Name the files under '{name}', or take the indicators out of the methodology.",
    )


def _describe_weighted() -> Trouble:
    return Trouble(
        read="'respondents: count', though the methodology weights answers or adjusts them for "
        "case mix",
        allowed="'respondents: keep' with 'answer_weights' or 'case_mix', which need every "
        "respondent",
        advice="Keep the respondents, or take both out of the methodology.",
    )


def list_attributes(methodology: Methodology) -> Iterator[str]:
    """Yield the attributes of the register that the star rule names."""
    rule = methodology.stars
    if rule.peer_groups is not None and rule.peer_groups.attribute is not None:
        yield rule.peer_groups.attribute
    for cap in rule.caps:
        if cap.flag is not None:
            yield cap.flag


def list_traits(methodology: Methodology) -> set[str]:
    """Return the traits of clients that answers are weighted or adjusted by."""
    weights = methodology.answer_weights
    raked = weights.traits if weights.margins != "none" else ()
    return {*raked, *(name for traits in methodology.case_mix.sets.values() for name in traits)}


def _list_given_traits(edition: Edition) -> set[str]:
    """Return the traits that files of single answers may have; a channel has its own role."""
    sources = [source for source in edition.data.survey if source.kind == "respondents"]
    listed = {name for source in sources for name in (*source.traits, *source.columns)}
    return listed | ({"channel"} if sources else set())
