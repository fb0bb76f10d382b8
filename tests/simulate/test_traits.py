"""Clients' traits: off by default, with a known effect and mix where asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from clientindex.simulate import SimulatedPilot, simulate_pilot
from clientindex.simulate.traits import TRAITS

if TYPE_CHECKING:
    from clientindex.edition import Simulation
    from clientindex.methodology import Methodology


@pytest.fixture(scope="module")
def mixed(methodology: Methodology, small: Simulation) -> SimulatedPilot:
    return simulate_pilot(methodology, small.model_copy(update={"traits": True}), seed=0)


def test_without_traits_there_are_no_columns_and_no_truth_of_them(pilot: SimulatedPilot) -> None:
    assert not set(TRAITS) & set(pilot.surveys["citizens"])
    assert pilot.truth.common_mix is None


def test_other_draws_stay_with_traits(pilot: SimulatedPilot, mixed: SimulatedPilot) -> None:
    plain, traited = pilot.surveys["citizens"], mixed.surveys["citizens"]
    assert list(traited)[-3:] == list(TRAITS)
    same = ["respondent", "centre", "period", "channel", "day", "duration"]
    pd.testing.assert_frame_equal(plain[same], traited[same])
    pd.testing.assert_frame_equal(pilot.surveys["employers"], mixed.surveys["employers"])
    pd.testing.assert_frame_equal(pilot.register, mixed.register)
    missing = [plain[key].isna().sum() for key in plain if key.startswith("c")]
    assert missing == [traited[key].isna().sum() for key in plain if key.startswith("c")]


def test_the_mix_differs_between_centres(mixed: SimulatedPilot) -> None:
    survey = mixed.surveys["citizens"]
    share = pd.crosstab(survey["centre"], survey["age"], normalize="index")["60+"]
    assert share.mean() == pytest.approx(TRAITS["age"]["60+"][0], abs=0.05)
    assert share.max() - share.min() > 0.15


def test_older_clients_are_more_content(mixed: SimulatedPilot, methodology: Methodology) -> None:
    survey = mixed.surveys["citizens"]
    key = methodology.indicator_keys[0]
    answer = survey[key].where(survey[key] <= 5).astype(float)
    within = answer - answer.groupby(survey["centre"]).transform("mean")
    means = within.groupby(survey["age"]).mean()
    assert means["60+"] > means["45-59"] > means["0-24"]


def test_the_truth_tells_both_mixes(mixed: SimulatedPilot) -> None:
    truth = mixed.truth
    assert truth.common_mix is not None
    assert truth.trait_effects is not None
    apart = truth.centres["index"] - truth.common_mix["index"]
    assert 0.2 < apart.std() < 3
    assert np.corrcoef(truth.centres["index"], truth.common_mix["index"])[0, 1] > 0.9
    assert truth.trait_effects.groupby("trait")["share"].sum().to_numpy() == pytest.approx(1)
