"""Sentences about the methodology and its groups, and about the errors of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Scores
from clientindex.wording.absence import take
from clientindex.wording.names import name_variable
from clientindex.wording.sentences.recipe import ParagraphRecipe
from clientindex.wording.sentences.rows import list_rows

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
    if scores.n_imputed > 0:
        n = wording.integer(scores.n_imputed)
        said.append(wording.text("sentence.errors.imputed", n=n))
    return " ".join([*said, *_say_not_scored(scores, methodology, wording)])


def _say_not_scored(scores: Scores, methodology: Methodology, wording: Wording) -> list[str]:
    """Name the measures and groups that enter no index, each with its reason."""
    items = [
        wording.text(
            "sentence.errors.left_out_one",
            name=name_variable(str(row["key"]), methodology, wording),
            reason=wording.text(f"sentence.not_scored.{row['reason']}"),
        )
        for row in list_rows(scores.left_out)
    ]
    return [wording.text("sentence.errors.left_out", items="; ".join(items))] if items else []


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
    ParagraphRecipe(name="errors", needs=("scores",), build=_errors),
)
