"""Put every source of weights to an edition, and compare what each would give."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.counts import read_seed
from clientindex.errors import StatisticsError
from clientindex.rating.star_doubt.stated import restate_rule
from clientindex.results import Unavailable
from clientindex.results.weight_sources import WeightSources
from clientindex.sensitivity.weight_sources.comparison import (
    Standing,
    compare_standings,
    compute_distance,
    compute_index,
    give_stars,
)
from clientindex.sensitivity.weight_sources.frames import EVIDENCE, list_weights, make_frame
from clientindex.sensitivity.weight_sources.sources import SOURCES, AbsentError, Found

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.rating.star_doubt.stated import StatedRule
    from clientindex.sensitivity.weight_sources.material import SourceMaterial
    from clientindex.sensitivity.weight_sources.weighting import Weighting

TOO_FEW_STARS, CHECKLISTS_IN_SCORES = "too_few_stars", "checklists_in_scores"
CURRENT = "current"


def compare_weight_sources(material: SourceMaterial) -> WeightSources | Unavailable:
    """Find weights by every source that the settings name, and what each would do to stars.

    Parameters
    ----------
    material : SourceMaterial

    Returns
    -------
    WeightSources or Unavailable
        Unavailable with fewer than two starred centres (``too_few_stars``), or where checklists
        have a say in the index (``checklists_in_scores``). A source that is not defined for these
        data is left out with its reason; the others stand.

    Notes
    -----
    Indicators and groups that weigh 0 now get no weight from any source. Entropy, CRITIC,
    components and the benefit of the doubt look at the centres that have a star and all scores;
    others have too few answers for their spread to mean anything. Cut points that the star rule
    finds in the scores are found anew under every weighting; caps stay.
    """
    rule = material.methodology.checklist
    if rule is not None and rule.use != "verify":
        return Unavailable(stage="sensitivity", reason=CHECKLISTS_IN_SCORES, detail=rule.use)
    if len(material.centres) < 2:
        detail = str(len(material.centres))
        return Unavailable(stage="sensitivity", reason=TOO_FEW_STARS, detail=detail)
    tally = _Tally(material=material, stated=restate_rule(material.stars, material.methodology))
    for name in _order(material):
        tally.add(name)
    return tally.conclude()


def _order(material: SourceMaterial) -> list[str]:
    """Return the sources, the current weights first: others are compared with them."""
    asked = material.settings.sources
    return [CURRENT, *(name for name in asked if name != CURRENT)]


@dataclass(slots=True, kw_only=True, eq=False)
class _Tally:
    """Collects what each source gives."""

    material: SourceMaterial
    stated: StatedRule
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    current: Standing | None = None

    def add(self, name: str) -> None:
        """Ask one source; what cannot be is left out with a reason."""
        try:
            found = SOURCES[name](self.material)
        except AbsentError as error:
            self._leave_out(name, error.reason, error.detail)
            return
        except StatisticsError as error:
            self._leave_out(name, "not_defined", str(error))
            return
        if found.unasked:
            self._leave_out(name, "parents", ", ".join(found.unasked))
        for frame, rows in found.evidence.items():
            self.rows.setdefault(frame, []).extend(rows)
        self.rows.setdefault("weights", []).extend(
            list_weights(name, found, self.material.methodology)
        )
        self._compare(name, found)

    def _compare(self, name: str, found: Found) -> None:
        standing = self._stand(name, found.weighting)
        if standing is None:
            return
        if self.current is None:
            self.current = standing
        whole = self.material.tree.current
        row = {
            "source": name,
            "n": len(standing.index),
            "n_used": found.n_used,
            "distance": compute_distance(found.weighting.effective, whole.effective),
            "group_distance": compute_distance(found.weighting.outer, whole.outer),
            **asdict(compare_standings(self.current, standing)),
        }
        self.rows.setdefault("comparison", []).append(row)
        self.rows.setdefault("centres", []).extend(self._tell_centres(name, standing))

    def _stand(self, name: str, weighting: Weighting) -> Standing | None:
        material = self.material
        index = compute_index(
            material.moments,
            material.methodology,
            weighting,
            centres=material.centres,
            regions=material.regions,
            measures=material.measures,
        )
        lost = [c for c, value in zip(material.centres, index, strict=True) if np.isnan(value)]
        if lost:
            self._leave_out(name, "no_index", ", ".join(lost))
            return None
        try:
            return give_stars(index, self.stated)
        except StatisticsError as error:
            self._leave_out(name, "no_cut_points", str(error))
            return None

    def _tell_centres(self, name: str, own: Standing) -> list[dict[str, Any]]:
        now = self.current or own
        return [
            {
                "source": name,
                "centre": centre,
                "index": own.index[place],
                "rank": own.rank[place],
                "star": own.star[place],
                "rank_change": own.rank[place] - now.rank[place],
                "star_change": own.star[place] - now.star[place],
            }
            for place, centre in enumerate(self.material.centres)
        ]

    def _leave_out(self, name: str, reason: str, detail: str) -> None:
        row = {"source": name, "reason": reason, "detail": detail}
        self.rows.setdefault("left_out", []).append(row)

    def conclude(self) -> WeightSources:
        """Make the result."""
        material = self.material
        frames: dict[str, pd.DataFrame] = {
            name: make_frame(name, self.rows.get(name, [])) for name in EVIDENCE
        }
        return WeightSources(
            **frames,
            outcome=material.settings.outcome or "",
            prioritisation=material.settings.prioritisation,
            consistency_limit=material.settings.consistency_limit,
            level=material.methodology.intervals.level,
            replicates=material.methodology.intervals.bootstrap_replicates,
            seed=read_seed(material.seed),
        )
