"""What the decision rule of the methodology does with every centre, and whom to audit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.base import make_tidy

if TYPE_CHECKING:
    import pandas as pd

DECISIONS = ("blended", "capped", "checklist_dropped", "survey_only", "withheld")
"""blended: the composite gives the star; capped: the composite, but no star above that of the
survey alone; checklist_dropped: the survey alone, audit asked; survey_only: no checklist, or none
that can be judged; withheld: no star by the survey."""

AUDIT_REASONS = ("gap", "random")
"""Why a centre is on the audit list: its gap, or the lot."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AuditDecisions:
    """The decision rule applied: composite, star, whether provisional, and the audit list.

    Attributes
    ----------
    centres : DataFrame
        ``centre``, ``name``, ``region``, ``n`` (respondents), ``survey``, ``survey_error``,
        ``checklist`` (NaN without one that has an index), ``gap``, ``expected``, ``z``, ``q_value``
        (NaN where no gap can be judged), ``weight`` (of the checklist in the composite; 0 where
        the composite is the survey), ``composite``, ``composite_error`` (NaN without a survey; of
        centres whose checklist is dropped it is what the blend would have been), ``reliability``
        (R_c), ``provisional`` (bool, False without a star), ``star_survey``, ``star_composite``,
        ``star`` (nullable Int64: by the survey, by the composite, decided; missing where
        withheld), ``decision`` (one of :data:`DECISIONS`), ``reason`` (why "survey_only" or
        "withheld", else ""), ``audit`` ("", "gap", "random"), ``at_ceiling``, ``no_spread``,
        ``unverifiable_flagged`` (nullable booleans, missing where not defined). In the order of
        the register.
    effect : DataFrame
        ``star_survey``, ``star`` (decided), ``n`` (centres): every pair of stars, 0 too.
    summary : DataFrame
        ``statistic``, ``n``, ``of`` (centres it is counted among): the decisions,
        "provisional", "audit_gap", "audit_random", "star_up", "star_down" (decided against the
        survey's), "held_back": stars that the cap or the dropping kept down, of the centres that
        were capped or whose checklist was dropped.
    cap_from, drop_from, provisional_below, random_share : float
        The rule of the methodology.
    source : str
        Where the rule comes from.
    seed : int
        Of the random audits.
    fdr : float
        False discovery rate at which q-values are judged.
    applied : bool
        Whether the published stars follow the rule; by "verify" they do not, and this is what the
        rule would do.
    """

    centres: pd.DataFrame
    effect: pd.DataFrame
    summary: pd.DataFrame
    cap_from: float
    drop_from: float
    provisional_below: float
    random_share: float
    source: str
    seed: int
    fdr: float
    applied: bool

    def tidy(self) -> pd.DataFrame:
        """Return the composite of every centre."""
        frame = self.centres
        return make_tidy(
            {
                "segment": "all",
                "subject": frame["centre"].to_numpy(),
                "statistic": "composite",
                "estimate": frame["composite"].to_numpy(float),
                "std_error": frame["composite_error"].to_numpy(float),
                "method": frame["decision"].to_numpy(),
                "n": frame["n"].to_numpy(),
            }
        )
