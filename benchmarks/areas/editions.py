"""Editions of any size below a folder, for what is measured from files on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet
from ruamel.yaml import YAML
from side_by_side import make_methodology

from areas.material import PIECE, draw_answers
from clientindex.edition import load_edition
from clientindex.simulate import simulate_edition, write_pilot

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "editions" / "demo.yml"
SEGMENTS = ("citizens", "employers")
CITIZENS = 0.8
"""Share of the respondents, as in the demo edition."""

REGIONS = 13
MISSING = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Where an edition's settings and answers are."""

    edition: Path
    answers: tuple[Path, ...] = ()


def write_settings(folder, **changes):
    """Write the demo's settings below a folder with other values; None takes a setting away."""
    yaml = YAML(typ="safe", pure=True)
    settings = yaml.load(DEMO.read_text(encoding="utf-8"))
    settings |= {
        "id": "bench",
        "methodology": str(ROOT / "methodology" / "2026.yml"),
        "reports": str(ROOT / "reports"),
        "output": str(folder / "out"),
        "previous": None,
        "renamed": None,
        **changes,
    }
    path = folder / "bench.yml"
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump({key: value for key, value in settings.items() if value is not None}, stream)
    return path


def simulate(size, folder):
    """Write an edition with all its files as `clientindex simulate` does."""
    data = YAML(typ="safe", pure=True).load(DEMO.read_text(encoding="utf-8"))["data"]
    path = write_settings(
        folder,
        data=_move(data, str(folder / "data")),
        simulation={
            "centres": size.centres,
            "citizens": round(CITIZENS * size.respondents),
            "employers": size.respondents - round(CITIZENS * size.respondents),
        },
    )
    edition = load_edition(path)
    write_pilot(simulate_edition(edition), edition)


def _move(value, folder):
    """Return settings whose files lie in another folder than the demo's."""
    if isinstance(value, dict):
        return {key: _move(one, folder) for key, one in value.items()}
    if isinstance(value, list):
        return [_move(one, folder) for one in value]
    if isinstance(value, str):
        return value.replace("../data_raw/demo", folder)
    return value


def write_parquet(size, folder):
    """Write answers as Parquet, a register, and an edition that reads them."""
    keys = make_methodology().indicator_keys
    centres = np.array([f"c{number:05d}" for number in range(size.centres)])
    _write_register(centres, folder)
    rng = np.random.default_rng(2)
    place = rng.standard_normal(size.centres)
    for number, segment in enumerate(SEGMENTS):
        share = CITIZENS if number == 0 else 1 - CITIZENS
        n = round(share * size.respondents)
        _write_answers(folder / f"{segment}.parquet", n, keys, centres, place, rng)
    survey = [
        {
            "file": str(folder / f"{segment}.parquet"),
            "segment": segment,
            "columns": {"respondent": "respondent_id", "centre": "centre_id"},
        }
        for segment in SEGMENTS
    ]
    register = {
        "file": str(folder / "register.csv"),
        "columns": {"centre": "centre_id", "name": "name", "region": "region"},
    }
    data = {"survey": survey, "register": register}
    write_settings(folder, data=data, simulation=None, synthetic=None)


def _write_register(centres, folder):
    regions = [f"r{number % REGIONS:02d}" for number in range(len(centres))]
    register = pd.DataFrame({"centre_id": centres, "name": centres, "region": regions})
    register.to_csv(folder / "register.csv", index=False)


def _write_answers(path, n, keys, centres, place, rng):
    writer = None
    for start in range(0, n, PIECE):
        rows = min(PIECE, n - start)
        own = rng.integers(0, len(centres), rows)
        codes = draw_answers(place[own], rng, missing=MISSING)
        columns = {
            "respondent_id": pa.array(np.arange(start, start + rows).astype(str)),
            "centre_id": pa.array(centres[own]).dictionary_encode(),
        }
        for at, key in enumerate(keys):
            columns[key] = pa.array(codes[:, at].astype(np.int8), mask=codes[:, at] == 0)
        table = pa.table(columns)
        writer = writer or parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def find_files(folder, size):
    """Return where the files of an edition are."""
    del size
    answers = tuple(sorted(folder.glob("*.parquet")))
    return Files(edition=folder / "bench.yml", answers=answers)
