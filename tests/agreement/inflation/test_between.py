"""Variance between units and empirical Bayes against metafor and published numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.agreement.inflation import estimate_between, shrink
from clientindex.agreement.inflation.between import compute_q
from clientindex.errors import StatisticsError

STORED = Path(__file__).parents[2] / "reference" / "agreement"
SHARED = Path(__file__).parents[4] / "shared" / "reference"

# Both sides solve equations to about 1e-12; metafor's uniroot and REML steps end a little earlier.
SOLVED = 1e-8
# Fifteen digits are printed.
CLOSED_FORM = 1e-11
LEVEL = 0.95
SETS = ("eight_schools", "regions")
FIELDS = {
    "DL": "dersimonian_laird",
    "PM": "paule_mandel",
    "REML": "reml",
    "ML": "ml",
    "mean": "mean",
    "mean_error": "mean_error",
    "Q": "q",
    "p": "p_value",
    "ci_low": "ci_low",
    "ci_high": "ci_high",
}


def read_stored(name):
    data = pd.read_csv(STORED / "inflation_input.csv").query("set == @name")
    expected = pd.read_csv(STORED / "inflation_expected.csv").query("set == @name")
    return data["y"].to_numpy(float), data["v"].to_numpy(float), expected


@pytest.fixture
def shared_rows():
    if not (SHARED / "agreement.csv").is_file():
        pytest.skip("../shared/reference is absent: not compared with its part E")
    rows = pd.read_csv(SHARED / "agreement.csv")
    return rows[rows["part"] == "E"].set_index(["dataset", "statistic"])


@pytest.mark.parametrize("statistic", FIELDS)
@pytest.mark.parametrize("name", SETS)
def test_variance_equals_metafor(name, statistic):
    y, v, expected = read_stored(name)
    found = getattr(estimate_between(y, v, level=LEVEL), FIELDS[statistic])
    wanted = expected.set_index("statistic")["estimate"][statistic]
    assert found == pytest.approx(wanted, rel=SOLVED, abs=SOLVED)


@pytest.mark.parametrize("name", SETS)
def test_empirical_bayes_equals_metafor_blup(name):
    y, v, expected = read_stored(name)
    effect, error, _ = shrink(y, v, estimate_between(y, v, level=LEVEL))
    for statistic, found in (("blup", effect), ("blup_error", error)):
        wanted = expected.loc[expected["statistic"] == statistic, "estimate"]
        np.testing.assert_allclose(found, wanted, rtol=SOLVED)


@pytest.mark.parametrize("method", ["DL", "PM", "REML", "ML"])
def test_eight_schools_have_no_variance_to_be_seen(shared_rows, method):
    data = pd.read_csv(SHARED / "data" / "eight_schools.csv")
    found = estimate_between(data["y"].to_numpy(float), data["se"].to_numpy(float) ** 2, level=0.95)
    row = shared_rows.loc[("Rubin1981 eight schools", f"tau2 {method}")]
    assert getattr(found, FIELDS[method]) == row["estimate"] == 0
    note = dict(part.split("=") for part in row["note"].split())
    assert f"{found.mean:.6f}" == note["mu"]
    assert f"{found.mean_error:.6f}" == note["se"]
    assert f"{found.q:.6f}" == note["Q"]


def test_baseball_shrinks_as_james_and_stein_do(shared_rows):
    """REML divides by k - 1 where James and Stein have k - 3; else it is their estimate."""
    rows = shared_rows.loc["Efron&Morris1975 baseball"]["estimate"]
    data = pd.read_csv(SHARED / "data" / "efron_morris_baseball.csv")
    y = (data["hits"] / data["ab"]).to_numpy(float)
    k, grand = len(y), y.mean()
    v = np.full(k, grand * (1 - grand) / 45)
    _, _, b = shrink(y, v, estimate_between(y, v, level=LEVEL))
    multiplier = 1 - (k - 3) / (k - 1) * b[0]
    named = "James-Stein shrinkage multiplier (binomial variance at the grand mean)"
    assert multiplier == pytest.approx(rows[named], rel=SOLVED)
    estimates = dict(zip(data["player"], grand + multiplier * (y - grand), strict=True))
    assert estimates["Clemente"] == pytest.approx(rows["JS estimate Clemente"], rel=SOLVED)
    assert estimates["Alvis"] == pytest.approx(rows["JS estimate Alvis"], rel=SOLVED)
    final = data["final"].to_numpy(float)
    stein = np.array([estimates[player] for player in data["player"]])
    ratio = ((y - final) ** 2).sum() / ((stein - final) ** 2).sum()
    assert ratio == pytest.approx(rows["total squared error MLE / JS"], rel=SOLVED)


def test_equal_errors_have_closed_forms():
    y, v = np.array([3.0, 7.0, 8.0, 14.0, 1.0]), np.full(5, 2.5)
    found = estimate_between(y, v, level=LEVEL)
    for name in ("reml", "dersimonian_laird", "paule_mandel"):
        assert getattr(found, name) == pytest.approx(y.var(ddof=1) - 2.5, rel=CLOSED_FORM)
    assert found.ml == pytest.approx(y.var() - 2.5, rel=CLOSED_FORM)


def test_interval_ends_are_where_q_has_its_quantiles():
    y, v, _ = read_stored("regions")
    found = estimate_between(y, v, level=0.9)
    # chi-square with 23 degrees of freedom, 95 % and 5 % (tables).
    assert compute_q(y, v, found.ci_low) == pytest.approx(35.172, abs=1e-3)
    assert compute_q(y, v, found.ci_high) == pytest.approx(13.091, abs=1e-3)


def test_units_without_error_or_neighbours_are_refused():
    with pytest.raises(StatisticsError, match="needs 2 of them, found 1"):
        estimate_between(np.ones(1), np.ones(1), level=LEVEL)
    with pytest.raises(StatisticsError, match="2 of 3 units have no value or no positive error"):
        estimate_between(np.array([1.0, np.nan, 2.0]), np.array([1.0, 1.0, 0.0]), level=LEVEL)
