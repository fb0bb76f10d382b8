"""One methodology version: groups, indicators, scale, weights, star rule, thresholds for words."""

from clientindex.methodology.load import load_methodology
from clientindex.methodology.model import (
    Bilingual,
    ChecklistItem,
    Group,
    Indicator,
    Methodology,
    Scale,
    Segment,
    StarBand,
    Thresholds,
)

__all__ = [
    "Bilingual",
    "ChecklistItem",
    "Group",
    "Indicator",
    "Methodology",
    "Scale",
    "Segment",
    "StarBand",
    "Thresholds",
    "load_methodology",
]
