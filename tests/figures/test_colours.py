"""Distances between the colours that stand together, for normal and colour-deficient sight.

Simulation of full protanopia, deuteranopia and tritanopia by the matrices of Machado, Oliveira and
Fernandes (2009, IEEE TVCG 15(6), 1291-1298), on linear RGB; distances are CIE 1976 in L*a*b* (D65).
A distance of about 2.3 is just noticeable.
"""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from clientindex.figures import colours

CLEARLY_APART = 20.0
NEIGHBOURING_STEPS_APART = 10.0
SMALL_TYPE_CONTRAST = 4.5
GREY_STEP = 8.0  # lightness L*, of 100

SIGHT = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = TO_XYZ.sum(axis=1)
TOGETHER = {
    "intervals of centres": (colours.CERTAIN, colours.DOUBTFUL, colours.PAPER),
    "region and country": (colours.ESTIMATE, colours.OVERALL, colours.LIMITS_SHADE),
    "bias and limits": (colours.BIAS, colours.LIMITS),
    "rank": (colours.ESTIMATE, colours.INTERVAL, colours.OVERALL),
    "sets of ranks": (colours.RANK_SET, colours.RANK_SET_SHADE, colours.OVERALL),
    "above and below": (colours.ABOVE, colours.BELOW, colours.ABOVE_SHADE, colours.BELOW_SHADE),
    "exact and resampled": (colours.ESTIMATE, colours.DOUBTFUL, colours.WEDGE_SHADE),
    "three segments": colours.SEGMENTS[:3],
    "levels": tuple(look["color"] for look in colours.LEVELS.values()),
    "pairs of indicators": (colours.ESTIMATE, colours.DOUBTFUL, colours.PAPER),
    "levels of HTMT": tuple(colours.level_look(i)[0] for i in range(3)),
    "eigenvalues": (colours.ESTIMATE, *colours.RANDOM),
    "regions": (*colours.REGIONS, colours.OTHER_REGIONS, colours.PAPER),
    "sources of variance": tuple(colour for colour, _ in colours.COMPONENTS.values()),
    "lines of two sources": (colours.ESTIMATE, colours.OVERALL, colours.WEDGE_SHADE),
    "doubt of stars": (colours.ESTIMATE, colours.INTERVAL, colours.LIMITS, colours.PAPER),
    "stars won and lost": (colours.ESTIMATE, colours.DOUBTFUL, colours.WITHHELD),
    "loadings": tuple(colours.LOADINGS([0.0, 0.5, 1.0])[:, :3]),
}


def lab(colour, sight="normal"):
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(SIGHT[sight]) @ linear, 0, 1)
    t = TO_XYZ @ seen / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("set_name", TOGETHER)
def test_colours_that_stand_together_stay_apart(set_name, sight):
    for one, other in combinations(TOGETHER[set_name], 2):
        assert np.linalg.norm(lab(one, sight) - lab(other, sight)) > CLEARLY_APART


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("n_stars", [2, 3, 5])
def test_more_stars_are_darker_for_every_sight_and_in_grey(n_stars, sight):
    steps = [lab(colour, sight) for colour in colours.star_colours(n_stars)]
    for lighter, darker in pairwise(steps):
        assert lighter[0] - darker[0] > GREY_STEP
        assert np.linalg.norm(lighter - darker) > NEIGHBOURING_STEPS_APART


def test_lines_that_cross_differ_in_grey_print_too():
    assert abs(lab(colours.CERTAIN)[0] - lab(colours.DOUBTFUL)[0]) > 2 * GREY_STEP
    assert abs(lab(colours.BIAS)[0] - lab(colours.LIMITS)[0]) > 2 * GREY_STEP


@pytest.mark.parametrize("background", [*colours.star_colours(5), *colours.SEGMENTS])
def test_ink_reaches_the_contrast_of_wcag(background):
    pair = [colours.luminance(c) for c in (background, colours.ink_on(background))]
    assert (max(pair) + 0.05) / (min(pair) + 0.05) >= SMALL_TYPE_CONTRAST


def test_regions_differ_in_grey_print_and_in_marker():
    lightness = sorted(lab(colour)[0] for colour in colours.REGIONS)
    assert min(np.diff(lightness)) > GREY_STEP
    looks = [colours.region_look(i) for i in range(len(colours.REGIONS))]
    assert len({marker for _, marker in looks}) == len(looks)


def test_parts_of_a_bar_that_touch_differ_in_grey_print_or_hatch():
    looks = colours.COMPONENTS
    for one, other in (
        ("trait_common", "trait_own"),
        ("trait_own", "method"),
        ("trait", "method"),
        ("method", "specific"),
        ("specific", "sampling_error"),
        ("method", "sampling_error"),
    ):
        (first, hatch), (second, other_hatch) = looks[one], looks[other]
        apart = abs(lab(first)[0] - lab(second)[0]) > GREY_STEP
        assert apart or hatch != other_hatch


def test_one_star_level_has_one_colour():
    assert len(colours.star_colours(1)) == 1


def test_neighbouring_segments_differ_in_colour_and_marker():
    looks = [colours.segment_look(i) for i in range(4)]
    assert len({c for c, _ in looks}) == len({m for _, m in looks}) == 4


def test_levels_differ_in_hatch_and_marker_too():
    assert len({colours.level_look(i)[1] for i in range(3)}) == 3
    looks = [colours.congruence_look(i) for i in range(3)]
    assert len({look["marker"] for look in looks}) == 3
    assert len({look["markerfacecolor"] for look in looks}) == 3
    assert colours.level_look(7) == colours.level_look(2)
