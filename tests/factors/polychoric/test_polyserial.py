"""Polyserial correlations against MASS, polycor, lavaan and statsmodels."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import norm
from statsmodels.miscmodels.ordinal_model import OrderedModel

from clientindex.errors import StatisticsError
from clientindex.factors import estimate_polyserial
from clientindex.factors.polychoric import compute_cuts
from clientindex.factors.polychoric.influence import compute_threshold_influence
from clientindex.factors.polychoric.serial_two_step import (
    compute_serial_influence,
    solve_serial,
)
from clientindex.results import PolyserialTable, Unavailable

ITEMS = ["f1", "f2", "f3", "f4", "y1", "y2", "y3"]


@pytest.fixture(scope="module")
def serial(polychoric_folder):
    return pd.read_csv(polychoric_folder / "serial.csv").set_index("indicator")


@pytest.fixture(scope="module")
def relate(make_mixed, count_answers):
    """Return a function that relates the covariate of each respondent to the items."""
    methodology = make_mixed()

    def relate(answers, **options):
        counts = count_answers(answers, methodology, alone=True)
        return estimate_polyserial(counts, answers["age"].to_numpy(), methodology, **options)

    return relate


def keep_both(answers, item):
    """Return answers of those who gave the item and the covariate."""
    return answers[answers[item].notna() & answers["age"].notna()].reset_index(drop=True)


@pytest.mark.parametrize("item", ITEMS)
def test_full_maximum_likelihood_is_the_probit_regression_of_r(relate, mixed_answers, serial, item):
    frame = relate(keep_both(mixed_answers, item), estimator="ml").frame.set_index("indicator")
    assert frame.loc[item, "n"] == serial.loc[item, "n"]
    assert frame.loc[item, "estimate"] == pytest.approx(serial.loc[item, "probit"], abs=1e-6)


@pytest.mark.parametrize("item", ITEMS)
def test_full_maximum_likelihood_is_that_of_polycor_with_its_standard_deviation(
    relate, mixed_answers, serial, item
):
    """Polycor divides the variance of the covariate by n - 1: the slope changes by that factor.

    Its simplex stops up to 1e-3 from the maximum.
    """
    frame = relate(keep_both(mixed_answers, item), estimator="ml").frame.set_index("indicator")
    rho, n = serial.loc[item, "ml"], serial.loc[item, "n"]
    slope = rho / np.sqrt(1 - rho**2) * np.sqrt((n - 1) / n)
    assert frame.loc[item, "estimate"] == pytest.approx(slope / np.sqrt(1 + slope**2), abs=1e-4)


@pytest.mark.parametrize("item", ITEMS)
def test_two_steps_agree_with_lavaan(relate, mixed_answers, serial, item):
    frame = relate(keep_both(mixed_answers, item), estimator="two_step").frame
    found = frame.set_index("indicator").loc[item, "estimate"]
    assert found == pytest.approx(serial.loc[item, "lavaan"], abs=1e-6)


@pytest.mark.parametrize("item", ["f2", "y1"])
def test_two_steps_find_the_maximum_that_scipy_finds(relate, mixed_answers, item):
    both = keep_both(mixed_answers, item)
    frame = relate(both, estimator="two_step").frame.set_index("indicator")
    shares = both[item].value_counts(normalize=True).sort_index().cumsum().to_numpy()
    cuts = np.concatenate([[-np.inf], norm.ppf(shares[:-1]), [np.inf]])
    z = ((both["age"] - both["age"].mean()) / both["age"].std(ddof=0)).to_numpy()
    place = both[item].to_numpy().astype(int) - 1

    def lose(rho):
        edge = (cuts - rho * z[:, None]) / np.sqrt(1 - rho**2)
        share = np.diff(norm.cdf(edge), axis=1)
        return -np.log(share[np.arange(len(z)), place]).sum()

    best = minimize_scalar(lose, bounds=(-0.9, 0.9), method="bounded", options={"xatol": 1e-10})
    assert frame.loc[item, "estimate"] == pytest.approx(best.x, abs=1e-6)


def test_the_estimate_in_closed_form_of_psych_is_near(relate, mixed_answers, serial):
    """Psych and polycor's quick one is Pearson's correlation rescaled: an approximation."""
    frame = relate(mixed_answers, estimator="two_step").frame.set_index("indicator")
    assert frame["estimate"].to_numpy() == pytest.approx(serial["psych"].to_numpy(), abs=0.01)
    assert serial["psych"].to_numpy() == pytest.approx(serial["two_step"].to_numpy(), abs=1e-12)


def test_errors_of_two_steps_are_near_those_of_lavaan(polychoric_folder, relate, mixed_answers):
    """From 300 who answered everything; both include the error of the covariate's spread.

    lavaan weighs by other products of scores; the difference goes to zero with n (7e-4 at 400,000
    simulated respondents). That ours is exact is shown by the slopes below.
    """
    reference = pd.read_csv(polychoric_folder / "complete.csv")
    told = reference[(reference["lhs"] == "age") | (reference["rhs"] == "age")]
    item = told["lhs"].where(told["rhs"] == "age", told["rhs"])
    frame = relate(mixed_answers.dropna(), estimator="two_step").frame.set_index("indicator")
    assert frame.loc[item, "estimate"].to_numpy() == pytest.approx(
        told["estimate"].to_numpy(), abs=1e-6
    )
    assert frame.loc[item, "std_error"].to_numpy() == pytest.approx(
        told["std_error"].to_numpy(), rel=0.04
    )


def test_influence_is_the_slope_by_the_weight_of_a_respondent():
    """Where answers are as expected, products of scores are the Hessian, and slopes are exact."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(61)
    cuts = np.array([-np.inf, -1, 0.2, 1, np.inf])
    edge = (cuts - 0.55 * nodes[:, None]) / np.sqrt(1 - 0.55**2)
    expected = 1e9 * np.diff(norm.cdf(edge), axis=1) * (weights / weights.sum())[:, None]
    rng = np.random.default_rng(3)
    x = np.concatenate([nodes, 0.2 + 1.3 * rng.standard_normal(30)])
    odd = np.eye(4)[rng.integers(0, 4, size=30)]

    def solve(weight):
        answered = np.concatenate([expected, weight * odd])[:, None]
        share = answered.sum(axis=(1, 2)) / answered.sum()
        mean = share @ x
        sd = np.sqrt(share @ (x - mean) ** 2)
        at = compute_cuts(answered.sum(axis=0))
        z = (x - mean) / sd
        rho = solve_serial(answered, z, at)
        influence = compute_serial_influence(
            answered,
            z,
            at,
            rho,
            by_cut=compute_threshold_influence(answered, at),
            by_mean=share * z,
            by_sd=share * (z**2 - 1) / 2,
        )
        return rho[0], influence[61:].sum()

    slope = (solve(501)[0] - solve(-499)[0]) / 1000
    rho, influence = solve(1)
    assert rho == pytest.approx(0.55, abs=1e-6)
    assert influence == pytest.approx(slope, rel=1e-4)


def test_error_of_the_slope_is_that_of_statsmodels_up_to_its_hessian(relate, mixed_answers):
    both = keep_both(mixed_answers, "f2")
    z = (both["age"] - both["age"].mean()) / both["age"].std(ddof=0)
    peer = OrderedModel(both["f2"].astype(int), z.rename("z"), distr="probit")
    fitted = peer.fit(method="bfgs", disp=False, gtol=1e-8)
    slope, error = fitted.params["z"], fitted.bse["z"]
    row = relate(both, estimator="ml").frame.set_index("indicator").loc["f2"]
    assert row["estimate"] == pytest.approx(slope / np.sqrt(1 + slope**2), abs=1e-6)
    # the spread of the covariate is estimated too: slope^2 / (2 n) for a normal covariate
    whole = np.sqrt(error**2 + slope**2 * ((z**4).mean() - 1) / (4 * len(z)))
    assert row["std_error"] == pytest.approx(whole / (1 + slope**2) ** 1.5, rel=0.1)


def test_a_covariate_of_centres_is_that_of_their_respondents(
    mixed_answers, make_mixed, count_answers
):
    """One value a centre: estimates are equal by centre and by respondent, errors are not."""
    methodology = make_mixed()
    queue = dict(zip([f"c{k:02d}" for k in range(25)], np.sqrt(np.arange(25.0)), strict=True))
    values = mixed_answers["centre"].map(queue).to_numpy()
    by_centre = count_answers(mixed_answers, methodology)
    alone = count_answers(mixed_answers, methodology, alone=True)
    for estimator in ("two_step", "ml"):
        found = [
            estimate_polyserial(counts, x, methodology, estimator=estimator)
            for counts, x in (
                (by_centre, by_centre.units["centre"].map(queue).to_numpy()),
                (alone, values),
            )
        ]
        estimates = [table.frame["estimate"].to_numpy() for table in found]
        assert estimates[0] == pytest.approx(estimates[1], abs=1e-9)
        assert (found[0].mean, found[0].sd) == pytest.approx((values.mean(), values.std()))
        errors = [table.frame["std_error"].to_numpy() for table in found]
        assert np.mean(errors[0] / errors[1]) > 1.2


@pytest.mark.parametrize("estimator", ["two_step", "ml"])
def test_errors_are_the_spread_of_estimates_and_intervals_hold_the_truth(
    make_methodology, count_answers, estimator
):
    methodology = make_methodology({"one": ["a", "b"]})
    rng = np.random.default_rng(21)
    truth = np.array([0.5, -0.3])
    frames = []
    for _ in range(200):
        x = rng.standard_normal(400)
        latent = truth * x[:, None] + np.sqrt(1 - truth**2) * rng.standard_normal((400, 2))
        answers = pd.DataFrame(np.searchsorted([-1, 0.2, 1], latent) + 1, columns=["a", "b"])
        counts = count_answers(answers, methodology, alone=True)
        found = estimate_polyserial(counts, 40 + 9 * x, methodology, estimator=estimator)
        frames.append(found.frame.assign(truth=truth))
    all_frames = pd.concat(frames)
    by_item = all_frames.groupby("indicator")
    assert by_item["estimate"].mean().to_numpy() == pytest.approx(truth, abs=0.01)
    ratio = by_item["std_error"].mean() / by_item["estimate"].std()
    assert ratio.to_numpy() == pytest.approx(np.ones(2), abs=0.1)
    inside = all_frames.eval("ci_low < truth < ci_high").mean()
    assert 0.93 < inside < 0.975


@pytest.mark.parametrize("estimator", ["two_step", "ml"])
@pytest.mark.parametrize("unused", [1, 3, 5])
def test_a_category_that_nobody_chose_takes_no_part(relate, mixed_answers, unused, estimator):
    without = mixed_answers.assign(f1=mixed_answers["f1"].replace(unused, np.nan))
    squeezed = without.assign(f1=without["f1"].where(without["f1"] < unused, without["f1"] - 1))
    frames = [relate(answers, estimator=estimator).frame for answers in (without, squeezed)]
    pd.testing.assert_frame_equal(*frames, rtol=1e-9)


def test_the_table_tells_its_method(relate, mixed_answers):
    table = relate(mixed_answers)
    assert isinstance(table, PolyserialTable)
    tidy = table.tidy()
    assert list(tidy["subject"]) == ITEMS
    assert set(tidy["statistic"]) == {"polyserial"}
    assert tidy["method"][0] == f"two_step, cluster-robust over {table.n_centres} centres"
    assert (tidy["ci_low"] < tidy["estimate"]).all()


def test_one_value_everywhere_is_refused_in_words(mixed_answers, make_mixed, count_answers):
    methodology = make_mixed()
    counts = count_answers(mixed_answers, methodology)
    with pytest.raises(StatisticsError, match="the same value, 3, in all units"):
        estimate_polyserial(counts, np.full(25, 3.0), methodology)
    with pytest.raises(StatisticsError, match="no value in all units"):
        estimate_polyserial(counts, np.full(25, np.nan), methodology)


def test_a_covariate_of_another_length_is_refused_in_words(
    mixed_answers, make_mixed, count_answers
):
    methodology = make_mixed()
    counts = count_answers(mixed_answers, methodology)
    with pytest.raises(StatisticsError, match=r"shape \(3,\), but the counts have 25 units"):
        estimate_polyserial(counts, [1.0, 2.0, 3.0], methodology)


def test_what_cannot_be_related_is_named(mixed_answers, make_mixed, count_answers):
    methodology = make_mixed()
    centres = np.arange(25.0)

    def refuse(answers, covariate):
        counts = count_answers(answers, methodology)
        return estimate_polyserial(counts, covariate, methodology)

    def give(reason, detail=""):
        return Unavailable(stage="factors", reason=reason, detail=detail)

    assert refuse(mixed_answers.assign(y2=1), centres) == give("zero_variance", "y2")
    empty = mixed_answers.assign(f3=np.nan)
    assert refuse(empty, centres) == give("too_few_answers", "f3")
    split = mixed_answers.assign(y1=np.where(mixed_answers["centre"] < "c10", 1, 2))
    assert refuse(split, centres) == give("perfect_covariate", "y1")
    assert refuse(split, -centres) == give("perfect_covariate", "y1")


@pytest.mark.parametrize("estimator", ["two_step", "ml"])
def test_one_centre_with_a_known_covariate_is_refused(
    mixed_answers, make_mixed, count_answers, estimator
):
    methodology = make_mixed()
    counts = count_answers(mixed_answers.assign(segment="x"), methodology)
    two = mixed_answers.assign(period=np.where(np.arange(500) % 2, "2025", "2026"))
    counts = count_answers(two, methodology)
    values = np.where(counts.units["centre"] == "c00", np.arange(50.0), np.nan)
    found = estimate_polyserial(counts, values, methodology, estimator=estimator)
    assert found == Unavailable(stage="factors", reason="one_centre")
