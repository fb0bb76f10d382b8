"""Respondents of four centres that R's survey package weighted, as tables of intake."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from clientindex.intake.tables import IntakeTables, Responses, Trait
from clientindex.methodology import Methodology

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "tests" / "reference" / "rating"
TEXT = {"ru": "текст", "en": "text"}
KEYS = ("a", "b", "c")


def read_reference(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"answer_weights_{name}.csv", skipinitialspace=True)


def make_trait(texts: pd.Series) -> Trait:
    levels = ("", *sorted(set(texts) - {""}))
    return Trait(levels=levels, codes=pd.Index(levels).get_indexer(pd.Index(texts)).astype("i4"))


@dataclass
class People:
    """Respondents, margins and how to make tables of them."""

    frame: pd.DataFrame
    margins: pd.DataFrame

    def tables(self, **changes: Any) -> IntakeTables:
        frame = self.frame
        units = frame[["centre", "segment"]].assign(period="")
        distinct = units.drop_duplicates().sort_values(["centre", "segment"], ignore_index=True)
        row = pd.MultiIndex.from_frame(distinct).get_indexer(pd.MultiIndex.from_frame(units))
        responses = Responses(
            units=distinct,
            unit_of=row.astype(np.int32),
            codes=frame[list(KEYS)].to_numpy(np.uint8),
            traits={name: make_trait(frame[name]) for name in ("sex", "age")},
            weight=frame["weight"].to_numpy(float),
        )
        register = frame[["centre", "region", "visitors"]].drop_duplicates("centre")
        content = {
            "register": register.assign(name=register["centre"]),
            "responses": responses,
            "option_counts": None,
            "unit_means": None,
            "checklist_items": None,
            "checklist_scores": None,
            "no_answer": pd.DataFrame(),
            "inputs": (),
            "margins": self.margins,
        }
        return IntakeTables(**(content | changes))


def make_plain(
    groups: dict[str, list[str]], *, segments: tuple[str, ...] = ("citizens",)
) -> Methodology:
    """Return the methodology of 2026 with other indicators, answered 1-5, all of equal weight."""
    raw = YAML(typ="safe").load((ROOT / "methodology" / "2026.yml").read_text(encoding="utf-8"))
    keys = [key for members in groups.values() for key in members]
    texts = {"name": TEXT, "question": TEXT}
    return Methodology.model_validate(
        raw
        | {
            "checklist": None,
            "segments": [{"key": s, "name": TEXT, "weight": 1 / len(segments)} for s in segments],
            "groups": [
                {"key": key, "name": TEXT, "weight": 1 / len(groups), "indicators": members}
                for key, members in groups.items()
            ],
            "indicators": [{"key": key, **texts} for key in keys],
            "factors": {**raw["factors"], "n_factors": 1},
        }
    )
