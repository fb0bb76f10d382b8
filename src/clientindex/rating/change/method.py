"""What two methodologies have in common: the one method under which editions are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.methodology import Methodology

if TYPE_CHECKING:
    from clientindex.methodology.model import Group

BOTH, NEW, GONE, RESCALED = "both", "new", "gone", "rescaled"
NO_COMMON_INDICATORS, OTHER_SCALE = "no_common_indicators", "other_scale"

NOT_SEPARATED = (
    "answer_weights",
    "case_mix",
    "missing_answers",
    "aggregates",
    "checklist",
    "stars",
)
"""Settings that can move scores or stars and are behind published indicator scores."""

INDICATOR_COLUMNS = [
    "indicator",
    "name_ru",
    "name_en",
    "status",
    "group_before",
    "group_after",
    "weight_before",
    "weight_after",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneMethod:
    """The current methodology with the indicators that both editions have.

    Attributes
    ----------
    methodology : Methodology or None
        None where nothing can be scored in both.
    is_current, is_previous : bool
        Whether it scores as that edition did, so that its published index stands.
    indicators : DataFrame
        See :class:`clientindex.results.change.EditionChange`.
    not_separated : tuple of str
        Settings that differ and cannot be told from service.
    reason : str
        Why there is no method, else "".
    """

    methodology: Methodology | None
    is_current: bool
    is_previous: bool
    indicators: pd.DataFrame
    not_separated: tuple[str, ...]
    reason: str


def find_one_method(previous: Methodology, current: Methodology) -> OneMethod:
    """Find the method under which both editions can be scored.

    Parameters
    ----------
    previous, current : Methodology

    Notes
    -----
    An indicator is in both when answers become points in the same way (scale, direction, points,
    top box). Weights of indicators that are not in both are shared among the others of their
    group, and those of groups without any among the other groups. A measure is brought to points
    by all centres of its edition unless its normaliser has fixed ends, so measures count as
    "rescaled" unless the two methodologies score alike in everything.
    """
    same = describe_scoring(previous) == describe_scoring(current)
    indicators = _tabulate(previous, current, same=same)
    kept = tuple(indicators.loc[indicators["status"] == BOTH, "indicator"])
    reason = ""
    if _scale_of(previous) != _scale_of(current):
        reason = OTHER_SCALE
    elif not kept:
        reason = NO_COMMON_INDICATORS
    method = None if reason else keep_indicators(current, kept)
    described = None if method is None else describe_scoring(method)
    return OneMethod(
        methodology=method,
        is_current=described == describe_scoring(current),
        is_previous=described == describe_scoring(previous),
        indicators=indicators,
        not_separated=_list_not_separated(previous, current, same=same),
        reason=reason,
    )


def _list_not_separated(
    previous: Methodology, current: Methodology, *, same: bool
) -> tuple[str, ...]:
    """Return settings that differ; a blended checklist too wherever indices are put together anew.

    Indicator scores of segments are the survey's alone.
    """
    differ = {name for name in NOT_SEPARATED if _dump(previous, name) != _dump(current, name)}
    rules = [m.checklist for m in (previous, current) if m.checklist is not None]
    if not same and any(rule.use != "verify" for rule in rules):
        differ.add("checklist")
    return tuple(name for name in NOT_SEPARATED if name in differ)


def describe_scoring(methodology: Methodology) -> dict[str, Any]:
    """Describe everything by which indicator scores become an index, and answers points."""
    return {
        "groups": {g.key: (_settle(g.weight), _settle_all(g)) for g in methodology.groups},
        "segments": {s.key: _settle(s.weight) for s in methodology.segments},
        "scoring": methodology.scoring.model_dump(mode="json"),
        "points": {key: describe_points(methodology, key) for key in methodology.indicator_keys},
    }


def describe_points(methodology: Methodology, key: str) -> Any:
    """Describe how an indicator gets its points."""
    indicator = methodology.indicator(key)
    if _is_measure(methodology, key):
        return indicator.model_dump(mode="json", include={"kind", "normaliser", "direction"})
    return tuple(np.round(methodology.points_of(key), 9).tolist())


def _is_measure(methodology: Methodology, key: str) -> bool:
    return methodology.indicator(key).kind == "measure"


def _settle(weight: float) -> float:
    """Return a weight without the noise of sums, so that 1/3 written twice is the same."""
    return round(weight, 12)


def _settle_all(group: Group) -> dict[str, float]:
    return {key: _settle(weight) for key, weight in group.indicators.items()}


def _scale_of(methodology: Methodology) -> str:
    return methodology.scoring.scale


def _dump(methodology: Methodology, name: str) -> Any:
    """Return a setting as plain values; of checklists their use, not how answers are written."""
    value = getattr(methodology, name, None)
    if value is None:
        return None
    return value.model_dump(mode="json", exclude={"answers"} if name == "checklist" else None)


def _tabulate(previous: Methodology, current: Methodology, *, same: bool) -> pd.DataFrame:
    weights = [
        dict(zip(m.indicator_keys, m.effective_weights.tolist(), strict=True))
        for m in (previous, current)
    ]
    before, after = weights
    rows = []
    for key in [*after, *(key for key in before if key not in after)]:
        status = NEW if key not in before else GONE if key not in after else BOTH
        if status == BOTH and not same and _differs(previous, current, key):
            status = RESCALED
        name = (current if key in after else previous).indicator(key).name
        rows.append(
            {
                "indicator": key,
                "name_ru": name.ru,
                "name_en": name.en,
                "status": status,
                "group_before": previous.group_of(key) if key in before else "",
                "group_after": current.group_of(key) if key in after else "",
                "weight_before": before.get(key, np.nan),
                "weight_after": after.get(key, np.nan),
            }
        )
    return pd.DataFrame(rows, columns=INDICATOR_COLUMNS)


def _differs(previous: Methodology, current: Methodology, key: str) -> bool:
    """Return whether points of an indicator cannot be compared."""
    if _is_measure(previous, key) or _is_measure(current, key):
        return True
    return bool(describe_points(previous, key) != describe_points(current, key))


def keep_indicators(methodology: Methodology, keys: tuple[str, ...]) -> Methodology:
    """Return the methodology with these indicators only; weights sum to 1 again.

    Where all that is left of a group, or all groups left, weigh 0, they weigh the same.
    """
    if set(keys) >= set(methodology.indicator_keys):
        return methodology
    kept = [
        (group, {key: w for key, w in group.indicators.items() if key in keys})
        for group in methodology.groups
    ]
    kept = [(group, inner) for group, inner in kept if inner]
    outer = _sum_to_one([group.weight for group, _ in kept])
    groups = tuple(
        group.model_copy(
            update={
                "weight": weight,
                "indicators": dict(zip(inner, _sum_to_one([*inner.values()]), strict=True)),
            }
        )
        for (group, inner), weight in zip(kept, outer, strict=True)
    )
    fields = {name: getattr(methodology, name) for name in type(methodology).model_fields}
    own = tuple(i for i in methodology.indicators if i.key in keys)
    return Methodology.model_construct(**{**fields, "groups": groups, "indicators": own})


def _sum_to_one(weights: list[float]) -> list[float]:
    total = sum(weights)
    return [w / total for w in weights] if total > 0 else [1 / len(weights)] * len(weights)
