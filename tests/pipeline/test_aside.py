"""A companion process: its values, exceptions and end; work that is shared with it."""

from __future__ import annotations

import os
import time
from fractions import Fraction
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from clientindex.edition import load_edition
from clientindex.errors import StatisticsError
from clientindex.intake import require_tables, run_intake, tabulate_faults
from clientindex.methodology import load_methodology
from clientindex.pipeline import shared_work, stages
from clientindex.pipeline.aside import Companion, call_kept, keep
from clientindex.pipeline.material import prepare_material
from clientindex.pipeline.progress import SilentReporter
from clientindex.pipeline.shared_work import SharedWork
from clientindex.results.storage import save_result
from clientindex.simulate import simulate_pilot, write_pilot
from clientindex.threads import get_threads, use_threads
from demo_text import read_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.methodology import Methodology
    from clientindex.pipeline.material import Material

ROOT = Path(__file__).parents[2]


@pytest.fixture
def companion() -> Iterator[Companion]:
    started = Companion()
    yield started
    started.stop()


def test_values_come_back_from_one_call_after_another(companion: Companion) -> None:
    assert companion.call(Fraction, 6, 4) == Fraction(3, 2)
    found = companion.call(np.linalg.inv, np.diag([2.0, 4.0]))
    np.testing.assert_array_equal(found, np.diag([0.5, 0.25]))


def test_an_exception_is_raised_here_and_the_next_call_answered(companion: Companion) -> None:
    with pytest.raises(ZeroDivisionError):
        companion.call(Fraction, 1, 0)
    assert companion.call(Fraction, 1, 2) == Fraction(1, 2)


def test_what_is_kept_there_is_asked_by_name(companion: Companion) -> None:
    companion.call(keep, "numbers", np.arange, 5)
    assert companion.call(call_kept, "numbers", "sum") == 10
    assert companion.call(call_kept, "numbers", "take", 3) == 3


def test_arrays_that_travelled_may_be_written(companion: Companion) -> None:
    found = companion.call(np.asarray, np.arange(1000.0))
    found[0] = 7.0
    np.testing.assert_array_equal(found[:2], [7.0, 1.0])


def test_a_companion_has_the_threads_that_it_is_given() -> None:
    started = Companion(threads=3)
    try:
        assert started.call(get_threads) == 3
    finally:
        started.stop()


def test_a_companion_prepares_itself_before_the_first_call() -> None:
    started = Companion(prepare="clientindex.pipeline.answer_work:load_statistics")
    try:
        loaded = "clientindex.pipeline.answer_statistics"
        assert started.call(eval, f"{loaded!r} in __import__('sys').modules")
    finally:
        started.stop()


def test_a_process_without_an_answer_is_told(companion: Companion) -> None:
    with pytest.raises(StatisticsError, match=r"without an answer \(exit code 9\)"):
        companion.call(os._exit, 9)


def test_a_companion_can_be_stopped_at_work() -> None:
    companion = Companion()
    ended: list[BaseException] = []

    def wait() -> None:
        try:
            companion.call(time.sleep, 600)
        except StatisticsError as error:
            ended.append(error)

    waiting = Thread(target=wait)
    waiting.start()
    companion.stop()
    waiting.join(60)
    assert len(ended) == 1


def shorten(methodology: Methodology) -> Methodology:
    """Return a methodology whose factor analysis is quick."""
    factors = {"random_replicates": 20, "estimators": ("uls",), "invariance": ()}
    return methodology.model_copy(
        update={
            "intervals": methodology.intervals.model_copy(update={"bootstrap_replicates": 20}),
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


def run(material: Material, threads: int, folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file that the stages leave, by name."""
    with threadpool_limits(limits=1), use_threads(threads):
        results = stages.run_stages(material, SilentReporter())
    folder.mkdir()
    for name, result in results.items():
        save_result(result, folder, name=name)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_results_are_the_same_bytes_for_any_number_of_threads(
    material: Material, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One thread does everything; of two one is a companion process."""
    served: list[str] = []
    monkeypatch.setattr(shared_work, "FEWEST_CENTRES_SHARED", 1)
    pick = SharedWork._pick_there

    def note(work: SharedWork) -> str | None:
        name = pick(work)
        served.extend([] if name is None else [name])
        return name

    monkeypatch.setattr(SharedWork, "_pick_there", note)
    found = {number: run(material, number, tmp_path / str(number)) for number in (1, 2)}
    assert "factors" in served
    assert "loadings" in " ".join(found[1])
    assert found[2] == found[1]


def test_work_that_nobody_began_is_done_here_and_the_rest_waited_for() -> None:
    begun, may_end = Event(), Event()

    def ask(name: str) -> str:
        begun.set()
        may_end.wait(60)
        return f"{name} there"

    work = SharedWork(lambda name: f"{name} here", ["a", "b", "c"], only_here=["c"])
    server = Thread(target=work.serve, args=(ask,))
    server.start()
    begun.wait(60)
    assert work.take(["b", "c"]) == {"b": "b here", "c": "c here"}
    may_end.set()
    assert work.take(["a"]) == {"a": "a there"}
    server.join(60)


def test_a_task_that_fails_is_told_where_it_is_asked_for() -> None:
    def fail(name: str) -> None:
        raise StatisticsError(name)

    work = SharedWork(fail, ["reliability"])
    with pytest.raises(StatisticsError, match="reliability"):
        work.take(["reliability"])


def test_a_stage_that_fails_stops_the_companion(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = []
    stop = Companion.stop

    def note(companion: Companion) -> None:
        stop(companion)
        stopped.append(companion)

    def fail(*_: Any) -> dict[str, Any]:
        message = "no reliability"
        raise StatisticsError(message)

    monkeypatch.setattr(shared_work, "FEWEST_CENTRES_SHARED", 1)
    monkeypatch.setattr(Companion, "stop", note)
    monkeypatch.setitem(stages._SHARED, "reliability", fail)
    with use_threads(2), pytest.raises(StatisticsError, match="no reliability"):
        stages.run_stages(material, SilentReporter())
    assert len(set(stopped)) == 1
    assert stopped[0]._process.returncode is not None
