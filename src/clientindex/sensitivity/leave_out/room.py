"""Leave one part of an edition out at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.results import Stars, Unavailable
from clientindex.results.leave_out import (
    CENTRE_COLUMNS,
    LEFT_OUT_COLUMNS,
    PART_COLUMNS,
    LeaveOneOut,
)
from clientindex.sensitivity.leave_out.comparison import compare_scores
from clientindex.sensitivity.leave_out.scorer import EditionScorer
from clientindex.sensitivity.leave_out.starred import StarredCentres
from clientindex.sensitivity.leave_out.weights import drop_group, drop_indicator, drop_segment
from clientindex.sensitivity.stability import TOO_FEW_STARS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.sensitivity.leave_out.weights import NestedWeights

NO_WEIGHT, NOTHING_LEFT, FEW_CENTRES = "no_weight", "nothing_left", "few_centres"


def leave_one_out(
    moments: CentreMoments,
    stars: Stars,
    methodology: Methodology,
    *,
    regions: Mapping[str, str],
    measures: pd.DataFrame | None = None,
) -> LeaveOneOut | Unavailable:
    """Score the starred centres without each indicator, group, region and segment in turn.

    Parameters
    ----------
    moments : CentreMoments
        The indicator means behind `stars`.
    stars : Stars
    methodology : Methodology
    regions : mapping of str to str
        Region of every centre.
    measures : DataFrame, optional
        As intake hands it on: measures are normalised anew without the centres of a region.

    Returns
    -------
    LeaveOneOut or Unavailable
        Unavailable (``too_few_stars``) with fewer than two starred centres.

    Raises
    ------
    StatisticsError
        If a starred centre has no indicator means.

    Notes
    -----
    Missing answers are treated by the methodology's rules with the weights that are left: an
    indicator that is left out is not missing. Everything is compared with the index that the same
    functions give with all parts.
    """
    scorer = EditionScorer.of(moments, methodology, regions=regions, measures=measures)
    if stars.frame["star"].notna().sum() < 2:
        detail = str(int(stars.frame["star"].notna().sum()))
        return Unavailable(stage="sensitivity", reason=TOO_FEW_STARS, detail=detail)
    starred = StarredCentres.of(stars, methodology.stars, scored=scorer.inputs.centres)
    tables = _Tables.start(scorer, starred)
    for kind, key, weights in _list_weightings(scorer):
        if (weights.effective == scorer.weights.effective).all() and (
            weights.segment == scorer.weights.segment
        ).all():
            tables.leave(kind, key, NO_WEIGHT)
        elif not weights.leaves_something:
            tables.leave(kind, key, NOTHING_LEFT)
        else:
            tables.add(kind, key, scorer.score(weights)[starred.rows])
    for key, gone in _list_regions(scorer):
        tables.add("region", key, scorer.score_without(gone)[starred.rows], gone[starred.rows])
    return tables.conclude()


def _list_weightings(scorer: EditionScorer) -> Iterator[tuple[str, str, NestedWeights]]:
    own, weights = scorer.methodology, scorer.weights
    for item, key in enumerate(own.indicator_keys):
        yield "indicator", key, drop_indicator(weights, item)
    for group, key in enumerate(own.group_keys):
        yield "group", key, drop_group(weights, group)
    for segment, key in enumerate(scorer.inputs.segments):
        yield "segment", key, drop_segment(weights, segment)


def _list_regions(scorer: EditionScorer) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    region_of = np.array([scorer.regions.get(c, "") for c in scorer.inputs.centres], dtype=object)
    for region in sorted(set(region_of) - {""}):
        yield region, region_of == region


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Tables:
    """Rows so far, and what they are compared with."""

    starred: StarredCentres
    before: NDArray[np.float64]
    star_before: NDArray[np.float64]
    parts: list[dict[str, Any]] = field(default_factory=list)
    centres: list[pd.DataFrame] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def start(cls, scorer: EditionScorer, starred: StarredCentres) -> _Tables:
        before = scorer.score()[starred.rows]
        everyone = np.ones(len(before), dtype=bool)
        return cls(starred=starred, before=before, star_before=starred.find_stars(before, everyone))

    def leave(self, kind: str, key: str, reason: str, detail: str = "") -> None:
        """List a part that is not left out."""
        row = (kind, key, reason, detail)
        self.left_out.append(dict(zip(LEFT_OUT_COLUMNS, row, strict=True)))

    def add(
        self,
        kind: str,
        key: str,
        after: NDArray[np.float64],
        gone: NDArray[np.bool_] | None = None,
    ) -> None:
        """Compare the index without a part, shape (N,); NaN where there is none."""
        stays = np.ones(len(after), dtype=bool) if gone is None else ~gone
        kept = ~np.isnan(after) & stays
        if kept.sum() < 2:
            self.leave(kind, key, FEW_CENTRES, str(int(kept.sum())))
            return
        star = self.starred.find_stars(after, kept)
        compared = compare_scores(self.before[kept], after[kept])
        change = after[kept] - self.before[kept]
        step = star - self.star_before[kept]
        row = (
            kind,
            key,
            int(kept.sum()),
            int((stays & ~kept).sum()),
            compared.tau,
            compared.mean_abs_shift,
            compared.max_abs_shift,
            int((step > 0).sum()),
            int((step < 0).sum()),
            int(np.isnan(star).sum()),
            float((step == 0).mean()),
            float(change.mean()),
            float(np.abs(change).max()),
        )
        self.parts.append(dict(zip(PART_COLUMNS, row, strict=True)))
        own = self._place(kept, {"rank": compared.after, "rank_before": compared.before})
        own |= self._place(kept, {"index": after[kept], "difference": change, "star": star})
        own |= {"kind": kind, "key": key, "centre": self.starred.centres}
        own |= {"star_before": np.where(kept, self.star_before, np.nan)}
        self.centres.append(pd.DataFrame(own)[list(CENTRE_COLUMNS)][stays])

    def _place(self, kept: NDArray[np.bool_], columns: dict[str, Any]) -> dict[str, Any]:
        """Put columns of those kept into columns of all, missing elsewhere."""
        placed: dict[str, Any] = {}
        for name, values in columns.items():
            whole = np.full(len(kept), np.nan)
            whole[kept] = values
            is_rank = name.startswith("rank")
            placed[name] = pd.array(whole, dtype="Int64") if is_rank else whole
        return placed

    def conclude(self) -> LeaveOneOut:
        """Return the result."""
        empty = pd.DataFrame(columns=list(CENTRE_COLUMNS))
        centres = pd.concat(self.centres, ignore_index=True) if self.centres else empty
        return LeaveOneOut(
            parts=pd.DataFrame(self.parts, columns=list(PART_COLUMNS)),
            centres=centres.astype({"kind": "str", "key": "str", "centre": "str"}),
            left_out=pd.DataFrame(self.left_out, columns=list(LEFT_OUT_COLUMNS), dtype="str"),
        )
