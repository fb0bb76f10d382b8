"""How sure a star is: probabilities of all stars, expected accuracy, distance to the next cut.

Pure functions of arrays; stars are levels 1 to K of any rule of
:mod:`clientindex.rating.star_rules`, half stars included. `room`, with `stated`, `given`, `drawn`
and `frames`, puts them to the stars of an edition.
"""

from clientindex.rating.star_doubt.accuracy import (
    ExpectedAccuracy,
    compute_expected_accuracy,
    find_certain,
)
from clientindex.rating.star_doubt.calibration import (
    Calibration,
    compute_brier_score,
    compute_calibration,
)
from clientindex.rating.star_doubt.distance import CutDistance, compute_cut_distances
from clientindex.rating.star_doubt.draws import DrawnStars, draw_star_probabilities, share_stars
from clientindex.rating.star_doubt.misclassification import (
    Misclassification,
    compute_misclassification,
)
from clientindex.rating.star_doubt.normal import cap_probabilities, compute_star_probabilities

__all__ = [
    "Calibration",
    "CutDistance",
    "DrawnStars",
    "ExpectedAccuracy",
    "Misclassification",
    "cap_probabilities",
    "compute_brier_score",
    "compute_calibration",
    "compute_cut_distances",
    "compute_expected_accuracy",
    "compute_misclassification",
    "compute_star_probabilities",
    "draw_star_probabilities",
    "find_certain",
    "share_stars",
]
