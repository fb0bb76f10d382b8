"""What alpha and the index are without suspicious answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import count_pairs
from clientindex.intake.tables import Responses
from clientindex.reliability.draws import summarise
from clientindex.reliability.quality.centre_index import compare_index, list_changes
from clientindex.reliability.quality.measured import Comparison, measure
from clientindex.reliability.scopes import WHOLE, list_scopes
from clientindex.results import INDEX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology
    from clientindex.reliability.quality.centre_index import Rows
    from clientindex.reliability.quality.measured import Measured
    from clientindex.reliability.scopes import Scope


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effects:
    """What taking respondents away changes.

    Attributes
    ----------
    rows : list of dict
        Alpha and the index before and after.
    changes : list of dict
        The index of every centre.
    left_out : list of dict
        What is not defined.
    """

    rows: Rows
    changes: Rows
    left_out: Rows


class Eraser:
    """Takes respondents away and compares what is left with what was there.

    Parameters
    ----------
    responses : Responses
    counts : PairCounts
        Of `responses`.
    methodology : Methodology
    strata : mapping
        Region of every centre.
    seed : numpy.random.SeedSequence
    """

    def __init__(
        self,
        responses: Responses,
        counts: PairCounts,
        methodology: Methodology,
        *,
        strata: Mapping[str, str],
        seed: np.random.SeedSequence,
    ) -> None:
        self._methodology = methodology
        self._strata, self._seed = strata, seed
        self._counts = counts.sum_over("period", "channel")
        keys = ["centre", "segment"]
        place = pd.MultiIndex.from_frame(self._counts.units[keys]).get_indexer(
            pd.MultiIndex.from_frame(responses.units[keys])
        )
        self._codes = responses.codes
        self._unit_of = place[responses.unit_of].astype(np.int32)
        self._before = [self._measure(scope) for scope in self._list_parts(self._counts)]

    def _list_parts(self, counts: PairCounts) -> tuple[Scope, ...]:
        return list_scopes(counts, self._methodology, self._strata, kinds=["segment"])

    def _measure(self, scope: Scope) -> Measured:
        return measure(scope, self._methodology, self._seed)

    def compare(self, flagged: NDArray[np.bool_], *, each_centre: bool) -> Effects:
        """Return alpha and the index before and after, and the index of each centre if wished.

        Of everybody and of segments; no rows of effects where nobody is taken away.
        """
        kept = self._remove(flagged)
        effects = Effects(rows=[], changes=[], left_out=[])
        for before, scope in zip(self._before, self._list_parts(kept), strict=True):
            n_removed = int(before.n.sum() - scope.counts.n.sum())
            lists_centres = each_centre and before.scope.kind == WHOLE
            if not (n_removed or lists_centres):
                continue
            pair = Comparison(before=before, after=self._measure(scope), n_removed=n_removed)
            label = {"kind": scope.kind, "part": scope.part}
            if n_removed:
                for found, reasons in (
                    compare_alpha(pair, self._methodology),
                    compare_index(pair, self._methodology),
                ):
                    effects.rows.extend({**label, **row} for row in found)
                    effects.left_out.extend({**label, **row} for row in reasons)
            if lists_centres:
                effects.changes.extend(list_changes(pair, self._methodology))
        return effects

    def _remove(self, flagged: NDArray[np.bool_]) -> PairCounts:
        """Return the counts of the respondents who are not flagged, in the same units."""
        suspicious = Responses(
            units=self._counts.units, unit_of=self._unit_of[flagged], codes=self._codes[flagged]
        )
        return self._counts.subtract(count_pairs(suspicious, self._methodology))


def compare_alpha(pair: Comparison, methodology: Methodology) -> tuple[Rows, Rows]:
    """Return alpha of every group before and after; both are resampled with the same centres.

    Returns
    -------
    rows, left_out : list of dict
    """
    rows, left_out = [], []
    for group in (*methodology.group_keys, INDEX):
        label = {"statistic": "alpha", "group": group}
        alphas = [measured.alphas[group] for measured in (pair.before, pair.after)]
        lacking = [found for found in alphas if isinstance(found, tuple)]
        known = [found for found in alphas if not isinstance(found, tuple)]
        if lacking:
            left_out.append({**label, **dict(zip(("reason", "detail"), lacking[0], strict=True))})
            continue
        before, after = (summarise(found, methodology.intervals.level) for found in known)
        change = summarise(known[1] - known[0], methodology.intervals.level)
        rows.append(
            {
                **label,
                "before": float(before.estimate),
                "after": float(after.estimate),
                "estimate": float(change.estimate),
                "ci_low": float(change.ci_low),
                "ci_high": float(change.ci_high),
                "n_removed": pair.n_removed,
                "n_centres": len(pair.before.scope.regions),
                "before_low": float(before.ci_low),
                "before_high": float(before.ci_high),
                "after_low": float(after.ci_low),
                "after_high": float(after.ci_high),
            }
        )
        if before.unstable or after.unstable or change.unstable:
            left_out.append({**label, "reason": "unstable_resampling", "detail": ""})
    return rows, left_out
