"""Two levels compared: correlations, factors and models against R; intervals, refusals."""

import numpy as np
import pandas as pd
import pytest
from numpy.random import SeedSequence

from clientindex.counts import count_pairs, draw_centre_weights
from clientindex.factors.centre_sums import compute_centre_sums
from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.confirmatory.standard import build_standard_models
from clientindex.factors.levels import combine_terms, compare_levels, leave_one_out, read_terms
from clientindex.factors.levels.components import to_correlations
from clientindex.factors.levels.models import make_level_moments
from clientindex.results import Levels, Unavailable, load_result, save_result
from weighted_rows import percentiles

SEED = SeedSequence(3)
ITEMS = ["a1", "a2", "a3", "b1", "b2", "b3"]


@pytest.fixture(scope="module")
def gapped(gaps, make_two_groups, sample_answers):
    methodology = make_two_groups()
    return sample_answers(gaps, methodology), methodology


@pytest.fixture(scope="module")
def levels(gapped):
    return compare_levels(*gapped, seed=SEED)


def test_correlations_are_those_of_the_covariances_of_manova(levels, levels_folder):
    reference = pd.read_csv(levels_folder / "gaps_levels.csv")
    for level in ("within", "between"):
        values = reference.set_index(["indicator", "other"])[level]
        rows = levels.correlations[levels.correlations["level"] == level]
        expected = [
            values[one, other] / np.sqrt(values[one, one] * values[other, other])
            for one, other in zip(rows["indicator"], rows["other"], strict=True)
        ]
        assert len(rows) == 15
        assert rows["estimate"].to_numpy() == pytest.approx(expected, abs=1e-9)


def test_variances_and_effective_size_are_those_of_manova(levels, levels_folder):
    reference = pd.read_csv(levels_folder / "gaps_levels.csv").query("indicator == other")
    frame = levels.variances
    assert list(frame["indicator"]) == ITEMS
    for column in ("within", "between"):
        assert frame[column].to_numpy() == pytest.approx(reference[column].to_numpy(), abs=1e-9)
    share = reference["between"] / (reference["between"] + reference["within"])
    assert frame["estimate"].to_numpy() == pytest.approx(share.to_numpy(), abs=1e-9)
    assert levels.mean_size == pytest.approx(reference["size"].mean(), abs=1e-9)


def test_eigenvalues_are_those_of_r(levels, levels_folder):
    reference = pd.read_csv(levels_folder / "eigenvalues.csv")
    assert levels.eigenvalues["estimate"].to_numpy() == pytest.approx(
        reference["eigenvalue"].to_numpy(), abs=1e-9
    )


@pytest.mark.parametrize("level", ["within", "between"])
def test_factors_are_those_of_r_turned_to_the_groups(levels, levels_folder, level):
    reference = pd.read_csv(levels_folder / "loadings.csv").query("level == @level")
    rows = levels.loadings[levels.loadings["level"] == level]
    assert rows["indicator"].tolist() == [item for item in ITEMS for _ in "ab"]
    assert rows["factor"].tolist() == ["a", "b"] * 6
    found = rows["estimate"].to_numpy().reshape(6, 2)
    assert found == pytest.approx(reference[["a", "b"]].to_numpy(), abs=1e-4)


def test_congruence_of_the_levels_is_that_of_psych(levels, levels_folder):
    reference = pd.read_csv(levels_folder / "congruence.csv")
    assert list(levels.congruence["factor"]) == ["a", "b"]
    assert levels.congruence["estimate"].to_numpy() == pytest.approx(
        reference["congruence"].to_numpy(), abs=1e-4
    )


@pytest.mark.parametrize("level", ["within", "between"])
@pytest.mark.parametrize("model", ["one_factor", "correlated"])
def test_models_of_a_level_are_those_of_lavaan(levels, levels_folder, level, model):
    chosen = "level == @level and model == @model"
    reference = pd.read_csv(levels_folder / "models.csv").query(chosen)
    found = levels.parameters.query(chosen).set_index(["lhs", "op", "rhs"])
    rows = reference.set_index(["lhs", "op", "rhs"])
    assert set(rows.index) == set(found.index)
    aligned = found.loc[rows.index]
    assert aligned["estimate"].to_numpy() == pytest.approx(rows["est"].to_numpy(), abs=1e-4)
    assert aligned["standardised"].to_numpy() == pytest.approx(
        rows["standardised"].to_numpy(), abs=1e-4
    )
    fit = levels.fit.query(chosen).set_index("statistic")["value"]
    assert fit["srmr"] == pytest.approx(reference["srmr"].iloc[0], abs=1e-5)


def test_errors_of_a_level_are_near_the_spread_of_the_bootstrap(
    levels, gaps, make_two_groups, code_answers
):
    """Jackknife over centres in closed form, against refitting every resample of centres."""
    methodology = make_two_groups()
    counts = count_pairs(code_answers(gaps, methodology), methodology)
    terms = read_terms(compute_centre_sums(counts, methodology).sums)
    rng = np.random.default_rng(4)
    drawn = combine_terms(terms, rng.multinomial(90, np.full(90, 1 / 90), size=300).astype(float))
    spec = build_standard_models(methodology)["correlated"]
    left_out = leave_one_out(terms)
    for level in ("within", "between"):
        fits = [
            fit_model(
                spec,
                make_level_moments(
                    matrix,
                    getattr(left_out, level),
                    indicators=tuple(ITEMS),
                    centres=tuple(counts.units["centre"]),
                    n=90.0,
                ),
                estimator="uls",
            ).estimates[:6]
            for matrix in getattr(drawn, level)
        ]
        told = levels.parameters.query("level == @level and model == 'correlated' and op == '=~'")
        spread = np.std([fit for fit in fits if np.isfinite(fit).all()], axis=0)
        assert told["std_error"].to_numpy() == pytest.approx(spread, rel=0.3)
        assert (told["std_error"] / spread).mean() == pytest.approx(1, abs=0.12)


def test_intervals_are_percentiles_over_centres(
    levels, gapped, gaps, make_two_groups, code_answers
):
    sample, methodology = gapped
    counts = count_pairs(code_answers(gaps, methodology), methodology)
    terms = read_terms(compute_centre_sums(counts, methodology).sums)
    weights = draw_centre_weights(sample.regions, 200, np.random.default_rng(SEED))
    one_by_one = [combine_terms(terms, weight) for weight in weights]
    icc = percentiles([found.icc for found in one_by_one])
    assert levels.variances["ci_low"].to_numpy() == pytest.approx(icc[0], abs=1e-12)
    assert levels.variances["ci_high"].to_numpy() == pytest.approx(icc[1], abs=1e-12)
    pair = [to_correlations(found.between)[0, 1] for found in one_by_one]
    row = levels.correlations.query(
        "level == 'between' and indicator == 'a1' and other == 'a2'"
    ).iloc[0]
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(tuple(percentiles(pair)), abs=1e-12)
    assert levels.replicates == 200


def simulate(rng, *, centres=150, size=20, between=0.3):
    """Return answers of one halo between centres and two factors within them."""
    centre = np.repeat(np.arange(centres), size)
    place = np.sqrt(between) * rng.standard_normal((centres, 1))
    factors = rng.standard_normal((len(centre), 2)).repeat(3, axis=1)
    within = 0.8 * factors + 0.6 * rng.standard_normal((len(centre), 6))
    own = np.sqrt(0.02) * rng.standard_normal((centres, 6))
    latent = (place + own)[centre] + np.sqrt(0.98 - between) * within
    answers = pd.DataFrame(np.searchsorted(np.linspace(-1.8, 1.8, 6), latent) + 1, columns=ITEMS)
    return answers.assign(centre=[f"c{number:03d}" for number in centre])


def test_one_halo_between_centres_is_told_from_two_factors_within(make_two_groups, sample_answers):
    methodology = make_two_groups()
    answers = simulate(np.random.default_rng(12))
    found = compare_levels(sample_answers(answers, methodology), methodology, seed=SEED)
    values = found.eigenvalues.set_index(["level", "position"])["estimate"]
    assert values["between", 1] > 5.3
    assert values["between", 2] < 0.4
    assert values["within", 2] > 1.8
    srmr = found.fit.query("statistic == 'srmr'").set_index(["level", "model"])["value"]
    assert srmr["between", "one_factor"] < 0.05
    assert srmr["within", "one_factor"] > 0.15
    assert srmr["within", "correlated"] < 0.03


def test_intervals_of_the_share_between_centres_hold_the_truth(make_two_groups, code_answers):
    """The truth is that of a survey of 20,000 centres; percentiles are a little short."""
    rng = np.random.default_rng(13)
    methodology = make_two_groups()
    large = simulate(rng, centres=20_000, size=10)
    groups = large.groupby("centre")["a1"]
    within = groups.var().mean()
    between = groups.mean().var() - within / 10
    truth = between / (between + within)
    held = 0
    for _ in range(100):
        answers = simulate(rng, centres=60, size=10)
        counts = count_pairs(code_answers(answers, methodology), methodology)
        terms = read_terms(compute_centre_sums(counts, methodology).sums)
        weights = rng.multinomial(60, np.full(60, 1 / 60), size=200).astype(float)
        low, high = np.percentile(combine_terms(terms, weights).icc, [2.5, 97.5], axis=0)
        held += ((low < truth) & (truth < high)).sum()
    assert 0.87 < held / 600 < 0.97


def refuse(answers, methodology, sample_answers):
    found = compare_levels(sample_answers(answers, methodology), methodology, seed=SEED)
    assert isinstance(found, Unavailable)
    assert found.stage == "factors"
    return found.reason, found.detail


def test_centres_of_one_respondent_have_no_differences_within(
    gaps, make_two_groups, sample_answers
):
    alone = gaps.dropna().assign(centre=lambda frame: [f"r{row:04d}" for row in range(len(frame))])
    assert refuse(alone, make_two_groups(), sample_answers) == ("single_respondent_centres", "")


def test_fewer_centres_than_indicators_are_too_few(balanced, make_two_groups, sample_answers):
    few = balanced[balanced["centre"] < "c05"]
    assert refuse(few, make_two_groups(), sample_answers) == ("too_few_centres", "5/6")


def test_an_indicator_in_which_centres_do_not_differ_is_named(
    balanced, make_two_groups, sample_answers
):
    """Every centre gives the same twelve answers to b2, each in another order."""
    rng = np.random.default_rng(1)
    same = [rng.permutation([1, 1, 2, 3, 3, 4, 4, 5, 5, 6, 7, 7]) for _ in range(50)]
    equal = balanced.assign(b2=np.concatenate(same))
    assert refuse(equal, make_two_groups(), sample_answers) == ("no_between_variance", "b2")


def test_indicators_in_which_one_centre_differs_make_resampling_unstable(
    balanced, make_two_groups, sample_answers
):
    """Each of b1, b2, b3 has a centre of its own; a quarter of the resamples hold all three."""
    rng = np.random.default_rng(1)
    odd = balanced.copy()
    for position, item in enumerate(("b1", "b2", "b3")):
        same = [rng.permutation([3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]) for _ in range(50)]
        same[position] = np.full(12, 7)
        odd[item] = np.concatenate(same)
    reason, detail = refuse(odd, make_two_groups(), sample_answers)
    assert reason == "unstable_resampling"
    usable, drawn = detail.split("/")
    assert drawn == "200"
    assert 20 < int(usable) < 90


def test_a_between_matrix_that_is_not_definite_is_smoothed_and_said_so(
    make_two_groups, sample_answers
):
    methodology = make_two_groups()
    answers = simulate(np.random.default_rng(30), centres=25, size=8, between=0.25)
    found = compare_levels(sample_answers(answers, methodology), methodology, seed=SEED)
    assert found.smoothed
    assert found.smallest_eigenvalue < 0
    assert found.eigenvalues.query("level == 'between'")["estimate"].min() == pytest.approx(
        found.smallest_eigenvalue
    )


def test_a_group_of_one_indicator_leaves_the_factors_of_levels_out(
    balanced, make_two_groups, sample_answers
):
    """Two factors behind three indicators are not identified; correlations still are told."""
    methodology = make_two_groups({"a": ["a1", "a2"], "b": ["b1"]})
    found = compare_levels(sample_answers(balanced, methodology), methodology, seed=SEED)
    assert isinstance(found, Levels)
    assert found.loadings.empty
    assert found.congruence.empty
    assert len(found.correlations) == 6


def test_the_result_is_stored_loaded_and_told(levels, tmp_path):
    save_result(levels, tmp_path, name="levels")
    loaded = load_result(tmp_path, name="levels")
    for name in ("correlations", "variances", "loadings", "fit", "parameters", "congruence"):
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(levels, name))
    tidy = levels.tidy()
    assert len(tidy) == 6 + 30 + 24 + 2
    assert set(tidy["statistic"]) >= {"icc1", "within", "between", "congruence"}
