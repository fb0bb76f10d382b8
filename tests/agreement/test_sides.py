"""Reliability of each side: the numbers of the reliability analysis, and visits of known error."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from clientindex.agreement.sides import assess_sides
from clientindex.reliability.centres import assess_centres
from clientindex.reliability.scopes import list_scopes

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.results import SideReliability
    from small_pilot import SmallPilot

KEYS = ["centre", "group"]
NUMBERS = ["estimate", "ci_low", "ci_high"]


@pytest.fixture(scope="module")
def sides(small_pilot: SmallPilot) -> SideReliability:
    return assess_sides(small_pilot.sources, small_pilot.moments, small_pilot.methodology)


def find(sides: SideReliability, subject: str, side: str) -> pd.DataFrame:
    frame = sides.frame
    rows = (frame["subject"] == subject) & (frame["side"] == side)
    return frame[rows].set_index("statistic")


def test_survey_side_is_that_of_the_reliability_chapter(
    small_pilot: SmallPilot, sides: SideReliability
) -> None:
    regions = dict(
        zip(small_pilot.sources.centres, small_pilot.sources.regions.tolist(), strict=True)
    )
    scopes = list_scopes(small_pilot.counts, small_pilot.methodology, regions)[:1]
    chapter = assess_centres(scopes, small_pilot.methodology).centres
    wanted = chapter.sort_values(KEYS)[NUMBERS].to_numpy()
    found = sides.centres.rename(columns={"subject": "group"}).sort_values(KEYS)
    assert len(found) == 80 * 6
    assert found[NUMBERS].to_numpy() == pytest.approx(wanted, rel=1e-12)
    row = find(sides, "index", "survey")
    of_index = chapter[chapter["group"] == "index"]
    assert row.loc["mean_reliability", "estimate"] == pytest.approx(of_index["estimate"].mean())
    assert row.loc["share_provisional", "estimate"] == (of_index["estimate"] < 0.6).mean()


def test_checklists_of_known_error_have_its_reliability(small_pilot: SmallPilot) -> None:
    """True SD 9 and error SD 4 of every checklist: reliability 81 / 97."""
    rng = np.random.default_rng(8)
    small, at = small_pilot.sources, small_pilot.sources.place("index")
    held, estimates = 0, []
    for _ in range(200):
        truth = rng.normal(60, 9, 80)
        first, second = small.checklist.copy(), np.full_like(small.checklist, np.nan)
        first[:, at] = truth + rng.normal(0, 4, 80)
        second[:25, at] = truth[:25] + rng.normal(0, 4, 25)
        sources = replace(small, checklist=first, second=second)
        rows = find(
            assess_sides(sources, small_pilot.moments, small_pilot.methodology),
            "index",
            "checklist",
        )
        estimates.append(rows.loc["error_sd", "estimate"] ** 2)
        row = rows.loc["reliability"]
        held += row["ci_low"] <= 81 / 97 <= row["ci_high"]
        assert row["n"] == 25
    assert np.mean(estimates) == pytest.approx(16, rel=0.05)
    assert 0.90 < held / 200 < 0.99


def test_the_pilot_s_second_visits_tell_the_checklist_s_reliability(
    sides: SideReliability,
) -> None:
    rows = find(sides, "index", "checklist")
    assert sides.n_twice == 12
    assert rows.loc["bias", "ci_low"] < 0 < rows.loc["bias", "ci_high"]
    assert 0.5 < rows.loc["icc_c1", "estimate"] < 1


def test_without_second_checklists_alpha_does_not_stand_in(small_pilot: SmallPilot) -> None:
    once = replace(small_pilot.sources, second=None)
    found = assess_sides(once, small_pilot.moments, small_pilot.methodology)
    assert find(found, "index", "checklist").empty
    reasons = found.left_out[found.left_out["statistic"] == "checklist"]["reason"]
    assert set(reasons) == {"no_second_checklist"}
    assert len(reasons) == 6


def test_two_centres_seen_twice_are_too_few(small_pilot: SmallPilot) -> None:
    second = np.full_like(small_pilot.sources.checklist, np.nan)
    second[:2] = small_pilot.sources.checklist[:2]
    found = assess_sides(
        replace(small_pilot.sources, second=second),
        small_pilot.moments,
        small_pilot.methodology,
    )
    row = found.left_out[found.left_out["subject"] == "index"].iloc[0]
    assert (row["statistic"], row["reason"], row["detail"]) == (
        "checklist",
        "too_few_centres",
        "2/10",
    )


def test_means_without_their_number_have_no_reliability(small_pilot: SmallPilot) -> None:
    moments = small_pilot.moments
    unknown = replace(
        moments,
        n=np.full_like(moments.n, np.nan),
        cov_mean=np.full_like(moments.cov_mean, np.nan),
    )
    found = assess_sides(small_pilot.sources, unknown, small_pilot.methodology)
    assert found.centres.empty
    reasons = found.left_out.loc[found.left_out["statistic"] == "survey", "reason"]
    assert set(reasons) == {"no_sampling_error"}
