"""Sentences about the rules of the methodology: indicators, scoring, stars, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.methodology.model import SCORE_MAX
from clientindex.results import Scores
from clientindex.wording.absence import take
from clientindex.wording.sentences.recipe import ParagraphRecipe

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording


def say_status(methodology: Methodology, *, wording: Wording) -> str:
    """Say which methodology this is, its status and its source."""
    language = wording.language
    return wording.text(
        "sentence.methodology.status",
        title=methodology.title.in_language(language),
        status=methodology.status.in_language(language),
        source=methodology.source.in_language(language),
    )


def list_groups(methodology: Methodology, *, wording: Wording) -> tuple[str, ...]:
    """List the groups with their number of indicators and weight."""
    return tuple(
        wording.text(
            "sentence.methodology.group",
            group=group.name.in_language(wording.language),
            n=wording.counted(len(group.indicators), "indicator"),
            weight=wording.number(group.weight, 2),
        )
        for group in methodology.groups
    )


def say_scoring(methodology: Methodology, *, wording: Wording) -> str:
    """Say how answers become scores, and what happens where answers are missing."""
    scale, rule = methodology.scale, methodology.scoring
    said = [
        wording.text(
            "sentence.scoring.answers",
            lowest=wording.integer(scale.minimum),
            highest=wording.integer(scale.maximum),
            maximum=wording.integer(int(SCORE_MAX)),
        ),
        wording.text(f"sentence.scoring.indicator_{rule.missing_indicator}"),
        wording.text(f"sentence.scoring.group_{rule.missing_group}"),
    ]
    return " ".join([*said, _say_segments(methodology, wording)])


def _say_segments(methodology: Methodology, wording: Wording) -> str:
    segments = methodology.segments
    if len(segments) == 1:
        name = segments[0].name.in_language(wording.language)
        return wording.text("sentence.scoring.one_segment", segment=name)
    weights = [
        wording.text(
            "sentence.scoring.segment",
            segment=segment.name.in_language(wording.language),
            weight=wording.number(segment.weight, 2),
        )
        for segment in segments
    ]
    return wording.text("sentence.scoring.segments", weights=wording.join(weights))


def say_star_rule(methodology: Methodology, *, wording: Wording) -> str:
    """Say how the index becomes stars and below which sample it does not."""
    rule = methodology.stars
    return wording.text(
        "sentence.star_rule.all",
        bands=wording.counted(len(rule.bands), "band_into"),
        minimum=wording.counted(rule.minimum_sample, "respondent_of"),
    )


def say_errors(scores: Scores, *, methodology: Methodology, wording: Wording) -> str:
    """Say how standard errors were found, and with which corrections."""
    said = [
        wording.text(
            f"sentence.errors.{scores.std_error_method}",
            **_assumed(scores, methodology, wording),
        ),
        wording.text(f"sentence.errors.{'fpc' if scores.fpc_used else 'no_fpc'}"),
        wording.text("sentence.errors.level", level=wording.percent(scores.level)),
    ]
    if scores.n_reweighted > 0:
        n = wording.integer(scores.n_reweighted)
        said.append(wording.text("sentence.errors.reweighted", n=n))
    return " ".join(said)


def _assumed(scores: Scores, methodology: Methodology, wording: Wording) -> dict[str, str]:
    if scores.std_error_method == "exact":
        return {}
    return {"correlation": wording.number(methodology.aggregates.assumed_correlation, 1)}


def _errors(bundle: Bundle, wording: Wording) -> str:
    scores = take(bundle, "scores", Scores)
    return say_errors(scores, methodology=bundle.methodology, wording=wording)


RECIPES = (
    ParagraphRecipe(
        name="methodology_status",
        needs=(),
        build=lambda bundle, wording: say_status(bundle.methodology, wording=wording),
    ),
    ParagraphRecipe(
        name="groups",
        needs=(),
        build=lambda bundle, wording: list_groups(bundle.methodology, wording=wording),
    ),
    ParagraphRecipe(
        name="scoring",
        needs=(),
        build=lambda bundle, wording: say_scoring(bundle.methodology, wording=wording),
    ),
    ParagraphRecipe(
        name="star_rule",
        needs=(),
        build=lambda bundle, wording: say_star_rule(bundle.methodology, wording=wording),
    ),
    ParagraphRecipe(name="errors", needs=("scores",), build=_errors),
)
