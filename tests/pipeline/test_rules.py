"""A pilot rated by everything that a methodology can ask at once, from files to a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.results import (
    Agreement,
    AuditDecisions,
    RankTable,
    ScoreParts,
    Scores,
    StarDoubt,
    Stars,
    Unavailable,
    WeightStability,
)

if TYPE_CHECKING:
    from pathlib import Path

TEXT = {"ru": "текст", "en": "text"}


def add_measures(folder: Path, settings: Any) -> None:
    """Add waiting days, unknown in every seventh centre, and a size to the register."""
    path = next(folder.joinpath("data").glob("register*"))
    register = pd.read_csv(path, dtype="str")
    key = settings["data"]["register"].get("columns", {}).get("centre", "centre")
    days = np.round(np.linspace(1, 40, len(register)), 1)
    waits = pd.DataFrame({"centre": register[key], "days": days, "se": 1.5})
    waits.drop(index=waits.index[::7]).to_csv(folder / "waits.csv", index=False)
    register.assign(size=np.where(np.arange(len(register)) % 2, "big", "small")).to_csv(
        path, index=False
    )
    settings["data"]["measures"] = [
        {
            "file": str(folder / "waits.csv"),
            "indicators": {"wait": "days"},
            "std_errors": {"wait": "se"},
        }
    ]
    settings["data"]["register"]["attributes"] = {"size": {"column": "size"}}


def ask_for_everything(raw: Any) -> None:
    wait = {"key": "wait", "name": TEXT, "kind": "measure", "direction": "negative"}
    raw["indicators"].append({**wait, "normaliser": {"kind": "goalposts", "low": 0, "high": 45}})
    effort = next(group for group in raw["groups"] if group["key"] == "effort")
    effort["indicators"] = {**dict.fromkeys(effort["indicators"], 0.2), "wait": 0.2}
    raw["scoring"] = {
        "levels": {"index": "geometric"},
        "missing_indicator": "impute_region_mean",
        "missing_group": "impute_group_mean",
    }
    raw["stars"] = {
        "minimum_sample": 20,
        "rule": "k_means",
        "stars": 3,
        "half_stars": True,
        "peer_groups": {"by": "attribute", "attribute": "size"},
        "caps": [{"reason": "slow", "at_most": 2.5, "group": "effort", "score_below": 55}],
    }


def check_doubt(bundle: Any) -> StarDoubt:
    """Check that the doubt is of the published stars, and by scipy where cut points are stated."""
    doubt = bundle.get("star_doubt", StarDoubt)
    stars = bundle.get("stars", Stars).frame.set_index("centre")
    told = doubt.centres.set_index("centre").reindex(stars.index)
    pd.testing.assert_series_equal(told["star"], stars["star"], check_dtype=False)
    given = stars["star"].notna()
    assert given.sum() > 30
    np.testing.assert_allclose(told["p_star_normal"][given], stars["p_star"][given], atol=1e-12)
    total = doubt.probabilities.groupby("centre")[["normal", "draws"]].sum()
    np.testing.assert_allclose(total, 1.0, atol=1e-9)
    if doubt.drawn_around == "estimate":
        # Draws stand around the published index with its published error.
        gap = (told["p_star_draws"] - told["p_star_normal"])[given].abs()
        assert gap.max() < 0.08
        assert gap.mean() < 0.015
    ranks = bundle.get("ranks", RankTable).frame
    country = ranks[ranks["scope"] == "country"].set_index("centre")["rank"]
    pd.testing.assert_series_equal(country, stars["rank"].reindex(country.index), check_dtype=False)
    return doubt


def test_measures_means_found_half_stars_peers_and_caps_together(run_changed: Any) -> None:
    bundle, _ = run_changed(
        ask_for_everything, stages=("rating", "sensitivity", "agreement"), data=add_measures
    )
    scores, stars = bundle.get("scores", Scores), bundle.get("stars", Stars)
    assert scores.std_error_method == "delta"
    assert scores.n_imputed > 0
    wide = scores.frame[(scores.frame["segment"] == "all")].pivot_table(
        index="centre", columns="key", values="estimate"
    )
    groups = list(bundle.methodology.group_keys)
    frame = stars.frame.set_index("centre")
    whole = scores.frame[
        scores.frame["segment"].isin(["citizens", "employers"]) & (scores.frame["kind"] == "group")
    ].pivot_table(index=["centre", "segment"], columns="key", values="estimate")
    single = np.exp(np.log(whole[groups]).mean(axis=1))
    pairs = single.groupby("centre").agg(["mean", "size"])
    both = pairs[pairs["size"] == 2].index
    np.testing.assert_allclose(wide.loc[both, "index"], pairs.loc[both, "mean"], atol=1e-9)
    given = frame["star"].notna()
    assert given.sum() > 30
    assert set(frame["peer_group"]) == {"big", "small"}
    assert set(frame.loc[given, "star"]) <= {1.0, 1.5, 2.0, 2.5, 3.0}
    slow = given & (wide["effort"].reindex(frame.index) < 55)
    assert (frame.loc[slow, "star"] <= 2.5).all()
    assert frame.loc[given, "p_star"].between(0, 1).all()
    doubt = check_doubt(bundle)
    assert doubt.rule == "peer_groups.k_means"
    assert doubt.leading == "draws"
    assert set(doubt.cuts["peer_group"]) == {"big", "small"}
    # No draw gives a capped centre more than its cap.
    above = doubt.probabilities[doubt.probabilities["star"] > 2.5].set_index("centre")
    assert above.loc[frame.index[slow], ["normal", "draws"]].to_numpy().max() == 0
    stability = bundle.get("weight_stability", WeightStability)
    assert len(stability.frame) == given.sum()
    assert bundle.get("agreement", Agreement) == Unavailable(
        stage="agreement", reason="no_common_cuts"
    )


def test_agreement_takes_cut_points_that_were_found(run_changed: Any) -> None:
    def change(raw: Any) -> None:
        raw["stars"] = {"minimum_sample": 20, "rule": "quantiles", "stars": 4}

    bundle, _ = run_changed(change, stages=("rating", "agreement"))
    audit = bundle.get("audit", AuditDecisions).centres
    stars = bundle.get("stars", Stars)
    published = stars.frame.set_index("centre")["star"]
    assert (
        audit.set_index("centre")["star_survey"]
        .dropna()
        .equals(published.reindex(audit["centre"]).dropna().rename("star_survey"))
    )
    assert set(audit["star_composite"].dropna()) <= {1, 2, 3, 4}
    cuts = stars.cuts["cut"].to_numpy()
    composite = audit.dropna(subset=["star_composite"])
    wanted = np.searchsorted(cuts, np.round(composite["composite"], 9), side="right") + 1
    assert composite["star_composite"].tolist() == wanted.tolist()


def test_checklists_blended(run_changed: Any) -> None:
    plain, _ = run_changed(lambda raw: None)

    def change(raw: Any) -> None:
        raw["checklist"] |= {"use": "blend", "weight": 0.3}

    blended, _ = run_changed(change, stages=("rating", "sensitivity", "agreement"))
    points = blended.get("agreement", Agreement).points
    index = points[points["subject"] == "index"].set_index("centre")
    before, after = (
        b.get("stars", Stars).frame.set_index("centre")["estimate"] for b in (plain, blended)
    )
    own = index.dropna(subset=["survey", "checklist"])
    wanted = 0.7 * before.reindex(own.index) + 0.3 * own["checklist"]
    assert len(own) > 30
    np.testing.assert_allclose(after.reindex(own.index), wanted, atol=1e-9)
    check_doubt(blended)
    left_out = blended.get("score_parts", ScoreParts).left_out
    assert set(left_out["reason"]) == {"checklists_in_index"}
    assert blended.get("weight_stability", WeightStability) == Unavailable(
        stage="sensitivity", reason="checklists_in_scores", detail="blend"
    )


def test_checklists_by_precision_follow_the_decision_rule(run_changed: Any) -> None:
    def change(raw: Any) -> None:
        raw["checklist"] |= {"use": "precision"}

    bundle, _ = run_changed(change, stages=("rating",))
    audit = bundle.get("audit", AuditDecisions)
    frame = bundle.get("stars", Stars).frame.set_index("centre")
    assert audit.applied
    centres = audit.centres.set_index("centre")
    blended = centres["decision"].isin(["blended", "capped"])
    assert blended.sum() > 30
    np.testing.assert_allclose(
        frame["estimate"].reindex(centres.index[blended]), centres["composite"][blended]
    )
    doubt = check_doubt(bundle)
    capped = centres.index[centres["decision"] == "capped"]
    most = frame.loc[capped, "at_most"].astype(float)
    probable = doubt.probabilities[doubt.probabilities["centre"].isin(capped)]
    above = probable[probable["star"] > probable["centre"].map(most)]
    assert len(capped) == 0 or above["draws"].max() == 0
    decided = centres["star"].dropna().astype(int)
    assert frame["star"].reindex(decided.index).astype(int).equals(decided)


def test_weighted_periods(run_changed: Any) -> None:
    def change(raw: Any) -> None:
        raw["scoring"]["periods"] = {"weights": {"no such": 1}}

    with pytest.raises(StatisticsError, match="compare the periods' names"):
        run_changed(change)
