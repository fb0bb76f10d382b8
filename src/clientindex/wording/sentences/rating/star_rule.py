"""How the index becomes stars: cut points, peer groups, requirements, caps, guardrails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.wording.names import TRAIT, name_group, name_value
from clientindex.wording.sentences.rating.counting import count_stars
from clientindex.wording.sentences.recipe import ParagraphRecipe

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.methodology.star_settings import Cap
    from clientindex.wording.words import Wording


def say_star_rule(methodology: Methodology, *, wording: Wording) -> str:
    """Say how the index becomes stars, and when it does not."""
    said = [
        _say_cuts(methodology, wording),
        *_say_half_stars(methodology, wording),
        *_say_peers(methodology, wording),
        _say_minimum(methodology, wording),
        *_say_requirements(methodology, wording),
        *_say_caps(methodology, wording),
        *_say_guardrail(methodology, wording),
        wording.text("sentence.star_rule.probability"),
    ]
    return " ".join(said)


def _say_cuts(methodology: Methodology, wording: Wording) -> str:
    rule = methodology.stars
    values = {"bands": wording.counted(rule.n_levels, "band_into")}
    if rule.rule == "quantiles":
        shares = rule.quantiles.shares
        listed = ", ".join(wording.percent(share) for share in shares)
        equal = wording.text("sentence.star_rule.equal_shares")
        values["shares"] = (
            wording.text("sentence.star_rule.shares", shares=listed) if shares else equal
        )
    if rule.rule == "hierarchical":
        values["linkage"] = wording.text(f"sentence.linkage.{rule.linkage}")
    said = wording.text(f"sentence.star_rule.{rule.rule}", **values)
    if rule.is_stated:
        return said
    return f"{said} {wording.text('sentence.star_rule.relative')}"


def _say_half_stars(methodology: Methodology, wording: Wording) -> list[str]:
    half = methodology.stars.half_stars
    return [wording.text("sentence.star_rule.half_stars")] if half else []


def _say_peers(methodology: Methodology, wording: Wording) -> list[str]:
    peers = methodology.stars.peer_groups
    if peers is None:
        return []
    field = peers.attribute
    named = {} if field is None else {"attribute": name_value(TRAIT, field, methodology, wording)}
    by = wording.text(f"sentence.star_rule.by_{peers.by}", **named)
    n = wording.counted(peers.minimum_centres, "centre_of")
    return [wording.text("sentence.star_rule.peers", by=by, n=n)]


def _say_minimum(methodology: Methodology, wording: Wording) -> str:
    minimum = methodology.stars.minimum_sample
    if minimum == 0:
        return wording.text("sentence.star_rule.no_minimum")
    n = wording.counted(minimum, "respondent_of")
    return wording.text("sentence.star_rule.minimum", minimum=n)


def _say_requirements(methodology: Methodology, wording: Wording) -> list[str]:
    needed = methodology.stars.requirements
    said = []
    if needed.minimum_per_segment > 0:
        n = wording.counted(needed.minimum_per_segment, "respondent_of")
        said.append(wording.text("sentence.star_rule.per_segment", n=n))
    if needed.minimum_groups > 0:
        said.append(
            wording.text(
                "sentence.star_rule.groups",
                groups=wording.counted(needed.minimum_groups, "group_of"),
                indicators=wording.counted(needed.minimum_indicators_per_group, "indicator_of"),
            )
        )
    if needed.any_of:
        names = ", ".join(
            wording.text("sentence.quoted", name=name_group(key, methodology, wording))
            for key in needed.any_of
        )
        said.append(wording.text("sentence.star_rule.any_of", groups=names))
    return said


def _say_caps(methodology: Methodology, wording: Wording) -> list[str]:
    caps = [_say_cap(cap, methodology, wording) for cap in methodology.stars.caps]
    return [wording.text("sentence.star_rule.caps", caps="; ".join(caps))] if caps else []


def _say_cap(cap: Cap, methodology: Methodology, wording: Wording) -> str:
    """Say one cap: how many stars at most, and under which condition."""
    if cap.flag is not None:
        values = (name_value(cap.flag, value, methodology, wording) for value in cap.holds)
        flag = name_value(TRAIT, cap.flag, methodology, wording)
        condition = wording.text("sentence.star_rule.cap_flag", flag=flag, holds=", ".join(values))
    elif cap.stars_below is not None:
        condition = wording.text(
            "sentence.star_rule.cap_stars",
            group=name_group(str(cap.group), methodology, wording),
            below=count_stars(cap.stars_below, wording),
        )
    else:
        limit = wording.number(float(cap.score_below or 0.0))
        group = {} if cap.group is None else {"group": name_group(cap.group, methodology, wording)}
        key = "cap_index" if cap.group is None else "cap_group"
        condition = wording.text(f"sentence.star_rule.{key}", limit=limit, **group)
    return wording.text(
        "sentence.star_rule.cap", stars=count_stars(cap.at_most, wording), condition=condition
    )


def _say_guardrail(methodology: Methodology, wording: Wording) -> list[str]:
    rule = methodology.stars.guardrail
    if rule is None:
        return []
    limits = []
    if rule.absolute is not None:
        points = wording.number(rule.absolute)
        limits.append(wording.text("sentence.star_rule.absolute", points=points))
    if rule.relative is not None:
        key = "relative_limit" if rule.span is None else "relative_span"
        values = {} if rule.span is None else {"span": wording.number(rule.span)}
        share = wording.percent(rule.relative)
        limits.append(wording.text(f"sentence.star_rule.{key}", share=share, **values))
    key = "guardrails" if len(limits) > 1 else "guardrail"
    return [wording.text(f"sentence.star_rule.{key}", limits=wording.join(limits))]


RECIPES = (
    ParagraphRecipe(
        name="star_rule",
        needs=(),
        build=lambda bundle, wording: say_star_rule(bundle.methodology, wording=wording),
    ),
)
