"""One methodology version: groups, indicators, scale, weights, star rule, thresholds for words."""

from clientindex.methodology.load import load_methodology
from clientindex.methodology.model import (
    ChecklistItem,
    Group,
    Indicator,
    Methodology,
    Scale,
    Segment,
)
from clientindex.methodology.star_settings import StarBand, StarRule
from clientindex.methodology.texts import Bilingual
from clientindex.methodology.thresholds import Thresholds

__all__ = [
    "Bilingual",
    "ChecklistItem",
    "Group",
    "Indicator",
    "Methodology",
    "Scale",
    "Segment",
    "StarBand",
    "StarRule",
    "Thresholds",
    "load_methodology",
]
