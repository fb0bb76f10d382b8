"""From indicator means to scores, stars, region and group means, each with its doubt."""

from clientindex.rating.bands import find_stars
from clientindex.rating.coverage import compute_coverage
from clientindex.rating.groups import summarise_groups
from clientindex.rating.joint import compute_joint_scores
from clientindex.rating.measures import MeasureScores, score_measures
from clientindex.rating.regions import summarise_regions
from clientindex.rating.score_parts import split_scores
from clientindex.rating.scores import compute_scores
from clientindex.rating.stars import assign_stars

__all__ = [
    "MeasureScores",
    "assign_stars",
    "compute_coverage",
    "compute_joint_scores",
    "compute_scores",
    "find_stars",
    "score_measures",
    "split_scores",
    "summarise_groups",
    "summarise_regions",
]
