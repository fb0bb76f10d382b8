"""Compiled runs give what the functions of the rating give."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from clientindex.errors import StatisticsError
from clientindex.rating.aggregation import Mean
from clientindex.rating.levels import LevelRules, score_levels
from clientindex.rating.score_model import combine_segments
from clientindex.rating.score_plan import ScorePlan
from clientindex.rating.weighting import WeightPlan
from clientindex.sensitivity.runs.methods import POWERS, IndexMethod, Scorer

ROUNDING = 1e-11
"""Sums in another order, of values up to 100."""
CENTRES, RUNS = 40, 5
GROUP_OF = np.repeat([0, 1, 2], [3, 2, 2])
MISSING = ("refuse", "reweight", "impute_group_mean", "impute_region_mean")
PLAN = WeightPlan(
    starts=np.array([0, 3, 5]),
    group_of=GROUP_OF,
    inner=np.array([0.5, 0.5, 0.0, 0.3, 0.7, 0.6, 0.4]),
    outer=np.array([0.2, 0.5, 0.3]),
    segment=np.array([0.4, 0.6]),
    refuses_indicator=False,
    refuses_group=False,
)


@pytest.fixture(scope="module")
def value():
    """Return scores of shape (C, S, K) in which everything that can be missing is."""
    rng = np.random.default_rng(0)
    value = rng.uniform(1, 99, (CENTRES, 2, 7))
    value[rng.random(value.shape) < 0.25] = np.nan
    value[3, 0, 3:5] = value[5, 0] = value[7, 1, :3] = value[9] = np.nan
    value[2, 1, 1] = 0.0
    return value


def _score_by_rating(value, method, region_of, inner, outer):
    rules = LevelRules(
        group=Mean(kind=method.group),
        index=Mean(kind=method.index),
        segments=Mean(kind=method.segments),
        missing_indicator=method.missing_indicator,
        missing_group=method.missing_group,
        normalises=method.normalises,
        group_of=GROUP_OF,
        region_of=region_of,
    )
    x = np.broadcast_to(value, (RUNS, *value.shape))
    levels = score_levels(x, rules, inner=inner[:, None, None, :], outer=outer[:, None, None, :])
    plan = ScorePlan(
        inner=PLAN.inner, outer=PLAN.outer, segment=PLAN.segment, rules=rules, left_out=()
    )
    return combine_segments(levels.index[..., None], plan)[0][..., 0]


@pytest.mark.parametrize(("missing_indicator", "missing_group"), list(product(MISSING, MISSING)))
def test_all_means_and_rules_are_those_of_the_rating(value, missing_indicator, missing_group):
    rng = np.random.default_rng(1)
    region_of = rng.integers(0, 4, CENTRES)
    inner = PLAN.inner * rng.uniform(0.75, 1.25, (RUNS, 7))
    outer = PLAN.outer * rng.uniform(0.75, 1.25, (RUNS, 3))
    scores = np.ascontiguousarray(np.moveaxis(value, 0, 2))
    for group, index, segments, z in product(POWERS, POWERS, POWERS, (False, True)):
        if z and (index, segments) != ("arithmetic", "arithmetic"):
            continue
        method = IndexMethod(
            group=group,
            index=index,
            segments=segments,
            missing_indicator=missing_indicator,
            missing_group=missing_group,
            normalises=z,
        )
        scorer = Scorer.of(method, scores, PLAN, region_of=region_of)
        ours = scorer.score(scorer.prepare(scores), inner=inner, outer=outer)
        theirs = _score_by_rating(value, method, region_of, inner, outer)
        assert np.array_equal(np.isnan(ours), np.isnan(theirs))
        assert np.nan_to_num(ours) == pytest.approx(np.nan_to_num(theirs), abs=ROUNDING)


def _method(**changes):
    own = {
        "group": "arithmetic",
        "index": "arithmetic",
        "segments": "arithmetic",
        "missing_indicator": "reweight",
        "missing_group": "reweight",
    }
    return IndexMethod(**{**own, **changes})


def test_means_that_runs_lack_and_z_scores_in_a_geometric_mean_are_refused():
    with pytest.raises(StatisticsError, match="no median mean"):
        _method(index="median")
    with pytest.raises(StatisticsError, match="z scores of groups have negative values"):
        _method(index="geometric", normalises=True)


def test_negative_scores_have_no_geometric_mean(value):
    scores = np.ascontiguousarray(np.moveaxis(value, 0, 2)) - 50
    scorer = Scorer.of(
        _method(group="geometric"), scores, PLAN, region_of=np.zeros(CENTRES, dtype=int)
    )
    with pytest.raises(StatisticsError, match="not defined for negative scores"):
        scorer.prepare(scores)
