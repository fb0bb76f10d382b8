"""Both sources side by side: who is paired, who is not and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.agreement import SurveyScores, TwoSources, gather_sources
from clientindex.intake.tables import IntakeTables

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

CENTRES = ("both", "silent", "survey", "checklist", "old", "inapplicable", "half")


def make_tables(scores: pd.DataFrame | None, **parts: Any) -> IntakeTables:
    return IntakeTables(
        register=pd.DataFrame({"centre": CENTRES, "name": CENTRES, "region": "R"}),
        responses=None,
        option_counts=None,
        unit_means=None,
        checklist_items=None,
        checklist_scores=scores,
        no_answer=pd.DataFrame(),
        inputs=(),
        **parts,
    )


def make_scores(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["centre", "period", "group", "points"])


def make_survey(methodology: Methodology, centres: tuple[str, ...]) -> SurveyScores:
    size = 1 + len(methodology.groups) + len(methodology.indicator_keys)
    estimate = np.arange(len(centres))[:, None] + np.linspace(50, 60, size)
    return SurveyScores(
        centres=centres,
        estimate=estimate,
        covariance=np.tile(np.eye(size), (len(centres), 1, 1)),
        n=np.full(estimate.shape, 40.0),
    )


@pytest.fixture
def sources(methodology: Methodology) -> TwoSources:
    groups = methodology.group_keys
    rows = [(c, "q1", g, 70.0) for c in ("both", "checklist") for g in groups]
    rows += [("half", "q1", groups[0], 55.0)]
    rows += [("old", "q0", g, 70.0) for g in groups]
    rows += [("inapplicable", "q1", g, np.nan) for g in groups]
    found = gather_sources(
        make_tables(make_scores(*rows)),
        methodology,
        survey=make_survey(methodology, ("inapplicable", "survey", "both", "old", "half")),
        survey_periods=("q1", "q2"),
    )
    assert found is not None
    return found


def test_every_centre_that_is_not_compared_has_its_reason(
    sources: TwoSources, methodology: Methodology
) -> None:
    reasons = sources.excluded.set_index("centre")[["reason", "detail"]]
    assert {
        key: tuple(row) for key, row in zip(reasons.index, reasons.to_numpy(), strict=True)
    } == {
        "survey": ("survey_only", ""),
        "checklist": ("checklist_only", ""),
        "old": ("other_period", "q0"),
        "inapplicable": ("not_applicable", ""),
        "half": ("incomplete", methodology.group_keys[1]),
    }


def test_survey_scores_are_put_in_the_order_of_the_register(sources: TwoSources) -> None:
    assert sources.survey[:, 0].tolist() == pytest.approx(
        [52, np.nan, 51, np.nan, 53, 50, 54], nan_ok=True
    )
    assert np.isnan(sources.covariance[1]).all()
    assert sources.covariance[0].trace() == sources.survey.shape[1]


def test_only_centres_with_both_scores_are_pairs(
    sources: TwoSources, methodology: Methodology
) -> None:
    first, second = methodology.group_keys
    assert np.flatnonzero(sources.has_both(first)).tolist() == [0, 6]
    assert np.flatnonzero(sources.has_both(second)).tolist() == [0]
    assert np.flatnonzero(sources.has_both("index")).tolist() == [0]


def test_subjects_stand_in_one_order(sources: TwoSources, methodology: Methodology) -> None:
    assert sources.keys("index") == ("index",)
    assert sources.keys("group") == methodology.group_keys
    assert sources.keys("indicator") == methodology.indicator_keys
    assert sources.places("group").tolist() == [1, 2]


def test_periods_of_both_sources_are_paired(methodology: Methodology) -> None:
    group = methodology.group_keys[0]
    scores = make_scores(("both", "q1", group, 70.0), ("both", "q2", group, 74.0))
    by_period = {period: make_survey(methodology, ("both",)) for period in ("q1", "q2", "q3")}
    found = gather_sources(
        make_tables(scores),
        methodology,
        survey=make_survey(methodology, ("both",)),
        survey_periods=("q1", "q2", "q3"),
        by_period=by_period,
    )
    assert found is not None
    assert [part.period for part in found.periods] == ["q1", "q2"]
    assert [part.checklist[0, 1] for part in found.periods] == [70.0, 74.0]
    assert found.checklist[0, 1] == 72.0


def test_one_common_period_is_no_repetition(methodology: Methodology) -> None:
    group = methodology.group_keys[0]
    found = gather_sources(
        make_tables(make_scores(("both", "q1", group, 70.0))),
        methodology,
        survey=make_survey(methodology, ("both",)),
        by_period={"q1": make_survey(methodology, ("both",))},
    )
    assert found is not None
    assert found.periods == ()


def test_second_checklists_are_scored_like_the_first(methodology: Methodology) -> None:
    group = methodology.group_keys[0]
    found = gather_sources(
        make_tables(
            make_scores(("both", "q1", group, 70.0)),
            second_scores=make_scores(("both", "", group, 64.0)),
        ),
        methodology,
        survey=make_survey(methodology, ("both",)),
    )
    assert found is not None
    assert found.second is not None
    assert found.second[0, 1] == 64.0
    assert np.isfinite(found.second).sum() == 1


def test_without_checklists_there_is_nothing(methodology: Methodology) -> None:
    survey = make_survey(methodology, ("both",))
    assert gather_sources(make_tables(None), methodology, survey=survey) is None
