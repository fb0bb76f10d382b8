"""Empirical Bayes against metafor, James-Stein and published examples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.rating.shrinkage import shrink_by_morris, shrink_estimates

STORED = Path(__file__).parents[2] / "reference"
SHARED = Path(__file__).parents[4] / "shared" / "reference"
LEVEL = 0.95

# metafor's REML steps end at about this.
SOLVED = 1e-8
CLOSED_FORM = 1e-11


@pytest.fixture
def shared():
    if not (SHARED / "agreement.csv").is_file():
        pytest.skip("../shared/reference is absent: not compared with its published examples")
    rows = pd.read_csv(SHARED / "agreement.csv")
    return SHARED / "data", rows[rows["part"] == "E"].set_index(["dataset", "statistic"])[
        "estimate"
    ]


def load_regions():
    folder = STORED / "agreement"
    data = pd.read_csv(folder / "inflation_input.csv").query("set == 'regions'")
    expected = pd.read_csv(folder / "inflation_expected.csv").query("set == 'regions'")
    return data["y"].to_numpy(float), data["v"].to_numpy(float), expected


def test_reml_equals_metafor():
    y, v, expected = load_regions()
    found = shrink_estimates(y, v, level=LEVEL)
    for statistic, values in (("blup", found.estimate), ("blup_error", found.std_error)):
        wanted = expected.loc[expected["statistic"] == statistic, "estimate"].to_numpy(float)
        assert values == pytest.approx(wanted, rel=SOLVED)
    margin = found.ci_high - found.estimate
    assert margin == pytest.approx(1.959963984540054 * found.std_error)
    assert found.estimate - found.ci_low == pytest.approx(margin)


@pytest.mark.parametrize(
    ("estimator", "name"),
    [("ml", "ML"), ("dersimonian_laird", "DL"), ("paule_mandel", "PM"), ("reml", "REML")],
)
def test_each_estimator_is_that_of_metafor(estimator, name):
    y, v, expected = load_regions()
    wanted = float(expected.set_index("statistic")["estimate"][name])
    found = shrink_estimates(y, v, level=LEVEL, estimator=estimator)
    assert found.between == pytest.approx(wanted, rel=SOLVED)
    assert found.shrinkage == pytest.approx(v / (v + wanted), rel=SOLVED)


def test_eight_schools_are_drawn_all_the_way_and_morris_keeps_some(shared):
    folder, _ = shared
    data = pd.read_csv(folder / "eight_schools.csv")
    y, v = data["y"].to_numpy(float), data["se"].to_numpy(float) ** 2
    found = shrink_estimates(y, v, level=LEVEL)
    # metafor in part E of the reference: tau² 0, mean 7.685617, its error 4.071919.
    assert found.between == 0
    assert found.estimate == pytest.approx(np.full(8, 7.685617), abs=5e-7)
    assert found.std_error == pytest.approx(np.full(8, 4.071919), abs=5e-7)
    kept = shrink_by_morris(y, v, level=LEVEL)
    assert kept.estimate - 7.685617 == pytest.approx(2 / 7 * (y - 7.685617), abs=5e-7)
    assert (kept.std_error > found.std_error).all()
    assert (kept.ci_high - kept.estimate < kept.unshrunk_half_length).all()


def test_baseball_is_the_published_james_stein_estimate(shared):
    folder, rows = shared
    data = pd.read_csv(folder / "efron_morris_baseball.csv")
    average = (data["hits"] / data["ab"]).to_numpy()
    grand = average.mean()
    v = np.full(18, grand * (1 - grand) / 45)
    found = shrink_by_morris(average, v, level=LEVEL)
    expected = rows["Efron&Morris1975 baseball"]
    multiplier = expected["James-Stein shrinkage multiplier (binomial variance at the grand mean)"]
    assert 1 - found.shrinkage == pytest.approx(np.full(18, multiplier), rel=CLOSED_FORM)
    by_name = dict(zip(data["player"], found.estimate, strict=True))
    for player in ("Clemente", "Alvis"):
        wanted = expected[f"JS estimate {player}"]
        assert by_name[player] == pytest.approx(wanted, rel=CLOSED_FORM)
    final = data["final"].to_numpy()
    ratio = ((average - final) ** 2).sum() / ((found.estimate - final) ** 2).sum()
    assert ratio == pytest.approx(expected["total squared error MLE / JS"], rel=1e-6)


def test_morris_intervals_hold_their_level_where_plain_ones_do_not():
    rng = np.random.default_rng(3)
    v = np.tile([1.0, 2.0, 3.0, 4.0, 5.0], 2)
    plain, corrected = [], []
    for _ in range(150):
        truth = rng.normal(0, 1.0, 10)
        y = truth + np.sqrt(v) * rng.normal(size=10)
        for kept, shrink in ((plain, shrink_estimates), (corrected, shrink_by_morris)):
            found = shrink(y, v, level=LEVEL)
            kept.append(((found.ci_low <= truth) & (truth <= found.ci_high)).mean())
    assert np.mean(plain) < 0.9
    # Ten units: Morris' intervals are on the safe side.
    assert LEVEL - 0.01 <= np.mean(corrected) <= LEVEL + 0.035


def test_bad_input_is_refused_by_name():
    y, v = np.array([1.0, 2.0, 4.0]), np.ones(3)
    with pytest.raises(StatisticsError, match="at least 4 units here, found 3"):
        shrink_by_morris(y, v, level=LEVEL)
    with pytest.raises(StatisticsError, match="at least 2 units here, found 1"):
        shrink_estimates(y[:1], v[:1], level=LEVEL)
    with pytest.raises(StatisticsError, match="1 of 3 units have no value"):
        shrink_estimates(np.array([1.0, np.nan, 2.0]), v, level=LEVEL)
    with pytest.raises(StatisticsError, match="no positive sampling variance"):
        shrink_estimates(y, np.array([1.0, 0.0, 1.0]), level=LEVEL)
    with pytest.raises(StatisticsError, match="shape"):
        shrink_estimates(y, v[:2], level=LEVEL)


def test_equal_estimates_are_left_where_they_are():
    found = shrink_estimates(np.full(5, 70.0), np.ones(5), level=LEVEL)
    assert found.between == 0
    assert found.estimate == pytest.approx(np.full(5, 70.0))
