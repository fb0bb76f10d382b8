"""The decision rule: composite by hand, boundaries, lot, and what it does to a known truth."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from agreement_sources import Model, make_sources, simulate_sources, take_centres
from clientindex.agreement.decision import blend, count_by_lot, decide, draw_lot
from clientindex.agreement.inflation.room import assess_inflation
from clientindex.rating.bands import find_stars
from clientindex.results import DECISIONS, AuditDecisions, ChecklistInflation, Unavailable

if TYPE_CHECKING:
    from clientindex.agreement.sources import TwoSources
    from clientindex.methodology import Methodology

SEED = np.random.SeedSequence(20260)
UNAVAILABLE = Unavailable(stage="agreement", reason="too_few_centres", detail="12")


def run(
    sources: TwoSources,
    methodology: Methodology,
    *,
    inflation: ChecklistInflation | Unavailable,
    stars: list[int | None] | None = None,
    reliability: list[float] | None = None,
    seed: np.random.SeedSequence = SEED,
) -> AuditDecisions:
    def find(scores: np.ndarray) -> np.ndarray:
        return find_stars(scores, methodology.stars.bands)

    given = find(sources.survey[:, 0]).tolist() if stars is None else stars
    found = decide(
        sources,
        methodology,
        inflation=inflation,
        reliability=pd.DataFrame(
            {
                "subject": "index",
                "centre": sources.centres,
                "estimate": [0.9] * len(sources.centres) if reliability is None else reliability,
            }
        ),
        survey_stars=pd.Series(given, index=list(sources.centres), dtype="Int64")[::-1],
        find_stars=find,
        seed=seed,
    )
    assert isinstance(found, AuditDecisions)
    return found


def make_case(
    methodology: Methodology, rows: list[tuple[float, float, float, float, float]]
) -> tuple[TwoSources, ChecklistInflation]:
    """Make centres of survey, its error, checklist, spread and z; gaps of 4 are expected."""
    survey, error, checklist, spread, z = (np.array(column) for column in zip(*rows, strict=True))
    shape = (len(rows), 3 + len(methodology.indicator_keys))
    covariance = np.zeros((*shape, shape[1]))
    covariance[:, 0, 0] = error**2
    sources = make_sources(
        methodology,
        survey=np.broadcast_to(survey[:, None], shape).copy(),
        checklist=np.broadcast_to(checklist[:, None], shape).copy(),
        covariance=covariance,
        regions=np.array(["R"] * len(rows)),
    )
    judged = np.isfinite(z)
    centres = pd.DataFrame(
        {
            "centre": np.array(sources.centres)[judged],
            "expected": 4.0,
            "spread": spread[judged],
            "z": z[judged],
            "q_value": 0.5,
            "unverifiable_flagged": pd.array([True] * judged.sum(), dtype="boolean"),
        }
    )
    empty = pd.DataFrame()
    return sources, ChecklistInflation(
        regions=empty,
        summary=empty,
        centres=centres[::-1],
        funnel=empty,
        bunching=empty,
        power=empty,
        left_out=empty,
        fdr=0.05,
        power_level=0.8,
        width=2.0,
        level=0.95,
        has_checklist_error=False,
    )


NAN = float("nan")


def test_composite_and_stars_at_the_boundaries_by_hand(methodology: Methodology) -> None:
    # e = 3, tau = 4: w = 9/25; 0.64 * 68 + 0.36 * (90 - 4) = 74.48; variance 9 * 16 / 25.
    z = [1.96, 1.9600001, 3.09, 3.0900001, NAN, -5.0]
    sources, inflation = make_case(methodology, [(68.0, 3.0, 90.0, 5.0, value) for value in z])
    found = run(sources, methodology, inflation=inflation)
    frame = found.centres
    assert frame["decision"].tolist() == [
        *("blended", "capped", "capped", "checklist_dropped", "survey_only", "checklist_dropped")
    ]
    assert frame["weight"].tolist() == pytest.approx([0.36] * 4 + [0, 0.36])
    assert frame["composite"].tolist() == pytest.approx([74.48] * 4 + [68, 74.48])
    assert frame["composite_error"].tolist() == pytest.approx([2.4] * 4 + [3, 2.4])
    assert frame["star_survey"].tolist() == [3] * 6
    assert frame["star_composite"].tolist() == [4, 4, 4, 4, 3, 4]
    assert frame["star"].tolist() == [4, 3, 3, 3, 3, 3]
    assert frame.loc[frame["audit"] == "gap", "centre"].tolist() == ["C0003", "C0005"]
    assert (frame["gap"] == 22).all()
    summary = found.summary.set_index("statistic")
    numbers = {name: tuple(map(int, summary.loc[name, ["n", "of"]])) for name in summary.index}
    assert numbers == {
        "blended": (1, 6),
        "capped": (2, 6),
        "checklist_dropped": (2, 6),
        "survey_only": (1, 6),
        "withheld": (0, 6),
        "provisional": (0, 6),
        "audit_gap": (2, 5),
        "audit_random": (1, 6),
        "star_up": (1, 6),
        "star_down": (0, 6),
        "held_back": (4, 4),
    }
    assert found.effect.query("n > 0").to_numpy().tolist() == [[3, 3, 5], [3, 4, 1]]
    assert len(found.effect) == len(methodology.stars.bands) ** 2


def test_capping_never_raises_and_blending_may_lower(methodology: Methodology) -> None:
    # 0.64 * 71 + 0.36 * (62 - 4) = 66.32: a star down by the composite in both.
    sources, inflation = make_case(
        methodology, [(71.0, 3.0, 62.0, 5.0, 0.5), (71.0, 3.0, 62.0, 5.0, 2.5)]
    )
    frame = run(sources, methodology, inflation=inflation).centres
    assert frame["composite"].tolist() == pytest.approx([66.32, 66.32])
    assert frame["star"].tolist() == [3, 3]


def test_a_composite_stays_on_the_scale_and_certain_surveys_stand(methodology: Methodology) -> None:
    sources, inflation = make_case(
        methodology, [(2.0, 4.0, 0.0, 4.0, -1.0), (50.0, 0.0, 90.0, 0.0, 1.0)]
    )
    frame = run(sources, methodology, inflation=inflation).centres
    # tau 0: the weight of the checklist is 1, and 0 - 4 is off the scale.
    assert frame["composite"].tolist() == [0.0, 50.0]
    assert frame["weight"].tolist() == [1.0, 0.0]
    assert frame["composite_error"].tolist() == [0.0, 0.0]


def test_known_checklist_error_adds_to_the_spread() -> None:
    one = np.ones(1)
    found = blend(60 * one, 70 * one, survey_variance=4 * one, checklist_variance=(12 + 4) * one)
    assert (found.weight[0], found.value[0]) == pytest.approx((0.2, 62.0))
    assert found.error[0] ** 2 == pytest.approx(4 * 16 / 20)


def test_reasons_and_provisional_stars(methodology: Methodology) -> None:
    row = (68.0, 3.0, 90.0, 5.0, NAN)
    sources, inflation = make_case(methodology, [row, row, row, row, (68.0, 3.0, 90.0, 5.0, 4.0)])
    sources.checklist[0] = np.nan
    sources.checklist[1, 0] = np.nan
    sources.covariance[2, 0, 0] = np.nan
    found = run(
        sources,
        methodology,
        inflation=inflation,
        stars=[3, 3, 3, None, None],
        reliability=[0.6, 0.5999, NAN, 0.1, 0.1],
    )
    frame = found.centres
    assert frame["decision"].tolist() == ["survey_only"] * 3 + ["withheld"] * 2
    assert frame["reason"].tolist() == [
        *("no_checklist", "incomplete_checklist", "no_survey_error"),
        *("no_survey_star", "no_survey_star"),
    ]
    assert frame["provisional"].tolist() == [False, True, False, False, False]
    # A gap asks for an audit whether or not the survey is large enough for a star.
    assert frame["audit"].iloc[4] == "gap"
    assert frame["star"].isna().tolist() == [False] * 3 + [True] * 2
    assert frame["star_composite"].isna().tolist() == [False] * 3 + [True] * 2
    assert frame["unverifiable_flagged"].isna().tolist() == [True] * 4 + [False]
    assert frame[["weight", "composite"]].notna().all(axis=None)
    summary = found.summary.set_index("statistic")
    assert summary.loc["provisional"].tolist() == [1, 2]


def test_without_a_model_of_gaps_every_centre_has_the_survey_alone(
    methodology: Methodology,
) -> None:
    sources = simulate_sources(methodology, Model(centres=12, regions=2), seed=1).sources
    found = run(sources, methodology, inflation=UNAVAILABLE)
    assert set(found.centres["decision"]) == {"survey_only"}
    assert set(found.centres["reason"]) == {"too_few_centres"}
    assert (found.centres["star"] == found.centres["star_survey"]).all()
    np.testing.assert_array_equal(found.centres["composite"], sources.survey[:, 0])
    assert (found.centres["audit"] == "random").sum() == 1
    assert found.centres["at_ceiling"].notna().all()
    sources.checklist[:] = np.nan
    found = run(sources, methodology, inflation=UNAVAILABLE)
    assert set(found.centres["reason"]) == {"no_checklist"}
    assert (found.centres["audit"] == "").all()
    sources.survey[:] = np.nan
    found = run(sources, methodology, inflation=UNAVAILABLE, stars=[None] * 12)
    assert set(found.centres["decision"]) == {"withheld"}
    assert found.centres["composite"].isna().all()


def test_an_empty_register_is_refused(methodology: Methodology) -> None:
    sources = simulate_sources(methodology, Model(centres=12, regions=2), seed=1).sources
    found = decide(
        take_centres(sources, np.array([], dtype=int)),
        methodology,
        inflation=UNAVAILABLE,
        reliability=pd.DataFrame({"subject": [], "centre": [], "estimate": []}),
        survey_stars=pd.Series([], dtype="Int64"),
        find_stars=lambda scores: scores.astype(int),
        seed=SEED,
    )
    assert found == Unavailable(stage="agreement", reason="no_centres")


@pytest.fixture(scope="module")
def simulated(methodology: Methodology):
    model = Model(centres=400, inflating=0.1, inflation=15.0, sampling=(3.0, 6.0))
    truth = simulate_sources(methodology, model, seed=4)
    return truth, assess_inflation(truth.sources, methodology)


def test_the_composite_is_nearer_to_the_truth_of_honest_centres(simulated, methodology) -> None:
    truth, inflation = simulated
    frame = run(truth.sources, methodology, inflation=inflation).centres
    honest = ~truth.inflating
    miss = frame["composite"].to_numpy() - truth.survey[:, 0]
    alone = frame["survey"].to_numpy() - truth.survey[:, 0]
    by_composite, by_survey = (np.sqrt((m[honest] ** 2).mean()) for m in (miss, alone))
    assert by_composite < 0.8 * by_survey
    # tau is a little too large for what inflating centres do to quantiles: so is the error.
    stated = np.sqrt((frame["composite_error"][honest] ** 2).mean())
    assert by_composite == pytest.approx(stated, rel=0.1)
    assert (frame["composite_error"] < frame["survey_error"]).all()


def test_caps_hold_back_inflating_centres_more_than_honest_ones(simulated, methodology) -> None:
    truth, inflation = simulated
    found = run(truth.sources, methodology, inflation=inflation)
    held = found.centres["decision"].isin(["capped", "checklist_dropped"]).to_numpy()
    assert held[truth.inflating].mean() > 0.5
    assert held[~truth.inflating].mean() < 0.03
    kept_down = found.centres[held]
    assert (kept_down["star"] <= kept_down["star_survey"]).all()
    assert found.effect["n"].sum() == 400
    by_name = found.summary.set_index("statistic")["n"]
    assert by_name[list(DECISIONS)].sum() == 400
    assert len(found.tidy()) == 400
    assert not found.applied


def test_five_per_cent_are_drawn_by_seed_whatever_the_order(simulated, methodology) -> None:
    truth, inflation = simulated
    found = run(truth.sources, methodology, inflation=inflation)
    audits = found.centres.set_index("centre")["audit"]
    drawn = set(audits.index[audits == "random"])
    assert len(drawn) == 20
    assert (found.seed, found.random_share) == (20260, 0.05)
    assert not drawn & set(found.centres.loc[found.centres["z"] > 3.09, "centre"])
    order = np.random.default_rng(8).permutation(400)
    turned = run(take_centres(truth.sources, order), methodology, inflation=inflation)
    again = turned.centres.set_index("centre")["audit"]
    assert set(again.index[again == "random"]) == drawn
    other = run(
        truth.sources, methodology, inflation=inflation, seed=np.random.SeedSequence(0)
    ).centres
    assert set(other.loc[other["audit"] == "random", "centre"]) != drawn


def test_only_centres_with_a_checklist_are_drawn(simulated, methodology) -> None:
    truth, _ = simulated
    checklist = truth.sources.checklist.copy()
    checklist[50:] = np.nan
    sources = replace(truth.sources, checklist=checklist)
    frame = run(sources, methodology, inflation=UNAVAILABLE).centres
    drawn = frame.loc[frame["audit"] == "random", "centre"]
    # 5 % of 50 is 2.5.
    assert len(drawn) == 3
    assert set(drawn) <= set(sources.centres[:50])


def test_shares_are_rounded_half_up_in_decimals() -> None:
    cases = [(50, 0.05), (30, 0.05), (29, 0.05), (100, 0.145), (1, 0.05), (0, 0.05), (9, 0.0)]
    assert [count_by_lot(n, share=s) for n, s in cases] == [3, 2, 1, 15, 1, 0, 0]
    assert draw_lot(["b", "a"], number=5, seed=SEED) == {"a", "b"}
    assert draw_lot([], number=1, seed=SEED) == frozenset()
