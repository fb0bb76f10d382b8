"""Coefficients, adjusted means and their errors against R's lm and statsmodels on respondents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from weighted_people import REFERENCE

CLOSED_FORM = 1e-8


def read(name: str, *, weighted: bool) -> pd.DataFrame:
    table = pd.read_csv(
        REFERENCE / f"case_mix_{name}.csv", skipinitialspace=True, dtype={"weighted": str}
    )
    return table[table["weighted"].str.strip() == str(weighted).upper()]


@pytest.mark.parametrize("weighted", [False, True])
def test_coefficients_are_those_of_lm(clients: Any, adjust: Any, weighted: bool) -> None:
    ours = adjust(clients, weighted=weighted).result.coefficients
    ours = ours.assign(term=ours["trait"] + ours["level"]).set_index(["indicator", "term"])
    theirs = read("coefficients", weighted=weighted)
    assert len(ours) == len(theirs) == 15
    for row in theirs.itertuples():
        estimate = ours.loc[(row.indicator.strip(), row.term.strip()), "estimate"]
        assert estimate == pytest.approx(row.estimate, rel=CLOSED_FORM)


@pytest.mark.parametrize("weighted", [False, True])
def test_adjusted_means_are_predictions_at_the_mean_mix(
    clients: Any, adjust: Any, weighted: bool
) -> None:
    moments = adjust(clients, weighted=weighted).moments["full"]
    for row in read("adjusted", weighted=weighted).itertuples():
        at = moments.centres.index(row.centre.strip())
        k = moments.indicators.index(row.indicator.strip())
        assert moments.mean[at, 0, k] == pytest.approx(row.adjusted, rel=CLOSED_FORM)


def make_rows(clients: pd.DataFrame, indicator: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return who answered, and the columns of the levels, in the order of ours."""
    rows = clients.dropna(subset=[indicator]).reset_index(drop=True)
    rows = rows.assign(y=25 * (rows[indicator] - 1))
    z = pd.DataFrame(
        {
            "sexf": rows["sex"] == "f",
            "age0-29": rows["age"] == "0-29",
            "age60+": rows["age"] == "60+",
            "education": rows["education"] == "",
            "educationhigher": rows["education"] == "higher",
        }
    )
    return rows, z.astype(float)


def take_means(values: pd.DataFrame | pd.Series, centre: pd.Series) -> Any:
    return values - values.groupby(centre).transform("mean")


def test_errors_are_cluster_robust(clients: Any, adjust: Any) -> None:
    ours = adjust(clients).result.coefficients
    for indicator in "abc":
        rows, z = make_rows(clients, indicator)
        fit = sm.OLS(take_means(rows["y"], rows["centre"]), take_means(z, rows["centre"])).fit(
            cov_type="cluster", cov_kwds={"groups": pd.factorize(rows["centre"])[0]}
        )
        own = ours[ours["indicator"] == indicator]
        assert (own["trait"] + own["level"]).tolist() == list(z)
        np.testing.assert_allclose(own["std_error"], fit.bse, rtol=CLOSED_FORM)


def test_explained_variance_within_centres(clients: Any, adjust: Any) -> None:
    ours = adjust(clients).result.variance.set_index("indicator")
    rows, z = make_rows(clients, "b")
    y = take_means(rows["y"], rows["centre"])
    fit = sm.OLS(y, take_means(z, rows["centre"])).fit()
    assert ours.loc["b", "explained"] == pytest.approx(fit.rsquared, rel=CLOSED_FORM)
    assert ours.loc["b", "within_variance"] == pytest.approx((y**2).mean(), rel=CLOSED_FORM)
    assert ours.loc["b", "n"] == len(rows)


def test_the_error_of_an_adjusted_mean(clients: Any, adjust: Any) -> None:
    """Variance of the residuals in the centre over n, plus that of the coefficients."""
    found = adjust(clients)
    rows, z = make_rows(clients, "a")
    own = take_means(z, rows["centre"])
    fit = sm.OLS(take_means(rows["y"], rows["centre"]), own).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(rows["centre"])[0]}
    )
    here = rows["centre"] == "c03"
    apart = (z[here].mean() - z.mean()).to_numpy()
    rest = (rows["y"] - z @ fit.params)[here]
    expected = rest.var(ddof=1) / here.sum() + apart @ fit.cov_params().to_numpy() @ apart
    moments = found.moments["full"]
    at = moments.centres.index("c03")
    assert moments.cov_mean[at, 0, 0, 0] == pytest.approx(expected, rel=CLOSED_FORM)


def test_covariances_of_two_adjusted_means_are_those_of_a_combined_answer(
    clients: Any, adjust: Any
) -> None:
    """Without missing answers the mean of two indicators is an indicator: same error both ways."""
    whole = clients.dropna(subset=["a", "b", "c"])
    moments = adjust(whole).moments["full"]
    rows, z = make_rows(whole, "a")
    y = 25 * (rows["a"] + rows["b"] - 2) / 2
    own = take_means(z, rows["centre"])
    fit = sm.OLS(take_means(y, rows["centre"]), own).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(rows["centre"])[0]}
    )
    here = rows["centre"] == "c05"
    apart = (z[here].mean() - z.mean()).to_numpy()
    rest = (y - z @ fit.params)[here]
    expected = rest.var(ddof=1) / here.sum() + apart @ fit.cov_params().to_numpy() @ apart
    block = moments.cov_mean[moments.centres.index("c05"), 0, :2, :2]
    assert block.sum() / 4 == pytest.approx(expected, rel=CLOSED_FORM)
