"""Exact bounds of weights within a band put to an edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.rating.score_inputs import gather_inputs
from clientindex.rating.score_plan import make_score_plan
from clientindex.rating.star_doubt.stated import list_limits
from clientindex.results import Unavailable
from clientindex.results.weight_bounds import WeightBounds
from clientindex.sensitivity.bounds.pairs import MEANS_DIFFER, list_pairs, tabulate_swaps
from clientindex.sensitivity.bounds.star_distance import find_star_distances
from clientindex.sensitivity.bounds.star_range import CUT_POINTS, UNKNOWN, find_level_range
from clientindex.sensitivity.bounds.stars import StarLimits, find_smallest_star_bands
from clientindex.sensitivity.bounds.subject import SAME, Subject
from clientindex.sensitivity.bounds.units import find_lack, make_units
from clientindex.sensitivity.drawn_stars import find_peers
from clientindex.sensitivity.starred_rows import find_starred_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.methodology.weight_bounds_settings import WeightBoundsSettings
    from clientindex.rating import MeasureScores
    from clientindex.results import Stars

STAGE = "sensitivity"
NO_STARS, CHECKLISTS_IN_SCORES = "no_stars", "checklists_in_scores"
INDEX_DIFFERS, CUT_POINTS_FOUND = "index_differs", "cut_points_found"
SEVERAL_UNITS = "different_indicators"

LEFT_OUT_COLUMNS = ("centre", "statistic", "reason", "detail")

_Lost = list[tuple[str, str, str, str]]


def assess_weight_bounds(
    moments: CentreMoments,
    stars: Stars,
    methodology: Methodology,
    *,
    settings: WeightBoundsSettings,
    regions: Mapping[str, str] | None = None,
    measures: MeasureScores | None = None,
    checklists: pd.DataFrame | None = None,
    pairs: Sequence[tuple[str, str]] = (),
) -> WeightBounds | Unavailable:
    """Find what weights within a band can do to indices, stars and places.

    Parameters
    ----------
    moments : CentreMoments
        The indicator means behind `stars`.
    stars : Stars
        As published.
    methodology : Methodology
    settings : WeightBoundsSettings
    regions, measures : optional
        As for :func:`clientindex.rating.compute_scores`.
    checklists : DataFrame, optional
        As for :func:`clientindex.rating.blend.blend_checklists`, where the methodology blends.
    pairs : sequence of two centres
        Whose swap is asked for beside that of neighbours in the ranking.

    Returns
    -------
    WeightBounds or Unavailable
        Unavailable: no centre has a star ("no_stars"); the index takes checklists by their
        precision, which changes with the weights ("checklists_in_scores"); a level is a median
        ("median"), groups are z scores ("groups_normalised") or means of changing scores stand in
        for missing ones ("imputed_means"), unless weights of groups alone move.

    Raises
    ------
    StatisticsError
        If a pair names a centre without a star.

    Notes
    -----
    Exact, without simulation: see :mod:`clientindex.sensitivity.bounds.weight_slice` (a level) and
    :mod:`clientindex.sensitivity.bounds.nested` (both). Weights of segments stay. Weights of
    missing indicators and groups are shared as in the published index, after they have moved. Caps
    and peer groups are held as they are. For 2,000 centres, 20 indicators in 5 groups: below two
    seconds.
    """
    starred = stars.frame[stars.frame["withheld"] == ""]
    if starred.empty:
        return Unavailable(stage=STAGE, reason=NO_STARS)
    rule = methodology.checklist
    if rule is not None and rule.use == "precision":
        return Unavailable(stage=STAGE, reason=CHECKLISTS_IN_SCORES, detail=rule.use)
    inputs = gather_inputs(
        moments, methodology, measures=measures, factor=np.ones(len(moments.centres))
    )
    plan = make_score_plan(methodology, measures=measures, centres=inputs.centres, regions=regions)
    lack = find_lack(plan, settings)
    if lack:
        return Unavailable(stage=STAGE, reason=lack)
    centres = starred["centre"].tolist()
    units = make_units(inputs, plan, settings).select(find_starred_rows(inputs.centres, centres))
    weight = None if rule is None else rule.weight
    subject = Subject.of(units, centres, checklists, weight)
    own = np.abs(subject.find_stated() - starred["estimate"].to_numpy(np.float64))
    known = own <= SAME * np.maximum(starred["estimate"].abs().to_numpy(np.float64), 1.0)
    lost: _Lost = [
        (centre, "bounds", INDEX_DIFFERS, f"{gap:.3g}")
        for centre, gap, ok in zip(centres, own, known, strict=True)
        if not ok
    ]
    if not known.all():
        rows = np.flatnonzero(known)
        subject = Subject(
            units=units.select(rows), slope=subject.slope[rows], level=subject.level[rows]
        )
        starred = starred[known]
    return _Assessment(
        subject=subject, starred=starred, methodology=methodology, settings=settings
    ).conclude(lost, [pair for pair in pairs if not {*pair} & {row[0] for row in lost}])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Assessment:
    """Centres whose published index is that of the stated weights."""

    subject: Subject
    starred: pd.DataFrame
    methodology: Methodology
    settings: WeightBoundsSettings

    @property
    def _estimate(self) -> NDArray[np.float64]:
        return self.starred["estimate"].to_numpy(np.float64)

    def conclude(self, lost: _Lost, pairs: Sequence[tuple[str, str]]) -> WeightBounds:
        """Put everything together."""
        settings, centres = self.settings, self.starred["centre"].tolist()
        tolerance = settings.tolerance_pct / 100
        frame, known_by, lost_stars = self._tabulate_stars(tolerance)
        swaps, lost_swaps = tabulate_swaps(
            self.subject,
            list_pairs(centres, pairs),
            centres=centres,
            estimate=self._estimate,
            tolerance=tolerance,
        )
        return WeightBounds(
            frame=frame,
            swaps=swaps,
            left_out=pd.DataFrame(
                lost + lost_stars + lost_swaps, columns=list(LEFT_OUT_COLUMNS), dtype="str"
            ),
            band_pct=settings.band_pct,
            tolerance_pct=settings.tolerance_pct,
            moves=settings.moves,
            weights=settings.weights,
            stars_by=known_by,
        )

    def _tabulate_stars(self, tolerance: float) -> tuple[pd.DataFrame, str, _Lost]:
        rule, starred = self.methodology.stars, self.starred
        limits = list_limits(starred, rule)
        lower, upper = self.subject.find_range(self.settings.band_pct / 100)
        found = find_level_range(lower, upper, rule, peers=find_peers(starred), limits=limits)
        star = starred["star"].astype("Float64")
        low, high = (self._place(levels) for levels in (found.low, found.high))
        columns = {
            "centre": starred["centre"].array,
            "star": star.array,
            "rank": starred["rank"].array,
            "estimate": self._estimate,
            "lower": lower,
            "upper": upper,
            "reached": self.subject.units.exact,
            "star_low": low,
            "star_high": high,
            "certain": (low == star.array) & (high == star.array),
        }
        further, lost = self._find_changes(found.known_by, limits, tolerance)
        return pd.DataFrame({**columns, **further}), found.known_by, lost

    def _place(self, levels: NDArray[np.int64]) -> pd.api.extensions.ExtensionArray:
        """Return the stars of levels, missing where those are not known."""
        values = self.methodology.stars.star_values[np.maximum(levels, 1) - 1]
        return pd.Series(np.where(levels == UNKNOWN, np.nan, values)).astype("Float64").array

    def _find_changes(
        self, known_by: str, limits: NDArray[np.int64], tolerance: float
    ) -> tuple[dict[str, NDArray[np.float64]], _Lost]:
        """Return the smallest changes of weights after which stars change."""
        names = ("smallest_band_pct", "loses_band_pct", "wins_band_pct")
        if known_by != CUT_POINTS:
            nothing = np.full(self.subject.n, np.nan)
            rule = self.methodology.stars.rule
            return dict.fromkeys((*names, "l1_indicators", "l1_groups"), nothing), [
                ("", "star", CUT_POINTS_FOUND, rule),
                ("", "distance", CUT_POINTS_FOUND, rule),
            ]
        cuts = np.array([band.lower for band in self.methodology.stars.bands[1:]])
        ends = StarLimits.of(self._estimate, cuts, limits)
        down, up = find_smallest_star_bands(self.subject.find_index, ends, tolerance=tolerance)
        indicators, groups = find_star_distances(self.subject, ends)
        bands = (100 * np.fmin(down, up), 100 * down, 100 * up)
        found = dict(zip(names, bands, strict=True))
        return {**found, "l1_indicators": indicators, "l1_groups": groups}, self._list_unknown()

    def _list_unknown(self) -> _Lost:
        units, centres = self.subject.units, self.starred["centre"].tolist()
        lost: _Lost = [
            (centre, "distance", SEVERAL_UNITS, "")
            for centre, exact in zip(centres, units.exact, strict=True)
            if not exact
        ]
        if not units.nest.has_one_power:
            lost.append(("", "distance", MEANS_DIFFER, "l1_indicators"))
        return lost
