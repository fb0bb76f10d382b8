"""Stream many respondents, made on the fly, and watch that the memory stays flat.

Answers pass the program's own checks and counting (`clientindex.streaming.Accumulator`, which runs
on this machine and on a cluster); nothing is written but the ids, by which repeated respondents are
found at the end. Writes docs/load.md and docs/load.svg::

    make load                # 100 million respondents
    make load ROWS=1000000
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from clientindex.edition import SurveySource
from clientindex.figures import colours, figure_to_svg, house_style
from clientindex.figures.style import new_figure
from clientindex.intake.log import FaultLog
from clientindex.intake.pieces.needed import make_encoder
from clientindex.intake.raw import RawBatch, make_table
from clientindex.intake.roles import CentreList
from clientindex.methodology import load_methodology
from clientindex.streaming import Accumulator, CountingJob
from clientindex.streaming.respondent_ids import IdRecords, find_repeats, save_records

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
MILLION = 1_000_000
BATCH = 2**18
N_CENTRES = 2_000
CENTRES = np.array([f"C{number:05d}" for number in range(N_CENTRES)])
IDS_EVERY = 4
"""Batches whose ids are sorted into one file."""

ANSWER_OF_BYTE = np.searchsorted([8, 21, 46, 110, 187], np.arange(256), side="right").astype(
    np.int8
)
"""A random byte to an answer, 0 = none (3 %)."""


@dataclass(frozen=True)
class Mark:
    """What had been reached after some rows: seconds of work, and memory of the process in MB."""

    rows: int
    seconds: float
    memory: float


def make_batch(
    rng: np.random.Generator, start: int, n: int, keys: tuple[str, ...]
) -> pa.RecordBatch:
    """Return answers of `n` respondents, of whom the first is number `start`."""
    codes = ANSWER_OF_BYTE[np.frombuffer(rng.bytes(n * len(keys)), np.uint8)].reshape(len(keys), n)
    columns = {
        key: pa.array(codes[place], mask=codes[place] == 0) for place, key in enumerate(keys)
    }
    centre = rng.integers(0, N_CENTRES, n, dtype=np.int32)
    return pa.record_batch(
        {
            "respondent": pa.array(np.arange(start, start + n)).cast(pa.string()),
            "centre": pa.DictionaryArray.from_arrays(centre, CENTRES),
            **columns,
        }
    )


def read_memory() -> float:
    """Return the memory that this process holds now, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def stream(n_rows: int, folder: Path) -> tuple[list[Mark], float, int]:
    """Count `n_rows` respondents; return marks, seconds of the search for repeats, and units."""
    methodology = load_methodology(ROOT / "methodology" / "2026.yml")
    source = SurveySource.model_validate({"file": "made.parquet", "segment": "citizens"})
    centres = CentreList(known=frozenset(CENTRES.tolist()))
    job = CountingJob(methodology=methodology, centres=centres)
    log = FaultLog()
    accumulator = Accumulator(source, job, log)
    encode = make_encoder(source, methodology)
    rng = np.random.default_rng(1)
    ids, marks, worked = IdRecords(), [], 0.0
    for number, start in enumerate(range(0, n_rows, BATCH)):
        batch = make_batch(rng, start, min(BATCH, n_rows - start), methodology.indicator_keys)
        began = time.perf_counter()
        columns = [
            encode(name, batch.column(place)) for place, name in enumerate(batch.schema.names)
        ]
        rows = np.arange(start + 2, start + 2 + len(batch))
        table = make_table("made.parquet", columns, rows=rows, decimal=".")
        accumulator.add(RawBatch(table=table, n_records=len(batch)))
        if number % IDS_EVERY == IDS_EVERY - 1 or start + BATCH >= n_rows:
            ids += save_records([accumulator.take_ids()], folder / f"{number}.ids")
        worked += time.perf_counter() - began
        marks.append(Mark(start + len(batch), worked, read_memory()))
    part = accumulator.finish()
    counted = int(part.counts.n.sum())
    faults = part.facts.log.faults
    if counted != n_rows or faults:
        sys.exit(f"{counted} of {n_rows} respondents were counted, faults: {faults[:3]}")
    began = time.perf_counter()
    if find_repeats([ids], limit=20):
        sys.exit("repeated respondents were found where there are none")
    return marks, time.perf_counter() - began, len(part.counts.units)


def draw(marks: list[Mark]) -> bytes:
    """Draw memory and rows a second against rows."""
    rows = np.array([mark.rows for mark in marks]) / MILLION
    with house_style():
        figure = new_figure(2.6)
        left, right = figure.subplots(1, 2)
        left.plot(rows, [mark.memory for mark in marks], color=colours.ESTIMATE)
        left.set_ylim(bottom=0)
        left.set_ylabel("memory of the process, MB")
        right.plot(rows, [mark.seconds for mark in marks], color=colours.ESTIMATE)
        right.set_ylim(bottom=0)
        right.set_ylabel("seconds of checking and counting")
        for ax in (left, right):
            ax.set_xlabel("respondents, millions")
        return figure_to_svg(figure)


def write_page(marks: list[Mark], repeats: float, n_units: int) -> str:
    """Return the page."""
    shown = [
        marks[place] for place in np.linspace(0, len(marks) - 1, min(11, len(marks))).astype(int)
    ]
    lines = [
        f"| {mark.rows / MILLION:.2f} | {mark.seconds:.1f} | {mark.rows / mark.seconds:,.0f} | "
        f"{mark.memory:.0f} |"
        for mark in shown
    ]
    memory = [mark.memory for mark in marks[len(marks) // 10 :]]
    last = marks[-1]
    python = f"Python {platform.python_version()}, numpy {np.__version__}, pyarrow {pa.__version__}"
    return f"""# One pass over many respondents

`make load` on {platform.system()} {platform.machine()}, one of
{len(os.sched_getaffinity(0))} processors used; {python}.
{last.rows:,} respondents of {n_units:,} centres, 20 indicators, 3 % of the answers missing, made on
the fly and passed in batches of {BATCH:,} to the function that checks, codes and counts. Their ids
go to disk as hashes; the search for respondents who stand twice took {repeats:.1f} s at the end.

Seconds are those of checking and counting, without making the data.

| millions of respondents | seconds | respondents a second | memory of the process, MB |
|---:|---:|---:|---:|
{chr(10).join(lines)}

After the first tenth the memory lay between {min(memory):.0f} and {max(memory):.0f} MB.

![Memory and time against respondents](load.svg)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100 * MILLION)
    parser.add_argument("--to", type=Path, default=DOCS, help="folder of the page")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir=ROOT / "data_processed"))
    try:
        marks, repeats, n_units = stream(asked.rows, folder)
    finally:
        shutil.rmtree(folder)
    asked.to.mkdir(parents=True, exist_ok=True)
    (asked.to / "load.svg").write_bytes(draw(marks))
    (asked.to / "load.md").write_text(write_page(marks, repeats, n_units), encoding="utf-8")
    print(
        f"{marks[-1].rows:,} respondents in {marks[-1].seconds:.1f} s; see {asked.to.name}/load.md"
    )


if __name__ == "__main__":
    main()
