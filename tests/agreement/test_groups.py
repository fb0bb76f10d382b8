"""Group agreement: which centres are paired, and what is said when there is nothing to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import pearsonr, ttest_rel

from clientindex.agreement import compute_group_agreement
from clientindex.intake.tables import IntakeTables
from clientindex.results import AGREEMENT_STATISTICS, GroupAgreement, Scores, Unavailable

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

CENTRES = [f"C{i}" for i in range(12)]


def make_scores(survey: pd.DataFrame) -> Scores:
    """Make scores of a frame of centre, key and estimate; other rows must be left alone."""
    rows = survey.assign(segment="all", kind="group")
    noise = rows.assign(segment="citizens", estimate=1.0)
    index = rows.drop_duplicates("centre").assign(kind="index", key="index", estimate=2.0)
    frame = pd.concat([index, noise, rows], ignore_index=True)
    return Scores(frame=frame, level=0.9, std_error_method="exact", fpc_used=False, n_reweighted=0)


def make_tables(scores: pd.DataFrame | None = None, items: pd.DataFrame | None = None) -> Any:
    region = ["R1" if i % 2 else "R2" for i in range(12)]
    return IntakeTables(
        register=pd.DataFrame({"centre": CENTRES, "name": "n", "region": region}),
        responses=None,
        option_counts=None,
        unit_means=None,
        checklist_items=items,
        checklist_scores=scores,
        no_answer=pd.DataFrame(),
        inputs=(),
    )


@pytest.fixture
def survey() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame([(c, g) for c in CENTRES for g in ("front", "back")])
    frame = frame.set_axis(["centre", "key"], axis=1)
    return frame.assign(estimate=rng.uniform(50, 90, len(frame)))


@pytest.fixture
def checklist(survey: pd.DataFrame) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    frame = survey.rename(columns={"key": "group", "estimate": "points"})
    return frame.assign(points=np.clip(frame["points"] + rng.normal(5, 6, len(frame)), 0, 100))


def test_groups_are_compared_over_the_centres_that_have_both(
    survey: pd.DataFrame, checklist: pd.DataFrame, methodology: Methodology
) -> None:
    survey.loc[(survey["centre"] == "C3") & (survey["key"] == "back"), "estimate"] = np.nan
    survey = survey[survey["centre"] != "C5"]
    checklist = checklist[~checklist["centre"].isin(["C0", "C1"])]
    found = compute_group_agreement(make_scores(survey), make_tables(checklist), methodology)
    assert isinstance(found, GroupAgreement)
    assert (found.n_survey_only, found.n_checklist_only, found.level) == (2, 1, 0.9)
    frame = found.frame.set_index(["group", "statistic"])
    assert frame.index.tolist() == [(g, s) for g in ("front", "back") for s in AGREEMENT_STATISTICS]
    wide = survey.merge(checklist, left_on=["centre", "key"], right_on=["centre", "group"])
    for group, part in wide.dropna().groupby("group"):
        assert (frame.loc[group, "n"] == len(part)).all()
        test = ttest_rel(part["points"], part["estimate"])
        low, high = test.confidence_interval(0.9)
        row = frame.loc[(group, "bias")]
        assert row["estimate"] == pytest.approx((part["points"] - part["estimate"]).mean())
        assert [row["ci_low"], row["ci_high"]] == pytest.approx([low, high])
        r = pearsonr(part["estimate"], part["points"])
        interval = r.confidence_interval(0.9)
        row = frame.loc[(group, "pearson_r")]
        assert [row["estimate"], row["ci_low"], row["ci_high"]] == pytest.approx(
            [r.statistic, interval.low, interval.high]
        )
    assert frame.loc[("back", "bias"), "n"] == 8
    assert set(found.points["region"]) == {"R1", "R2"}
    assert len(found.points) == 17
    assert found.tidy()["method"].str.endswith("; n counts centres").all()


def test_no_checklist_is_said(survey: pd.DataFrame, methodology: Methodology) -> None:
    found = compute_group_agreement(make_scores(survey), make_tables(), methodology)
    assert found == Unavailable(stage="agreement", reason="no_checklist")


def test_nothing_applicable_is_no_checklist(survey: pd.DataFrame, methodology: Methodology) -> None:
    items = pd.DataFrame({"centre": CENTRES, "indicator": "a", "item": "a1", "answer": np.nan})
    found = compute_group_agreement(make_scores(survey), make_tables(items=items), methodology)
    assert found == Unavailable(stage="agreement", reason="no_checklist")


def test_no_shared_centre_is_said(
    survey: pd.DataFrame, checklist: pd.DataFrame, methodology: Methodology
) -> None:
    one, other = survey.head(10), checklist.tail(10)
    found = compute_group_agreement(make_scores(one), make_tables(other), methodology)
    assert found == Unavailable(stage="agreement", reason="no_shared_centres")


@pytest.mark.parametrize("shared", [1, 2])
def test_fewer_than_three_centres_are_refused(
    shared: int, survey: pd.DataFrame, checklist: pd.DataFrame, methodology: Methodology
) -> None:
    few = checklist[checklist["centre"].isin(CENTRES[:shared])]
    found = compute_group_agreement(make_scores(survey), make_tables(few), methodology)
    assert found == Unavailable(stage="agreement", reason="too_few_centres", detail=str(shared))


def test_group_with_too_few_centres_is_left_out(
    survey: pd.DataFrame, checklist: pd.DataFrame, methodology: Methodology
) -> None:
    few = checklist[(checklist["group"] == "front") | checklist["centre"].isin(CENTRES[:2])]
    found = compute_group_agreement(make_scores(survey), make_tables(few), methodology)
    assert isinstance(found, GroupAgreement)
    assert found.frame["group"].unique().tolist() == ["front"]


def test_checklist_that_is_all_yes_leaves_the_correlation_undefined(
    survey: pd.DataFrame, checklist: pd.DataFrame, methodology: Methodology
) -> None:
    found = compute_group_agreement(
        make_scores(survey), make_tables(checklist.assign(points=100.0)), methodology
    )
    assert isinstance(found, GroupAgreement)
    frame = found.frame.set_index(["group", "statistic"])
    assert frame.loc[("front", "pearson_r"), "method"].startswith("undefined: ")
    assert np.isnan(frame.loc[("front", "icc_c1"), "estimate"])
    assert frame.loc[("front", "bias"), "estimate"] > 0
