"""A small survey in several files, read at once or in pieces, for tests of streaming."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from clientindex.counts import ARRAYS, PairCounts, count_pairs
from clientindex.edition import Edition
from clientindex.edition.file_sets import expand_survey
from clientindex.intake.pieces import PieceSize
from clientindex.methodology import Methodology
from clientindex.pipeline.counting import EngineChoice, EngineName, find_counting_folder
from clientindex.pipeline.data_check import CheckedData, check_data

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
TEXT = {"ru": "текст", "en": "text"}
KEYS = ("a", "b", "c")
CENTRES = ("001", "002", "003", "004")
TINY = PieceSize(n_bytes=200, n_rows=3, n_piece_rows=7)


def make_small_methodology() -> Methodology:
    """Return three indicators in two groups, two segments, missing codes 98 and 99."""
    raw = YAML(typ="safe").load((ROOT / "methodology" / "2026.yml").read_text(encoding="utf-8"))
    texts = {"name": TEXT, "question": TEXT, "direction": "positive"}
    groups = [
        {"key": "g1", "name": TEXT, "weight": 0.5, "indicators": ["a", "b"]},
        {"key": "g2", "name": TEXT, "weight": 0.5, "indicators": ["c"]},
    ]
    indicators = [{"key": key, **texts} for key in KEYS]
    return Methodology.model_validate(
        raw | {"groups": groups, "indicators": indicators, "checklist": None}
    )


def draw_people(seed: int, n: int, *, first_id: int = 0) -> pd.DataFrame:
    """Return answers as text, some missing, with a comment that holds the awkward characters."""
    rng = np.random.default_rng(seed)
    answers = {key: rng.choice(["1", "2", "3", "4", "5", "98", "99", ""], n) for key in KEYS}
    comments = ['"', "а;б", 'он сказал: "да"', "две\nстроки", "", "просто"]
    return pd.DataFrame(
        {
            "respondent": [str(first_id + row) for row in range(n)],
            "centre": rng.choice(CENTRES, n),
            "segment": rng.choice(["citizens", "employers"], n),
            "period": rng.choice(["Q1", "Q2"], n),
            **answers,
            "comment": rng.choice(comments, n),
        }
    )


@dataclass
class NationalSurvey:
    """Files of a survey in a folder, and the edition that names them."""

    folder: Path
    methodology: Methodology = field(default_factory=make_small_methodology)
    survey: list[dict[str, Any]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)

    def write_csv(self, name: str, people: pd.DataFrame, **how: Any) -> Path:
        """Write a file of answers as delimited text and name it in the edition."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        people.to_csv(path, index=False, **how)
        return path

    def write_parquet(self, name: str, people: pd.DataFrame, *, rows: int = 5) -> Path:
        """Write a file of answers with answers as numbers, `rows` rows a row group."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        numbers = {key: pd.to_numeric(people[key]) for key in KEYS}
        people.assign(**numbers).to_parquet(path, row_group_size=rows)
        return path

    def use(self, *survey: dict[str, Any], **settings: Any) -> None:
        """Name files of the survey, and further settings of the edition."""
        self.survey, self.settings = list(survey), settings

    def write_register(self) -> None:
        """Write a register of all centres."""
        frame = pd.DataFrame({"centre": CENTRES, "name": CENTRES, "region": "R", "visitors": ""})
        frame.to_csv(self.folder / "register.csv", index=False)

    def edition(self, respondents: str) -> Edition:
        """Return the edition, loaded."""
        register = self.folder / "register.csv"
        named = {"register": {"file": "register.csv"}} if register.exists() else {}
        edition = Edition.model_validate(
            {
                "schema": 1,
                "id": "test",
                "year": 2026,
                "title": TEXT,
                "publisher": TEXT,
                "cut_off": "2026-06-30",
                "published": "2026-09-01",
                "methodology": "methodology.yml",
                "seed": 0,
                "respondents": respondents,
                "data": {"survey": self.survey, **named},
                "reports": "reports",
                "output": "out",
                **self.settings,
            },
            context={"base": self.folder},
        )
        return expand_survey(edition)

    def keep(self) -> CheckedData:
        """Read the survey into memory."""
        return check_data(self.edition("keep"), self.methodology)

    def count(
        self, size: PieceSize = TINY, *, anew: bool = True, engine: EngineName = "stream"
    ) -> CheckedData:
        """Count the survey in pieces; `anew` forgets what was counted before."""
        edition = self.edition("count")
        folder = find_counting_folder(edition)
        if anew:
            shutil.rmtree(folder, ignore_errors=True)
        choice = EngineChoice(name=engine, size=size)
        return check_data(edition, self.methodology, engine=choice, folder=folder)

    def count_kept(self) -> PairCounts:
        """Return the counts of the answers in memory."""
        responses = self.keep().require_tables().responses
        assert responses is not None
        return count_pairs(responses, self.methodology)


def list_differences(found: PairCounts, expected: PairCounts) -> list[str]:
    """Return the tables in which two counts differ."""
    different = [
        name
        for name in ARRAYS
        if not np.array_equal(getattr(found, name), getattr(expected, name))
        or getattr(found, name).dtype != getattr(expected, name).dtype
    ]
    return different if found.units.equals(expected.units) else ["units", *different]


def list_faults(checked: CheckedData) -> list[tuple[object, ...]]:
    """Return the faults, sorted, without the words for repeated respondents, which differ."""
    return sorted(
        (
            fault.code,
            fault.severity,
            fault.file,
            fault.row or 0,
            fault.column,
            "" if fault.code == "E-RESPONDENT-TWICE" else fault.read,
        )
        for fault in checked.report.faults
    )


def name_codes(checked: CheckedData) -> Sequence[str]:
    """Return the codes of the errors, sorted."""
    return sorted({f.code for f in checked.report.faults if f.severity == "error"})
