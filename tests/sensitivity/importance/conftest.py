"""An edition of made-up centres, and the ASEM index as an edition of measures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.methodology import Methodology
from clientindex.methodology.weight_importance_settings import WeightImportanceSettings
from clientindex.pipeline.survey import make_no_moments
from clientindex.rating import compute_scores, score_measures, split_scores
from clientindex.sensitivity.importance import assess_importance, optimise_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.counts import CentreMoments
    from clientindex.rating import MeasureScores
    from clientindex.results import Scores

ASEM = Path(__file__).parents[4] / "shared" / "data" / "asem_coinr"
TEXT = {"ru": "текст", "en": "text"}
REPLICATES = 100


@dataclass(frozen=True, kw_only=True)
class Case:
    """An edition with what its importance is computed from."""

    methodology: Methodology
    moments: CentreMoments
    scores: Scores
    regions: dict[str, str]
    measures: MeasureScores | None = None

    def assess(self, *, seed: int = 3, **settings: Any) -> Any:
        parts = split_scores(
            self.scores,
            self.moments,
            self.methodology,
            regions=self.regions,
            measures=self.measures,
        )
        return assess_importance(
            self.scores,
            parts,
            self.moments,
            self.methodology,
            settings=WeightImportanceSettings(**settings),
            regions=self.regions,
            seed=np.random.SeedSequence(seed),
            measures=self.measures,
        )

    def optimise(self, *, seed: int = 3, **settings: Any) -> Any:
        return optimise_weights(
            self.scores,
            self.moments,
            self.methodology,
            settings=WeightImportanceSettings(**settings),
            regions=self.regions,
            seed=np.random.SeedSequence(seed),
            measures=self.measures,
        )


@pytest.fixture(scope="session")
def change(methodology: Methodology) -> Callable[..., Methodology]:
    """Return a function that changes sections of the methodology of 2026."""
    base = methodology.model_dump(by_alias=True)

    def make(**changes: Any) -> Methodology:
        raw = {**base, "intervals": {**base["intervals"], "bootstrap_replicates": REPLICATES}}
        for name, value in changes.items():
            raw[name] = {**raw[name], **value} if isinstance(value, dict) else value
        return Methodology.model_validate(raw)

    return make


@pytest.fixture(scope="session")
def make_case(change: Any, make_moments: Any) -> Callable[..., Case]:
    """Return a function that makes an edition of means of shape (C, S, K)."""

    def make(mean: np.ndarray, *, methodology: Methodology | None = None) -> Case:
        own = methodology or change()
        moments = make_moments(mean, own)
        regions = {centre: f"R{place % 6}" for place, centre in enumerate(moments.centres)}
        scores = compute_scores(moments, own, regions=regions)
        return Case(methodology=own, moments=moments, scores=scores, regions=regions)

    return make


def draw_means(n: int, *, seed: int = 11, noise: float = 6.0) -> np.ndarray:
    """Draw complete means of n centres; both segments alike but for noise."""
    rng = np.random.default_rng(seed)
    own = rng.normal(65, 6, (n, 1, 1)) + rng.normal(0, noise, (n, 1, 20))
    return np.clip(own + rng.normal(0, 2, (n, 2, 20)), 1, 100)


@pytest.fixture(scope="session")
def case(make_case: Any) -> Case:
    return make_case(draw_means(60))


@pytest.fixture(scope="session")
def asem(methodology: Methodology) -> Case:
    """Return the ASEM index: 49 measures in 8 pillars of equal effective weights per sub-index."""
    if not ASEM.is_dir():
        pytest.skip("../shared/data/asem_coinr is absent: not compared with COINr")
    meta = pd.read_csv(ASEM / "iMeta.csv").set_index("iCode")
    effective = pd.read_csv(ASEM / "eff_weights.csv").set_index("iCode")["EffWeight"]
    pillars = meta.index[meta["Level"] == 2]
    items = meta[meta["Level"] == 1]
    raw = methodology.model_dump(by_alias=True)
    raw.pop("scale")
    raw |= {"segments": [], "checklist": None}
    raw["stars"] = {**raw["stars"], "minimum_sample": 0}
    raw["intervals"] = {**raw["intervals"], "bootstrap_replicates": REPLICATES}
    raw["groups"] = [
        {
            "key": pillar.lower(),
            "name": TEXT,
            "weight": effective[pillar],
            "indicators": [key.lower() for key in items.index[items["Parent"] == pillar]],
        }
        for pillar in pillars
    ]
    raw["indicators"] = [
        {
            "key": key.lower(),
            "name": TEXT,
            "kind": "measure",
            "direction": "positive" if sign > 0 else "negative",
        }
        for key, sign in items["Direction"].items()
    ]
    own = Methodology.model_validate(raw)
    treated = pd.read_csv(ASEM / "stage_Treated.csv").melt(
        id_vars="uCode", value_vars=list(items.index), var_name="indicator"
    )
    table = treated.rename(columns={"uCode": "centre"}).assign(std_error=np.nan, n=np.nan)
    table["indicator"] = table["indicator"].str.lower()
    measures = score_measures(table, own)
    moments = make_no_moments()
    return Case(
        methodology=own,
        moments=moments,
        scores=compute_scores(moments, own, measures=measures),
        regions=dict.fromkeys(treated["uCode"], "R"),
        measures=measures,
    )
