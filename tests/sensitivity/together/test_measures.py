"""Measures beside answers move with their own stated errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clientindex.methodology import Methodology
from clientindex.methodology.together_settings import TogetherSettings
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.measures import score_measures
from clientindex.sensitivity.together.room import assess_together

SEED = np.random.SeedSequence(9)
PAIRS = 1_500


def test_sampling_error_of_a_measure_is_in_the_variance(moments, methodology):
    raw = methodology.model_dump(by_alias=True)
    name = {"ru": "Ожидание", "en": "Wait"}
    raw["indicators"] = [
        *raw["indicators"],
        {"key": "wait", "name": name, "kind": "measure", "direction": "negative"},
    ]
    own = raw["groups"][0]["indicators"]
    raw["groups"][0]["indicators"] = {**{key: w / 2 for key, w in own.items()}, "wait": 0.5}
    mixed = Methodology.model_validate(raw)
    table = pd.DataFrame(
        {
            "centre": list(moments.centres),
            "indicator": "wait",
            "value": np.linspace(20, 60, len(moments.centres)),
            "std_error": 4.0,
            "n": 30.0,
        }
    )
    measures = score_measures(table, mixed)
    register = pd.DataFrame({"centre": moments.centres, "name": "n", "region": "R"})
    scores = compute_scores(moments, mixed, measures=measures)
    stars = assign_stars(scores, mixed, register=register)
    found = assess_together(
        moments,
        stars,
        mixed,
        seed=SEED,
        settings=TogetherSettings(draws=PAIRS, sources=("sampling",)),
        measures=measures,
    )
    exact = stars.frame.set_index("centre")["std_error"].reindex(found.centres["centre"])
    ratio = found.centres["std_dev"].to_numpy() / exact.to_numpy()
    # Those at the best or worst value are cut at the end of the scale.
    assert np.median(ratio) == pytest.approx(1, abs=0.03)
    plain = compute_scores(moments, mixed.of_answers).frame
    rows = plain[(plain["segment"] == "all") & (plain["kind"] == "index")]
    without = rows.set_index("centre")["std_error"].reindex(found.centres["centre"])
    assert np.median(found.centres["std_dev"] / without.to_numpy()) > 1.1
