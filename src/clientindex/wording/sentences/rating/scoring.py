"""How answers, measures and checklists become indicator, group and index scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.methodology.model import SCORE_MAX
from clientindex.methodology.scoring_settings import Normaliser
from clientindex.wording.names import name_indicator, name_value
from clientindex.wording.sentences.recipe import ParagraphRecipe

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.methodology.scoring_settings import MeanRule
    from clientindex.wording.words import Wording

DIGITS: Final = 2


def say_scoring(methodology: Methodology, *, wording: Wording) -> str:
    """Say how the index is made, and what happens where something is missing."""
    rule = methodology.scoring
    said = [
        *_say_answers(methodology, wording),
        *_say_measures(methodology, wording),
        _say_levels(methodology, wording),
        *_say_scale(methodology, wording),
        wording.text(f"sentence.scoring.indicator_{rule.missing_indicator}"),
        wording.text(f"sentence.scoring.group_{rule.missing_group}"),
        *_say_segments(methodology, wording),
        *_say_periods(methodology, wording),
        *_say_checklists(methodology, wording),
    ]
    return " ".join(said)


def _say_answers(methodology: Methodology, wording: Wording) -> list[str]:
    """Say how an answer counts; scales of single indicators are said to be their own."""
    if not methodology.answer_keys:
        return []
    scale = methodology.scale
    ends = {"lowest": wording.integer(scale.minimum), "highest": wording.integer(scale.maximum)}
    if methodology.scoring.answers == "top_box":
        least = methodology.scoring.top_box_from
        key = "top_box_own" if least is None else "top_box"
        values = {} if least is None else {**ends, "least": wording.integer(least)}
        said = [wording.text(f"sentence.scoring.{key}", **values)]
    else:
        key = "answers" if scale.points is None else "answers_table"
        values = {**ends, "maximum": wording.integer(int(SCORE_MAX))}
        said = [wording.text(f"sentence.scoring.{key}", **values)]
    own = [key for key in methodology.answer_keys if methodology.indicator(key).scale is not None]
    if own:
        n = wording.counted(len(own), "indicator_of")
        said.append(wording.text("sentence.scoring.own_scales", n=n))
    return said


def _say_measures(methodology: Methodology, wording: Wording) -> list[str]:
    """List the indicators that are no answers, each with how it comes to the scale of scores."""
    items = [
        wording.text(
            "sentence.scoring.measure",
            indicator=name_indicator(key, methodology, wording),
            normaliser=_name_normaliser(methodology.indicator(key).normaliser, wording),
        )
        for key in methodology.measure_keys
    ]
    return [wording.text("sentence.scoring.measures", items="; ".join(items))] if items else []


def _name_normaliser(normaliser: Normaliser | None, wording: Wording) -> str:
    normaliser = normaliser or Normaliser()
    low, high = (wording.number(end, 0) for end in normaliser.to)
    named = {"low": normaliser.low, "high": normaliser.high, "target": normaliser.target}
    values = {
        name: wording.number(value, DIGITS) for name, value in named.items() if value is not None
    }
    if normaliser.kind in ("min_max", "target", "goalposts"):
        values |= {"bottom": low, "top": high}
    return wording.text(f"sentence.normaliser.{normaliser.kind}", **values)


def _say_levels(methodology: Methodology, wording: Wording) -> str:
    """Say by which mean indicators become groups, and groups the index."""
    group, index = (methodology.scoring.mean_of(level) for level in ("group", "index"))
    if group.kind == index.kind == "arithmetic":
        return wording.text("sentence.scoring.arithmetic")
    said = wording.text(
        "sentence.scoring.means",
        group=_name_mean(group, wording),
        index=_name_mean(index, wording),
    )
    powers = {"geometric", "harmonic", "power"} & {group.kind, index.kind}
    return f"{said} {wording.text('sentence.scoring.compensation')}" if powers else said


def _name_mean(mean: MeanRule, wording: Wording) -> str:
    values = {} if mean.power is None else {"power": wording.number(mean.power, DIGITS)}
    return wording.text(f"sentence.mean.{mean.kind}", **values)


def _say_scale(methodology: Methodology, wording: Wording) -> list[str]:
    rule = methodology.scoring
    said = []
    if rule.normalise_groups == "z":
        said.append(wording.text("sentence.scoring.groups_z"))
    if rule.scale == "standard":
        said.append(wording.text("sentence.scoring.standard"))
    return said


def _say_segments(methodology: Methodology, wording: Wording) -> list[str]:
    segments = methodology.segments
    if not segments:
        return []
    if len(segments) == 1:
        name = segments[0].name.in_language(wording.language)
        return [wording.text("sentence.scoring.one_segment", segment=name)]
    weights = [
        wording.text(
            "sentence.scoring.segment",
            segment=segment.name.in_language(wording.language),
            weight=wording.number(segment.weight, DIGITS),
        )
        for segment in segments
    ]
    said = [wording.text("sentence.scoring.segments", weights=wording.join(weights))]
    mean = methodology.scoring.mean_of("segments")
    if mean.kind != "arithmetic":
        name = _name_mean(mean, wording)
        said.append(wording.text("sentence.scoring.segments_mean", mean=name))
    return said


def _say_periods(methodology: Methodology, wording: Wording) -> list[str]:
    periods = methodology.scoring.periods
    if periods is None:
        return []
    weights = [
        wording.text(
            "sentence.scoring.period",
            period=name_value("period", name, methodology, wording),
            weight=wording.number(weight, DIGITS),
        )
        for name, weight in periods.weights.items()
    ]
    said = [wording.text("sentence.scoring.periods", weights=wording.join(weights))]
    mean = methodology.scoring.mean_of("periods")
    if mean.kind != "arithmetic":
        said.append(wording.text("sentence.scoring.periods_mean", mean=_name_mean(mean, wording)))
    return said


def _say_checklists(methodology: Methodology, wording: Wording) -> list[str]:
    rule = methodology.checklist
    if rule is None:
        return []
    values = {} if rule.weight is None else {"weight": wording.percent(rule.weight)}
    return [wording.text(f"sentence.scoring.checklist_{rule.use}", **values)]


RECIPES = (
    ParagraphRecipe(
        name="scoring",
        needs=(),
        build=lambda bundle, wording: say_scoring(bundle.methodology, wording=wording),
    ),
)
