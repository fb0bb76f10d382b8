"""Editions that a simulated year is read from, and their faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from clientindex.edition import load_edition
from clientindex.errors import EditionError
from clientindex.simulate import plan_pilot, simulate_pilot
from two_years import RENAMED, SIZES, change_edition, place_years

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.simulate import SimulatedPilot


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    return place_years(tmp_path)


def test_the_later_edition_gives_its_settings_and_its_renamed_centres(
    files: dict[str, Path],
) -> None:
    plan = plan_pilot(load_edition(files["demo-2025"]))
    assert (plan.seed, plan.methodology.id, plan.renamed) == (2025, "2025", {})
    assert plan.later is not None
    assert (plan.later.seed, plan.later.methodology.id) == (2026, "2026")
    assert plan.later.settings.centres == SIZES["demo"]["centres"]
    assert plan.later.renamed == RENAMED
    assert plan.later.later is None


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("demo", {"year": 2025}, "not of a later year"),
        ("demo", {"simulation": None}, "which has no 'simulation'"),
        ("demo", {"seed": 2025}, "the same seed 2025"),
        ("demo-2025", {"simulation": None}, "'demo-2025' has no 'simulation'"),
    ],
)
def test_editions_that_do_not_fit_are_refused(
    files: dict[str, Path], name: str, settings: dict[str, Any], message: str
) -> None:
    change_edition(files[name], **settings)
    with pytest.raises(EditionError, match=message):
        plan_pilot(load_edition(files["demo-2025"]))


@pytest.mark.parametrize(
    ("simulation", "message"),
    [
        ({"centres": 30}, "simulation.*give 'centres' or 'earlier_than'"),
        ({"earlier_than": {}}, r"simulation.earlier_than.edition: read nothing.*required"),
        ({"earlier_than": {"edition": "demo.yml", "corelation": 1}}, "did you mean 'correlation'"),
        ({"earlier_than": {"edition": "demo.yml", "correlation": 2}}, "correlation: read 2"),
        ({"earlier_than": {"edition": "demo.yml", "closed": -1}}, "closed: read -1"),
        ({"earlier_than": {"edition": "demo.yml", "improvement": 0}}, "improvement: read 0"),
    ],
)
def test_faults_of_the_settings_name_the_key(
    files: dict[str, Path], simulation: dict[str, Any], message: str
) -> None:
    given = {"earlier_than": {"edition": "demo.yml"}} | simulation
    change_edition(files["demo-2025"], simulation=given)
    with pytest.raises(EditionError, match=message):
        load_edition(files["demo-2025"])


def test_a_later_edition_that_is_absent_is_named(files: dict[str, Path]) -> None:
    files["demo"].unlink()
    with pytest.raises(EditionError, match=r"demo\.yml"):
        plan_pilot(load_edition(files["demo-2025"]))


def test_a_size_alone_cannot_be_earlier(files: dict[str, Path]) -> None:
    edition = load_edition(files["demo-2025"])
    plan = plan_pilot(edition)
    with pytest.raises(EditionError, match="the plan of the later edition"):
        simulate_pilot(plan.methodology, plan.settings, seed=1)


def test_the_shipped_year_before_the_demo(
    demo_years: tuple[SimulatedPilot, SimulatedPilot],
) -> None:
    before, after = demo_years
    change = before.truth.change
    assert change is not None
    assert change["change"].mean() == pytest.approx(1.5, abs=1e-9)
    both = change.dropna(subset="change")
    assert both["before"].corr(both["after"]) == pytest.approx(0.85, abs=0.02)
    assert change["improved"].sum() == 12
    statuses = change["status"].value_counts()
    assert statuses[["new", "gone", "moved"]].tolist() == [5, 4, 1]
    asked = [sum(map(len, pilot.surveys.values())) for pilot in (before, after)]
    assert asked == [13_500, 15_000]
