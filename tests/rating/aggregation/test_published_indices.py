"""Published composite indices: the ASEM index as COINr computed it, and a school survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.rating.aggregation import (
    Level,
    Mean,
    MissingRule,
    aggregate_levels,
    fit_distance_to_best,
    fit_min_max,
    fit_order,
    fit_z,
)

DATA = Path(__file__).parents[4] / "shared" / "data"
ASEM, NYC = DATA / "asem_coinr", DATA / "nyc_school_survey_2011"
# 15 digits are printed.
PRINTED = 5e-9
# The README of the data: what rounding item scores to 0.1 can do to a mean.
NYC_ROUNDING = 0.08 + 1e-9

TOLERANCE_INDICATOR = "TolMin"
HIGHER_BY_A_LAST_BIT = ["GRC", "JPN"]


class Asem:
    """The index: 49 indicators, 8 pillars, 2 sub-indices."""

    def __init__(self) -> None:
        if not ASEM.is_dir():
            pytest.skip("../shared/data/asem_coinr is absent: not compared with COINr")
        meta = pd.read_csv(ASEM / "iMeta.csv")
        self.names = [meta.loc[meta["Level"] == level, "iCode"].tolist() for level in (1, 2, 3, 4)]
        self.meta = meta.set_index("iCode")
        self.direction = self.meta.loc[self.names[0], "Direction"].to_numpy(float)

    def read(self, stage: str, columns: list[str]) -> np.ndarray:
        return pd.read_csv(ASEM / f"{stage}.csv").set_index("uCode")[columns].to_numpy(float)

    def make_levels(self, mean: Mean) -> list[Level]:
        levels = []
        for children, parents in zip(self.names[:-1], self.names[1:], strict=True):
            rows = self.meta.loc[children]
            parent_of = np.array([parents.index(parent) for parent in rows["Parent"]])
            weights = rows["Weight"].to_numpy(float)
            levels.append(Level(parent_of=parent_of, weights=weights, mean=mean))
        return levels

    def aggregate(self, x: np.ndarray, mean: Mean) -> np.ndarray:
        return aggregate_levels(x, self.make_levels(mean)).scores[-1][:, 0]


@pytest.fixture(scope="module")
def asem() -> Asem:
    return Asem()


@pytest.fixture(scope="module")
def treated(asem: Asem) -> np.ndarray:
    return asem.read("stage_Treated", asem.names[0])


def test_normalised_indicators(asem: Asem, treated: np.ndarray) -> None:
    found = fit_min_max(treated, direction=asem.direction).apply(treated)
    wanted = asem.read("stage_Normalised", asem.names[0])
    np.testing.assert_allclose(found, wanted, rtol=0, atol=PRINTED)


def test_all_levels_of_the_published_index(asem: Asem, treated: np.ndarray) -> None:
    x = fit_min_max(treated, direction=asem.direction).apply(treated)
    found = aggregate_levels(x, asem.make_levels(Mean()))
    for scores, names in zip(found.scores, asem.names[1:], strict=True):
        wanted = asem.read("stage_Aggregated", names)
        np.testing.assert_allclose(scores, wanted, rtol=0, atol=PRINTED)


@pytest.mark.parametrize(
    ("variant", "fit", "mean"),
    [
        ("zscore_amean", lambda x, d: fit_z(x, direction=d, to=(10, 2)), Mean()),
        ("minmax1_100_amean", lambda x, d: fit_min_max(x, direction=d, to=(1, 100)), Mean()),
        (
            "minmax1_100_gmean",
            lambda x, d: fit_min_max(x, direction=d, to=(1, 100)),
            Mean(kind="geometric"),
        ),
        (
            "minmax1_100_hmean",
            lambda x, d: fit_min_max(x, direction=d, to=(1, 100)),
            Mean(kind="harmonic"),
        ),
        ("dist2max_amean", lambda x, d: fit_distance_to_best(x, direction=d), Mean()),
    ],
)
def test_variants(asem: Asem, treated: np.ndarray, variant: str, fit, mean: Mean) -> None:
    found = asem.aggregate(fit(treated, asem.direction).apply(treated), mean)
    wanted = asem.read("variants_index_scores", [variant])[:, 0]
    np.testing.assert_allclose(found, wanted, rtol=0, atol=PRINTED)


@pytest.mark.parametrize(
    ("variant", "kind"),
    [("rank_amean", "rank"), ("borda_amean", "borda"), ("prank_amean", "percentile")],
)
def test_variants_of_order(asem: Asem, treated: np.ndarray, variant: str, kind) -> None:
    """In R, two countries' tolerance of minorities differs from its ties in a bit not printed.

    With the table as printed, all but three countries agree, and these are off by one rank of one
    indicator; with that bit put back, all 51 do.
    """
    units = pd.read_csv(ASEM / "stage_Treated.csv")["uCode"]
    wanted = asem.read("variants_index_scores", [variant])[:, 0]
    as_printed = fit_order(treated, direction=asem.direction, kind=kind).apply(treated)
    differ = np.abs(asem.aggregate(as_printed, Mean()) - wanted) > PRINTED
    assert units[differ].tolist() == ["BGR", "CZE", "NOR"]
    x, column = treated.copy(), asem.names[0].index(TOLERANCE_INDICATOR)
    rows = np.flatnonzero(units.isin(HIGHER_BY_A_LAST_BIT))
    x[rows, column] = np.nextafter(x[rows, column], np.inf)
    restored = fit_order(x, direction=asem.direction, kind=kind).apply(x)
    np.testing.assert_allclose(asem.aggregate(restored, Mean()), wanted, rtol=0, atol=PRINTED)


def test_group_scores_of_a_school_survey() -> None:
    if not NYC.is_dir():
        pytest.skip("../shared/data/nyc_school_survey_2011 is absent: group scores not rebuilt")
    items = pd.read_csv(NYC / "items.csv")
    groups = ["saf", "com", "eng", "aca"]
    scores = pd.read_csv(NYC / "parent_item_scores.csv").set_index("dbn")
    published = pd.read_csv(NYC / "group_scores.csv").query("source == 'parents'")
    published = published.set_index("dbn")[groups].reindex(scores.index)
    level = Level(
        parent_of=items["group"].map({name: i for i, name in enumerate(groups)}).to_numpy(),
        weights=np.ones(len(items)),
        missing=MissingRule(treatment="reweight"),
    )
    found = aggregate_levels(scores[items["item"]].to_numpy(float), [level]).scores[0]
    gap = np.abs(found - published.to_numpy(float))
    assert np.isfinite(gap).mean() > 0.95
    assert np.nanmax(gap) <= NYC_ROUNDING
