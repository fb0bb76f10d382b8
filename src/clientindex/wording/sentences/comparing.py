"""What may be compared with what, as the results say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import CaseMix, EditionChange, Invariance, MethodologyEffects
from clientindex.wording.absence import explain_absence, take
from clientindex.wording.invariance import list_outcomes
from clientindex.wording.sentences.invariance import find_reach
from clientindex.wording.sentences.recipe import ParagraphRecipe
from clientindex.wording.sentences.rows import find_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.results import Bundle
    from clientindex.wording.words import Wording

KEY: Final = "sentence.comparing"


def list_comparisons(bundle: Bundle, wording: Wording) -> tuple[str, ...]:
    """List every kind of comparison: the previous edition, parts of the data, centres."""
    return (
        _say_previous(bundle, wording),
        *_say_parts(bundle, wording),
        _say_case_mix(bundle, wording),
    )


def _say_previous(bundle: Bundle, wording: Wording) -> str:
    reason = explain_absence(bundle, ["change"], wording=wording)
    if reason:
        return wording.text(f"{KEY}.previous_unknown", reason=reason)
    change = take(bundle, "change", EditionChange)
    row = find_row(change.summary, statistic="comparable")
    centres = wording.counted(int(row["estimate"]) if row else 0, "centre_of")
    if _has_same_method(bundle):
        return wording.text(f"{KEY}.previous_same", centres=centres)
    n = wording.integer((change.indicators["status"] == "both").sum())
    return wording.text(f"{KEY}.previous_other", centres=centres, indicators=n)


def _has_same_method(bundle: Bundle) -> bool:
    result = bundle.results.get("methodology_effects")
    return isinstance(result, MethodologyEffects) and result.frame.empty


def _say_parts(bundle: Bundle, wording: Wording) -> Iterator[str]:
    """Say of regions, segments, channels and periods what the check of invariance allows."""
    reason = explain_absence(bundle, ["invariance"], wording=wording)
    if reason:
        yield wording.text(f"{KEY}.parts_unknown", reason=reason)
        return
    for outcome in list_outcomes(take(bundle, "invariance", Invariance)):
        across = wording.text(f"across.{outcome.across}")
        if outcome.reason:
            told = wording.text(f"part_reason.{outcome.reason}")
            yield wording.text(f"{KEY}.part_unchecked", across=across, reason=told)
        elif not outcome.has_steps:
            yield wording.text(f"{KEY}.part_aligned", across=across)
        else:
            means = wording.text(f"sentence.invariance.means_{find_reach(outcome)}")
            yield wording.text(f"{KEY}.part", across=across, means=means)


def _say_case_mix(bundle: Bundle, wording: Wording) -> str:
    published = bundle.methodology.case_mix.published
    if isinstance(bundle.results.get("case_mix"), CaseMix):
        return wording.text(f"{KEY}.{'adjusted' if published else 'adjustment_beside'}")
    return wording.text(f"{KEY}.not_adjusted")


RECIPES = (ParagraphRecipe(name="comparing", needs=(), build=list_comparisons),)
