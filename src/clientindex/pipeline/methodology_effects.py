"""What changes of the methodology since the previous edition did to stars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.pipeline.checklist_scores import tabulate_checklists
from clientindex.pipeline.material import remeasure
from clientindex.rating import assign_stars, compute_scores, score_measures
from clientindex.rating.blend import blend_checklists
from clientindex.rating.change.method_effects import assess_effects
from clientindex.rating.change.rescoring import select_moments
from clientindex.rating.change.reversions import put_fields
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.pipeline.material import Material
    from clientindex.rating import MeasureScores
    from clientindex.results import Result, Stars

STAGE, NO_PREVIOUS = "rating", "no_previous_edition"
DECISIONS = "decisions_in_stars"
MEASURED_ANEW: Final = frozenset({"scoring", "answer_weights", "case_mix"})
"""Changes after which indicator means are others."""


def assess_methodology(material: Material, stars: Stars) -> Result:
    """Undo the changes since the previous edition's methodology, each alone and all together.

    Not defined without a previous edition, and where survey and checklist are weighed by their
    precision: the decisions behind such stars would have to be taken anew for every change.
    """
    previous = material.previous
    if previous is None:
        return Unavailable(stage=STAGE, reason=NO_PREVIOUS)
    rules = (material.methodology.checklist, previous.methodology.checklist)
    if any(rule is not None and rule.use == "precision" for rule in rules):
        return Unavailable(stage=STAGE, reason=DECISIONS)

    def rate(changed: Methodology, kinds: frozenset[str]) -> Stars:
        return _rate(material, changed, anew=bool(kinds & MEASURED_ANEW))

    return assess_effects(previous.methodology, material.methodology, stars, rate=rate)


def _rate(material: Material, changed: Methodology, *, anew: bool) -> Stars:
    moments, measures = _measure(material, changed, anew=anew)
    scores = compute_scores(
        moments,
        changed,
        visitors=material.visitors,
        regions=material.strata,
        measures=measures,
    )
    rule = changed.checklist
    if rule is not None and rule.weight is not None:
        checklists = tabulate_checklists(material.tables, changed)
        if checklists is not None:
            scores = blend_checklists(scores, checklists, weight=rule.weight)
    return assign_stars(
        scores,
        changed,
        register=material.tables.register,
        attributes=material.tables.attributes,
    )


def _measure(
    material: Material, changed: Methodology, *, anew: bool
) -> tuple[CentreMoments, MeasureScores | None]:
    """Return the means of the indicators that are left, measured again where they are others."""
    own, moments, measures = material.methodology, material.moments, material.measures
    if anew:
        whole = put_fields(changed, {"groups": own.groups, "indicators": own.indicators})
        moments, measures = remeasure(material, whole)
    if changed.measure_keys != own.measure_keys:
        measures = score_measures(material.tables.measures, changed)
    survey = changed.of_answers
    return (moments if survey is None else select_moments(moments, survey)), measures
