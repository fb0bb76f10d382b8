"""What is saved comes back equal; what is damaged is told."""

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import BundleError
from clientindex.results import (
    TIDY_COLUMNS,
    ExploratoryModel,
    GroupMeans,
    Result,
    Stars,
    Unavailable,
    WeightStability,
    load_result,
    save_result,
)

STARS = Stars(
    frame=pd.DataFrame(
        {
            "centre": ["a", "b"],
            "name": ["ЦЗН А", "ЦЗН Б"],
            "region": ["Р", "Р"],
            "n": [40, 3],
            "estimate": [71.5, np.nan],
            "std_error": [1.25, np.nan],
            "ci_low": [69.05, np.nan],
            "ci_high": [73.95, np.nan],
            "star": pd.array([4, pd.NA], dtype="Int64"),
            "withheld": ["", "small_sample"],
            "p_star": [0.885, np.nan],
            "star_low": pd.array([3, pd.NA], dtype="Int64"),
            "star_high": pd.array([4, pd.NA], dtype="Int64"),
            "rank": pd.array([1, pd.NA], dtype="Int64"),
        }
    ),
    level=0.95,
    minimum_sample=30,
)

GROUP_MEANS = GroupMeans(
    frame=pd.DataFrame(
        {
            "region": ["Р", "country"],
            "group": ["comfort", "comfort"],
            "n_centres": [1, 12],
            "estimate": [70.25, 72.5],
            "std_error": [np.nan, 1.5],
            "ci_low": [np.nan, 69.0],
            "ci_high": [np.nan, 76.0],
        }
    ),
    level=0.9,
)

MODEL = ExploratoryModel(
    loadings=pd.DataFrame(
        {
            "indicator": ["x"],
            "group": ["g"],
            "factor": ["F1"],
            "estimate": [1 / 3],
            "ci_low": [0.1],
            "ci_high": [0.5],
        }
    ),
    communalities=pd.DataFrame({"indicator": ["x"], "communality": [0.2], "uniqueness": [0.8]}),
    factor_correlations=pd.DataFrame({"factor": ["F1"], "other": ["F1"], "estimate": [1.0]}),
    variance=pd.DataFrame(
        {"factor": ["F1"], "matched_group": ["g"], "ss_loadings": [0.1], "share": [0.1]}
    ),
    fit=pd.DataFrame({"statistic": ["chi2", "p"], "estimate": [1.5, np.nan]}),
    residuals=pd.DataFrame(),
    schmid_leiman=pd.DataFrame({"indicator": [], "factor": [], "estimate": []}),
    congruence=pd.DataFrame({"factor": ["F1"], "group": ["g"], "estimate": [0.9]}),
    verdicts=pd.DataFrame({"indicator": ["x"], "verdict": ["own"], "share": [1.0]}),
    by_basis=pd.DataFrame({"basis": ["pearson"], "indicator": ["x"], "estimate": [1 / 3]}),
    rotations=pd.DataFrame({"rotation": ["bifactor"], "n_own": pd.array([pd.NA], dtype="Int64")}),
    eigenvalues=np.array([2.0, 1 / 3, np.nan]),
    basis="pearson",
    method="minres",
    rotation="none",
    missing="pairwise",
    n_factors=1,
    n=100,
    replicates=200,
    level=0.95,
)


def test_frames_with_missing_integers_come_back_equal(tmp_path):
    save_result(STARS, tmp_path, name="stars")
    loaded = load_result(tmp_path, name="stars")
    pd.testing.assert_frame_equal(loaded.frame, STARS.frame)
    assert (loaded.level, loaded.minimum_sample) == (0.95, 30)


def test_arrays_and_floats_come_back_bit_for_bit(tmp_path):
    save_result(MODEL, tmp_path, name="efa")
    loaded = load_result(tmp_path, name="efa")
    np.testing.assert_array_equal(loaded.eigenvalues, MODEL.eigenvalues)
    assert loaded.loadings["estimate"].item() == 1 / 3
    assert loaded.rotation == "none"


def test_reason_comes_back(tmp_path):
    result = Unavailable(stage="factors", reason="zero_variance", detail="waiting")
    save_result(result, tmp_path, name="efa")
    assert load_result(tmp_path, name="efa") == result


def test_group_means_come_back_and_are_told_by_region_and_group(tmp_path):
    save_result(GROUP_MEANS, tmp_path, name="group_means")
    loaded = load_result(tmp_path, name="group_means")
    pd.testing.assert_frame_equal(loaded.frame, GROUP_MEANS.frame)
    assert (type(loaded), loaded.level) == (GroupMeans, 0.9)
    tidy = loaded.tidy()
    assert tuple(tidy.columns) == TIDY_COLUMNS
    assert tidy["subject"].tolist() == ["Р", "country"]
    row = tidy.iloc[1]
    assert row["statistic"] == "mean_group.comfort"
    assert (row["estimate"], row["std_error"], row["ci_low"], row["ci_high"], row["n"]) == (
        72.5,
        1.5,
        69.0,
        76.0,
        12,
    )


def test_same_result_gives_the_same_bytes(tmp_path):
    first = save_result(STARS, tmp_path / "1", name="stars")
    second = save_result(STARS, tmp_path / "2", name="stars")
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


@pytest.mark.parametrize("damage", ["missing", "truncated", "foreign"])
def test_damage_is_told(tmp_path, damage):
    save_result(STARS, tmp_path, name="stars")
    path = tmp_path / "stars.json"
    if damage == "missing":
        (tmp_path / "stars.frame.parquet").unlink()
    elif damage == "truncated":
        path.write_text(path.read_text()[:-20])
    else:
        path.write_text('{"type": "Horoscope", "values": {}}')
    with pytest.raises(BundleError, match=r"cannot be read .*Run the edition again"):
        load_result(tmp_path, name="stars")


def test_tidy_columns_are_fixed_and_values_are_the_results():
    tidy = STARS.tidy()
    assert tuple(tidy.columns) == TIDY_COLUMNS
    assert isinstance(STARS, Result)
    index = tidy[(tidy["subject"] == "a") & (tidy["statistic"] == "index")].iloc[0]
    assert (index["estimate"], index["std_error"], index["ci_low"], index["n"]) == (
        71.5,
        1.25,
        69.05,
        40,
    )
    star = tidy[(tidy["subject"] == "a") & (tidy["statistic"] == "star")].iloc[0]
    assert (star["estimate"], star["ci_low"], star["ci_high"]) == (4.0, 3.0, 4.0)


def test_summary_rows_of_weight_stability():
    stability = WeightStability(
        frame=pd.DataFrame(
            {
                "centre": ["a"],
                "star": pd.array([4], dtype="Int64"),
                "rank": pd.array([1], dtype="Int64"),
                "rank_low": [1.0],
                "rank_median": [1.0],
                "rank_high": [2.0],
                "share_same_star": [0.9],
                "share_same_star_se": [0.01],
            }
        ),
        draws=1000,
        seed=1,
        band_pct=25.0,
        level=0.95,
        mean_share_same_star=0.9,
        mean_share_same_star_se=0.003,
        mean_abs_rank_shift=0.4,
        mean_kendall_tau=0.97,
    )
    tidy = stability.tidy().set_index("statistic")
    assert tidy.loc["mean_kendall_tau", "estimate"] == 0.97
    assert tidy.loc["mean_share_same_star", "std_error"] == 0.003
    assert tidy.loc["rank", "ci_high"] == 2.0


def test_nothing_to_tell_is_an_empty_table():
    tidy = Unavailable(stage="factors", reason="one_centre").tidy()
    assert len(tidy) == 0
    assert tuple(tidy.columns) == TIDY_COLUMNS
