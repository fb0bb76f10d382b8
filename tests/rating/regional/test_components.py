"""Variance between regions and centres against metafor, and a closed form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.rating.regional import fit_components

STORED = Path(__file__).parents[2] / "reference" / "rating"

# metafor searches both variances at once by nlminb, and ends of intervals by uniroot.
SOLVED = 1e-4


@pytest.mark.parametrize("name", ["varied", "alike", "even"])
def test_variances_and_intervals_equal_metafor(name):
    data = pd.read_csv(STORED / "regional_input.csv").query("set == @name")
    wanted = pd.read_csv(STORED / "regional_expected.csv").query("set == @name")
    wanted = wanted.set_index("statistic")
    regions = pd.Categorical(data["region"]).codes.astype(np.intp)
    found = fit_components(data["y"].to_numpy(), data["error"].to_numpy() ** 2, regions, level=0.95)
    for statistic, value, ends in (
        ("between_regions", found.regions, found.regions_interval),
        ("between_centres", found.centres, found.centres_interval),
        ("share", found.share, found.share_interval),
    ):
        row = wanted.loc[statistic]
        assert value == pytest.approx(row["estimate"], rel=SOLVED, abs=SOLVED), statistic
        # metafor lets the share be a negative correlation.
        low = max(row["ci_low"], 0)
        assert ends[0] == pytest.approx(low, rel=SOLVED, abs=SOLVED), statistic
        assert ends[1] == pytest.approx(row["ci_high"], rel=SOLVED, abs=SOLVED), statistic


def test_equal_regions_with_equal_errors_have_the_closed_form_of_analysis_of_variance():
    rng = np.random.default_rng(5)
    y = rng.normal(70, 6, (7, 1)) + rng.normal(0, 5, (7, 4))
    inside = y.var(axis=1, ddof=1).mean()
    between = y.mean(axis=1).var(ddof=1)
    regions = np.repeat(np.arange(7), 4)
    found = fit_components(y.ravel(), np.full(28, 2.0), regions, level=0.95)
    assert found.centres == pytest.approx(inside - 2.0, rel=1e-5)
    assert found.regions == pytest.approx(between - inside / 4, rel=1e-5)
    assert found.share == pytest.approx(found.regions / (found.regions + found.centres), rel=1e-9)
    low, high = found.share_interval
    assert 0 <= low < found.share < high <= 1


@pytest.mark.parametrize(
    ("y", "v", "regions", "message"),
    [
        ([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], [0, 0, 0], "two of them"),
        ([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], [0, 1, 2], "two of them"),
        ([1.0, 2.0, 3.0], [1.0, np.nan, 1.0], [0, 0, 1], "sampling error"),
        ([1.0, 2.0, 3.0], [0.0, 0.0, 0.0], [0, 0, 1], "sampling error"),
        ([5.0, 5.0, 5.0], [1.0, 1.0, 1.0], [0, 0, 1], "same score"),
    ],
)
def test_what_cannot_be_told_is_refused(y, v, regions, message):
    with pytest.raises(StatisticsError, match=message):
        fit_components(np.array(y), np.array(v), np.array(regions), level=0.95)
