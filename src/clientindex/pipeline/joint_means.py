"""Means behind the indices of two methodologies, with the covariance of all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from clientindex.counts import count_pairs
from clientindex.methodology import Methodology
from clientindex.methodology.model import Group, Indicator, Scale
from clientindex.pipeline.checklist_scores import tabulate_checklists
from clientindex.pipeline.survey import measure_survey
from clientindex.rating.change.method import describe_points
from clientindex.rating.scores import correct_finite_population
from clientindex.rating.whole_index import take_index
from clientindex.results import INDEX
from clientindex.sensitivity.compare import (
    IndexWeights,
    JointMeans,
    bound_difference_errors,
    compute_difference_errors,
    weigh_index,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.counts import CentreMoments
    from clientindex.pipeline.material import Material
    from clientindex.results import Scores
    from clientindex.sensitivity.compare import DifferenceErrors

OTHER_WEIGHTS = "other_answer_weights"
WEIGHTED_ANSWERS = "weighted_answers"
OTHER_SEGMENTS = "other_segments"
OTHER_RESPONDENTS = "other_respondents"
MEASURES_RESCALED = "measures_rescaled"
CHECKLIST_COMPOSITE = "checklist_composite"
TOTALS_ONLY, ANSWERS_COUNTED = "totals_only", "answers_counted"

BEHIND_MEANS: Final = ("answer_weights", "case_mix", "traits")
"""Settings by which the same answers become other means."""
AGAIN: Final = "_again"
"""Ends the column of an indicator that the second methodology scores in another way."""


def find_difference_errors(
    before: Material, after: Material, *, scores: tuple[Scores, Scores]
) -> DifferenceErrors:
    """Find the standard errors of the second index less the first.

    Parameters
    ----------
    before, after : Material
        The edition under either methodology.
    scores : pair of Scores
        As published under either.

    Notes
    -----
    Where the covariance of both indices is unknown, the sum of their errors is told as a bound.
    Reasons: ``other_answer_weights`` (answers are weighted or adjusted in another way, or periods
    are), ``weighted_answers`` (they are weighted, and indicators differ), ``other_segments``,
    ``other_respondents``, ``measures_rescaled``, ``checklist_composite``, ``totals_only``,
    ``answers_counted``.
    """
    reason = _find_obstacle(before, after)
    joint = reason or _join(before, after)
    if isinstance(joint, str):
        old, new = (take_index(side) for side in scores)
        return bound_difference_errors(old, new, reason=joint)
    return compute_difference_errors(
        _weigh(before),
        _weigh(after),
        joint,
        share_before=_list_shares(before),
        share_after=_list_shares(after),
    )


def _find_obstacle(before: Material, after: Material) -> str:
    """Return why both indices are not made of the same means, or ""."""
    old, new = before.methodology, after.methodology
    checklists = [m.checklist for m in (old, new) if m.checklist is not None]
    if any(rule.use == "precision" for rule in checklists):
        return CHECKLIST_COMPOSITE
    measures = set(old.measure_keys) | set(new.measure_keys)
    shared = set(old.measure_keys) & set(new.measure_keys)
    if any(_differs(old, new, key) for key in shared) or any(
        m.scoring.normalise_groups != "none" for m in (old, new) if measures
    ):
        return MEASURES_RESCALED
    if set(before.moments.segments) != set(after.moments.segments):
        return OTHER_SEGMENTS
    if _describe_periods(old) != _describe_periods(new) or any(
        getattr(old, name) != getattr(new, name) for name in BEHIND_MEANS
    ):
        return OTHER_WEIGHTS
    return ""


def _describe_periods(methodology: Methodology) -> Any:
    """Return how means of periods are combined, None where all answers are pooled."""
    scoring = methodology.scoring
    return scoring.periods and (scoring.periods, scoring.mean_of("periods"))


def _differs(old: Methodology, new: Methodology, key: str) -> bool:
    return bool(describe_points(old, key) != describe_points(new, key))


def _weigh(material: Material) -> IndexWeights:
    return weigh_index(
        material.moments,
        material.methodology,
        visitors=material.visitors,
        regions=material.strata,
        measures=material.measures,
    )


def _list_shares(material: Material) -> dict[str, float]:
    """Return the share of the survey in the index of the centres that a checklist is blended in."""
    rule = material.methodology.checklist
    if rule is None or rule.weight is None:
        return {}
    found = tabulate_checklists(material.tables, material.methodology)
    if found is None:
        return {}
    own = found[(found["key"] == INDEX) & found["estimate"].notna()]
    return dict.fromkeys(own["centre"], 1 - rule.weight)


def _join(before: Material, after: Material) -> JointMeans | str:
    """Put the means of both side by side, or return why that cannot be."""
    old, new = before.methodology, after.methodology
    columns_before = {key: key for key in old.answer_keys}
    columns_after = {
        key: key if key not in columns_before or not _differs(old, new, key) else f"{key}{AGAIN}"
        for key in new.answer_keys
    }
    moments = _find_moments(before, after, columns_after)
    if isinstance(moments, str):
        return moments
    variances: dict[str, dict[str, float]] = {}
    for side in (before, after):
        variances |= _list_variances(side)
    return JointMeans(
        moments=moments,
        factor=correct_finite_population(moments, before.visitors),
        columns_before=columns_before,
        columns_after=columns_after,
        measure_variance=variances,
    )


def _list_variances(material: Material) -> dict[str, dict[str, float]]:
    measures, keys = material.measures, material.methodology.measure_keys
    if measures is None:
        return {}
    return {
        key: dict(zip(measures.centres, measures.variance[:, place].tolist(), strict=True))
        for place, key in enumerate(keys)
    }


def _find_moments(
    before: Material, after: Material, columns_after: Mapping[str, str]
) -> CentreMoments | str:
    """Return the moments of all columns: those of one side where it has all, else counted anew."""
    old, wanted = set(before.methodology.answer_keys), set(columns_after.values())
    if wanted <= old:
        return before.moments
    if old <= wanted:
        names = tuple(columns_after[key] for key in after.moments.indicators)
        return replace(after.moments, indicators=names)
    if before.tables.responses is None or after.tables.responses is None:
        counted = before.counts is not None and after.counts is not None
        return ANSWERS_COUNTED if counted else TOTALS_ONLY
    if before.methodology.answer_weights.active or before.methodology.case_mix.active:
        return WEIGHTED_ANSWERS
    return _count_together(before, after, columns_after)


def _count_together(
    before: Material, after: Material, columns_after: Mapping[str, str]
) -> CentreMoments | str:
    """Count the answers to the indicators of both, as if one methodology had all of them."""
    first, second = before.tables.responses, after.tables.responses
    assert first is not None
    assert second is not None
    if not (first.units.equals(second.units) and np.array_equal(first.unit_of, second.unit_of)):
        return OTHER_RESPONDENTS
    old = before.methodology.of_answers
    new = after.methodology.of_answers
    assert old is not None
    assert new is not None
    extra = [key for key in new.answer_keys if columns_after[key] not in old.answer_keys]
    places = [new.answer_keys.index(key) for key in extra]
    united = _unite(old, new, {key: columns_after[key] for key in extra})
    codes = np.hstack([first.codes, second.codes[:, places]])
    tables = replace(before.tables, responses=replace(first, codes=codes))
    counts = count_pairs(replace(first, codes=codes), united)
    return measure_survey(tables, united, counts=counts)


def _unite(old: Methodology, new: Methodology, extra: Mapping[str, str]) -> Methodology:
    """Return a methodology with the columns of both, whose points stand in its scales.

    It is good for means alone: weights are equal, and nothing else of it is looked at.
    """
    columns = {key: (old, key) for key in old.answer_keys}
    columns |= {column: (new, key) for key, column in extra.items()}
    indicators = tuple(_restate(side, key, column) for column, (side, key) in columns.items())
    group = Group.model_construct(
        key="all",
        name=old.groups[0].name,
        weight=1.0,
        indicators=dict.fromkeys(columns, 1 / len(columns)),
    )
    fields = {name: getattr(old, name) for name in type(old).model_fields}
    fields |= {
        "indicators": indicators,
        "groups": (group,),
        "scoring": old.scoring.model_copy(update={"answers": "linear"}),
    }
    return Methodology.model_construct(**fields)


def _restate(methodology: Methodology, key: str, column: str) -> Indicator:
    scale = methodology.scale_of(key)
    points = methodology.points_of(key).tolist()
    stated = Scale.model_construct(
        minimum=scale.minimum,
        maximum=scale.maximum,
        labels={},
        missing=scale.missing,
        points=dict(zip(scale.answers, points, strict=True)),
        top_box_from=None,
    )
    return methodology.indicator(key).model_copy(
        update={"key": column, "scale": stated, "direction": "positive"}
    )
