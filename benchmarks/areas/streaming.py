"""From files of answers to counts: reading, checking against the codebook and counting."""

from __future__ import annotations

import numpy as np
import pandas as pd
from frame import Area, Bound, Contender, Quantity
from pyarrow import parquet
from side_by_side import make_methodology

from areas.counts import count_one_hot, sum_centres, take_pairs
from areas.editions import find_files, write_parquet
from areas.sizes import CENTRES, GROWTH, QUICK
from clientindex.counts import count_pairs
from clientindex.edition import load_edition
from clientindex.intake import require_tables, run_intake
from clientindex.methodology import load_methodology
from clientindex.pipeline.counting import EngineChoice, clear_counting
from clientindex.pipeline.data_check import check_data

BATCH = 2**17
KEYS = list(make_methodology().indicator_keys)


def check_and_count(files):
    """Read and check everything, then count: answers of all respondents are in memory."""
    edition = load_edition(files.edition)
    methodology = load_methodology(edition.methodology)
    tables = require_tables(run_intake(edition, methodology))
    return count_pairs(tables.responses, methodology)


def stream(files):
    """Check and count piece by piece; nothing that an earlier run counted is taken over."""
    engine = EngineChoice(name="stream")
    edition = engine.apply(load_edition(files.edition))
    clear_counting(edition)
    methodology = load_methodology(edition.methodology)
    checked = check_data(edition, methodology, engine=engine)
    checked.require_tables()
    return checked.counts


def read_by_pandas(files):
    tables = [pd.read_parquet(path, columns=KEYS) for path in files.answers]
    codes = pd.concat(tables).fillna(0).to_numpy(np.uint8)
    return count_one_hot(codes)


def read_in_batches(files):
    """Count batch after batch, so that memory does not grow with the files."""
    total = 0.0
    for path in files.answers:
        for batch in parquet.ParquetFile(path).iter_batches(BATCH, columns=KEYS):
            columns = [
                column.fill_null(0).to_numpy(zero_copy_only=False) for column in batch.columns
            ]
            total = total + count_one_hot(np.stack(columns, axis=1).astype(np.uint8))
    return total


PARQUET = Quantity(
    key="parquet",
    title="Parquet files to tables of all pairs",
    what=(
        "Ours compares every answer, centre and respondent with the codebook and the register and "
        "counts every centre apart, piece by piece in two processes for large files, or with all "
        "answers in memory. The peers check nothing and count all centres together. Files "
        "were just written, so that they are read from the memory of the system. Compared: tables "
        "summed over centres."
    ),
    prepare=write_parquet,
    patience=4.0,
    sizes=(*GROWTH, *CENTRES),
    quick=QUICK,
    bound=lambda size: Bound(
        what="reading one byte an answer from files that are in memory",
        amount=len(KEYS) * size.respondents,
        resource="disk",
    ),
    contenders=(
        Contender(
            name="clientindex, piece by piece",
            load=find_files,
            run=stream,
            numbers=sum_centres,
            threads=2,
        ),
        Contender(
            name="clientindex, all in memory",
            load=find_files,
            run=check_and_count,
            numbers=sum_centres,
        ),
        Contender(
            name="pyarrow in batches, one-hot matrix product",
            load=find_files,
            run=read_in_batches,
            numbers=take_pairs,
            package="pyarrow",
        ),
        Contender(
            name="pandas, one-hot matrix product",
            load=find_files,
            run=read_by_pandas,
            numbers=take_pairs,
            package="pandas",
        ),
    ),
)

AREA = Area(key="streaming", title="Reading files", quantities=(PARQUET,))
