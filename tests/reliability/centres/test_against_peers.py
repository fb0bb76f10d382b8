"""Centres as multilevel, lme4, psych, lavaan and statsmodels see them, and where they differ."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2
from statsmodels.regression.mixed_linear_model import MixedLM

from clientindex.reliability.centres import assess_centres
from clientindex.reliability.centres.one_way import compute_mean_size, fit_anova, fit_reml
from clientindex.reliability.centres.regions import COMPONENTS, fit_nested
from clientindex.reliability.centres.scores import CentreScores
from clientindex.reliability.centres.two_level import compute_level_coefficients
from clientindex.reliability.scopes import list_scopes

CLOSED_FORM = 1e-9
ITERATIVE = 1e-4
"""Of two searches for one minimum; lme4's deviance is flat to 1e-10 there."""

STATSMODELS = 1e-4
"""Its optimiser stops at a gradient of 1e-5 or so."""

EM = 4e-4
"""lavaan's saturated two-level covariances are iterated by EM, which creeps."""

UNEQUAL = ["a", "b", "c"]
OF_THE_WORLD = ["hs", "textual"]


@pytest.fixture(scope="module")
def of_r(reliability_folder):
    table = pd.read_csv(reliability_folder / "levels.csv")
    return table.set_index(["data", "statistic"])["value"]


@pytest.fixture(scope="module")
def scores_of(reliability_answers, reliability_folder):
    """Return a function from the name of the data of levels.R to scores and their places."""
    keyed = reliability_answers.assign(a3=6 - reliability_answers["a3"])
    balanced = pd.read_csv(reliability_folder / "balanced.csv")
    hs = pd.read_csv(reliability_folder / "hs.csv").assign(region="")
    hs = hs.rename(columns={"cluster": "centre"})

    def take(name):
        frame, letter = {"d": (balanced, "d")}.get(name, (keyed, name))
        if name in OF_THE_WORLD:
            keys = [f"x{i}" for i in (range(1, 10) if name == "hs" else (4, 5, 6))]
            return hs.assign(y=hs[keys].mean(axis=1))
        keys = [key for key in frame if key[0] == letter and len(key) == 2]
        return frame.assign(y=(25 * (frame[keys] - 1)).mean(axis=1))

    return take


def summarise(frame):
    """Return scores of centres, and numbers of their regions."""
    cells = frame.groupby("centre")["y"].agg(["mean", "size", "var"])
    n = cells["size"].to_numpy(float)
    within = float(((n - 1) * cells["var"].fillna(0)).sum() / (n - 1).sum())
    scores = CentreScores(
        rows=np.arange(len(n)),
        mean=cells["mean"].to_numpy(),
        respondents=n,
        n=n,
        error=within / n,
        own=np.ones(len(n), dtype=bool),
        within=within,
        df=float((n - 1).sum()),
        within_left_out=np.full(len(n), within),
    )
    regions = frame.groupby("centre")["region"].first()
    return scores, pd.factorize(regions)[0]


@pytest.mark.parametrize("data", [*UNEQUAL, "d", *OF_THE_WORLD])
def test_icc_by_moments_beside_multilevel(scores_of, of_r, data):
    """ICC2 is equal. ICC1 of multilevel takes the mean size for n0: equal with equal centres only.

    Ours is the unbiased estimator of components (Searle, Casella and McCulloch 1992, 3.6); that of
    multilevel is too small with unequal centres.
    """
    scores, _ = summarise(scores_of(data))
    fit = fit_anova(scores, 0.95)
    size = compute_mean_size(scores.n)
    assert size == pytest.approx(of_r[data, "mean_size"], abs=CLOSED_FORM)
    icc1 = fit.between / (fit.within + fit.between)
    icc2 = size * fit.between / (fit.within + size * fit.between)
    assert icc2 == pytest.approx(of_r[data, "icc2"], abs=CLOSED_FORM)
    if data == "d":
        assert icc1 == pytest.approx(of_r[data, "icc1"], abs=CLOSED_FORM)
    else:
        ratio = size * fit.between / fit.within / of_r[data, "arithmetic_size"]
        assert ratio / (1 + ratio) == pytest.approx(of_r[data, "icc1"], abs=CLOSED_FORM)
        assert icc1 > of_r[data, "icc1"]


@pytest.mark.parametrize("data", [*UNEQUAL, "d", "textual"])
def test_icc_by_likelihood_is_that_of_mult_icc(scores_of, of_r, data):
    """multilevel::mult.icc fits by REML (nlme) and steps up with the mean size."""
    scores, _ = summarise(scores_of(data))
    fit = fit_reml(scores, 0.95)
    icc1 = fit.between / (fit.within + fit.between)
    assert icc1 == pytest.approx(of_r[data, "mult_icc1"], rel=ITERATIVE)
    size = of_r[data, "arithmetic_size"]
    stepped = size * icc1 / (1 + (size - 1) * icc1)
    assert stepped == pytest.approx(of_r[data, "mult_icc2"], rel=ITERATIVE)


@pytest.mark.parametrize("data", [*UNEQUAL, "d", *OF_THE_WORLD])
def test_two_levels_are_those_of_lme4_with_the_profile_of_its_restricted_deviance(
    scores_of, of_r, data
):
    scores, _ = summarise(scores_of(data))
    fit = fit_reml(scores, 0.95)
    assert fit.within == pytest.approx(of_r[data, "reml_within"], rel=ITERATIVE)
    assert fit.between == pytest.approx(of_r[data, "reml_between"], rel=ITERATIVE, abs=1e-12)
    low = np.nan_to_num(of_r[data, "ratio_low"])  # the deviance does not rise so far down to 0
    assert fit.low == pytest.approx(low, rel=ITERATIVE, abs=1e-12)
    assert fit.high == pytest.approx(of_r[data, "ratio_high"], rel=ITERATIVE)


def test_a_likelihood_that_ends_at_zero_is_found_there(scores_of, of_r):
    """nlme, behind mult.icc, searches the logarithm and never arrives; lme4 and we do."""
    scores, _ = summarise(scores_of("hs"))
    assert fit_reml(scores, 0.95).between == 0
    assert of_r["hs", "reml_between"] == pytest.approx(0, abs=1e-12)
    assert of_r["hs", "mult_icc1"] > 5e-4


@pytest.mark.parametrize("data", [*UNEQUAL, "d"])
def test_interval_of_the_variance_is_near_its_own_profile(scores_of, of_r, data):
    """Ours is that of the ratio times the estimate of the variance inside centres.

    The ratio is what all coefficients rest on. The variance of respondents is known well, so the
    profile of the variance of centres itself ends within 4 % of there.
    """
    scores, _ = summarise(scores_of(data))
    fit = fit_reml(scores, 0.95)
    for end, reference in ((fit.low, "between_low"), (fit.high, "between_high")):
        assert end * fit.within == pytest.approx(of_r[data, reference], rel=0.04)


@pytest.mark.parametrize("data", [*UNEQUAL, "d"])
def test_three_levels_are_those_of_lme4_with_profiles(scores_of, of_r, data):
    scores, regions = summarise(scores_of(data))
    found = fit_nested(scores, regions, 0.95)
    within = found.variances["respondent"]
    for name in ("centre", "region"):
        ratio = found.variances[name] / within
        assert ratio == pytest.approx(of_r[data, f"nested_{name}"], rel=5e-4, abs=1e-6)
        for end, bound in zip(("low", "high"), found.intervals[name], strict=True):
            expected = np.nan_to_num(of_r[data, f"nested_{name}_{end}"])
            assert bound / within == pytest.approx(expected, rel=5e-4, abs=1e-6)


@pytest.mark.parametrize("data", [*UNEQUAL, "d"])
@pytest.mark.parametrize("component", COMPONENTS)
def test_shares_of_components_have_the_profile_of_lme4s_deviance(scores_of, of_r, data, component):
    scores, regions = summarise(scores_of(data))
    found = fit_nested(scores, regions, 0.95)
    low, high = found.shares[component]
    expected = np.nan_to_num(of_r[data, f"share_{component}_low"])
    assert low == pytest.approx(expected, rel=5e-4, abs=1e-6)
    assert high == pytest.approx(of_r[data, f"share_{component}_high"], rel=5e-4)
    total = sum(found.variances.values())
    assert low <= found.variances[component] / total <= high


def test_moments_and_interval_of_equal_centres_are_those_of_psych(scores_of, of_r):
    scores, _ = summarise(scores_of("d"))
    fit = fit_anova(scores, 0.95)
    for ratio, end in ((fit.low, "_low"), (fit.between / fit.within, ""), (fit.high, "_high")):
        icc1, icc2 = ratio / (1 + ratio), 10 * ratio / (1 + 10 * ratio)
        assert icc1 == pytest.approx(of_r["d", f"psych_icc1{end}"], abs=CLOSED_FORM)
        assert icc2 == pytest.approx(of_r["d", f"psych_icc2{end}"], abs=CLOSED_FORM)


@pytest.mark.parametrize("data", UNEQUAL)
def test_two_levels_are_those_of_statsmodels(scores_of, data):
    """By conjugate gradients: on b and c its L-BFGS ends at no variance of centres, with warnings.

    BFGS, the first that it tries, does not converge on b. lme4 settles it.
    """
    frame = scores_of(data)
    theirs = MixedLM.from_formula("y ~ 1", frame, groups="centre").fit(reml=True, method="cg")
    ours = fit_reml(summarise(frame)[0], 0.95)
    assert ours.between == pytest.approx(float(theirs.cov_re.iloc[0, 0]), rel=STATSMODELS)
    assert ours.within == pytest.approx(float(theirs.scale), rel=STATSMODELS)


def test_three_levels_are_those_of_statsmodels_if_it_is_told_of_regions_twice(scores_of):
    """With vc_formula alone MixedLM has no effect of the groups: regions vanish without a word."""
    frame = scores_of("c")
    scores, regions = summarise(frame)
    ours = fit_nested(scores, regions, 0.95)
    formula = {"centre": "0 + C(centre)"}
    told = {"groups": "region", "vc_formula": formula}
    theirs = MixedLM.from_formula("y ~ 1", frame, re_formula="1", **told).fit(
        reml=True, method="bfgs"
    )
    found = {
        "respondent": theirs.scale,
        "centre": theirs.vcomp[0],
        "region": theirs.cov_re.iloc[0, 0],
    }
    for name, value in found.items():
        assert ours.variances[name] == pytest.approx(float(value), rel=1e-3), name
    without = MixedLM.from_formula("y ~ 1", frame, **told).fit(reml=True, method="bfgs")
    assert without.cov_re.size == 0
    two = fit_reml(scores, 0.95)
    assert float(without.vcomp[0]) == pytest.approx(two.between, rel=STATSMODELS)


@pytest.fixture(scope="module")
def covariances_of_levels(reliability_folder):
    """Covariances of lavaan within and between centres: saturated, and of one factor a level."""
    table = pd.read_csv(reliability_folder / "levels_covariances.csv")
    found = {}
    for key, rows in table.groupby(["matrix", "level"]):
        found[key] = rows.pivot_table(index="row", columns="column", values="value").to_numpy()
    return found


def test_omegas_of_the_levels_are_those_of_lavaans_loadings(covariances_of_levels, of_r):
    """From the covariances that lavaan's model implies; they are of one factor a level."""
    within, between = (covariances_of_levels["one_factor", name] for name in ("within", "between"))
    found = compute_level_coefficients(within[None], between[None])
    for name in ("omega_within", "omega_between"):
        assert found[name][0] == pytest.approx(of_r["d", name], abs=1e-6)


@pytest.fixture(scope="module")
def balanced(make_methodology, count_letters, reliability_folder):
    methodology = make_methodology(
        {"d": ["d1", "d2", "d3", "d4"]}, intervals={"bootstrap_replicates": 100}
    )
    counts, strata = count_letters(pd.read_csv(reliability_folder / "balanced.csv"), methodology)
    return assess_centres(list_scopes(counts, methodology, strata), methodology)


def take(frame, **values):
    for name, value in ({"kind": "all", "group": "d"} | values).items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_alphas_of_the_levels_are_those_of_lavaans_saturated_model(
    balanced, covariances_of_levels, of_r
):
    """By maximum likelihood lavaan divides what lies between C centres by C, not C - 1.

    So its covariances between centres are (C - 1) / C (T + W / n) - W / n of ours, T and W; with
    that said, both are equal to what lavaan's iterations leave.
    """
    within, ml = (covariances_of_levels["saturated", name] for name in ("within", "between"))
    own = take(balanced.coefficients, statistic="alpha_within")["estimate"]
    assert own == pytest.approx(of_r["d", "alpha_within"], abs=EM)
    restricted = (ml + within / 10) * 60 / 59 - within / 10
    expected = 4 / 3 * (1 - np.trace(restricted) / restricted.sum())
    row = take(balanced.coefficients, statistic="alpha_between")
    assert row["estimate"] == pytest.approx(expected, abs=EM)
    assert not row["bent"]


def test_omegas_of_the_levels_are_near_those_of_the_likelihood(balanced, of_r):
    """Ours fit moments by least squares, lavaan's all of it by ML: equal but for the misfit."""
    for name in ("omega_within", "omega_between"):
        row = take(balanced.coefficients, statistic=name)
        assert row["estimate"] == pytest.approx(of_r["d", name], abs=0.005)
        assert row["ci_low"] < of_r["d", name] < row["ci_high"]


def test_the_profile_of_a_share_is_that_of_a_grid(scores_of):
    """Brute force: the share is inside its interval where some division of the rest is likely."""
    scores, regions = summarise(scores_of("a"))
    found = fit_nested(scores, regions, 0.95)
    v = 1 / scores.n

    def deviance(centre, region):
        """-2 log restricted likelihood of centre means by matrices, variance profiled out."""
        same = regions[:, None] == regions
        sigma = np.diag(v + centre) + region * same
        inverse = np.linalg.inv(sigma)
        ones = np.ones(len(v))
        information = ones @ inverse @ ones
        mean = ones @ inverse @ scores.mean / information
        residual = scores.mean - mean
        total = scores.df * scores.within + residual @ inverse @ residual
        freedom = scores.df + len(v) - 1
        return freedom * np.log(total) + np.linalg.slogdet(sigma)[1] + np.log(information)

    variances = np.array([found.variances[name] for name in COMPONENTS])
    lowest = deviance(*(variances[1:] / variances[0]))
    low, high = found.shares["centre"]
    for share, inside in ((low + 1e-3, True), (low - 1e-3, False), (high + 1e-3, False)):
        rest = (1 - share) * np.linspace(0.01, 1, 200)
        best = min(deviance(share / one, (1 - share - one) / one) for one in rest)
        assert (best - lowest < chi2.ppf(0.95, 1)) == inside
