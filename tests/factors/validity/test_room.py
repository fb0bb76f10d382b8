"""Validity of groups against lavaan, semTools and psych, its verdicts and its conclusion."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from clientindex.counts import count_pairs
from clientindex.factors.exploration.solve import find_membership
from clientindex.factors.sample import estimate_moments
from clientindex.factors.validity import assess_validity, compute_htmt
from clientindex.results import Unavailable, load_result, save_result
from weighted_rows import percentiles

Z = norm.ppf(0.975)
LAVAAN = 1e-4
"""Iterative fits, and lavaan's correlations are up to 3e-8 from the root."""


@pytest.fixture(scope="module")
def defined(validity_folder):
    """Parameters that lavaan defines by ``:=``, and factor correlations."""
    return pd.read_csv(validity_folder / "defined.csv").set_index("label")


@pytest.fixture(scope="module")
def packages(validity_folder):
    return pd.read_csv(validity_folder / "packages.csv").set_index("statistic")["value"]


@pytest.fixture(scope="module")
def by_centre(grouped_answers, make_groups, draw):
    methodology = make_groups(replicates=200)
    sample, confirmatory = draw(grouped_answers, methodology)
    return sample, confirmatory, methodology


@pytest.fixture(scope="module")
def validity(by_centre):
    return assess_validity(*by_centre)


@pytest.fixture(scope="module")
def alone(by_centre, grouped_answers, code_answers):
    """Every respondent a centre of his own, as lavaan has them."""
    sample, confirmatory, methodology = by_centre
    answers = grouped_answers.assign(centre=[f"r{row:04d}" for row in range(800)])
    counts = count_pairs(code_answers(answers, methodology), methodology)
    moments = {"polychoric": estimate_moments(counts, methodology, "polychoric")}
    return assess_validity(
        dataclasses.replace(sample, moments={**sample.moments, **moments}),
        confirmatory,
        methodology,
    )


def collect(frame, *keys):
    return frame.set_index([*keys])[["estimate", "ci_low", "ci_high"]]


@pytest.mark.parametrize("statistic", ["ave", "composite_reliability"])
def test_convergent_validity_is_that_of_lavaan(alone, defined, statistic):
    found = collect(alone.groups, "statistic", "group").loc[statistic]
    for group in "abcde":
        reference = defined.loc[f"{statistic}_{group}"]
        row = found.loc[group]
        assert row["estimate"] == pytest.approx(reference["est"], abs=LAVAAN)
        assert row["ci_high"] - row["estimate"] == pytest.approx(Z * reference["se"], abs=LAVAAN)
        assert row["estimate"] - row["ci_low"] == pytest.approx(Z * reference["se"], abs=LAVAAN)


@pytest.mark.parametrize("group", list("abcde"))
def test_largest_shared_variance_is_the_largest_of_lavaan(alone, defined, group):
    shared = defined[defined.index.str.startswith("shared_")]
    own = shared[[group in label.split("_")[1:] for label in shared.index]]
    largest = own.loc[own["est"].idxmax()]
    row = collect(alone.groups, "statistic", "group").loc["max_shared_variance", group]
    assert row["estimate"] == pytest.approx(largest["est"], abs=LAVAAN)
    assert row["ci_high"] - row["estimate"] == pytest.approx(Z * largest["se"], abs=LAVAAN)


def test_factor_correlations_are_those_of_lavaan(alone, defined):
    found = collect(alone.pairs, "statistic", "group", "other").loc["factor_correlation"]
    assert len(found) == 10
    for (one, other), row in found.iterrows():
        reference = defined.loc[f"r_{one}_{other}"]
        assert row["estimate"] == pytest.approx(reference["est"], abs=LAVAAN)
        assert row["ci_high"] - row["estimate"] == pytest.approx(Z * reference["se"], abs=LAVAAN)


@pytest.mark.parametrize(
    "statistic", ["ecv", "omega_total", "omega_hierarchical", "relative_omega"]
)
def test_the_general_factor_is_that_of_lavaan(alone, defined, statistic):
    row = collect(alone.overall, "statistic").loc[statistic]
    reference = defined.loc[statistic]
    assert row["estimate"] == pytest.approx(reference["est"], abs=LAVAAN)
    assert row["ci_high"] - row["estimate"] == pytest.approx(Z * reference["se"], abs=LAVAAN)


@pytest.mark.parametrize(
    "statistic", ["omega_subscale", "omega_hierarchical_subscale", "ecv_group"]
)
def test_omegas_of_groups_are_those_of_lavaan(alone, defined, statistic):
    found = collect(alone.groups, "statistic", "group").loc[statistic]
    for group in "abcde":
        reference = defined.loc[f"{statistic}_{group}"]
        row = found.loc[group]
        assert row["estimate"] == pytest.approx(reference["est"], abs=LAVAAN)
        assert row["ci_high"] - row["estimate"] == pytest.approx(
            Z * reference["se"], abs=2 * LAVAAN
        )


def test_estimates_hardly_depend_on_who_is_a_centre(alone, validity):
    """They move a little, because weights of the fit are by errors of correlations."""
    one, other = (
        collect(table.groups, "statistic", "group").loc["ave"] for table in (alone, validity)
    )
    assert other["estimate"].to_numpy() == pytest.approx(one["estimate"].to_numpy(), abs=5e-3)


def test_a_bifactor_model_with_more_parameters_than_centres_is_not_told(validity):
    """Forty centres, forty loadings: the model is not fitted, and its numbers are missing."""
    overall = collect(validity.overall, "statistic")["estimate"]
    assert overall.drop("puc").isna().all()
    assert validity.conclusion == "separate"


def test_semtools_and_psych_agree(alone, packages):
    """Psych divides by the observed variance of the total, which the model reproduces to 2e-3."""
    groups = collect(alone.groups, "statistic", "group")["estimate"]
    overall = collect(alone.overall, "statistic")["estimate"]
    for group in "abcde":
        for statistic in ("ave", "composite_reliability"):
            expected = packages[f"{statistic}_{group}"]
            assert groups[statistic, group] == pytest.approx(expected, abs=LAVAAN)
        for statistic in ("omega_subscale", "omega_hierarchical_subscale"):
            expected = packages[f"{statistic}_{group}"]
            assert groups[statistic, group] == pytest.approx(expected, abs=2e-3)
    for statistic in ("omega_hierarchical", "omega_total"):
        assert overall[statistic] == pytest.approx(packages[statistic], abs=2e-3)
    assert overall["puc"] == pytest.approx(160 / 190)


def test_intervals_of_htmt_are_percentiles_of_its_replicates(validity, by_centre):
    sample, _, methodology = by_centre
    membership = find_membership(methodology)
    for position, name in enumerate(("htmt", "htmt2")):
        one_by_one = [
            compute_htmt(r, membership)[position] for r in sample.replicates["polychoric"]
        ]
        rows = validity.pairs[validity.pairs["statistic"] == name]
        ends = percentiles(one_by_one)
        assert rows["ci_low"].to_numpy() == pytest.approx(ends[0], abs=1e-12)
        assert rows["ci_high"].to_numpy() == pytest.approx(ends[1], abs=1e-12)
    assert validity.replicates == len(sample.replicates["polychoric"])


def test_well_separated_groups_may_be_reported(validity):
    assert list(validity.verdicts["group"]) == list("abcde")
    assert validity.verdicts[["fornell_larcker", "htmt_distinct", "htmt_below"]].all(axis=None)
    assert validity.conclusion == "separate"


def simulate(phi, *, loading=0.75, seed=1, groups="abc", per_group=4, n=3000):
    """Return answers of 60 centres behind which groups correlate by `phi`."""
    rng = np.random.default_rng(seed)
    general = rng.standard_normal((n, 1))
    factors = np.sqrt(phi) * general + np.sqrt(1 - phi) * rng.standard_normal((n, len(groups)))
    latent = loading * factors.repeat(per_group, axis=1) + np.sqrt(
        1 - loading**2
    ) * rng.standard_normal((n, len(groups) * per_group))
    keys = [f"{group}{number + 1}" for group in groups for number in range(per_group)]
    answers = pd.DataFrame(np.searchsorted([-1.2, -0.4, 0.3, 1.1], latent) + 1, columns=keys)
    return answers.assign(centre=[f"c{row % 60:02d}" for row in range(n)])


def name_groups(answers):
    keys = [key for key in answers.columns if key != "centre"]
    return {
        group: [key for key in keys if key[0] == group]
        for group in dict.fromkeys(k[0] for k in keys)
    }


@pytest.mark.parametrize(
    ("phi", "conclusion"), [(0.3, "separate"), (0.72, "both"), (0.97, "general")]
)
def test_conclusion_follows_from_how_much_the_groups_share(make_groups, draw, phi, conclusion):
    answers = simulate(phi)
    methodology = make_groups(name_groups(answers))
    found = assess_validity(*draw(answers, methodology), methodology)
    assert found.conclusion == conclusion
    htmt = found.pairs.query("statistic == 'htmt'")["estimate"].to_numpy()
    assert htmt == pytest.approx(np.full(3, phi), abs=0.06)


def test_the_general_factor_is_recovered(make_groups, draw):
    """Loadings of a bifactor model: 0.75 sqrt(phi) on the general factor, the rest on groups."""
    answers = simulate(0.5, n=6000)
    methodology = make_groups(name_groups(answers))
    overall = collect(
        assess_validity(*draw(answers, methodology), methodology).overall, "statistic"
    )
    true = {"ecv": 0.5, "omega_hierarchical": 144 * 0.28125 / (144 * 0.28125 + 48 * 0.28125 + 5.25)}
    for name, value in true.items():
        assert overall.loc[name, "ci_low"] < value < overall.loc[name, "ci_high"]
        assert overall.loc[name, "estimate"] == pytest.approx(value, abs=0.04)


def test_a_group_of_one_indicator_is_not_judged(make_groups, draw):
    answers = simulate(0.4).drop(columns=["c2", "c3", "c4"])
    methodology = make_groups(name_groups(answers))
    found = assess_validity(*draw(answers, methodology), methodology)
    verdicts = found.verdicts.set_index("group")
    assert verdicts.loc["c"].isna().all()
    assert bool(verdicts.loc[["a", "b"]].all(axis=None))
    assert found.conclusion == "separate"
    groups = collect(found.groups, "statistic", "group")["estimate"]
    assert np.isnan([groups["ave", "c"], groups["composite_reliability", "c"]]).all()


def test_groups_of_one_indicator_leave_the_conclusion_undefined(make_groups, draw):
    answers = simulate(0.4, groups="abcd", per_group=1)
    methodology = make_groups(name_groups(answers), n_factors=1)
    found = assess_validity(*draw(answers, methodology), methodology)
    assert found.conclusion == "undefined"
    assert found.verdicts[["fornell_larcker", "htmt_distinct", "htmt_below"]].isna().all(axis=None)


def test_one_group_has_nothing_to_tell_apart(make_groups, draw):
    answers = simulate(0.5, groups="a")
    methodology = make_groups(name_groups(answers), n_factors=1)
    found = assess_validity(*draw(answers, methodology), methodology)
    assert found == Unavailable(stage="factors", reason="one_group")


def test_the_reason_of_the_models_is_passed_on(by_centre):
    sample, _, methodology = by_centre
    reason = Unavailable(stage="factors", reason="not_converged")
    assert assess_validity(sample, reason, methodology) is reason


def test_missing_verdicts_are_stored_and_loaded(make_groups, draw, tmp_path):
    answers = simulate(0.4).drop(columns=["c2", "c3", "c4"])
    methodology = make_groups(name_groups(answers))
    found = assess_validity(*draw(answers, methodology), methodology)
    save_result(found, tmp_path, name="validity")
    loaded = load_result(tmp_path, name="validity")
    pd.testing.assert_frame_equal(loaded.verdicts, found.verdicts)
    assert loaded.conclusion == found.conclusion


def test_the_result_is_told_in_one_table(validity):
    tidy = validity.tidy()
    assert len(tidy) == 5 + 30 + 30
    assert set(tidy["subject"][:5]) == {"index"}
    assert "a/b" in set(tidy["subject"])
