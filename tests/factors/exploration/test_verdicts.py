from __future__ import annotations

import numpy as np

from clientindex.factors.exploration.verdicts import VERDICTS, find_places, judge

MEMBERSHIP = np.repeat(np.eye(2, dtype=bool), 3, axis=1)
"""Two groups of three indicators."""

LOADINGS = np.array([[0.7, 0.1], [0.5, -0.45], [0.1, 0.6], [0.2, 0.8], [0.39, 0.39], [0.4, 0.39]])


def words(loadings, places):
    return [VERDICTS[code] for code in judge(loadings, places, 0.4)]


def test_an_indicator_is_judged_by_where_it_is_salient():
    places = find_places(MEMBERSHIP, np.array([0, 1]), has_general=False)
    assert words(LOADINGS, places) == ["own", "cross", "other", "own", "none", "other"]


def test_the_general_factor_does_not_count():
    general = np.column_stack([np.full(6, 0.9), LOADINGS])
    places = find_places(MEMBERSHIP, np.array([-1, 0, 1]), has_general=True)
    assert words(general, places) == ["own", "cross", "other", "own", "none", "other"]


def test_a_factor_left_over_is_another_one():
    left_over = np.column_stack([LOADINGS, np.full(6, 0.5)])
    places = find_places(MEMBERSHIP, np.array([0, 1, -1]), has_general=False)
    assert words(left_over, places) == ["cross", "cross", "other", "cross", "other", "other"]


def test_a_group_without_a_factor_has_no_own_place():
    places = find_places(MEMBERSHIP, np.array([0]), has_general=False)
    assert words(LOADINGS[:, :1], places) == ["own", "own", "none", "none", "none", "other"]


def test_replicates_are_judged_together():
    places = find_places(MEMBERSHIP, np.array([0, 1]), has_general=False)
    both = judge(np.stack([LOADINGS, LOADINGS[::-1, ::-1]]), places, 0.4)
    assert both[1].tolist() == both[0][::-1].tolist()
