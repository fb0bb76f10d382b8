"""The panel as a whole: votes, ranges, seeds, clusters, and rules that are not defined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.counts import draw_centre_weights
from clientindex.factors.number import compute_factor_number
from clientindex.factors.number.panel import RULES
from clientindex.factors.number.partial_average import choose_smallest, compute_partial_averages
from clientindex.factors.number.rule_votes import RuleVotes
from weighted_rows import correlate_rows, percentiles

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import FactorNumber

SEED = np.random.SeedSequence(1)
ITEMS = [f"{group}{number}" for group in "abcde" for number in range(1, 5)]


def by_rule(result: FactorNumber, basis: str, reference: str = "normal") -> pd.DataFrame:
    votes = result.votes
    own = (votes["basis"] == basis) & votes["reference"].isin([reference, ""])
    return votes[own].set_index("rule")


def test_every_rule_votes_for_both_kinds_of_correlations(result: FactorNumber) -> None:
    for basis in ("pearson", "polychoric"):
        for reference in ("normal", "permuted"):
            assert by_rule(result, basis, reference).index.tolist() == list(RULES)
    assert len(result.votes) == 2 * (len(RULES) + 2)
    assert (result.n, result.n_intended, result.replicates) == (800, 5, 100)
    assert (result.random_replicates, result.quantile, result.seed) == (100, 0.95, 1)


def test_five_known_factors_are_found_by_the_rules_that_can(result: FactorNumber) -> None:
    """Revised MAP and VSS under-extract correlated groups, acceleration sees the general factor."""
    finders = ["parallel_components", "parallel_axis", "map", "empirical_kaiser", "hull"]
    for basis in ("pearson", "polychoric"):
        for reference in ("normal", "permuted"):
            votes = by_rule(result, basis, reference)["n_factors"]
            assert votes[[*finders, "comparison_data"]].tolist() == [5] * 6
            assert votes["acceleration"] == 1
            assert votes[["map_revised", "vss_1", "vss_2"]].max() < 5
    parallel = result.votes[result.votes["rule"].str.startswith("parallel")]
    assert (parallel["n_factors_mean"] == 5).all()
    rest = result.votes[~result.votes["rule"].str.startswith("parallel")]
    assert rest["n_factors_mean"].isna().all()


def test_ranges_contain_the_vote(result: FactorNumber) -> None:
    resampled = result.votes[result.votes["rule"] != "comparison_data"]
    assert (resampled["n_low"] <= resampled["n_factors"]).all()
    assert (resampled["n_factors"] <= resampled["n_high"]).all()
    assert resampled["share"].between(0, 1).all()
    alone = result.votes[result.votes["rule"] == "comparison_data"]
    assert alone[["n_low", "n_high", "share"]].isna().all(axis=None)


def test_votes_are_resampled_by_weighting_the_rows_of_centres(
    result: FactorNumber, answers: pd.DataFrame, strata: dict[str, str]
) -> None:
    centres = sorted(strata)
    regions = [strata[centre] for centre in centres]
    weights = draw_centre_weights(regions, 100, np.random.default_rng(np.random.SeedSequence(0)))
    position = pd.Index(centres).get_indexer(pd.Index(answers["centre"]))
    items = answers[ITEMS]
    drawn = [correlate_rows(items, w[position]) for w in weights]
    eigenvalues = np.linalg.eigvalsh(np.array(drawn))[:, ::-1]
    found = result.eigenvalues.query(
        "basis == 'pearson' and kind == 'components' and reference == 'normal'"
    )
    ends = np.array(percentiles(eigenvalues))
    limits = found[["ci_low", "ci_high"]].to_numpy().T
    assert limits == pytest.approx(ends, abs=1e-9)
    above = eigenvalues > found["random_high"].to_numpy()
    votes = above.argmin(axis=1)
    row = by_rule(result, "pearson").loc["parallel_components"]
    assert row["share"] == pytest.approx(np.mean(votes == row["n_factors"]))
    averages = compute_partial_averages(np.array(drawn))[4]
    revised = by_rule(result, "pearson").loc["map_revised"]
    again = choose_smallest(averages)
    assert revised["share"] == pytest.approx(np.mean(again == revised["n_factors"]))
    ends = np.quantile(again, [0.025, 0.975], method="inverted_cdf")
    assert [revised["n_low"], revised["n_high"]] == ends.tolist()


def test_respondents_who_repeat_each_other_within_centres_add_no_certainty(
    answers: pd.DataFrame, short_result: FactorNumber, short: Methodology, draw: Any
) -> None:
    """Intervals resample centres; only the random data believe that there are more respondents."""
    doubled = pd.concat([answers] * 2, ignore_index=True)
    again = compute_factor_number(draw(doubled, short), short, seed=SEED)
    before, after = short_result.eigenvalues, again.eigenvalues
    assert len(before) == len(after) == 2 * 2 * 2 * 8
    columns = ["estimate", "ci_low", "ci_high"]
    assert after[columns].to_numpy() == pytest.approx(before[columns].to_numpy(), abs=1e-9)
    first = before["position"] == 1
    assert (after["random_high"][first] < before["random_high"][first]).all()
    for rule in ("map", "map_revised", "acceleration", "vss_1", "vss_2"):
        for basis in ("pearson", "polychoric"):
            once, twice = (by_rule(table, basis).loc[rule] for table in (short_result, again))
            assert twice["n_factors":"share"].tolist() == once["n_factors":"share"].tolist()


def test_the_same_seed_gives_the_same_bytes(
    answers: pd.DataFrame, short_result: FactorNumber, short: Methodology, draw: Any
) -> None:
    sample = draw(answers, short)
    again = compute_factor_number(sample, short, seed=np.random.SeedSequence(1))
    for name in ("votes", "eigenvalues", "criteria"):
        pd.testing.assert_frame_equal(
            getattr(again, name), getattr(short_result, name), check_exact=True
        )
    other = compute_factor_number(sample, short, seed=np.random.SeedSequence(2))
    same = other.eigenvalues == short_result.eigenvalues
    assert same[["estimate", "ci_low", "ci_high"]].all(axis=None)
    assert not same[["random_mean", "random_high"]].any(axis=None)
    assert other.seed == 2


def test_streams_of_kinds_and_references_are_apart(result: FactorNumber) -> None:
    """The largest random eigenvalues of equal streams would be equal or nearly so."""
    means = result.eigenvalues.query("kind == 'components' and position == 1")["random_mean"]
    assert means.nunique() == 4


def test_few_indicators_leave_some_rules_without_a_vote(
    answers: pd.DataFrame, make_methodology: Any, draw: Any
) -> None:
    for size, undefined in (
        (3, {"hull", "comparison_data", "acceleration", "vss_1", "vss_2"}),
        (2, {"hull", "comparison_data", "acceleration", "vss_1", "vss_2", "map", "map_revised"}),
    ):
        small = make_methodology(
            {"a": ITEMS[:size]},
            intervals={"bootstrap_replicates": 100},
            factors={"n_factors": 1, "random_replicates": 50},
        )
        found = compute_factor_number(draw(answers, small), small, seed=SEED)
        for basis in ("pearson", "polychoric"):
            votes = by_rule(found, basis)
            assert set(votes.index[votes["n_factors"].isna()]) == undefined
            missing = votes.loc[sorted(undefined), ["n_low", "n_high", "share"]]
            assert missing.isna().all(axis=None)
            assert (votes.drop(index=sorted(undefined))["n_factors"] == 1).sum() >= 3
        assert len(found.tidy()) == len(found.votes) + len(found.eigenvalues)


def test_criteria_hold_what_each_rule_looked_at(result: FactorNumber) -> None:
    assert result.criteria["value"].notna().all()
    table = result.criteria.query("basis == 'pearson'").set_index(["rule", "n_factors"])["value"]
    votes = by_rule(result, "pearson")["n_factors"]
    for rule in ("map", "map_revised"):
        assert table[rule].idxmin() == votes[rule]
        assert table[rule].index.tolist() == list(range(19))
    for rule in ("hull", "acceleration", "vss_1", "vss_2"):
        assert table[rule].idxmax() == votes[rule]
    assert table["comparison_data"].index.tolist() == list(range(1, 7))
    assert (table["empirical_kaiser"] >= 1).all()
    assert not any(rule.startswith("parallel") for rule in result.criteria["rule"])


def test_tidy_tells_votes_and_eigenvalues(result: FactorNumber) -> None:
    tidy = result.tidy()
    assert len(tidy) == len(result.votes) + len(result.eigenvalues)
    assert "n_factors_mean" in (type(result).__doc__ or "")


def test_the_range_leaves_out_replicates_without_a_vote() -> None:
    votes = np.array([2.0, 1, 2, 2, 3, np.nan])
    row = RuleVotes(rule="hull", votes=votes, values=np.array([0.5, np.nan])).tell("pearson", 0.95)
    assert (row["n_low"], row["n_high"], row["share"]) == (1, 3, 0.4)
    few = np.array([2.0, 1, np.nan, np.nan, np.nan])
    row = RuleVotes(rule="hull", votes=few, values=np.array([])).tell("pearson", 0.95)
    assert row["n_factors"] == 2
    assert np.isnan([row["n_low"], row["n_high"], row["share"]]).all()
    none = np.array([np.nan, 1.0, 1, 1])
    assert np.isnan(
        RuleVotes(rule="hull", votes=none, values=np.array([])).tell("pearson", 0.95)["n_low"]
    )
