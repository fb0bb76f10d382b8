"""CT-C(M-1): equality with lavaan, recovery of a simulated truth, and input it must refuse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import method_sources
from clientindex.agreement.method_model import assess_method_model
from clientindex.results import Unavailable
from clientindex.results.method_model import MethodModel

FOLDER = Path(__file__).parents[1] / "reference" / "agreement"

# lavaan stops where its gradient is about 1e-6.
ITERATIVE = 1e-4

SMALL = {
    "3+2": {"front": ("a", "b", "c"), "back": ("d", "e")},
    "4+1": {"front": ("a", "b", "c", "d"), "back": ("e",)},
}
SAMPLING = 2.5 * np.ones((5, 5)) + 1.5 * np.eye(5)

KINDS = {"trait": "trait_loading", "method": "method_loading"}


def read_small(groups, *, sampling=None):
    data = pd.read_csv(FOLDER / "method_model_input.csv")
    methodology = method_sources.make_methodology(groups)
    sides = [
        data[[f"{side}_{key}" for key in "abcde"]].to_numpy() for side in ("survey", "checklist")
    ]
    sources = method_sources.make_sources(
        methodology,
        survey=sides[0],
        checklist=sides[1],
        regions=data["region"].to_numpy(),
        sampling=sampling,
    )
    return sources, methodology


def take_ours(model, row):
    """Return estimate and standardised value of a row of lavaan's table."""
    table = model.parameters.set_index(["kind", "side", "subject", "other"]).sort_index()
    side, _, key = row.rhs.partition("_")
    if row.op == "=~":
        kind = "method_loading" if row.lhs == "method" else "trait_loading"
        found = table.loc[(kind, side, key, "")]
    elif row.lhs in ("front", "back"):
        found = table.loc[("trait_correlation", "", row.lhs, row.rhs)]
    elif row.lhs == row.rhs:
        found = table.loc[("residual_variance", side, key, "")]
    else:
        # Ours is a correlation; lavaan's covariance is standardised to one.
        found = table.loc[("residual_correlation", "both", key, "")]
        return found["standardised"], found["standardised"]
    return found["estimate"], found["standardised"]


@pytest.mark.parametrize("removed", ["none", "removed"])
@pytest.mark.parametrize("groups", ["3+2", "4+1"])
def test_estimates_equal_lavaan(groups, removed):
    expected = pd.read_csv(FOLDER / "method_model_expected.csv", keep_default_na=False)
    expected = expected[(expected["set"] == groups) & (expected["removed"] == removed)]
    sources, methodology = read_small(
        SMALL[groups], sampling=SAMPLING if removed == "removed" else None
    )
    model = assess_method_model(sources, methodology)
    assert isinstance(model, MethodModel)
    assert (model.n, model.n_regions, model.improper) == (180, 6, "")
    compared = 0
    for row in expected.itertuples():
        if row.op == "fit":
            fit = model.fit.set_index("statistic")["estimate"]
            assert fit[row.rhs] == pytest.approx(row.estimate, rel=ITERATIVE), row.rhs
            continue
        estimate, standardised = take_ours(model, row)
        is_pair = row.op == "~~" and row.lhs != row.rhs and row.lhs not in SMALL[groups]
        theirs = float(row.standardised) if is_pair else row.estimate
        assert estimate == pytest.approx(theirs, rel=ITERATIVE, abs=ITERATIVE), row
        assert standardised == pytest.approx(float(row.standardised), abs=ITERATIVE), row
        compared += 1
    assert compared == model.n_parameters == len(model.parameters)


def test_shares_follow_from_standardised_loadings():
    sources, methodology = read_small(SMALL["3+2"], sampling=SAMPLING)
    model = assess_method_model(sources, methodology)
    loadings = model.parameters.set_index(["kind", "side", "subject"])["standardised"].sort_index()
    shares = model.shares.set_index(["side", "statistic", "subject"])["estimate"].sort_index()
    for key in "abcde":
        trait, method = (
            loadings[(f"{kind}_loading", "checklist", key)] for kind in ("trait", "method")
        )
        assert shares[("survey", "consistency", key)] == pytest.approx(
            loadings[("trait_loading", "survey", key)] ** 2
        )
        assert shares[("checklist", "consistency", key)] == pytest.approx(trait**2)
        assert shares[("checklist", "method_specificity", key)] == pytest.approx(method**2)
        assert shares[("checklist", "specificity", key)] == pytest.approx(1 - trait**2 - method**2)
    by_key = shares["checklist", "consistency"]
    assert by_key["back"] == pytest.approx(by_key[["d", "e"]].mean())
    assert by_key["all"] == pytest.approx(by_key[list("abcde")].mean())


GROUPS = {f"g{at}": tuple(f"i{at}{place}" for place in range(4)) for at in range(3)}
GROUP_OF = np.repeat(np.arange(3), 4)
TRAITS = np.array([[1.0, 0.7, 0.5], [0.7, 1.0, 0.4], [0.5, 0.4, 1.0]])
SURVEY, KAPPA, GAMMA = np.linspace(6, 9, 12), np.linspace(7, 11, 12), np.linspace(12, 8, 12)
OWN_SURVEY, OWN_CHECKLIST, OWN_CORRELATION = 3.0, 14.0, 0.3
RESPONDENT = 25.0**2 * (np.full((12, 12), 0.5) + 0.5 * np.eye(12))

TRUE_CHECKLIST = KAPPA**2 + GAMMA**2 + OWN_CHECKLIST**2
TRUE_SHARES = {
    ("survey", "consistency"): (SURVEY**2 / (SURVEY**2 + OWN_SURVEY**2)).mean(),
    ("checklist", "consistency"): (KAPPA**2 / TRUE_CHECKLIST).mean(),
    ("checklist", "method_specificity"): (GAMMA**2 / TRUE_CHECKLIST).mean(),
    ("checklist", "specificity"): (OWN_CHECKLIST**2 / TRUE_CHECKLIST).mean(),
}


def simulate(seed, *, centres, regions=10, groups=GROUPS):
    """Draw traits, method factor, related residuals, regions and sampling error of own size."""
    rng = np.random.default_rng(seed)
    methodology = method_sources.make_methodology(groups)
    codes = np.sort(rng.integers(0, regions, centres))
    trait = rng.multivariate_normal(np.zeros(3), TRAITS, centres)[:, GROUP_OF]
    method = rng.normal(size=(centres, 1))
    own = rng.multivariate_normal(
        np.zeros(2), [[1, OWN_CORRELATION], [OWN_CORRELATION, 1]], (centres, 12)
    )
    answers = rng.integers(20, 120, centres)
    noise = rng.multivariate_normal(np.zeros(12), RESPONDENT, centres) / np.sqrt(answers)[:, None]
    shift = rng.normal(0, 5, (2, regions, 12))[:, codes]
    survey = 70 + trait * SURVEY + OWN_SURVEY * own[..., 0] + noise + shift[0]
    checklist = 80 + trait * KAPPA + method * GAMMA + OWN_CHECKLIST * own[..., 1] + shift[1]
    sources = method_sources.make_sources(
        methodology,
        survey=survey,
        checklist=checklist,
        regions=codes,
        sampling=RESPONDENT / answers[:, None, None],
    )
    return sources, methodology


@pytest.fixture(scope="module")
def large():
    return simulate(5, centres=2_000)


@pytest.fixture(scope="module")
def model(large):
    return assess_method_model(*large)


def test_two_thousand_centres_give_back_the_truth(model):
    table = model.parameters.set_index(["kind", "side"]).sort_index()
    truth = {
        ("trait_loading", "survey"): SURVEY,
        ("trait_loading", "checklist"): KAPPA,
        ("method_loading", "checklist"): GAMMA,
        ("trait_correlation", ""): TRAITS[np.triu_indices(3, 1)],
        ("residual_correlation", "both"): OWN_CORRELATION,
        ("residual_variance", "survey"): OWN_SURVEY**2,
        ("residual_variance", "checklist"): OWN_CHECKLIST**2,
    }
    z = np.concatenate(
        [
            ((table.loc[key, "estimate"] - value) / table.loc[key, "std_error"])
            for key, value in truth.items()
        ]
    )
    # Seventy-five numbers of one seeded run.
    assert len(z) == len(table) == model.n_parameters
    assert np.abs(z).max() < 3.5
    assert 0.8 < np.sqrt((z**2).mean()) < 1.2
    fit = model.fit.set_index("statistic")["estimate"]
    assert (fit["p_value"] > 0.01, fit["cfi"] > 0.99, fit["rmsea"] < 0.02) == (True, True, True)


def test_shares_of_the_truth_are_inside_their_intervals(model):
    shares = model.shares[model.shares["subject"] == "all"].set_index(["side", "statistic"])
    for key, truth in TRUE_SHARES.items():
        row = shares.loc[key]
        assert row["ci_low"] < truth < row["ci_high"], key
        assert row["ci_high"] - row["ci_low"] < 0.08


def test_without_the_removal_sampling_error_is_specificity_and_the_traits_are_too_large(
    large, model
):
    sources, methodology = large
    naive = assess_method_model(
        replace(sources, covariance=np.full_like(sources.covariance, np.nan)), methodology
    )
    assert (model.sampling_removed, naive.sampling_removed) == (True, False)
    ours, theirs = (m.parameters.set_index(["kind", "side"]).sort_index() for m in (model, naive))
    residual = theirs.loc[("residual_variance", "survey")]
    assert (residual["ci_low"] > OWN_SURVEY**2).all()
    # The mood of respondents goes through all indicators, so it passes for a trait of each group.
    assert (
        theirs.loc[("trait_loading", "survey"), "estimate"]
        > ours.loc[("trait_loading", "survey"), "estimate"]
    ).all()
    row = (
        naive.shares.set_index(["side", "statistic", "subject"])
        .sort_index()
        .loc[("survey", "consistency", "all")]
    )
    assert row["ci_high"] < TRUE_SHARES[("survey", "consistency")]


def test_intervals_cover_with_few_centres():
    runs, covered = 40, []
    for seed in range(runs):
        found = assess_method_model(*simulate(100 + seed, centres=150, regions=6))
        shares = found.shares[found.shares["subject"] == "all"].set_index(["side", "statistic"])
        rows = shares.loc[list(TRUE_SHARES)]
        truth = np.array(list(TRUE_SHARES.values()))
        covered.append((rows["ci_low"].to_numpy() < truth) & (truth < rows["ci_high"].to_numpy()))
    # Four related shares: 160 answers, of which a share of 0.95 has an error of about 0.02.
    assert 0.88 < np.mean(covered) < 0.99


def test_regions_and_order_of_centres_do_not_matter():
    sources, methodology = simulate(8, centres=200)
    order = np.random.default_rng(0).permutation(200)
    shift = np.random.default_rng(1).normal(0, 10, (10, sources.survey.shape[1]))
    mixed = replace(
        sources,
        survey=(sources.survey + shift[sources.region_codes])[order],
        checklist=(sources.checklist - shift[sources.region_codes])[order],
        covariance=sources.covariance[order],
        regions=sources.regions[order],
    )
    first, second = (assess_method_model(s, methodology).parameters for s in (sources, mixed))
    for name in ("estimate", "std_error"):
        assert second[name].to_numpy() == pytest.approx(first[name].to_numpy(), rel=1e-5, abs=1e-6)


def spoil(sources, *, key, side, value):
    at = sources.place(key)
    scores = getattr(sources, side).copy()
    scores[:, at] = value
    return replace(sources, **{side: scores})


@pytest.mark.parametrize(
    ("side", "value", "reason"),
    [
        ("checklist", 100.0, "constant_checklist"),
        ("survey", 80.0, "constant_survey"),
        ("checklist", np.nan, "no_checklist_scores"),
        ("survey", np.nan, "no_survey_scores"),
    ],
)
def test_an_indicator_that_says_nothing_is_left_out_by_name(side, value, reason):
    sources, methodology = simulate(9, centres=200)
    found = assess_method_model(spoil(sources, key="i11", side=side, value=value), methodology)
    assert found.left_out.query("statistic == 'indicator'").to_numpy().tolist() == [
        ["indicator", reason, "i11"]
    ]
    assert "i11" not in set(found.parameters["subject"])
    assert (found.n, found.n_dropped) == (200, 0)


def test_an_indicator_constant_inside_regions_is_constant():
    sources, methodology = simulate(9, centres=200)
    value = 10.0 * sources.region_codes
    found = assess_method_model(
        spoil(sources, key="i11", side="checklist", value=value), methodology
    )
    assert found.left_out.iloc[0].tolist() == ["indicator", "constant_checklist", "i11"]


def test_an_indicator_whose_variance_is_sampling_error_is_left_out():
    sources, methodology = simulate(9, centres=200)
    covariance = sources.covariance.copy()
    covariance[:, sources.place("i02"), sources.place("i02")] *= 40
    found = assess_method_model(replace(sources, covariance=covariance), methodology)
    assert found.left_out.iloc[0].tolist() == ["indicator", "no_variance_left", "i02"]


def test_a_group_without_indicators_is_left_out_and_one_indicator_has_no_residual_correlation():
    sources, methodology = simulate(9, centres=200)
    for key in (*GROUPS["g2"], *GROUPS["g1"][1:]):
        sources = spoil(sources, key=key, side="checklist", value=50.0)
    found = assess_method_model(sources, methodology)
    left = found.left_out.set_index("statistic")
    assert left.loc["group", ["reason", "detail"]].tolist() == ["no_indicators", "g2"]
    assert left.loc["residual_correlation", ["reason", "detail"]].tolist() == [
        "single_indicator",
        "i10",
    ]
    assert (found.parameters.query("kind == 'trait_correlation'")["subject"] == "g0").all()


def test_what_is_not_defined_is_unavailable_with_a_reason():
    sources, methodology = simulate(9, centres=200)
    ready = replace(sources, checklist=np.full_like(sources.checklist, np.nan))
    assert assess_method_model(ready, methodology) == Unavailable(
        stage="agreement", reason="no_items"
    )
    few = assess_method_model(*simulate(9, centres=85))
    assert few == Unavailable(stage="agreement", reason="too_few_degrees", detail="75/75")
    for key in (*GROUPS["g2"], *GROUPS["g1"], *GROUPS["g0"][2:]):
        sources = spoil(sources, key=key, side="checklist", value=50.0)
    two = assess_method_model(sources, methodology)
    assert two == Unavailable(stage="agreement", reason="too_few_indicators", detail="2")


def test_indicators_without_relations_do_not_identify_the_model():
    rng = np.random.default_rng(1)
    methodology = method_sources.make_methodology(GROUPS)
    x = rng.normal(0, 10, (150, 24))
    sources = method_sources.make_sources(
        methodology, survey=x[:, :12], checklist=x[:, 12:], regions=np.zeros(150, dtype=np.intp)
    )
    found = assess_method_model(sources, methodology)
    assert isinstance(found, Unavailable)
    assert (found.stage, found.reason) == ("agreement", "unidentified")
    assert "trait:" in found.detail


def test_a_negative_residual_variance_is_told():
    sources, methodology = simulate(11, centres=120, regions=4)
    # Ten times the sampling covariance of one indicator's own errors.
    covariance = sources.covariance.copy()
    covariance[:, sources.place("i00"), sources.place("i00")] *= 2
    found = assess_method_model(replace(sources, covariance=covariance), methodology)
    assert "i00" in found.improper.split()
    lost = found.left_out.query("statistic == 'residual_correlation'")
    assert set(lost["reason"]) == {"negative_residual_variance"}
    assert set(lost["detail"]) == set(found.improper.split())
    assert found.parameters.notna().all(axis=None)
    assert found.shares.notna().all(axis=None)


def test_the_result_is_told_tidily(model):
    table = model.tidy()
    assert len(table) == len(model.parameters) + len(model.shares) + len(model.fit)
    assert set(table["n"]) == {2_000}
