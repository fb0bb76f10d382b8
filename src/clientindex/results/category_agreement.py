"""Agreement of stars, and of indicators sorted into the bands of stars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CategoryAgreement:
    """Chance-corrected agreement of both sources in categories.

    Categories are the bands of the methodology's star rule: of the index (stars), and of every
    indicator's score.

    Attributes
    ----------
    frame : DataFrame
        ``kind`` ("stars", "indicator"), ``subject`` ("stars" or the indicator), ``statistic``
        ("percent", "kappa", "kappa_linear", "kappa_quadratic", "ac1", "ac2" (quadratic),
        "alpha_ordinal"), ``estimate``, ``std_error``, ``ci_low``, ``ci_high``, ``method``, ``n``.
    margins : DataFrame
        Stuart and Maxwell's test: ``kind``, ``subject``, ``statistic`` (chi-square), ``df``,
        ``p_value``, ``q_value`` (Benjamini-Hochberg over indicators; of stars the p-value), ``n``.
    table : DataFrame
        ``kind``, ``subject``, ``survey``, ``checklist`` (stars), ``n`` (centres); cells with 0 too.
    left_out : DataFrame
        ``subject``, ``statistic``, ``reason``, ``detail``.
    level : float
    """

    frame: pd.DataFrame
    margins: pd.DataFrame
    table: pd.DataFrame
    left_out: pd.DataFrame
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a coefficient."""
        frame = self.frame
        return tidy_frame(
            frame,
            subject="subject",
            statistic="statistic",
            level=self.level,
            method=frame["method"].to_numpy(),
            n=frame["n"].to_numpy(),
        )
