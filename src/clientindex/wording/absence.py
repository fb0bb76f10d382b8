"""Say in words why a part of a document cannot be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from clientindex.errors import WordingError
from clientindex.results import Unavailable
from clientindex.wording.names import name_detail
from clientindex.wording.words import find_placeholders

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording

Kind = TypeVar("Kind")

STAGE_OF: Final = {
    "scores": "rating",
    "stars": "rating",
    "regions": "rating",
    "group_means": "rating",
    "score_parts": "rating",
    "star_doubt": "rating",
    "ranks": "rating",
    "error_check": "rating",
    "shrinkage": "rating",
    "regional": "rating",
    "change": "rating",
    "revision": "rating",
    "methodology_effects": "rating",
    "answer_weights": "rating",
    "case_mix": "rating",
    "weight_stability": "sensitivity",
    "weight_importance": "sensitivity",
    "optimised_weights": "sensitivity",
    "weight_sources": "sensitivity",
    "weight_bounds": "sensitivity",
    "multiverse": "sensitivity",
    "sobol_indices": "sensitivity",
    "joint_doubt": "sensitivity",
    "leave_out": "sensitivity",
    "rank_reversals": "sensitivity",
    "comparability": "agreement",
    "side_reliability": "agreement",
    "multitrait": "agreement",
    "multitrait_indicators": "agreement",
    "method_variance": "agreement",
    "method_model": "agreement",
    "agreement": "agreement",
    "category_agreement": "agreement",
    "structural": "agreement",
    "inflation": "agreement",
    "audit": "agreement",
    "consistency": "reliability",
    "item_analysis": "reliability",
    "omegas": "reliability",
    "centre_reliability": "reliability",
    "answer_quality": "reliability",
    "indicator_sets": "reliability",
    "suitability": "factors",
    "exploratory": "factors",
    "polychoric": "factors",
    "factor_number": "factors",
    "region_congruence": "factors",
    "confirmatory": "factors",
    "validity": "factors",
    "invariance": "factors",
    "levels": "factors",
}
"""Result -> the stage that leaves it in the bundle; coverage is always there."""


def explain_absence(bundle: Bundle, names: Iterable[str], *, wording: Wording) -> str:
    """Say why the first result that is absent cannot be shown.

    Parameters
    ----------
    bundle : Bundle
    names : iterable of str
        Results that a part of a document needs.
    wording : Wording

    Returns
    -------
    str
        A sentence; empty when all results are there.
    """
    for name in names:
        if name not in bundle.results:
            stage = wording.text(f"stage.{STAGE_OF[name]}")
            return wording.text("absence.not_asked", stage=stage)
        result = bundle.results[name]
        if isinstance(result, Unavailable):
            return explain_unavailable(result, bundle.methodology, wording=wording)
    return ""


def explain_unavailable(result: Unavailable, methodology: Methodology, *, wording: Wording) -> str:
    """Say why a statistic is not defined for these data.

    A stage may have a text of its own for a reason that others share, and one more that names what
    the result knows of it. A reason that explains itself has a sentence without the stage.

    Raises
    ------
    WordingError
        If the reason has no text, or its text names a detail that the result lacks.
    """
    whole = f"absence.{result.stage}.{result.reason}"
    if whole in wording.texts:
        return wording.text(whole)
    stage = wording.text(f"stage.{result.stage}")
    own = f"{result.stage}.{result.reason}"
    detailed = f"{result.stage}_detailed.{result.reason}"
    keys = [detailed, own] if result.detail else [own]
    known = [key for key in keys if f"unavailable.{key}" in wording.texts]
    key = known[0] if known else result.reason
    reason = name_reason(key, result.detail, methodology, wording=wording)
    return wording.text("absence.unavailable", stage=stage, reason=reason)


def name_reason(reason: str, detail: str, methodology: Methodology, *, wording: Wording) -> str:
    """Say a reason of an unavailable statistic in a sentence of its own.

    Raises
    ------
    WordingError
        If the reason has no text, or its text names a detail that is empty.
    """
    key = f"unavailable.{reason}"
    if key not in wording.texts:
        msg = f"{wording.language}: no text {key!r} for a result that is not available"
        raise WordingError(msg)
    values = {}
    if "detail" in find_placeholders(wording.texts[key]):
        values["detail"] = name_detail(detail, methodology, wording)
    return wording.text(key, **values)


def take(bundle: Bundle, name: str, kind: type[Kind]) -> Kind:
    """Return a result that a recipe has found in the bundle.

    Raises
    ------
    WordingError
        If it is unavailable all the same.
    """
    result = bundle.get(name, kind)
    if isinstance(result, Unavailable):
        msg = f"the result {name!r} is unavailable: {result.reason}"
        raise WordingError(msg)
    return result
