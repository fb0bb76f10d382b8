"""Shrunken scores of centres: against metafor and sae, and every reason for leaving out."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.methodology.doubt_settings import DoubtSettings, ShrinkageSettings
from clientindex.rating.shrinkage import compute_robust_intervals
from clientindex.rating.shrinkage.room import assess_shrinkage
from clientindex.results import Unavailable, storage
from clientindex.results.shrinkage import ShrunkenScores
from clientindex.results.storage import load_result, save_result
from star_frames import make_register, make_scores

STORED = Path(__file__).parents[2] / "reference" / "rating"
GROUPS = ("front", "back")
SOLVED = 1e-8


def make_settings(*covariates, estimator="reml"):
    return DoubtSettings(shrinkage=ShrinkageSettings(covariates=covariates, estimator=estimator))


def load(name):
    """Return scores and a register whose covariates are those of the reference."""
    data = pd.read_csv(STORED / "shrinkage_input.csv").query("set == @name")
    regions = np.where(data["x2"] > 0, "South", "North")
    register = make_register(regions, visitors=np.exp(data["x1"].to_numpy(float)))
    errors = np.sqrt(data["v"].to_numpy(float))
    return make_scores(register, data["y"], errors, groups=GROUPS), register


def load_expected(name, made_by, method="reml"):
    rows = pd.read_csv(STORED / "shrinkage_expected.csv")
    rows = rows[(rows["set"] == name) & (rows["made_by"] == made_by) & (rows["method"] == method)]
    return {key: part["estimate"].to_numpy(float) for key, part in rows.groupby("statistic")}


def take_index(found):
    return found.centres[found.centres["subject"] == "index"]


def get_model(found, statistic, method=None):
    rows = found.models[(found.models["subject"] == "index")]
    rows = rows[rows["statistic"] == statistic]
    return rows if method is None else rows[rows["method"] == method]["estimate"].item()


@pytest.fixture
def areas(methodology):
    scores, register = load("areas")
    settings = make_settings("log_visitors", "region")
    return assess_shrinkage(scores, methodology, register=register, settings=settings)


def test_the_regression_is_that_of_metafor_and_sae(areas):
    by_metafor, by_sae = (
        load_expected("areas", "metafor 3.8.1"),
        load_expected("areas", "sae typed off"),
    )
    index = take_index(areas)
    assert index["fay_herriot"].to_numpy() == pytest.approx(by_metafor["estimate"], rel=SOLVED)
    assert index["fay_herriot_mse"].to_numpy() == pytest.approx(by_sae["mse"], rel=SOLVED)
    names = ["intercept", "log_visitors", "region.South"]
    coefficients = [get_model(areas, f"coefficient.{name}", "reml") for name in names]
    assert coefficients == pytest.approx(by_metafor["coefficient"], rel=SOLVED)
    assert get_model(areas, "residual_variance", "reml") == pytest.approx(
        by_metafor["variance"][0], rel=SOLVED
    )
    assert get_model(areas, "r2", "reml") == pytest.approx(by_metafor["r2"][0], rel=1e-6)
    row = get_model(areas, "coefficient.log_visitors").iloc[0]
    error = by_metafor["coefficient_error"][1]
    assert row["std_error"] == pytest.approx(error, rel=SOLVED)
    assert row["ci_low"] == pytest.approx(coefficients[1] - 1.959963984540054 * error)


def test_the_eight_schools_are_drawn_to_metafors_mean(methodology):
    scores, register = load("eight_schools")
    found = assess_shrinkage(scores, methodology, register=register, settings=make_settings())
    expected = load_expected("eight_schools", "metafor 3.8.1")
    index = take_index(found)
    assert get_model(found, "mean", "reml") == pytest.approx(expected["coefficient"][0])
    assert index["shrunk"].to_numpy() == pytest.approx(expected["estimate"], rel=SOLVED)
    assert index["factor"].tolist() == [1.0] * 8
    assert get_model(found, "tau2", "reml") == 0
    interval = get_model(found, "tau2").iloc[0]
    # metafor's confint of the eight schools (Q-profile).
    assert interval["ci_low"] == 0
    assert index["fay_herriot"].to_numpy() == pytest.approx(expected["estimate"], rel=SOLVED)


def test_groups_and_robust_intervals_stand_beside(areas):
    assert areas.centres["subject"].drop_duplicates().tolist() == ["index", *GROUPS]
    index = take_index(areas)
    y, v = index["estimate"].to_numpy(float), index["std_error"].to_numpy(float) ** 2
    robust = compute_robust_intervals(y, v, level=0.95)
    assert index["robust_low"].to_numpy() == pytest.approx(robust.ci_low)
    assert get_model(areas, "kappa", "posterior_mean_truncation") == robust.moments.kurtosis
    assert areas.left_out.empty


def make_plain(n=12, **columns):
    rng = np.random.default_rng(2)
    register = make_register(["North", "South", "West"] * (n // 3), visitors=100.0)
    register = register.assign(**columns)
    true = 60 + 5 * rng.standard_normal(n)
    return true + 2 * rng.standard_normal(n), register


def assess(methodology, estimates, errors, register, *covariates, n=100, **options):
    scores = make_scores(register, estimates, errors, n=n, groups=GROUPS)
    settings = make_settings(*covariates, estimator="morris")
    return assess_shrinkage(scores, methodology, register=register, settings=settings, **options)


def list_reasons(found):
    rows = found.left_out[found.left_out["subject"] == "index"]
    return rows[["centre", "statistic", "reason"]].to_numpy().tolist()


def test_every_centre_that_is_left_out_has_its_reason(methodology):
    estimates, register = make_plain()
    errors, n = np.full(12, 2.0), np.full(12, 100.0)
    estimates[1], errors[2], errors[3], n[4], n[5] = np.nan, np.nan, 0.0, 3, np.nan
    scores = make_scores(register, estimates, errors, n=n, groups=GROUPS)
    frame = scores.frame[scores.frame["centre"] != "C000"]
    found = assess_shrinkage(
        type(scores)(
            frame=frame, level=0.95, std_error_method="exact", fpc_used=False, n_reweighted=0
        ),
        methodology,
        register=register,
        settings=make_settings(estimator="morris"),
    )
    assert list_reasons(found) == [
        ["C000", "shrunk", "no_answers"],
        ["C001", "shrunk", "no_score"],
        ["C002", "shrunk", "unknown_error"],
        ["C003", "shrunk", "no_sampling_error"],
        ["C004", "shrunk", "small_sample"],
        ["C005", "shrunk", "small_sample"],
    ]
    index = take_index(found)
    assert index["centre"].tolist() == [f"C{place:03d}" for place in range(6, 12)]
    assert index.notna().all(axis=None)


def test_centres_without_a_covariate_keep_the_common_mean(methodology):
    visitors = [np.nan, 0.0, *range(10, 20)]
    estimates, register = make_plain(visitors=visitors)
    checklist = np.full((11, 3), 50.0) + np.arange(11)[:, None]
    checklist[3] = np.nan
    places = {"index": 0, "front": 1, "back": 2}
    sources = SimpleNamespace(
        centres=tuple(register["centre"][:11]), checklist=checklist, place=places.__getitem__
    )
    found = assess(
        methodology,
        estimates,
        np.full(12, 2.0),
        register,
        "log_visitors",
        "checklist",
        sources=sources,
    )
    assert list_reasons(found) == [
        ["C000", "fay_herriot", "no_visitors"],
        ["C001", "fay_herriot", "no_visitors"],
        ["C003", "fay_herriot", "no_checklist"],
        ["C011", "fay_herriot", "no_checklist"],
    ]
    index = take_index(found).set_index("centre")
    assert index["shrunk"].notna().all()
    assert index.index[index["fay_herriot"].isna()].tolist() == ["C000", "C001", "C003", "C011"]
    assert get_model(found, "coefficient.checklist")["n"].item() == 8


def test_models_that_are_not_defined_are_told(methodology):
    estimates, register = make_plain()
    errors = np.full(12, 2.0)
    found = assess(methodology, estimates, errors, register, "log_visitors")
    assert list_reasons(found) == [["", "fay_herriot", "dependent_covariates"]]
    assert take_index(found)["shrunk"].notna().all()
    lone = register.assign(region="North")
    found = assess(methodology, estimates, errors, lone, "region")
    assert list_reasons(found) == [["", "coefficient.region", "one_region"]]
    few = register.iloc[:3]
    found = assess(methodology, estimates[:3], errors[:3], few, "region")
    assert list_reasons(found) == [
        ["", "shrunk", "too_few_centres"],
        ["", "fay_herriot", "too_few_centres"],
    ]
    assert take_index(found)["robust"].notna().all()
    found = assess(methodology, estimates[:1], errors[:1], register.iloc[:1])
    assert found == Unavailable(stage="rating", reason="too_few_centres", detail="3")


def test_equal_scores_have_no_variance_to_explain(methodology):
    _, register = make_plain()
    found = assess(methodology, np.full(12, 60.0), np.full(12, 2.0), register, "region")
    assert ["", "r2", "no_variance_left"] in list_reasons(found)
    assert take_index(found)["shrunk"].to_numpy() == pytest.approx(60.0)


def test_a_centre_that_the_register_lacks_is_refused(methodology):
    estimates, register = make_plain()
    scores = make_scores(register, estimates, np.full(12, 2.0), groups=GROUPS)
    with pytest.raises(StatisticsError, match="C000"):
        assess_shrinkage(scores, methodology, register=register.iloc[1:])


def test_the_result_is_stored_and_told(areas, tmp_path, monkeypatch):
    monkeypatch.setitem(storage.RESULT_TYPES, "ShrunkenScores", ShrunkenScores)
    save_result(areas, tmp_path, name="shrunken")
    loaded = load_result(tmp_path, name="shrunken")
    assert loaded.centres.equals(areas.centres)
    assert loaded.covariates == ("log_visitors", "region")
    tidy = areas.tidy()
    assert (tidy["statistic"] == "fay_herriot").sum() == 90
    assert tidy["estimate"].notna().all()
