"""Rows of ../shared/reference/agreement.csv that speak of reliability, to the digits printed."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.confirmatory.syntax import read_model
from clientindex.factors.moments import SampleMoments
from clientindex.reliability.centres.one_way import fit_anova
from clientindex.reliability.centres.scores import CentreScores
from clientindex.reliability.coefficients import compute_cronbach
from clientindex.reliability.hierarchical.coefficients import compute_correlated

FOLDER = Path(__file__).parents[3] / "shared" / "reference"
SUMS = 1e-12
"""The last three of 15 digits are rounding of sums."""

ROOTS = 1e-9
"""Ends of intervals are roots of a distribution function here, quantiles there."""

ITERATIVE = 1e-4

RATINGS = {
    "Shrout&Fleiss1979": ("shrout_fleiss_1979.csv", ["J1", "J2", "J3", "J4"]),
    "irr::anxiety": ("irr_anxiety.csv", ["rater1", "rater2", "rater3"]),
    "BA1999 sbp J1,S1": ("BA1999_sbp.csv", ["J1", "S1"]),
}
NINE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
FACTORS = ["visual", "textual", "speed"]


@pytest.fixture(scope="module")
def rows():
    """Rows that are to be matched, as text."""
    if not (FOLDER / "agreement.csv").is_file():
        pytest.skip("../shared/reference is absent: its rows on reliability are not compared")
    table = pd.read_csv(FOLDER / "agreement.csv", dtype=str, keep_default_na=False)
    return table[table["trust"] == "ok"]


def assert_printed(found, printed, limit):
    digits = len(re.sub(r"^[-0.]+|\.|e.*$", "", printed))
    assert found == pytest.approx(float(printed), rel=max(10.0 ** (1 - digits), limit))


@pytest.mark.parametrize("dataset", list(RATINGS))
def test_one_way_intraclass_correlations_and_their_intervals(rows, dataset):
    """Of irr, psych and first principles: subjects are centres, ratings their answers.

    Other forms of the correlation (with an effect of raters) do not concern centres.
    """
    name, columns = RATINGS[dataset]
    x = pd.read_csv(FOLDER / "data" / name)[columns].to_numpy(float)
    subjects, n = x.shape
    within = x.var(axis=1, ddof=1).mean()
    scores = CentreScores(
        rows=np.arange(subjects),
        mean=x.mean(axis=1),
        respondents=np.full(subjects, float(n)),
        n=np.full(subjects, float(n)),
        error=np.full(subjects, within / n),
        own=np.ones(subjects, dtype=bool),
        within=within,
        df=float(subjects * (n - 1)),
        within_left_out=np.full(subjects, within),
    )
    fit = fit_anova(scores, 0.95)
    chosen = rows[(rows["dataset"] == dataset) & rows["statistic"].isin(["ICC(1)", "ICC(1,k)"])]
    assert len(chosen) == 6
    for row in chosen.to_dict("records"):
        size = 1 if row["statistic"] == "ICC(1)" else n
        told = (
            (fit.between / fit.within, "estimate", SUMS),
            (fit.low, "lower", ROOTS),
            (fit.high, "upper", ROOTS),
        )
        for ratio, column, limit in told:
            assert_printed(size * ratio / (1 + size * ratio), row[column], limit)


@pytest.fixture(scope="module")
def holzinger(rows):
    del rows
    return pd.read_csv(FOLDER / "data" / "holzinger_swineford_1939.csv").drop(columns="id")


@pytest.mark.parametrize("group", FACTORS)
def test_alphas_of_holzinger_and_swineford(rows, holzinger, group):
    at = 3 * FACTORS.index(group)
    cov = holzinger.iloc[:, at : at + 3].cov().to_numpy()
    row = rows[rows["statistic"] == f"Cronbach alpha {group}"].iloc[0]
    assert_printed(float(compute_cronbach(cov)), row["estimate"], SUMS)


def test_composite_reliability_of_correlated_factors_is_that_of_semtools(rows, holzinger):
    """Three correlated factors by maximum likelihood, variances of sums as observed."""
    values = holzinger.to_numpy(float)
    cov = np.cov(values.T, ddof=0)
    moments = SampleMoments(
        kind="covariance",
        indicators=tuple(holzinger.columns),
        centres=tuple(f"r{row}" for row in range(len(values))),
        n=float(len(values)),
        means=values.mean(axis=0),
        matrix=cov,
        thresholds=(),
        influence=np.zeros((len(values), 54)),
    )
    spec = read_model(NINE, indicators=moments.indicators, std_lv=True)
    matrices = fit_model(spec, moments, estimator="ml").matrices[0]
    membership = np.repeat(np.eye(3, dtype=bool), 3, axis=1)
    found = compute_correlated(matrices.loadings, matrices.factor_covariances, cov, membership)
    for position, group in enumerate(FACTORS):
        row = rows[rows["statistic"] == f"composite reliability omega {group}"].iloc[0]
        assert found[1 + position] == pytest.approx(float(row["estimate"]), abs=ITERATIVE)
