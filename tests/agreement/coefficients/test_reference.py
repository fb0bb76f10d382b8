"""Every trusted row of parts A, C and G of the published results is reproduced or accounted for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from agreement_reference import CLOSED_FORM, assert_equal, read_data, read_reference
from clientindex.agreement.coefficients import (
    compare_variances,
    compute_krippendorff,
    estimate_bias,
    estimate_categorical,
    estimate_cohen,
    estimate_concordance,
    estimate_concordance_components,
    estimate_concordance_u,
    estimate_icc,
    estimate_krippendorff,
    estimate_limits,
    estimate_linked_limits,
    estimate_repeated_limits,
    estimate_sd_difference,
    estimate_within_variance,
    fit_proportional_bias,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.agreement.coefficients import Estimate

# R's noncentral t stops at a relative 1e-11 or so.
NONCENTRAL = 1e-9
# nlme's optimiser stops there: our REML is the closed form.
NLME = 1e-5
# psych's lmer = TRUE: the reference says "optimizer tolerance ~1e-5"; limits are 3e-5 off.
LMER = 5e-5
# irrCAC prints five digits, and three of intervals.
FIVE, THREE = 0.5e-5 + 1e-9, 0.5e-3 + 1e-9
# lme4's optimiser under SimplyAgree's nested design.
LME4 = 1e-7
# Two percentile intervals of 2,000 resamples by different generators; the reference says 0.01 each.
RESAMPLED = 0.02
# Bland and Altman's 1.96, where a program uses it instead of the quantile.
ROUNDED = float(2 * norm.cdf(1.96) - 1)

LEFT_OUT = {
    "Kendall W (tie corrected)": "not among the statistics of this room",
    "LoA lower SimplyAgree nest blandaltman": "interval from lme4 components; estimate compared",
    "LoA upper SimplyAgree nest blandaltman": "interval from lme4 components; estimate compared",
    "LoA lower SimplyAgree nest mover": "interval from lme4 components; estimate compared",
    "LoA upper SimplyAgree nest mover": "interval from lme4 components; estimate compared",
    "Passing-Bablok slope (literal 1983)": "structural relation, elsewhere",
    "Passing-Bablok intercept (literal 1983)": "structural relation, elsewhere",
}
"""Statistic -> why its row (or its interval) is not compared."""


@dataclass(frozen=True)
class Rule:
    pattern: str
    compare: Callable[[NDArray[np.float64], pd.Series, re.Match[str]], None]
    rows: int


def ends(found: Estimate) -> tuple[float, float, float]:
    return found.estimate, found.ci_low, found.ci_high


def everything(found: Estimate) -> tuple[float, float, float, float]:
    return *ends(found), found.std_error


def pick(limits, side):
    return limits.low if side == "lower" else limits.high


def outer(found: Estimate, side: str) -> tuple[float, float | None, float | None]:
    return (
        (found.estimate, found.ci_low, None)
        if side == "lower"
        else (
            found.estimate,
            None,
            found.ci_high,
        )
    )


ICC = {
    "1": "one_way",
    "1,k": "one_way_average",
    "A,1": "absolute",
    "A,k": "absolute_average",
    "C,1": "consistency",
    "C,k": "consistency_average",
}


def compare_icc(data, row, match):
    found = getattr(estimate_icc(data, level=0.95), ICC[match[1]])
    if row["trust"] == "ok":
        assert_equal(ends(found), row)
    else:
        printed = tuple(row[["estimate", "lower", "upper"]].astype(float))
        assert ends(found) == pytest.approx(printed, abs=LMER)


def compare_f(data, row, match):
    found = estimate_icc(data, level=0.95)
    assert_equal(((found.rows if match[1] == "rows" else found.columns).statistic,), row)


def compare_ccc(data, row, match):
    scale = "asymptotic" if match[1] else "fisher"
    found = estimate_concordance(*data.T, level=0.95, scale=scale)
    assert_equal(ends(found.ccc), row)
    if "loc shift" in row["note"]:
        printed = [float(v) for v in re.findall(r"\d+\.\d+", row["note"])]
        shifts = [1 / found.scale_shift, abs(found.location_shift), found.accuracy]
        assert shifts == pytest.approx(printed, abs=1e-6)


def compare_ccc_components(data, row, match):
    found = estimate_concordance_components(data, level=0.95)
    assert_equal(everything(found), row, rel=NLME)


def compare_ccc_u(data, row, match):
    found = estimate_concordance_u(*data.T, level=0.95, projection="cccrm")
    assert_equal(everything(found), row)


def compare_bias(data, row, match):
    assert_equal(everything(estimate_bias(*data.T, level=0.95)), row)


def compare_sd(data, row, match):
    assert_equal((estimate_sd_difference(*data.T, level=0.95).estimate,), row)


INTERVALS = {
    "approx CI (var=1/n+z2/(2(n-1)))": "approx",
    "BA1986 CI (SE=sqrt(3 s2/n))": "bland1986",
    "exact CI (Carkeet single, noncentral t)": "exact",
    "MOVER CI (Donner&Zou 2012)": "mover",
}


def compare_limit(data, row, match):
    interval = INTERVALS[match[2]]
    found = pick(estimate_limits(*data.T, level=0.95, interval=interval), match[1])
    tolerance = NONCENTRAL if interval == "exact" else CLOSED_FORM
    assert_equal(everything(found), row, rel=tolerance)


def compare_blandr(data, row, match):
    """Blandr takes 1.96 for the limit and the quantile for its standard error."""
    limits = estimate_limits(*data.T, level=0.95, coverage=ROUNDED)
    estimate = pick(limits, match[1]).estimate
    se = pick(estimate_limits(*data.T, level=0.95), match[1]).std_error
    margin = student.ppf(0.975, len(data) - 1) * se
    assert_equal((estimate, estimate - margin, estimate + margin, se), row)


def compare_simplyagree(data, row, match):
    """SimplyAgree prints the outer end of a one-sided 95 % interval."""
    if match[2] == "mover":
        # With the normal quantile of Zou, as for replicates; Donner and Zou take Student's.
        x, y = data.T[:, :, None]
        limits = estimate_repeated_limits(x, y, level=0.9, coverage=0.95).limits
    else:
        limits = estimate_limits(*data.T, level=0.9, coverage=0.95, interval="approx")
    assert_equal(outer(pick(limits, match[1]), match[1]), row)


def compare_regression(data, row, match):
    found = fit_proportional_bias(*data.T, level=0.95)
    assert_equal(everything(getattr(found, match[1])), row)
    if match[1] == "slope":
        assert found.p_value == pytest.approx(float(row["note"][2:]), abs=5e-7)


def compare_pitman(data, row, match):
    found = compare_variances(*data.T, level=0.95)
    assert_equal(ends(found.correlation), row)
    assert found.p_value == pytest.approx(float(row["note"][2:]), abs=5e-7)


def compare_within_sd(data, row, match):
    columns = data[:, :2] if match[1] == "wright" else data[:, 2:]
    found = float(np.sqrt(estimate_within_variance(columns)))
    assert_equal((found,), row)
    printed = float(re.search(r"sw = (\S+)", row["note"])[1])
    assert 1.96 * np.sqrt(2) * found == pytest.approx(printed, abs=5e-7)


def repeat(data, *, coverage=ROUNDED, level=0.95, interval="mover", linked=False):
    function = estimate_linked_limits if linked else estimate_repeated_limits
    return function(data[:, :3], data[:, 3:], level=level, coverage=coverage, interval=interval)


REPEATED = {
    "bias": lambda found: found.bias.estimate,
    "within-subject variance J": lambda found: found.variance_within_y,
    "within-subject variance S": lambda found: found.variance_within_x,
    "variance of difference between means": lambda found: found.variance_means,
    "corrected SD single difference": lambda found: found.sd_single,
    "LoA lower": lambda found: found.limits.low.estimate,
    "LoA upper": lambda found: found.limits.high.estimate,
}


def compare_repeated(data, row, match):
    assert_equal((REPEATED[match[1]](repeat(data)),), row)


def compare_repeated_bias(data, row, match):
    found = repeat(data, linked=match[1] == "nest")
    rel = CLOSED_FORM if match[1] == "reps" else LME4
    assert_equal(ends(found.bias), row, rel=rel)
    printed = float(row["note"].removeprefix("sd_delta="))
    assert found.sd_single == pytest.approx(printed, abs=5e-7)


def compare_repeated_limit(data, row, match):
    side, design, interval = match.groups()
    interval = "mover" if interval == "mover" else "bland1999"
    found = repeat(data, coverage=0.95, level=0.9, interval=interval, linked=design == "nest")
    limit = pick(found.limits, side)
    if design == "nest":
        assert_equal((limit.estimate,), row, rel=LME4)
    else:
        assert_equal(outer(limit, side), row)


IRRCAC = {
    "gwet.ac1": "gwet",
    "fleiss.kappa": "fleiss",
    "conger.kappa": "conger",
    "bp.coeff": "brennan_prediger",
    "krippen.alpha": "krippendorff",
    "pa.coeff": "percent",
}


def compare_irrcac(data, row, match):
    found = estimate_categorical(data, coefficient=IRRCAC[match[1]], weights=match[2], level=0.95)
    c = found.coefficient
    assert c.estimate == pytest.approx(row["estimate"], abs=FIVE)
    assert c.std_error == pytest.approx(row["se"], abs=FIVE)
    assert (c.ci_low, c.ci_high) == pytest.approx((row["lower"], row["upper"]), abs=THREE)
    printed = [float(v) for v in re.search(r"pa=(\S+) pe=(\S+) p=(\S+)", row["note"]).groups()]
    assert (found.observed, found.expected) == pytest.approx(printed[:2], abs=FIVE)
    one_sided = student.sf(c.estimate / c.std_error, c.n - 1)
    assert one_sided == pytest.approx(printed[2], rel=1e-3, abs=1e-15)


COHEN = {"unweighted": "unweighted", "equal": "linear", "squared": "quadratic"}


def compare_cohen(data, row, match):
    assert_equal(everything(estimate_cohen(*data.T, level=0.95, weights=COHEN[match[1]])), row)


def compare_light(data, row, match):
    pairs = [(0, 1), (0, 2), (1, 2)]
    kappas = [estimate_cohen(data[:, i], data[:, j], level=0.95).estimate for i, j in pairs]
    assert_equal((float(np.mean(kappas)),), row)


def compare_alpha(data, row, match):
    metric = match[1]
    assert_equal((compute_krippendorff(data, metric=metric),), row)
    if row["part"] == "G" and "bootstrap" in row["note"]:
        rng = np.random.default_rng(1)
        found = estimate_krippendorff(data, metric=metric, level=0.95, rng=rng)
        assert_equal(everything(found), row)


def compare_alpha_resampled(data, row, match):
    rng = np.random.default_rng(1)
    found = estimate_krippendorff(data, metric=match[1], level=0.95, rng=rng)
    assert_equal((found.estimate,), row)
    assert everything(found)[1:] == pytest.approx(
        (row["lower"], row["upper"], row["se"]), abs=RESAMPLED
    )


RULES = [
    Rule(r"ICC\((1|1,k|A,1|A,k|C,1|C,k)\)", compare_icc, 69),
    Rule(r"F (rows|columns).*", compare_f, 6),
    Rule(r"Lin CCC( asymptotic CI)?", compare_ccc, 6),
    Rule(r"CCC variance components", compare_ccc_components, 2),
    Rule(r"CCC U-statistic", compare_ccc_u, 2),
    Rule(r"sd of differences", compare_sd, 3),
    Rule(r"LoA (lower|upper), (approx.*|BA1986.*|exact.*|MOVER.*)", compare_limit, 24),
    Rule(r"LoA (lower|upper), SimplyAgree (blandaltman|mover)", compare_simplyagree, 12),
    Rule(r"proportional bias (slope|intercept) \(d~mean\)", compare_regression, 6),
    Rule(r"Pitman-Morgan r\(sum,diff\)", compare_pitman, 3),
    Rule(r"within-subject SD (wright|mini)", compare_within_sd, 2),
    Rule(r"bias SimplyAgree (reps|nest) .*", compare_repeated_bias, 4),
    Rule(
        r"LoA (lower|upper) SimplyAgree (reps|nest) (blandaltman|mover)", compare_repeated_limit, 8
    ),
    Rule(r"(\S+) weights=(\w+)", compare_irrcac, 48),
    Rule(r"Cohen kappa (\w+)", compare_cohen, 10),
    Rule(r"Light kappa", compare_light, 1),
    Rule(r"Krippendorff alpha (\w+)", compare_alpha, 12),
    Rule(r"Krippendorff alpha (\w+) unit bootstrap.*", compare_alpha_resampled, 2),
]
SINGLE = [Rule(r"bias", compare_bias, 3), Rule(r"LoA (lower|upper)", compare_blandr, 6)]
REPLICATES = [Rule("(" + "|".join(REPEATED) + ")", compare_repeated, 7)]
REPLICATED = "BA1999 sbp J,S replicates"


def find_rows(table: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    table = table[table["statistic"].str.fullmatch(rule.pattern)]
    if rule in SINGLE:
        return table[table["dataset"] != REPLICATED]
    return table[table["dataset"] == REPLICATED] if rule in REPLICATES else table


@pytest.mark.parametrize("rule", [*RULES, *SINGLE, *REPLICATES], ids=lambda rule: rule.pattern)
# The capturing groups are for the rule; pandas warns of them.
@pytest.mark.filterwarnings("ignore:This pattern is interpreted")
def test_published_rows_are_reproduced(shared_reference: Path, rule: Rule) -> None:
    rows = find_rows(read_reference(shared_reference), rule)
    assert len(rows) == rule.rows
    for _, row in rows.iterrows():
        match = re.fullmatch(rule.pattern, row["statistic"])
        rule.compare(read_data(shared_reference, row["dataset"]), row, match)


def test_every_row_is_reproduced_or_accounted_for(shared_reference: Path) -> None:
    table = read_reference(shared_reference)
    patterns = [rule.pattern for rule in (*RULES, *SINGLE, *REPLICATES)]
    left = {
        name
        for name in table["statistic"]
        if not any(re.fullmatch(pattern, name) for pattern in patterns)
    }
    assert left <= set(LEFT_OUT)
