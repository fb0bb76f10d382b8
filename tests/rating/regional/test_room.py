"""The profile of regions: what other rooms say of the same means, hand numbers, what is missing."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from clientindex.methodology.regional_settings import RegionalSettings
from clientindex.rating import assign_stars, compute_scores, summarise_groups, summarise_regions
from clientindex.rating.regional import profile_regions
from clientindex.results import TIDY_COLUMNS, Scores, Stars
from clientindex.results.regional import RegionalProfile

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

INTERVAL = ["estimate", "std_error", "ci_low", "ci_high"]


def make_edition(frame: pd.DataFrame, *, level: float = 0.95) -> tuple[Scores, Stars]:
    """Make index scores and stars of centres from `centre`, `region`, `estimate`, `std_error`."""
    index = frame.assign(segment="all", kind="index", key="index", ci_low=0.0, ci_high=100.0)
    index["n"] = index.get("n", 40)
    scores = Scores(
        frame=index.dropna(subset="estimate").drop(columns="region"),
        level=level,
        std_error_method="exact",
        fpc_used=False,
        n_reweighted=0,
    )
    star = pd.Series(3, index=frame.index, dtype="Int64").mask(frame["estimate"].isna())
    stars = index.assign(name=frame["centre"], star=star, withheld=np.where(star.isna(), "x", ""))
    return scores, Stars(frame=stars, level=level, minimum_sample=5)


@pytest.fixture
def varied() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    regions = np.repeat(list("ABCDEFGH"), [1, 4, 9, 12, 5, 7, 10, 6])
    shift = dict(zip("ABCDEFGH", rng.normal(0, 3, 8), strict=True))
    error = rng.uniform(1, 3, len(regions))
    return pd.DataFrame(
        {
            "centre": [f"C{i:02d}" for i in range(len(regions))],
            "region": regions,
            "estimate": 70 + pd.Series(regions).map(shift) + rng.normal(0, np.hypot(4, error)),
            "std_error": error,
        }
    )


def profile(
    frame: pd.DataFrame,
    methodology: Methodology,
    visitors: dict[str, float] | None = None,
    **settings: Any,
) -> RegionalProfile:
    scores, stars = make_edition(frame)
    chosen = RegionalSettings(**settings)
    return profile_regions(scores, stars, methodology, settings=chosen, visitors=visitors)


def test_every_centre_once_repeats_the_regional_and_the_group_means(
    answers, methodology, make_moments
):
    scores = compute_scores(make_moments(answers, methodology), methodology)
    register = pd.DataFrame({"centre": sorted(set(answers["centre"]))})
    register = register.assign(name=register["centre"], region=["A", "B", "C", "B", "C"] * 5)
    stars = assign_stars(scores, methodology, register=register)
    found = profile_regions(scores, stars, methodology, settings=RegionalSettings()).means
    once = found[found["by"] == "centres"]
    regions = summarise_regions(stars, methodology).frame
    np.testing.assert_allclose(once.loc[once["key"] == "index", INTERVAL], regions[INTERVAL])
    groups = summarise_groups(scores, methodology, register=register).frame
    told = once[once["kind"] == "group"]
    assert told["key"].tolist() == groups["group"].tolist()
    np.testing.assert_allclose(told[INTERVAL], groups[INTERVAL])


def test_by_visitors_by_hand_and_only_where_all_are_known(varied, methodology):
    visitors = dict.fromkeys(varied["centre"], 100.0)
    in_b = varied[varied["region"] == "B"]
    visitors |= dict(zip(in_b["centre"], [300.0, 100, 100, 100], strict=True))
    del visitors[varied.loc[varied["region"] == "C", "centre"].iloc[2]]
    found = profile(varied, methodology, visitors)
    means = found.means[found.means["key"] == "index"].set_index(["region", "by"])
    row = means.loc[("B", "visitors")]
    wanted = (in_b["estimate"] * [3, 1, 1, 1]).sum() / 6
    assert row["estimate"] == pytest.approx(wanted, rel=1e-12)
    assert row["visitors"] == 600
    assert row["std_error"] == pytest.approx(in_b["estimate"].std() / np.sqrt(3), rel=1e-12)
    assert means.loc[("C", "visitors"), INTERVAL].isna().all()
    assert means.loc[("C", "centres"), INTERVAL].notna().all()
    told = set(found.left_out.itertuples(index=False, name=None))
    assert ("C", "visitors.index", "unknown_visitors", "1") in told
    assert ("country", "visitors.index", "unknown_visitors", "1") in told
    assert ("A", "centres.index", "one_centre", "") in told
    assert means.loc[("A", "centres"), "estimate"] == varied["estimate"].iloc[0]
    unknown = profile(varied, methodology).left_out
    assert (unknown["reason"] == "unknown_visitors").sum() == 9


def test_all_centres_scored_leave_sampling_errors_alone(varied, methodology):
    varied.loc[varied.index[-1], ["estimate", "std_error"]] = np.nan
    means = profile(varied, methodology, centres="finite").means
    index = means[(means["key"] == "index") & (means["by"] == "centres")].set_index("region")
    in_b = varied[varied["region"] == "B"]
    wanted = np.sqrt((in_b["std_error"] ** 2).sum()) / 4
    assert index.loc["B", ["std_error", "sampling_error"]].tolist() == pytest.approx([wanted] * 2)
    assert index.loc["A", "std_error"] == varied["std_error"].iloc[0]
    in_h = varied[varied["region"] == "H"].dropna()
    two_stages = in_h["estimate"].var() / 5 / 6 + 5 / 6 * (in_h["std_error"] ** 2).sum() / 25
    assert index.loc["H", "std_error"] == pytest.approx(np.sqrt(two_stages), rel=1e-12)
    assert index.loc["H", ["n_centres", "n_register"]].tolist() == [5, 6]


def test_funnel_of_regions_has_the_error_of_a_region_like_the_others(varied, methodology):
    found = profile(varied, methodology)
    between = found.components.set_index(["key", "statistic"])["estimate"]["index"]
    in_b = varied[varied["region"] == "B"]
    wanted = np.sqrt((in_b["std_error"] ** 2 + between["between_centres"]).sum()) / 4
    regions = found.regions.set_index("region")
    assert regions.loc["B", "error"] == pytest.approx(wanted, rel=1e-12)
    assert regions.loc["B", "estimate"] == pytest.approx(in_b["estimate"].mean(), rel=1e-12)
    assert "A" in regions.index
    total = between["between_regions"] + between["between_centres"]
    assert between["share"] == pytest.approx(between["between_regions"] / total, rel=1e-9)
    assert between["sampling"] == pytest.approx((varied["std_error"] ** 2).mean(), rel=1e-12)


def test_a_centre_far_from_the_others_is_flagged_on_its_side_by_both_models(varied, methodology):
    varied.loc[20, "estimate"], varied.loc[30, "estimate"] = 99.0, 30.0
    found = profile(varied, methodology)
    flags = found.centres.set_index("centre")
    for model in ("multiplicative", "additive"):
        told = flags[f"flagged_{model}"]
        assert told[told != ""].to_dict() == {"C20": "high", "C30": "low"}
        assert (flags.loc[told != "", f"q_{model}"] <= found.fdr).all()
        row = found.dispersion.set_index("unit").loc["centre"]
        assert (row[f"high_{model}"], row[f"low_{model}"]) == (1, 1)
    assert found.centres["z_additive"].is_monotonic_decreasing
    limits = found.funnel.query("unit == 'centre' and model == 'additive' and level == 0.998")
    row = found.dispersion.set_index("unit").loc["centre"]
    margin = 3.0902323 * np.sqrt(limits["error"] ** 2 + row["tau2"])
    low = np.maximum(row["target"] - margin, 0)
    np.testing.assert_allclose(limits["low"], low, rtol=1e-7)
    np.testing.assert_allclose(limits["n"], (row["sd_typical"] / limits["error"]) ** 2)
    assert len(found.funnel) == 2 * 3 * 2 * 101


def test_a_target_set_from_outside_moves_every_centre(varied, methodology):
    found = profile(varied, methodology, target=50)
    assert found.target_kind == "given"
    assert found.dispersion["target"].tolist() == [50.0, 50.0]
    assert (found.centres["z"] > 0).sum() > 50


def test_what_is_not_defined_has_a_reason(varied, methodology):
    few = varied[varied["region"].isin(["A", "B"])].reset_index(drop=True)
    few.loc[1, "std_error"] = 0.0
    found = profile(few, methodology)
    told = set(found.left_out[["subject", "statistic", "reason"]].itertuples(index=False))
    assert ("C01", "funnel", "no_sampling_error") in told
    assert ("centre", "funnel", "too_few_centres") in told
    assert ("region", "funnel", "too_few_regions") in told
    assert len(found.centres) == len(found.regions) == len(found.funnel) == 0
    one = varied[varied["region"] == "C"].reset_index(drop=True)
    told = profile(one, methodology).left_out
    rows = set(told[["subject", "statistic", "reason"]].itertuples(index=False, name=None))
    assert ("index", "components", "one_region") in rows
    assert ("region", "funnel", "no_components") in rows
    nobody = profile(varied.assign(estimate=np.nan, std_error=np.nan), methodology)
    assert nobody.means["estimate"].isna().all()
    assert set(nobody.means["n_centres"]) == {0}
    assert "no_scores" in set(nobody.left_out["reason"])
    tied = profile(varied.assign(estimate=70.0), methodology)
    rows = tied.left_out[tied.left_out["subject"] == "index"]
    assert rows["reason"].tolist() == ["equal_scores"]
    assert tied.centres["flagged_additive"].eq("").all()


def test_every_number_is_told_and_frames_have_the_columns_of_the_docstring(varied, methodology):
    found = profile(varied, methodology)
    tidy = found.tidy()
    assert tuple(tidy.columns) == TIDY_COLUMNS
    told = len(found.means) + len(found.components) + len(found.centres) + len(found.regions)
    assert len(tidy) == told
    text = RegionalProfile.__doc__ or ""
    models = ("multiplicative", "additive")
    for field in fields(found):
        value = getattr(found, field.name)
        if isinstance(value, pd.DataFrame):
            plain = [c for c in value if not c.endswith(models)]
            assert all(f"``{column}``" in text for column in plain), field.name


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"limits": [0.998, 0.95]}, "limits must rise"),
        ({"winsorised": 0.5}, "less than 0.5"),
        ({"target": "mode"}, "median"),
        ({"target": 120}, "less than or equal to 100"),
        ({"fdr": 0}, "greater than 0"),
        ({"wins": 0.1}, "Extra inputs"),
    ],
)
def test_settings_that_mean_nothing_are_refused(settings, message):
    with pytest.raises(ValidationError, match=message):
        RegionalSettings(**settings)
