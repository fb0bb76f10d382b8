"""What stands in the axes of the figures of the methods report."""

from __future__ import annotations

import dataclasses

import numpy as np

from clientindex.figures import FIGURES
from clientindex.methodology import Methodology


def test_four_groups_and_35_indicators(cut_bundle, bundle, methodology, wording):
    indicators = tuple(
        methodology.indicators[0].model_copy(update={"key": f"q{i}"}) for i in range(35)
    )
    groups = tuple(
        group.model_copy(update={"indicators": {f"q{i}": 1 / 9 for i in range(35) if i % 4 == j}})
        for j, group in enumerate(methodology.groups[:4])
    )
    fields = dict(methodology) | {"indicators": indicators, "groups": groups}
    wide = Methodology.model_construct(**fields)  # a copy would keep the cached keys
    model = bundle.results["exploratory"]
    loadings = model.loadings.iloc[: 35 * 2].assign(
        indicator=[f"q{i}" for i in range(35)] * 2, factor=["F1"] * 35 + ["F2"] * 35
    )
    school = dataclasses.replace(
        cut_bundle(exploratory=dataclasses.replace(model, loadings=loadings)), methodology=wide
    )
    ax = FIGURES["loadings_heatmap"](school, wording).axes[0]
    assert np.asarray(ax.images[0].get_array()).shape == (35, 2)
