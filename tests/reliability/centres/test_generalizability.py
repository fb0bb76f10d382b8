"""Generalizability against an analysis of variance by hand, and curves against closed forms."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientindex.reliability.centres import assess_centres
from clientindex.reliability.centres.components import _count_answers
from clientindex.reliability.centres.generalizability import COMPONENTS, compute_decision
from clientindex.reliability.centres.one_way import OneWay
from clientindex.reliability.centres.scores import CentreScores
from clientindex.reliability.scopes import list_scopes

KEYS = ["d1", "d2", "d3", "d4"]
CLOSED_FORM = 1e-9
variance = st.floats(0.0, 50.0)
positive = st.floats(0.1, 50.0)


@pytest.fixture(scope="module")
def balanced(reliability_folder):
    return pd.read_csv(reliability_folder / "balanced.csv")


@pytest.fixture(scope="module")
def found(make_methodology, count_letters, balanced):
    methodology = make_methodology({"d": KEYS}, intervals={"bootstrap_replicates": 100})
    counts, strata = count_letters(balanced, methodology)
    return assess_centres(list_scopes(counts, methodology, strata), methodology)


def analyse_variance(x):
    """Return components of answers (centres, respondents of each, indicators) from mean squares.

    Sums of squares of the crossed and nested layout, and what each is expected to be (Brennan
    2001, 3.4): the centre effect, say, is in none but the first of the four mean squares.
    """
    centres, n, k = x.shape
    grand, c, i = x.mean(), x.mean(axis=(1, 2)), x.mean(axis=(0, 1))
    ci, r = x.mean(axis=1), x.mean(axis=2)
    squares = {
        "c": n * k * ((c - grand) ** 2).sum() / (centres - 1),
        "i": centres * n * ((i - grand) ** 2).sum() / (k - 1),
        "ci": n * ((ci - c[:, None] - i + grand) ** 2).sum() / ((centres - 1) * (k - 1)),
        "r": k * ((r - c[:, None]) ** 2).sum() / (centres * (n - 1)),
        "ri": ((x - r[:, :, None] - ci[:, None] + c[:, None, None]) ** 2).sum()
        / (centres * (n - 1) * (k - 1)),
    }
    return {
        "centre": (squares["c"] - squares["ci"] - squares["r"] + squares["ri"]) / (n * k),
        "indicator": (squares["i"] - squares["ci"]) / (centres * n),
        "centre_indicator": (squares["ci"] - squares["ri"]) / n,
        "respondent": (squares["r"] - squares["ri"]) / k,
        "residual": squares["ri"],
    }


def pick(frame, **values):
    for name, value in ({"kind": "all", "part": "all", "group": "d"} | values).items():
        frame = frame[frame[name] == value]
    return frame


def test_components_are_those_of_the_analysis_of_variance(found, balanced):
    expected = analyse_variance(25.0 * (balanced[KEYS].to_numpy() - 1).reshape(60, 10, 4))
    rows = pick(found.generalizability).set_index("component")
    for name in COMPONENTS:
        assert rows.loc[name, "estimate"] == pytest.approx(expected[name], rel=CLOSED_FORM), name


def test_intervals_are_those_of_leaving_each_centre_out(found, balanced):
    """The jackknife by hand, in strata of six regions with ten centres each."""
    x = 25.0 * (balanced[KEYS].to_numpy() - 1).reshape(60, 10, 4)
    left_out = [analyse_variance(np.delete(x, centre, axis=0)) for centre in range(60)]
    rows = pick(found.generalizability).set_index("component")
    region = np.arange(60) % 6
    for name in COMPONENTS:
        values = np.array([one[name] for one in left_out])
        squares = [((v - v.mean()) ** 2).sum() for v in (values[region == k] for k in range(6))]
        error = 59 / 60 * np.sqrt(10 / 9 * sum(squares))
        row = rows.loc[name]
        t = 2.0048792881880574  # qt(0.975, 54) of R
        assert row["ci_high"] == pytest.approx(row["estimate"] + t * error, rel=1e-7), name
        low = row["estimate"] - t * error
        assert row["ci_low"] == pytest.approx(max(low, 0.0), rel=1e-7, abs=1e-9), name


def test_the_decision_study_reads_its_components(found):
    """E rho^2 and Phi as Brennan writes them, at the minimum sample."""
    rows = pick(found.generalizability).set_index("component")["estimate"].clip(lower=0)
    curve = pick(found.curves, facet="indicators", indicators=6)
    n = found.minimum_sample
    relative = rows["centre_indicator"] / 6 + rows["respondent"] / n + rows["residual"] / (6 * n)
    values = curve.set_index("statistic")["estimate"]
    centre = rows["centre"]
    assert values["relative"] == pytest.approx(centre / (centre + relative))
    absolute = relative + rows["indicator"] / 6
    assert values["absolute"] == pytest.approx(centre / (centre + absolute))


def test_with_the_listed_indicators_the_curve_passes_through_icc2(found):
    """On balanced data "fixed" with k indicators and n respondents is ICC(2) of their mean."""
    curve = pick(found.curves, facet="respondents", respondents=10, statistic="fixed")
    icc2 = pick(found.coefficients, statistic="icc2", method="anova")
    assert curve["estimate"].iloc[0] == pytest.approx(icc2["estimate"].iloc[0], rel=CLOSED_FORM)


@settings(max_examples=60, deadline=None)
@given(centre=positive, respondent=variance, residual=positive, n=st.integers(2, 200))
def test_curves_over_respondents_are_spearman_browns(centre, respondent, residual, n):
    """Respondents are parallel measurements of a centre by the listed indicators."""
    components = make_components(centre=centre, respondent=respondent, residual=residual)
    found = compute_decision(components, np.full(2, 4.0), np.array([1.0, n]))["fixed"][0]
    assert found[1] == pytest.approx(n * found[0] / (1 + (n - 1) * found[0]), rel=CLOSED_FORM)


@settings(max_examples=60, deadline=None)
@given(centre=positive, crossed=positive, residual=positive, k=st.integers(2, 40))
def test_curves_over_indicators_are_spearman_browns(centre, crossed, residual, k):
    """Indicators drawn at random are parallel where respondents have no effect of their own."""
    components = make_components(centre=centre, centre_indicator=crossed, residual=residual)
    found = compute_decision(components, np.array([1.0, k]), np.full(2, 30.0))["relative"][0]
    assert found[1] == pytest.approx(k * found[0] / (1 + (k - 1) * found[0]), rel=CLOSED_FORM)


@settings(max_examples=60, deadline=None)
@given(st.lists(variance, min_size=5, max_size=5), st.integers(1, 20), st.integers(1, 100))
def test_coefficients_stand_in_their_order(values, k, n):
    components = {name: np.array([v + 0.01]) for name, v in zip(COMPONENTS, values, strict=True)}
    found = compute_decision(components, np.array([float(k)]), np.array([float(n)]))
    assert 0 < found["absolute"][0, 0] <= found["relative"][0, 0] <= found["fixed"][0, 0] < 1


def test_negative_components_count_as_none():
    components = make_components(centre=2.0, respondent=-1.0, residual=3.0, indicator=-4.0)
    found = compute_decision(components, np.array([2.0]), np.array([5.0]))
    assert found["absolute"][0, 0] == pytest.approx(2 / (2 + 3 / 10))


def make_components(**values):
    return {name: np.array([values.get(name, 0.0)]) for name in COMPONENTS}


@settings(max_examples=60, deadline=None)
@given(tau=positive, noise=positive, level=st.sampled_from([0.6, 0.7, 0.8]))
def test_answers_needed_invert_the_reliability_of_a_centre(tau, noise, level):
    """R = tau^2 / (tau^2 + s^2 / n) at the n that is said to be needed is the level asked for."""
    n = np.array([5.0, 50.0, 500.0])
    scores = CentreScores(
        rows=np.arange(3),
        mean=np.zeros(3),
        respondents=n,
        n=n,
        error=noise / n,
        own=np.ones(3, dtype=bool),
        within=noise,
        df=100.0,
        within_left_out=np.full(3, noise),
    )
    ratio = tau / noise
    fit = OneWay(within=noise, between=tau, low=0.0, high=3 * ratio)
    found = _count_answers(scores, fit, level)
    needed = found["estimate"]
    assert tau / (tau + noise / needed) == pytest.approx(level, rel=CLOSED_FORM)
    assert found["ci_low"] == pytest.approx(needed / 3, rel=CLOSED_FORM)
    assert np.isinf(found["ci_high"])
    assert found["share"] == np.mean(tau / (tau + noise / n) >= level)
