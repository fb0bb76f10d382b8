"""The stage of the sensitivity: what the rooms give by hand, experts, and reasons in words."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from clientindex.cli import main
from clientindex.counts import split_task
from clientindex.edition import load_edition
from clientindex.methodology import load_methodology
from clientindex.pipeline.data_check import check_data
from clientindex.pipeline.material import prepare_material
from clientindex.results import (
    JointDoubt,
    Multiverse,
    OptimisedWeights,
    ScoreParts,
    Scores,
    SobolIndices,
    Stars,
    Unavailable,
    WeightBounds,
    WeightImportance,
    WeightSources,
)
from clientindex.sensitivity.importance import assess_importance
from clientindex.sensitivity.leave_out import leave_one_out
from clientindex.sensitivity.sobol.room import assess_sobol
from clientindex.sensitivity.together.room import assess_together
from clientindex.simulate.workbook import write_sheets

if TYPE_CHECKING:
    from pathlib import Path

GROUPS = ["friendliness", "usefulness", "effort", "targeting", "comfort"]
POINTS = [
    ["expert", *GROUPS],
    ["E1", 30, 20, 20, 20, 10],
    ["E2", 20, 40, 10, 20, 10],
]
JUDGEMENTS = [
    ["expert", "first", "second", "judgement"],
    ["E1", "competence", "communication", 2],
    ["E1", "competence", "respect", 4],
    ["E1", "competence", "partnership", 4],
    ["E1", "communication", "respect", 2],
    ["E1", "communication", "partnership", 2],
    ["E1", "respect", "partnership", 1],
    # Says that respect is a ninth of partnership, and the contrary with a detour.
    ["E2", "competence", "communication", 1],
    ["E2", "competence", "respect", 1],
    ["E2", "competence", "partnership", 1],
    ["E2", "communication", "respect", 1],
    ["E2", "communication", "partnership", 9],
    ["E2", "respect", "partnership", "1/9"],
]
OF_STAGE = (
    *("weight_importance", "optimised_weights", "weight_sources", "weight_bounds", "multiverse"),
    *("weight_stability", "sobol_indices", "joint_doubt", "leave_out", "rank_reversals"),
)


def ask_experts(folder: Path, settings: Any) -> None:
    path = folder / "experts.xlsx"
    path.write_bytes(write_sheets({"points": POINTS, "judgements": JUDGEMENTS}))
    settings["data"]["experts"] = {"file": str(path)}


def leave(raw: Any) -> None:
    """Change nothing."""


def analyse_quickly(raw: Any) -> None:
    """Ask the factor analysis for little more than its loadings."""
    raw["factors"] |= {"random_replicates": 20, "estimators": ["uls"], "invariance": []}


@pytest.fixture(scope="module")
def whole(run_changed: Any) -> Any:
    """Return a bundle of rating and sensitivity, with experts."""
    bundle, _ = run_changed(leave, stages=("rating", "sensitivity"), data=ask_experts)
    return bundle


@pytest.fixture(scope="module")
def material(whole: Any) -> Any:
    """Return what the stage of that bundle started from."""
    edition = load_edition(whole.folder.parents[1] / "edition.yml")
    methodology = load_methodology(edition.methodology)
    report = check_data(edition, methodology).report
    assert report.tables is not None
    return prepare_material(edition, methodology, tables=report.tables, warnings=pd.DataFrame())


def check_equal(found: Any, expected: Any) -> None:
    assert type(found) is type(expected)
    for field in fields(expected):
        first, second = getattr(found, field.name), getattr(expected, field.name)
        if isinstance(second, pd.DataFrame):
            pd.testing.assert_frame_equal(first, second, check_dtype=False, check_exact=True)
        else:
            assert first == second, field.name


def test_every_result_is_there(whole: Any) -> None:
    assert set(OF_STAGE) <= set(whole.results)
    assert not [name for name in OF_STAGE if isinstance(whole.results[name], Unavailable)]


def test_importance_and_parts_left_out_are_what_the_rooms_give(whole: Any, material: Any) -> None:
    methodology, seed = material.methodology, material.seeds["sensitivity"]
    check_equal(
        whole.get("weight_importance", WeightImportance),
        assess_importance(
            whole.get("scores", Scores),
            whole.get("score_parts", ScoreParts),
            material.moments,
            methodology,
            settings=methodology.weight_importance,
            regions=material.strata,
            seed=split_task(seed, 3)[0],
            visitors=material.visitors,
        ),
    )
    check_equal(
        whole.results["leave_out"],
        leave_one_out(
            material.moments, whole.get("stars", Stars), methodology, regions=material.strata
        ),
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_simulations_are_what_the_rooms_give_with_one_worker_or_two(
    whole: Any, material: Any, workers: int
) -> None:
    methodology, seed = material.methodology, material.seeds["sensitivity"]
    common = {
        "visitors": material.visitors,
        "regions": material.strata,
        "workers": workers,
    }
    stars = whole.get("stars", Stars)
    sobol = whole.get("sobol_indices", SobolIndices)
    check_equal(
        sobol,
        assess_sobol(
            material.moments,
            stars,
            methodology,
            seed=split_task(seed, 3)[1],
            settings=methodology.sobol,
            **common,
        ),
    )
    joint = whole.get("joint_doubt", JointDoubt)
    check_equal(
        joint,
        assess_together(
            material.moments,
            stars,
            methodology,
            seed=split_task(seed, 3)[2],
            settings=methodology.together,
            **common,
        ),
    )
    assert (sobol.base_size, joint.draws) == (64, 16)


def test_variants_begin_with_the_published_stars(whole: Any) -> None:
    multiverse = whole.get("multiverse", Multiverse)
    first = multiverse.variants.iloc[0]
    assert first["kendall_tau"] == 1
    assert first["share_changed"] == 0


def test_experts_answers_become_weights(whole: Any) -> None:
    sources = whole.get("weight_sources", WeightSources)
    by_place = sources.weights.groupby(["source", "kind"])
    weights = {place: own.set_index("key")["weight"] for place, own in by_place}
    budget = weights["budget", "group"].reindex(GROUPS)
    np.testing.assert_allclose(budget, [0.25, 0.30, 0.15, 0.20, 0.10], atol=1e-12)
    # Nobody was given points for indicators, or compared groups: these weights stay.
    np.testing.assert_allclose(weights["budget", "indicator"], 0.25, atol=1e-12)
    np.testing.assert_allclose(weights["ahp", "group"], 0.20, atol=1e-12)
    told = sources.consistency.set_index("expert")
    assert told.loc["E1", "ratio"] == pytest.approx(0, abs=1e-9)
    assert told["inconsistent"].to_dict() == {"E1": False, "E2": True, "all": True}
    # Fourth roots of the products of rows, e.g. (2**0.5 * 2 * 2)**0.25 = 1.5422, of 4.3344 in all.
    judged = sources.experts[sources.experts["source"] == "ahp"].set_index("key")["geometric"]
    assert judged.round(4).to_dict() == {
        "competence": 0.3558,
        "communication": 0.3311,
        "respect": 0.1352,
        "partnership": 0.1779,
    }
    assert set(sources.judgements["expert"]) == {"E2"}
    lacks = sources.left_out.set_index("source")["reason"].to_dict()
    assert lacks == {
        "budget": "parents",
        "ahp": "parents",
        "regression": "no_outcome",
        "loadings": "no_loadings",
        "reliability": "no_reliability",
    }


def test_experts_file_and_its_warning_are_told(whole: Any) -> None:
    assert "experts.xlsx" in {record.name for record in whole.manifest.inputs}
    warnings = whole.results["coverage"].warnings
    told = warnings[warnings["code"] == "W-EXPERT-INCONSISTENT"]
    assert len(told) == 1
    assert "read" not in told
    path = whole.folder.parents[1] / "edition.yml"
    result = CliRunner().invoke(main, ["validate", str(path)])
    assert result.exit_code == 0
    assert "W-EXPERT-INCONSISTENT" in result.output


def test_a_fault_of_the_experts_stops_the_run_by_its_place(whole: Any, tmp_path: Path) -> None:
    edition = load_edition(whole.folder.parents[1] / "edition.yml")
    path = tmp_path / "experts.xlsx"
    path.write_bytes(write_sheets({"points": [*POINTS, ["E3", 30, None, 20, 20, 10]]}))
    assert edition.data.experts is not None
    experts = edition.data.experts.model_copy(update={"file": path})
    changed = edition.model_copy(
        update={"data": edition.data.model_copy(update={"experts": experts})}
    )
    report = check_data(changed, load_methodology(edition.methodology)).report
    assert report.tables is None
    (fault,) = [f for f in report.faults if f.severity == "error"]
    assert (fault.code, fault.row, fault.column) == ("E-EXPERT-GAP", 4, "usefulness")


def test_other_stages_change_nothing_but_their_sources_of_weights(
    whole: Any, run_changed: Any
) -> None:
    more, _ = run_changed(
        analyse_quickly,
        stages=("rating", "sensitivity", "reliability", "factors"),
        data=ask_experts,
    )
    for name in OF_STAGE:
        if name != "weight_sources":
            check_equal(more.results[name], whole.results[name])
    found, before = (b.get("weight_sources", WeightSources) for b in (more, whole))
    assert set(found.left_out["source"]) == {"budget", "ahp", "regression"}
    assert set(found.comparison["source"]) - set(before.comparison["source"]) == {
        "loadings",
        "reliability",
    }
    shared = found.weights["source"].isin(set(before.weights["source"]))
    pd.testing.assert_frame_equal(
        found.weights[shared].reset_index(drop=True), before.weights, check_exact=True
    )


def test_blended_checklists_leave_what_does_not_score_the_survey_anew(run_changed: Any) -> None:
    bundle, _ = run_changed(
        lambda raw: raw["checklist"].update(use="blend", weight=0.3),
        stages=("rating", "sensitivity"),
    )
    assert bundle.get("weight_importance", WeightImportance).n == 60
    bounds = bundle.get("weight_bounds", WeightBounds).frame
    assert (bounds["lower"] <= bounds["estimate"] + 1e-9).all()
    assert (bounds["estimate"] <= bounds["upper"] + 1e-9).all()
    assert bundle.get("multiverse", Multiverse).variants["share_changed"].iloc[0] == 0
    assert bundle.get("optimised_weights", OptimisedWeights) == Unavailable(
        stage="sensitivity", reason="checklists_in_index"
    )
    for name in (
        *("weight_stability", "weight_sources", "sobol_indices", "joint_doubt"),
        *("leave_out", "rank_reversals"),
    ):
        assert bundle.results[name] == Unavailable(
            stage="sensitivity", reason="checklists_in_scores", detail="blend"
        )
