"""The whole of it: same seed same numbers, every bad input of the users told in words."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.agreement import AGREEMENT_RESULTS, AgreementAssessment, assess
from clientindex.results import RESULT_NAMES, Unavailable, load_result, save_result

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clientindex.agreement import TwoSources
    from clientindex.results import Result
    from small_pilot import SmallPilot


SMALL_PILOT_LACKS = {"method_model"}
"""Eighty centres in 13 regions are fewer than a model of 40 measures asks for."""


def run(pilot: SmallPilot, sources: TwoSources | None, seed: int = 7) -> AgreementAssessment:
    settings = pilot.methodology.intervals.model_copy(update={"bootstrap_replicates": 100})
    return assess(
        sources,
        methodology=pilot.methodology.model_copy(update={"intervals": settings}),
        moments=pilot.moments,
        survey_stars=pilot.stars,
        find_stars=pilot.find_stars,
        seed=seed,
    )


@pytest.fixture(scope="module")
def whole(small_pilot: SmallPilot) -> AgreementAssessment:
    return run(small_pilot, small_pilot.sources)


def list_frames(result: Result) -> dict[str, pd.DataFrame]:
    values = {field.name: getattr(result, field.name) for field in fields(result)}  # type: ignore[arg-type]  # results are dataclasses
    return {name: value for name, value in values.items() if isinstance(value, pd.DataFrame)}


def test_results_are_those_of_the_bundle(whole: AgreementAssessment) -> None:
    assert [name for name in RESULT_NAMES if name in AGREEMENT_RESULTS] == list(AGREEMENT_RESULTS)
    absent = {name for name, result in whole.results().items() if isinstance(result, Unavailable)}
    assert absent == SMALL_PILOT_LACKS


def test_the_same_seed_gives_the_same_numbers(
    small_pilot: SmallPilot, whole: AgreementAssessment
) -> None:
    again, other = (run(small_pilot, small_pilot.sources, seed) for seed in (7, 8))
    for name, result in whole.results().items():
        for frame, values in list_frames(result).items():
            assert values.equals(list_frames(again.results()[name])[frame]), (name, frame)
    assert not whole.agreement.frame.equals(other.agreement.frame)
    lots = [
        set(found.audit.centres.loc[found.audit.centres["audit"] == "random", "centre"])
        for found in (whole, other)
    ]
    assert lots[0] != lots[1]


def test_results_are_stored_and_loaded_equal(whole: AgreementAssessment, tmp_path: Path) -> None:
    for name, result in whole.results().items():
        save_result(result, tmp_path, name=name)
        loaded = load_result(tmp_path, name=name)
        for frame, values in list_frames(result).items():
            pd.testing.assert_frame_equal(values, getattr(loaded, frame))


def test_tidy_tables_have_every_estimate(whole: AgreementAssessment) -> None:
    for name, result in whole.results().items():
        tidy = result.tidy()
        assert tidy["estimate"].notna().any() == (name not in SMALL_PILOT_LACKS), name


MATRIX = {"estimate", "std_error", "ci_low", "ci_high"}
OPEN = {
    ("multitrait", "correlations"): MATRIX,
    ("multitrait_indicators", "correlations"): MATRIX,
    ("multitrait", "htmt"): MATRIX,
    ("multitrait_indicators", "htmt"): MATRIX,
    ("comparability", "links"): {"ci_low", "ci_high"},
    ("agreement", "frame"): {"std_error", "ci_low", "ci_high"},
    ("multitrait", "criteria"): MATRIX,
    ("multitrait_indicators", "criteria"): MATRIX,
    ("structural", "lines"): {"std_error"},
    ("inflation", "summary"): {"ci_low", "ci_high", "p_value"},
    ("inflation", "bunching"): {"cut"},
    ("audit", "centres"): {"star_survey", "star_composite", "star"},
}
"""Columns that may be empty by their contract: counts have no interval, rank rules no error, and
the matrix says in `method` why a correlation is not defined."""


def test_nothing_is_missing_without_a_reason(whole: AgreementAssessment) -> None:
    for name, result in whole.results().items():
        for frame, values in list_frames(result).items():
            numbers = values.select_dtypes("number").isna().any()
            empty = set(numbers.index[numbers]) - OPEN.get((name, frame), set())
            explained = "left_out" in list_frames(result) and len(result.left_out)
            assert not empty or explained, (name, frame, empty)


def test_the_matrix_says_why_a_correlation_is_not_defined(whole: AgreementAssessment) -> None:
    for name in ("multitrait", "multitrait_indicators"):
        for values in list_frames(whole.results()[name]).values():
            reasons = values.loc[values["estimate"].isna(), "method"]
            assert reasons.str.startswith("undefined: ").all()


def drop_checklists(sources: TwoSources, kept: int) -> TwoSources:
    checklist, items = sources.checklist.copy(), sources.items.copy()
    checklist[kept:], items[kept:] = np.nan, np.nan
    return replace(sources, checklist=checklist, items=items, second=None)


def make_constant(sources: TwoSources) -> TwoSources:
    answered = np.where(np.isfinite(sources.items), 1.0, np.nan)
    full = np.where(np.isfinite(sources.checklist), 100.0, np.nan)
    return replace(sources, checklist=full, items=answered, second=None)


def forget_errors(sources: TwoSources) -> TwoSources:
    return replace(sources, covariance=np.full_like(sources.covariance, np.nan))


def keep_groups_only(sources: TwoSources) -> TwoSources:
    checklist = sources.checklist.copy()
    checklist[:, sources.places("indicator")] = np.nan
    return replace(
        sources,
        checklist=checklist,
        items=np.empty((len(checklist), 0)),
        item_of=np.empty(0, dtype=np.intp),
    )


BAD: dict[str, tuple[Callable[[TwoSources], TwoSources], dict[str, str]]] = {
    "one source only": (
        lambda s: drop_checklists(s, 0),
        {
            "agreement": "no_shared_centres",
            "inflation": "too_few_centres",
            "multitrait": "no_checklist_scores",
            "method_variance": "no_checklist_scores",
        },
    ),
    "one shared centre": (
        lambda s: drop_checklists(s, 1),
        {"agreement": "too_few_centres", "inflation": "too_few_centres"},
    ),
    "fewer than thirty centres": (
        lambda s: drop_checklists(s, 29),
        {"inflation": "too_few_centres"},
    ),
    "constant checklist": (make_constant, {"multitrait": "constant_checklist"}),
    "unknown sampling error": (forget_errors, {"method_variance": "no_sampling_error"}),
    "ready scores": (keep_groups_only, {}),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_in_words(small_pilot: SmallPilot, tmp_path: Path, case: str) -> None:
    spoil, reasons = BAD[case]
    found = run(small_pilot, spoil(small_pilot.sources)).results()
    assert set(found) == set(AGREEMENT_RESULTS)
    for name, reason in reasons.items():
        result = found[name]
        assert isinstance(result, Unavailable), name
        assert result.stage == "agreement"
        assert result.reason == reason, name
    for name, result in found.items():
        save_result(result, tmp_path, name=name)
    audit: Any = found["audit"]
    assert not isinstance(audit, Unavailable)
    assert len(audit.centres) == 80


def test_no_checklists_at_all(small_pilot: SmallPilot) -> None:
    found = run(small_pilot, None)
    assert set(found.results().values()) == {Unavailable(stage="agreement", reason="no_checklist")}


def test_a_checklist_of_another_period_is_left_out_and_listed(small_pilot: SmallPilot) -> None:
    from clientindex.pipeline.pairing import pair_sources

    tables = small_pilot.tables
    assert tables.checklist_items is not None
    chosen = small_pilot.sources.centres[:3]
    items = tables.checklist_items
    dated = items.assign(
        period=items["period"].mask(items["centre"].isin(chosen), "2019Q4").astype("str")
    )
    sources = pair_sources(
        replace(tables, checklist_items=dated),
        small_pilot.methodology,
        moments=small_pilot.moments,
        counts=small_pilot.counts,
        visitors=small_pilot.visitors,
    )
    assert sources is not None
    found = run(small_pilot, sources)
    rows = found.comparability.centres
    assert rows[["centre", "reason", "detail"]].to_numpy().tolist() == [
        [centre, "other_period", "2019Q4"] for centre in chosen
    ]
    assert found.comparability.n_shared == 77
    decisions = found.audit.centres.set_index("centre")["decision"]
    assert set(decisions[list(chosen)]) <= {"survey_only", "withheld"}


def test_linked_scales_are_linked_everywhere(
    small_pilot: SmallPilot, whole: AgreementAssessment
) -> None:
    """Gaps are about zero, and lines and components are in one unit; items stay as filled in."""
    settings = small_pilot.methodology.agreement.model_copy(update={"scales": "linked"})
    pilot = replace(
        small_pilot,
        methodology=small_pilot.methodology.model_copy(update={"agreement": settings}),
    )
    found = run(pilot, pilot.sources)
    gap = found.inflation.centres["gap"]
    assert abs(gap.mean()) < 0.5 < whole.inflation.centres["gap"].mean()
    assert gap.std() < whole.inflation.centres["gap"].std()
    assert found.audit.centres["checklist"].max() < 95
    lines = found.structural.lines.drop_duplicates(["subject", "line", "statistic"])
    slopes = lines[(lines["subject"] == "index") & (lines["statistic"] == "slope")]
    slopes = slopes.set_index("line")["estimate"]
    assert slopes["least_squares"] < slopes["errors_in_variables"] < slopes["inverse_least_squares"]
    assert slopes["inverse_least_squares"] * slopes["least_squares"] == pytest.approx(1, abs=0.5)
    ceilings = [result.inflation.centres["ceiling_share"].sort_index() for result in (whole, found)]
    assert sorted(ceilings[0]) == pytest.approx(sorted(ceilings[1]))
    assert found.agreement.left_out["reason"].eq("scales_linked").any()
