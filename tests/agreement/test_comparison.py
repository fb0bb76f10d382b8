"""Who is compared and how scales are linked: against the functions of arrays and by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from clientindex.agreement.comparison import compare_sources, find_fault, link_subject

if TYPE_CHECKING:
    from clientindex.results import SourceComparison
    from small_pilot import SmallPilot


@pytest.fixture(scope="module")
def compared(small_pilot: SmallPilot) -> SourceComparison:
    return compare_sources(
        small_pilot.sources, small_pilot.methodology, seed=np.random.SeedSequence(4)
    )


def test_ceilings_and_straight_lines_are_counted(
    small_pilot: SmallPilot, compared: SourceComparison
) -> None:
    sources, shares = small_pilot.sources, compared.shares
    frame = shares.set_index(["subject", "side", "statistic"])["estimate"]
    for subject in small_pilot.methodology.group_keys:
        at = sources.place(subject)
        assert frame[subject, "checklist", "ceiling"] == (sources.checklist[:, at] == 100).mean()
        assert frame[subject, "both", "missing"] == 0
    lines = [set(row[np.isfinite(row)]) for row in sources.items]
    wanted = np.mean([len(answers) == 1 for answers in lines])
    assert frame["all", "checklist", "straight_lined"] == pytest.approx(wanted)


def test_the_line_has_the_survey_s_mean_and_true_spread(
    small_pilot: SmallPilot, compared: SourceComparison
) -> None:
    sources = small_pilot.sources
    links = compared.links[compared.links["link"] == "mean_sigma"]
    frame = links.set_index(["subject", "statistic"])["estimate"]
    for subject in ("index", "comfort"):
        at = sources.place(subject)
        x, y = sources.survey[:, at], sources.checklist[:, at]
        spread = np.sqrt(x.var(ddof=1) - sources.covariance[:, at, at].mean())
        slope = spread / y.std(ddof=1)
        assert frame[subject, "slope"] == pytest.approx(slope, rel=1e-12)
        assert frame[subject, "intercept"] == pytest.approx(x.mean() - slope * y.mean())
        linked = link_subject(sources, subject, small_pilot.methodology)
        wanted = np.clip(frame[subject, "intercept"] + slope * y, 0, 100)
        assert linked == pytest.approx(wanted)


def test_equipercentile_links_keep_order_and_percentiles(
    small_pilot: SmallPilot, compared: SourceComparison
) -> None:
    settings = small_pilot.methodology.agreement.model_copy(update={"linking": "equipercentile"})
    other = small_pilot.methodology.model_copy(update={"agreement": settings})
    at = small_pilot.sources.place("index")
    linked = link_subject(small_pilot.sources, "index", other)
    order = np.argsort(small_pilot.sources.checklist[:, at], kind="stable")
    assert (np.diff(linked[order]) >= 0).all()
    assert np.median(linked) == pytest.approx(np.median(small_pilot.sources.survey[:, at]), abs=0.5)
    knots = compared.knots[compared.knots["subject"] == "index"]
    assert np.interp(
        small_pilot.sources.checklist[:, at], knots["checklist"], knots["survey"]
    ) == pytest.approx(linked)


def test_the_same_seed_gives_the_same_intervals(
    small_pilot: SmallPilot, compared: SourceComparison
) -> None:
    again = compare_sources(
        small_pilot.sources, small_pilot.methodology, seed=np.random.SeedSequence(4)
    )
    assert again.links.equals(compared.links)


def test_what_cannot_be_linked_says_why(small_pilot: SmallPilot) -> None:
    sources = small_pilot.sources
    checklist = sources.checklist.copy()
    checklist[:, sources.place("effort")] = 100.0
    checklist[2:, sources.place("comfort")] = np.nan
    spoilt = replace(sources, checklist=checklist)
    assert find_fault(spoilt, "effort") == "constant_source"
    assert find_fault(spoilt, "comfort") == "too_few_centres"
    found = compare_sources(spoilt, small_pilot.methodology, seed=np.random.SeedSequence(4))
    rows = found.left_out.set_index("subject")["reason"].to_dict()
    assert rows == {"effort": "constant_source", "comfort": "too_few_centres"}
    assert set(found.links["subject"]) == {
        "index", "friendliness", "usefulness", "targeting",
    }  # fmt: skip
    assert np.isnan(link_subject(spoilt, "effort", small_pilot.methodology)).all()
