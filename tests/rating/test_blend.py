"""Checklists in the scores, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from clientindex.rating.blend import blend_checklists, take_composites
from clientindex.results import Scores


@pytest.fixture
def scores() -> Scores:
    rows = [
        ("A", "citizens", "index", "index", 60.0),
        ("A", "all", "index", "index", 60.0),
        ("A", "all", "group", "front", 50.0),
        ("B", "all", "index", "index", 70.0),
        ("B", "all", "group", "front", np.nan),
    ]
    frame = pd.DataFrame(rows, columns=["centre", "segment", "kind", "key", "estimate"])
    frame = frame.assign(std_error=4.0, df=29.0, ci_low=0.0, ci_high=100.0, n=30)
    return Scores(frame=frame, level=0.95, std_error_method="exact", fpc_used=False, n_reweighted=0)


def test_a_checklist_has_its_share_of_what_both_have(scores: Scores) -> None:
    checklists = pd.DataFrame(
        [("A", "index", 90.0, 9.0), ("A", "front", np.nan, 0.0), ("B", "front", 80.0, 0.0)],
        columns=["centre", "key", "estimate", "variance"],
    )
    frame = blend_checklists(scores, checklists, weight=0.25).frame
    estimates = [60, 0.75 * 60 + 0.25 * 90, 50, 70]
    assert frame["estimate"].tolist()[:4] == pytest.approx(estimates)
    assert np.isnan(frame["estimate"].iloc[4])
    error = np.sqrt(0.75**2 * 16 + 0.25**2 * 9)
    assert frame["std_error"].tolist()[:4] == pytest.approx([4, error, 4, 4])
    df = 29 * error**4 / (0.75**2 * 16) ** 2
    assert frame["df"].tolist()[:4] == pytest.approx([29, df, 29, 29])
    assert frame["ci_high"].iloc[1] == pytest.approx(67.5 + t.ppf(0.975, df) * error, abs=1e-9)
    assert frame["ci_low"].iloc[0] == 0.0
    assert scores.frame["estimate"].iloc[1] == 60


def test_composites_stand_where_the_rule_blends(scores: Scores) -> None:
    centres = pd.DataFrame(
        {
            "centre": ["A", "B"],
            "weight": [0.4375, 0.4375],
            "composite": [64.0, 75.0],
            "composite_error": [3.0, 3.0],
            "decision": ["blended", "checklist_dropped"],
        }
    )
    frame = take_composites(scores, centres).frame
    assert frame["estimate"].tolist()[:4] == [60, 64, 50, 70]
    assert frame["std_error"].tolist()[:4] == [4, 3, 4, 4]
    # Of 3² the survey has (0.5625 * 4)²; the rest is known.
    assert frame["df"].tolist()[:4] == pytest.approx([29, 29 * 81 / 0.5625**4 / 256, 29, 29])
