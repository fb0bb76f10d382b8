"""A call in a process of its own: its value, its exception, its end."""

from __future__ import annotations

import os
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from clientindex.edition import load_edition
from clientindex.errors import StatisticsError
from clientindex.intake import require_tables, run_intake, tabulate_faults
from clientindex.methodology import load_methodology
from clientindex.pipeline import stages
from clientindex.pipeline.aside import call_aside
from clientindex.pipeline.material import prepare_material
from clientindex.pipeline.progress import SilentReporter
from clientindex.simulate import simulate_pilot, write_pilot
from demo_text import read_demo

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.pipeline.material import Material

ROOT = Path(__file__).parents[2]


def test_the_value_comes_back() -> None:
    assert call_aside(Fraction, 6, 4).result() == Fraction(3, 2)
    found = call_aside(np.linalg.inv, np.diag([2.0, 4.0])).result()
    np.testing.assert_array_equal(found, np.diag([0.5, 0.25]))


def test_an_exception_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        call_aside(Fraction, 1, 0).result()


def test_a_process_without_an_answer_is_told() -> None:
    call = call_aside(os._exit, 9)
    with pytest.raises(StatisticsError, match=r"without an answer \(exit code 9\)"):
        call.result()


def test_a_call_can_be_stopped() -> None:
    call = call_aside(time.sleep, 600)
    started = time.perf_counter()
    call.stop()
    assert time.perf_counter() - started < 60


def shorten(methodology: Methodology) -> Methodology:
    """Return a methodology whose factor analysis is quick."""
    factors = {"random_replicates": 20, "estimators": ("uls",), "invariance": ()}
    return methodology.model_copy(
        update={
            "intervals": methodology.intervals.model_copy(update={"bootstrap_replicates": 100}),
            "factors": methodology.factors.model_copy(update=factors),
        }
    )


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    folder = tmp_path_factory.mktemp("aside")
    path = folder / "edition.yml"
    text = read_demo().replace("../data_raw/demo", str(folder / "data"))
    path.write_text(text.replace("../", f"{ROOT}/"), encoding="utf-8")
    edition = load_edition(path)
    methodology = shorten(load_methodology(edition.methodology))
    assert edition.simulation is not None
    sizes = {"centres": 40, "citizens": 2000, "employers": 600}
    settings = edition.simulation.model_copy(update=sizes)
    write_pilot(simulate_pilot(methodology, settings, seed=3), edition)
    report = run_intake(edition, methodology)
    return prepare_material(
        edition.model_copy(update={"stages": ("reliability", "factors")}),
        methodology,
        tables=require_tables(report),
        warnings=tabulate_faults(report.faults).drop(columns="severity"),
    )


def test_factors_are_the_same_aside(material: Material, monkeypatch: Any) -> None:
    found = {}
    for fewest in (1, 1000):
        monkeypatch.setattr(stages, "FEWEST_CENTRES_ASIDE", fewest)
        monkeypatch.setattr(stages, "has_room", lambda: True)
        monkeypatch.setitem(stages._STAGES, "reliability", lambda *_: {})
        with threadpool_limits(limits=1):
            found[fewest] = stages.run_stages(material, SilentReporter())
    assert list(found[1]) == list(found[1000])
    for name in found[1]:
        one, other = found[1][name].tidy(), found[1000][name].tidy()
        assert one.equals(other), name
    assert found[1]["exploratory"].tidy()["estimate"].notna().any()


def test_a_stage_that_fails_stops_the_process_beside_it(
    material: Material, monkeypatch: Any
) -> None:
    stopped = []

    class Sleeping:
        def stop(self) -> None:
            stopped.append(True)

    def fail(*_: Any) -> dict[str, Any]:
        message = "no reliability"
        raise StatisticsError(message)

    monkeypatch.setattr(stages, "_start_factors", lambda *_: Sleeping())
    monkeypatch.setitem(stages._STAGES, "reliability", fail)
    with pytest.raises(StatisticsError, match="no reliability"):
        stages.run_stages(material, SilentReporter())
    assert stopped == [True]
