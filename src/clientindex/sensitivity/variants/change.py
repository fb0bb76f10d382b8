"""A methodology with one choice of each dimension of the grid, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.methodology import Methodology
from clientindex.methodology.checks import check_methodology
from clientindex.methodology.scoring_settings import MeanRule
from clientindex.methodology.variants_settings import (
    MissingVariant,
    NormaliserVariant,
    WeightsVariant,
)
from clientindex.settings.fault import format_location

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.methodology import StarRule
    from clientindex.sensitivity.variants.choices import Choice

INVALID, OTHER_SCALE, OTHER_STARS = (
    "invalid_methodology",
    "cut_points_of_other_scale",
    "other_stars",
)
PEER_CUTS = "cut_points_by_peer_group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Why a variant is left out."""

    reason: str
    detail: str = ""


def change_methodology(
    methodology: Methodology, choices: Mapping[str, Choice], *, cuts: tuple[float, ...] | None
) -> Methodology | Lack:
    """Change a copy of the methodology.

    Parameters
    ----------
    methodology : Methodology
    choices : mapping of dimension to Choice
    cuts : tuple of float or None
        Cut points of the published stars, for the rule "fixed"; None where peer groups have their
        own.

    Returns
    -------
    Methodology or Lack
        A combination that a methodology file could not hold is left out with what its checks say.
    """
    changed = _put(methodology, _change_scoring(methodology, choices))
    rule = choices["star_rule"].value
    if isinstance(rule, str):
        found = _change_rule(changed, rule, cuts)
        if isinstance(found, Lack):
            return found
        changed = found
    own, scoring = methodology.scoring, changed.scoring
    if changed.stars.is_stated and own.scale != scoring.scale:
        return Lack(reason=OTHER_SCALE, detail=scoring.scale)
    if not np.array_equal(changed.stars.star_values, methodology.stars.star_values):
        return Lack(reason=OTHER_STARS)
    faults = check_methodology(changed)
    if faults:
        first = faults[0]
        where = format_location(first.location)
        return Lack(reason=INVALID, detail=f"{where}: read {first.read}; {first.allowed}")
    return changed


def _put(methodology: Methodology, fields: dict[str, Any]) -> Methodology:
    """Return a methodology with other fields, and nothing computed from the old ones."""
    own = {name: getattr(methodology, name) for name in type(methodology).model_fields}
    return Methodology.model_construct(**{**own, **fields})


def _change_scoring(methodology: Methodology, choices: Mapping[str, Choice]) -> dict[str, Any]:
    """Return the fields that give other scores."""
    scoring = methodology.scoring
    update: dict[str, Any] = {"levels": dict(scoring.levels)}
    for name, level in (("group_mean", "group"), ("index_mean", "index")):
        mean = choices[name].value
        if isinstance(mean, MeanRule):
            update["levels"][level] = mean
    missing = choices["missing"].value
    if isinstance(missing, MissingVariant):
        update |= {"missing_indicator": missing.indicator, "missing_group": missing.group}
    fields: dict[str, Any] = {}
    normaliser = choices["normaliser"].value
    if isinstance(normaliser, NormaliserVariant):
        update |= _change_scale(methodology, normaliser)
        if normaliser.measures is not None:
            fields["indicators"] = tuple(
                i.model_copy(update={"normaliser": normaliser.measures})
                if i.kind == "measure"
                else i
                for i in methodology.indicators
            )
    weights = choices["weights"].value
    if isinstance(weights, WeightsVariant):
        fields["groups"] = tuple(
            g.model_copy(
                update={
                    "weight": weights.groups.get(g.key, g.weight),
                    "indicators": _reorder(weights.indicators.get(g.key), g.indicators),
                }
            )
            for g in methodology.groups
        )
    return {**fields, "scoring": scoring.model_copy(update=update)}


def _reorder(wanted: dict[str, float] | None, own: dict[str, float]) -> dict[str, float]:
    """Return weights in the order of the methodology."""
    return own if wanted is None else {key: wanted[key] for key in own}


def _change_scale(methodology: Methodology, normaliser: NormaliserVariant) -> dict[str, Any]:
    """Return what the normaliser changes; answers alone are points where groups are no z scores."""
    found: dict[str, Any] = {}
    scoring = methodology.scoring
    if normaliser.answers is not None:
        found["answers"] = normaliser.answers
    if normaliser.groups is not None and normaliser.groups != scoring.normalise_groups:
        found["normalise_groups"] = normaliser.groups
        if normaliser.groups == "z":
            found["scale"] = "standard"
        elif not methodology.measure_keys:
            found["scale"] = "points"
    return found


def _change_rule(
    methodology: Methodology, rule: str, cuts: tuple[float, ...] | None
) -> Methodology | Lack:
    if rule == "fixed":
        if cuts is None:
            return Lack(reason=PEER_CUTS)
        changed = methodology.with_cuts(cuts)
        return _put(changed, {"stars": changed.stars.model_copy(update={"peer_groups": None})})
    own: StarRule = methodology.stars
    stars = own.stars
    if own.is_stated:
        stars = (own.n_levels + 1) // 2 if own.half_stars else own.n_levels
    update = {"rule": rule, "bands": (), "stars": stars, "guardrail": None}
    return _put(methodology, {"stars": own.model_copy(update=update)})
