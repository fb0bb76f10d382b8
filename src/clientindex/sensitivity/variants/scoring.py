"""Scores and stars of one variant after the other, by the functions of the rating."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.methodology.variants_settings import NormaliserVariant
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.blend import blend_checklists
from clientindex.sensitivity.variants.change import Lack, change_methodology
from clientindex.sensitivity.variants.choices import DIMENSIONS, WITH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating import MeasureScores
    from clientindex.results import Scores, Stars
    from clientindex.sensitivity.variants.choices import Choice
    from clientindex.sensitivity.variants.source import VariantSource

NO_CHECKLISTS, CHECKLIST_SCALE = "no_checklists", "checklists_of_other_scale"
NOT_MEASURED, NOT_DEFINED = "not_measured_again", "not_defined"

_SCORED = DIMENSIONS[:-2]
"""Dimensions on which scores of the survey depend."""


@dataclass(slots=True, kw_only=True)
class Scorer:
    """Scores variants; scores are kept for variants that differ in stars or checklists only.

    Attributes
    ----------
    source : VariantSource
    methodology : Methodology
        As published.
    checklist_weight : float
        Share of the checklist in variants with it.
    cuts : tuple of float or None
        Cut points of the published stars.
    """

    source: VariantSource
    methodology: Methodology
    checklist_weight: float
    cuts: tuple[float, ...] | None
    _key: tuple[str, ...] = ()
    _scores: Scores | Lack | None = None
    _blended: Scores | None = None
    _measured: dict[str, tuple[CentreMoments, MeasureScores | None]] = field(default_factory=dict)

    def rate(self, choices: Mapping[str, Choice]) -> Stars | Lack:
        """Return the stars of a variant, or why there are none."""
        changed = change_methodology(self.methodology, choices, cuts=self.cuts)
        if isinstance(changed, Lack):
            return changed
        try:
            return self._rate(changed, choices)
        except StatisticsError as error:
            return Lack(reason=NOT_DEFINED, detail=str(error))

    def _rate(self, changed: Methodology, choices: Mapping[str, Choice]) -> Stars | Lack:
        scores = self._score(changed, choices)
        if isinstance(scores, Lack):
            return scores
        if choices["checklist"].name == WITH:
            if self.source.checklists is None:
                return Lack(reason=NO_CHECKLISTS)
            if changed.scoring.scale != "points":
                return Lack(reason=CHECKLIST_SCALE, detail=changed.scoring.scale)
            if self._blended is None:
                self._blended = blend_checklists(
                    scores, self.source.checklists, weight=self.checklist_weight
                )
            scores = self._blended
        return assign_stars(
            scores, changed, register=self.source.register, attributes=self.source.attributes
        )

    def _score(self, changed: Methodology, choices: Mapping[str, Choice]) -> Scores | Lack:
        key = tuple(choices[name].name for name in _SCORED)
        if self._scores is None or key != self._key:
            self._scores = self._blended = None
            self._scores, self._key = self._compute(changed, choices), key
        return self._scores

    def _compute(self, changed: Methodology, choices: Mapping[str, Choice]) -> Scores | Lack:
        measured = self._measure(changed, choices["normaliser"])
        if isinstance(measured, Lack):
            return measured
        moments, measures = measured
        return compute_scores(
            moments,
            changed,
            visitors=self.source.visitors,
            regions=self.source.regions,
            measures=measures,
        )

    def _measure(
        self, changed: Methodology, choice: Choice
    ) -> tuple[CentreMoments, MeasureScores | None] | Lack:
        """Return moments and measures, scored anew where the normaliser is another."""
        own = (self.source.moments, self.source.measures)
        value = choice.value
        if not isinstance(value, NormaliserVariant):
            return own
        if value.measures is None and value.answers in (None, self.methodology.scoring.answers):
            return own
        if self.source.remeasure is None:
            return Lack(reason=NOT_MEASURED)
        if choice.name not in self._measured:
            self._measured[choice.name] = self.source.remeasure(changed)
        return self._measured[choice.name]


def find_stated_cuts(stars: Stars) -> tuple[float, ...] | None:
    """Return the cut points of the published stars; None where peer groups have their own."""
    if stars.cuts["peer_group"].nunique() != 1:
        return None
    return tuple(float(cut) for cut in np.sort(stars.cuts["cut"].to_numpy(np.float64)))
