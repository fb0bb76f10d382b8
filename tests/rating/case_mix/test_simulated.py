"""A simulated pilot with traits, read from files: adjustment and raking against the truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from clientindex.counts import compute_centre_moments, count_pairs
from clientindex.edition import Simulation, load_edition
from clientindex.intake import require_tables, run_intake
from clientindex.methodology import load_methodology
from clientindex.methodology.answer_weights_settings import AnswerWeightsSettings
from clientindex.methodology.case_mix_settings import CaseMixSettings
from clientindex.rating.answer_weights import weigh_answers
from clientindex.rating.case_mix import Survey, adjust_case_mix
from clientindex.rating.whole_index import take_index
from clientindex.simulate import simulate_pilot, write_pilot
from clientindex.simulate.traits import TRAITS

ROOT = Path(__file__).parents[3]
CENTRES, CITIZENS = 60, 12_000


@pytest.fixture(scope="module")
def study(tmp_path_factory: Any) -> Any:
    """Simulate a pilot with traits: tables of intake, methodology, truth."""
    folder = tmp_path_factory.mktemp("mix")
    text = (ROOT / "editions" / "demo.yml").read_text(encoding="utf-8")
    text = text.replace("../data_raw/demo", str(folder / "data")).replace("../", f"{ROOT}/")
    old = "period: quarter}"
    text = text.replace(old, "period: quarter, sex: sex, age: age, education: education}", 1)
    path = folder / "demo.yml"
    path.write_text(text, encoding="utf-8")
    edition = load_edition(path)
    methodology = load_methodology(edition.methodology)
    sizes = Simulation(centres=CENTRES, citizens=CITIZENS, employers=0, traits=True)
    pilot = simulate_pilot(methodology, sizes, seed=4)
    edition = edition.model_copy(
        update={"data": edition.data.model_copy(update={"survey": edition.data.survey[:1]})}
    )
    write_pilot(pilot, edition)
    return require_tables(run_intake(edition, methodology)), methodology, pilot


def make_margins(pilot: Any) -> pd.DataFrame:
    """Margins as if every centre had the clients of the country."""
    rows = [
        (centre, "", trait, level, 1000 * share)
        for centre in pilot.register["centre"]
        for trait, levels in TRAITS.items()
        for level, (share, _) in levels.items()
    ]
    return pd.DataFrame(rows, columns=["scope", "segment", "trait", "level", "visitors"])


def follow(estimate: Any, truth: Any, mix_effect: Any) -> float:
    """Return the slope of the errors of the index on what the mix does to it; 1 = all of it."""
    wrong = np.asarray(estimate) - np.asarray(truth)
    return float(np.polyfit(mix_effect, wrong, 1)[0])


def test_adjustment_removes_what_the_mix_does(study: Any) -> None:
    tables, methodology, pilot = study
    settings = CaseMixSettings(sets={"full": tuple(TRAITS)})
    survey = Survey(responses=tables.responses)
    found = adjust_case_mix(
        survey, methodology, settings=settings, assign=lambda s: take_index(s)["n"] * 0 + 1
    )
    table = found.result.centres.set_index("centre").loc[pilot.register["centre"]]
    common, own = pilot.truth.common_mix["index"], pilot.truth.centres["index"]
    effect = (own - common).to_numpy()
    assert follow(table["unadjusted"], common, effect) == pytest.approx(1, abs=0.25)
    assert follow(table["adjusted"], common, effect) == pytest.approx(0, abs=0.25)
    assert np.corrcoef(table["difference"], effect)[0, 1] < -0.97  # the mix of a sample, not of all
    z = (table["adjusted"] - common.to_numpy()) / table["adjusted_error"]
    assert 0.8 < (z - z.mean()).std() < 1.25
    assert len(found.result.levels) == sum(len(levels) for levels in TRAITS.values())


def test_raking_to_one_mix_does_the_same(study: Any) -> None:
    tables, methodology, pilot = study
    object.__setattr__(tables, "margins", make_margins(pilot))
    settings = AnswerWeightsSettings(margins="centre", traits=tuple(TRAITS), empty_level="collapse")
    found = weigh_answers(tables, methodology, settings=settings)
    table = found.result.scores.set_index("centre").loc[pilot.register["centre"]]
    common, own = pilot.truth.common_mix["index"], pilot.truth.centres["index"]
    effect = (own - common).to_numpy()
    assert follow(table["unweighted"], common, effect) == pytest.approx(1, abs=0.25)
    assert follow(table["weighted"], common, effect) == pytest.approx(0, abs=0.25)
    z = (table["weighted"] - common.to_numpy()) / table["weighted_error"]
    assert 0.8 < (z - z.mean()).std() < 1.25


def test_pair_counts_do_not_know_traits(study: Any) -> None:
    tables, methodology, _ = study
    counts = count_pairs(tables.responses, methodology)
    assert list(counts.units) == ["centre", "segment", "period", "channel"]
    assert compute_centre_moments(counts, methodology).n_respondents.sum() == CITIZENS
