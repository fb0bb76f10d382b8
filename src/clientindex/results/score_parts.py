"""What the index of a centre is made of: the contribution of every group and indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.base import make_tidy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreParts:
    """Contributions of groups and indicators to the index of all segments.

    Attributes
    ----------
    frame : DataFrame
        ``centre``, ``kind`` ("group", "indicator"), ``key``, ``weight`` (points of the index that
        go with a point of the score in all segments: the effective weight, with the weights of
        what is missing shared out), ``estimate`` (score, NaN where the centre has none),
        ``contribution`` (points; these sum to the index within a kind), ``mean_contribution``
        (over the centres of this frame and kind), ``difference`` (of the two; these sum to the
        index less its mean). In the order of the scores: centre, then groups and indicators in the
        order of the methodology.
    left_out : DataFrame
        ``centre``, ``kind`` ("" both), ``reason``, ``detail``, all text. "no_score" (the centre has
        no index), "not_additive" (contributions do not sum to the index: means of other centres
        stand in for missing values, groups are z scores, or a mean has no derivative; ``detail``
        the sum less the index, points), "checklists_in_index" (the published index holds the
        checklist too).
    """

    frame: pd.DataFrame
    left_out: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a centre and contribution."""
        frame = self.frame
        return make_tidy(
            {
                "subject": frame["centre"].to_numpy(),
                "segment": "all",
                "statistic": ("contribution." + frame["kind"] + "." + frame["key"]).to_numpy(),
                "estimate": frame["contribution"].to_numpy(float),
                "method": "derivative times score",
            }
        )
