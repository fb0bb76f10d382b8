"""Random weightings of methodologies that are no weighted sums, or find their cut points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from clientindex.methodology import Methodology
from clientindex.rating import assign_stars, compute_scores
from clientindex.sensitivity.drawn_index import LinearIndex, ModelIndex
from clientindex.sensitivity.drawn_stars import find_drawn_levels, find_peers
from clientindex.sensitivity.draws import WeightDraws
from clientindex.sensitivity.stability import compute_weight_stability

SEED = np.random.SeedSequence(3)


def change(methodology: Methodology, **sections: Any) -> Methodology:
    raw = methodology.model_dump(by_alias=True)
    for name, value in sections.items():
        raw[name] = raw[name] | value if name == "scoring" else value
    return Methodology.model_validate(raw)


def rate(moments: Any, methodology: Methodology) -> Any:
    scores = compute_scores(moments, methodology)
    register = pd.DataFrame({"centre": moments.centres, "name": "n", "region": "r"})
    return assign_stars(scores, methodology, register=register)


def test_stated_weights_give_the_published_index_by_both_roads(
    methodology: Methodology, moments: Any
) -> None:
    centres = list(moments.centres)
    changed = change(methodology, scoring={"levels": {"index": "geometric"}})
    for own in (methodology, changed):
        model = ModelIndex.of(moments, own, centres=centres, regions=None, measures=None)
        frame = compute_scores(moments, own).frame
        rows = frame[(frame["segment"] == "all") & (frame["kind"] == "index")]
        published = rows.set_index("centre")["estimate"].reindex(centres)
        found = model.compute(stated(model))[0]
        np.testing.assert_allclose(found, published, rtol=0, atol=1e-10)
    linear = LinearIndex.of(moments, methodology, centres=centres)
    model = ModelIndex.of(moments, methodology, centres=centres, regions=None, measures=None)
    np.testing.assert_allclose(
        model.compute(stated(model)), linear.compute(stated(linear)), rtol=0, atol=1e-10
    )


def stated(drawn: Any) -> Any:
    return WeightDraws(inner=drawn.weights.inner[None], outer=drawn.weights.outer[None])


def test_a_geometric_index_with_found_cuts(methodology: Methodology, moments: Any) -> None:
    changed = change(
        methodology,
        scoring={"levels": {"index": "geometric"}},
        stars={"minimum_sample": 1, "rule": "k_means", "stars": 3},
    )
    stars = rate(moments, changed)
    result = compute_weight_stability(moments, stars, changed, seed=SEED)
    starred = stars.frame[stars.frame["star"].notna()]
    assert len(result.frame) == len(starred)
    assert 0.5 < result.mean_share_same_star <= 1
    assert result.mean_kendall_tau > 0.8
    small = compute_weight_stability(moments, stars, changed, seed=SEED, block_cells=1)
    assert small.frame.equals(result.frame)
    index = starred["estimate"].to_numpy(float)[None]
    levels = find_drawn_levels(index, find_peers(starred), changed.stars)
    assert levels[0].tolist() == starred["star"].tolist()


def test_a_draw_without_cut_points_keeps_no_star(methodology: Methodology) -> None:
    rule = change(methodology, stars={"minimum_sample": 1, "rule": "k_means", "stars": 3}).stars
    index = np.array([[50.0, 50, 50, 60], [50, 60, 70, 80]])
    peers = np.full(4, "all", dtype=object)
    assert find_drawn_levels(index, peers, rule).tolist()[0] == [0] * 4
    assert set(find_drawn_levels(index, peers, rule)[1]) == {1, 2, 3}
