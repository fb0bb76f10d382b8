"""Agreement by subject: against scipy and pingouin, scales, and what is said when undefined."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy.stats import pearsonr, ttest_rel

from clientindex.agreement.room import assess_agreement
from clientindex.results import Agreement, Unavailable

if TYPE_CHECKING:
    from clientindex.agreement import TwoSources
    from clientindex.methodology import Methodology
    from small_pilot import SmallPilot

SEED = np.random.SeedSequence(3)


@pytest.fixture(scope="module")
def found(small_pilot: SmallPilot) -> Agreement:
    result = assess_agreement(small_pilot.sources, small_pilot.methodology, seed=SEED)
    assert isinstance(result, Agreement)
    return result


def take_pair(sources: TwoSources, subject: str) -> tuple[np.ndarray, np.ndarray]:
    at = sources.place(subject)
    both = sources.has_both(subject)
    return sources.survey[both, at], sources.checklist[both, at]


def change(methodology: Methodology, **settings: Any) -> Methodology:
    agreement = methodology.agreement.model_copy(update=settings)
    return methodology.model_copy(update={"agreement": agreement})


@pytest.mark.parametrize("subject", ["index", "comfort", "waiting"])
def test_bias_and_correlation_are_those_of_scipy(
    small_pilot: SmallPilot, found: Agreement, subject: str
) -> None:
    x, y = take_pair(small_pilot.sources, subject)
    rows = found.of(subject)
    low, high = ttest_rel(y, x).confidence_interval(0.95)
    row = rows.loc["bias"]
    assert [row["estimate"], row["ci_low"], row["ci_high"]] == pytest.approx(
        [(y - x).mean(), low, high]
    )
    r = pearsonr(x, y)
    row = rows.loc["pearson_r"]
    assert [row["estimate"], row["ci_low"], row["ci_high"]] == pytest.approx(
        [r.statistic, *r.confidence_interval(0.95)]
    )
    assert (rows["n"] == len(x)).all()


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_intraclass_correlations_are_those_of_pingouin(
    small_pilot: SmallPilot, found: Agreement
) -> None:
    x, y = take_pair(small_pilot.sources, "effort")
    long = pd.DataFrame(
        {
            "centre": np.tile(np.arange(len(x)), 2),
            "source": np.repeat(["survey", "checklist"], len(x)),
            "score": np.concatenate([x, y]),
        }
    )
    peer = pingouin.intraclass_corr(long, targets="centre", raters="source", ratings="score")
    wanted = peer["ICC"].to_numpy(float)
    rows = found.of("effort")
    names = ["icc_1", "icc_a1", "icc_c1", "icc_1_k", "icc_ak", "icc_ck"]
    assert rows.loc[names, "estimate"].to_numpy() == pytest.approx(wanted, abs=1e-6)


def test_concordance_after_linking_has_no_bias_left(found: Agreement) -> None:
    """Linked means are equal, so absolute agreement is consistency up to the spread of the link."""
    for subject in ("index", "targeting"):
        common, linked = found.of(subject), found.of(subject, scale="linked")
        assert linked.loc["ccc", "estimate"] > common.loc["ccc", "estimate"]
        assert linked.loc["ccc_components", "estimate"] == pytest.approx(
            linked.loc["icc_c1", "estimate"], abs=0.02
        )
        assert "bias" not in linked.index


def test_the_bootstrap_stands_beside_the_closed_forms(found: Agreement) -> None:
    frame = found.frame
    drawn = frame[frame["method"] == "bootstrap"].set_index(["subject", "statistic"])
    for subject in ("index", "comfort"):
        for statistic in ("bias", "sd_difference", "pearson_r", "ccc"):
            closed = found.of(subject).loc[statistic]
            row = drawn.loc[(subject, statistic)]
            assert row["estimate"] == closed["estimate"]
            width = (row["ci_high"] - row["ci_low"]) / (closed["ci_high"] - closed["ci_low"])
            assert 0.7 < width < 1.4
    assert ("waiting", "ccc") in drawn.index


def test_limits_widen_with_sampling_error_as_answers_fall(found: Agreement) -> None:
    rows = found.of("index")
    assert rows.loc["loa_low", "estimate"] < rows.loc["loa_net_low", "estimate"]
    by_size = found.by_answers[found.by_answers["subject"] == "index"]
    assert by_size["high"].is_monotonic_decreasing
    assert by_size["high"].iloc[-1] > rows.loc["loa_net_high", "estimate"]
    assert rows.loc["r_net", "estimate"] > rows.loc["pearson_r", "estimate"]


def test_second_visits_give_limits_of_single_checklists(found: Agreement) -> None:
    rows = found.repeated[found.repeated["subject"] == "index"].set_index("statistic")
    assert set(rows["design"]) == {"visits"}
    single = rows.loc["loa_high", "estimate"] - rows.loc["loa_low", "estimate"]
    usual = found.of("index").loc[["loa_low", "loa_high"], "estimate"].diff().iloc[-1]
    assert single == pytest.approx(usual, rel=0.15)


def test_points_are_the_pairs(small_pilot: SmallPilot, found: Agreement) -> None:
    points = found.points[found.points["subject"] == "index"]
    x, y = take_pair(small_pilot.sources, "index")
    assert points["survey"].to_numpy() == pytest.approx(x)
    assert points["checklist"].to_numpy() == pytest.approx(y)
    at = small_pilot.sources.place("index")
    error = np.sqrt(small_pilot.sources.covariance[:, at, at])
    assert points["survey_error"].to_numpy() == pytest.approx(error)


def test_checklists_are_told_of_indicators_too(small_pilot: SmallPilot, found: Agreement) -> None:
    sources, told = small_pilot.sources, found.checklists
    assert list(told.columns) == ["centre", "kind", "subject", "checklist"]
    assert len(told) == int((~np.isnan(sources.checklist)).sum())
    key = sources.keys("indicator")[3]
    rows = told[told["subject"] == key].set_index("centre")["checklist"]
    own = sources.checklist[:, sources.place(key)]
    filled = ~np.isnan(own)
    assert rows.to_numpy() == pytest.approx(own[filled])
    assert list(rows.index) == list(np.array(sources.centres)[filled])
    assert set(told["kind"]) == {"index", "group", "indicator"}


def test_linked_scales_have_no_bias(small_pilot: SmallPilot) -> None:
    methodology = change(small_pilot.methodology, scales="linked")
    result = assess_agreement(small_pilot.sources, methodology, seed=SEED)
    assert isinstance(result, Agreement)
    assert "bias" not in set(result.frame["statistic"])
    reasons = result.left_out[result.left_out["statistic"] == "bias"]
    assert set(reasons["reason"]) == {"scales_linked"}
    assert result.of("index", scale="linked").loc["icc_c1", "estimate"] > 0


@pytest.mark.parametrize("interval", ["mover", "approx"])
def test_other_intervals_of_limits_are_a_setting(
    small_pilot: SmallPilot, found: Agreement, interval: str
) -> None:
    limits = small_pilot.methodology.agreement.limits.model_copy(update={"interval": interval})
    methodology = change(small_pilot.methodology, limits=limits)
    result = assess_agreement(small_pilot.sources, methodology, seed=SEED)
    assert isinstance(result, Agreement)
    one, other = result.of("index").loc["loa_high"], found.of("index").loc["loa_high"]
    assert one["estimate"] == other["estimate"]
    assert one["method"] != other["method"]
    assert one["ci_high"] != other["ci_high"]


def test_no_shared_centre_is_said(small_pilot: SmallPilot) -> None:
    checklist = small_pilot.sources.checklist.copy()
    checklist[40:] = np.nan
    survey = small_pilot.sources.survey.copy()
    survey[:40] = np.nan
    apart = replace(small_pilot.sources, checklist=checklist, survey=survey)
    result = assess_agreement(apart, small_pilot.methodology, seed=SEED)
    assert result == Unavailable(stage="agreement", reason="no_shared_centres")


@pytest.mark.parametrize("shared", [1, 2])
def test_fewer_than_three_centres_are_refused(small_pilot: SmallPilot, shared: int) -> None:
    checklist = small_pilot.sources.checklist.copy()
    checklist[shared:] = np.nan
    few = replace(small_pilot.sources, checklist=checklist)
    result = assess_agreement(few, small_pilot.methodology, seed=SEED)
    assert result == Unavailable(stage="agreement", reason="too_few_centres", detail=f"{shared}/3")


def test_a_constant_checklist_has_a_bias_and_no_correlation(small_pilot: SmallPilot) -> None:
    checklist = small_pilot.sources.checklist.copy()
    checklist[:, small_pilot.sources.place("comfort")] = 100.0
    flat = replace(small_pilot.sources, checklist=checklist)
    result = assess_agreement(flat, small_pilot.methodology, seed=SEED)
    assert isinstance(result, Agreement)
    rows = result.of("comfort")
    assert rows.loc["bias", "ci_low"] > 0
    assert "pearson_r" not in rows.index
    absent = result.left_out[result.left_out["subject"] == "comfort"]
    reasons = dict(zip(absent["statistic"], absent["reason"], strict=True))
    assert reasons["pearson_r"] == reasons["linked"] == "constant_source"
    assert result.frame["estimate"].notna().all()
