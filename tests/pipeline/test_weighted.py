"""Weighted and adjusted answers from files to stars: what is told is what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import IntakeError
from clientindex.results import AnswerWeights, CaseMix, Scores, Stars, Unavailable

if TYPE_CHECKING:
    from pathlib import Path


def list_traits(settings: Any) -> None:
    """Name the columns of traits in the file of citizens."""
    source = settings["data"]["survey"][0]
    source["columns"] |= {"sex": "sex", "age": "age", "education": "education"}


def add_margins(folder: Path, settings: Any) -> None:
    """Give every region as many women as men among its visitors."""
    list_traits(settings)
    register = pd.read_csv(next(folder.joinpath("data").glob("register*")), dtype="str")
    survey = pd.read_csv(folder / "data" / "survey_citizens.csv", dtype="str")
    levels = sorted(survey["sex"].dropna().unique())
    rows = [
        (region, "citizens", "sex", level, 500)
        for region in sorted(register["region"].unique())
        for level in levels
    ]
    names = ["scope", "segment", "trait", "level", "visitors"]
    pd.DataFrame(rows, columns=names).to_csv(folder / "margins.csv", index=False)
    settings["data"]["margins"] = {"file": str(folder / "margins.csv")}


def weigh(raw: Any) -> None:
    raw["answer_weights"] = {"margins": "region", "traits": ["sex"]}


def adjust(raw: Any, **more: Any) -> None:
    raw["traits"] = {"age_bands": [25, 45, 60]}
    raw["case_mix"] = {"sets": {"basic": ["sex"], "full": ["sex", "age", "education"]}, **more}


def take_index(bundle: Any) -> pd.DataFrame:
    scores = bundle.get("scores", Scores)
    frame = scores.frame
    whole = frame[(frame["segment"] == "all") & (frame["kind"] == "index")]
    return whole.set_index("centre")


def test_raked_answers_give_scores_stars_and_doubt(run_changed: Any) -> None:
    bundle, _ = run_changed(weigh, data=add_margins, traits=True)
    weights = bundle.get("answer_weights", AnswerWeights)
    told, published = weights.scores.set_index("centre"), take_index(bundle)
    np.testing.assert_allclose(told["weighted"], published["estimate"], rtol=1e-12)
    np.testing.assert_allclose(told["weighted_error"], published["std_error"], rtol=1e-12)
    assert told["difference"].abs().max() > 0.1
    # Half of the weights of every region belongs to women, as the margins say.
    assert weights.scopes["converged"].all()
    np.testing.assert_allclose(weights.margins["after"], 0.5, atol=1e-9)
    stars = bundle.get("stars", Stars).frame
    np.testing.assert_allclose(
        stars.set_index("centre")["estimate"].sort_index(),
        published["estimate"].sort_index(),
        rtol=1e-12,
    )
    assert bundle.results["error_check"].reason == "other_scoring"
    starred = stars[stars["star"].notna()]
    doubt = bundle.results["star_doubt"].centres
    assert doubt["p_star_normal"].notna().sum() == len(starred)


def test_adjusted_scores_stand_beside_unadjusted_ones(run_changed: Any) -> None:
    def list_them(_: Path, settings: Any) -> None:
        list_traits(settings)

    bundle, _ = run_changed(adjust, data=list_them, traits=True)
    mix = bundle.get("case_mix", CaseMix)
    assert mix.published == ""
    assert mix.summary["set"].tolist() == ["basic", "full"]
    published = take_index(bundle)
    stars = bundle.get("stars", Stars).frame.set_index("centre")["star"]
    for _, own in mix.centres.groupby("set"):
        told = own.set_index("centre")
        np.testing.assert_allclose(told["unadjusted"], published["estimate"], rtol=1e-9)
        pd.testing.assert_series_equal(
            told["star_unadjusted"], stars.reindex(told.index), check_names=False
        )


def test_a_published_set_gives_the_scores(run_changed: Any) -> None:
    def change(raw: Any) -> None:
        adjust(raw, published="full")

    def list_them(_: Path, settings: Any) -> None:
        list_traits(settings)

    bundle, _ = run_changed(change, data=list_them, traits=True)
    mix, published = bundle.get("case_mix", CaseMix), take_index(bundle)
    full = mix.centres[mix.centres["set"] == "full"].set_index("centre")
    np.testing.assert_allclose(full["adjusted"], published["estimate"], rtol=1e-12)
    np.testing.assert_allclose(full["adjusted_error"], published["std_error"], rtol=1e-12)
    stars = bundle.get("stars", Stars).frame.set_index("centre")["star"]
    pd.testing.assert_series_equal(
        full["star_adjusted"], stars.reindex(full.index), check_names=False
    )


def test_half_stars_of_a_found_rule_are_those_of_the_whole_rule(run_changed: Any) -> None:
    def change(raw: Any) -> None:
        adjust(raw)
        raw["stars"] = {
            "minimum_sample": 20,
            "rule": "k_means",
            "stars": 3,
            "half_stars": True,
        }

    def list_them(_: Path, settings: Any) -> None:
        list_traits(settings)

    bundle, _ = run_changed(change, data=list_them, traits=True)
    mix = bundle.get("case_mix", CaseMix)
    stars = bundle.get("stars", Stars).frame.set_index("centre")["star"]
    told = mix.centres[mix.centres["set"] == "basic"].set_index("centre")["star_unadjusted"]
    assert told.dtype == "Float64"
    pd.testing.assert_series_equal(told, stars.reindex(told.index), check_names=False)
    assert set(told.dropna()) <= {1.0, 1.5, 2.0, 2.5, 3.0}


def test_switched_off_they_say_so(run_changed: Any) -> None:
    bundle, _ = run_changed(lambda raw: None)
    found = bundle.results
    assert found["answer_weights"] == Unavailable(stage="rating", reason="not_weighted")
    assert found["case_mix"] == Unavailable(stage="rating", reason="not_adjusted")
    assert found["error_check"].summary["n"].iloc[0] > 0


def test_traits_that_the_survey_lacks_are_a_fault(run_changed: Any) -> None:
    with pytest.raises(IntakeError, match="no trait 'age' of the clients"):
        run_changed(adjust)


def test_measures_beside_the_answers_do_not_make_an_adjustment_uncertain(run_changed: Any) -> None:
    def change(raw: Any) -> None:
        adjust(raw)
        wait = {"key": "wait", "name": {"ru": "ожидание", "en": "wait"}, "kind": "measure"}
        raw["indicators"].append({**wait, "normaliser": {"kind": "goalposts", "low": 0, "high": 9}})
        effort = next(group for group in raw["groups"] if group["key"] == "effort")
        effort["indicators"] = {**dict.fromkeys(effort["indicators"], 0.2), "wait": 0.2}

    def report(std_error: float) -> Any:
        def add(folder: Path, settings: Any) -> None:
            list_traits(settings)
            register = pd.read_csv(next(folder.joinpath("data").glob("register*")), dtype="str")
            key = settings["data"]["register"].get("columns", {}).get("centre", "centre")
            days = np.linspace(1, 8, len(register)).round(2)
            waits = pd.DataFrame({"centre": register[key], "days": days, "se": std_error})
            waits.to_csv(folder / "waits.csv", index=False)
            own = {"indicators": {"wait": "days"}, "std_errors": {"wait": "se"}}
            settings["data"]["measures"] = [{"file": str(folder / "waits.csv"), **own}]

        return add

    sure, unsure = (
        run_changed(change, data=report(error), traits=True)[0].get("case_mix", CaseMix).centres
        for error in (0.0, 2.0)
    )
    assert (unsure["unadjusted_error"] > sure["unadjusted_error"] + 0.05).all()
    np.testing.assert_allclose(unsure["difference_error"], sure["difference_error"], rtol=1e-12)
