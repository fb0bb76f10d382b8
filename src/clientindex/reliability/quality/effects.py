"""What alpha and the index are without suspicious answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from clientindex.counts import compute_centre_moments, compute_covariance, count_pairs
from clientindex.intake.tables import Responses
from clientindex.reliability.centres.scores import score_centres
from clientindex.reliability.coefficients import compute_cronbach
from clientindex.reliability.draws import draw, find_obstacle, summarise
from clientindex.reliability.scopes import WHOLE, list_groups, list_scopes
from clientindex.results import INDEX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology
    from clientindex.reliability.scopes import Scope


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """A part of the data with everybody, and without those whom a rule flags."""

    before: Scope
    after: Scope
    n_removed: int


class Eraser:
    """Takes respondents away and compares what is left with what was there.

    Parameters
    ----------
    responses : Responses
    counts : PairCounts
        Of `responses`.
    methodology : Methodology
    """

    def __init__(self, responses: Responses, counts: PairCounts, methodology: Methodology) -> None:
        self._methodology = methodology
        self._counts = counts.sum_over("period", "channel")
        keys = ["centre", "segment"]
        place = pd.MultiIndex.from_frame(self._counts.units[keys]).get_indexer(
            pd.MultiIndex.from_frame(responses.units[keys])
        )
        self._codes = responses.codes
        self._unit_of = place[responses.unit_of].astype(np.int32)

    def compare(
        self,
        flagged: NDArray[np.bool_],
        strata: Mapping[str, str],
        seed: np.random.SeedSequence,
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return alpha and the index before and after, and the index of every centre.

        Of everybody and of segments; no rows of effects where nobody is taken away.
        """
        kept = self._remove(flagged)
        scopes = [
            list_scopes(counts, self._methodology, strata, kinds=["segment"])
            for counts in (self._counts, kept)
        ]
        rows: list[dict[str, Any]] = []
        changes: list[dict[str, Any]] = []
        for before, after in zip(*scopes, strict=True):
            n_removed = int(before.counts.n.sum() - after.counts.n.sum())
            pair = Comparison(before=before, after=after, n_removed=n_removed)
            index, of_centres = compare_index(pair, self._methodology)
            label = {"kind": before.kind, "part": before.part}
            if n_removed:
                found = [*compare_alpha(pair, self._methodology, seed), *index]
                rows += [{**label, **row} for row in found]
            if before.kind == WHOLE:
                changes = of_centres
        return rows, changes

    def _remove(self, flagged: NDArray[np.bool_]) -> PairCounts:
        """Return the counts of the respondents who are not flagged, in the same units."""
        suspicious = Responses(
            units=self._counts.units, unit_of=self._unit_of[flagged], codes=self._codes[flagged]
        )
        return self._counts.subtract(count_pairs(suspicious, self._methodology))


def compare_alpha(
    pair: Comparison, methodology: Methodology, seed: np.random.SeedSequence
) -> list[dict[str, Any]]:
    """Return alpha of every group before and after; both are resampled with the same centres.

    Groups without an alpha on either side have no row.
    """
    drawn = [draw(scope, methodology, seed) for scope in (pair.before, pair.after)]
    groups = list_groups(methodology)
    groups[INDEX] = np.arange(len(methodology.indicator_keys))
    rows = []
    for group, items in groups.items():
        if any(d is None or find_obstacle(d.sums, items) is not None for d in drawn):
            continue
        alphas = [
            compute_cronbach(np.nan_to_num(compute_covariance(d.sums.subset(items))))
            for d in drawn
            if d is not None
        ]
        found = summarise(alphas[1] - alphas[0], methodology.intervals.level)
        if np.isnan(found.estimate):
            continue
        rows.append(
            {
                "statistic": "alpha",
                "group": group,
                "before": float(alphas[0][0]),
                "after": float(alphas[1][0]),
                "estimate": float(found.estimate),
                "ci_low": float(found.ci_low),
                "ci_high": float(found.ci_high),
                "n_removed": pair.n_removed,
                "n_centres": len(pair.before.regions),
            }
        )
    return rows


def compare_index(
    pair: Comparison, methodology: Methodology
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the mean index of centres before and after, and the index of each.

    The interval of the mean change is ``mean -/+ t s / sqrt(C)`` over the centres that keep an
    index.
    """
    scores = [_score(scope, methodology) for scope in (pair.before, pair.after)]
    n = [scope.counts.n for scope in (pair.before, pair.after)]
    changes = [
        {
            "centre": str(centre),
            "region": region,
            "n": int(n[0][at]),
            "n_removed": int(n[0][at] - n[1][at]),
            "before": float(scores[0][at]),
            "after": float(scores[1][at]),
            "estimate": float(scores[1][at] - scores[0][at]),
        }
        for at, (centre, region) in enumerate(
            zip(pair.before.counts.units["centre"], pair.before.regions, strict=True)
        )
        if np.isfinite(scores[0][at])
    ]
    both = np.isfinite(scores[0]) & np.isfinite(scores[1])
    if both.sum() < 2:
        return [], changes
    difference = (scores[1] - scores[0])[both]
    size = len(difference)
    quantile = student.ppf((1 + methodology.intervals.level) / 2, size - 1)
    margin = quantile * difference.std(ddof=1) / np.sqrt(size)
    row = {
        "statistic": "index",
        "group": INDEX,
        "before": float(scores[0][both].mean()),
        "after": float(scores[1][both].mean()),
        "estimate": float(difference.mean()),
        "ci_low": float(difference.mean() - margin),
        "ci_high": float(difference.mean() + margin),
        "n_removed": pair.n_removed,
        "n_centres": size,
    }
    return [row], changes


def _score(scope: Scope, methodology: Methodology) -> NDArray[np.float64]:
    """Return the index of every centre, NaN where there is none."""
    moments = compute_centre_moments(scope.by_segment, methodology)
    segments = np.array([segment.weight for segment in methodology.segments])
    found = score_centres(moments, methodology.effective_weights, segments)
    values = np.full(len(scope.regions), np.nan)
    if found is not None:
        values[found.rows] = found.mean
    return values
