"""Regional means against pandas and scipy's own t interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from clientindex.rating import summarise_regions
from clientindex.results import Stars

if TYPE_CHECKING:
    from clientindex.methodology import Methodology


def make_stars(frame: pd.DataFrame) -> Stars:
    star = frame.get("star", pd.Series(3, index=frame.index)).astype("Int64")
    return Stars(frame=frame.assign(star=star), level=0.9, minimum_sample=5)


@pytest.fixture
def scattered() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(
        {
            "region": rng.choice(["A", "B", "C"], 40),
            "n": rng.integers(5, 60, 40),
            "estimate": rng.uniform(55, 85, 40),
        }
    )
    frame["star"] = pd.cut(frame["estimate"], [0, 50, 60, 70, 80, 100], labels=False) + 1
    frame.loc[frame["region"] == "C", "estimate"] += 0.5
    frame.loc[0, ["estimate", "star"]] = np.nan
    frame.loc[1, "star"] = np.nan
    return frame


def test_regions_equal_pandas_and_scipy(scattered: pd.DataFrame, methodology: Methodology) -> None:
    table = summarise_regions(make_stars(scattered), methodology).frame.set_index("region")
    assert table.index.tolist() == ["A", "B", "C", "country"]
    parts = [*scattered.groupby("region"), ("country", scattered)]
    for region, part in parts:
        scores = part["estimate"].dropna()
        row = table.loc[region]
        low, high = student.interval(0.9, len(scores) - 1, loc=scores.mean(), scale=scores.sem())
        wanted = [scores.mean(), scores.sem(), low, high]
        columns = ["estimate", "std_error", "ci_low", "ci_high"]
        np.testing.assert_allclose(row[columns].astype(float), wanted, rtol=1e-12)
        assert row["n_centres"] == len(scores)
        assert row["n"] == part["n"].sum()
        stars = [row[f"stars_{k}"] for k in range(1, 6)]
        assert stars == [(part["star"] == k).sum() for k in range(1, 6)]
        assert row["n_starred"] == sum(stars)


def test_one_centre_has_a_mean_without_an_interval(methodology: Methodology) -> None:
    frame = pd.DataFrame({"region": ["A"], "n": [9], "estimate": [61.5]})
    row = summarise_regions(make_stars(frame), methodology).frame.iloc[0]
    assert row["estimate"] == 61.5
    assert row[["std_error", "ci_low", "ci_high"]].isna().all()


def test_region_without_a_score_is_listed_as_missing(methodology: Methodology) -> None:
    frame = pd.DataFrame({"region": ["A", "B"], "n": [0, 9], "estimate": [np.nan, 61.5]})
    frame["star"] = [pd.NA, 3]
    row = summarise_regions(make_stars(frame), methodology).frame.iloc[0]
    assert row["n_centres"] == 0
    assert np.isnan(row["estimate"])
    assert row["stars_3"] == 0


def test_unknown_respondents_of_a_centre_leave_those_of_its_region_unknown(
    methodology: Methodology,
) -> None:
    frame = pd.DataFrame({"region": ["A", "A", "B"], "n": [np.nan, 9, 5], "estimate": 61.5})
    table = summarise_regions(make_stars(frame), methodology).frame.set_index("region")
    assert table.loc["B", "n"] == 5
    assert table.loc[["A", "country"], "n"].isna().all()


def test_equal_centres_have_an_interval_of_no_width(methodology: Methodology) -> None:
    frame = pd.DataFrame({"region": "A", "n": 9, "estimate": [70.0] * 4})
    row = summarise_regions(make_stars(frame), methodology).frame.iloc[0]
    assert row["ci_low"] == row["ci_high"] == 70


def test_intervals_end_at_the_scale(methodology: Methodology) -> None:
    frame = pd.DataFrame({"region": "A", "n": 9, "estimate": [60.0, 100.0]})
    row = summarise_regions(make_stars(frame), methodology).frame.iloc[0]
    assert (row["ci_low"], row["ci_high"]) == (0, 100)
