"""Fay-Herriot against metafor, R sae and R emdi, and its errors where the truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.rating.shrinkage import estimate_model_variance, fit_fay_herriot

STORED = Path(__file__).parents[2] / "reference" / "rating"
SETS = ("areas", "flat", "eight_schools")
ESTIMATORS = ("reml", "ml", "fay_herriot", "prasad_rao", "adjusted_reml", "adjusted_ml")
LEVEL = 0.95

# Both solve equations to about 1e-12.
SOLVED = 1e-8
# R `optimize` finds a maximum to the root of the rounding error of its function.
MAXIMISED = 1e-5


def load(name):
    data = pd.read_csv(STORED / "shrinkage_input.csv").query("set == @name")
    covariates = None if name == "eight_schools" else data[["x1", "x2"]].to_numpy(float)
    return data["y"].to_numpy(float), data["v"].to_numpy(float), covariates


def fit(name, estimator):
    y, v, covariates = load(name)
    return fit_fay_herriot(y, v, level=LEVEL, covariates=covariates, estimator=estimator)


def load_expected(name, made_by):
    files = ("shrinkage_expected.csv", "fay_herriot_samplics_expected.csv")
    rows = pd.concat([pd.read_csv(STORED / file) for file in files])
    rows = rows[(rows["set"] == name) & (rows["made_by"] == made_by)]
    for (estimator, statistic), group in rows.groupby(["method", "statistic"]):
        yield estimator, statistic, group["estimate"].to_numpy()


FIELDS = {
    "variance": "variance",
    "estimate": "estimate",
    "coefficient": "coefficients",
    "coefficient_error": "coefficient_errors",
    "r2": "r2",
    "mse": "mse",
}


PEERS = [(peer, name) for peer in ("metafor 3.8.1", "sae typed off") for name in SETS]


@pytest.mark.parametrize(("made_by", "name"), [*PEERS, ("samplics 0.6.1", "areas")])
def test_fits_equal_metafor_sae_and_samplics(name, made_by):
    rows = list(load_expected(name, made_by))
    assert rows
    for estimator, statistic, wanted in rows:
        found = np.atleast_1d(getattr(fit(name, estimator), FIELDS[statistic]))
        assert found == pytest.approx(wanted, rel=SOLVED, abs=SOLVED), (estimator, statistic)


@pytest.mark.parametrize("name", SETS)
def test_adjusted_variances_are_the_maximum_of_metafors_likelihood(name):
    for estimator, _, wanted in load_expected(name, "metafor 3.8.1 and optimize"):
        assert fit(name, estimator).variance == pytest.approx(wanted[0], rel=MAXIMISED)


@pytest.mark.parametrize("estimator", ["adjusted_reml", "adjusted_ml"])
def test_errors_of_adjusted_fits_are_those_of_li_and_lahiri(estimator):
    # Written out with whole matrices, as in R emdi (`li_lahiri`).
    y, v, covariates = load("areas")
    found = fit("areas", estimator)
    x = np.column_stack([np.ones(len(y)), covariates])
    inverse = np.diag(1 / (v + found.variance))
    q = np.linalg.inv(x.T @ inverse @ x)
    p = inverse - inverse @ x @ q @ x.T @ inverse
    squares = np.trace(inverse @ inverse)
    bias = 2 / found.variance / squares
    if estimator == "adjusted_ml":
        bias += np.trace(p - inverse) / squares
    b = v / (v + found.variance)
    known = v * (1 - b) + b**2 * np.einsum("ij,jk,ik->i", x, q, x)
    wanted = known + 2 * b**2 * 2 / squares / (v + found.variance) - b**2 * bias
    assert found.bias_corrected.all()
    assert found.mse == pytest.approx(wanted, rel=1e-10)


def test_moment_fit_has_the_errors_of_prasad_and_rao():
    y, v, covariates = load("areas")
    found = fit("areas", "prasad_rao")
    x = np.column_stack([np.ones(len(y)), covariates])
    a, m = found.variance, len(y)
    g1 = a * v / (a + v)
    q = np.linalg.inv((x / (a + v)[:, None]).T @ x)
    g2 = (v / (a + v)) ** 2 * np.einsum("ij,jk,ik->i", x, q, x)
    g3 = v**2 / (a + v) ** 3 * 2 / m**2 * ((a + v) ** 2).sum()
    assert found.mse == pytest.approx(g1 + g2 + 2 * g3, rel=1e-10)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_mean_squared_errors_are_right_where_the_truth_is_known(estimator):
    rng = np.random.default_rng(5)
    m, a = 24, 3.0
    v = np.tile([1.0, 2.0, 4.0, 6.0], m // 4)
    x = rng.normal(size=(m, 1))
    squares, told = [], []
    for _ in range(100):
        truth = 70 + 2 * x[:, 0] + np.sqrt(a) * rng.normal(size=m)
        y = truth + np.sqrt(v) * rng.normal(size=m)
        found = fit_fay_herriot(y, v, level=LEVEL, covariates=x, estimator=estimator)
        squares.append((found.estimate - truth) ** 2)
        told.append(found.mse)
    by_size = np.mean(squares, axis=0).reshape(-1, 4).mean(axis=0)
    told_by_size = np.mean(told, axis=0).reshape(-1, 4).mean(axis=0)
    # 600 squares of each size have a Monte Carlo error of 6 %; what is left out is of order 1 / m².
    assert told_by_size == pytest.approx(by_size, rel=0.2)


def test_adjusted_variances_are_never_zero():
    assert fit("flat", "reml").variance == 0
    assert fit("flat", "adjusted_reml").variance > 0
    assert fit("eight_schools", "reml").variance == 0
    assert fit("eight_schools", "adjusted_ml").variance > 0


def test_an_error_is_never_corrected_away():
    for estimator in ("adjusted_reml", "adjusted_ml"):
        found = fit("flat", estimator)
        assert not found.bias_corrected.all()
        assert (found.mse > 0).all()
        assert np.isfinite(found.std_error).all()


def test_covariates_explain_what_they_were_made_to_explain():
    rng = np.random.default_rng(6)
    x = rng.normal(size=(400, 2))
    v = rng.uniform(0.5, 2, 400)
    # Variance of true scores 4 + 1 of covariates and 5 beside: half is explained.
    truth = 2 * x[:, 0] + x[:, 1] + np.sqrt(5) * rng.normal(size=400)
    y = truth + np.sqrt(v) * rng.normal(size=400)
    found = fit_fay_herriot(y, v, level=LEVEL, covariates=x)
    assert found.r2 == pytest.approx(0.5, abs=0.08)
    assert found.coefficients == pytest.approx([0, 2, 1], abs=0.4)
    held = (found.ci_low <= truth) & (truth <= found.ci_high)
    assert held.mean() == pytest.approx(LEVEL, abs=0.03)
    noise = fit_fay_herriot(y, v, level=LEVEL, covariates=rng.normal(size=(400, 1)))
    assert noise.r2 == pytest.approx(0, abs=0.03)
    assert fit_fay_herriot(y, v, level=LEVEL).r2 is None


def test_units_of_covariates_do_not_matter():
    y, v, covariates = load("areas")
    one = fit_fay_herriot(y, v, level=LEVEL, covariates=covariates)
    other = fit_fay_herriot(y, v, level=LEVEL, covariates=covariates * [1e6, 1e-6] + [1e4, 0])
    assert other.variance == pytest.approx(one.variance, rel=1e-6)
    assert other.estimate == pytest.approx(one.estimate, rel=1e-8)


def test_bad_input_is_refused_by_name():
    y, v = np.array([1.0, 2.0, 4.0, 3.0]), np.ones(4)
    x = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [5.0, 10.0]])
    with pytest.raises(StatisticsError, match="depend on each other"):
        fit_fay_herriot(y, v, level=LEVEL, covariates=x)
    with pytest.raises(StatisticsError, match="complete values of shape"):
        fit_fay_herriot(y, v, level=LEVEL, covariates=np.full((4, 1), np.nan))
    with pytest.raises(StatisticsError, match="complete values of shape"):
        fit_fay_herriot(y, v, level=LEVEL, covariates=np.ones((3, 1)))
    with pytest.raises(StatisticsError, match="at least 3 units here, found 2"):
        fit_fay_herriot(y[:2], v[:2], level=LEVEL, covariates=x[:2, :1])
    with pytest.raises(StatisticsError, match="more than 3 units"):
        fit_fay_herriot(y[:3], v[:3], level=LEVEL, estimator="adjusted_ml")
    with pytest.raises(StatisticsError, match="1 of 4 units"):
        fit_fay_herriot(y, np.array([1, 1, 1, -1.0]), level=LEVEL)


def test_variance_alone_is_that_of_the_fit():
    y, v, covariates = load("areas")
    x = np.column_stack([np.ones(len(y)), covariates])
    for estimator in ESTIMATORS:
        found = estimate_model_variance(y, v, x, estimator)
        assert found == fit("areas", estimator).variance
