"""From an edition file to a results bundle; nothing is computed twice."""

from __future__ import annotations

import resource
import sys
import time
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from clientindex.edition import Edition, is_edition_file, load_edition
from clientindex.errors import BundleError, EditionError
from clientindex.intake import IntakeReport, tabulate_faults, write_fault_table
from clientindex.intake.fault_table import FAULT_TABLE_NAME
from clientindex.methodology import load_methodology
from clientindex.pipeline.answer_work import begin_answer_work, count_answers, lend_early
from clientindex.pipeline.counting import clear_counting, find_counting_folder
from clientindex.pipeline.data_check import check_data
from clientindex.pipeline.fingerprint import RunInputs, collect_run_inputs
from clientindex.pipeline.freed_memory import keep_freed_memory
from clientindex.pipeline.hold import hold_output
from clientindex.pipeline.locked import check_before_run
from clientindex.pipeline.origins import trace_results
from clientindex.pipeline.previous import (
    check_previous,
    hash_previous,
    load_previous,
)
from clientindex.pipeline.progress import Reporter, SilentReporter
from clientindex.pipeline.swap import write_folder_aside
from clientindex.results.bundle import check_bundle, write_bundle_content
from clientindex.results.manifest import (
    InputRecord,
    Manifest,
    RunRecord,
    write_manifest,
    write_run_record,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from clientindex.intake import IntakeTables
    from clientindex.methodology import Methodology
    from clientindex.pipeline.aside import Companion
    from clientindex.pipeline.counting import EngineChoice
    from clientindex.pipeline.data_check import CheckedData
    from clientindex.reproduction.edition_lock import PublishedNumbers
    from clientindex.results import Result
    from clientindex.streaming.progress import Tell

MATRIX_THREADS = 1
"""Threads of the linear algebra libraries: 20 x 20 matrices get slower with more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """What a run left: the bundle, whether it was computed now, and how long that took."""

    edition: Edition
    bundle: Path
    computed: bool
    seconds: float


def validate_edition(
    path: Path, *, reporter: Reporter | None = None, engine: EngineChoice | None = None
) -> tuple[Edition, IntakeReport, Path]:
    """Check an edition's settings and data, and write the fault table.

    Parameters
    ----------
    path : Path
        The edition file.
    reporter : Reporter, optional
        Told how far the counting is, where answers are counted.
    engine : EngineChoice, optional
        How single answers are read; as the edition says unless given.

    Returns
    -------
    edition, report, table
        `table` is the file that lists the faults.

    Raises
    ------
    ClientIndexError
        If the settings are wrong, the fault table cannot be written, or answers are counted and
        a run is at work in the output folder.
    """
    edition = _load(path, engine)
    methodology = load_methodology(edition.methodology)
    check_previous(edition, path=path)
    listener = reporter or SilentReporter()
    # A run counts in the same folder.
    with nullcontext() if edition.respondents == "keep" else hold_output(edition):
        report = _check(edition, methodology, engine=engine, reporter=listener).report
        return edition, report, _write_faults(report, edition)


def _load(path: Path, engine: EngineChoice | None) -> Edition:
    edition = load_edition(path)
    return edition if engine is None else engine.apply(edition)


def _check(
    edition: Edition,
    methodology: Methodology,
    *,
    engine: EngineChoice | None,
    reporter: Reporter,
) -> CheckedData:
    if edition.respondents == "keep":
        return check_data(edition, methodology, engine=engine)
    folder = find_counting_folder(edition)
    with reporter.count_rows("reading answers") as tell:
        return check_data(edition, methodology, engine=engine, folder=folder, tell=tell)


def run_edition(
    path: Path,
    *,
    reporter: Reporter | None = None,
    force: bool = False,
    engine: EngineChoice | None = None,
) -> RunOutcome:
    """Make sure that the bundle of an edition is complete and up to date.

    Parameters
    ----------
    path : Path
        The edition file.
    reporter : Reporter, optional
        Told of every step.
    force : bool
        Compute even when nothing changed.
    engine : EngineChoice, optional
        How single answers are read; as the edition says unless given.

    Returns
    -------
    RunOutcome

    Raises
    ------
    IntakeError
        If the data have faults; the fault table lists them and nothing else is written.
    EditionError
        Also if the edition is locked and was changed without a note of revision.
    ClientIndexError
        Of another class for wrong settings, an undefined statistic or an unwritable folder.
    """
    started = time.perf_counter()
    listener = reporter or SilentReporter()
    edition = _load(path, engine)
    methodology = load_methodology(edition.methodology)
    check_previous(edition, path=path)
    published = check_before_run(path, edition, listener)
    if edition.previous is not None and is_edition_file(edition.previous):
        _run_previous(edition.previous, listener)
    with hold_output(edition):
        inputs = collect_inputs(edition, published)
        if not force and _is_current(edition, inputs, listener):
            return _outcome(edition, computed=False, started=started)
        clock = _Clock(listener)
        plan = _Plan(
            path=path,
            edition=edition,
            methodology=methodology,
            inputs=inputs,
            published=published,
            engine=engine,
        )
        with lend_early(edition, methodology) as companion:
            with clock.step("checking the data"):
                checked = _check(edition, methodology, engine=engine, reporter=listener)
                _write_faults(checked.report, edition)
                checked.require_tables()
            _tell_warnings(checked.report, clock)
            _compute(plan, checked, clock, companion)
        clear_counting(edition)
    return _outcome(edition, computed=True, started=started)


def _run_previous(path: Path, reporter: Reporter) -> None:
    """Make sure that the bundle of the previous edition is up to date, and say when it was not."""
    outcome = run_edition(path)
    if outcome.computed:
        name, seconds = outcome.edition.id, outcome.seconds
        reporter.say(f"the previous edition, {name}, was computed in {seconds:.1f} s")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What a run starts from: its settings, and the inputs as they were then."""

    path: Path
    edition: Edition
    methodology: Methodology
    inputs: RunInputs | None
    published: PublishedNumbers | None
    engine: EngineChoice | None


def _outcome(edition: Edition, *, computed: bool, started: float) -> RunOutcome:
    return RunOutcome(
        edition=edition,
        bundle=edition.results_dir,
        computed=computed,
        seconds=time.perf_counter() - started,
    )


def collect_inputs(edition: Edition, published: PublishedNumbers | None) -> RunInputs | None:
    """Hash the inputs, or None when one cannot be read: intake will say which.

    `published` are the numbers that a revised edition is compared with, None without a revision.
    """
    try:
        return collect_run_inputs(
            edition,
            previous_sha256=hash_previous(edition),
            published_sha256="" if published is None else published.sha256,
        )
    except OSError:
        return None


def _is_current(edition: Edition, inputs: RunInputs | None, reporter: Reporter) -> bool:
    """Return whether the bundle is whole and was made from the same inputs.

    Whether a survey that Spark reads is the same is not known before it is counted.
    """
    folder = edition.results_dir
    if inputs is None or edition.spark_sources or not folder.exists():
        return False
    try:
        manifest = check_bundle(folder)
    except BundleError as exc:
        reporter.say(f"computing anew: {exc}")
        return False
    return manifest.fingerprint == inputs.fingerprint()


def _write_faults(report: IntakeReport, edition: Edition) -> Path:
    try:
        return write_fault_table(report.faults, edition.intake_dir)
    except OSError as exc:
        msg = (
            f"{edition.intake_dir}: cannot be written ({exc.strerror or exc}). Free disk space, "
            "make it writable, or choose another 'output' in the edition."
        )
        raise BundleError(msg) from exc


def _tell_warnings(report: IntakeReport, reporter: Reporter) -> None:
    n = len(report.faults)
    if n:
        reporter.say(
            f"{n} warning{'s' if n > 1 else ''} of the data, see intake/{FAULT_TABLE_NAME}"
        )


def _compute(plan: _Plan, checked: CheckedData, clock: _Clock, companion: Companion | None) -> None:
    edition, methodology = plan.edition, plan.methodology
    keep_freed_memory()
    tables = checked.require_tables()
    with write_folder_aside(edition.results_dir) as folder:
        with threadpool_limits(limits=MATRIX_THREADS):
            results = _run_stages(plan, checked, clock, companion)
        if plan.published is not None:
            from clientindex.pipeline.revision import compare_with_published

            results["revision"] = compare_with_published(plan.published, results)
        files = write_bundle_content(
            results,
            folder,
            edition=edition.card,
            methodology_text=edition.methodology.read_bytes(),
        )
        inputs = _confirm_inputs(plan)
        manifest = _make_manifest(edition, methodology, tables, inputs, files)
        origins = trace_results(results, edition, methodology)
        write_manifest(replace(manifest, origins=origins), folder)
        write_run_record(clock.record(), folder)


def _run_stages(
    plan: _Plan, checked: CheckedData, clock: _Clock, companion: Companion | None
) -> dict[str, Result]:
    with ExitStack() as stack:
        with clock.step("counting answers"):
            tables = checked.require_tables()
            counts = checked.counts
            if counts is None:
                counts = count_answers(tables, plan.methodology)
            work = begin_answer_work(
                plan.edition, plan.methodology, tables=tables, counts=counts, companion=companion
            )
            begun = stack.enter_context(work)
        # Statistics take two seconds to import: the companion does not wait for that, and a run
        # that only checks the data does without.
        from clientindex.pipeline.material import prepare_material
        from clientindex.pipeline.stages import run_stages

        with clock.step("means of the indicators"):
            material = prepare_material(
                plan.edition,
                plan.methodology,
                tables=tables,
                warnings=tabulate_faults(checked.report.faults).drop(columns="severity"),
                previous=load_previous(plan.edition),
                counted=counts,
            )
        return run_stages(material, clock, begun)


def _confirm_inputs(plan: _Plan) -> RunInputs:
    """Return the hashes of the inputs, which must be those that the run began with."""
    inputs = _collect_again(plan)
    if inputs is None or inputs != plan.inputs:
        msg = (
            f"{plan.edition.id}: an input or settings file changed while the run was under way. "
            "Run the edition again; the former results are untouched."
        )
        raise BundleError(msg)
    return inputs


def _collect_again(plan: _Plan) -> RunInputs | None:
    try:
        return collect_inputs(_load(plan.path, plan.engine), plan.published)
    except EditionError:
        return None


def _make_manifest(
    edition: Edition,
    methodology: Methodology,
    tables: IntakeTables,
    inputs: RunInputs,
    files: dict[str, str],
) -> Manifest:
    inputs = inputs.fill({file.path.name: file.sha256 for file in tables.inputs})
    return Manifest(
        fingerprint=inputs.fingerprint(),
        edition_id=edition.id,
        methodology_id=methodology.id,
        edition_sha256=inputs.edition_sha256,
        methodology_sha256=inputs.methodology_sha256,
        code_sha256=inputs.code_sha256,
        code_version=inputs.code_version,
        python_version=inputs.python_version,
        packages=inputs.packages,
        seed=edition.seed,
        inputs=tuple(
            InputRecord(name=file.path.name, sha256=file.sha256, n_rows=file.n_rows)
            for file in tables.inputs
        ),
        files=files,
        previous_sha256=inputs.previous_sha256,
        published_sha256=inputs.published_sha256,
    )


class _Clock:
    """A reporter that also keeps the seconds of every step."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._seconds: dict[str, float] = {}

    @contextmanager
    def step(self, message: str) -> Iterator[None]:
        started = time.perf_counter()
        with self._reporter.step(message):
            yield
        self._seconds[message] = round(time.perf_counter() - started, 3)

    def say(self, message: str) -> None:
        self._reporter.say(message)

    def count_rows(self, message: str) -> AbstractContextManager[Tell]:
        return self._reporter.count_rows(message)

    def record(self) -> RunRecord:
        # A stage may have run beside us, in a process of its own: at most both peaks at once.
        who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        peak = sum(resource.getrusage(one).ru_maxrss for one in who)
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return RunRecord(seconds=self._seconds, peak_memory_mib=round(peak / unit, 1))
