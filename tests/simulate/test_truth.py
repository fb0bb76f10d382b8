from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from clientindex.methodology import Methodology
from clientindex.simulate.latent import draw_model
from clientindex.simulate.truth import combine_segments, expected_points, tabulate_scores

INTEGRATION = 1e-6
"""Accuracy of numerical integration over a step function split at its steps."""
EXACT = 1e-12


def test_expected_points_equal_numerical_integration(other_methodology: Methodology) -> None:
    model = draw_model(other_methodology, rng=np.random.default_rng(5))
    effects = np.array([[0.3, -0.2, 0.5], [-1.0, 0.4, 0.0]])
    found = expected_points(model, effects, shift=-0.15)
    for centre, effect in enumerate(effects):
        for k, cuts in enumerate(model.thresholds):
            density = norm(-0.15 + effect @ model.loadings[k], model.within_centre_sd[k]).pdf
            edges = [-9.0, *cuts, 9.0]
            pieces = [quad(density, a, b)[0] for a, b in pairwise(edges)]
            expected = np.dot(pieces, model.points[k])
            assert found[centre, k] == pytest.approx(expected, abs=INTEGRATION)


def test_scores_follow_the_methodology_s_weights(other_methodology: Methodology) -> None:
    scores = tabulate_scores(np.array([[10.0, 30.0, 100.0]]), other_methodology)
    assert scores.loc[0].to_dict() == pytest.approx(
        {"index": 0.75 * 20 + 0.25 * 100, "first": 20.0, "second": 100.0}, abs=EXACT
    )


def test_segments_combine_by_weight_and_one_segment_counts_alone(
    methodology: Methodology,
) -> None:
    citizens, employers = pd.DataFrame({"index": [80.0]}), pd.DataFrame({"index": [60.0]})
    both = combine_segments({"citizens": citizens, "employers": employers}, methodology)
    alone = combine_segments({"employers": employers}, methodology)
    assert both.loc[0, "index"] == pytest.approx(70.0, abs=EXACT)
    assert alone.loc[0, "index"] == pytest.approx(60.0, abs=EXACT)
