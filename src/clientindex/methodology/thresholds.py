"""Thresholds that turn numbers into words, each with its source."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from clientindex.methodology.texts import Bilingual, Citation, Key
from clientindex.settings import Settings


class Level(Settings):
    """A word for values from `lower` (None: from minus infinity) up to the next level."""

    key: Key
    lower: float | None = Field(alias="from")


class Threshold(Settings):
    """Levels in rising order and where they come from."""

    source: Citation
    levels: tuple[Level, ...] = Field(min_length=2)

    def classify(self, value: float) -> str:
        """Return the key of the level that `value` belongs to.

        Raises
        ------
        ValueError
            If `value` is NaN: a word for a missing number would be invented.
        """
        if np.isnan(value):
            msg = "a missing number has no level"
            raise ValueError(msg)
        reached = [lv.key for lv in self.levels if lv.lower is None or value >= lv.lower]
        return reached[-1]


def _make_threshold(source: str | Bilingual, *levels: tuple[str, float | None]) -> Threshold:
    found = tuple(Level(key=key, lower=lower) for key, lower in levels)
    cited = source if isinstance(source, Bilingual) else Bilingual(ru=source, en=source)
    return Threshold(source=cited, levels=found)


class Thresholds(Settings):
    """Thresholds that turn numbers into words, each with its source."""

    alpha: Threshold
    kmo: Threshold
    icc: Threshold
    star_stability: Threshold
    centre_reliability: Threshold = Field(
        default_factory=lambda: _make_threshold(
            "Adams J. L. The Reliability of Provider Profiling: A Tutorial. RAND, TR-653, 2009",
            ("low", None),
            ("acceptable", 0.7),
            ("high", 0.9),
        )
    )
    item_rest: Threshold = Field(
        default_factory=lambda: _make_threshold(
            "Nunnally J. C., Bernstein I. H. Psychometric Theory, 3rd ed., 1994",
            ("weak", None),
            ("sufficient", 0.3),
        )
    )
    ceiling_share: Threshold = Field(
        default_factory=lambda: _make_threshold(
            Bilingual(
                ru="рабочий порог этой методики (доля лучшего ответа)",
                en="Working threshold of this methodology (share of the best answer)",
            ),
            ("spread", None),
            ("piled", 0.5),
        )
    )
    no_answer_share: Threshold = Field(
        default_factory=lambda: _make_threshold(
            Bilingual(
                ru="рабочий порог этой методики (доля респондентов без ответа)",
                en="Working threshold of this methodology (share of respondents without an answer)",
            ),
            ("few", None),
            ("many", 0.1),
        )
    )
    cfi: Threshold = Field(
        default_factory=lambda: _make_threshold(
            "Hu L., Bentler P. M. 1999, Structural Equation Modeling 6(1), 1–55",
            ("poor", None),
            ("acceptable", 0.9),
            ("good", 0.95),
        )
    )
    rmsea: Threshold = Field(
        default_factory=lambda: _make_threshold(
            "Browne M. W., Cudeck R. 1993, in Testing Structural Equation Models, 136–162",
            ("close", None),
            ("fair", 0.05),
            ("mediocre", 0.08),
            ("poor", 0.1),
        )
    )
    srmr: Threshold = Field(
        default_factory=lambda: _make_threshold(
            "Hu L., Bentler P. M. 1999, Structural Equation Modeling 6(1), 1–55",
            ("good", None),
            ("poor", 0.08),
        )
    )
    congruence: Threshold = Field(
        default_factory=lambda: _make_threshold(
            "Lorenzo-Seva U., ten Berge J. M. F. 2006, Methodology 2(2), 57–64",
            ("different", None),
            ("fair", 0.85),
            ("equal", 0.95),
        )
    )
    htmt: Threshold = Field(
        default_factory=lambda: _make_threshold(
            "Henseler J., Ringle C. M., Sarstedt M. 2015, 43, 115–135",
            ("distinct", None),
            ("borderline", 0.85),
            ("same", 0.9),
        )
    )
    ave: Threshold = Field(
        default_factory=lambda: _make_threshold(
            "Fornell C., Larcker D. F. 1981, Journal of Marketing Research 18(1), 39–50",
            ("insufficient", None),
            ("sufficient", 0.5),
        )
    )
    omega_hierarchical: Threshold = Field(
        default_factory=lambda: _make_threshold(
            "Reise S. P., Bonifay W. E., Haviland M. G. 2013, 95(2), 129–140",
            ("weak", None),
            ("tolerable", 0.5),
            ("strong", 0.75),
        )
    )
    ecv: Threshold = Field(
        default_factory=lambda: _make_threshold(
            "Rodriguez A., Reise S. P., Haviland M. G. 2016, Psychological Methods 21(2), 137–150",
            ("several", None),
            ("one", 0.7),
        )
    )
    cfi_drop: Threshold = Field(
        default_factory=lambda: _make_threshold(
            "Cheung G. W., Rensvold R. B. 2002, Structural Equation Modeling 9(2), 233–255",
            ("holds", None),
            ("fails", 0.01),
        )
    )
    rmsea_rise: Threshold = Field(
        default_factory=lambda: _make_threshold(
            "Chen F. F. 2007, Structural Equation Modeling 14(3), 464–504",
            ("holds", None),
            ("fails", 0.015),
        )
    )
    srmr_rise: Threshold = Field(
        default_factory=lambda: _make_threshold(
            "Chen F. F. 2007, Structural Equation Modeling 14(3), 464–504",
            ("holds", None),
            ("fails", 0.03),
        )
    )
