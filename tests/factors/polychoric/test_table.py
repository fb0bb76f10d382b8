"""The table of polychoric correlations, and how often its intervals hold the truth."""

import numpy as np
import pandas as pd
import pytest
from numpy.random import SeedSequence
from scipy.stats import norm

from clientindex.factors.polychoric import (
    estimate_polychoric,
    read_tables,
    tabulate_polychoric,
)
from clientindex.factors.sample import draw_factor_sample, estimate_moments
from clientindex.results import Unavailable

TRUE = np.array([[1, 0.6, 0.3], [0.6, 1, 0.45], [0.3, 0.45, 1]])
CUTS = np.array([-1.2, -0.4, 0.3, 1.1])


def draw(counts, methodology):
    strata = dict.fromkeys(counts.units["centre"], "all")
    return draw_factor_sample(counts, methodology, strata=strata, seed=SeedSequence(1))


@pytest.fixture(scope="module")
def drawn(mixed_answers, make_mixed, count_answers):
    methodology = make_mixed()
    return draw(count_answers(mixed_answers, methodology), methodology), methodology


@pytest.fixture(scope="module")
def table(drawn):
    return tabulate_polychoric(*drawn)


def test_every_pair_stands_beside_pearson_with_its_respondents(table, mixed_answers, drawn):
    frame = table.frame.set_index(["indicator", "other"])
    assert len(frame) == 21
    both = mixed_answers[["f1", "f4"]].dropna()
    row = frame.loc["f1", "f4"]
    assert row["n"] == len(both)
    assert row["pearson"] == pytest.approx(-both.corr().iloc[0, 1], abs=1e-12)
    assert row["difference"] == pytest.approx(row["estimate"] - row["pearson"], abs=1e-15)
    crossed = pd.crosstab(mixed_answers["f1"], mixed_answers["f4"])
    assert row["zero_cells"] == (crossed == 0).sum().sum()


def test_thresholds_are_normal_quantiles_of_cumulative_shares(table, mixed_answers):
    shares = mixed_answers["f1"].dropna().value_counts(normalize=True).sort_index().cumsum()
    told = table.thresholds.query("indicator == 'f1'")
    assert list(told["position"]) == [1, 2, 3, 4]
    assert told["estimate"].to_numpy() == pytest.approx(norm.ppf(shares.to_numpy()[:-1]))


def test_the_table_says_what_was_done(table):
    assert (table.estimator, table.zero_cell_2x2, table.zero_cell) == ("two_step", 0, 0)
    assert table.unused.empty
    assert (table.n_centres, table.smoothed, table.largest_change) == (25, False, 0)
    assert table.n == table.frame["n"].min()
    tidy = table.tidy()
    assert len(tidy) == 21 + 19
    assert set(tidy["statistic"]) == {"polychoric", *(f"threshold.{k}" for k in (1, 2, 3, 4))}


def test_a_matrix_that_contradicts_itself_is_smoothed_and_reported(make_methodology, count_answers):
    """Three pairs of questions, each pair answered by other people."""
    rng = np.random.default_rng(11)
    parts = []
    for pair, rho in ((("a", "b"), 0.9), (("b", "c"), 0.9), (("a", "c"), -0.3)):
        latent = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], size=400)
        parts.append(pd.DataFrame(np.searchsorted(CUTS, latent) + 1, columns=list(pair)))
    answers = pd.concat(parts, ignore_index=True)
    answers["centre"] = [f"c{row % 40:02d}" for row in range(len(answers))]
    methodology = make_methodology({"one": ["a", "b", "c"]})
    counts = count_answers(answers, methodology)
    found = estimate_polychoric(read_tables(counts, methodology), counts, methodology)
    assert found.smoothed.changed
    assert found.smoothed.smallest_eigenvalue < -0.2
    assert found.smoothed.largest_change == pytest.approx(
        np.abs(found.moments.matrix[np.triu_indices(3, 1)] - found.rho).max()
    )
    assert np.linalg.eigvalsh(found.moments.matrix)[0] > 0


def test_answers_that_nobody_chose_are_listed_as_they_were_asked(
    mixed_answers, make_mixed, count_answers
):
    """f4 is worded the other way: its lowest mark stays its lowest mark."""
    methodology = make_mixed()
    changed = mixed_answers.assign(
        f1=mixed_answers["f1"].replace({2: 3}), f4=mixed_answers["f4"].replace({1: 2, 5: 4})
    )
    found = tabulate_polychoric(draw(count_answers(changed, methodology), methodology), methodology)
    assert found.unused.to_numpy().tolist() == [["f1", 2], ["f4", 1], ["f4", 5]]
    told = found.thresholds.groupby("indicator", sort=False).size()
    assert told.to_dict() == {"f1": 3, "f2": 4, "f3": 4, "f4": 2, "y1": 1, "y2": 1, "y3": 1}


def test_one_centre_is_refused(mixed_answers, make_mixed, count_answers, drawn):
    methodology = make_mixed()
    counts = count_answers(mixed_answers, methodology)
    one = counts.select((counts.units["centre"] == "c03").to_numpy())
    assert draw(one, methodology) == Unavailable(stage="factors", reason="one_centre")


@pytest.mark.parametrize("estimator", ["two_step", "ml"])
def test_intervals_hold_the_truth_where_respondents_of_a_centre_are_alike(
    make_methodology, count_answers, estimator
):
    """Nominal 95 percent; those for independent respondents would be too short."""
    methodology = make_methodology({"one": ["a", "b", "c"]}, factors={"polychoric": estimator})
    rng = np.random.default_rng(8)
    held, naive, total = 0, 0, 0
    truth = TRUE[np.triu_indices(3, 1)]
    root = np.linalg.cholesky(TRUE)
    for _ in range(120):
        centre = np.repeat(np.arange(60), 20)
        shared = rng.standard_normal((60, 3))[centre]
        latent = (np.sqrt(0.3) * shared + np.sqrt(0.7) * rng.standard_normal((1200, 3))) @ root.T
        answers = pd.DataFrame(np.searchsorted(CUTS, latent) + 1, columns=["a", "b", "c"])
        answers["centre"] = [f"c{number:02d}" for number in centre]
        found = [
            estimate_errors(count_answers(answers, methodology, alone=alone), methodology)
            for alone in (False, True)
        ]
        inside = [np.abs(rho - truth) < 1.96 * errors for rho, errors in found]
        held += inside[0].sum()
        naive += inside[1].sum()
        total += 3
    assert 0.92 < held / total < 0.98
    assert naive < held - 0.02 * total


def estimate_errors(counts, methodology):
    found = estimate_moments(counts, methodology, "polychoric")
    return found.statistics[-3:], np.sqrt((found.influence**2).sum(axis=0))[-3:]
