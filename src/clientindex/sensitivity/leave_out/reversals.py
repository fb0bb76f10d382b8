"""Whether the order of two centres depends on a third."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.results import Stars, Unavailable
from clientindex.results.leave_out import PAIR_COLUMNS, REVERSAL_COLUMNS, RankReversals
from clientindex.sensitivity.leave_out.comparison import compare_scores, find_widest_reversal
from clientindex.sensitivity.leave_out.scorer import CUT_POINTS, EditionScorer
from clientindex.sensitivity.leave_out.starred import StarredCentres
from clientindex.sensitivity.stability import TOO_FEW_STARS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology

MOST_PAIRS = 20
"""Removals that reverse most pairs, of which the widest pair is told."""

FEWEST_STARRED = 3
"""One to remove and two to be compared."""


def find_rank_reversals(
    moments: CentreMoments,
    stars: Stars,
    methodology: Methodology,
    *,
    regions: Mapping[str, str],
    measures: pd.DataFrame | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> RankReversals | Unavailable:
    """Remove one scored centre at a time, and see which others change places or stars.

    Parameters
    ----------
    moments : CentreMoments
        The indicator means behind `stars`.
    stars : Stars
    methodology : Methodology
    regions : mapping of str to str
    measures : DataFrame, optional
        As intake hands it on.
    progress : callable, optional
        Called with the centres removed so far and all of them.

    Returns
    -------
    RankReversals or Unavailable
        Unavailable (``too_few_stars``) with fewer than three starred centres.

    Raises
    ------
    StatisticsError
        If a starred centre has no indicator means.

    Notes
    -----
    Where the score of a centre takes nothing from others, the order of two cannot depend on a
    third (independence of irrelevant alternatives), and scores are not computed again; nor are
    stars where cut points are stated. Scores that differ by less than 9 decimals are ties, and a
    tie on either side is no reversal.

    References
    ----------
    Belton V., Gear T. On a short-coming of Saaty's method of analytic hierarchies. Omega, 1983,
    11(3), 228-230. doi:10.1016/0305-0483(83)90047-6
    """
    n_starred = int(stars.frame["star"].notna().sum())
    if n_starred < FEWEST_STARRED:
        return Unavailable(stage="sensitivity", reason=TOO_FEW_STARS, detail=str(n_starred))
    scorer = EditionScorer.of(moments, methodology, regions=regions, measures=measures)
    starred = StarredCentres.of(stars, methodology.stars, scored=scorer.inputs.centres)
    search = _Search(scorer, starred)
    n = len(scorer.inputs.centres)
    rows = []
    for row in range(n):
        rows.append(search.remove(row))
        if progress is not None:
            progress(row + 1, n)
    frame = pd.DataFrame(rows, columns=list(REVERSAL_COLUMNS))
    cuts = () if methodology.stars.is_stated else (CUT_POINTS,)
    return RankReversals(
        frame=frame.astype({"centre": "str"}),
        pairs=search.list_pairs(frame),
        depends_on=(*scorer.depends_on, *cuts),
    )


class _Search:
    """What stays the same over removals."""

    def __init__(self, scorer: EditionScorer, starred: StarredCentres) -> None:
        self._scorer, self._starred = scorer, starred
        self._whole = scorer.score()
        self._before = self._whole[starred.rows]
        everyone = np.ones(len(self._before), dtype=bool)
        self._stars = starred.find_stars(self._before, everyone)
        self._scores_stay = not scorer.depends_on
        self._stars_stay = self._scores_stay and starred.rule.is_stated

    def remove(self, row: int) -> dict[str, Any]:
        """Return the row of the table for one centre removed."""
        after, kept = self._score_without(row)
        compared = compare_scores(self._before[kept], after[kept])
        changed = 0
        if not self._stars_stay:
            star = self._starred.find_stars(after, kept)
            changed = int((star != self._stars[kept]).sum())
        n_pairs = compared.n_pairs
        values = (
            self._scorer.inputs.centres[row],
            int(kept.sum()),
            n_pairs,
            compared.n_reversed,
            compared.n_reversed / n_pairs if n_pairs else 0.0,
            compared.tau,
            compared.max_abs_shift,
            changed,
        )
        return dict(zip(REVERSAL_COLUMNS, values, strict=True))

    def list_pairs(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the widest reversed pair of the removals that reverse most."""
        counts = frame["n_reversed"].to_numpy()
        most = np.argsort(-counts, kind="stable")[:MOST_PAIRS]
        found = (self._find_widest(int(row)) for row in most if counts[row] > 0)
        rows = [row for row in found if row is not None]
        names = dict.fromkeys(PAIR_COLUMNS[:3], "str")
        numbers = dict.fromkeys(PAIR_COLUMNS[3:], np.float64)
        return pd.DataFrame(rows, columns=list(PAIR_COLUMNS)).astype({**names, **numbers})

    def _find_widest(self, row: int) -> tuple[str, str, str, float, float] | None:
        after, kept = self._score_without(row)
        own, other = self._before[kept], after[kept]
        pair = find_widest_reversal(own, other)
        if pair is None:
            return None
        names = self._starred.centres[kept]
        higher, lower = pair
        return (
            self._scorer.inputs.centres[row],
            str(names[higher]),
            str(names[lower]),
            float(own[higher] - own[lower]),
            float(other[higher] - other[lower]),
        )

    def _score_without(self, row: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return scores of the starred centres and which of them still have one."""
        gone = np.arange(len(self._whole)) == row
        whole = self._whole if self._scores_stay else self._scorer.score_without(gone)
        after = whole[self._starred.rows]
        return after, ~np.isnan(after) & (self._starred.rows != row)
