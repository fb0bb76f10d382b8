"""A small methodology, good files, and a desk to spoil them on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from clientindex.edition import Edition
from clientindex.intake import DataFault, IntakeReport, run_intake
from clientindex.methodology import Methodology

ROOT = Path(__file__).parents[2]
TEXT = {"ru": "текст", "en": "text"}

SURVEY = """respondent,centre,segment,period,a,b,c
1,001,citizens,Q1,5,4,1
2,001,citizens,Q1,4,3,2
3,002,citizens,Q1,3,99,5
4,003,citizens,Q1,1,,3
5,004,citizens,Q1,2,98,4
1,001,employers,Q1,5,5,1
2,004,employers,Q2,4,3,2
"""
REGISTER = """centre,name,region,visitors
001,ЦЗН г. Брянска,Брянская область,100
002,ЦЗН г. Клинцы,Брянская область,50
003,ЦЗН г. Пскова,Псковская область,
004,ЦЗН г. Великие Луки,Псковская область,70
"""
CHECKLIST = """centre,item,answer
001,a1,да
001,a2,1
001,c1,нет
002,a1,0
002,a2,н/п
003,a1,9
004,c1,yes
"""
COUNTS = """centre,segment,indicator,answer,n
001,citizens,a,1,2
001,citizens,a,5,8
001,citizens,a,98,1
001,citizens,a,99,3
002,citizens,a,4,6
003,citizens,b,3,5
003,citizens,b,4,5
004,citizens,c,1,7
004,citizens,c,2,7
"""
MEANS = """centre,segment,indicator,mean,n,sd
001,citizens,a,4,10,0.5
002,citizens,a,3,12,1
003,citizens,b,2.5,8,
003,citizens,c,2,8,1
004,citizens,b,5,,
004,citizens,c,4.5,9,0
"""


@pytest.fixture(scope="session")
def methodology() -> Methodology:
    """Three indicators (the last reverse-keyed) in two groups, two segments, three items."""
    raw = YAML(typ="safe").load((ROOT / "methodology" / "2026.yml").read_text(encoding="utf-8"))

    def indicator(key: str, *items: str, direction: str = "positive") -> dict[str, Any]:
        checklist = [{"key": item, "text": TEXT} for item in items]
        texts = {"name": TEXT, "question": TEXT}
        return {"key": key, **texts, "direction": direction, "checklist": checklist}

    return Methodology.model_validate(
        raw
        | {
            "groups": [
                {"key": "g1", "name": TEXT, "weight": 0.5, "indicators": ["a", "b"]},
                {"key": "g2", "name": TEXT, "weight": 0.5, "indicators": ["c"]},
            ],
            "indicators": [
                indicator("a", "a1", "a2"),
                indicator("b"),
                indicator("c", "c1", direction="negative"),
            ],
        }
    )


@dataclass
class Desk:
    """Good files in a folder, and an edition that names them."""

    folder: Path
    methodology: Methodology

    def __post_init__(self) -> None:
        texts = {"survey": SURVEY, "register": REGISTER, "checklist": CHECKLIST}
        texts |= {"counts": COUNTS, "means": MEANS}
        for name, text in texts.items():
            self.write(f"{name}.csv", text)
        self.settings: dict[str, Any] = {}
        """Further settings of the edition."""
        self.data: dict[str, Any] = {
            "survey": [{"file": "survey.csv"}],
            "register": {"file": "register.csv"},
            "checklist": {"file": "checklist.csv"},
        }

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    def spoil(self, name: str, old: str, new: str) -> None:
        """Replace one piece of text in a file."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (name, old)
        self.write(name, text.replace(old, new))

    def use(self, *survey: dict[str, Any], **others: Any) -> None:
        """Name other files in the edition."""
        if survey:
            self.data["survey"] = list(survey)
        self.data |= others

    def revise(self, **changes: Any) -> None:
        """Change the methodology."""
        raw = self.methodology.model_dump(by_alias=True)
        self.methodology = Methodology.model_validate(raw | changes)

    def edition(self) -> Edition:
        return Edition.model_validate(
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
                "data": {key: value for key, value in self.data.items() if value is not None},
                "reports": "reports",
                "output": "out",
                **self.settings,
            },
            context={"base": self.folder},
        )

    def run(self) -> IntakeReport:
        return run_intake(self.edition(), self.methodology)

    def find(self, code: str) -> list[DataFault]:
        """Return the faults of one code; those faults alone may stop the run."""
        report = self.run()
        assert report.has_errors == (report.tables is None)
        return [fault for fault in report.faults if fault.code == code]

    def find_one(self, code: str) -> DataFault:
        (fault,) = self.find(code)
        return fault


@pytest.fixture
def desk(tmp_path: Path, methodology: Methodology) -> Desk:
    return Desk(folder=tmp_path, methodology=methodology)


@pytest.fixture
def totals(desk: Desk) -> Desk:
    """Return a desk whose survey is option counts and means."""
    desk.use(
        {"file": "counts.csv", "kind": "option_counts"}, {"file": "means.csv", "kind": "unit_means"}
    )
    return desk
