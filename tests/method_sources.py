"""Both sources made up from arrays, for tests of the models of two methods."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from clientindex.agreement.sources import TwoSources
from clientindex.methodology import Methodology

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHODOLOGY = Path(__file__).parents[1] / "methodology" / "2026.yml"
TEXT = {"ru": "текст", "en": "text"}


def make_methodology(groups: dict[str, tuple[str, ...]], **settings: object) -> Methodology:
    """Make a methodology of equal weights; `settings` replace those of the comparison."""
    raw = YAML(typ="safe").load(METHODOLOGY.read_text(encoding="utf-8"))
    raw["groups"] = [
        {"key": key, "name": TEXT, "weight": 1 / len(groups), "indicators": list(keys)}
        for key, keys in groups.items()
    ]
    raw["indicators"] = [
        {"key": key, "name": TEXT, "question": TEXT} for keys in groups.values() for key in keys
    ]
    raw["factors"]["n_factors"] = 1
    raw["agreement"] = settings
    return Methodology.model_validate(raw)


def make_sources(
    methodology: Methodology,
    *,
    survey: NDArray[np.float64],
    checklist: NDArray[np.float64],
    regions: NDArray[np.intp],
    sampling: NDArray[np.float64] | None = None,
    second: NDArray[np.float64] | None = None,
    kind: str = "indicator",
) -> TwoSources:
    """Put scores of one kind into both sources; the other scores stay missing.

    Sampling covariances default to zero.
    """
    count = len(survey)
    subjects = ("index", *methodology.group_keys, *methodology.indicator_keys)
    groups, indicators = len(methodology.group_keys), len(methodology.indicator_keys)
    kinds = ("index", *["group"] * groups, *["indicator"] * indicators)
    at = np.flatnonzero(np.array(kinds) == kind)

    def spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
        full = np.full((count, len(subjects)), np.nan)
        full[:, at] = values
        return full

    covariance = np.full((count, len(subjects), len(subjects)), np.nan)
    covariance[:, at[:, None], at] = 0.0 if sampling is None else sampling
    return TwoSources(
        centres=tuple(f"C{i}" for i in range(count)),
        names=tuple(f"C{i}" for i in range(count)),
        regions=np.array([f"R{code}" for code in regions]),
        kinds=kinds,
        subjects=subjects,
        survey=spread(survey),
        checklist=spread(checklist),
        covariance=covariance,
        n=spread(np.full_like(survey, 100.0)),
        items=np.empty((count, 0)),
        item_of=np.empty(0, dtype=np.intp),
        second=None if second is None else spread(second),
        periods=(),
        excluded=pd.DataFrame(columns=["centre", "region", "reason", "detail"], dtype="str"),
    )
