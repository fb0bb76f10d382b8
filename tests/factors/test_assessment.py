"""All factor analyses in one call: what it gives, what it repeats, and what it refuses."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from numpy.random import SeedSequence

from clientindex.counts import count_pairs
from clientindex.errors import ModelSyntaxError, StatisticsError
from clientindex.factors import FACTOR_RESULTS, assess
from clientindex.results import Unavailable

GROUPS = {group: [f"{group}{number}" for number in (1, 2, 3)] for group in "abc"}
ITEMS = [item for members in GROUPS.values() for item in members]


def simulate(centres=60, size=15, seed=5):
    """Return answers to nine questions in three groups that correlate one half."""
    rng = np.random.default_rng(seed)
    n = centres * size
    centre = np.repeat(np.arange(centres), size)
    general = np.sqrt(0.15) * rng.standard_normal((centres, 1))[centre] + np.sqrt(
        0.85
    ) * rng.standard_normal((n, 1))
    factors = np.sqrt(0.5) * general + np.sqrt(0.5) * rng.standard_normal((n, 3))
    latent = 0.75 * factors.repeat(3, axis=1) + np.sqrt(1 - 0.75**2) * rng.standard_normal((n, 9))
    answers = pd.DataFrame(np.searchsorted([-1.3, -0.5, 0.2, 1.0], latent) + 1, columns=ITEMS)
    return answers.assign(centre=[f"c{number:02d}" for number in centre])


@pytest.fixture(scope="module")
def methodology(make_methodology):
    return make_methodology(
        GROUPS,
        factors={"n_factors": 3, "estimators": ["wlsmv"]},
        intervals={"bootstrap_replicates": 100},
    )


@pytest.fixture(scope="module")
def run(methodology, code_answers):
    """Return a function that assesses answers, with two regions of centres."""

    def run(answers, settings=methodology, **options):
        counts = count_pairs(code_answers(answers, settings), settings)
        centres = counts.units["centre"]
        strata = {centre: "west" if centre < "c30" else "east" for centre in centres}
        return assess(counts, methodology=settings, **{"strata": strata, "seed": 1} | options)

    return run


@pytest.fixture(scope="module")
def found(run):
    return run(simulate())


def test_every_analysis_gives_its_result(found):
    missing = {
        name: result.reason
        for name, result in found.results().items()
        if isinstance(result, Unavailable)
    }
    assert missing == {}
    assert tuple(found.results()) == FACTOR_RESULTS
    assert all(len(result.tidy()) for result in found.results().values())


def test_the_analyses_agree_with_how_the_answers_were_made(found):
    assert set(found.exploratory.verdicts["verdict"]) == {"own"}
    best = found.confirmatory.models.set_index("model")["status"]
    assert best["correlated"] == "ok"
    phi = found.validity.pairs.query("statistic == 'factor_correlation'")["estimate"]
    assert phi.to_numpy() == pytest.approx(np.full(3, 0.5), abs=0.12)
    own = found.exploratory.loadings.groupby("indicator")["estimate"].max()
    assert own.to_numpy() == pytest.approx(np.full(9, 0.75), abs=0.12)


def test_the_same_seed_gives_the_same_numbers_and_another_one_other_intervals(run, found):
    again, other = run(simulate()), run(simulate(), seed=SeedSequence(2))
    pd.testing.assert_frame_equal(again.exploratory.loadings, found.exploratory.loadings)
    pd.testing.assert_frame_equal(again.factor_number.votes, found.factor_number.votes)
    one, two = found.exploratory.loadings, other.exploratory.loadings
    assert two["estimate"].to_numpy() == pytest.approx(one["estimate"].to_numpy())
    assert (two["ci_low"] != one["ci_low"]).all()


def test_without_regions_all_centres_are_one(run):
    found = run(simulate(centres=40), strata=None)
    assert found.region_congruence == Unavailable(stage="factors", reason="one_region")
    assert not isinstance(found.exploratory, Unavailable)


def test_a_centre_without_a_region_is_named(run):
    with pytest.raises(StatisticsError, match="no region is known for centres c07"):
        run(simulate(), strata={f"c{k:02d}": "west" for k in range(60) if k != 7})


def refuse(result):
    """Return the reason and detail that every analysis gives."""
    (reason,) = {(one.reason, one.detail) for one in result.results().values()}
    return reason


def test_identical_indicators_are_refused_with_their_names(run):
    answers = simulate()
    same = answers.assign(b2=answers["b1"])
    assert refuse(run(same)) == ("identical_indicators", "b1, b2")
    turned = answers.assign(c3=6 - answers["a1"])
    assert refuse(run(turned)) == ("identical_indicators", "a1, c3")


def test_a_constant_indicator_is_refused_with_its_name(run):
    assert refuse(run(simulate().assign(c1=4))) == ("zero_variance", "c1")


def test_an_indicator_that_nobody_answered_is_refused_with_its_name(run):
    assert refuse(run(simulate().assign(a3=np.nan))) == ("too_few_answers", "a3")


def test_one_centre_is_refused(run):
    assert refuse(run(simulate().assign(centre="c01"))) == ("one_centre", "")


def test_an_answer_that_nobody_chose_stops_nothing_and_is_named(run):
    answers = simulate()
    found = run(answers.assign(a2=answers["a2"].replace({5: 4})))
    assert not [one for one in found.results().values() if isinstance(one, Unavailable)]
    assert found.polychoric.unused.to_numpy().tolist() == [["a2", 5]]
    assert set(found.confirmatory.models["status"]) == {"ok"}


def test_an_empty_row_of_a_two_way_table_stops_nothing(run):
    """Nobody who gave a1 the lowest mark answered b1."""
    answers = simulate()
    found = run(answers.assign(b1=answers["b1"].where(answers["a1"] > 1)))
    pair = found.polychoric.frame.set_index(["indicator", "other"]).loc["a1", "b1"]
    assert pair["n"] == (answers["a1"] > 1).sum()
    assert 0.1 < pair["estimate"] < 0.6


def test_fewer_centres_than_parameters_leave_robust_models_out_and_the_rest_in(run):
    found = run(simulate(centres=8, size=90))
    models = found.confirmatory.models.set_index("model")
    assert set(models["status"]) == {"too_few_centres"}
    assert models.loc["one_factor", "detail"] == "8/9"
    assert found.levels == Unavailable(stage="factors", reason="too_few_centres", detail="8/9")
    assert not isinstance(found.exploratory, Unavailable)


def test_a_model_that_names_an_unknown_indicator_is_refused_in_words(run, methodology):
    text = {"ru": "т", "en": "t"}
    models = ({"key": "own", "name": text, "syntax": "a =~ a1 + a2 + speed"},)
    settings = methodology.model_dump()
    settings["factors"]["models"] = models
    with pytest.raises(ModelSyntaxError, match="own: model, line 1, column 16: read 'speed'"):
        run(simulate(), type(methodology).model_validate(settings))


def test_results_cannot_be_changed(found):
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.levels = None
