"""How the reliability of groups and centres, and the quality of answers, is judged."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from clientindex.methodology.texts import Bilingual, Citation
from clientindex.settings import Settings

Share = Annotated[float, Field(gt=0, lt=1)]


class QualityRule(Settings):
    """A limit from which a respondent's answers are suspicious, and where it comes from."""

    limit: float
    source: Citation


def _make_rule(limit: float, source: str, ru: str = "", en: str = "") -> QualityRule:
    """Make a rule from a citation and what is said of it in both languages."""
    return QualityRule(limit=limit, source=Bilingual(ru=f"{source}{ru}", en=f"{source}{en}"))


class QualityRules(Settings):
    """Rules by which answers are suspicious; null switches a rule off.

    `straight_lining`: the same option to all of at least so many indicators. `longest_run`: the
    same option to so large a share of the indicators answered, one after another, or more.
    `speeding`: fewer seconds for an indicator answered. `outlier`: a Mahalanobis distance beyond
    this quantile of chi-square. `duplicates`: so many equal answers to everything in one centre and
    day, or more. `person_total`: a correlation with the means of all below this.
    """

    straight_lining: QualityRule | None = Field(
        default_factory=lambda: _make_rule(
            10,
            "Leiner D. J. Too fast, too straight, too weird. Survey Research Methods, 2019, 13(3),"
            " 229–248",
            ru="; число — рабочий порог",
            en="; the number is a working threshold",
        )
    )
    longest_run: QualityRule | None = Field(
        default_factory=lambda: _make_rule(
            0.75,
            "Johnson J. A. Journal of Research in Personality, 2005, 39(1), 103–129",
            ru="; доля — рабочий порог",
            en="; the share is a working threshold",
        )
    )
    speeding: QualityRule | None = Field(
        default_factory=lambda: _make_rule(
            2, "Huang J. L. et al. Journal of Business and Psychology, 2012, 27(1), 99–114"
        )
    )
    outlier: QualityRule | None = Field(
        default_factory=lambda: _make_rule(
            0.999,
            "Tabachnick B. G., Fidell L. S. Using Multivariate Statistics, 6th ed., 2013, 4.1",
        )
    )
    duplicates: QualityRule | None = Field(
        default_factory=lambda: _make_rule(
            3,
            "Blasius J., Thiessen V. Assessing the Quality of Survey Data. Sage, 2012",
            ru=", гл. 4; число — рабочий порог",
            en=", chapter 4; the number is a working threshold",
        )
    )
    person_total: QualityRule | None = Field(
        default_factory=lambda: _make_rule(
            -0.5,
            "Donlon T. F., Fischer F. E. Educational and Psychological Measurement, 1968, 28(1),"
            " 105–113",
            ru="; предел — рабочий порог (нижний 1 % при 20 не связанных ответах)",
            en="; the limit is a working threshold (the lower 1 % of 20 unrelated answers)",
        )
    )

    def list_active(self) -> dict[str, QualityRule]:
        """Return the rules that are switched on, by name, in the order of the fields."""
        named = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: rule for name, rule in named.items() if rule is not None}


class ReliabilitySettings(Settings):
    """Settings of the reliability analyses.

    `centre_levels` are the levels of reliability of a centre's mean for which the share of centres
    and the answers needed are told; `flagged_centres` is the false discovery rate of the list of
    centres with more suspicious answers than elsewhere.
    """

    centre_levels: tuple[Share, ...] = Field(default=(0.6, 0.7, 0.8), min_length=1)
    quality: QualityRules = Field(default_factory=QualityRules)
    flagged_centres: Share = 0.05
